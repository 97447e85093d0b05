"""../shared/data served whole: what libvips or Pillow opens, opens here; damage is named and costs only itself."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from golden.reference import difference, reference, thumbnail
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


def decodes_elsewhere(path: Path) -> bool:
    """Whether one of them gets further than the header."""
    if subprocess.run(["vips", "avg", str(path)], capture_output=True, timeout=120).returncode == 0:
        return True
    try:
        with Image.open(path) as picture:
            picture.load()
        return True
    except Exception:
        return False


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
    # Another program may show a part of a file in malformed/, or read no more than a header: here such a file opens, or what is wrong with it is named.
    status = json.dumps(client.get("/status", {"Accept": "application/json"}).json(), ensure_ascii=False)

    def named(text: str) -> bool:
        name = text.split(":")[0]
        return Path(name).name in status and (name.startswith("malformed/") or not decodes_elsewhere(data_folder / name))

    wrong = [text for text in wrong if not named(text)]
    assert wrong == [], f"{len(wrong)} of {sum(map(bool, pictures.values()))}:\n" + "\n".join(wrong)


# Where libvips (and mostly Pillow) give something else for a reason: path below images/ -> reason.
OTHERWISE = {
    "tiff/tiff_12bit": "twelve bits are scaled to eight, not cut", "tiff_depths/": "32-bit and floating-point samples are scaled to what they hold, not cut to eight bits",
    "j2k_conformance/": "signed and odd depths: libvips shows them as they are stored",
    "htj2k": "libvips 8.14 shows high-throughput components without undoing their colour transform",
    "jp2/": "restricted ICC profiles and sub-sampled colour, which libvips 8.14 passes over",
    "cmyk/": "inks without a usual profile are converted plainly",
    "icc/": "broken and unusual profiles",
    "png/": "gamma without a profile is applied",
    "depth16/": "high dynamic range", "avif/hdr": "high dynamic range", "avif_edge/": "gain maps, high dynamic range, sample transforms",
    "jxl/": "premultiplied alpha, spot colours, inks", "limits/": "too large to compare whole", "geotiff/": "a no-data value",
    "wsi/": "channels of fluorescence", "gif/": "frames are composed", "webp/animated": "frames are composed",
}
WHOLE = 4_000_000   # pixels: larger ones are compared by the sample collection and the fixtures


@pytest.mark.slow
def test_pixels_agree_with_libvips(data_server, data_folder, pictures):
    """Whole pictures, unscaled, so that no kernel has a say: as libvips reads them, or as Pillow does where that is nearer."""
    client = data_server.client(timeout=120)
    wrong, compared = [], 0
    for path, who in pictures.items():
        name = path.relative_to(data_folder).as_posix()
        if not who or not name.startswith("images/") or path.suffix.lower() in (".pdf", ".svg"):
            continue
        if any(name.removeprefix("images/").startswith(prefix) for prefix in OTHERWISE):
            continue
        found = find_service(client, path, data_folder)
        if found is None or found[1]["width"] * found[1]["height"] > WHOLE:
            continue
        response = client.get(f"{found[0]}/full/max/0/default.png")
        assert response.status == 200, name
        others = [picture for picture in (reference(path), by_pillow(path)) if picture is not None]
        distance = min((difference(response.image(), other) for other in others), default=0)
        compared += 1
        if distance > 3:
            wrong.append(f"{name}: {distance:.1f}")
    assert compared > 50
    assert wrong == [], "\n".join(wrong)


def by_pillow(path: Path) -> Image.Image | None:
    try:
        with Image.open(path) as picture:
            return ImageOps.exif_transpose(picture).convert("RGBA" if picture.mode in ("LA", "PA", "P") else "RGB")
    except Exception:
        return None


@pytest.mark.slow
def test_damage_is_named(data_server, data_folder, pictures):
    """Files that nobody else opens are shown here, or named at /status; the server lives."""
    client = data_server.client(timeout=120)
    broken = [path for path, who in pictures.items() if not who and path.relative_to(data_folder).parts[0] == "malformed"]
    assert broken
    shown = set()
    for path in broken:
        found = find_service(client, path, data_folder)
        if found and client.get(f"{found[0]}/full/!64,64/0/default.jpg").status == 200:
            shown.add(path)
    status = json.dumps(client.get("/status", {"Accept": "application/json"}).json(), ensure_ascii=False)
    missing = [str(path.relative_to(data_folder)) for path in broken if path not in shown and path.name not in status]
    assert missing == [], f"{len(missing)} of {len(broken)} are not named"
    assert data_server.alive() and client.get("/healthz").status == 200
