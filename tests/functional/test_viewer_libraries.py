"""Documents that are put in load in the libraries that viewers are made of: Presentation 3 as it is, Presentation 2 through the upgrade of @iiif/parser, with as many parts as were put in."""

import json

import pytest

from support.documents import COOKBOOK, OURS, RECIPES, is_item, name_of, put
from support.node import install_node_packages, load
from support.roundtrip import rendered

ITEMS = [(file, document) for file in OURS + RECIPES if is_item(document := rendered(file, COOKBOOK.parent if file in RECIPES else file.parent))]


def painted(canvas: dict) -> int:
    return sum(len(page.get("items", [])) for page in canvas.get("items", []))


@pytest.mark.ids("PRES3-091")
@pytest.mark.parametrize("file, document", ITEMS, ids=[name_of(file) for file, _ in ITEMS])
def test_it_loads(writable, tmp_path, file, document):
    install_node_packages()
    address = put(writable, document, f"loads-{name_of(file)}")
    documents = {}
    for version in (2, 3):
        came = writable.get(address.replace("/iiif/", f"/iiif/presentation/{version}/")).json()
        documents[came.get("id", came.get("@id")) + f"#{version}"] = came
    two, three = (load({name: came}, tmp_path) for name, came in documents.items())
    canvases = document.get("items", []) if document.get("type") == "Manifest" else document["sequences"][0]["canvases"] if "sequences" in document else []
    assert two["Canvas"] == len(canvases)
    stands_for = sum(json.dumps(document).count(name) for name in ('"placeholderCanvas"', '"accompanyingCanvas"'))
    assert three["Canvas"] == len(canvases) + stands_for
    if document.get("type") == "Manifest" and not any(canvas["type"] == "Scene" for canvas in canvases):  # a Scene is a picture in version 3
        assert three["Annotation"] >= sum(painted(canvas) for canvas in canvases)
        assert three["Range"] >= len(document.get("structures", []))

