"""The state's disk is full: what was published is served, the lack is named, and what is new appears when there is space again."""

import os
import resource
import subprocess
from pathlib import Path

import pytest

from functional.conftest import fill, picture, sound
from support.server import Server, wait_indexed, wait_until

WORDS = "no space left"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own, sixteen megabytes large."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def use_up(disk: Path) -> Path:
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
    assert os.statvfs(disk).f_bavail == 0
    return filler


def status_of(client) -> dict:
    response = client.get("/status", {"Accept": "application/json"})
    assert response.status == 200
    return response.json()


def test_a_full_disk_costs_only_what_is_new(start, tmp_path, small_disk):
    folder = fill(tmp_path / "folder", 5)
    server = start(folder, state=small_disk / "state")
    client = server.client()
    assert status_of(client)["library"]["storage_warning"] == ""
    before = client.get("/iiif/collection").json()
    filler = use_up(small_disk)

    # More than lies ready in the pages that the database has already.
    for item in range(60):
        picture(folder / f"new-{item:02}" / "p1.png", 70 + item, 50)

    def named():
        """/status names the full disk"""
        return WORDS in status_of(client)["library"]["storage_warning"]

    wait_until(named, 20)
    assert WORDS in client.get("/status", {"Accept": "text/html"}).text
    assert client.get("/healthz").status == 200
    for item in range(5):
        assert client.get(f"/iiif/item-{item:03}/manifest").status == 200
        assert client.get(f"/iiif/image/3/item-{item:03}~p1/full/max/0/default.png").status == 200
    collection = client.get("/iiif/collection")
    assert collection.status == 200 and len(collection.json()["items"]) >= len(before["items"])
    refused = [client.get(f"/iiif/new-{item:02}/manifest") for item in range(60)]
    assert {response.status for response in refused} <= {200, 507} and 507 in {response.status for response in refused}
    assert all(WORDS in response.json()["detail"] for response in refused if response.status == 507)
    assert server.alive()

    filler.unlink()

    def complete():
        """everything is there, and nothing is said of the disk"""
        library = status_of(client)["library"]
        return not library["storage_warning"] and not library["scanning"] and len(client.get("/iiif/collection").json()["items"]) == 65

    wait_until(complete, 40)
    assert all(client.get(f"/iiif/new-{item:02}/manifest").status == 200 for item in range(60))
    assert server.stop() == 0
    assert sound(small_disk / "state")


def test_a_full_disk_at_the_start(program, tmp_path, small_disk):
    """It does not start, says why, and starts when there is space again."""
    folder = fill(tmp_path / "folder", 3)
    filler = use_up(small_disk)
    server = Server(folder, state=small_disk / "state", program=program)
    assert server.process.wait(20) == 1
    assert "space" in server.log_text()
    filler.unlink()
    with Server(folder, state=small_disk / "state", program=program) as server:
        wait_indexed(server.client())
        assert server.client().get("/iiif/item-001/manifest").status == 200


def test_a_disk_that_became_full_while_nothing_ran(program, tmp_path, small_disk):
    """What was published is served all the same."""
    folder = fill(tmp_path / "folder", 3)
    state = small_disk / "state"
    with Server(folder, state=state, program=program) as server:
        wait_indexed(server.client())
        assert server.client().get("/iiif/item-001/manifest").status == 200
    for again in range(2):
        filler = use_up(small_disk)
        with Server(folder, state=state, program=program) as server:
            client = server.client()
            for item in range(3):
                assert client.get(f"/iiif/item-{item:03}/manifest").status == 200
                assert client.get(f"/iiif/image/3/item-{item:03}~p1/full/max/0/default.png").status == 200
            assert client.get("/iiif/collection").status == 200 and client.get("/").status == 200
        filler.unlink()
        assert sound(state)
        with Server(folder, state=state, program=program) as server:  # with space again it is held for the next time
            picture(folder / f"later-{again}" / "p1.png")
            wait_until(lambda: server.client().get(f"/iiif/later-{again}/manifest").status == 200, 10)


def test_a_limit_on_the_size_of_files_is_a_full_disk(program, tmp_path):
    folder = fill(tmp_path / "folder", 3)
    with Server(folder, state=tmp_path / "state", program=program) as server:
        client = server.client()
        wait_indexed(client)
        # The write-ahead log has reached some size by now; it may not grow.
        largest = max(path.stat().st_size for path in (tmp_path / "state").rglob("*") if path.is_file())
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        for item in range(100):
            picture(folder / f"new-{item:02}" / "p1.png", 70 + item, 50)

        def named():
            """/status names the full disk"""
            return WORDS in status_of(client)["library"]["storage_warning"]

        wait_until(named, 20)
        assert client.get("/iiif/item-001/manifest").status == 200
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

        def complete():
            """everything is there"""
            return len(client.get("/iiif/collection").json()["items"]) == 103

        wait_until(complete, 40)
