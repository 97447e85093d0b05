"""A folder made for biiif is read as it is: linked Manifests, annotations, thumbnails."""

import pytest

from functional.conftest import picture
from support import walk2, walk3
from support.server import wait_until

COMMENT = "motivation: commenting\nvalue: A fox\nxywh: 1,2,3,4\n"


@pytest.fixture
def client(tmp_path, start):
    folder = tmp_path / "folder"
    book = folder / "lord" / "0-book"
    picture(book / "_page-1" / "page-1.png", 60, 40)
    picture(book / "_page-2" / "page-2.png", 50, 40)
    picture(book / "thumb.png", 20, 10)
    (book / "_page-1" / "info.yml").write_text("label: The first\n")
    (book / "_page-1" / "comment.yml").write_text(COMMENT)
    (book / "_page-1" / "painted.yml").write_text("value: page-1.png\n")
    (book / "_page-2" / "bad.yml").write_text("motivation: dancing\nvalue: x\n")
    (folder / "linked").mkdir()
    (folder / "linked" / "manifests.yml").write_text(
        "manifests:\n  - id: https://a.example/book1/index.json\n    label: Elsewhere\n    thumbnail: https://a.example/thumb.jpg\n"
        "  - id: https://a.example/book2/index.json\n")
    return start(folder).client()


def test_pages_and_thumbnail(client):
    manifest = client.get("/iiif/lord~0-book/manifest").json()
    assert [canvas["label"]["none"][0] for canvas in manifest["items"]] == ["The first", "_page-2"]
    assert manifest["thumbnail"][0]["id"].split("/image/3/")[1].startswith("lord~0-book~thumb/")


def test_an_annotation_of_a_canvas(client):
    manifest = client.get("/iiif/lord~0-book/manifest").json()
    assert walk3.complaints(manifest) == []
    canvas = manifest["items"][0]
    assert len(canvas["items"]) == 1 and len(canvas["annotations"]) == 1
    page = canvas["annotations"][0]
    note = page["items"][0]
    assert note["motivation"] == "commenting" and note["target"] == canvas["id"] + "#xywh=1,2,3,4"
    assert note["body"] == {"type": "TextualBody", "value": "A fox", "format": "text/plain"}
    assert client.get(page["id"]).json()["items"][0]["id"] == note["id"]
    assert client.get(note["id"]).json()["body"] == note["body"]
    assert client.get(note["id"][:-1] + "2").status == 404
    old = client.get("/iiif/presentation/2/lord~0-book/manifest").json()
    assert walk2.complaints(old) == []
    two = old["sequences"][0]["canvases"][0]
    listed = client.get(two["otherContent"][0]["@id"], {"Accept": 'application/ld+json;profile="http://iiif.io/api/presentation/2/context.json"'}).json()
    assert listed["@type"] == "sc:AnnotationList" and listed["resources"][0]["resource"]["chars"] == "A fox"
    assert any(problem["path"].endswith("bad.yml") for problem in client.get("/status", {"Accept": "application/json"}).json()["problems"])


