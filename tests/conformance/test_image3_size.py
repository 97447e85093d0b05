"""Image API 3.0, 4.2: sizes and limits."""

import math

import numpy as np
import pytest

from conformance.conftest import source
from support.arithmetic import Limits
from support.pictures import F2, F3, F4, F10, F11, F14, LIMIT_UPSCALE, LIMIT_WIDTH


@pytest.mark.ids("IMG3-040")
def test_max_is_the_region_itself(v3):
    assert np.array_equal(v3.pixels(F4, "full/max/0/default.png"), source(F4))


@pytest.mark.ids("IMG3-041")
def test_max_shrinks_to_width_and_height(v3):
    assert v3.size(F10, "full/max/0/default.jpg") == (600, 400)


@pytest.mark.ids("IMG3-041")
def test_max_shrinks_to_the_area(v3):
    width, height = v3.size(F11, "full/max/0/default.jpg")
    assert width * height <= 100000
    assert abs(width - 387) <= 1 and abs(height - 258) <= 1


@pytest.mark.ids("IMG3-042")
def test_full_is_no_size(v3):
    v3.refused(F4, "full/full/0/default.jpg")


@pytest.mark.ids("IMG3-043", "IMG3-161")
def test_width(v3):
    assert v3.size(F2, "full/600,/0/default.jpg") == (600, 400)


@pytest.mark.ids("IMG3-044", "IMG3-046", "IMG3-048", "IMG3-050")
@pytest.mark.parametrize("size", ["301,", ",201", "pct:100.1", "pct:120", "300,201", "301,10", "99999999999999999999,"])
def test_larger_than_the_region_is_refused(v3, size):
    v3.refused(F4, f"full/{size}/0/default.jpg")


@pytest.mark.ids("IMG3-045", "IMG3-161")
def test_height(v3):
    assert v3.size(F2, "full/,400/0/default.jpg") == (600, 400)


@pytest.mark.ids("IMG3-047", "IMG3-162")
@pytest.mark.parametrize(("size", "expected"), [("pct:12.5", (750, 500)), ("pct:10", (600, 400)), ("pct:.5", (30, 20)), ("pct:1.0", (60, 40))])
def test_percent(v3, size, expected):
    assert v3.size(F2, f"full/{size}/0/default.jpg") == expected


@pytest.mark.ids("IMG3-049", "IMG3-161")
def test_width_and_height_may_distort(v3):
    assert v3.size(F2, "full/500,500/0/default.jpg") == (500, 500)


@pytest.mark.ids("IMG3-051", "IMG3-162")
@pytest.mark.parametrize(("size", "expected"), [("!225,100", (150, 100)), ("!150,400", (150, 100)), ("!6000,400", (600, 400))])
def test_best_fit(v3, size, expected):
    assert v3.size(F2, f"full/{size}/0/default.jpg") == expected


@pytest.mark.ids("IMG3-052")
def test_best_fit_never_enlarges(v3):
    assert v3.size(F4, "full/!2000,3000/0/default.jpg") == (300, 200)


def upscaling(service, name) -> bool:
    return "sizeUpscaling" in service.info(name).get("extraFeatures", [])


@pytest.mark.ids("IMG3-053")
def test_caret_max_reaches_the_limit(v3):
    if not upscaling(v3, LIMIT_UPSCALE):
        pytest.skip("sizeUpscaling is not declared")
    assert v3.size(LIMIT_UPSCALE, "full/^max/0/default.jpg") == (600, 400)


@pytest.mark.ids("IMG3-054", "IMG3-055", "IMG3-163")
@pytest.mark.parametrize(("size", "expected"), [("^600,", (600, 400)), ("^,400", (600, 400)), ("^pct:200", (600, 400)), ("^500,500", (500, 500)),
                                                ("^!600,600", (600, 400)), ("^!100,100", (100, 67)), ("^150,100", (150, 100))])
def test_caret_enlarges(v3, size, expected):
    if not upscaling(v3, F4):
        pytest.skip("sizeUpscaling is not declared")
    width, height = v3.size(F4, f"full/{size}/0/default.jpg")
    assert width == expected[0] and abs(height - expected[1]) <= (1 if "!100" in size else 0)


@pytest.mark.ids("IMG3-056")
@pytest.mark.parametrize(("size", "expected"), [("^600,", (600, 400)), ("^,400", (600, 400)), ("^!600,600", (600, 400)), ("^pct:10", (600, 400))])
def test_caret_that_enlarges_nothing_works(v3, size, expected):
    assert v3.size(F2, f"full/{size}/0/default.jpg") == expected


@pytest.mark.ids("IMG3-058")
@pytest.mark.parametrize("size", ["^", "^abc", "^0,", "^pct:", ",^240", "^^max", "^!max", "!^100,100", "^full", "^,"])
def test_caret_with_bad_syntax(v3, size):
    v3.refused(F4, f"full/{size}/0/default.jpg")


@pytest.mark.ids("IMG3-059")
@pytest.mark.parametrize(("name", "size"), [(F10, "601,"), (F10, ",401"), (F10, "601,10"), (F10, "^601,"), (F10, "pct:50"),
                                            (F11, "600,"), (F11, "^600,"), (F11, "1000,101"), (LIMIT_UPSCALE, "^601,"), (LIMIT_UPSCALE, "^pct:201")])
