"""--write-back: what is written through the API is in files beside the items, a person's change of them comes in again, and where both changed nothing is lost."""

import itertools
import json
import os
import subprocess
import time

import pytest
import yaml

from functional.conftest import fill, picture
from support.postgres import Postgres, programs
from support.server import ROOT, wait_indexed, wait_until
from support.users import PASSWORD, basic

DOCUMENTS = ROOT / "tests" / "fixtures" / "documents"
PATCH = "application/merge-patch+json"


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed"))]
numbers = itertools.count()


@pytest.fixture(scope="module")
def postgres():
    database = Postgres()
    yield database
    database.close()


@pytest.fixture(params=BOTH)
def begin(request, start, program, folder):
    """Starts the server of the folder, with an editor, as often as it is called."""
    made = []
    where = () if request.param == "sqlite" else ("--database", request.getfixturevalue("postgres").url(f"back{next(numbers)}"))

    def run(*arguments: str):
        if not made:
            added = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60,
                                   env=os.environ | ({"ARMARIUM_DATABASE": where[1]} if where else {}))
            assert added.returncode == 0, added.stderr
            made.append(True)
        return start(folder, *where, *(arguments or ("--write-back",)), state=False)

    return run


def send(client, method: str, address: str, content: object = None, kind: str = "application/json"):
    headers = basic("ada", **({"Content-Type": kind} if content is not None else {}))
    if method != "POST" and client.get(address).status == 200:
        headers["If-Match"] = "*"
    answer = client.request(method, address, headers, b"" if content is None else json.dumps(content).encode())
    assert answer.status in (200, 201, 204), answer.body
    return answer


def patch(client, content: dict, item: str = "item-000"):
    return send(client, "PATCH", f"/iiif/{item}/manifest", content, PATCH)


def held(path) -> object:
    """What a file says, or nothing."""
    return yaml.safe_load(path.read_text()) if path.exists() else None


def save(path, text: str) -> None:
    """As an editor saves."""
    unfinished = path.with_name(f".{path.name}.swp")
    unfinished.write_text(text)
    os.replace(unfinished, path)


def problems(client) -> list[dict]:
    return client.get("/status", {"Accept": "application/json"}).json()["problems"]


def history(client, item: str = "item-000") -> list[tuple[str, str]]:
    versions = client.get(f"/iiif/{item}/manifest/history", basic("ada")).json()["versions"]
    return [(one["method"], one["who"]) for one in versions]


def document(name: str) -> dict:
    return json.loads((DOCUMENTS / name).read_text())


def summary(client, item: str = "item-000") -> object:
    return client.get(f"/iiif/{item}/manifest").json().get("summary")


def tree_of(folder) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if ".armarium" not in path.parts}


def test_without_the_flag_nothing_is_touched(begin, folder):
    before = tree_of(folder)
    client = begin("--scan-minutes", "10").client()
    patch(client, {"summary": {"en": ["Written"]}})
    send(client, "PUT", "/iiif/new/manifest", document("book.json"))
    (folder / "item-001" / "written.yml").write_text("summary: {en: [From a file]}\n")
    picture(folder / "item-001" / "p9.png")
    wait_until(lambda: len(client.get("/iiif/item-001/manifest").json()["items"]) == 3, 15)
    assert summary(client, "item-001") is None
    assert tree_of(folder) - before == {"item-001/written.yml", "item-001/p9.png"}


def test_an_edit_is_projected_and_a_change_of_the_file_comes_in(begin, folder):
    client = begin().client()
    path = folder / "item-000" / "written.yml"
    patch(client, {"summary": {"en": ["Written: by Ada"]}, "navDate": "1850-01-01T00:00:00Z"})
    wait_until(lambda: held(path) == {"summary": {"en": ["Written: by Ada"]}, "navDate": "1850-01-01T00:00:00Z"}, 15)
    patch(client, {"summary": {"de": ["Geschrieben"]}, "label": {"en": ["yes"]}})
    wait_until(lambda: (held(path) or {}).get("label") == {"en": ["yes"]}, 15)
    assert held(path)["summary"] == {"en": ["Written: by Ada"], "de": ["Geschrieben"]}
    save(path, "# my own words\nsummary: {en: Changed by hand}\n")
    wait_until(lambda: summary(client) == {"en": ["Changed by hand"]}, 15)
    now = client.get("/iiif/item-000/manifest").json()
    assert "navDate" not in now and now["label"] == {"none": ["item-000"]}
    assert history(client)[-1] == ("FILE", "file item-000/written.yml")
    assert path.read_text().startswith("# my own words")  # not written over by what came from it
    patch(client, {"rights": "http://creativecommons.org/licenses/by/4.0/"})
    wait_until(lambda: "rights" in (held(path) or {}), 15)
    path.unlink()
    wait_until(lambda: summary(client) is None, 15)
    assert "rights" not in client.get("/iiif/item-000/manifest").json() and not path.exists() and problems(client) == []


