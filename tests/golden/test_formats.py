"""Every format of the sample collection and of the fixtures: size and pixels as libvips reads them."""

from pathlib import Path

import pytest

from golden.reference import difference, reduced_difference, reference
from support.pictures import encode, identifier
from support.server import ROOT, Server, wait_indexed

EXAMPLES = ROOT / "examples" / "collection"
PICTURES = {".jpg", ".tif", ".tiff", ".png", ".webp", ".gif", ".jp2", ".jph", ".avif", ".heic", ".jxl", ".pdf", ".svs"}
# How far a format may be from libvips' reading: the guess of a profile that a CMYK file does not have, the intent where it has one, the levels of
# a JPEG 2000 (sharper than a mean), the resolution of a PDF.
TOLERANCE = {"asters-cmyk.jpg": 40, "cmyk.jpg": 10, "room.png": 6, "p484.jp2": 8, "husky.jph": 6, "page-1.pdf": 10}
# Sizes that libvips and this program choose for themselves.
VECTOR = {".pdf"}


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES and "damaged" not in path.parts and "odd names" not in path.parts)


@pytest.fixture(scope="module")
def examples(program):
    with Server(EXAMPLES, program=program) as server:
        client = server.client()
        wait_indexed(client)
        yield client


def service_of(path: Path, root: Path) -> str:
    *folders, name = path.relative_to(root).parts
    return "/iiif/image/3/" + encode(identifier(*folders, Path(name).stem))


def service_with_page(client, path: Path, root: Path) -> tuple[str, dict]:
    """The image service of a file, or of its first page."""
    for suffix in ("", "=p1"):
        base = service_of(path, root) + suffix
        response = client.get(base + "/info.json")
        if response.status == 200:
            return base, response.json()
    pytest.fail(f"{path.relative_to(root)}: {response.status} {response.body[:200]!r}")


@pytest.mark.parametrize("path", files(EXAMPLES), ids=lambda path: path.name)
def test_sample(examples, path):
    compare(examples, path, EXAMPLES)


FIXTURES = ["pictures/gradient.tif", "pictures/bitonal.tif", "pictures/gray.png", "pictures/alpha.png", "pictures/sixteen.tif", "pictures/cmyk.jpg",
            "pictures/gif-palette.gif", "pictures/palette.png", "pictures/jp2-photo.jp2", "pictures/jpg-photo.jpg", "pictures/progressive.jpg",
            "pictures/webp-photo.webp", "multi/pages.tif", *(f"exif/orientation-{n}.jpg" for n in range(1, 9))]


@pytest.mark.parametrize("name", FIXTURES)
def test_fixture(client, fixture_folder, name):
    compare(client, fixture_folder / name, fixture_folder)


def compare(client, path: Path, root: Path) -> None:
    base, info = service_with_page(client, path, root)
    width, height = info["width"], info["height"]
    whole = reference(path)
    if whole is None:
        pytest.skip("libvips cannot read this file here")
    if path.suffix not in VECTOR:
        assert (width, height) == whole.size
    else:
        assert abs(width / height - whole.width / whole.height) < 0.01
    small = client.get(f"{base}/full/!400,400/0/default.png")
    assert small.status == 200, small.body[:300]
    got = small.image()
    tolerance = TOLERANCE.get(path.name, 3)
    assert reduced_difference(got, whole.convert("RGBA" if "A" in whole.getbands() else "RGB")) < tolerance + 2
    if path.suffix not in VECTOR:
        left, top = width // 3, height // 3
        side_w, side_h = min(256, width - left), min(256, height - top)
        part = client.get(f"{base}/{left},{top},{side_w},{side_h}/max/0/default.png")
        assert part.status == 200
        assert difference(part.image(), whole.crop((left, top, left + side_w, top + side_h))) < tolerance


def test_pages_one_by_one(client, fixture_folder):
    for page in range(3):
        response = client.get(f"/iiif/image/3/multi~pages=p{page + 1}/full/max/0/default.png")
        assert response.status == 200
        assert difference(response.image(), reference(fixture_folder / "multi" / "pages.tif", page)) < 0.01
