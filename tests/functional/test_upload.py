"""Files that people send: tus 1.0.0 at /uploads and PUT at /files. Who may, how it goes on after a break, and what never gets into the folder."""

import base64
import hashlib
import io
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from fixtures.make_fixtures import gradient
from functional.conftest import fill
from support.server import wait_until
from support.users import PASSWORD, basic

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def tiff(width: int = 300, height: int = 200) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(width, height)).save(out, "TIFF")
    return out.getvalue()


def metadata(**values: str | bytes) -> str:
    return ",".join(f"{key} {base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()}" for key, value in values.items())


def add_users(program, folder: Path, *users: str) -> None:
    for user in users:
        name, role = user.split(":")
        made = subprocess.run([program, "user", "add", name, "--role", role, "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60)
        assert made.returncode == 0, made.stderr


@pytest.fixture
def shelf(program, folder):
    """The folder of three items, with users."""
    add_users(program, folder, "ada:editor", "eve:editor", "rita:reader", "max:contributor")
    return folder


@pytest.fixture
def served(start, shelf):
    return start(shelf, "--uploads", state=False)


def create(client, length: int, name="new.tif", folder="", who="ada", body: bytes = b"", **more):
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata(filename=name, folder=folder), **(BYTES if body else {})}
    headers.update({key.replace("_", "-"): value for key, value in more.items()})
    return client.request("POST", "/uploads", basic(who, **headers), body)


def patch(client, address: str, offset: int, body: bytes, who="ada", **more):
    headers = {**TUS, **BYTES, "Upload-Offset": str(offset)}
    headers.update({key.replace("_", "-"): value for key, value in more.items()})
    return client.request("PATCH", address, basic(who, **headers), body)


def offset_of(client, address: str, who="ada"):
    answer = client.head(address, basic(who, **TUS))
    assert answer.status == 200, answer.status
    return int(answer.header("Upload-Offset"))


def put(client, path: str, body: bytes, who="ada", **more):
    return client.request("PUT", path, basic(who, **{key.replace("_", "-"): value for key, value in more.items()}), body)


def unfinished(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".armarium" / "uploads").iterdir())


def test_a_file_in_parts_appears_as_an_item(served, shelf):
    client = served.client()
    content = tiff()
    made = create(client, len(content), "p1.tif", "maps/atlas")
    assert made.status == 201 and made.header("Tus-Resumable") == "1.0.0" and made.header("Upload-Expires"), made.body
    address = made.header("Location")
    assert address.startswith(client.base + "/uploads/")
    assert offset_of(client, address) == 0
    assert not (shelf / "maps").exists()
    first = patch(client, address, 0, content[:1000])
    assert first.status == 204 and first.header("Upload-Offset") == "1000", first.body
    told = client.head(address, basic("ada", **TUS))
    assert told.header("Upload-Offset") == "1000" and told.header("Upload-Length") == str(len(content)) and told.header("Cache-Control") == "no-store"
    assert told.header("Upload-Metadata") == metadata(filename="p1.tif", folder="maps/atlas")
    assert client.get("/iiif/maps~atlas/manifest").status == 404
    last = patch(client, address, 1000, content[1000:])
    assert last.status == 204 and last.header("Upload-Offset") == str(len(content)), last.body
    assert (shelf / "maps" / "atlas" / "p1.tif").read_bytes() == content
    # At once, without a wait.
    manifest = client.get("/iiif/maps~atlas/manifest")
    assert manifest.status == 200, manifest.body
    assert [canvas["width"] for canvas in manifest.json()["items"]] == [300]
    assert client.get("/iiif/image/3/maps~atlas~p1/full/max/0/default.jpg").size() == (300, 200)

    def listed():
        return "/iiif/maps/collection" in client.get("/iiif/collection").text

    wait_until(listed, 10)
    assert offset_of(client, address) == len(content)  # the last answer may have been lost
    assert [name for name in unfinished(shelf) if name.endswith(".part")] == []
