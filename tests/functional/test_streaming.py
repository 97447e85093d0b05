"""Pictures that are made while they are sent: what is held is strips, not the picture, and the client sets the pace."""

from __future__ import annotations

import http.client
import io
import json
import re
import socket
import struct
import subprocess
import threading
import time
import zlib
from pathlib import Path

import numpy
import pytest
from PIL import Image

from support.server import wait_until

TILE = 256
HUGE = 20480  # a side: 419 megapixels
LARGE = 5120  # 26 megapixels, above the 16 from which pictures are made in strips
MEBIBYTE = 1 << 20


def tiles() -> list[numpy.ndarray]:
    """Three tiles; which of them lies where tells a slip by a row or column of tiles."""
    y, x = numpy.mgrid[0:TILE, 0:TILE]
    return [numpy.stack([(x + 40 * i) % 256, (y * (i + 1)) // 3 % 256, numpy.full_like(x, 80 * i)], axis=2).astype("uint8") for i in range(3)]


def which(column: int, row: int) -> int:
    return (column + 2 * row) % 3


def tiled_tiff(path: Path, side: int) -> Path:
    """A deflate TIFF whose many tiles lie in the file three times only: hundreds of megapixels in a few kilobytes."""
    across = side // TILE
    packed = [zlib.compress(tile.tobytes()) for tile in tiles()]
    starts, at = [], 16
    for one in packed:
        starts.append(at)
        at += len(one)
    order = [which(i % across, i // across) for i in range(across * across)]
    offsets = struct.pack(f"<{len(order)}Q", *(starts[i] for i in order))
    counts = struct.pack(f"<{len(order)}Q", *(len(packed[i]) for i in order))
    at += at % 2
    entries = [(256, 4, 1, side), (257, 4, 1, side), (258, 3, 3, 8 | 8 << 16 | 8 << 32), (259, 3, 1, 8), (262, 3, 1, 2), (277, 3, 1, 3),
               (322, 4, 1, TILE), (323, 4, 1, TILE), (324, 16, len(order), at), (325, 16, len(order), at + len(offsets))]
    directory = at + len(offsets) + len(counts)
    data = bytearray(struct.pack("<2sHHHQ", b"II", 43, 8, 0, directory) + b"".join(packed))
    data += bytes(len(data) % 2) + offsets + counts + struct.pack("<Q", len(entries))
    data += b"".join(struct.pack("<HHQQ", *entry) for entry in entries) + bytes(8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def expected(side: int) -> numpy.ndarray:
    kinds, across = tiles(), side // TILE
    return numpy.concatenate([numpy.concatenate([kinds[which(x, y)] for x in range(across)], axis=1) for y in range(across)], axis=0)


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("streaming")
    tiled_tiff(folder / "item" / "huge.tif", HUGE)
    tiled_tiff(folder / "item" / "large.tif", LARGE)
    return folder


def address(page: str, rest: str) -> str:
    return f"/iiif/image/3/item~{page}/{rest}"


class Memory:
    """The most anonymous memory of a process while it is watched, in bytes."""

    def __init__(self, pid: int):
        self.pid, self.peak, self.done = pid, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def now(self) -> int:
        return int(re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text()).group(1)) * 1024

    def watch(self) -> None:
        while not self.done.wait(0.02):
            self.peak = max(self.peak, self.now())

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.done.set()
        self.thread.join()


def status(server) -> dict:
    return json.loads(server.client().get("/status").body)


def held(server) -> int:
    return status(server)["work"]["large_bytes"]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def ask(server, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(server.client().authority, timeout=120)
    connection.request(method, path, headers=headers)
    return connection, connection.getresponse()


def raw(server, request: str) -> socket.socket:
    host, port = server.client().authority.split(":")
    connection = socket.create_connection((host, int(port)), timeout=120)
    connection.sendall(request.encode())
    return connection


def test_the_whole_of_a_huge_picture_takes_strips_of_memory(start, library, tmp_path):
    server = start(library)
    with Memory(server.process.pid) as memory:
        idle = memory.now()
        connection, answer = ask(server, address("huge", "full/max/0/default.jpg"))
        assert answer.status == 200
        assert answer.getheader("Transfer-Encoding") == "chunked" and answer.getheader("Accept-Ranges") is None
        kept = tmp_path / "huge.jpg"
        with kept.open("wb") as file:
            while piece := answer.read(MEBIBYTE):
                file.write(piece)
        connection.close()
    assert memory.peak - idle < 150 * MEBIBYTE, f"{(memory.peak - idle) / MEBIBYTE:.0f} MB above idle"
    wait_until(lambda: held(server) == 0, 5)  # the answer's last byte is out before its parts are taken down
    with Image.open(kept) as picture:
        assert picture.size == (HUGE, HUGE)
        picture.draft("RGB", (HUGE // 8, HUGE // 8))  # decoded at an eighth
        small = numpy.asarray(picture.convert("RGB")).astype(int)
    step = TILE // 8
    means = small.reshape(HUGE // TILE, step, HUGE // TILE, step, 3).mean(axis=(1, 3))
    wanted = [tile.reshape(-1, 3).mean(axis=0) for tile in tiles()]
    for row in range(HUGE // TILE):
        for column in range(HUGE // TILE):
            assert abs(means[row, column] - wanted[which(column, row)]).max() < 4, (column, row)


@pytest.mark.parametrize("form", ["png", "tif"])
def test_formats_without_loss_are_complete(start, library, form):
    server = start(library)
    connection, answer = ask(server, address("large", f"full/max/0/default.{form}"))
    assert answer.status == 200 and answer.getheader("Accept-Ranges") is None
    body = answer.read()
    if form == "tif":
        assert int(answer.getheader("Content-Length")) == len(body), "its length is known"
    with Image.open(io.BytesIO(body)) as picture:
        assert (numpy.asarray(picture) == expected(LARGE)).all()


def test_grey_mirrored_and_scaled_are_streamed_too(start, library):
    server = start(library)
    whole = expected(LARGE)
    grey = ask(server, address("large", "full/max/!0/gray.png"))[1]
    assert "plan;desc=streamed" in grey.getheader("Server-Timing")
    with Image.open(io.BytesIO(grey.read())) as picture:
        luma = (whole[:, ::-1].astype(int) * [299, 587, 114]).sum(axis=2)
        assert picture.mode == "L" and abs(numpy.asarray(picture).astype(int) - luma / 1000).max() <= 1
    scaled = ask(server, address("huge", "full/5120,/0/default.png"))[1]
    assert "plan;desc=streamed" in scaled.getheader("Server-Timing")
    with Image.open(io.BytesIO(scaled.read())) as picture:
        assert picture.size == (5120, 5120)
        found = numpy.asarray(picture).astype(int)
    for column, row in ((0, 0), (79, 79), (40, 3), (3, 40)):
        inside = found[row * 64 + 16:row * 64 + 48, column * 64 + 16:column * 64 + 48, 2]
        assert abs(inside - 80 * which(column, row)).max() <= 1, (column, row)


def test_a_pdf_is_complete(start, library):
    body = ask(start(library), address("large", "full/max/0/default.pdf"))[1].read()
    assert body.startswith(b"%PDF-1.4") and body.endswith(b"%%EOF\n")
    table = int(re.search(rb"startxref\n(\d+)\n", body).group(1))
    entries = re.findall(rb"(\d{10}) 00000 n", body[table:])
    for number, offset in enumerate(entries, 1):
        assert body[int(offset):].startswith(b"%d 0 obj" % number)
    length = int(re.match(rb"6 0 obj\n(\d+)", body[int(entries[5]):]).group(1))
    start_of_picture = body.index(b"/Length 6 0 R >>\nstream\n") + len(b"/Length 6 0 R >>\nstream\n")
    assert body[start_of_picture + length:].startswith(b"\nendstream")
    with Image.open(io.BytesIO(body[start_of_picture:start_of_picture + length])) as picture:
        assert picture.size == (LARGE, LARGE)
        assert abs(numpy.asarray(picture)[::7, ::7].astype(int) - expected(LARGE)[::7, ::7]).mean() < 6


def test_head_conditions_and_ranges_make_nothing_needlessly(start, library):
    server = start(library)
    path = address("huge", "full/max/0/default.jpg")
    before, began = cpu_seconds(server.process.pid), time.monotonic()
    connection, head = ask(server, path, "HEAD")
    assert head.status == 200 and head.getheader("Content-Type") == "image/jpeg" and head.read() == b""
    tag = head.getheader("ETag")
    again = ask(server, path, **{"If-None-Match": tag})[1]
    assert again.status == 304 and again.getheader("ETag") == tag
    assert time.monotonic() - began < 2 and cpu_seconds(server.process.pid) - before < 0.5
    part = ask(server, address("large", "full/max/0/default.jpg"), Range="bytes=0-99")[1]
    assert part.status == 200 and part.getheader("Content-Range") is None
    assert len(part.read()) > 100_000
    wait_until(lambda: held(server) == 0, 5)


def test_http_1_0_ends_with_the_connection(start, library):
    server = start(library)
    connection = raw(server, f"GET {address('large', 'full/max/0/default.jpg')} HTTP/1.0\r\nHost: {server.client().authority}\r\n\r\n")
    everything = bytearray()
    while piece := connection.recv(MEBIBYTE):
        everything += piece
    head, _, body = bytes(everything).partition(b"\r\n\r\n")
    assert b" 200 " in head and b"Transfer-Encoding" not in head
    assert body.endswith(b"\xff\xd9")
    with Image.open(io.BytesIO(body)) as picture:
        picture.load()


def test_http_2(start, library):
    server = start(library)
    base = f"http://{server.client().authority}"
    old = ask(server, address("large", "full/max/0/default.jpg"))[1].read()
    new = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "100", "--http2-prior-knowledge", base + address("large", "full/max/0/default.jpg")],
                         check=True, capture_output=True).stdout
    assert new == old


def test_a_client_that_leaves_stops_the_work(start, library):
    server = start(library)
    for protocol in ("--http1.1", "--http2-prior-knowledge"):
        client = subprocess.Popen(["curl", "--silent", protocol, "--limit-rate", "2M", f"http://{server.client().authority}{address('huge', 'full/max/0/default.jpg')}"],
                                  stdout=subprocess.DEVNULL)
        wait_until(lambda: held(server) > 0, 10)
        time.sleep(0.5)
        assert client.poll() is None
        client.kill()
        client.wait()
        wait_until(lambda: held(server) == 0, 2, 0.02)
        before = cpu_seconds(server.process.pid)
        time.sleep(0.5)
        assert cpu_seconds(server.process.pid) - before < 0.2, protocol


def test_a_client_that_reads_slowly_holds_strips_and_no_thread(start, library):
    server = start(library)
    with Memory(server.process.pid) as memory:
        idle = memory.now()
        connection = raw(server, f"GET {address('huge', 'full/max/0/default.tif')} HTTP/1.1\r\nHost: {server.client().authority}\r\n\r\n")
        connection.recv(1000)
        time.sleep(1)
        before = cpu_seconds(server.process.pid)
        time.sleep(1)
        assert cpu_seconds(server.process.pid) - before < 0.1, "nothing is made that nobody takes"
        assert 0 < held(server) < 150 * MEBIBYTE
        wait_until(lambda: status(server)["work"]["running"] <= 1, 5)  # the one that asks for the status
        connection.close()
    assert memory.peak - idle < 150 * MEBIBYTE
    wait_until(lambda: held(server) == 0, 5)


def test_two_at_once_and_tiles_beside_them(start, library):
    server = start(library)
    bodies: list[bytes] = []

    def read() -> None:
        bodies.append(ask(server, address("large", "full/max/0/default.png"))[1].read())

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    slowest = 0.0
    while any(reader.is_alive() for reader in readers):
        began = time.monotonic()
        assert server.client().get(address("large", "256,256,256,256/max/0/default.jpg")).status == 200
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.05)
    assert slowest < 2
    assert len(bodies) == 2 and bodies[0] == bodies[1]
    with Image.open(io.BytesIO(bodies[0])) as picture:
        picture.load()


def test_what_needs_the_whole_picture_says_so(start, library):
    server = start(library)
    for rest in ("full/max/0/default.webp", "full/max/90/default.jpg", "full/max/0/default.jp2"):
        connection, answer = ask(server, address("huge", rest))
        problem = json.loads(answer.read())
        assert answer.status == 400, rest
        assert answer.getheader("Content-Type") == "application/problem+json"
        assert "pixels" in problem["detail"], problem
    assert status(server)["problems"] == []


def test_a_failure_in_the_middle_is_no_complete_answer(start, tmp_path):
    folder = tmp_path / "folder"
    path = tiled_tiff(folder / "item" / "huge.tif", HUGE)
    server = start(folder)
    connection, answer = ask(server, address("huge", "full/max/0/default.jpg"))
    answer.read(1000)
    path.write_bytes(b"")  # the file that is being read loses its bytes
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        while answer.read(MEBIBYTE):
            pass
    wait_until(lambda: held(server) == 0, 5)
