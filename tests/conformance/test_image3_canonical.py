"""Image API 3.0, 4.7: the canonical form; profile links."""

import numpy as np
import pytest

from support.pictures import F1, F2, F4, LIMIT_UPSCALE


@pytest.mark.ids("IMG3-110", "IMG3-111", "IMG3-112", "IMG3-113", "IMG3-163")
@pytest.mark.parametrize(("asked", "canonical"), [
    ("pct:0,0,100,100/!300,200/0.0/default.jpg", "full/max/0/default.jpg"),
    ("full/max/0/default.jpg", "full/max/0/default.jpg"),
    ("0,0,300,200/300,/0/default.jpg", "full/max/0/default.jpg"),
    ("0,0,9000,9000/300,200/0/default.jpg", "full/max/0/default.jpg"),
    ("full/150,/0/default.jpg", "full/150,100/0/default.jpg"),
    ("full/,100/0/default.jpg", "full/150,100/0/default.jpg"),
    ("full/pct:50/0/default.jpg", "full/150,100/0/default.jpg"),
    ("full/!150,500/0/default.jpg", "full/150,100/0/default.jpg"),
    ("full/100,100/0/default.jpg", "full/100,100/0/default.jpg"),
    ("square/max/0/default.jpg", "50,0,200,200/max/0/default.jpg"),
    ("pct:50,50,50,50/max/0/default.jpg", "150,100,150,100/max/0/default.jpg"),
    ("290,190,50,50/max/0/default.jpg", "290,190,10,10/max/0/default.jpg"),
    ("full/^150,/0/default.jpg", "full/150,100/0/default.jpg"),
    ("full/max/!90.0/default.png", "full/max/!90/default.png"),
    ("full/max/0.50/default.png", "full/max/0.5/default.png"),
    ("full/max/.5/default.png", "full/max/0.5/default.png"),
    ("full/max/22.5000/default.png", "full/max/22.5/default.png"),
    ("full/max/0/color.jpg", "full/max/0/default.jpg"),
    ("full/max/0/gray.jpg", "full/max/0/gray.jpg"),
])
def test_canonical_form(v3, asked, canonical):
    assert v3.canonical(F4, asked) == canonical


@pytest.mark.ids("IMG3-112")
@pytest.mark.parametrize("asked", ["full/^600,/0/default.jpg", "full/^,400/0/default.jpg", "full/^pct:200/0/default.jpg", "full/^!600,900/0/default.jpg"])
def test_canonical_form_of_an_enlargement(v3, asked):
    """Under limits of 600 x 600 this is also the largest size, `^max`; without such limits it is `^600,400`."""
    assert v3.canonical(LIMIT_UPSCALE, asked) in ("full/^600,400/0/default.jpg", "full/^max/0/default.jpg")
    assert v3.canonical(F4, asked) == "full/^600,400/0/default.jpg"


@pytest.mark.ids("IMG3-114")
def test_canonical_quality(v3):
    assert v3.canonical(F1, "full/100,/0/color.jpg") == "full/100,100/0/default.jpg"


@pytest.mark.ids("IMG3-115")
@pytest.mark.parametrize("asked", ["pct:10,10,33.3,47/pct:37.5/90.0/color.png", "square/!333,777/!180/gray.png", "1,2,3003,2001/,501/0/default.png",
                                   "pct:0,0,100,100/^!600,600/22.50/default.png"])
def test_canonical_form_is_a_fixed_point(v3, asked):
    canonical = v3.canonical(F2, asked)
    assert v3.canonical(F2, canonical) == canonical
    first, second = v3.picture(F2, asked), v3.picture(F2, canonical)
    assert first.size == second.size and np.array_equal(np.asarray(first), np.asarray(second))


@pytest.mark.ids("IMG3-116", "IMG3-117")
def test_an_odd_spelling_answers_or_redirects(v3):
    response = v3.get(F4, "pct:0,0,100,100/!300,200/0.0/default.jpg")
    assert response.status in (200, 301, 302, 303)
    if response.status != 200:
        assert response.header("Location").startswith("http")
        assert response.header("Access-Control-Allow-Origin") == "*"


@pytest.mark.ids("IMG3-118", "IMG3-163")
@pytest.mark.parametrize("rest", ["full/max/0/default.jpg", "info.json"])
def test_profile_link(v3, rest):
    response = v3.get(F4, rest)
    assert response.links().get("profile") == f"http://iiif.io/api/image/3/{v3.info(F4)['profile']}.json"