def test_deleting_by_the_api_deletes_the_file(begin, folder):
    client = begin().client()
    path = folder / "item-000" / "written.yml"
    patch(client, {"summary": {"en": ["Written"]}})
    wait_until(path.exists, 15)
    send(client, "DELETE", "/iiif/item-000/manifest")
    wait_until(lambda: not path.exists(), 15)
    assert summary(client) is None and client.get("/iiif/item-000/manifest").status == 200


@pytest.mark.parametrize("name", ["book.json", "concert.json", "skull.json"])
def test_whole_documents(begin, folder, name):
    """An item without files: its document lies in FOLDER, and comes in again with its numbers, its ids and its aliases."""
    client = begin().client()
    sent = document(name)
    send(client, "PUT", "/iiif/new/manifest", sent)
    path = folder / "new.manifest.written.yml"
    wait_until(path.exists, 15)
    before = client.get("/iiif/presentation/4/new/manifest").json()
    text = path.read_text()
    label = next(iter(held(path)["label"].values()))[0]
    save(path, text.replace(label, "Another label", 1))
    wait_until(lambda: "Another label" in json.dumps(client.get("/iiif/new/manifest").json()["label"]), 15)
    after = client.get("/iiif/presentation/4/new/manifest").json()
    assert json.dumps(after).replace("Another label", label, 1) == json.dumps(before)
    alias = sent["id"].replace(":", "%3A").replace("/", "%2F")
    assert client.get(f"/iiif/{alias}/manifest").status == 200
    assert problems(client) == []
    path.unlink()
    wait_until(lambda: client.get("/iiif/new/manifest").status == 410, 15)


def test_a_document_over_files(begin, folder):
    client = begin().client()
    read = client.get("/iiif/item-001/manifest").json()
    read["label"] = {"en": ["Turned round"]}
    read["items"].reverse()
    send(client, "PUT", "/iiif/item-001/manifest", read)
    path = folder / "item-001" / "written.yml"
    wait_until(path.exists, 15)
    save(path, path.read_text().replace("Turned round", "And back"))
    wait_until(lambda: client.get("/iiif/item-001/manifest").json()["label"] == {"en": ["And back"]}, 15)
    now = client.get("/iiif/item-001/manifest").json()
    assert [one["id"] for one in now["items"]] == [one["id"] for one in read["items"]]
    assert client.get(client.path_of(now["items"][0]["items"][0]["items"][0]["body"]["id"])).status == 200


def test_items_of_one_file_and_collections(begin, folder):
    photos = folder / "photos"
    picture(photos / "fox.png")
    picture(photos / "owl.png")
    (photos / "info.yml").write_text("each: file\n")
    client = begin().client()
    patch(client, {"summary": {"en": ["A fox"]}}, "photos~fox")
    send(client, "PATCH", "/iiif/photos/collection", {"summary": {"en": ["Photographs"]}}, PATCH)
    send(client, "PATCH", "/iiif/collection", {"summary": {"en": ["All"]}}, PATCH)
    for name in ("photos/fox.written.yml", "photos/collection.written.yml", "collection.written.yml"):
        wait_until((folder / name).exists, 15)
    assert not (photos / "owl.written.yml").exists()
    save(photos / "fox.written.yml", "summary: {en: [A red fox]}\n")
    wait_until(lambda: summary(client, "photos~fox") == {"en": ["A red fox"]}, 15)
    assert len(client.get("/iiif/photos/collection").json()["items"]) == 2


