"""Delivery derivatives: made of slow pictures when there is time or when `armarium optimize` asks, never over the source, gone with the cache."""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
from pathlib import Path

import numpy
import pytest
from PIL import Image

from support.server import wait_until

TILE = "/iiif/image/3/item~scan/512,1024,512,512/512,512/0/default.jpg"


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """One item with a plain JPEG of six megapixels."""
    folder = tmp_path / "scans"
    (folder / "item").mkdir(parents=True)
    y, x = numpy.mgrid[0:2000, 0:3000]
    pixels = numpy.stack([128 + 90 * numpy.sin(x / 61), 128 + 90 * numpy.cos(y / 53), (x + y) * 255 / 5000], axis=2)
    Image.fromarray(pixels.astype("uint8")).save(folder / "item" / "scan.jpg", quality=92)
    return folder


def derivatives(client) -> dict:
    return client.get("/status", {"Accept": "application/json"}).json()["derivatives"]


def pixels_of(body: bytes) -> numpy.ndarray:
    return numpy.asarray(Image.open(io.BytesIO(body)).convert("RGB")).astype(int)


def test_a_slow_picture_becomes_a_fast_one(start, program, scans, tmp_path):
    source = (scans / "item" / "scan.jpg").read_bytes()
    server = start(scans, state=tmp_path / "state")
    client = server.client()
    before = client.get(TILE)
    answer = subprocess.run([program, "optimize", str(scans / "item"), "--state", str(tmp_path / "state")], check=True, capture_output=True, text=True, timeout=60).stdout
    assert "1 pictures" in answer
    assert wait_until(lambda: derivatives(client)["count"] == 1, 120), derivatives(client)
    after = client.get(TILE)
    assert "stored" in after.header("Server-Timing")
    assert after.header("ETag") != before.header("ETag")
    assert numpy.abs(pixels_of(after.body) - pixels_of(before.body)).mean() < 3
    assert client.get(TILE, {"If-None-Match": after.header("ETag")}).status == 304
    assert (scans / "item" / "scan.jpg").read_bytes() == source
    assert {path.name for path in scans.rglob("*") if path.is_file()} == {"scan.jpg"}
    # The whole cache may be deleted at any time; another server makes it again.
    assert server.stop() == 0
    shutil.rmtree(tmp_path / "state" / "cache")
    client = start(scans, state=tmp_path / "state").client()
    assert client.get(TILE).status == 200


def test_nothing_half_written_survives_a_crash(start, scans, tmp_path):
    server = start(scans, state=tmp_path / "state")
    server.client().get(TILE)
    server.stop(number=signal.SIGKILL)
    again = start(scans, state=tmp_path / "state").client()
    assert not list((tmp_path / "state" / "cache").rglob("*.new"))
    again.get(TILE)
    assert wait_until(lambda: derivatives(again)["count"] == 1, 120), derivatives(again)
    assert "stored" in again.get(TILE).header("Server-Timing")


def test_off_by_choice(start, scans, tmp_path):
    client = start(scans, "--derivatives-gigabytes", "0", state=tmp_path / "state").client()
    assert client.get(TILE).status == 200
    assert not (tmp_path / "state" / "cache" / "derivatives").exists()
