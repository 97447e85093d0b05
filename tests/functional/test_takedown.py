"""Taking down: gone from every address, list, stream, state, backup and file of the state, on both databases; under whatever name the file lies in FOLDER afterwards."""

import json
import os
import shutil
import subprocess
import tarfile

import pytest

from functional.conftest import fill, picture
from support.postgres import Postgres, programs
from support.server import wait_indexed, wait_until
from support.users import PASSWORD, basic

JSON = "application/json"
SECRET = "Utterly Confidential Bequest"


@pytest.fixture(scope="module")
def postgres():
    if programs() is None:
        yield None
        return
    made = Postgres()
    yield made
    made.close()


class Site:
    """A folder of three items of two pages, with users, on one of the databases; commands run with or without a server."""

    def __init__(self, kind, start, program, postgres, tmp_path, schema):
        self.kind, self.program, self.tmp_path = kind, program, tmp_path
        self.folder = fill(tmp_path / "folder", 3, 2)
        (self.folder / "item-001" / "info.yml").write_text(f"label: {SECRET}\nranges:\n  - label: First\n    items: [p1]\n")
        self.state = tmp_path / "state"
        self.database = ["--database", postgres.url(schema)] if kind == "postgresql" else []
        self.environment = {**os.environ, **({"ARMARIUM_DATABASE": postgres.url(schema)} if self.database else {})}
        self._start = start
        self.server = None

    def start(self):
        self.server = self._start(self.folder, *self.database, state=self.state)
        return self.server.client()

    def stop(self):
        assert self.server.stop() == 0, self.server.log_text()

    def run(self, *arguments, status=0, input=""):
        done = subprocess.run([self.program, *map(str, arguments)], input=input, text=True, capture_output=True, timeout=60, env=self.environment, cwd=self.tmp_path)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def takedown(self, *arguments, **more):
        return self.run("takedown", *arguments, "--state", self.state, "--folder", self.folder, **more)

    def user(self, name, role):
        self.run("user", "add", name, "--role", role, "--password-stdin", "--state", self.state, "--folder", self.folder, input=PASSWORD)

    def backup_text(self, name):
        self.run("backup", self.tmp_path / name, "--state", self.state, "--folder", self.folder)
        with tarfile.open(self.tmp_path / name) as tar:
            return b"\n".join(tar.extractfile(entry).read() for entry in tar if entry.isfile()).decode("utf-8", "replace")


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, start, program, postgres, tmp_path):
    if request.param == "postgresql" and postgres is None:
        pytest.skip("PostgreSQL is not installed")
    return Site(request.param, start, program, postgres, tmp_path, "t" + str(abs(hash(request.node.nodeid))))


def send(client, method, address, content=None, who="ada", kind=JSON, **headers):
    body = b"" if content is None else json.dumps(content).encode()
    return client.request(method, address, basic(who, **({"Content-Type": kind} if body else {}), **{k.replace("_", "-"): v for k, v in headers.items()}), body)


ADDRESSES = [
    "/item/{i}", "/iiif/{i}/manifest", "/iiif/presentation/2/{i}/manifest", "/iiif/presentation/3/{i}/manifest", "/iiif/presentation/4/{i}/manifest",
    "/iiif/canvas/{i}~p1", "/iiif/canvas/{i}~p2", "/iiif/page/{i}~p1", "/iiif/annotation/{i}~p1", "/iiif/range/{i}=r1",
    "/iiif/image/3/{i}~p1/info.json", "/iiif/image/2/{i}~p1/info.json", "/iiif/image/3/{i}~p1", "/iiif/image/3/{i}~p1/full/max/0/default.jpg",
    "/iiif/image/2/{i}~p1/full/full/0/default.jpg", "/iiif/image/3/{i}~p1/0,0,10,10/10,/0/default.jpg", "/iiif/image/3/{i}%2Fp1/info.json", "/media/{i}~p1/p1.png",
    "/media/{i}/pages.pdf", "/text/{i}.txt",
]