def test_both_sides_changed(begin, folder):
    """Neither is touched, and /status says so; a further change of the file decides, and deleting it brings the server's."""
    server = begin()
    client = server.client()
    path = folder / "item-000" / "written.yml"
    patch(client, {"summary": {"en": ["One"]}})
    wait_until(path.exists, 15)
    assert server.stop() == 0
    without = begin("--scan-minutes", "10")  # somebody edits while nothing is written back
    patch(without.client(), {"summary": {"en": ["By the API"]}})
    assert without.stop() == 0
    save(path, "summary: {en: [By hand]}\n")
    client = begin().client()
    wait_until(lambda: [one["path"] for one in problems(client)] == ["item-000/written.yml"], 15)
    assert "both changed" in problems(client)[0]["reason"]
    assert summary(client) == {"en": ["By the API"]} and held(path) == {"summary": {"en": ["By hand"]}}
    save(path, "summary: {en: [By hand and by the API]}\n")
    wait_until(lambda: summary(client) == {"en": ["By hand and by the API"]}, 15)
    wait_until(lambda: problems(client) == [], 15)


def test_a_conflict_ends_when_the_file_is_deleted(begin, folder):
    server = begin()
    path = folder / "item-000" / "written.yml"
    patch(server.client(), {"summary": {"en": ["One"]}})
    wait_until(path.exists, 15)
    assert server.stop() == 0
    without = begin("--scan-minutes", "10")
    patch(without.client(), {"summary": {"en": ["By the API"]}})
    assert without.stop() == 0
    save(path, "summary: {en: [By hand]}\n")
    client = begin().client()
    wait_until(lambda: problems(client) != [], 15)
    path.unlink()
    wait_until(lambda: held(path) == {"summary": {"en": ["By the API"]}}, 15)
    wait_until(lambda: problems(client) == [], 15)


@pytest.mark.parametrize("text, where", [("summary: [1, 2", "line "), ("items: oops\n", ""), ("label: 7: 8\n", "line "), ("- just text\n", ""), ("&a [*a, *a]\n", ""),
                                         ("id: something\n", "line 1"), ("x: " + "[" * 200, "")])
def test_what_cannot_be_understood_is_named(begin, folder, text, where):
    client = begin().client()
    path = folder / "item-000" / "written.yml"
    patch(client, {"summary": {"en": ["One"]}})
    wait_until(path.exists, 15)
    save(path, text)
    wait_until(lambda: [one["path"] for one in problems(client)] == ["item-000/written.yml"], 15)
    assert problems(client)[0]["where"].startswith(where) and problems(client)[0]["reason"]
    assert summary(client) == {"en": ["One"]} and path.read_text() == text


def test_a_kill_at_any_moment_loses_nothing(begin, folder):
    """Edits, then kill -9 at once; what the next server has and what the files say is the same."""
    for number in range(4):
        server = begin()
        client = server.client()
        for item in range(3):
            patch(client, {"summary": {"en": [f"{number}"]}}, f"item-{item:03}")
        server.process.kill()
        server.process.wait(10)
    server = begin()
    client = server.client()
    for item in range(3):
        path = folder / f"item-{item:03}" / "written.yml"
        wait_until(lambda path=path: held(path) == {"summary": {"en": ["3"]}}, 15)
        assert summary(client, f"item-{item:03}") == {"en": ["3"]}
    for number in range(4):
        save(folder / "item-000" / "written.yml", f"summary: {{en: [by hand {number}]}}\n")
        server.process.kill()
        server.process.wait(10)
        server = begin()
    client = server.client()
    wait_until(lambda: summary(client) == {"en": ["by hand 3"]}, 15)
    assert problems(client) == [] and held(folder / "item-000" / "written.yml") == {"summary": {"en": ["by hand 3"]}}


def test_the_files_alone_bring_everything_back(begin, folder, tmp_path, start):
    """As after a clone: a server without any state reads them."""
    server = begin()
    client = server.client()
    patch(client, {"summary": {"en": ["Written"]}})
    send(client, "PUT", "/iiif/new/manifest", document("book.json"))
    wait_until((folder / "item-000" / "written.yml").exists, 15)
    wait_until((folder / "new.manifest.written.yml").exists, 15)
    was = client.get("/iiif/presentation/4/new/manifest").json()
    assert server.stop() == 0
    fresh = start(folder, "--write-back", "--state", str(tmp_path / "fresh"), state=False).client()
    wait_until(lambda: summary(fresh) == {"en": ["Written"]}, 15)
    wait_until(lambda: fresh.get("/iiif/new/manifest").status == 200, 15)
    now = fresh.get("/iiif/presentation/4/new/manifest").json()
    assert json.dumps(now).replace(fresh.base, "") == json.dumps(was).replace(client.base, "")
    assert problems(fresh) == []


