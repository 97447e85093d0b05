"""`armarium export`: a static site, and the records. Every address in it leads to a file, its documents and images are right, it is the same when it is made twice, and it takes its place in one step."""

import filecmp
import html
import json
import re
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image

from functional.conftest import fill, picture
from support.server import free_port
from support.users import PASSWORD, basic


def export(program, folder: Path, to: Path, state: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([program, "export", folder, "--to", to, "--state", state, *arguments], capture_output=True, text=True, timeout=120)


def made(program, folder: Path, to: Path, state: Path, *arguments: str) -> Path:
    done = export(program, folder, to, state, *arguments)
    assert done.returncode == 0, done.stderr + done.stdout
    return to


@pytest.fixture(scope="module")
def collection(tmp_path_factory) -> Path:
    folder = fill(tmp_path_factory.mktemp("export") / "folder", 3, 2)
    picture(folder / "item-000" / "page-9.png", 1300, 900)
    (folder / "item-000" / "info.yml").write_text("label: {en: [A book], de: [Ein Buch]}\nsummary: <p>With <i>pictures</i></p>\n")
    picture(folder / "größer & schöner" / "bild 1.png")
    return folder


@pytest.fixture(scope="module")
def site(program, collection, tmp_path_factory):
    """A site that a server of files gives out, and its address."""
    place = tmp_path_factory.mktemp("site")
    base = f"http://127.0.0.1:{free_port()}"
    made(program, collection, place / "site", place / "state", "--public-url", base)
    server = ThreadingHTTPServer(("127.0.0.1", int(base.rsplit(":", 1)[1])), partial(Quiet, directory=str(place / "site")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield place / "site", base
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


def file_of(site: Path, base: str, address: str) -> Path | None:
    """The file that an address of the site is; None for one elsewhere."""
    if address.startswith(base):
        address = address[len(base):]
    if not address.startswith("/") or address.startswith("//"):
        return None
    file = site / unquote(re.split(r"[?#]", address)[0]).lstrip("/")
    return file / "index.html" if file.is_dir() else file


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)


def leads_nowhere(site: tuple[Path, str], address: str) -> bool:
    file = file_of(*site, address)
    # A service's id is its folder, which holds its info.json.
    return file is not None and not file.is_file() and not (file.parent / "info.json").is_file()


def test_every_address_leads_to_a_file(site):
    folder, base = site
    found = []
    for page in folder.rglob("*.html"):
        for attribute, value in re.findall(r'([\w-]+)="([^"]*)"', page.read_text(encoding="utf-8")):
            address = html.unescape(value)
            if attribute in ("href", "src") or address.startswith(base):
                found.append((page, address))
    for document in folder.rglob("*.json"):
        found += [(document, text) for text in strings(json.loads(document.read_text(encoding="utf-8"))) if text.startswith(base)]
    # Parts of a document are in it.
    found = [(where, address) for where, address in found if not re.search(r"/iiif/(canvas|page|annotation|range)/", address)]
    assert len(found) > 200
    assert [(where.relative_to(folder), address) for where, address in found if leads_nowhere(site, address)] == []


def test_documents_pass_the_checker_at_their_addresses(program, site):
    folder, base = site
    done = subprocess.run([program, "check", "--json", "--follow", f"{base}/iiif/collection.json"], capture_output=True, text=True, timeout=120)
    documents = json.loads(done.stdout)["documents"]
    assert len(documents) == 1 + 4 + 8, [one["source"] for one in documents]
    faults = [(one["source"], finding["message"]) for one in documents for finding in one["findings"] if finding["level"] == "must"]
    assert faults == []


def test_images_are_of_level_0(site):
    """IMG3-074: what level 0 announces lies there, with the dimensions of its address."""
    folder, base = site
    information = json.loads((folder / "iiif/image/3/item-000~page-9/info.json").read_text())
    assert information["profile"] == "level0" and information["id"] == f"{base}/iiif/image/3/item-000~page-9"
    assert list(information)[0] == "@context"
    assert not {"extraFeatures", "extraFormats", "extraQualities", "service"} & set(information)
    below = folder / "iiif/image/3/item-000~page-9"
    with Image.open(below / "full/max/0/default.jpg") as whole:
        assert whole.size == (1300, 900)
    for size in information["sizes"]:
        with Image.open(below / f"full/{size['width']},{size['height']}/0/default.jpg") as one:
            assert one.size == (size["width"], size["height"])
    (tile,) = information["tiles"]
    for factor in tile["scaleFactors"]:
        step = tile["width"] * factor
        for y in range(0, 900, step):
            for x in range(0, 1300, step):
                w, h = min(step, 1300 - x), min(step, 900 - y)
                region = "full" if (w, h) == (1300, 900) else f"{x},{y},{w},{h}"
                size = (-(-w // factor), -(-h // factor))
                with Image.open(below / region / f"{size[0]},{size[1]}" / "0" / "default.jpg") as one:
                    assert one.size == size, region


def test_names_are_those_of_the_file_system(site):
    folder, _ = site
    assert (folder / "item" / "größer & schöner" / "index.html").is_file()
    assert (folder / "iiif" / "größer & schöner" / "manifest.json").is_file()
    assert (folder / ".nojekyll").is_file()


def test_pages_in_each_language(site):
    folder, _ = site
    english = (folder / "item/item-000/index.html").read_text(encoding="utf-8")
    german = (folder / "de/item/item-000/index.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in english and "A book" in english
    assert '<html lang="de"' in german and "Ein Buch" in german
    assert 'href="/de/"' in german and 'href="/de/item/item-000/"' in english


def same(one: Path, other: Path) -> bool:
    files = sorted(path.relative_to(one) for path in one.rglob("*"))
    assert files == sorted(path.relative_to(other) for path in other.rglob("*"))
    return all(filecmp.cmp(one / file, other / file, shallow=False) for file in files if (one / file).is_file())


def test_twice_the_same(program, collection, tmp_path):
    first = made(program, collection, tmp_path / "a", tmp_path / "state-a")
    second = made(program, collection, tmp_path / "b", tmp_path / "state-b")
    again = made(program, collection, tmp_path / "c", tmp_path / "state-a")
    assert same(first, second) and same(first, again)


def test_it_replaces_only_an_earlier_export(program, folder, tmp_path):
    place = tmp_path / "site"
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    refused = export(program, folder, place, tmp_path / "state", "--replace")
    assert refused.returncode == 1 and "no such export made it" in refused.stderr
    (place / "mine.txt").unlink()
    made(program, folder, place, tmp_path / "state")
    assert "--replace" in export(program, folder, place, tmp_path / "state").stderr
    picture(folder / "item-009" / "new.png")
    made(program, folder, place, tmp_path / "state", "--replace")
    assert (place / "item/item-009/index.html").is_file()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("site")) == ["site"]


def test_what_people_put_beside_it_stays(program, folder, tmp_path):
    place = made(program, folder, tmp_path / "site", tmp_path / "state")
    (place / "CNAME").write_text("library.example")
    (place / ".git").mkdir()
    made(program, folder, place, tmp_path / "state", "--replace")
    assert (place / "CNAME").read_text() == "library.example" and (place / ".git").is_dir()


def test_it_is_written_apart_from_what_is_read(program, folder, tmp_path):
    for to, state in ((folder / "site", tmp_path / "state"), (tmp_path, tmp_path / "elsewhere"), (tmp_path / "a", tmp_path / "a" / "state")):
        refused = export(program, folder, to, state)
        assert refused.returncode == 1 and "must not lie in" in refused.stderr, (to, refused.stderr)
    both = export(program, folder, tmp_path / "site", tmp_path / "state", "--records", str(tmp_path / "site" / "records"))
    assert both.returncode == 1 and "must not lie in" in both.stderr
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) == ["item-000", "item-001", "item-002"]


def test_a_folder_that_is_away_replaces_nothing(program, folder, tmp_path):
    place = made(program, folder, tmp_path / "site", tmp_path / "state")
    away = tmp_path / "away"
    folder.rename(away)
    folder.mkdir()
    refused = export(program, folder, place, tmp_path / "state", "--replace")
    assert refused.returncode == 1 and "Nothing is exported" in refused.stderr
    assert (place / "item/item-000/index.html").is_file()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("site.new")] == []


def test_what_no_file_can_be_called_is_named(program, folder, tmp_path):
    deep = folder / "/".join(["a rather long name of a folder in an archive of some decades"] * 5)
    picture(deep / "1.png")
    first = export(program, folder, tmp_path / "site", tmp_path / "state")
    assert first.returncode == 1 and "No file can have a name like this." in first.stderr
    assert (tmp_path / "site/item/item-000/index.html").is_file()
    again = export(program, folder, tmp_path / "site", tmp_path / "state", "--replace")
    assert again.returncode == 1 and "the earlier site stays" in again.stderr
    assert export(program, folder, tmp_path / "site", tmp_path / "state", "--replace", "--incomplete").returncode == 1


def test_what_is_not_published_is_not_in_it(program, folder, tmp_path):
    (folder / "item-001" / "info.yml").write_text("publish: false\n")
    place = made(program, folder, tmp_path / "site", tmp_path / "state")
    assert not [path for path in place.rglob("*item-001*")]
    assert "item-001" not in (place / "iiif/collection.json").read_text()
    assert "item-001" not in (place / "sitemap.xml").read_text()


def test_damage_costs_only_itself(program, folder, tmp_path):
    (folder / "item-001" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10")
    place = made(program, folder, tmp_path / "site", tmp_path / "state")
    manifest = json.loads((place / "iiif/item-001/manifest.json").read_text())
    assert len(manifest["items"]) == 3


def test_what_was_written_is_in_it(program, start, folder, tmp_path):
    state = tmp_path / "state"
    added = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--state", state], input=PASSWORD, text=True, capture_output=True, timeout=60)
    assert added.returncode == 0, added.stderr
    server = start(folder, state=state)
    client = server.client()
    busy = export(program, folder, tmp_path / "early", state)
    assert busy.returncode == 1 and not (tmp_path / "early").exists()
    revision = {"If-Match": client.get("/iiif/item-000/manifest").header("ETag"), "Content-Type": "application/merge-patch+json"}
    answer = client.request("PATCH", "/iiif/item-000/manifest", {**basic("ada"), **revision}, json.dumps({"label": {"en": ["Written"]}}).encode())
    assert answer.status == 200, answer.body
    assert server.stop() == 0
    place = made(program, folder, tmp_path / "site", state)
    assert json.loads((place / "iiif/item-000/manifest.json").read_text())["label"]["en"] == ["Written"]


def lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_records_have_history_and_change_log(program, start, folder, tmp_path):
    state = tmp_path / "state"
    subprocess.run([program, "user", "add", "ada", "--role", "administrator", "--state", state], input=PASSWORD, text=True, capture_output=True, timeout=60, check=True)
    server = start(folder, state=state)
    client = server.client()
    patch = b'{ "label": {"en": ["Written"]} }'
    sent = {**basic("ada"), "If-Match": "*", "Content-Type": "application/merge-patch+json"}
    assert client.request("PATCH", "/iiif/item-000/manifest?reason=a%20better%20name", sent, patch).status == 200
    new = {"@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://other.example/m", "type": "Manifest", "label": {"en": ["New"]},
           "items": [{"id": "https://other.example/c", "type": "Canvas", "width": 10, "height": 10, "items": []}]}
    for name in ("new", "short", "secret"):
        document = json.dumps({**new, "id": f"https://other.example/{name}"}).encode()
        assert client.request("PUT", f"/iiif/{name}/manifest", {**basic("ada"), "Content-Type": "application/json"}, document).status == 201
    assert client.request("DELETE", "/iiif/short/manifest", {**basic("ada"), "If-Match": "*"}).status == 204
    subprocess.run([program, "takedown", "secret", "--reason", "order", "--state", state], capture_output=True, text=True, timeout=60, check=True)
    assert server.stop() == 0
    place = tmp_path / "records"
    done = subprocess.run([program, "export", folder, "--records", place, "--state", state], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in place.iterdir() if not path.name.startswith(".")) == ["README.txt", "changes.jsonl", "files.csv", "history.jsonl", "items.jsonl", "states.jsonl"]
    items = {item["identifier"]: item for item in lines(place / "items.jsonl")}
    assert set(items) == {"", "item-000", "item-001", "item-002", "new"}
    assert items["item-000"]["document"]["label"]["en"] == ["Written"]
    assert items["new"]["aliases"] and items[""]["kind"] == "Collection"
    history = lines(place / "history.jsonl")
    assert [one["method"] for one in history if one["identifier"] == "short"] == ["PUT", "DELETE"]
    (written,) = [one for one in history if one["identifier"] == "item-000"]
    assert (written["who"], written["why"], written["content"].encode()) == ("ada", "a better name", patch)
    changes = lines(place / "changes.jsonl")
    assert [change["number"] for change in changes] == sorted(change["number"] for change in changes)
    assert ("Delete", "short") in [(change["type"], change["identifier"]) for change in changes]
    files = (place / "files.csv").read_text().splitlines()
    assert files[0] == "identifier,canvas,path,page,media type,width,height" and len(files) == 1 + 6
    # Of what was taken down only the change log says that it is gone, as the public stream does.
    assert {change["type"] for change in changes if change["identifier"] == "secret"} == {"Delete"}
    everything = "".join(path.read_text() for path in place.iterdir() if path.name != "changes.jsonl")
    assert "secret" not in everything and "argon2" not in everything


def test_wrong_use(program, folder, tmp_path):
    assert subprocess.run([program, "export", folder], capture_output=True, timeout=60).returncode == 2
    gone = export(program, tmp_path / "nothing", tmp_path / "site", tmp_path / "state")
    assert gone.returncode == 1 and "There is no folder" in gone.stderr
    assert not (tmp_path / "site").exists()
