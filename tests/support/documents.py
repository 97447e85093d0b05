"""The documents that suites put in: those of fixtures/documents, which are ours, and the recipes of github.com/IIIF/cookbook-recipes and the examples of Presentation 4 in
github.com/IIIF/api, which carry no licence to pass them on and are read from a clone beside the repository, or where COOKBOOK and IIIF_API say."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .server import ROOT
from .users import basic


def clone(variable: str, name: str, below: str) -> Path | None:
    for place in (os.environ.get(variable), ROOT.parent / name):
        if place and (Path(place) / below).is_dir():
            return Path(place) / below
    return None


OURS = sorted((ROOT / "tests" / "fixtures" / "documents").glob("*.json"))
COOKBOOK = clone("COOKBOOK", "cookbook-recipes", "recipe")
EXAMPLES = clone("IIIF_API", "api", "source/presentation/4.0/example")
RECIPES = sorted(file for file in COOKBOOK.rglob("*.json") if "0000_template" not in str(file)) if COOKBOOK else []
FOURS = sorted(EXAMPLES.glob("*.json")) if EXAMPLES else []


def put(client, document: dict, name: str) -> str:
    """Puts it in under a name of its own; gives its address."""
    kind = "collection" if document.get("type", document.get("@type", "")).endswith("Collection") else "manifest"
    address = f"/iiif/{name}/{kind}"
    headers = basic("ada", **{"Content-Type": "application/json"})
    there = client.get(address)
    if there.status == 200:
        headers["If-Match"] = there.header("ETag")
    answer = client.request("PUT", address, headers, json.dumps(document).encode())
    assert answer.status in (200, 201), answer.body.decode()
    return address


def is_item(document: dict) -> bool:
    return document.get("type", document.get("@type")) in ("Manifest", "Collection", "sc:Manifest", "sc:Collection")


def name_of(file: Path) -> str:
    return f"{file.parent.name}-{file.stem}"