def test_a_moved_folder_takes_its_file_along(begin, folder):
    client = begin().client()
    patch(client, {"summary": {"en": ["Written"]}})
    wait_until((folder / "item-000" / "written.yml").exists, 15)
    (folder / "item-000").rename(folder / "moved")
    wait_until(lambda: client.get("/iiif/moved/manifest").status == 200 and summary(client, "moved") == {"en": ["Written"]}, 20)
    save(folder / "moved" / "written.yml", "summary: {en: [After the move]}\n")
    wait_until(lambda: summary(client, "moved") == {"en": ["After the move"]}, 15)
    assert not (folder / "item-000").exists() and problems(client) == []


def create(client, collection: str, slug: str) -> None:
    """A new item in a Collection of folders."""
    answer = client.request("POST", f"/iiif/{collection}/collection", basic("ada", **{"Content-Type": "application/json", "Slug": slug}), (DOCUMENTS / "book.json").read_bytes())
    assert answer.status == 201, answer.body


def written_in_photos(begin, folder):
    """A Collection of a folder with an item without files, whose file is there."""
    picture(folder / "photos" / "one" / "p1.png")
    client = begin().client()
    create(client, "photos", "extra")
    path = folder / "photos" / "photos~extra.manifest.written.yml"
    wait_until(path.exists, 15)
    return client, path


def lists(client, collection: str, item: str) -> bool:
    return any(f"/{item}/" in one["id"] for one in client.get(f"/iiif/{collection}/collection").json().get("items", []))


def test_an_item_outlives_its_hidden_collection(begin, folder):
    client, path = written_in_photos(begin, folder)
    text = path.read_text()
    save(folder / "photos" / "info.yml", "publish: false\n")
    wait_until(lambda: client.get("/iiif/photos/collection").status == 404, 20)
    send(client, "PATCH", "/iiif/item-000/manifest", {"summary": {"en": ["Later"]}}, PATCH)  # the log was followed so far when this is in its file
    wait_until((folder / "item-000" / "written.yml").exists, 15)
    time.sleep(1)
    assert client.get("/iiif/photos~extra/manifest").status == 200 and path.read_text() == text
    save(folder / "photos" / "info.yml", "label: Photographs\n")
    wait_until(lambda: lists(client, "photos", "photos~extra"), 20)
    save(path, text.replace("summary:", "rights: http://creativecommons.org/licenses/by/4.0/\nsummary:", 1) if "rights:" not in text else text.replace("by/4.0", "by-sa/4.0"))
    wait_until(lambda: [method for method, _ in history(client, "photos~extra")] == ["POST", "FILE"], 15)
    assert client.get("/iiif/photos~extra/manifest").status == 200 and problems(client) == []


def test_an_item_follows_the_renamed_folder_of_its_collection(begin, folder):
    client, path = written_in_photos(begin, folder)
    text = path.read_text()
    (folder / "photos").rename(folder / "prints")
    wait_until(lambda: client.get("/iiif/prints/collection").status == 200 and lists(client, "prints", "photos~extra"), 20)
    time.sleep(1)
    assert client.get("/iiif/photos~extra/manifest").status == 200
    moved = folder / "prints" / path.name
    assert moved.read_text() == text and not (folder / "photos").exists()
    moved.unlink()
    wait_until(lambda: client.get("/iiif/photos~extra/manifest").status == 410, 15)
    assert not lists(client, "prints", "photos~extra")


def test_an_item_that_gets_a_folder_takes_its_file_there(begin, folder):
    client = begin().client()
    send(client, "PUT", "/iiif/new/manifest", document("book.json"))
    alone = folder / "new.manifest.written.yml"
    wait_until(alone.exists, 15)
    was = next(iter(client.get("/iiif/new/manifest").json()["label"].values()))[0]
    save(alone, "# my own words\n" + alone.read_text().replace(was, "By hand", 1))
    wait_until(lambda: len(history(client, "new")) == 2, 15)
    picture(folder / "new" / "p1.png")
    wait_until((folder / "new" / "written.yml").exists, 20)
    wait_until(lambda: not alone.exists(), 15)
    assert (folder / "new" / "written.yml").read_text().startswith("# my own words")
    time.sleep(1)
    now = client.get("/iiif/new/manifest")
    assert now.status == 200 and "By hand" in str(now.json()["label"]) and problems(client) == []


