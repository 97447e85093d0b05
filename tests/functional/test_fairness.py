"""What keeps one client from taking the server from all others: budgets of pixels for a client, of memory for large pictures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
import pytest
from PIL import Image


@pytest.fixture
def large(tmp_path: Path) -> Path:
    folder = tmp_path / "folder" / "item"
    folder.mkdir(parents=True)
    y, x = numpy.mgrid[0:3000, 0:4000]
    pixels = numpy.stack([x % 251, y % 241, (x + y) % 239], axis=2).astype("uint8")
    Image.fromarray(pixels).save(folder / "p1.png", compress_level=1)
    return tmp_path / "folder"


def test_a_client_that_has_had_its_share_waits(start, folder):
    client = start(folder, "--client-megapixels", "1").client()
    # 60 x 40 pixels: up to twenty times as large each way, and what is asked for again is made no second time.
    answers = [client.get(f"/iiif/image/3/item-000~p1/full/%5E{width},/0/default.png") for width in range(600, 640)]
    statuses = [answer.status for answer in answers]
    assert statuses[0] == 200 and statuses[-1] == 429, statuses
    held = answers[-1]
    assert 1 <= int(held.header("Retry-After")) <= 61
    assert held.header("Content-Type") == "application/problem+json"
    assert held.header("Access-Control-Allow-Origin") == "*"
    assert client.get("/iiif/image/3/item-000~p1/full/%5E600,/0/default.png").status == 200, "what is kept costs nothing"
    assert client.get("/iiif/image/3/item-000~p1/info.json").status == 200
    assert client.get("/iiif/item-000/manifest").status == 200


def test_large_pictures_share_a_budget_of_memory(start, large):
    server = start(large, "--large-megabytes", "16", "--derivatives-gigabytes", "0")
    client = server.client()
    assert client.get("/iiif/image/3/item~p1/full/3900,/0/default.png").status == 200, "alone it may be larger than the budget"

    def ask(width: int) -> tuple[int, str | None]:
        answer = server.client().get(f"/iiif/image/3/item~p1/full/{width},/0/default.png")
        return answer.status, answer.header("Retry-After")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(3500, 3506)))
    statuses = sorted(status for status, _ in answers)
    assert statuses[0] == 200 and set(statuses) <= {200, 503}, statuses
    assert 503 in statuses
    assert all(wait for status, wait in answers if status == 503)
    assert client.get("/iiif/image/3/item~p1/0,0,256,256/max/0/default.png").status == 200, "tiles go on"