def test_paintings_in_their_places(tmp_path, start):
    """biiif: a painting with xywh lies in that part of the Canvas, which is as large as info.yml or the largest picture says."""
    folder = tmp_path / "folder"
    canvas_folder = folder / "book" / "_page"
    picture(canvas_folder / "base.png", 60, 40)
    picture(canvas_folder / "inset.png", 20, 50)
    (canvas_folder / "info.yml").write_text("label: A page\nwidth: 100\n")
    (canvas_folder / "a.yml").write_text("motivation: painting\nvalue: inset.png\nlabel: Inset\nxywh: 10,5,20,30\n")
    (canvas_folder / "b.yml").write_text("value: Mr. Fox was here\nxywh: 0,0,50,10\n")
    (canvas_folder / "c.yml").write_text("value: missing.png\nxywh: 0,0,5,5\n")
    (canvas_folder / "d.yml").write_text("motivation: commenting\nvalue: A fox\n")
    client = start(folder).client()
    manifest = client.get("/iiif/book/manifest").json()
    assert walk3.complaints(manifest) == []
    canvas = manifest["items"][0]
    assert (canvas["width"], canvas["height"]) == (100, 50)
    base, inset, text = canvas["items"][0]["items"]
    assert base["target"] == canvas["id"] and "base" in base["body"]["id"]
    assert inset["target"] == canvas["id"] + "#xywh=10,5,20,30" and "inset" in inset["body"]["id"] and inset["body"]["width"] == 20
    assert text["body"]["value"] == "Mr. Fox was here" and text["target"].endswith("#xywh=0,0,50,10")
    for painting in (base, inset, text):
        assert painting["motivation"] == "painting"
        assert client.get(painting["id"]).json()["body"] == painting["body"]
    assert client.get(canvas["items"][0]["id"]).json()["items"] == canvas["items"][0]["items"]
    assert client.get(inset["body"]["id"]).status == 200
    assert canvas["annotations"][0]["items"][0]["body"]["value"] == "A fox"
    old = client.get("/iiif/presentation/2/book/manifest").json()
    assert walk2.complaints(old) == []
    two = old["sequences"][0]["canvases"][0]
    assert [image["on"] for image in two["images"]] == [canvas["id"], canvas["id"] + "#xywh=10,5,20,30"]
    listed = client.get(two["otherContent"][0]["@id"], {"Accept": 'application/ld+json;profile="http://iiif.io/api/presentation/2/context.json"'}).json()
    assert [resource["motivation"] for resource in listed["resources"]] == ["sc:painting", "oa:commenting"]
    problems = client.get("/status", {"Accept": "application/json"}).json()["problems"]
    assert [problem["path"].split("/")[-1] for problem in problems] == ["c.yml"]


def test_pages_show_manifests_of_others(client):
    page = client.get("/item/linked").text
    assert "Elsewhere" in page and "book2" in page and "at a.example" in page
    assert "https%3A%2F%2Fa.example%2Fbook1%2Findex.json" in page or 'href="https://a.example/book1/index.json"' in page
    assert "thumb.jpg" not in page, "a page of ours asks nobody else for anything"
    assert "2 works" in page


def test_a_folder_named_like_a_word_of_addresses(tmp_path, start):
    folder = tmp_path / "folder"
    picture(folder / "canvas" / "p1.png", 60, 40)
    client = start(folder).client()
    answer = client.get("/item/canvas")
    assert answer.status == 301 and answer.header("Location").endswith("/item/=63anvas")
    assert client.get("/item/=63anvas").status == 200
    assert client.get("/item/range").status == 404


def test_manifests_of_others(client):
    top = client.get("/iiif/collection").json()
    assert any(item["id"].endswith("/iiif/linked/collection") for item in top["items"])
    linked = client.get("/iiif/linked/collection").json()["items"]
    assert [item["id"] for item in linked] == ["https://a.example/book1/index.json", "https://a.example/book2/index.json"]
    assert [item["label"] for item in linked] == [{"none": ["Elsewhere"]}, {"none": ["book2"]}]
    assert linked[0]["type"] == "Manifest" and linked[0]["thumbnail"][0]["id"] == "https://a.example/thumb.jpg"
    two = client.get("/iiif/presentation/2/linked/collection").json()
    assert two["manifests"][0]["@id"] == linked[0]["id"]


def test_a_thumbnail_of_a_collection(tmp_path, start):
    folder = tmp_path / "folder"
    picture(folder / "shelf" / "book" / "p1.png", 60, 40)
    picture(folder / "shelf" / "thumb.png", 20, 10)
    client = start(folder).client()
    shelf = client.get("/iiif/shelf/collection").json()
    assert len(shelf["items"]) == 1 and "shelf~thumb" in shelf["thumbnail"][0]["id"]
    assert client.get(shelf["thumbnail"][0]["id"]).status == 200
    assert "shelf~thumb" in client.get("/iiif/collection").json()["items"][0]["thumbnail"][0]["id"]
    (folder / "shelf" / "thumb.png").unlink()
    wait_until(lambda: "shelf~book" in client.get("/iiif/shelf/collection").json()["thumbnail"][0]["id"], 3)
