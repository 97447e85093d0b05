"""../shared/data served whole: what libvips or Pillow opens, opens here; damage is named and costs only itself."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from golden.reference import difference, thumbnail
from support.client import Client
from support.pictures import encode, identifier
from support.server import Server, wait_indexed

SUFFIXES = {".jpg", ".jpeg", ".tif", ".tiff", ".png", ".webp", ".gif", ".jp2", ".j2k", ".jpx", ".jph", ".jhc", ".avif", ".heic", ".heif", ".jxl", ".pdf", ".svs",
            ".dcm", ".bmp", ".fits", ".svg"}


def opens_elsewhere(path: Path) -> str:
    """Which program of this machine opens the file: "vips", "pillow" or ""."""
    if subprocess.run(["vipsheader", str(path)], capture_output=True, timeout=60).returncode == 0:
        return "vips"
    try:
        with Image.open(path) as picture:
            picture.size
        return "pillow"
    except Exception:
        return ""


@pytest.fixture(scope="module")
def data_server(program, data_folder):
    server = Server(data_folder, program=program).wait_ready()
    wait_indexed(server.client(), 300)
    yield server
    assert server.alive(), f"the server died:\n{server.log_text()}"
    assert server.stop() == 0


@pytest.fixture(scope="module")
def pictures(data_folder) -> dict[Path, str]:
    """Picture -> who else opens it."""
    paths = sorted(path for path in data_folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(paths, pool.map(opens_elsewhere, paths)))


def find_service(client: Client, path: Path, root: Path) -> tuple[str, dict] | None:
    *folders, name = path.relative_to(root).parts
    for candidate in (identifier(*folders, Path(name).stem), identifier(*folders, name)):
        for suffix in ("", "=p1"):
            base = f"/iiif/image/3/{encode(candidate)}{suffix}"
            response = client.get(base + "/info.json")
            if response.status == 200:
                return base, response.json()
    return None


@pytest.mark.slow
def test_what_opens_elsewhere_opens_here(data_server, data_folder, pictures):
    client = data_server.client(timeout=120)
    wrong = []
    for path, who in pictures.items():
        if not who:
            continue
        name = str(path.relative_to(data_folder))
        found = find_service(client, path, data_folder)
        if found is None:
            wrong.append(f"{name}: no service ({who} opens it)")
            continue
        base, info = found
        response = client.get(f"{base}/full/!64,64/0/default.jpg")
        whole = thumbnail(path, 64) if who == "vips" else None
        if response.status != 200 and whole is not None:
            wrong.append(f"{name}: {info['width']}x{info['height']}, but {response.status} {response.body[:160]!r}")
    assert data_server.alive()
    # Of a file in malformed/ another program may show a part, or read no more than its size: here it opens, or its damage is named.
    status = json.dumps(client.get("/status", {"Accept": "application/json"}).json(), ensure_ascii=False)
    wrong = [text for text in wrong if not (text.startswith("malformed/") and Path(text.split(":")[0]).name in status)]
    assert wrong == [], f"{len(wrong)} of {sum(map(bool, pictures.values()))}:\n" + "\n".join(wrong)


@pytest.mark.slow
def test_pixels_agree_with_libvips(data_server, data_folder, pictures):
    """Small versions, so that resampling matters little; exotic colour (Lab, CMYK without profile, HDR) may differ more."""
    client = data_server.client(timeout=120)
    wrong = []
    for path, who in pictures.items():
        if who != "vips" or path.suffix.lower() in (".pdf", ".svg") or path.relative_to(data_folder).parts[0] != "images":
            continue
        found = find_service(client, path, data_folder)
        theirs = thumbnail(path, 64)
        if found is None or theirs is None:
            continue
        response = client.get(f"{found[0]}/full/{theirs.width},{theirs.height}/0/default.png")
        if response.status != 200:
            continue
        distance = difference(response.image(), theirs)
        exotic = any(word in str(path) for word in ("cmyk", "lab", "float", "hdr", "16", "icc", "limits", "conformance", "separated", "gamma", "profile0.10"))
        if distance > (60 if exotic else 8):
            wrong.append(f"{path.relative_to(data_folder)}: {distance:.1f}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.slow
def test_damage_is_named(data_server, data_folder, pictures):
    """Files that nobody opens are named at /status; the server lives."""
    client = data_server.client(timeout=120)
    broken = [path for path, who in pictures.items() if not who and path.relative_to(data_folder).parts[0] == "malformed"]
    assert broken
    for path in broken:
        *folders, name = path.relative_to(data_folder).parts
        client.get(f"/iiif/image/3/{encode(identifier(*folders, Path(name).stem))}/full/!64,64/0/default.jpg")
    status = json.dumps(client.get("/status", {"Accept": "application/json"}).json(), ensure_ascii=False)
    missing = [str(path.relative_to(data_folder)) for path in broken if path.name not in status and path.stem not in status]
    assert missing == [], f"{len(missing)} of {len(broken)} are not named"
    assert data_server.alive() and client.get("/healthz").status == 200
