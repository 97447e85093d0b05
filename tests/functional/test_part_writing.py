"""Writing at the address of one Canvas or Range: a patch over its item, which survives scans, new pages, a move and the way by a file."""

import json
import subprocess

import pytest

from functional.conftest import picture
from functional.test_writing import PATCH, document, send
from support.server import wait_indexed, wait_until
from support.users import PASSWORD, basic

LABEL = {"label": {"none": None, "en": ["The fox"]}}  # in place of the one that the file name gives
FOX = {"en": ["The fox"]}


@pytest.fixture
def shelf(program, folder):
    (folder / "item-000" / "info.yml").write_text("label: Zero\nranges:\n  - label: Start\n    pages: 1\n  - label: End\n    items: [p2]\n")
    made = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def served(start, shelf):
    return start(shelf, state=False)


def tag_of(client, address):
    return client.get(address).header("ETag")


def labels(client, item="item-000"):
    return [canvas["label"] for canvas in client.get(f"/iiif/{item}/manifest").json()["items"]]


def test_a_canvas(served, shelf):
    client = served.client()
    address = "/iiif/canvas/item-000~p1"
    assert client.request("PATCH", address, {"Content-Type": PATCH}, b"{}").status == 401
    assert send(client, "PATCH", address, LABEL, PATCH).status == 428
    assert send(client, "PATCH", address, LABEL, PATCH, If_Match='"r1-x"').status == 412
    tag = tag_of(client, address)
    dry = send(client, "PATCH", address + "?dry-run=true", LABEL, PATCH, If_Match=tag)
    assert dry.status == 200 and dry.json() == {"dryRun": True, "created": False}
    assert labels(client)[0] == {"none": ["p1"]}
    patch = {**LABEL, "summary": {"en": ["Seen <b>at</b> dawn<script>x</script>"]}, "navDate": "1850-01-01T00:00:00Z", "behavior": ["facing-pages"]}
    done = send(client, "PATCH", address + "?reason=seen", patch, PATCH, If_Match=tag)
    assert done.status == 200, done.body
    assert done.json()["id"] == client.base + address and done.json()["label"] == FOX
    for canvas in (client.get(address).json(), client.get("/iiif/item-000/manifest").json()["items"][0]):
        assert canvas["label"] == FOX and canvas["navDate"] == patch["navDate"] and canvas["behavior"] == ["facing-pages"]
        assert "script" not in json.dumps(canvas["summary"]) and canvas["items"][0]["items"][0]["body"]["type"] == "Image"
    assert client.get("/iiif/presentation/2/item-000/manifest").json()["sequences"][0]["canvases"][0]["label"] == {"@value": "The fox", "@language": "en"}
    assert "The fox" in client.get("/item/item-000").text
    assert tag_of(client, address) != tag
    assert send(client, "PATCH", address, LABEL, PATCH, If_Match=tag).status == 412
    # One revision for the item and all that stands in it.
    again = send(client, "PATCH", "/iiif/canvas/item-000~p2", {"label": {"none": None, "en": ["The hare"]}}, PATCH, If_Match=done.header("ETag"))
    assert again.status == 200, again.body
    assert send(client, "PATCH", address, {"summary": None}, PATCH, If_Match=client.get("/iiif/item-000/manifest").header("ETag")).status == 200
    assert "summary" not in client.get(address).json()
    versions = client.get("/iiif/item-000/manifest/history", basic("ada")).json()["versions"]
    assert [(version["method"], version["why"]) for version in versions] == [("PATCH", "seen"), ("PATCH", ""), ("PATCH", "")]
    # A page that is new, and a scan, leave it.
    picture(shelf / "item-000" / "p3.png")
    wait_until(lambda: len(labels(client)) == 3, 20)
    assert labels(client) == [{"en": ["The fox"]}, {"en": ["The hare"]}, {"none": ["p3"]}]
    (shelf / "item-000").rename(shelf / "moved")
    wait_until(lambda: client.get("/iiif/moved/manifest").status == 200 and labels(client, "moved")[0] == {"en": ["The fox"]}, 20)
    assert client.get("/iiif/canvas/moved~p2").json()["label"] == {"en": ["The hare"]}
    # Taken back with all that was written.
    assert send(client, "DELETE", "/iiif/moved/manifest", If_Match="*").status == 200
    assert labels(client, "moved") == [{"none": ["p1"]}, {"none": ["p2"]}, {"none": ["p3"]}]


