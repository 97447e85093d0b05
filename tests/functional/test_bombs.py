"""Files and documents that are made to exhaust a server: each answers with a clear sentence, within limits of time and memory, and costs only itself."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from functional.conftest import picture
from support.server import wait_until
from support.users import PASSWORD, basic

MOST_MEGABYTES = 1500
ALIASES = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join(['*' + chr(97 + level)] * 10)}]\n" for level in range(9))


def memory(server) -> int:
    """The most that the server ever held, in megabytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


def ranges(count: int) -> bytes:
    canvas = b'{"type":"Canvas","id":"https://x.example/c","width":1,"height":1,"items":[]}'
    return b'{"type":"Manifest","id":"https://x.example/m","label":{"en":["x"]},"items":[' + canvas + b'],"structures":[' + b",".join([b'{"type":"Range","items":[]}'] * count) + b"]}"


def deep(levels: int) -> bytes:
    return b'{"type":"Manifest","label":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}"


def huge(path: Path) -> None:
    """A gigabyte that costs no disk."""
    with path.open("wb") as file:
        file.write(b'{"type":"Manifest","label":{"en":["')
        file.truncate(1 << 30)


BOMBS = {
    "a gigabyte": ("manifest.json", huge, "large"),
    "deep": ("manifest.json", lambda path: path.write_bytes(b"[" * 40_000_000), "JSON"),
    "less deep": ("manifest.json", lambda path: path.write_bytes(deep(60)), "deep"),
    "a million ranges": ("manifest.json", lambda path: path.write_bytes(ranges(1_000_100)), "parts"),
    "a large number": ("manifest.json", lambda path: path.write_bytes(b'{"type":"Manifest","x":1e400}'), ""),
    "aliases": ("info.yml", lambda path: path.write_text(ALIASES), "more values"),
    "deep YAML": ("info.yml", lambda path: path.write_text("label: " + "[" * 5000), ""),
    "large YAML": ("info.yml", lambda path: path.write_text("label: " + "x" * (2 << 20)), "larger"),
    "aliases beside an item": ("p1.yml", lambda path: path.write_text(ALIASES), "more values"),
    "a wide table": ("crosswalk.csv", lambda path: path.write_text("format,field" + ",x y" * 100_000 + "\n"), "column"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_in_the_folder(start, tmp_path, name):
    file, make, word = BOMBS[name]
    folder = tmp_path / "folder"
    picture(folder / "book" / "p1.png")
    picture(folder / "other" / "p1.png")
    make(folder / "book" / file)
    server = start(folder)
    client = server.client()
    wait_until(lambda: client.get("/iiif/book/manifest").status == 200, 30)
    assert client.get("/iiif/other/manifest").status == 200
    told = client.get("/status", {"Accept": "application/json"}).json()["problems"]
    assert told and all(one["path"] == f"book/{file}" for one in told) and len(told) <= 100
    assert word in told[0]["reason"] and len(told[0]["reason"]) < 500
    assert memory(server) < MOST_MEGABYTES


@pytest.mark.parametrize("content, status", [(ranges(1_000_100), (400, 413)), (deep(60), (400,)), (b"[" * 40_000_000, (400,)), (b" " * (49 << 20), (413,)),
                                             (b'{"type":"Manifest","x":1e400}', (400,))], ids=["ranges", "deep", "deeper", "large", "number"])
def test_put_in(start, program, folder, content, status):
    made = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    server = start(folder, state=False)
    client = server.client()
    begun = time.monotonic()
    answer = client.request("PUT", "/iiif/new/manifest", basic("ada", **{"Content-Type": "application/json"}), content)
    assert answer.status in status and len(answer.json()["detail"]) > 10, answer.body
    assert time.monotonic() - begun < 30 and memory(server) < MOST_MEGABYTES
    assert client.get("/iiif/item-000/manifest").status == 200


def test_in_a_file_that_was_written_back(start, program, folder):
    made = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    server = start(folder, "--write-back", state=False)
    client = server.client()
    headers = basic("ada", **{"Content-Type": "application/merge-patch+json", "If-Match": "*"})
    assert client.request("PATCH", "/iiif/item-000/manifest", headers, json.dumps({"summary": {"en": ["One"]}}).encode()).status == 200
    path = folder / "item-000" / "written.yml"
    wait_until(path.exists, 15)
    for bomb in (ALIASES, "x: " + "[" * 100_000):
        unfinished = path.with_name(".new")
        unfinished.write_text(bomb)
        os.replace(unfinished, path)
        wait_until(lambda: client.get("/status", {"Accept": "application/json"}).json()["problems"] != [], 30)
        assert client.get("/iiif/item-000/manifest").json()["summary"] == {"en": ["One"]}
    assert memory(server) < MOST_MEGABYTES