def is_withheld(client, address, reason=None):
    answer = client.get(address)
    assert answer.status == 451, (address, answer.status, answer.body[:300])
    assert SECRET.encode() not in answer.body
    if address.startswith("/iiif/"):
        assert answer.header("Content-Type") == "application/problem+json"
        detail = answer.json()["detail"]
        assert (reason in detail) if reason else "Reason" not in detail
    return True


def everywhere_withheld(client, item="item-001", reason=None, addresses=ADDRESSES):
    for address in addresses:
        is_withheld(client, address.format(i=item), reason)
    for address in ("/iiif/collection", "/iiif/presentation/2/collection", "/iiif/presentation/4/collection", "/", "/sitemap.xml"):
        answer = client.get(address)
        assert answer.status == 200 and item.encode() not in answer.body and SECRET.encode() not in answer.body, address


def stream_of(client):
    first = client.get("/iiif/discovery/1/collection")
    assert first.status == 200, first.body
    pages, address = [], first.json()["first"]["id"]
    while address:
        page = client.get(client.path_of(address)).json()
        pages.append(page)
        address = page.get("next", {}).get("id")
    return [activity for page in pages for activity in page["orderedItems"]]


@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
def test_an_item_is_gone_everywhere(site, running):
    client = site.start()
    for address in ADDRESSES:
        answer = client.get(address.format(i="item-001"))
        assert answer.status in (200, 303, 404), (address, answer.status)  # what there is; images and documents are kept in memory now
    old = client.get("/iiif/collection")
    if not running:
        site.stop()
    said = site.takedown("item-001", "--reason", "A court said so.")
    assert "1 item, 2 pictures" in said, said
    if not running:
        client = site.start()
    everywhere_withheld(client, reason="A court said so.")
    assert client.get("/iiif/collection", {"If-None-Match": old.header("ETag")}).status == 200
    assert client.get("/iiif/item-000/manifest").status == 200
    assert "item-001: since" in site.takedown("--list") and "A court said so." in site.takedown("--list")
    site.takedown("item-001", status=1)
    site.takedown("item-001~p1", status=1)
    assert "no item" in site.takedown("nothing", status=1)
    # The stream: what was said of it names nothing, and one Delete says that it went.
    said = stream_of(client)
    named = [activity for activity in said if "item-001" in json.dumps(activity)]
    assert [activity["type"] for activity in named] == ["Delete"], named
    assert SECRET not in json.dumps(said)
    assert said.index(named[0]) > 0
    # It stays so: after a scan, after a change of the folder, after a start.
    site.run("rescan", site.folder, "--state", site.state)
    picture(site.folder / "item-001" / "p3.png")
    picture(site.folder / "item-001" / "below" / "p1.png")
    wait_indexed(client)
    site.stop()
    client = site.start()
    everywhere_withheld(client, reason="A court said so.")
    for new in ("/iiif/item-001~p3/manifest", "/iiif/canvas/item-001~p3", "/iiif/item-001~below/manifest", "/item/item-001~below"):
        is_withheld(client, new, "A court said so." if new.startswith("/iiif") else None)
    # Nothing of it is in a backup, but its name.
    assert SECRET not in site.backup_text("after.tar")
    assert site.run("verify", site.tmp_path / "after.tar")
    # And back.
    site.takedown("--lift", "item-001")
    assert "Nothing is taken down" in site.takedown("--list")
    wait_until(lambda: client.get("/iiif/item-001/manifest").status == 200, 15)
    assert SECRET in json.dumps(client.get("/iiif/item-001/manifest").json())
    wait_until(lambda: b"/iiif/item-001/" in client.get("/iiif/collection").body, 15)
    assert len(client.get("/iiif/item-001/manifest").json()["items"]) == 3
    assert client.get("/media/item-001~p1/p1.png").status == 200