def test_a_range(served):
    client = served.client()
    address = "/iiif/range/item-000=r2"
    found = client.get(address).json()
    assert found["label"] == {"none": ["End"]}, found
    done = send(client, "PATCH", address, {"label": {"none": None, "en": ["The end"]}, "summary": {"en": ["Of it"]}}, PATCH, If_Match=tag_of(client, address))
    assert done.status == 200, done.body
    assert client.get(address).json()["label"] == {"en": ["The end"]} and client.get(address).json()["items"] == found["items"]
    inside = client.get("/iiif/item-000/manifest").json()["structures"]
    assert "The end" in json.dumps(inside) and "Start" in json.dumps(inside)
    assert "@parts" not in client.get("/iiif/item-000/manifest").text
    assert send(client, "PATCH", "/iiif/range/item-000=r9", LABEL, PATCH, If_Match="*").status == 404


def test_in_a_document_that_was_put_in(served):
    client = served.client()
    book = document("book.json")
    assert send(client, "PUT", "/iiif/new/manifest", book).status == 201
    manifest = client.get("/iiif/new/manifest").json()
    address = client.path_of(manifest["items"][1]["id"])
    done = send(client, "PATCH", address, LABEL, PATCH, If_Match=tag_of(client, address))
    assert done.status == 200, done.body
    now = client.get("/iiif/new/manifest").json()
    assert now["items"][1] == {**manifest["items"][1], "label": FOX} and now["items"][0] == manifest["items"][0]
    assert client.get(address).json()["label"] == FOX
    if manifest.get("structures"):
        ranged = client.path_of(manifest["structures"][0]["id"])
        assert send(client, "PATCH", ranged, LABEL, PATCH, If_Match="*").status == 200
        assert client.get("/iiif/new/manifest").json()["structures"][0]["label"]["en"] == ["The fox"]


@pytest.mark.parametrize("patch", [{"id": "https://a.example/"}, {"type": "Range"}, {"items": []}, {"width": 1}, {"annotations": []}, {"label": 7}, {"label": {"en": "x"}, "height": 2}, [], "x", {"metadata": 7}, {"@parts": {}}])
def test_what_cannot_be_changed(served, patch):
    client = served.client()
    answer = send(client, "PATCH", "/iiif/canvas/item-000~p1", patch, PATCH, If_Match="*")
    assert answer.status == 400, answer.body
    assert labels(client)[0] == {"none": ["p1"]}


def test_parts_are_no_property_of_an_item(served):
    client = served.client()
    patch = {"@parts": {"/iiif/canvas/item-000~p1": LABEL}}
    assert send(client, "PATCH", "/iiif/item-000/manifest", patch, PATCH, If_Match="*").status == 400
    for address in ("/iiif/canvas/none~p1", "/iiif/canvas/item-000~p1=placeholder", "/iiif/range/none=r1"):
        assert send(client, "PATCH", address, LABEL, PATCH, If_Match="*").status == 404, address


def test_by_a_file(start, shelf):
    client = start(shelf, "--write-back", state=False).client()
    file = shelf / "item-000" / "written.yml"
    for number, name in ((1, "The fox"), (2, "The hare")):
        assert send(client, "PATCH", f"/iiif/canvas/item-000~p{number}", {"label": {"none": None, "en": [name]}}, PATCH, If_Match="*").status == 200
    wait_until(lambda: file.exists() and "The hare" in file.read_text(), 10)
    assert "/iiif/canvas/item-000~p1" in file.read_text() and "The fox" in file.read_text()
    file.write_text(file.read_text().replace("The fox", "The wolf"))
    wait_until(lambda: labels(client)[:2] == [{"en": ["The wolf"]}, {"en": ["The hare"]}], 10)
    file.write_text(file.read_text().replace("- The wolf", "- <i>The</i> cat"))
    wait_until(lambda: labels(client)[0] != {"en": ["The wolf"]}, 10)
    file.unlink()
    wait_until(lambda: labels(client)[:2] == [{"none": ["p1"]}, {"none": ["p2"]}], 10)


def test_after_the_state_was_lost(start, shelf, tmp_path):
    first = start(shelf, "--write-back", state=False)
    assert send(first.client(), "PATCH", "/iiif/canvas/item-000~p1", LABEL, PATCH, If_Match="*").status == 200
    wait_until((shelf / "item-000" / "written.yml").exists, 10)
    assert first.stop() == 0
    client = start(shelf, "--write-back", state=tmp_path / "other").client()
    wait_indexed(client)
    wait_until(lambda: labels(client)[0] == FOX, 10)
