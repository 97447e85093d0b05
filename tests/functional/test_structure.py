"""What info.yml says of the way through an item: start, placeholder, parts of pages; names that stand in addresses."""

import pytest

from functional.conftest import picture
from support import walk2, walk3

INFO = """
start: p2.png
placeholderCanvas: cover.png
accompanyingCanvas: 3
requiredStatement: {label: Source, value: The Museum}
ranges:
  - label: A letter
    items: ["p2.png#xywh=10,10,20,20", "p2.png#xywh=10,10,900,20", p3.png]
"""


@pytest.fixture
def book(tmp_path):
    folder = tmp_path / "folder"
    for name in ("cover", "p2", "p3"):
        picture(folder / "book" / f"{name}.png", 60, 40)
    (folder / "book" / "info.yml").write_text(INFO)
    return folder


@pytest.mark.ids("PRES3-050", "PRES3-054", "PRES3-077", "PRES2-017")
def test_start_placeholder_and_parts(start, book):
    client = start(book).client()
    manifest = client.get("/iiif/book/manifest").json()
    assert walk3.complaints(manifest) == []
    ids = [canvas["id"] for canvas in manifest["items"]]
    assert manifest["start"] == {"id": ids[1], "type": "Canvas"}
    for name, picture_of in (("placeholderCanvas", "book~cover"), ("accompanyingCanvas", "book~p3")):
        canvas = manifest[name]
        assert canvas["type"] == "Canvas" and canvas["id"] not in ids and picture_of in canvas["items"][0]["items"][0]["body"]["id"]
        assert client.get(canvas["id"]).json()["id"] == canvas["id"]
        assert client.get(canvas["items"][0]["id"]).json()["items"][0]["target"] == canvas["id"]
    part, *whole = manifest["structures"][0]["items"]
    assert part["type"] == "SpecificResource" and part["source"] == {"id": ids[1], "type": "Canvas"} and part["selector"]["value"] == "xywh=10,10,20,20"
    assert whole == [{"id": ids[1], "type": "Canvas"}, {"id": ids[2], "type": "Canvas"}]

    two = client.get("/iiif/presentation/2/book/manifest").json()
    assert walk2.complaints(two) == []
    assert two["sequences"][0]["startCanvas"] == ids[1]
    assert two["attribution"] == "Source: The Museum"
    assert two["structures"][0]["canvases"][0] == ids[1] + "#xywh=10,10,20,20"


def test_a_range_is_known_before_the_index_is(start, book):
    client = start(book, indexed=False).client()
    answer = client.get("/iiif/range/book=r0")
    assert answer.status == 200 and answer.json()["type"] == "Range"
    assert client.get("/iiif/range/book=r9").status == 404


def test_items_that_are_named_like_addresses(tmp_path, start):
    folder = tmp_path / "folder"
    for name in ("canvas", "range", "image", "collection", "manifest"):
        picture(folder / name / "p1.png")
    client = start(folder).client()
    listed = client.get("/iiif/collection").json()["items"]
    assert len(listed) == 5
    for item in listed:
        document = client.get(item["id"]).json()
        assert document["type"] == "Manifest" and document["id"] == item["id"], item["id"]
        assert client.get(document["items"][0]["id"]).json()["type"] == "Canvas"
        assert client.get(document["homepage"][0]["id"]).status == 200


def test_the_status_page_in_german(tmp_path, start):
    folder = tmp_path / "folder"
    picture(folder / "book" / "p1.png")
    (folder / "book" / "p2.png").write_bytes(b"no picture")
    (folder / "info.yml").write_text("label: Das Archiv\n")
    client = start(folder).client()
    page = client.get("/status?lang=de", {"Accept": "text/html"}).text
    assert "Änderungen werden bemerkt" in page and "Der Inhalt ist nicht der eines Bildes." in page and "Changes are noticed" not in page
    assert "The content is not that of a picture." in client.get("/status?lang=en", {"Accept": "text/html"}).text
    client.get("/")
    missing = client.get("/item/nothing", {"Accept": "text/html"})
    assert missing.status == 404 and "Das Archiv" in missing.text
