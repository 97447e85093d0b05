"""Writing Manifests and Collections at their addresses: who may, under which conditions, what is kept, and what a look at the folder leaves of it."""

import json
import subprocess
from urllib.parse import quote

import pytest

from support.server import ROOT, wait_until
from support.users import PASSWORD, basic

DOCUMENTS = ROOT / "tests" / "fixtures" / "documents"
JSON = "application/json"
PATCH = "application/merge-patch+json"


@pytest.fixture
def served(start, program, folder):
    """The server of the folder, with an editor and a reader, and a way to write."""
    for name in ("ada:editor", "rita:reader"):
        user, role = name.split(":")
        made = subprocess.run([program, "user", "add", user, "--role", role, "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60)
        assert made.returncode == 0, made.stderr
    return start(folder, state=False)


def send(client, method: str, address: str, content: object = None, kind: str = JSON, who: str = "ada", **headers: str):
    body = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.request(method, address, basic(who, **({"Content-Type": kind} if body else {}), **named), body)


def document(name: str) -> dict:
    return json.loads((DOCUMENTS / name).read_text())


def test_nobody_writes_without_permission(start, folder, served):
    client = served.client()
    anonymous = client.request("PUT", "/iiif/new/manifest", {"Content-Type": JSON}, b"{}")
    assert anonymous.status == 401 and anonymous.header("WWW-Authenticate")
    assert send(client, "PUT", "/iiif/new/manifest", document("book.json"), who="rita").status == 403
    assert client.get("/iiif/new/manifest").status == 404


@pytest.mark.parametrize("users", [False, True])
def test_documents_are_asked_for_anew_where_people_write(start, folder, request, users):
    """An editor reads what it has just saved; where nobody writes a browser may keep a document for a minute."""
    client = (request.getfixturevalue("served") if users else start(folder, state=False)).client()
    for address in ("/iiif/collection", "/iiif/item-000/manifest", "/iiif/presentation/2/item-000/manifest", "/iiif/canvas/item-000~p1"):
        answer = client.get(address)
        assert answer.status == 200 and answer.header("Cache-Control") == ("public, no-cache" if users else "public, max-age=60"), address
        assert client.get(address, {"If-None-Match": answer.header("ETag")}).status == 304


def test_create_read_change_and_delete(served):
    client = served.client()
    made = send(client, "PUT", "/iiif/new/manifest", document("book.json"), If_None_Match="*")
    assert made.status == 201, made.body
    assert made.header("Location") == f"{client.base}/iiif/new/manifest"
    assert send(client, "PUT", "/iiif/new/manifest", document("book.json"), If_None_Match="*").status == 412
    read = client.get("/iiif/new/manifest")
    assert read.json()["label"] == {"de": ["Ein Buch"], "en": ["A book"]}
    assert "/iiif/new/manifest" in json.dumps(client.get("/iiif/collection").json())

    assert send(client, "PATCH", "/iiif/new/manifest", {"label": {"en": ["Other"]}}, PATCH).status == 428
    assert send(client, "PATCH", "/iiif/new/manifest", {"label": {"en": ["Other"]}}, PATCH, If_Match='"r1-x"').status == 412
    changed = send(client, "PATCH", "/iiif/new/manifest", {"label": {"en": ["Other"]}, "summary": None}, PATCH, If_Match="W/" + read.header("ETag").rstrip('"') + '-gzip"')
    assert changed.status == 200, changed.body
    now = client.get("/iiif/new/manifest").json()
    assert now["label"] == {"de": ["Ein Buch"], "en": ["Other"]} and "summary" not in now
    assert [canvas["id"] for canvas in now["items"]] == [canvas["id"] for canvas in read.json()["items"]]
    assert client.get("/iiif/presentation/2/new/manifest").json()["label"][1]["@value"] == "Other"

    assert send(client, "DELETE", "/iiif/new/manifest", If_Match=changed.header("ETag")).status == 204
    assert client.get("/iiif/new/manifest").status == 410
    assert "/iiif/new/manifest" not in json.dumps(client.get("/iiif/collection").json())
    assert client.get(client.path_of(now["items"][0]["id"])).status in (404, 410)


def test_old_ids_answer(served):
    client = served.client()
    assert send(client, "PUT", "/iiif/new/manifest", document("book.json")).status == 201
    for outside, kind in (("https://example.org/book/manifest", "manifest"), ("https://example.org/book/canvas/2", "canvas")):
        spelled = outside.replace(":", "%3A").replace("/", "%2F")
        address = f"/iiif/{spelled}/manifest" if kind == "manifest" else f"/iiif/canvas/{spelled}"
        answer = client.get(address)
        assert answer.status == 200 and answer.json()["type"] == kind.capitalize(), address


def test_members_that_are_here_are_ours(served):
    client = served.client()
    assert send(client, "PUT", "/iiif/new/manifest", document("book.json")).status == 201
    shelf = document("shelf.json")
    shelf["items"].append({"id": "https://example.org/book/manifest", "type": "Manifest", "label": {"en": ["The book"]}})
    made = send(client, "POST", "/iiif/collection", shelf, Slug="My shelf!")
    assert made.status == 201 and made.header("Location") == f"{client.base}/iiif/My-shelf/collection"
    assert client.get("/iiif/My-shelf/collection").json()["items"][2]["id"] == f"{client.base}/iiif/new/manifest"
    again = send(client, "POST", "/iiif/My-shelf/collection", document("concert.json"), Slug="new")
    assert again.header("Location") == f"{client.base}/iiif/My-shelf~new/manifest"
    send(client, "DELETE", "/iiif/new/manifest", If_Match="*")
    assert [item["label"]["en"][0] for item in client.get("/iiif/My-shelf/collection").json()["items"]][:2] == ["Somewhere else", "Another shelf"]
    assert f"{client.base}/iiif/new/manifest" not in json.dumps(client.get("/iiif/My-shelf/collection").json())


def test_an_edit_lies_over_the_files(served, folder):
    """A patch stays over what info.yml says, which may change below it, and DELETE brings the files' word back."""
    client = served.client()
    tag = client.get("/iiif/item-000/manifest").header("ETag")
    assert send(client, "PATCH", "/iiif/item-000/manifest", {"label": {"en": ["Edited"]}}, PATCH, If_Match=tag).status == 200
    (folder / "item-000" / "info.yml").write_text("label: From the file\nsummary: Also from the file\n")
    wait_until(lambda: "summary" in client.get("/iiif/item-000/manifest").json(), 15)
    document = client.get("/iiif/item-000/manifest").json()
    assert document["label"] == {"none": ["From the file"], "en": ["Edited"]} and document["summary"] == {"none": ["Also from the file"]}
    assert send(client, "DELETE", "/iiif/item-000/manifest", If_Match="*").status == 200
    assert client.get("/iiif/item-000/manifest").json()["label"] == {"none": ["From the file"]}
    nothing = send(client, "DELETE", "/iiif/item-000/manifest", If_Match="*")
    assert nothing.status == 409 and "files" in nothing.json()["detail"]


def test_a_whole_document_over_files_keeps_its_canvases(served, folder):
    """What an editor does: read, change, send all of it. The Canvases keep their ids and pictures; new pages of the folder come back when it is taken away."""
    client = served.client()
    read = client.get("/iiif/item-001/manifest")
    document = read.json()
    document["items"].reverse()
    document["label"] = {"en": ["Turned round"]}
    sent = send(client, "PUT", "/iiif/item-001/manifest", document, If_Match=read.header("ETag"))
    assert sent.status == 200, sent.body
    now = client.get("/iiif/item-001/manifest").json()
    assert [canvas["id"] for canvas in now["items"]] == [canvas["id"] for canvas in document["items"]]
    picture = now["items"][0]["items"][0]["items"][0]["body"]["service"][0]["id"]
    assert client.get(client.path_of(picture) + "/info.json").status == 200
    (folder / "item-001" / "info.yml").write_text("label: From the file\n")
    wait_until(lambda: client.get("/iiif/item-001/manifest").json()["label"] == {"en": ["Turned round"]}, 5)
    assert send(client, "DELETE", "/iiif/item-001/manifest", If_Match="*").status == 200
    back = client.get("/iiif/item-001/manifest").json()
    assert [canvas["id"] for canvas in back["items"]] == [canvas["id"] for canvas in read.json()["items"]]


def test_history_keeps_every_byte(served):
    client = served.client()
    first = json.dumps(document("old.json"), indent=7).encode()
    assert send(client, "PUT", "/iiif/new/manifest?reason=found%20in%20the%20attic", first).status == 201
    send(client, "PATCH", "/iiif/new/manifest", {"label": {"en": ["Other"]}}, PATCH, If_Match="*")
    send(client, "DELETE", "/iiif/new/manifest", If_Match="*")
    versions = send(client, "GET", "/iiif/new/manifest/history").json()["versions"]
    assert [(one["number"], one["method"], one["who"]) for one in versions] == [(1, "PUT", "ada"), (2, "PATCH", "ada"), (3, "DELETE", "ada")]
    assert versions[0]["why"] == "found in the attic"
    assert send(client, "GET", "/iiif/new/manifest/history/1").body == first
    later = send(client, "GET", "/iiif/new/manifest/history?after=1").json()
    assert [one["number"] for one in later["versions"]] == [2, 3] and "next" not in later
    assert send(client, "GET", "/iiif/collection/history").json() == {"versions": []}
    assert client.get("/iiif/new/manifest/history").status == 401
    assert send(client, "GET", "/iiif/new/manifest/history", who="rita").status == 403


def test_a_dry_run_changes_nothing(served):
    client = served.client()
    assert send(client, "PUT", "/iiif/new/manifest?dry-run=true", document("book.json")).json() == {"dryRun": True, "created": True}
    assert client.get("/iiif/new/manifest").status == 404
    broken = document("book.json")
    broken["items"][1].pop("width")
    refused = send(client, "PUT", "/iiif/new/manifest?dry-run=true", broken)
    assert refused.status == 400 and "items/1" in refused.json()["detail"]


@pytest.mark.parametrize("content, kind, status", [
    (b"{", JSON, 400),
    (b"[" * 100_000, JSON, 400),
    (b'{"type":"Manifest","label":' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"}", JSON, 400),
    (b'{"type":"Manifest"}', JSON, 400),
    (b'{"type":"Sofa"}', JSON, 400),
    (b'{"type":"Manifest","label":{"en":["x"]},"items":[]}', JSON, 400),
    (b"a,b", "text/csv", 415),
    (b" " * (49 << 20), JSON, 413),
])
def test_bad_documents_are_refused_with_a_sentence(served, content, kind, status):
    client = served.client()
    answer = send(client, "PUT", "/iiif/new/manifest", content, kind)
    assert answer.status == status and len(answer.json()["detail"]) > 10
    assert client.get("/iiif/new/manifest").status == 404


def test_hostile_html_is_cleaned(served):
    hostile = document("least.json")
    hostile["summary"] = {"en": ["<p onclick='x()'>a<script>alert(1)</script><a href='javascript:x()'>b</a></p>"]}
    client = served.client()
    assert send(client, "PUT", "/iiif/new/manifest", hostile).status == 201
    assert client.get("/iiif/new/manifest").json()["summary"] == {"en": ["<p>ab</p>"]}


@pytest.mark.parametrize("name", ["a=b", "collection", "%01", "x" * 1100])
def test_identifiers_that_cannot_be(served, name):
    assert send(served.client(), "PUT", f"/iiif/{name}/manifest", document("least.json")).status in (400, 404, 405, 414)


def test_what_was_written_survives_a_kill(start, served, folder):
    client = served.client()
    assert send(client, "PUT", "/iiif/new/manifest", document("book.json")).status == 201
    served.process.kill()
    served.process.wait(10)
    again = start(folder, state=False).client()
    assert again.get("/iiif/new/manifest").json()["label"]["en"] == ["A book"]
    assert f"{again.base}/iiif/new/manifest" in json.dumps(again.get("/iiif/collection").json())


def test_the_change_stream_tells_of_it(served):
    client = served.client()
    send(client, "PUT", "/iiif/new/manifest", document("book.json"))
    send(client, "PATCH", "/iiif/new/manifest", {"label": {"en": ["Other"]}}, PATCH, If_Match="*")
    send(client, "DELETE", "/iiif/new/manifest", If_Match="*")
    last = client.get(client.path_of(client.get("/iiif/discovery/1/collection").json()["last"]["id"])).json()
    told = [item["type"] for item in last["orderedItems"] if item["object"]["id"].endswith("/new/manifest")]
    assert told == ["Create", "Update", "Delete"]


def test_the_page_says_where_a_foreign_picture_is(served):
    client = served.client()
    assert send(client, "PUT", "/iiif/new/manifest", document("book.json")).status == 201
    page = client.get("/item/new", {"Accept": "text/html", "Accept-Language": "en"}).body.decode()
    assert "This picture is kept at example.org." in page
    assert "https://example.org/pictures" not in page  # nothing is fetched from there


@pytest.mark.parametrize("kind", ["Composite", "List", "Independents", "Choice"])
def test_a_body_without_inside_stops_nothing(served, kind):
    client = served.client()
    odd = document("book.json")
    odd["items"][1]["items"][0]["items"][0]["body"] = {"type": kind}
    assert send(client, "PUT", "/iiif/odd/manifest", odd).status in (201, 400)
    assert send(client, "PUT", "/iiif/new/manifest", document("book.json")).status == 201


@pytest.mark.parametrize("patch", [
    {"summary": "<img src=x onerror=alert(1)>"}, {"summary": {"en": "<script>alert(1)</script>"}},
    {"metadata": [{"label": {"en": ["x"]}, "value": "<p>a<script>alert(1)</script></p>"}]}, {"metadata": {"label": "x", "value": "<script>alert(1)</script>"}},
    {"metadata": {"Creator": "<script>alert(1)</script>"}}, {"requiredStatement": "<script>alert(1)</script>"},
    {"requiredStatement": {"label": "x", "value": {"en": ["<p onclick='x()'>a</p>"]}}}])
@pytest.mark.parametrize("item", ["new", "item-000"])
def test_no_script_comes_in_by_a_patch(served, item, patch):
    client = served.client()
    assert send(client, "PUT", "/iiif/new/manifest", document("book.json")).status == 201
    assert send(client, "PATCH", f"/iiif/{item}/manifest", patch, PATCH, If_Match="*").status in (200, 400)
    for version in (2, 3, 4):
        text = client.get(f"/iiif/presentation/{version}/{item}/manifest").body.decode()
        assert "alert" not in text and "onclick" not in text and "onerror" not in text


def test_deep_patches_are_refused(served):
    client = served.client()
    deep: object = "x"
    for _ in range(60):
        deep = [deep]
    assert send(client, "PATCH", "/iiif/item-000/manifest", {"x": deep}, PATCH, If_Match="*").status == 400
    assert client.get("/iiif/item-000/manifest").status == 200


def test_patches_lie_one_over_the_other(served, folder):
    client = served.client()
    (folder / "item-000" / "info.yml").write_text("summary: {en: Old}\n")
    wait_until(lambda: client.get("/iiif/item-000/manifest").json().get("summary") == {"en": ["Old"]}, 15)
    for patch in ({"summary": None}, {"summary": {"de": ["Neu"]}}):
        assert send(client, "PATCH", "/iiif/item-000/manifest", patch, PATCH, If_Match="*").status == 200
    (folder / "item-000" / "info.yml").write_text("summary: {en: Old}\nlabel: Named\n")
    wait_until(lambda: client.get("/iiif/item-000/manifest").json()["label"] == {"none": ["Named"]}, 15)
    assert client.get("/iiif/item-000/manifest").json()["summary"] == {"de": ["Neu"]}


def test_a_patch_takes_a_language_away(served):
    client = served.client()
    send(client, "PUT", "/iiif/new/manifest", document("book.json"))
    assert send(client, "PATCH", "/iiif/new/manifest", {"label": {"de": None}}, PATCH, If_Match="*").status == 200
    assert client.get("/iiif/new/manifest").json()["label"] == {"en": ["A book"]}


def test_a_change_leaves_an_item_in_its_collection(served, folder):
    client = served.client()
    made = send(client, "POST", "/iiif/collection", document("shelf.json"), Slug="shelf")
    assert made.status == 201
    assert send(client, "POST", "/iiif/shelf/collection", document("book.json"), Slug="book").status == 201
    assert send(client, "PUT", "/iiif/shelf~book/manifest", document("book.json"), If_Match="*").status == 200
    assert [item["id"] for item in client.get("/iiif/shelf/collection").json()["items"]][-1] == f"{client.base}/iiif/shelf~book/manifest"
    (folder / "another.txt").write_text("so that the root is looked at again")
    assert f"{client.base}/iiif/shelf~book/manifest" not in json.dumps(client.get("/iiif/collection").json()["items"])


def put_over(client, item, change):
    """Writes a whole document over an item of files, which differs by `change` from what is there."""
    read = client.get(f"/iiif/{item}/manifest")
    document = read.json()
    change(document)
    sent = send(client, "PUT", f"/iiif/{item}/manifest", document, If_Match=read.header("ETag"))
    assert sent.status == 200, sent.body
    return client.get(f"/iiif/{item}/manifest").json()


def add_range(document):
    document["label"] = {"en": ["Written"]}
    first = document["items"][0]["id"]
    document["structures"] = [{"id": "https://elsewhere.example/r1", "type": "Range", "label": {"en": ["Part"]}, "items": [{"id": first, "type": "Canvas"}]}]


@pytest.mark.parametrize("whole", [True, False])
def test_what_was_written_follows_a_renamed_folder(served, folder, whole):
    """Statements, parts, old ids and the history go where the files go; the old addresses lead there."""
    client = served.client()
    if whole:
        was = put_over(client, "item-000", add_range)
    else:
        tag = client.get("/iiif/item-000/manifest").header("ETag")
        sent = send(client, "PATCH", "/iiif/item-000/manifest", {"label": {"en": ["Written"]}}, PATCH, If_Match=tag)
        assert sent.status == 200, sent.body
        was = sent.json()
    (folder / "item-000").rename(folder / "renamed")
    wait_until(lambda: client.get("/iiif/renamed/manifest").status == 200, 15)
    now = client.get("/iiif/renamed/manifest").json()
    assert now["label"]["en"] == ["Written"]
    assert [canvas["id"] for canvas in now["items"]] == [canvas["id"].replace("item-000", "renamed") for canvas in was["items"]]
    for canvas in now["items"]:
        assert client.get(client.path_of(canvas["id"])).status == 200
        service = canvas["items"][0]["items"][0]["body"]["service"][0]["id"]
        assert "renamed" in service and client.get(client.path_of(service) + "/info.json").status == 200
    if whole:
        part = now["structures"][0]
        assert client.get(client.path_of(part["id"])).json()["items"][0]["id"] == now["items"][0]["id"]
        before = client.get(client.path_of(was["structures"][0]["id"]))
        assert before.status == 200, "the id that the part had before the move"
        assert client.get("/iiif/range/" + quote("https://elsewhere.example/r1", safe="")).status == 200
    assert len(send(client, "GET", "/iiif/renamed/manifest/history").json()["versions"]) == 1
    assert send(client, "DELETE", "/iiif/renamed/manifest", If_Match="*").status == 200
    assert "en" not in client.get("/iiif/renamed/manifest").json()["label"], "the files' word lies below it still"


@pytest.mark.parametrize("hidden", [True, False])
def test_what_was_written_waits_for_files_that_went(served, folder, tmp_path, hidden):
    client = served.client()
    was = put_over(client, "item-001", add_range)
    note = folder / "item-001" / "info.yml"
    if hidden:
        note.write_text("publish: false\n")
    else:
        (folder / "item-001").rename(tmp_path / "away")
    wait_until(lambda: client.get("/iiif/item-001/manifest").status in (404, 410), 15)
    if hidden:
        note.unlink()
    else:
        (tmp_path / "away").rename(folder / "item-001")
    wait_until(lambda: client.get("/iiif/item-001/manifest").status == 200, 15)
    wait_until(lambda: client.get("/iiif/item-001/manifest").json() == was, 15)
    note.write_text("label: From the file\n")
    assert send(client, "DELETE", "/iiif/item-001/manifest", If_Match="*").status == 200
    wait_until(lambda: client.get("/iiif/item-001/manifest").json()["label"] == {"none": ["From the file"]}, 15)


def test_a_patch_says_everything_that_a_document_can(served, folder):
    """What has no place in info.yml, too: ids of this server become local, parts get ids of ours, null takes what is built away."""
    client = served.client()
    before = client.get("/iiif/item-000/manifest").json()
    second = before["items"][1]["id"]
    placeholder = {"id": "https://elsewhere.example/poster", "type": "Canvas", "width": 10, "height": 10, "items": [
        {"type": "AnnotationPage", "items": [{"type": "Annotation", "motivation": "painting", "target": "https://elsewhere.example/poster",
                                              "body": {"id": "https://elsewhere.example/poster.jpg", "type": "Image", "format": "image/jpeg"}}]}]}
    patch = {"start": {"id": second, "type": "Canvas"}, "placeholderCanvas": placeholder, "thumbnail": None}
    assert "thumbnail" in before
    sent = send(client, "PATCH", "/iiif/item-000/manifest", patch, PATCH, If_Match="*")
    assert sent.status == 200, sent.body
    now = client.get("/iiif/item-000/manifest").json()
    assert now["start"] == {"id": second, "type": "Canvas"} and "thumbnail" not in now
    poster = now["placeholderCanvas"]
    assert poster["id"].startswith(client.base + "/iiif/canvas/item-000=i")
    assert poster["items"][0]["items"][0]["target"] == poster["id"]
    for part in (poster, poster["items"][0], poster["items"][0]["items"][0]):
        assert client.get(client.path_of(part["id"])).json()["id"] == part["id"]
    assert client.get("/iiif/canvas/" + quote("https://elsewhere.example/poster", safe="")).status == 200, "the id under which it came"
    second_version = client.get("/iiif/presentation/2/item-000/manifest").json()
    assert second_version["sequences"][0]["startCanvas"] == second
    sent = send(client, "PATCH", "/iiif/item-000/manifest", {"start": None, "placeholderCanvas": None}, PATCH, If_Match="*")
    assert sent.status == 200 and "start" not in sent.json() and "placeholderCanvas" not in sent.json()
    (folder / "item-000" / "info.yml").write_text("summary: Later\n")
    wait_until(lambda: "summary" in client.get("/iiif/item-000/manifest").json(), 15)
    assert "thumbnail" not in client.get("/iiif/item-000/manifest").json(), "it lies over what the files say"


def test_a_patch_of_a_whole_document_is_adopted_too(served):
    client = served.client()
    assert send(client, "PUT", "/iiif/new/manifest", document("old.json")).status == 201
    canvas = client.get("/iiif/new/manifest").json()["items"][0]["id"]
    sent = send(client, "PATCH", "/iiif/new/manifest", {"start": {"id": canvas, "type": "Canvas"}}, PATCH, If_Match="*")
    assert sent.json()["start"]["id"] == canvas
    other = client.get("/iiif/new/manifest", headers={"Host": f"localhost:{client.base.rsplit(':', 1)[1]}"})
    assert "127.0.0.1" not in json.dumps(other.json()["start"]), "no host is kept"