def test_over_the_limits_is_refused(v3, name, size):
    v3.refused(name, f"full/{size}/0/default.jpg")


@pytest.mark.ids("IMG3-051", "IMG3-055")
@pytest.mark.parametrize(("name", "size", "expected"), [(F10, "!800,800", (600, 400)), (F10, "^!7000,7000", (600, 400)), (LIMIT_UPSCALE, "^!800,800", (600, 400))])
def test_best_fit_stops_at_the_limits(v3, name, size, expected):
    """As large as possible, but not larger than the region, w, h or the limits of the server (4.2)."""
    assert v3.size(name, f"full/{size}/0/default.jpg") == expected


@pytest.mark.ids("IMG3-060")
def test_missing_height_limit_is_the_width_limit(v3):
    v3.refused(LIMIT_WIDTH, "full/,601/0/default.jpg")
    assert v3.size(LIMIT_WIDTH, "full/max/0/default.jpg") == (60, 600)


@pytest.mark.ids("IMG3-061")
@pytest.mark.parametrize("size", ["0,", ",0", "0,0", "!0,10", "!10,0", "pct:0", "10,0"])
def test_no_side_is_zero(v3, size):
    v3.refused(F4, f"full/{size}/0/default.jpg")


@pytest.mark.ids("IMG3-061", "IMG3-064")
def test_tiny_percentage_never_breaks(v3):
    response = v3.get(F4, "full/pct:0.1/0/default.png")
    assert response.status in (200, 400)
    if response.status == 200:
        assert min(response.size()) >= 1


@pytest.mark.ids("IMG3-062", "IMG3-107")
@pytest.mark.parametrize("size", ["1.5,", "-5,", "+5,", ",", "!5,", "!,5", "5", "pct:+5", "pct:1e1", "pct:NaN", "pct:-5", "pct:", "5,5,5", "a,b", "Max", "!max",
                                  "pct:5,5", "%205,", "5,%20"])
def test_what_does_not_parse_is_refused(v3, size):
    v3.refused(F4, f"full/{size}/0/default.jpg")


@pytest.mark.ids("IMG3-063")
def test_derived_height_keeps_one_rule(v3):
    """The height that belongs to a width is its ratio rounded, always by the same rule."""
    rules = {"floor": math.floor, "ceil": math.ceil, "half up": lambda value: math.floor(value + 0.5), "half even": round}
    possible = set(rules)
    for width in list(range(1, 60)) + list(range(60, 1002, 37)):
        got = v3.size(F3, f"full/{width},/0/default.jpg")
        assert got[0] == width
        exact = width * 2003 / 1001
        assert got[1] in (math.floor(exact), math.ceil(exact)), f"{width}, gave {got}"
        possible &= {name for name, rule in rules.items() if rule(exact) == got[1]}
    assert possible, "no single rounding rule explains the heights"


@pytest.mark.ids("IMG3-064")
def test_thin_strip_keeps_one_pixel(v3):
    response = v3.get(F14, "full/100,/0/default.jpg")
    assert response.status in (200, 400)
    if response.status == 200:
        assert response.size() == (100, 1)


@pytest.mark.ids("IMG3-065")
def test_size_is_of_the_region(v3):
    assert v3.size(F2, "0,0,600,400/300,/0/default.jpg") == (300, 200)
    v3.refused(F2, "0,0,100,100/101,/0/default.jpg")


@pytest.mark.ids("IMG3-066", "IMG3-160")
@pytest.mark.parametrize("name", [F2, F3, F4, F10, F11, F14, LIMIT_WIDTH, "sizes~9999x1", "sizes~1x1", "sizes~2049x1537"])
def test_announced_sizes_are_served(v3, name):
    sizes = v3.info(name).get("sizes", [])
    assert sizes, "no sizes are announced"
    for entry in sizes:
        rest = f"full/{entry['width']},{entry['height']}/0/default.jpg"
        assert v3.size(name, rest) == (entry["width"], entry["height"])


@pytest.mark.ids("IMG3-068")
def test_limits_judge_before_the_rotation(v3):
    width, height = v3.size(F10, "full/max/45/default.png")
    assert abs(width - 708) <= 2 and abs(height - 708) <= 2


@pytest.mark.ids("IMG3-069")
def test_the_very_size_is_allowed(v3):
    assert np.array_equal(v3.pixels(F4, "full/300,200/0/default.png"), source(F4))
    assert np.array_equal(v3.pixels(F4, "full/pct:100/0/default.png"), source(F4))


@pytest.mark.ids("IMG3-057", "IMG3-132")
def test_caret_without_the_feature(v3):
    """Where upscaling is not declared it is refused as not implemented, not as a mistake."""
    if upscaling(v3, F4):
        limits = Limits.of(v3.info(F4))
        assert limits.width or limits.area, "sizeUpscaling needs maxWidth or maxArea (5.3)"
    else:
        v3.refused(F4, "full/^600,/0/default.jpg", 501, 400)
