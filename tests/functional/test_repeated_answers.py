"""Answers that are given again from memory: as long as the file is what it was and no longer; their accounts and their lines in the log."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

from PIL import Image

from functional.conftest import picture
from support.server import wait_until

PICTURE = "/iiif/image/3/book~p1/full/max/0/default.jpg"
INFORMATION = "/iiif/image/3/book~p1/info.json"


def is_kept(client, target: str, **headers) -> bool:
    return "cache;desc=hit" in client.get(target, headers).header("Server-Timing")


def log_of(server) -> str:
    """All of it, read without moving the place at which the server writes."""
    return os.pread(server.log.fileno(), 10_000_000, 0).decode()


def replace(path: Path, width: int) -> None:
    new = path.with_name(".new.png")
    Image.new("RGB", (width, 40), (200, 30, 30)).save(new)
    os.replace(new, path)


def test_a_change_ends_what_was_kept(start, tmp_path):
    file = picture(tmp_path / "folder" / "book" / "p1.png")
    for other in ("one", "two", "three"):  # a folder that is empty at once is taken for a lost disk
        picture(tmp_path / "folder" / other / "p1.png")
    client = start(tmp_path / "folder").client()
    assert wait_until(lambda: is_kept(client, PICTURE) and is_kept(client, INFORMATION), 10)
    first = client.get(PICTURE)
    for _ in range(300):  # asked without a pause, as readers of one page do
        assert client.get(PICTURE).body == first.body
    replace(file, 90)
    assert wait_until(lambda: client.get(INFORMATION).json()["width"] == 90, 10)
    again = client.get(PICTURE)
    assert again.header("ETag") != first.header("ETag") and again.body != first.body
    assert wait_until(lambda: is_kept(client, PICTURE) and is_kept(client, INFORMATION), 10), "what is new is kept, too"
    file.unlink()
    assert wait_until(lambda: client.get(PICTURE).status == 410 and client.get(INFORMATION).status == 410, 10)


def test_kept_answers_are_those_that_were_asked_for(start, tmp_path):
    picture(tmp_path / "folder" / "book" / "p1.png")
    client = start(tmp_path / "folder").client()
    assert wait_until(lambda: is_kept(client, INFORMATION), 10)
    plain = client.get(INFORMATION, {"Accept": "application/json"})
    linked = client.get(INFORMATION)
    for _ in range(5):
        assert client.get(INFORMATION, {"Accept": "application/json"}).header("Content-Type") == plain.header("Content-Type") == "application/json"
        assert client.get(INFORMATION).header("Content-Type") == linked.header("Content-Type") != "application/json"
    assert plain.header("ETag") != linked.header("ETag")
    assert client.get(INFORMATION, {"If-None-Match": linked.header("ETag")}).status == 304
    assert client.get(PICTURE, {"Range": "bytes=2-5"}).body == client.get(PICTURE).body[2:6]
    assert client.head(PICTURE).body == b"" and client.head(PICTURE).header("Content-Length") == client.get(PICTURE).header("Content-Length")
    port = client.authority.rpartition(":")[2]
    assert client.get(INFORMATION, {"Host": f"localhost:{port}"}).json()["id"].startswith(f"http://localhost:{port}/")
    assert client.get(INFORMATION, {"Host": "evil.example"}).status == 421


def test_where_the_time_went(start, tmp_path):
    picture(tmp_path / "folder" / "book" / "p1.png")
    server = start(tmp_path / "folder")
    client = server.client()
    assert wait_until(lambda: is_kept(client, PICTURE), 10)
    for target in ("/iiif/book/manifest", "/nothing", INFORMATION, "/"):
        client.get(target)
    times = {(kind["route"], kind["plan"]): kind for kind in client.get("/status", {"Accept": "application/json"}).json()["times"]}
    made = times["image", "decoded"]
    assert made["answers"] == 1 and made["bytes"] == len(client.get(PICTURE).body) and made["bytes_read"] > 0
    stages = made["milliseconds"]
    assert set(stages) == {"wait", "plan", "read", "decode", "scale", "encode", "make", "send", "total"}
    assert stages["decode"] > 0 and stages["encode"] > 0 and abs(sum(stages.values()) - 2 * stages["total"]) < 0.1
    assert times["image", "kept"]["answers"] >= 1 and times["image", "kept"]["milliseconds"]["decode"] == 0
    assert times["presentation", "manifest"]["answers"] == 1
    assert times["none", "error"]["answers"] == 1
    assert times["image information", "document"]["answers"] == 1
    assert client.get("/status?format=json", {"Accept": "text/html"}).json()["times"]
    english = client.get("/status?lang=en", {"Accept": "text/html"}).text
    german = client.get("/status?lang=de", {"Accept": "text/html"}).text
    assert "Where the time went" in english and "Pictures: from the cache" in english and "Decoding" in english
    assert "Wo die Zeit blieb" in german and "Bilder: aus dem Zwischenspeicher" in german and "Dekodieren" in german
    metrics = client.get("/metrics").text
    assert re.search(r'armarium_http_stage_seconds_total\{plan="decoded",route="image",stage="decode"\} [\d.e-]+', metrics)
    assert 'armarium_http_requests_total{route="presentation",status="200"} 1' in metrics


def test_the_access_log_loses_no_line(start, tmp_path):
    """Lines wait for each other a moment, but not past a second, and not past the end."""
    picture(tmp_path / "folder" / "book" / "p1.png")
    server = start(tmp_path / "folder", "--access-log")
    clients, each = 4, 300
    server.client().get(PICTURE)
    assert wait_until(lambda: "path=" + PICTURE in log_of(server), 2), "within a second or so"
    before = log_of(server).count("path=" + PICTURE)

    def ask():
        client = server.client()
        for _ in range(each):
            assert client.get(PICTURE).status == 200

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.stop() == 0
    lines = [line for line in log_of(server).splitlines() if "path=" + PICTURE in line]
    assert len(lines) == before + clients * each
    form = r"\S+Z info access client=127\.0\.0\.0 method=GET path=\S+ route=image status=200 bytes=\d+ ms=\d+\.\d{3} complete=true"
    assert all(re.fullmatch(form, line) for line in lines), lines[0]
