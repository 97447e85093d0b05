"""Scaled photographs against libvips' Lanczos-3, computed there without its own rounding of weights: within one level."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from golden.reference import vips
from support.server import ROOT, Server, wait_indexed

PHOTOGRAPHS = ROOT / "examples" / "collection" / "photographs"
SIDE = 720  # divisible by all factors


@pytest.fixture(scope="module")
def photographs(program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("photographs")
    for name in ("asters.jpg", "nuthatch.jpg"):
        picture = Image.open(PHOTOGRAPHS / name).convert("RGB")
        left, top = picture.width // 3, picture.height // 3
        part = np.asarray(picture.crop((left, top, left + SIDE, top + SIDE)))
        Image.fromarray(part).save(folder / f"{Path(name).stem}.webp", lossless=True)  # one level, no profile
    with Server(folder, program=program) as server:
        client = server.client()
        wait_indexed(client)
        yield client, folder


@pytest.mark.skipif(not shutil.which("vips"), reason="needs libvips-tools")
@pytest.mark.parametrize("name", ["asters", "nuthatch"])
@pytest.mark.parametrize("factor", [1.2, 1.5, 2, 2.5, 3, 4, 6, 8])
def test_agrees_with_libvips(photographs, tmp_path, name, factor):
    client, folder = photographs
    side = round(SIDE / factor)
    got = np.asarray(client.get(f"/iiif/image/3/{name}/full/{side},{side}/0/default.png").image().convert("RGB")).astype(int)
    for arguments in (["cast", folder / f"{name}.webp", tmp_path / "1.v", "float"], ["reduce", tmp_path / "1.v", tmp_path / "2.v", factor, factor, "--kernel", "lanczos3"],
                      ["round", tmp_path / "2.v", tmp_path / "3.v", "rint"], ["cast", tmp_path / "3.v", tmp_path / "4.png", "uchar"]):
        done = vips(*arguments)
        assert done.returncode == 0, done.stderr
    expected = np.asarray(Image.open(tmp_path / "4.png").convert("RGB")).astype(int)
    assert got.shape == expected.shape
    distance = np.abs(got - expected)
    # libvips takes the nearest of 64 phases where the factor is not whole, and its edge is a pixel wider.
    assert distance[2:-2, 2:-2].max() <= 1, f"largest distance {distance[2:-2, 2:-2].max()}, mean {distance.mean():.3f}"