@pytest.mark.parametrize("identifier", ["another", "zebra"])
def test_another_identifier_of_the_same_folder(begin, folder, identifier):
    client = begin().client()
    path = folder / "item-000" / "written.yml"
    patch(client, {"summary": {"en": ["Written"]}})
    wait_until(path.exists, 15)
    save(path, "# my own words\nsummary: {en: [Written by hand]}\n")
    wait_until(lambda: summary(client) == {"en": ["Written by hand"]}, 15)
    save(folder / "item-000" / "info.yml", f"id: {identifier}\n")
    wait_until(lambda: client.get(f"/iiif/{identifier}/manifest").status == 200, 20)
    time.sleep(1)
    assert summary(client, identifier) == {"en": ["Written by hand"]} and path.read_text().startswith("# my own words")


def test_a_hidden_item_keeps_its_file(begin, folder):
    client = begin().client()
    path = folder / "item-000" / "written.yml"
    patch(client, {"summary": {"en": ["Written"]}})
    wait_until(path.exists, 15)
    save(folder / "item-000" / "info.yml", "publish: false\n")
    wait_until(lambda: client.get("/iiif/item-000/manifest").status == 404, 20)
    patch(client, {"summary": {"en": ["Later"]}}, "item-001")
    wait_until((folder / "item-001" / "written.yml").exists, 15)
    time.sleep(1)
    assert held(path) == {"summary": {"en": ["Written"]}}
    save(path, "summary: {en: [Changed while hidden]}\n")
    (folder / "item-000" / "info.yml").unlink()
    wait_until(lambda: client.get("/iiif/item-000/manifest").status == 200 and summary(client) == {"en": ["Changed while hidden"]}, 20)


@pytest.mark.parametrize("instead", ["link", "folder"])
def test_a_file_that_cannot_be_read_is_named_and_tried_again(begin, folder, tmp_path, instead):
    """It was not deleted: what was written stays, and whatever lies there, too."""
    client = begin().client()
    path = folder / "item-000" / "written.yml"
    patch(client, {"summary": {"en": ["One"]}})
    wait_until(path.exists, 15)
    text = path.read_text()
    outside = tmp_path / "outside.yml"
    outside.write_text("summary: {en: [Outside]}\n")
    if instead == "link":
        path.with_name(".link").symlink_to(outside)
        os.replace(path.with_name(".link"), path)
    else:
        path.unlink()
        path.mkdir()
    picture(folder / "item-000" / "p9.png")  # so that the folder is looked at
    wait_until(lambda: [one["path"] for one in problems(client)] == ["item-000/written.yml"], 15)
    assert "cannot be read" in problems(client)[0]["reason"] and summary(client) == {"en": ["One"]}
    patch(client, {"summary": {"en": ["Two"]}})
    time.sleep(1)
    assert summary(client) == {"en": ["Two"]} and (path.is_symlink() if instead == "link" else path.is_dir())
    assert outside.read_text() == "summary: {en: [Outside]}\n"
    if instead == "link":
        path.unlink()
    else:
        path.rmdir()
    save(path, text)
    wait_until(lambda: held(path) == {"summary": {"en": ["Two"]}} and problems(client) == [], 20)


def test_a_folder_of_many_items(begin, folder):
    """One change among thousands of items of one folder comes in soon, and does not keep the server from ending."""
    many = folder / "many"
    picture(many / "p0000.png")
    (many / "info.yml").write_text("each: file\n")
    for number in range(1, 6000):
        os.link(many / "p0000.png", many / f"p{number:04}.png")
    server = begin()
    client = server.client()
    wait_indexed(client, 60)
    patch(client, {"summary": {"en": ["One"]}}, "many~p5999")
    path = many / "p5999.written.yml"
    wait_until(path.exists, 60)
    time.sleep(1)
    save(path, "summary: {en: [Two]}\n")
    wait_until(lambda: summary(client, "many~p5999") == {"en": ["Two"]}, 60)
    save(path, "summary: {en: [Three]}\n")
    time.sleep(1)
    assert server.stop() == 0
    client = begin().client()
    wait_until(lambda: summary(client, "many~p5999") == {"en": ["Three"]}, 60)
