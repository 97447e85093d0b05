"""manifest.json and collection.json in a folder: read by the same door as documents that are written, with the folder's own pictures in them and what info.yml says over them."""

import json
import os
import subprocess

import pytest

from functional.conftest import picture
from support.server import ROOT, wait_until
from support.users import PASSWORD, basic

DOCUMENTS = ROOT / "tests" / "fixtures" / "documents"


def document(name: str) -> dict:
    return json.loads((DOCUMENTS / name).read_text())


def canvas(number: int, body: dict | None = None, label: str | None = None, **more) -> dict:
    base = f"https://old.example/book/canvas/{number}"
    out = {"id": base, "type": "Canvas", "height": 400, "width": 600, **more}
    if label:
        out["label"] = {"none": [label]}
    paints = {"id": f"{base}/painting", "type": "Annotation", "motivation": "painting", "body": body, "target": base}
    out["items"] = [{"id": f"{base}/page", "type": "AnnotationPage", "items": [paints] if body else []}]
    return out


def manifest(*canvases: dict, **more) -> dict:
    context = "http://iiif.io/api/presentation/3/context.json"
    return {"@context": context, "id": "https://old.example/book/manifest", "type": "Manifest", "label": {"en": ["From the document"]}, "items": list(canvases), **more}


def elsewhere(name: str) -> dict:
    return {"id": f"https://old.example/pictures/{name}", "type": "Image", "format": "image/jpeg", "height": 400, "width": 600}


def service(name: str) -> dict:
    base = f"https://old.example/iiif/2/{name}"
    return {**elsewhere("x"), "id": f"{base}/full/max/0/default.jpg", "service": [{"@id": base, "@type": "ImageService2", "profile": "http://iiif.io/api/image/2/level1.json"}]}