def test_a_page_is_gone_and_the_book_stays(site):
    picture(site.folder / "item-001" / "p1.png", 77, 50)
    client = site.start()
    before = client.get("/iiif/item-001/manifest")
    site.takedown(client.base + "/iiif/canvas/item-001~p1")
    for address in ("/iiif/canvas/item-001~p1", "/iiif/image/3/item-001~p1/info.json", "/iiif/image/3/item-001~p1/full/max/0/default.jpg", "/media/item-001~p1/p1.png", "/iiif/page/item-001~p1"):
        is_withheld(client, address)
    for version in ("", "presentation/2/", "presentation/3/", "presentation/4/"):
        answer = client.get(f"/iiif/{version}item-001/manifest", {"If-None-Match": before.header("ETag")})
        assert answer.status == 200 and b"item-001~p1" not in answer.body and b"item-001~p2" in answer.body
    assert b"item-001~p1" not in client.get("/item/item-001").body and b"item-001~p1" not in client.get("/iiif/collection").body
    (site.folder / "item-001" / "p1.png").touch()
    picture(site.folder / "item-001" / "p3.png")
    wait_until(lambda: len(client.get("/iiif/item-001/manifest").json()["items"]) == 2, 15)
    site.stop()
    # Renamed while nothing runs: it is the same file.
    (site.folder / "item-001" / "p1.png").rename(site.folder / "item-001" / "p9.png")
    client = site.start()
    assert [canvas["id"].rsplit("~", 1)[1] for canvas in client.get("/iiif/item-001/manifest").json()["items"]] == ["p2", "p3"]
    is_withheld(client, "/iiif/image/3/item-001~p9/info.json")
    site.takedown("--lift", "item-001~p1")
    wait_until(lambda: len(client.get("/iiif/item-001/manifest").json()["items"]) == 3, 15)


def test_a_renamed_folder_does_not_come_back(site):
    client = site.start()
    site.takedown("item-001")
    wait_indexed(client)
    (site.folder / "item-001").rename(site.folder / "other")
    wait_until(lambda: client.get("/iiif/other/manifest").status == 451, 15)
    is_withheld(client, "/iiif/image/3/other~p1/info.json")
    assert b"other" not in client.get("/iiif/collection").body
    site.stop()
    (site.folder / "other").rename(site.folder / "third")
    client = site.start()
    is_withheld(client, "/iiif/third/manifest")
    # Copied, so that no inode is the same, and the old one removed.
    site.stop()
    shutil.copytree(site.folder / "third", site.folder / "fourth")
    shutil.rmtree(site.folder / "third")
    client = site.start()
    is_withheld(client, "/iiif/fourth/manifest")
    assert SECRET not in site.backup_text("after.tar")


def test_who_knew_an_older_address_hears_of_it(site):
    client = site.start()
    (site.folder / "item-001").rename(site.folder / "moved")
    wait_until(lambda: client.get("/iiif/moved/manifest").status == 200 and b"moved/manifest" in client.get("/iiif/collection").body, 15)
    assert [a["type"] for a in stream_of(client) if "item-001" in json.dumps(a)][-1] == "Move"
    site.takedown("moved")
    deleted = [activity["object"]["id"] for activity in stream_of(client) if "item-001" in json.dumps(activity) or "moved" in json.dumps(activity)]
    assert sorted(client.path_of(one).split("/")[-2] for one in deleted) == ["item-001", "moved"]
    for address in ("/iiif/item-001/manifest", "/item/item-001", "/iiif/canvas/item-001~p1", "/iiif/image/3/item-001~p1/info.json"):
        is_withheld(client, address)


def test_a_folder_goes_with_all_that_is_in_it(site):
    (site.folder / "item-001" / "info.yml").unlink()
    fill(site.folder / "shelf", 2)
    (site.folder / "shelf" / "item-000" / "info.yml").write_text("id: ark:/1/secret\nlabel: " + SECRET)
    client = site.start()
    assert client.get("/iiif/ark:%2F1%2Fsecret/manifest").status == 200
    site.takedown("shelf")
    for address in ("/iiif/shelf/collection", "/iiif/presentation/2/shelf/collection", "/iiif/shelf~item-001/manifest", "/iiif/ark:%2F1%2Fsecret/manifest", "/iiif/shelf~item-000/manifest", "/iiif/canvas/shelf~item-000~p1", "/item/shelf"):
        is_withheld(client, address)
    fill(site.folder / "shelf", 3)
    wait_indexed(client)
    is_withheld(client, "/iiif/shelf~item-002/manifest")
    assert SECRET not in site.backup_text("after.tar")
    site.takedown("--lift", "shelf")
    wait_until(lambda: client.get("/iiif/ark:%2F1%2Fsecret/manifest").status == 200 and len(client.get("/iiif/shelf/collection").json().get("items", [])) == 3, 15)


