"""Formats that armarium-decode reads by libraries which nothing else here uses: made on the spot, compared with libvips' reading or with what went in."""

import re
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

from fixtures.make_fixtures import gradient
from fixtures.rare_formats import slide_tile, write_exr, write_fits, write_slide
from golden.reference import difference, reference
from support.server import Server, wait_indexed

WIDTH, HEIGHT = 400, 300
SLIDE = 20_000
DRAWING = f"""<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"><rect width="200" height="300" fill="#c02010"/>
<circle cx="280" cy="150" r="90" fill="#1040a0"/></svg>"""
HIGH_THROUGHPUT = {"lossless.j2c": ["-reversible", "true"], "tiled.j2c": ["-reversible", "true", "-block_size", "{32,32}", "-tile_size", "{128,128}"],
                   "lossy.j2c": ["-reversible", "false", "-qstep", "0.005"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder of rare formats."""
    folder = tmp_path_factory.mktemp("rare") / "rare"
    folder.mkdir()
    source = folder.parent / "source.ppm"
    Image.fromarray(gradient(WIDTH, HEIGHT)).save(source)
    subprocess.run(["vips", "radsave", source, folder / "radiance.hdr"], check=True, capture_output=True)
    # Brighter than white in places, as such files are.
    write_exr(folder / "exposure.exr", (gradient(WIDTH, HEIGHT) / 255.0) ** 2.2 * 1.5)
    write_fits(folder / "stars.fits", gradient(WIDTH, HEIGHT)[:, :, 2])
    write_slide(folder / "slide.svs", SLIDE)
    (folder / "drawing.svg").write_text(DRAWING)
    if shutil.which("ojph_compress"):
        for name, options in HIGH_THROUGHPUT.items():
            subprocess.run(["ojph_compress", "-i", source, "-o", folder / name, *options], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def rare(folder, program):
    with Server(folder, program=program) as server:
        client = server.client()
        status = wait_indexed(client)
        assert status["problems"] == []
        yield client
        assert server.alive()


def service(client, name: str) -> tuple[str, dict]:
    base = f"/iiif/image/3/{name.rsplit('.', 1)[0]}"
    response = client.get(base + "/info.json")
    assert response.status == 200, f"{name}: {response.body[:200]!r}"
    return base, response.json()


@pytest.mark.parametrize("name", ["radiance.hdr", "exposure.exr", "stars.fits", "drawing.svg"])
def test_as_libvips_reads_it(rare, folder, name):
    base, info = service(rare, name)
    assert (info["width"], info["height"]) == (WIDTH, HEIGHT)
    whole = reference(folder / name)
    assert whole is not None and whole.size == (WIDTH, HEIGHT)
    # A reading that is all white or black would agree with anything as wrong as itself.
    assert np.asarray(whole.convert("RGB")).std() > 20
    assert difference(rare.get(f"{base}/full/max/0/default.png").image(), whole) < 1.5
    part = rare.get(f"{base}/130,90,120,100/max/0/default.png").image()
    assert difference(part, whole.crop((130, 90, 250, 190))) < 1.5
    small = rare.get(f"{base}/full/100,75/0/default.png").image()
    assert difference(small, whole.resize((100, 75), Image.Resampling.BOX)) < 6


def level_of(response) -> str:
    return re.search(r"level;desc=(\d+)", response.header("Server-Timing")).group(1)


def test_a_slide_is_read_by_tiles_and_levels(rare, folder):
    # 33005 is none of the compressions that the server reads itself: this goes by OpenSlide.
    base, info = service(rare, "slide.svs")
    assert (info["width"], info["height"]) == (SLIDE, SLIDE)
    assert info["tiles"][0]["width"] == 256
    tile = rare.get(f"{base}/5120,7680,256,256/256,256/0/default.png")
    assert tile.status == 200 and level_of(tile) == "0"
    assert difference(tile.image(), Image.fromarray(slide_tile(0))) < 1
    for level, factor in ((1, 4), (2, 16)):
        side = 256 * factor
        answer = rare.get(f"{base}/{side},{side * 2},{side},{side}/256,256/0/default.png")
        assert answer.status == 200 and level_of(answer) == str(level)
        assert difference(answer.image(), Image.fromarray(slide_tile(level))) < 1
    # All of it, small: from the last level, whose blue is its own.
    whole = rare.get(f"{base}/full/!300,300/0/default.png")
    assert whole.status == 200 and level_of(whole) == "2"
    assert abs(np.asarray(whole.image())[:, :, 2].mean() - 180) < 2


def test_a_tile_of_a_slide_does_not_decode_the_slide(folder, program):
    """The slide holds 1.2 GB of pixels: with two seconds for an answer, and with a worker that never saw it, a tile comes all the same."""
    with Server(folder, "--request-seconds", "2", program=program) as server:
        client = server.client()
        wait_indexed(client)
        base, _ = service(client, "slide.svs")
        for x in (0, 9984, 19712):
            answer = client.get(f"{base}/{x},{x},256,256/256,256/0/default.jpg")
            assert answer.status == 200, answer.body
        assert "decode;dur" in answer.header("Server-Timing")


@pytest.mark.skipif(shutil.which("ojph_compress") is None, reason="openjph-tools are not installed")
@pytest.mark.parametrize("name", HIGH_THROUGHPUT)
def test_high_throughput(rare, name):
    base, info = service(rare, name)
    assert (info["width"], info["height"]) == (WIDTH, HEIGHT)
    picture = Image.fromarray(gradient(WIDTH, HEIGHT))
    tolerance = 1.5 if name.startswith("lossy") else 1e-9
    assert difference(rare.get(f"{base}/full/max/0/default.png").image(), picture) < tolerance
    part = rare.get(f"{base}/100,60,150,140/max/0/default.png").image()
    assert difference(part, picture.crop((100, 60, 250, 200))) < tolerance
    small = rare.get(f"{base}/full/200,150/0/default.png").image()
    assert difference(small, picture.resize((200, 150), Image.Resampling.BOX)) < 8
