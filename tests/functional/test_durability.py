"""What is promised survives kill -9; what may be deleted can be."""

import json
import shutil
import signal

from functional.conftest import fill, picture, sound
from support.server import is_scanning, wait_indexed


def snapshot(client, items: int) -> dict[str, bytes]:
    host = client.base.encode()
    targets = ["/iiif/collection", *(f"/iiif/item-{item:03}/manifest" for item in range(items))]
    return {target: client.get(target).body.replace(host, b"") for target in targets}


def test_kill_nine(start, tmp_path):
    folder = fill(tmp_path / "folder", 20, 2)
    server = start(folder, state=tmp_path / "state")
    before = snapshot(server.client(), 20)
    for round in range(3):
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(5)
        server = start(folder, state=tmp_path / "state", indexed=False)
        assert snapshot(server.client(), 20) == before, f"after kill {round + 1}"
    wait_indexed(server.client())
    assert snapshot(server.client(), 20) == before


def test_kill_nine_during_the_first_scan(start, tmp_path):
    """Killed while it reads, three times and each time further on: what is known afterwards is what one undisturbed scan makes."""
    items = 300
    folder = fill(tmp_path / "folder", items, 2)
    state = tmp_path / "state"
    interrupted = 0
    for share in (0.0, 0.2, 0.5):
        server = start(folder, state=state, indexed=False)
        client = server.client()
        while True:
            library = client.get("/status", {"Accept": "application/json"}).json()["library"]
            known = len(client.get("/iiif/collection").json()["items"]) if share else 0
            if known >= share * items or not is_scanning({"library": library}):
                break
        interrupted += is_scanning({"library": library})
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(5)
        assert sound(state)
    assert interrupted, "each scan had ended before it was killed"
    again = snapshot(start(folder, state=state).client(), items)
    assert len(json.loads(again["/iiif/collection"])["items"]) == items
    assert again == snapshot(start(folder, state=tmp_path / "other").client(), items)
    assert sound(state)


def test_the_state_lost_gives_the_same_addresses(start, tmp_path):
    folder = fill(tmp_path / "folder", 5, 2)
    first = start(folder, state=tmp_path / "state")
    before = snapshot(first.client(), 5)
    first.stop()
    shutil.rmtree(tmp_path / "state")
    assert snapshot(start(folder, state=tmp_path / "state").client(), 5) == before


def test_the_cache_may_be_deleted(start, tmp_path):
    folder = fill(tmp_path / "folder", 2)
    state = tmp_path / "state"
    server = start(folder, state=state)
    target = "/iiif/image/3/item-000~p1/full/max/0/default.png"
    before = server.client().get(target).body
    shutil.rmtree(state / "cache", ignore_errors=True)
    assert server.client().get(target).body == before
    server.stop()
    shutil.rmtree(state / "cache", ignore_errors=True)
    assert start(folder, state=state).client().get(target).body == before


def test_changes_while_it_was_away(start, tmp_path):
    folder = fill(tmp_path / "folder", 3)
    server = start(folder, state=tmp_path / "state")
    server.stop()
    picture(folder / "new" / "p1.png")
    picture(folder / "item-000" / "p1.png", 99, 98)
    client = start(folder, state=tmp_path / "state", indexed=False).client()
    assert client.get("/iiif/new/manifest").status == 200, "a path that exists is answered at once"
    assert client.get("/iiif/image/3/item-000~p1/info.json").json()["width"] == 99
    wait_indexed(client)
    assert client.get("/iiif/item-000/manifest").json()["items"][0]["width"] == 99
