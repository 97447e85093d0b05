"""--database postgresql://…: the same documents as from SQLite, a quick second start, and a database that goes away and comes back."""

import json
import os
import signal
import subprocess
import time

import pytest

from functional.conftest import fill, picture
from support.crawl import crawl2, crawl3
from support.postgres import Postgres, programs
from support.server import Server, wait_indexed, wait_until

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def postgres():
    made = Postgres()
    yield made
    made.close()


def documents(client) -> dict[str, object]:
    """Every Collection and Manifest of both versions, without the host."""
    found = {**crawl3(client, "/iiif/presentation/3/collection"), **crawl2(client)}
    return {target: json.loads(json.dumps(document).replace(client.base, "")) for target, document in found.items()}


def test_the_same_documents_as_from_sqlite(start, postgres, fixture_folder, tmp_path):
    lite = start(fixture_folder, state=tmp_path / "lite").client()
    postgresql = start(fixture_folder, "--database", postgres.url("same"), state=tmp_path / "pg").client()
    expected = documents(lite)
    assert len(expected) > 20
    assert documents(postgresql) == expected
    assert not list((tmp_path / "pg").rglob("*.sqlite")), "nothing is in SQLite"
    state = lambda client: {**client.get("/status", {"Accept": "application/json"}).json()["library"], "last_scan": 0, "last_scan_seconds": 0}
    assert state(postgresql) == state(lite)


def test_a_second_start_is_quick_and_reads_nothing_again(start, postgres, tmp_path):
    folder = fill(tmp_path / "folder", 40, 2)
    first = start(folder, "--database", postgres.url("again"), state=tmp_path / "state")
    activities = postgres.sql("SELECT count(*) FROM again.activity")
    first.stop()
    second = start(folder, "--database", postgres.url("again"), state=tmp_path / "state", indexed=False)
    assert second.ready_after < 1
    assert second.client().get("/iiif/item-007/manifest").status == 200
    wait_indexed(second.client())
    assert postgres.sql("SELECT count(*) FROM again.activity") == activities


def test_the_state_folder_lost_but_not_the_database(start, postgres, tmp_path):
    folder = fill(tmp_path / "folder", 3)
    first = start(folder, "--database", postgres.url("kept"), state=tmp_path / "one")
    before = documents(first.client())
    first.stop()
    assert documents(start(folder, "--database", postgres.url("kept"), state=tmp_path / "two").client()) == before


def test_two_collections_in_one_database(start, postgres, tmp_path):
    one = start(fill(tmp_path / "one", 2), "--database", postgres.url("one")).client()
    two = start(fill(tmp_path / "two", 5), "--database", postgres.url("two")).client()
    assert len(one.get("/iiif/collection").json()["items"]) == 2
    assert len(two.get("/iiif/collection").json()["items"]) == 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_database_stopped_and_started_again(start, postgres, tmp_path, number):
    folder = fill(tmp_path / "folder", 5, 2)
    server = start(folder, "--database", postgres.url(f"stopped_{number}"), "--cache-megabytes", "0")
    client = server.client()
    before = documents(client)
    postgres.stop(number)
    try:
        answer = client.get("/iiif/item-003/manifest", {"Cache-Control": "no-cache"})
        assert answer.status == 503, answer.body
        assert int(answer.header("Retry-After")) > 0
        assert "database" in answer.json()["detail"]
        assert client.get("/healthz").status == 200
        assert client.get("/status", {"Accept": "application/json"}).status in (200, 503)
        begin = time.monotonic()
        for _ in range(20):
            assert client.get("/iiif/item-004/manifest").status == 503
        assert time.monotonic() - begin < 2, "a database that is away costs no request its time"
        picture(folder / "new" / "p1.png")
        time.sleep(2)
    finally:
        postgres.start()

    def well():
        """The server is well again."""
        return client.get("/iiif/item-003/manifest").status == 200

    wait_until(well, 10)
    assert client.get("/iiif/new/manifest").status == 200

    def listed():
        """What came meanwhile is in the list."""
        return any("/new/" in item["id"] for item in client.get("/iiif/collection").json()["items"])

    wait_until(listed, 30)
    after = documents(client)
    assert {target: after[target] for target in before if "collection" not in target} == {
        target: document for target, document in before.items() if "collection" not in target}


def test_kill_nine_of_the_program_while_it_reads(start, postgres, tmp_path):
    folder = fill(tmp_path / "folder", 200, 2)
    url = postgres.url("killed")
    for share in (0.1, 0.4):
        server = start(folder, "--database", url, state=tmp_path / "state", indexed=False)
        client = server.client()
        wait_until(lambda: len(client.get("/iiif/collection").json()["items"]) >= share * 200, 60)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(5)
        assert postgres.sql("SELECT count(*) = coalesce(max(number), 0) FROM killed.activity") == "t"
    again = documents(start(folder, "--database", url, state=tmp_path / "state").client())
    assert again == documents(start(folder, state=tmp_path / "other").client())


def test_a_start_without_the_database_says_why_and_shows_no_password(postgres, tmp_path, folder):
    for url in ("postgresql://me:s3cret@127.0.0.1:1/x", "postgresql://me:s3cret/y@127.0.0.1/x", "mysql://me:s3cret@h/x"):
        server = Server(folder, "--database", url, state=tmp_path / "state")
        assert server.process.wait(20) in (1, 2)
        said = server.log_text()
        assert "database" in said and "s3cret" not in said, said


def test_no_password_in_the_log(start, postgres, folder):
    server = start(folder, "--database", postgres.url("quiet", "s3cret"), "--log-level", "debug")
    server.client().get("/status")
    postgres.stop()
    try:
        assert server.client().get("/iiif/item-001/manifest").status == 503
    finally:
        postgres.start()
    assert "s3cret" not in server.log_text() + "".join(server.lines)


def test_a_newer_schema_is_refused(postgres, tmp_path, folder, start):
    start(folder, "--database", postgres.url("newer")).stop()
    postgres.sql("UPDATE newer.schema_version SET version = 999")
    server = Server(folder, "--database", postgres.url("newer"), state=tmp_path / "state")
    assert server.process.wait(20) == 1
    assert "newer version" in server.log_text()


def test_users_are_in_the_database(start, postgres, program, folder, tmp_path):
    url = postgres.url("users")
    server = start(folder, "--database", url, state=tmp_path / "state")

    def user(*words: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run([program, "user", *words, "--state", str(tmp_path / "state")], input="correct horse battery\n", capture_output=True, text=True,
                              env={**os.environ, **environment})

    added = user("add", "ada", "--password-stdin")
    assert added.returncode == 0, added.stderr
    assert postgres.sql("SELECT name FROM users.account") == "ada"
    server.stop()
    refused = user("add", "bob", "--password-stdin")
    assert refused.returncode == 1 and "ARMARIUM_DATABASE" in refused.stderr, "it would be written beside the database"
    assert user("add", "bob", "--password-stdin", ARMARIUM_DATABASE=url).returncode == 0
    assert postgres.sql("SELECT count(*) FROM users.account") == "2"
