"""The change stream follows what happens in the folder: replayed by a client of the specification, it ends with what the server holds."""

import itertools
import shutil
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings, strategies

from functional.conftest import fill, picture
from support.client import Client
from support.crawl import crawl3, patient_get
from support.harvester import Harvester, pages_backwards, replay_forwards
from support.postgres import Postgres, programs
from support.server import Server, free_port, wait_indexed, wait_until

COLLECTION = "/iiif/discovery/1/collection"


def fetcher(client):
    def fetch(address):
        answer = patient_get(client, address)  # after a new start it may still look for the first time
        assert answer.status == 200, f"{address}: {answer.status} {answer.body[:300]!r}"
        return answer.json()

    return fetch


def harvester(client):
    return Harvester(fetcher(client), lambda address: client.get(address).status == 200)


def activities(client):
    pages = list(pages_backwards(fetcher(client), client.base + COLLECTION))
    return [activity for page in reversed(pages) for activity in page["orderedItems"]]


def published(client):
    """The ids, in the stream's own version, of all that a walk of the Collections meets; None while a list names what has just gone."""
    missing = []
    found = {document["id"] for document in crawl3(client, "/iiif/presentation/3/collection", missing).values()}
    return None if missing else found


def short(activity):
    def name(resource):
        return resource["canonical"].split("/iiif/")[1]

    if "object" not in activity:
        return activity["type"]
    return f"{activity['type']} {name(activity['object'])}" + (f" > {name(activity['target'])}" if "target" in activity else "")


def settled(client, expected):
    """Wait until the log ends with `expected`, in any order of what came at one time."""
    wait_until(lambda: sorted(map(short, activities(client)[-len(expected):])) == sorted(expected), 10)


@pytest.mark.ids("DISC-009", "DISC-012", "DISC-013", "DISC-015", "DISC-024")
def test_what_happens_in_the_folder(tmp_path, start):
    folder = fill(tmp_path / "folder", 3)
    client = start(folder).client()
    crawler = harvester(client)
    crawler.crawl(client.base + COLLECTION)
    assert crawler.held == published(client) and len(crawler.held) == 4

    (folder / "item-001" / "info.yml").write_text("label: Another name\n")
    settled(client, ["Update item-001/manifest"])
    (folder / "item-000").rename(folder / "moved")
    wait_until(lambda: "Move item-000/manifest > moved/manifest" in map(short, activities(client)), 10)
    (folder / "item-002" / "info.yml").write_text("publish: false\n")
    wait_until(lambda: "Delete item-002/manifest" in map(short, activities(client)), 10)
    picture(folder / "new" / "p1.png")
    wait_until(lambda: "Create new/manifest" in map(short, activities(client)), 10)
    wait_indexed(client)
    crawler.crawl(client.base + COLLECTION)
    assert crawler.held == published(client)
    assert replay_forwards(iter(activities(client))) == published(client)
    assert client.get("/iiif/presentation/3/item-000/manifest").status in (200, 301)

    (folder / "item-002" / "info.yml").unlink()
    wait_until(lambda: list(map(short, activities(client))).count("Create item-002/manifest") == 2, 10)
    shutil.rmtree(folder / "new")
    wait_until(lambda: "Delete new/manifest" in map(short, activities(client)), 15)
    wait_indexed(client)
    read = crawler.read
    crawler.crawl(client.base + COLLECTION)
    assert crawler.held == published(client)
    assert crawler.read - read < len(activities(client)), "what was read before is not read again"
    late = harvester(client)
    late.crawl(client.base + COLLECTION)
    assert late.held == crawler.held


def test_an_address_that_is_used_again_after_a_move(tmp_path, start):
    folder = fill(tmp_path / "folder", 2)
    client = start(folder).client()
    (folder / "item-000").rename(folder / "away")
    wait_until(lambda: any(short(one).startswith("Move item-000") for one in activities(client)), 10)
    picture(folder / "item-000" / "other.png", 33, 44)
    wait_until(lambda: "Update away/manifest" in map(short, activities(client)), 10)
    wait_indexed(client)
    crawler = harvester(client)
    crawler.crawl(client.base + COLLECTION)
    assert crawler.held == published(client) and any("away" in address for address in crawler.held)


@pytest.mark.ids("DISC-023", "DISC-005")
def test_full_pages_stay(tmp_path, start):
    folder = tmp_path / "folder"
    for number in range(130):
        picture(folder / f"item-{number:03}" / "p1.png", 30, 20)
    server = start(folder)
    client = server.client()
    document = client.get(COLLECTION).json()
    first = client.get(document["first"]["id"])
    assert len(first.json()["orderedItems"]) == 100 and document["totalItems"] >= 131
    assert "max-age=604800" in first.header("Cache-Control")
    last = client.get(document["last"]["id"])
    assert last.header("Cache-Control") == "no-cache" and client.get(COLLECTION).header("Cache-Control") == "no-cache"
    picture(folder / "more" / "p1.png")
    wait_until(lambda: client.get(COLLECTION).json()["totalItems"] > document["totalItems"], 10)
    again = client.get(document["first"]["id"])
    assert again.header("ETag") == first.header("ETag") and again.body == first.body
    assert client.get(document["last"]["id"]).header("ETag") != last.header("ETag")