def write_secret(client, item="item-001"):
    """Writes over an item that comes from files: a document with a secret, twice."""
    document = client.get(f"/iiif/{item}/manifest").json()
    for text in (SECRET + " one", SECRET + " two"):
        document["label"] = {"en": [text]}
        answer = send(client, "PUT", f"/iiif/{item}/manifest", document, If_Match="*")
        assert answer.status == 200, answer.body


def test_what_was_written_goes_byte_for_byte(site):
    site.user("ada", "administrator")
    client = site.start()
    write_secret(client)
    outside = {"@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://example.org/x/manifest", "type": "Manifest", "label": {"en": ["A show"]},
               "items": [{"id": "https://example.org/x/c1", "type": "Canvas", "height": 40, "width": 61, "items": [{"id": "https://example.org/x/p1", "type": "AnnotationPage", "items": [{
                   "id": "https://example.org/x/a1", "type": "Annotation", "motivation": "painting", "target": "https://example.org/x/c1",
                   "body": {"id": f"{client.base}/iiif/image/3/item-001~p1/full/max/0/default.jpg", "type": "Image", "format": "image/jpeg", "height": 40, "width": 61,
                            "service": [{"id": f"{client.base}/iiif/image/3/item-001~p1", "type": "ImageService3", "profile": "level2"}]}}]}]}]}
    assert send(client, "PUT", "/iiif/show/manifest", outside).status == 201
    assert b"item-001" in client.get("/iiif/show/manifest").body
    states = []
    for target in (f"{client.base}/iiif/canvas/item-001~p2#xywh=1,2,3,4", f"{client.base}/iiif/item-001/manifest", f"{client.base}/iiif/item-000/manifest", f"{client.base}/iiif/canvas/item-001%2Fp2"):
        made = send(client, "POST", "/iiif/content-state/", {"id": target, "type": "Canvas" if "canvas" in target else "Manifest"})
        assert made.status == 201, made.body
        states.append(client.path_of(made.header("Location")))
    assert send(client, "GET", "/iiif/item-001/manifest/history/1").status == 200
    assert SECRET in site.backup_text("before.tar")
    made = send(client, "POST", "/takedowns", {"identifier": "item-001", "reason": "Asked for."})
    assert made.status == 201 and made.json()["who"] == "ada", made.body
    everywhere_withheld(client, reason="Asked for.")
    assert send(client, "GET", "/iiif/item-001/manifest/history").status == 451
    assert send(client, "GET", "/iiif/item-001/manifest/history/1").status == 451
    assert [client.get(state).status for state in states] == [404, 404, 200, 404]
    show = client.get("/iiif/show/manifest")
    assert show.status == 200 and b"item-001" not in show.body
    assert send(client, "PUT", "/iiif/item-001/manifest", outside).status == 451
    assert send(client, "PATCH", "/iiif/item-001/manifest", {"label": {"en": ["Back"]}}, kind="application/merge-patch+json", If_Match="*").status == 451
    outside["items"][0]["items"][0]["items"][0]["body"]["service"][0]["id"] = f"{client.base}/iiif/image/2/item-001~p1"
    answer = send(client, "PUT", "/iiif/show/manifest", outside, If_Match="*")
    assert answer.status == 200 and b"item-001" not in answer.body
    text = site.backup_text("after.tar")
    assert SECRET not in text
    site.stop()
    if site.kind == "sqlite":
        left = [path.name for path in site.state.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
        assert left == [], left
    # An older backup does not bring it back.
    site.run("restore", site.tmp_path / "before.tar", "--state", site.state, "--folder", site.folder)
    client = site.start()
    everywhere_withheld(client, reason="Asked for.")
    assert send(client, "GET", "/iiif/item-001/manifest/history/1").status == 451
    assert SECRET not in site.backup_text("restored.tar")
    assert [client.get(state).status for state in states] == [404, 404, 200, 404]


def test_a_restore_that_fails_brings_nothing_back(site):
    """Its rows are committed before its files are put back; what was taken down, and who was forgotten, is not among them at any moment."""
    site.user("ada", "administrator")
    site.user("eve", "administrator")
    client = site.start()
    assert send(client, "PATCH", "/iiif/item-001/manifest", {"label": {"en": [SECRET]}}, who="eve", kind="application/merge-patch+json", If_Match="*").status == 200
    kept = site.state / "data" / "kept.txt"
    kept.write_text("kept")
    assert SECRET in site.backup_text("before.tar")
    site.takedown("item-001")
    site.run("user", "forget", "eve", "--state", site.state, "--folder", site.folder)
    kept.unlink()
    (kept / "in the way").mkdir(parents=True)
    said = site.run("restore", site.tmp_path / "before.tar", "--state", site.state, "--folder", site.folder, status=1)
    assert "written" in said or "director" in said, said
    everywhere_withheld(client)
    assert "eve" not in site.run("user", "list", "--state", site.state, "--folder", site.folder)
    text = site.backup_text("after.tar")
    assert SECRET not in text and '"eve"' not in text


def test_a_page_of_a_book_that_somebody_wrote(site):
    site.user("ada", "administrator")
    (site.folder / "item-001" / "info.yml").unlink()
    client = site.start()
    document = client.get("/iiif/item-001/manifest").json()
    document["items"][0]["label"] = {"en": [SECRET]}
    assert send(client, "PUT", "/iiif/item-001/manifest", document, If_Match="*").status == 200
    assert SECRET.encode() in client.get("/iiif/item-001/manifest").body
    site.takedown("item-001~p1")
    answer = client.get("/iiif/item-001/manifest")
    assert answer.status == 200 and SECRET.encode() not in answer.body and len(answer.json()["items"]) == 1 and b"item-001~p1" not in answer.body
    assert send(client, "GET", "/iiif/item-001/manifest/history").json()["versions"] == []
    assert SECRET not in site.backup_text("after.tar")
    assert send(client, "DELETE", "/iiif/item-001/manifest", If_Match="*").status == 200
    assert len(client.get("/iiif/item-001/manifest").json()["items"]) == 1


def test_a_page_of_a_folder_with_a_document(site):
    """manifest.json tells its Canvases from each other by their pictures: without the first, none of the others is taken for it."""
    (site.folder / "item-001" / "info.yml").unlink()
    canvas = lambda number, label: {"id": f"https://old.example/c{number}", "type": "Canvas", "label": {"en": [label]}, "height": 40, "width": 60, "items": []}
    (site.folder / "item-001" / "manifest.json").write_text(json.dumps({
        "@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://old.example/manifest", "type": "Manifest", "label": {"en": ["Old"]},
        "items": [canvas(1, SECRET), canvas(2, "Second")]}))
    client = site.start()
    assert SECRET.encode() in client.get("/iiif/item-001/manifest").body
    site.takedown("item-001~p1")
    for again in range(2):
        manifest = client.get("/iiif/item-001/manifest")
        assert manifest.status == 200 and SECRET.encode() not in manifest.body
        assert [one["label"] for one in manifest.json()["items"]] == [{"en": ["Second"]}]
        is_withheld(client, "/iiif/canvas/item-001~p1")
        is_withheld(client, "/iiif/canvas/https:%2F%2Fold.example%2Fc1")
        assert SECRET not in site.backup_text(f"after{again}.tar")
        (site.folder / "item-001" / "info.yml").write_text("rights: http://creativecommons.org/publicdomain/mark/1.0/")
        wait_until(lambda: b"publicdomain" in client.get("/iiif/item-001/manifest").body, 15)
    assert client.get("/iiif/canvas/https:%2F%2Fold.example%2Fc2").json()["label"] == {"en": ["Second"]}


def test_by_administrators_over_the_network(site):
    for name, role in (("ada", "administrator"), ("ed", "editor")):
        site.user(name, role)
    client = site.start()
    assert client.request("GET", "/takedowns", {}, b"").status == 401
    assert send(client, "GET", "/takedowns", who="ed").status == 403
    assert send(client, "POST", "/takedowns", {"identifier": "item-002"}, who="ed").status == 403
    assert send(client, "POST", "/takedowns", {"identifier": "nothing"}).status == 404
    assert send(client, "POST", "/takedowns", {"reason": "x"}).status == 400
    assert send(client, "POST", "/takedowns", {"identifier": ""}).status == 400
    made = send(client, "POST", "/takedowns", {"identifier": "item-002"})
    assert made.status == 201 and made.header("Location") == client.base + "/takedowns/item-002"
    assert send(client, "POST", "/takedowns", {"identifier": "item-002"}).status == 409
    is_withheld(client, "/iiif/item-002/manifest")
    assert [one["identifier"] for one in send(client, "GET", "/takedowns").json()["takedowns"]] == ["item-002"]
    assert send(client, "GET", "/takedowns/item-002").json()["who"] == "ada"
    site.run("user", "forget", "ada", "--state", site.state, "--folder", site.folder)
    site.user("eve", "administrator")
    assert send(client, "GET", "/takedowns/item-002", who="eve").json()["who"] == ""
    assert send(client, "DELETE", "/takedowns/item-002", who="ed").status == 403
    assert send(client, "DELETE", "/takedowns/item-002", who="eve").status == 204
    assert send(client, "DELETE", "/takedowns/item-002", who="eve").status == 404
    wait_until(lambda: client.get("/iiif/item-002/manifest").status == 200, 15)


def test_what_was_only_written_cannot_come_back(site):
    site.user("ada", "administrator")
    client = site.start()
    document = client.get("/iiif/item-000/manifest").json()
    document["label"] = {"en": [SECRET]}
    document["id"] = "https://example.org/book/manifest"
    for canvas in document["items"]:
        canvas["id"] = canvas["id"].replace("item-000", "other")
    made = send(client, "PUT", "/iiif/new/manifest", document)
    assert made.status == 201, made.body
    canvases = [client.path_of(canvas["id"]) for canvas in made.json()["items"]]
    site.takedown("https://example.org/book/manifest")
    is_withheld(client, "/iiif/new/manifest")
    is_withheld(client, "/iiif/https:%2F%2Fexample.org%2Fbook%2Fmanifest/manifest")
    assert b"new/manifest" not in client.get("/iiif/collection").body
    assert client.get("/iiif/item-000/manifest").status == 200 and client.get("/iiif/image/3/item-000~p1/info.json").status == 200
    site.takedown("--lift", "new")
    assert client.get("/iiif/new/manifest").status == 404
    assert send(client, "PUT", "/iiif/new/manifest", document).status == 201
    assert canvases


def test_what_waits_for_its_files_goes_too(site):
    """Written over an item whose folder is away at the moment: its words are kept, until they are taken down."""
    site.user("ada", "administrator")
    client = site.start()
    write_secret(client, "item-002")
    shutil.move(site.folder / "item-002", site.tmp_path / "away")
    site.run("rescan", site.folder, "--accept-removals", "--state", site.state)
    wait_until(lambda: client.get("/iiif/item-002/manifest").status == 410, 15)
    (site.folder / "item-001" / "info.yml").unlink()
    assert SECRET in site.backup_text("before.tar")
    site.takedown("item-002")
    is_withheld(client, "/iiif/item-002/manifest")
    wait_until(lambda: SECRET.encode() not in client.get("/iiif/item-001/manifest").body, 15)
    assert SECRET not in site.backup_text("after.tar")
    shutil.move(site.tmp_path / "away", site.folder / "item-002")
    wait_indexed(client)
    is_withheld(client, "/iiif/item-002/manifest")
    assert b"item-002" not in client.get("/iiif/collection").body
    assert [a["type"] for a in stream_of(client) if "item-002" in json.dumps(a)] == ["Delete"]
