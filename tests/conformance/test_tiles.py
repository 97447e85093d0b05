"""All tiles of every level, put together, are the picture asked for at that size: no seam, no missing column."""

import math
from fractions import Fraction

import numpy as np
import pytest

from fixtures.make_fixtures import SIZES
from support.arithmetic import derived
from support.pictures import F2, F10, SIZE_OF

NAMES = [f"sizes~{width}x{height}" for width, height in SIZES] + ["codestream~67352ccc-d1b0-11e1-89ae-279075081939", "pictures~jp2-photo", "pictures~jpg-photo",
                                                                 "exif~orientation-6", "pictures~sixteen", "pictures~cmyk"]


def tile_requests(info: dict, factor: int, tile_width: int, tile_height: int):
    """Image API 3.0, implementation notes, tile region parameter calculation: (column, row, region, size)."""
    width, height = info["width"], info["height"]
    for row in range(math.ceil(height / (tile_height * factor))):
        for column in range(math.ceil(width / (tile_width * factor))):
            x, y = column * tile_width * factor, row * tile_height * factor
            w, h = min(tile_width * factor, width - x), min(tile_height * factor, height - y)
            yield column, row, (x, y, w, h), (math.ceil(w / factor), math.ceil(h / factor))


def levels(info: dict):
    for entry in info["tiles"]:
        for factor in entry["scaleFactors"]:
            yield factor, entry["width"], entry.get("height", entry["width"])


def fetch(service, name, info, region, size) -> np.ndarray:
    text = ",".join(map(str, region))
    if region == (0, 0, info["width"], info["height"]):
        text = "full"
    pixels = service.pixels(name, f"{text}/{size[0]},{size[1]}/0/default.png")
    assert pixels.shape[:2] == (size[1], size[0]), f"{name} {text} {size}: got {pixels.shape[1]}x{pixels.shape[0]}"
    return pixels


@pytest.mark.ids("IMG3-067", "IMG3-160", "IMG2-019")
@pytest.mark.parametrize("name", NAMES)
def test_tiles_make_the_picture(v3, name):
    info = v3.info(name)
    assert info.get("tiles"), "no tiles are announced"
    for factor, tile_width, tile_height in levels(info):
        width, height = math.ceil(info["width"] / factor), math.ceil(info["height"] / factor)
        whole = fetch(v3, name, info, (0, 0, info["width"], info["height"]), (width, height))
        stitched = np.full_like(whole, -1)
        for column, row, region, size in tile_requests(info, factor, tile_width, tile_height):
            y, x = row * tile_height, column * tile_width
            stitched[y:y + size[1], x:x + size[0]] = fetch(v3, name, info, region, size)
        assert (stitched >= 0).all(), f"factor {factor}: a gap between tiles"
        compare(whole, stitched, f"{name}, factor {factor}", smooth=name.startswith(("sizes", "exif")))


def compare(whole: np.ndarray, stitched: np.ndarray, what: str, smooth: bool) -> None:
    difference = np.abs(whole - stitched)
    assert difference.mean() < 4, f"{what}: mean difference {difference.mean():.2f}"
    if smooth and min(whole.shape[:2]) > 8:
        # Red and green are slow ramps, so a lost row or column or a seam stands out at once.
        assert difference[:, :, :2].max() <= 12, f"{what}: largest difference {difference[:, :, :2].max()} at {np.argwhere(difference[:, :, :2] > 12)[0]}"


@pytest.mark.ids("IMG3-067")
@pytest.mark.parametrize("name", [F2, F10])
def test_tiles_of_a_large_picture(v3, name):
    """Corners, middle and last tiles of every level of a pyramid, against the computed pixels."""
    info = v3.info(name)
    width, height = SIZE_OF[name]
    for factor, tile_width, tile_height in levels(info):
        requests = list(tile_requests(info, factor, tile_width, tile_height))
        chosen = {0, len(requests) - 1, len(requests) // 2, max(0, requests[-1][0])}
        for column, row, region, size in (requests[index] for index in sorted(chosen)):
            pixels = fetch(v3, name, info, region, size)
            x, y, w, h = region
            expected_red = 255 * (x + (np.arange(size[0]) + 0.5) * w / size[0] - 0.5) / (width - 1)
            expected_green = 255 * (y + (np.arange(size[1]) + 0.5) * h / size[1] - 0.5) / (height - 1)
            assert np.abs(pixels[:, :, 0] - expected_red[None, :]).max() <= 4, f"{name} factor {factor} tile {column},{row}: columns"
            assert np.abs(pixels[:, :, 1] - expected_green[:, None]).max() <= 4, f"{name} factor {factor} tile {column},{row}: rows"


@pytest.mark.ids("IMG3-067", "IMG2-018")
@pytest.mark.parametrize("name", [f"sizes~{width}x{height}" for width, height in SIZES])
def test_tiles_also_answer_to_the_width_alone(either, name):
    """Viewers ask for `w,` instead of `w,h`; both have the same size (pitfall 7)."""
    info = either.info(name)
    for factor, tile_width, tile_height in levels(info):
        *_, (column, row, region, size) = tile_requests(info, factor, tile_width, tile_height)
        got = either.size(name, f"{','.join(map(str, region))}/{size[0]},/0/default.jpg")
        # The last column may be one pixel wide and stand for less than a pixel of the level: then the ratio of the region decides.
        exact = derived(Fraction(size[0] * region[3], region[2]))
        assert got[0] == size[0] and (got[1] in exact or abs(got[1] - size[1]) <= 1), f"factor {factor}, tile {column},{row}: {got}, not {size}"


def test_levels_reach_one_tile(v3):
    """The last level of a pyramid is a picture of at most one tile, so that a viewer can start with one request."""
    for name in NAMES:
        info = v3.info(name)
        factor = max(f for f, _, _ in levels(info))
        tile = info["tiles"][0]
        assert math.ceil(info["width"] / factor) <= tile["width"] * 1 and math.ceil(info["height"] / factor) <= tile.get("height", tile["width"]), name