def put(folder, content: object, name: str = "manifest.json") -> None:
    """As a careful program writes: whole, under another name first."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.new"
    unfinished.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    os.replace(unfinished, folder / name)


def body_of(found: dict) -> dict:
    return found["items"][0]["items"][0]["body"]


def read(client, address: str = "/iiif/book/manifest", version: int = 3) -> dict:
    answer = client.get(address.replace("/iiif/", f"/iiif/presentation/{version}/"))
    assert answer.status == 200, answer.body
    return answer.json()


def problems(client) -> list[dict]:
    return client.get("/status", {"Accept": "application/json"}).json()["problems"]


@pytest.mark.parametrize("name", ["book.json", "concert.json", "least.json", "old.json", "skull.json"])
def test_a_document_alone_is_an_item(start, tmp_path, name):
    put(tmp_path / "folder" / "book", document(name))
    client = start(tmp_path / "folder").client()
    assert client.get("/iiif/collection").json()["items"][0]["id"] == f"{client.base}/iiif/book/manifest"
    for version in (2, 3, 4):
        assert read(client, version=version)
    old = document(name)
    old_id = old.get("id") or old["@id"]
    answer = client.get("/iiif/" + old_id.replace(":", "%3A").replace("/", "%2F") + "/manifest")
    assert answer.status == 200 and answer.json()["items"] == read(client)["items"]
    assert (tmp_path / "folder" / "book" / "manifest.json").read_text() == json.dumps(old, indent=1)
    assert client.get("/item/book", {"Accept": "text/html"}).status == 200
    assert problems(client) == []


def test_it_says_what_the_same_document_says_when_it_is_put_in(start, program, tmp_path):
    """One model and one door: apart from ids, a document in a folder and one that was sent are published alike."""
    put(tmp_path / "folder" / "book", document("book.json"))
    made = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", str(tmp_path / "folder")], input=PASSWORD, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0
    client = start(tmp_path / "folder", state=False).client()
    sent = client.request("PUT", "/iiif/kooB/manifest", basic("ada", **{"Content-Type": "application/json"}), json.dumps(document("book.json")).encode())
    assert sent.status == 201, sent.body
    for version in (2, 3, 4):
        mine, theirs = (json.dumps(read(client, f"/iiif/{name}/manifest", version)) for name in ("book", "kooB"))
        assert mine.replace("/book/", "/kooB/").replace("/book=i", "/kooB=i") == theirs.replace("/book/", "/kooB/")


def test_pictures_of_the_folder_take_their_places(start, tmp_path):
    """By the name in a body's address, by the name in a service's, by the label; what is elsewhere stays there."""
    book = tmp_path / "folder" / "book"
    for name in ("p1", "p2", "p3"):
        picture(book / f"{name}.png", 60, 40)
    bodies = [canvas(1, elsewhere("p3.jpg")), canvas(2, elsewhere("cover.jpg"), "Cover"), canvas(3, service("box1%2Fp1.tif"), "Page 1"), canvas(4, None, "p2")]
    put(book, manifest(*bodies, thumbnail=[service("box1%2Fp1.tif")]))
    client = start(tmp_path / "folder").client()
    found = read(client)
    assert [one["id"].rsplit("/", 1)[1][:7] for one in found["items"]] == ["book~p3", "book=i" + found["items"][1]["id"].rsplit("=i", 1)[1][:1], "book~p1", "book~p2"]
    assert body_of(found["items"][1])["id"] == "https://old.example/pictures/cover.jpg"
    for place, name in ((0, "p3"), (2, "p1"), (3, "p2")):
        one = found["items"][place]
        assert (one["width"], one["height"]) == (600, 400) and body_of(one)["service"][0]["id"] == f"{client.base}/iiif/image/3/book~{name}"
        assert client.get(client.path_of(body_of(one)["id"])).status == 200
        assert one["thumbnail"][0]["service"][0]["id"] == f"{client.base}/iiif/image/3/book~{name}"
        assert one["items"][0]["items"][0]["target"] == one["id"]
        for version in (2, 3, 4):
            assert client.get(client.path_of(one["id"]).replace("/iiif/", f"/iiif/presentation/{version}/")).status in (200, 404)
    assert found["thumbnail"][0]["service"][0]["id"] == f"{client.base}/iiif/image/3/book~p1"
    assert found["items"][2]["label"] == {"none": ["Page 1"]}
    assert "old.example" not in json.dumps(found["items"][0]) and "@picture" not in json.dumps(found)
    for part in (one["id"], one["items"][0]["id"], one["items"][0]["items"][0]["id"]):
        assert client.get(client.path_of(part)).status == 200 and "@picture" not in client.get(client.path_of(part)).body.decode()
    assert client.get("/iiif/canvas/https%3A%2F%2Fold.example%2Fbook%2Fcanvas%2F3").json()["id"] == found["items"][2]["id"]
    assert problems(client) == []


def test_pictures_are_taken_by_order_when_counts_agree(start, tmp_path):
    book = tmp_path / "folder" / "book"
    for name in ("scan_a", "scan_b"):
        picture(book / f"{name}.png", 60, 40)
    put(book, manifest(canvas(1, elsewhere("1.jpg")), canvas(2, elsewhere("2.jpg"))))
    client = start(tmp_path / "folder").client()
    assert [body_of(one)["service"][0]["id"].rsplit("/", 1)[1] for one in read(client)["items"]] == ["book~scan_a", "book~scan_b"]
    picture(book / "scan_c.png", 60, 40)
    wait_until(lambda: len(read(client)["items"]) == 5, 15)  # now nothing says which is which
    found = read(client)["items"]
    assert [body_of(one)["id"] for one in found[:2]] == ["https://old.example/pictures/1.jpg", "https://old.example/pictures/2.jpg"]
    told = problems(client)
    assert len(told) == 1 and told[0]["path"] == "book/manifest.json" and "scan_a.png" in told[0]["reason"]


def test_info_yml_lies_over_the_document(start, tmp_path):
    """Property by property: info.yml, metadata.csv, the document, the name."""
    book = tmp_path / "folder" / "book"
    picture(book / "p1.png")
    put(book, manifest(canvas(1, elsewhere("p1.jpg"), "Said by the document"), summary={"en": ["Summary of the document"]}, rights="http://creativecommons.org/licenses/by/4.0/"))
    (book / "info.yml").write_text("label: {en: From info.yml}\nbehavior: paged\nranges: [{label: {en: Contents}, items: [{label: {en: One}, items: [p1.png]}]}]\n")
    (tmp_path / "folder" / "metadata.csv").write_text("path,label,creator\nbook,From the table,Ann Example\n")
    client = start(tmp_path / "folder").client()
    found = read(client)
    assert found["label"] == {"en": ["From info.yml"]} and found["summary"] == {"en": ["Summary of the document"]} and found["behavior"] == ["paged"]
    assert found["metadata"][0]["value"] == {"none": ["Ann Example"]} and found["rights"].endswith("/by/4.0/")
    assert found["items"][0]["label"] == {"none": ["Said by the document"]}
    assert found["structures"][0]["items"][0]["items"][0]["id"] == found["items"][0]["id"]
    assert client.get("/iiif/collection").json()["items"][0]["label"] == {"en": ["From info.yml"]}
    (book / "p1.yml").write_text("label: Said beside the picture\n")
    wait_until(lambda: read(client)["items"][0]["label"] == {"none": ["Said beside the picture"]}, 15)


def test_changes_are_read_again_and_what_is_broken_is_named(start, tmp_path):
    folder = tmp_path / "folder"
    picture(folder / "book" / "p1.png")
    picture(folder / "other" / "p1.png")
    put(folder / "book", manifest(canvas(1, elsewhere("p1.jpg"))))
    client = start(folder).client()
    assert read(client)["label"] == {"en": ["From the document"]}
    put(folder / "book", manifest(canvas(1, elsewhere("p1.jpg")), label={"en": ["Changed"]}))
    wait_until(lambda: read(client)["label"] == {"en": ["Changed"]}, 15)
    put(folder / "book", '{\n "type": "Manifest",\n "label": oops\n}')
    wait_until(lambda: read(client)["label"] == {"none": ["book"]}, 15)
    assert body_of(read(client)["items"][0])["service"][0]["id"].endswith("/book~p1")
    assert client.get("/iiif/other/manifest").status == 200
    told = problems(client)
    assert [(one["path"], one["where"]) for one in told] == [("book/manifest.json", "line 3")] and "JSON" in told[0]["reason"]
    put(folder / "book", manifest({"type": "Canvas", "id": "https://old.example/1", "items": []}, {"type": "Canvas", "id": "https://old.example/2", "items": []}))
    wait_until(lambda: "items/0" in problems(client)[0]["reason"], 15)
    (folder / "book" / "manifest.json").unlink()
    wait_until(lambda: problems(client) == [], 15)
    assert client.get("/iiif/https%3A%2F%2Fold.example%2Fbook%2Fmanifest/manifest").status == 404


def test_a_document_alone_goes_with_its_file(start, tmp_path):
    folder = tmp_path / "folder"
    picture(folder / "other" / "p1.png")
    put(folder / "book", document("least.json"))
    client = start(folder).client()
    assert client.get("/iiif/book/manifest").status == 200
    (folder / "book" / "manifest.json").unlink()
    wait_until(lambda: client.get("/iiif/book/manifest").status == 410, 15)
    put(folder / "book", document("least.json"))
    wait_until(lambda: client.get("/iiif/book/manifest").status == 200, 15)


def test_a_collection_of_others_holds_our_own(start, tmp_path):
    """Members that lie below the folder are ours, whatever they are called in the document; the others stay where they are."""
    shelf = tmp_path / "folder" / "shelf"
    put(shelf / "book", document("book.json"))
    picture(shelf / "loose" / "p1.png")
    listed = document("shelf.json")
    listed["items"].append({"id": "https://example.org/book/manifest", "type": "Manifest", "label": {"en": ["The book"]}})
    put(shelf, listed, "collection.json")
    client = start(tmp_path / "folder").client()
    found = read(client, "/iiif/shelf/collection")
    assert found["label"] == listed["label"]
    wait_until(lambda: len(read(client, "/iiif/shelf/collection")["items"]) == len(listed["items"]) + 1, 15)
    ids = [one["id"] for one in read(client, "/iiif/shelf/collection")["items"]]
    assert ids[-1].endswith("/shelf~loose/manifest") and ids[-2].endswith("/shelf~book/manifest") and ids[0] == listed["items"][0]["id"]
    assert client.get("/iiif/" + listed["id"].replace(":", "%3A").replace("/", "%2F") + "/collection").status == 200


def test_members_with_pictures_are_known_as_soon_as_they_are_read(start, tmp_path):
    """The ids of a member may be known later than its name: the list that names them follows."""
    shelf = tmp_path / "folder" / "shelf"
    for page in range(30):
        picture(shelf / "book" / f"p{page}.png")
    put(shelf / "book", manifest(*(canvas(page, elsewhere(f"p{page}.jpg")) for page in range(30))))
    context = "http://iiif.io/api/presentation/3/context.json"
    put(shelf, {"@context": context, "id": "https://old.example/shelf", "type": "Collection", "label": {"en": ["Shelf"]}, "items": [
        {"id": "https://old.example/book/manifest", "type": "Manifest", "label": {"en": ["Book"]}}]}, "collection.json")
    client = start(tmp_path / "folder").client()
    wait_until(lambda: [one["id"] for one in read(client, "/iiif/shelf/collection")["items"]] == [f"{client.base}/iiif/presentation/3/shelf~book/manifest"], 15)


def test_ids_belong_to_one_document(start, tmp_path):
    folder = tmp_path / "folder"
    put(folder / "a", document("least.json"))
    server = start(folder)
    client = server.client()
    put(folder / "b", document("least.json"))
    wait_until(lambda: client.get("/iiif/b/manifest").status == 200, 15)
    wait_until(lambda: problems(client) != [], 15)
    told = problems(client)
    assert [one["path"] for one in told] == ["b/manifest.json"] and "https://example.org/least/manifest" in told[0]["reason"]
    assert "/iiif/canvas/a=i" in client.get("/iiif/https%3A%2F%2Fexample.org%2Fleast%2Fmanifest/manifest").json()["items"][0]["id"]
    (folder / "a").rename(folder / "c")
    wait_until(lambda: client.get("/iiif/c/manifest").status == 200, 15)


def test_an_edit_lies_over_a_document(start, program, tmp_path):
    book = tmp_path / "folder" / "book"
    picture(book / "p1.png")
    put(book, manifest(canvas(1, elsewhere("p1.jpg"))))
    subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", str(tmp_path / "folder")], input=PASSWORD, check=True, capture_output=True, text=True, timeout=60)
    client = start(tmp_path / "folder", state=False).client()
    headers = basic("ada", **{"Content-Type": "application/merge-patch+json", "If-Match": "*"})
    assert client.request("PATCH", "/iiif/book/manifest", headers, b'{"summary": {"en": ["Written"]}}').status == 200
    put(book, manifest(canvas(1, elsewhere("p1.jpg")), label={"en": ["Changed"]}))
    wait_until(lambda: read(client)["label"] == {"en": ["Changed"]}, 15)
    assert read(client)["summary"] == {"en": ["Written"]} and body_of(read(client)["items"][0])["service"][0]["id"].endswith("book~p1")


def test_marks_of_ours_in_a_document_mean_nothing(start, tmp_path):
    picture(tmp_path / "folder" / "secret" / "p1.png")
    body = {**elsewhere("cover.jpg"), "@picture": "secret~p1"}
    put(tmp_path / "folder" / "book", manifest(canvas(1, body, thumbnail=[{**body, "@thumbnail": True}])))
    client = start(tmp_path / "folder").client()
    assert "@picture" not in json.dumps(read(client)) and "secret" not in json.dumps(read(client)["items"])