@pytest.mark.ids("DISC-016")
def test_another_public_address(tmp_path):
    folder = fill(tmp_path / "folder", 2)
    state = tmp_path / "state"
    arguments = ("--public-url", "https://one.example/library")
    with Server(folder, *arguments, state=state) as server:
        wait_until(lambda: server.client().get(COLLECTION).status == 200, 10)
        before = server.client().get(COLLECTION).json()
        assert before["id"] == "https://one.example/library" + COLLECTION
    with Server(folder, *arguments, state=state) as server:
        assert server.client().get(COLLECTION).json() == before, "the same address: nothing to say"
    with Server(folder, "--public-url", "https://two.example", state=state) as server:
        client = server.client()
        wait_until(lambda: client.get(COLLECTION).status == 200, 10)
        after = client.get(COLLECTION).json()
        page = client.get(after["last"]["id"].removeprefix("https://two.example")).json()["orderedItems"]
        new = page[before["totalItems"]:]
        assert new[0]["type"] == "Refresh" and "startTime" in new[0] and "object" not in new[0]
        assert sorted(map(short, new[1:])) == ["Update collection", "Update item-000/manifest", "Update item-001/manifest"]
        assert all(one["object"]["id"].startswith("https://two.example/") for one in new[1:])
        fresh = Harvester(lambda address: client.get(address.removeprefix("https://two.example")).json(), lambda address: True)
        fresh.crawl("https://two.example" + COLLECTION)
        assert len(fresh.held) == 3 and fresh.read == 4, "a client that comes for the first time stops at the Refresh"


@pytest.mark.ids("DISC-007")
def test_nothing_before_everything_was_looked_at(tmp_path, start):
    folder = fill(tmp_path / "folder", 40, 5)
    server = start(folder, indexed=False)
    client = server.client()
    seen = set()
    while (answer := client.get(COLLECTION)).status != 200:
        assert answer.status in (503, 404) and (answer.status == 404 or int(answer.header("Retry-After")) > 0)
        seen.add(answer.status)
    wait_indexed(client)
    assert replay_forwards(iter(activities(client))) == published(client)
    (tmp_path / "nothing").mkdir()
    empty = start(tmp_path / "nothing").client()
    assert empty.get(COLLECTION).status in (200, 404, 503)


def test_off_loopback_it_needs_a_public_address(tmp_path):
    folder = fill(tmp_path / "folder", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:  # sends nothing; says which address this machine has
        probe.connect(("192.0.2.1", 9))
        own = probe.getsockname()[0]
    with Server(folder, listen=f"0.0.0.0:{free_port()}") as server:
        port = server.base.rsplit(":", 1)[1]
        near = Client(f"http://127.0.0.1:{port}")
        wait_indexed(near)
        assert near.get(COLLECTION).status == 200
        assert "# IIIF Change Discovery: " + near.base + COLLECTION in near.get("/robots.txt").text
        answer = Client(f"http://{own}:{port}").get(COLLECTION)
        assert answer.status == 403 and "--public-url" in answer.json()["detail"]


NAMES = ["a", "b", "c", "d"]
edits = strategies.lists(strategies.tuples(strategies.sampled_from(["write", "rename", "remove", "hide", "show", "crawl", "kill"]),
                                           strategies.sampled_from(NAMES), strategies.sampled_from(NAMES)), min_size=3, max_size=9)


def apply(folder: Path, edit: str, name: str, other: str, number: int) -> None:
    place = folder / name
    if edit == "write":
        picture(place / f"p{number}.png", 20 + number, 30)
    elif edit == "rename" and place.exists() and not (folder / other).exists():
        place.rename(folder / other)
    elif edit == "remove" and place.exists():
        shutil.rmtree(place)
    elif edit == "hide" and place.exists():
        (place / "info.yml").write_text("publish: false\n")
    elif edit == "show" and (place / "info.yml").exists():
        (place / "info.yml").unlink()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request):
    """Gives the arguments for a new and empty database each time."""
    if request.param == "sqlite":
        yield lambda: ()
        return
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    postgres = Postgres()
    numbers = itertools.count()
    yield lambda: ("--database", postgres.url(f"edits{next(numbers)}"))
    postgres.close()


class Restarted:
    """A server that is killed now and then and comes back at the same address with the same state."""

    def __init__(self, folder: Path, state: Path, program: Path, arguments: tuple[str, ...]):
        self.start = lambda: Server(folder, *arguments, state=state, listen=self.listen, program=program).wait_ready()
        self.listen = f"127.0.0.1:{free_port()}"
        self.server = self.start()

    def kill(self) -> None:
        self.server.process.kill()
        self.server.process.wait(10)
        self.server = self.start()


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate], deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([("rename", "a", "b"), ("hide", "b", "a"), ("crawl", "a", "a")])
@given(edits)
def test_any_edits_end_with_what_is_there(program, database, sequence):
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "folder"
        picture(folder / "a" / "p0.png")
        picture(folder / "kept" / "p0.png", 11, 12)
        running = Restarted(folder, Path(place) / "state", program, database())
        try:
            wait_indexed(running.server.client())
            crawler = harvester(running.server.client())
            for number, (edit, name, other) in enumerate(sequence):
                if edit == "crawl":
                    crawler.crawl(running.server.base + COLLECTION)
                elif edit == "kill":
                    running.kill()
                apply(folder, edit, name, other, number)
            client = running.server.client()

            def same():
                """The stream says what the Collections say, read from its end and from its beginning."""
                wait_indexed(client)
                crawler.crawl(client.base + COLLECTION)
                late = harvester(client)
                late.crawl(client.base + COLLECTION)
                there = published(client)
                return crawler.held == late.held == there == replay_forwards(iter(activities(client)))

            wait_until(same, 20, 0.5)
        finally:
            assert running.server.stop() == 0
