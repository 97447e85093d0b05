"""backup, restore and verify on a running server, from and to either database."""

import os
import subprocess
import tarfile

import pytest

from functional.conftest import fill, picture
from support.crawl import crawl3
from support.postgres import Postgres, programs
from support.server import wait_indexed, wait_until

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed"))]


@pytest.fixture(scope="module")
def postgres():
    made = Postgres()
    yield made
    made.close()


@pytest.fixture
def armarium(program):
    def run(*words, **environment) -> subprocess.CompletedProcess:
        return subprocess.run([program, *map(str, words)], capture_output=True, text=True, input="correct horse battery\n", env={**os.environ, **environment})

    return run


@pytest.fixture
def serve(start, request, tmp_path):
    """A server on SQLite or PostgreSQL with a state of its own."""

    def run(kind: str, folder, name: str, **more):
        where = [] if kind == "sqlite" else ["--database", request.getfixturevalue("postgres").url(f"{name}_{abs(hash(tmp_path))}")]
        return start(folder, *where, state=tmp_path / name, **more)

    return run


def documents(client) -> dict:
    return {target: str(document).replace(client.base, "") for target, document in crawl3(client).items()}


@pytest.mark.parametrize("source", BOTH)
@pytest.mark.parametrize("target", BOTH)
def test_a_backup_moves_a_collection(serve, armarium, tmp_path, source, target):
    folder = fill(tmp_path / "folder", 12, 3)
    picture(folder / "Umläute & <b>" / "p1.png")
    server = serve(source, folder, "one")
    assert armarium("user", "add", "ada", "--password-stdin", "--state", tmp_path / "one").returncode == 0
    made = armarium("backup", tmp_path / "a.tar", "--state", tmp_path / "one")
    assert made.returncode == 0, made.stderr
    verified = armarium("verify", tmp_path / "a.tar")
    assert verified.returncode == 0 and "whole" in verified.stdout, verified.stderr
    names = tarfile.open(tmp_path / "a.tar").getnames()
    assert names[-1] == "manifest.json" and "tables/item.jsonl" in names
    before = documents(server.client())
    server.stop()

    other = serve(target, fill(tmp_path / "empty", 1), "two").client()
    etag = other.get("/iiif/collection").header("ETag")
    restored = armarium("restore", tmp_path / "a.tar", "--state", tmp_path / "two")
    assert restored.returncode == 0, restored.stderr
    assert other.get("/iiif/collection").header("ETag") != etag
    assert "ada" in armarium("user", "list", "--state", tmp_path / "two").stdout
    kept = list((tmp_path / "two" / "data").glob("before-restore-*.tar"))
    assert len(kept) == 1 and armarium("verify", kept[0]).returncode == 0
    again = serve(target, folder, "three")
    assert armarium("restore", tmp_path / "a.tar", "--state", tmp_path / "three").returncode == 0
    wait_indexed(again.client())
    assert documents(again.client()) == before


@pytest.mark.parametrize("kind", BOTH)
def test_what_changed_after_the_backup_is_found_again(serve, armarium, tmp_path, kind):
    folder = fill(tmp_path / "folder", 4)
    server = serve(kind, folder, "one")
    client = server.client()
    assert armarium("backup", tmp_path / "a.tar", "--state", tmp_path / "one").returncode == 0
    picture(folder / "later" / "p1.png")
    wait_until(lambda: client.get("/iiif/later/manifest").status == 200, 10)
    wait_indexed(client)
    assert armarium("restore", tmp_path / "a.tar", "--state", tmp_path / "one").returncode == 0

    def listed() -> bool:
        return any("/later/" in item["id"] for item in client.get("/iiif/collection").json()["items"])

    wait_until(listed, 20)

    def told() -> list[dict]:
        stream = client.get("/iiif/discovery/1/collection")
        return client.get(client.path_of(stream.json()["last"]["id"])).json()["orderedItems"] if stream.status == 200 else []

    wait_until(lambda: any("/later/" in one.get("object", {}).get("id", "") for one in told()), 20)
    numbers = [one["id"] for one in told()]
    assert len(numbers) == len(set(numbers))
    kinds = [one["type"] for one in told()]
    assert "Refresh" in kinds, "places are given again: who followed the stream starts afresh"
    assert kinds[kinds.index("Refresh") :].count("Update") >= 5, "four items and the Collection are named after it"


@pytest.mark.parametrize("kind", BOTH)
def test_without_a_server(serve, armarium, tmp_path, kind, request):
    server = serve(kind, fill(tmp_path / "folder", 2), "one")
    environment = {}
    if kind == "postgres":
        environment["ARMARIUM_DATABASE"] = request.getfixturevalue("postgres").url(f"one_{abs(hash(tmp_path))}")
    server.stop()
    made = armarium("backup", tmp_path / "a.tar", "--state", tmp_path / "one", **environment)
    assert made.returncode == 0, made.stderr
    restored = armarium("restore", tmp_path / "a.tar", "--state", tmp_path / "one", **environment)
    assert restored.returncode == 0, restored.stderr


def test_what_is_no_backup_is_refused_and_changes_nothing(serve, armarium, tmp_path):
    folder = fill(tmp_path / "folder", 3)
    server = serve("sqlite", folder, "one")
    before = documents(server.client())
    assert armarium("backup", tmp_path / "a.tar", "--state", tmp_path / "one").returncode == 0
    taken = armarium("backup", tmp_path / "a.tar", "--state", tmp_path / "one")
    assert taken.returncode == 1 and "there already" in taken.stderr
    whole = (tmp_path / "a.tar").read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "other.tar").write_bytes(b"This is no backup. " * 100)
    place = whole.index(b"item-001")
    (tmp_path / "changed.tar").write_bytes(whole[:place] + b"item-009" + whole[place + 8:])
    for name in ("half.tar", "other.tar", "changed.tar", "missing.tar"):
        for command in (["verify"], ["restore", "--state", str(tmp_path / "one")]):
            refused = armarium(command[0], tmp_path / name, *command[1:])
            assert refused.returncode == 1 and refused.stderr.startswith("armarium: "), name
    assert documents(server.client()) == before


def test_a_backup_while_it_is_being_read(serve, armarium, tmp_path):
    """A snapshot: whole in itself, whatever goes on."""
    folder = fill(tmp_path / "folder", 150, 2)
    server = serve("sqlite", folder, "one", indexed=False)
    for number in range(4):
        assert armarium("backup", tmp_path / f"{number}.tar", "--state", tmp_path / "one").returncode == 0
        assert armarium("verify", tmp_path / f"{number}.tar").returncode == 0
    wait_indexed(server.client())
