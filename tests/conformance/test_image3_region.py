"""Image API 3.0, 4.1: regions."""

import numpy as np
import pytest

from conformance.conftest import source
from support.pictures import F1, F2, F4, F12, SIZE_OF


@pytest.mark.ids("IMG3-020")
def test_full_is_the_whole_picture(v3):
    """All hundred squares of the validator picture are in the answer."""
    pixels = v3.pixels(F1, "full/max/0/default.png")
    assert pixels.shape == (1000, 1000, 3)
    colours = {tuple(pixels[50 + 100 * row, 50 + 100 * column]) for row in range(10) for column in range(10)}
    assert len(colours) == 100


@pytest.mark.ids("IMG3-021", "IMG3-161")
def test_square_is_centred(v3):
    pixels = v3.pixels(F2, "square/max/0/default.png") if not limited(v3, F2) else None
    if pixels is None:
        pytest.skip("the picture is under limits that forbid 4000 x 4000")
    assert pixels.shape == (4000, 4000, 3)
    assert np.array_equal(pixels, source(F2)[:, 1000:5000])


def limited(service, name) -> bool:
    info = service.info(name)
    return info.get("maxWidth", 10**9) < 4000 or info.get("maxArea", 10**18) < 16_000_000


@pytest.mark.ids("IMG3-022", "IMG3-161")
def test_pixels_of_a_square_of_one_colour(v3):
    whole = v3.pixels(F1, "full/max/0/default.png")
    part = v3.pixels(F1, "200,300,100,100/max/0/default.png")
    assert part.shape == (100, 100, 3)
    assert np.array_equal(part, whole[300:400, 200:300])


@pytest.mark.ids("IMG3-022")
@pytest.mark.parametrize("box", [(0, 0, 1, 1), (1, 2, 3, 4), (255, 255, 2, 2), (256, 256, 256, 256), (5999, 3999, 1, 1), (1234, 2345, 777, 333)])
def test_pixels_exactly(v3, box):
    x, y, w, h = box
    pixels = v3.pixels(F2, f"{x},{y},{w},{h}/max/0/default.png")
    assert np.array_equal(pixels, source(F2)[y:y + h, x:x + w])


@pytest.mark.ids("IMG3-023", "IMG3-162")
def test_percent(v3):
    pixels = v3.pixels(F2, "pct:50,50,25,25/max/0/default.png")
    assert pixels.shape == (1000, 1500, 3)
    assert np.array_equal(pixels, source(F2)[2000:3000, 3000:4500])


@pytest.mark.ids("IMG3-024")
def test_percent_with_decimals(v3):
    width, height = v3.size(F2, "pct:41.6,7.5,40,70/max/0/default.jpg")
    assert abs(width - 2400) <= 1 and abs(height - 2800) <= 1


@pytest.mark.ids("IMG3-025")
def test_overhang_is_cropped(v3):
    pixels = v3.pixels(F2, "5900,3900,200,200/max/0/default.png")
    assert np.array_equal(pixels, source(F2)[3900:, 5900:])


@pytest.mark.ids("IMG3-026")
def test_overhang_in_percent_is_cropped(v3):
    assert v3.size(F2, "pct:90,90,50,50/max/0/default.jpg") == (600, 400)


@pytest.mark.ids("IMG3-027")
@pytest.mark.parametrize("region", ["0,0,0,10", "0,0,10,0", "0,0,0,0", "pct:0,0,0,10", "pct:0,0,10,0"])
def test_empty_region_is_refused(v3, region):
    v3.refused(F2, f"{region}/max/0/default.jpg")


@pytest.mark.ids("IMG3-028")
@pytest.mark.parametrize("region", ["6000,0,1,1", "0,4000,1,1", "7000,5000,10,10", "pct:100,0,1,1", "pct:0,100,1,1", "pct:200,0,1,1"])
def test_region_outside_is_refused(v3, region):
    v3.refused(F2, f"{region}/max/0/default.jpg")


@pytest.mark.ids("IMG3-029")
@pytest.mark.parametrize("region", ["-1,0,5,5", "0,-1,5,5", "0,0,-5,5", "1.5,0,5,5", "+1,0,5,5", "0,0,5.0,5"])
def test_pixels_are_non_negative_integers(v3, region):
    v3.refused(F2, f"{region}/max/0/default.jpg")


@pytest.mark.ids("IMG3-030", "IMG3-107")
@pytest.mark.parametrize("region", ["1,2,3", "1,2,3,4,5", "a,b,c,d", "1,%202,3,4", "pct:1,2,3", "pct:", "pct:a,0,1,1", "pct:+1,0,5,5",
                                    "pct:1e1,0,5,5", "0x10,0,5,5", ",,,", "1,2,3,", "smart", "pct:-1,0,5,5", "pct:0,0,NaN,5", "pct:0,0,inf,5"])
def test_what_does_not_parse_is_refused(v3, region):
    v3.refused(F2, f"{region}/max/0/default.jpg")


@pytest.mark.ids("IMG3-030")
def test_empty_region_segment(v3):
    v3.refused(F2, "/max/0/default.jpg", 400, 404)


@pytest.mark.ids("IMG3-031")
@pytest.mark.parametrize("region", ["0,0,99999999999999999999,1", "0,0,1,99999999999999999999", "0,0,18446744073709551616,18446744073709551616",
                                    "0,0,4294967296,1", "1,0,4294967295,1", "99999999999999999999,0,1,1"])
def test_huge_numbers_do_not_overflow(v3, region):
    response = v3.get(F2, f"{region}/max/0/default.png")
    assert response.status in (200, 400)
    if response.status == 200:
        width, height = response.size()
        assert (width, height) in {(6000, 1), (1, 4000), (5999, 1), (6000, 4000)}


@pytest.mark.ids("IMG3-032")
def test_region_follows_the_upright_picture(v3):
    info = v3.info(F12)
    assert (info["width"], info["height"]) == SIZE_OF[F12]
    corner = v3.pixels(F12, "0,0,10,10/max/0/default.png")
    assert np.abs(corner - source(F12)[:10, :10]).max() <= 24


@pytest.mark.ids("IMG3-032")
@pytest.mark.parametrize("number", range(1, 9))
def test_every_orientation_is_upright_once(v3, number):
    pixels = v3.pixels(f"exif~orientation-{number}", "full/max/0/default.png")
    assert pixels.shape == (160, 240, 3)
    assert np.abs(pixels - source(F12)).mean() < 4


@pytest.mark.ids("IMG3-033")
def test_max_of_one_pixel_is_one_pixel(v3):
    assert v3.size(F4, "0,0,1,1/max/0/default.jpg") == (1, 1)
    assert v3.size(F2, "0,0,1,1/max/0/default.jpg") == (1, 1)
