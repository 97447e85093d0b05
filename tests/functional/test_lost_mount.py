"""A root that is empty, or many items that vanish at once, unpublishes nothing until a person says so."""

import shutil
import subprocess

from functional.conftest import fill
from support.server import wait_indexed, wait_until


def still_there(client, items) -> bool:
    return all(client.get(f"/iiif/item-{item:03}/manifest").status == 200 for item in items)


def status(client) -> str:
    return client.get("/status", {"Accept": "application/json"}).text.lower()


def test_an_empty_root(start, tmp_path, program):
    folder = fill(tmp_path / "folder", 30)
    server = start(folder, state=tmp_path / "state")
    client = server.client()
    for child in list(folder.iterdir()):
        shutil.rmtree(child)
    subprocess.run([program, "rescan", folder, "--state", tmp_path / "state"], check=False, timeout=30, capture_output=True)
    wait_until(lambda: "accept-removals" in status(client), 10)
    assert still_there(client, range(30))
    assert len(client.get("/iiif/collection").json()["items"]) == 30
    server.stop()
    again = start(folder, state=tmp_path / "state", indexed=False).client()
    assert still_there(again, range(30)), "the last state is served after a restart too"
    done = subprocess.run([program, "rescan", folder, "--accept-removals", "--state", tmp_path / "state"], timeout=30, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: again.get("/iiif/item-000/manifest").status in (404, 410), 10)


def test_a_missing_root(start, tmp_path, program):
    folder = fill(tmp_path / "folder", 5)
    client = start(folder, state=tmp_path / "state").client()
    folder.rename(tmp_path / "away")
    subprocess.run([program, "rescan", folder, "--state", tmp_path / "state"], check=False, timeout=30, capture_output=True)
    assert still_there(client, range(5))
    (tmp_path / "away").rename(folder)
    wait_indexed(client)
    assert still_there(client, range(5))


def test_many_items_vanish(start, tmp_path, program):
    """More than 20 items and more than five per cent."""
    folder = fill(tmp_path / "folder", 60)
    client = start(folder, state=tmp_path / "state").client()
    for item in range(25):
        shutil.rmtree(folder / f"item-{item:03}")
    subprocess.run([program, "rescan", folder, "--state", tmp_path / "state"], check=False, timeout=30, capture_output=True)
    wait_until(lambda: "accept-removals" in status(client), 10)
    assert still_there(client, range(60))


def test_a_few_items_vanish(start, tmp_path):
    folder = fill(tmp_path / "folder", 60)
    client = start(folder).client()
    for item in range(3):
        shutil.rmtree(folder / f"item-{item:03}")
    wait_until(lambda: len(client.get("/iiif/collection").json()["items"]) == 57, 5)
