"""Region, size, rotation and quality of real pictures, against libvips' reading and Pillow's arithmetic."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from golden.reference import difference, reduced_difference, reference, rgb
from golden.test_formats import EXAMPLES, examples, service_of

SAMPLES = ["paintings/grande-jatte/seurat.tif", "photographs/asters.jpg", "print/berlinische-monatsschrift-1784/p484.jp2", "photographs/fox.avif", "photographs/husky.jph"]
REGIONS = [(0, 0, 1, 1), (0.31, 0.27, 0.4, 0.33), (0.5, 0.5, 0.5, 0.5), (0.9, 0.02, 0.07, 0.9)]

assert examples  # the fixture


def boxes(size):
    width, height = size
    for x, y, w, h in REGIONS:
        left, top = int(x * width), int(y * height)
        yield left, top, left + max(1, int(w * width)), top + max(1, int(h * height))


def ask(client, name: str, rest: str) -> Image.Image:
    response = client.get(f"{service_of(EXAMPLES / name, EXAMPLES)}/{rest}")
    assert response.status == 200, f"{name} {rest}: {response.status} {response.body[:200]!r}"
    return response.image()


@pytest.mark.parametrize("name", SAMPLES)
def test_regions_and_sizes(examples, name):
    whole = reference(EXAMPLES / name)
    for left, top, right, bottom in boxes(whole.size):
        region = whole.crop((left, top, right, bottom)).convert("RGB")
        text = f"{left},{top},{right - left},{bottom - top}"
        for fraction in (0.53, 0.25, 0.11):
            size = (max(1, int(region.width * fraction)), max(1, int(region.height * fraction)))
            if size[0] * size[1] > 1_500_000:
                continue
            got = ask(examples, name, f"{text}/{size[0]},{size[1]}/0/default.png")
            assert reduced_difference(got, region) < (13 if name.endswith((".jp2", ".jph")) else 6), f"{text} {size}"


@pytest.mark.parametrize("name", SAMPLES[:3])
def test_right_angles_and_mirrors(examples, name):
    whole = reference(EXAMPLES / name).convert("RGB")
    part = whole.crop((200, 300, 500, 500))
    for text, expected in {"90": part.rotate(-90, expand=True), "180": part.rotate(180), "270": part.rotate(90, expand=True), "!0": ImageOps.mirror(part),
                           "!90": ImageOps.mirror(part).rotate(-90, expand=True)}.items():
        assert difference(ask(examples, name, f"200,300,300,200/max/{text}/default.png"), expected) < 3, text


@pytest.mark.parametrize("name", SAMPLES[:3])
def test_any_angle(examples, name):
    part = reference(EXAMPLES / name).convert("RGB").crop((200, 300, 500, 500))
    got = ask(examples, name, "200,300,300,200/max/30/default.png")
    expected = part.rotate(-30, Image.Resampling.BICUBIC, expand=True)
    assert abs(got.width - expected.width) <= 2 and abs(got.height - expected.height) <= 2
    middle = (got.width // 2 - 70, got.height // 2 - 70, got.width // 2 + 70, got.height // 2 + 70)
    theirs = (expected.width // 2 - 70, expected.height // 2 - 70, expected.width // 2 + 70, expected.height // 2 + 70)
    assert difference(got.crop(middle), expected.crop(theirs)) < 14


@pytest.mark.parametrize("name", SAMPLES[:3])
def test_gray_and_bitonal(examples, name):
    part = reference(EXAMPLES / name).convert("RGB").crop((200, 300, 600, 700))
    gray = ask(examples, name, "200,300,400,400/max/0/gray.png").convert("L")
    assert np.abs(np.asarray(gray).astype(int) - np.asarray(part.convert("L")).astype(int)).mean() < 10
    bitonal = rgb(ask(examples, name, "200,300,400,400/max/0/bitonal.png"))
    assert set(np.unique(bitonal)) <= {0, 255}


@pytest.mark.parametrize("name", SAMPLES[:3])
def test_dithered_bitonal_keeps_the_mean(examples, name):
    """Where a picture is dithered its brightness stays; where it is cut at a threshold, both values appear for a picture with contrast."""
    bitonal = rgb(ask(examples, name, "full/300,/0/bitonal.png"))
    assert 0.02 < (bitonal == 255).mean() < 0.98


@pytest.mark.parametrize("extension", ["jpg", "webp", "avif", "tif", "jp2", "jxl", "gif"])
def test_output_formats(examples, extension, tmp_path):
    """Read back by libvips, since Pillow does not know all of them."""
    name = SAMPLES[1]
    response = examples.get(f"{service_of(EXAMPLES / name, EXAMPLES)}/300,300,400,300/max/0/default.{extension}")
    assert response.status == 200, response.body[:300]
    file = tmp_path / f"out.{extension}"
    file.write_bytes(response.body)
    got = reference(file)
    assert got is not None, f"libvips cannot read the {extension}"
    expected = reference(EXAMPLES / name).crop((300, 300, 700, 600))
    assert difference(got, expected) < (16 if extension == "gif" else 7)


def test_a_tile_has_the_colours_of_the_whole(examples):
    """Colour conversion is the same for a tile as for the whole picture, profile or not."""
    for name in ("paintings/grande-jatte/seurat.tif", "formats/asters-cmyk.jpg", "photographs/room.png"):
        info = examples.get(service_of(EXAMPLES / name, EXAMPLES) + "/info.json").json()
        box = (info["width"] // 2, info["height"] // 2, 200, 150)
        if info["width"] * info["height"] > 6_000_000:
            left, top = 1024, 1024
            big = ask(examples, name, f"{left},{top},1500,1200/max/0/default.png")
            small = ask(examples, name, f"{left + 700},{top + 500},200,150/max/0/default.png")
            assert difference(small, big.crop((700, 500, 900, 650))) < 0.5, name
            continue
        whole = ask(examples, name, "full/max/0/default.png")
        part = ask(examples, name, ",".join(map(str, box)) + "/max/0/default.png")
        assert difference(part, whole.crop((box[0], box[1], box[0] + 200, box[1] + 150))) < 0.5, name
