"""Presentation API 4.0 (draft, IIIF/api 28a88829): the documents of the same items in the shapes of 4. Checked by a walk of our own, beside the official schema."""

import re

import pytest

from support.client import Client
from support.crawl import crawl3, crawl4

CONTEXT = "http://iiif.io/api/presentation/4/context.json"
PROFILE = f'application/ld+json;profile="{CONTEXT}"'
CONTAINERS = {"Canvas", "Timeline", "Scene"}


@pytest.fixture(scope="module")
def documents(client) -> dict[str, dict]:
    return crawl4(client, missing=[])


def objects(value: object, key: str = "", parent: dict | None = None):
    """Every object of a document with the key that it stands under and what it stands in."""
    if isinstance(value, dict):
        yield key, value, parent
        for name, inside in value.items():
            if name not in ("navPlace", "service", "services"):
                yield from objects(inside, name, value)
    elif isinstance(value, list):
        for inside in value:
            yield from objects(inside, key, parent)


def complaints(document: dict) -> list[tuple[str, str]]:
    found = []

    def complain(number: str, sentence: str) -> None:
        found.append((number, sentence))

    contexts = document["@context"] if isinstance(document["@context"], list) else [document["@context"]]
    if contexts[-1] != CONTEXT or next(iter(document)) != "@context":
        complain("PRES4-001", f"context {contexts}")
    extents = {}
    ids: set[str] = set()
    for key, thing, parent in objects(document):
        kind = thing.get("type")
        if parent is not None and "@context" in thing:
            complain("PRES4-001", "a context inside")
        whole = kind in CONTAINERS and "items" in thing
        if whole:
            extents[thing["id"]] = thing
            if not re.match(r"https?://[^#]+$", thing["id"]):
                complain("PRES4-004", thing["id"])
            spatial, timed = "width" in thing and "height" in thing, "duration" in thing
            if (kind == "Canvas" and not spatial) or (kind == "Timeline" and (not timed or "width" in thing)) or (kind == "Scene" and "width" in thing):
                complain("PRES4-005", thing["id"])
        if kind == "Manifest" and parent is None and not (thing.get("label") and thing.get("items") and thing["items"][0].get("items") is not None):
            complain("PRES4-003", thing["id"])
        if kind == "SpecificResource":
            if not re.match(r"https?://", thing.get("id", "")) or thing["id"] in ids:
                complain("PRES4-012", str(thing.get("id")))
            ids.add(thing.get("id", ""))
            if set(thing["source"]) < {"id", "type"} or "#" in thing["source"]["id"]:
                complain("PRES4-011", str(thing["source"]))
        if kind == "Annotation":
            if not all(thing.get(name) for name in ("id", "type", "target", "motivation")) or not isinstance(thing["motivation"], list):
                complain("PRES4-009", str(thing.get("id")))
            if not isinstance(thing["target"], dict) or not isinstance(thing.get("body", {}), dict):
                complain("PRES4-010", thing["id"])
    for container in extents.values():
        for role, painting in (("items", True), ("annotations", False)):
            for page in container.get(role, []):
                for annotation in page.get("items", []):
                    if ("painting" in annotation["motivation"]) != painting:
                        complain("PRES4-014", annotation["id"])
                    body, target = annotation.get("body", {}), annotation["target"]["id"]
                    if painting and container["type"] == "Timeline" and body.get("type") in ("Image", "Video", "Canvas"):
                        complain("PRES4-006", annotation["id"])
                    if painting and "duration" in body and "duration" not in container:
                        complain("PRES4-007", annotation["id"])
                    box = re.search(r"#xywh=(\d+),(\d+),(\d+),(\d+)$", target)
                    if box and container["type"] == "Canvas":
                        x, y, width, height = map(int, box.groups())
                        if x + width > container["width"] or y + height > container["height"]:
                            complain("PRES4-013", target)
    return found


@pytest.mark.parametrize("requirement", [pytest.param(name, marks=pytest.mark.ids(name)) for name in (
    "PRES4-001", "PRES4-003", "PRES4-004", "PRES4-005", "PRES4-006", "PRES4-007", "PRES4-009", "PRES4-010", "PRES4-011", "PRES4-012", "PRES4-013", "PRES4-014")])
def test_documents(documents, requirement):
    assert len(documents) > 5
    assert [(address, sentence) for address, document in documents.items() for number, sentence in complaints(document) if number == requirement] == []


@pytest.mark.parametrize("number, change", [
    ("PRES4-001", lambda d: d.update({"@context": "http://iiif.io/api/presentation/3/context.json"})),
    ("PRES4-003", lambda d: d.update(items=[])),
    ("PRES4-004", lambda d: d["items"][0].update(id="http://host/canvas#1")),
    ("PRES4-005", lambda d: d["items"][0].pop("width")),
    ("PRES4-009", lambda d: d["items"][0]["items"][0]["items"][0].update(motivation="painting")),
    ("PRES4-010", lambda d: d["items"][0]["items"][0]["items"][0].update(target=["http://host"], motivation=["painting"])),
    ("PRES4-014", lambda d: d["items"][0]["items"][0]["items"][0].update(motivation=["commenting"])),
])
def test_the_walk_sees_a_broken_document(documents, number, change):
    import copy

    broken = copy.deepcopy(next(d for d in documents.values() if d["type"] == "Manifest" and d["items"] and d["items"][0]["items"]))
    change(broken)
    try:
        assert number in [name for name, _ in complaints(broken)]
    except (TypeError, KeyError):
        assert number == "PRES4-010"  # nothing can be read of it


@pytest.mark.ids("PRES4-002", "PRES3-020")
def test_media_types(client: Client):
    versioned = client.get("/iiif/presentation/4/collection")
    assert versioned.header("Content-Type") == PROFILE
    assert versioned.header("Access-Control-Allow-Origin") == "*"
    assert client.request("HEAD", "/iiif/presentation/4/collection").header("ETag") == versioned.header("ETag")
    neutral = client.get("/iiif/collection", {"Accept": PROFILE})
    assert neutral.header("Content-Type") == PROFILE and neutral.json()["@context"] == CONTEXT
    assert neutral.header("Content-Location").endswith("/iiif/presentation/4/collection") and "Accept" in neutral.header("Vary")
    assert client.get("/iiif/collection", {"Accept": "application/ld+json"}).header("Content-Type") != PROFILE


def test_ids_are_those_of_version_3(client: Client, documents):
    """Canvas, page and annotation have one id in all versions; the Manifest has one for each style of address."""
    three = {document["id"]: document for document in crawl3(client, missing=[]).values()}
    compared = 0
    for document in documents.values():
        if document["type"] != "Manifest":
            continue
        other = three[document["id"].replace("/presentation/4", "")]
        assert [canvas["id"] for canvas in document["items"]] == [canvas["id"] for canvas in other["items"]]
        assert [canvas.get("width") for canvas in document["items"]] == [canvas.get("width") for canvas in other["items"]]
        compared += 1
    assert compared > 3
