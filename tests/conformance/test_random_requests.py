"""Random requests on random sizes: status and dimensions as the arithmetic of the specification says, never a 500."""

import io

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from fixtures.make_fixtures import SIZES
from conformance.info_checks import profile2
from support.arithmetic import Bad, Limits, Range, Unsure, output_size, region_size
from support.pictures import F4

COMMON = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
PICTURES = [(f"sizes~{w}x{h}", w, h) for w, h in SIZES if w * h < 4_000_000]

numbers = st.one_of(st.integers(0, 12), st.integers(0, 2100), st.sampled_from([255, 256, 257, 511, 512, 513, 1001, 2003, 9999, 10000, 2**31, 2**32, 2**64]))
decimals = st.one_of(st.integers(0, 130).map(str), st.floats(0, 130, allow_nan=False).map(lambda value: f"{value:.3f}"), st.sampled_from(["33.33", ".5", "100.0", "0.01"]))


@st.composite
def regions(draw) -> str:
    kind = draw(st.sampled_from(["full", "square", "pixels", "pixels", "pixels", "percent"]))
    if kind == "pixels":
        return ",".join(str(draw(numbers)) for _ in range(4))
    if kind == "percent":
        return "pct:" + ",".join(draw(decimals) for _ in range(4))
    return kind


@st.composite
def sizes(draw) -> str:
    caret = draw(st.sampled_from(["", "", "^"]))
    kind = draw(st.sampled_from(["max", "w,", ",h", "w,h", "!w,h", "pct"]))
    side = st.one_of(st.integers(0, 12), st.integers(1, 1500))
    w, h = draw(side), draw(side)
    return caret + {"max": "max", "w,": f"{w},", ",h": f",{h}", "w,h": f"{w},{h}", "!w,h": f"!{w},{h}", "pct": f"pct:{draw(decimals)}"}[kind]


rotations = st.sampled_from(["0", "0", "0", "90", "180", "270", "!0", "!90"])
lasts = st.sampled_from(["default.jpg", "default.png", "gray.jpg", "color.png", "bitonal.png"])


def expect(region: str, size: str, width: int, height: int, limits: Limits, version: int, above: bool):
    """('bad', None), ('sure', (w, h)) or ('either', None) where rounding at a limit decides."""
    try:
        region_w, region_h = region_size(region, width, height)
    except Bad:
        return "bad", None
    if region_w.low != region_w.high or region_h.low != region_h.high:
        try:
            output_size(size, 10**6, 10**6, Limits(), version, above)
        except Bad:
            return "bad", None
        except Unsure:
            pass
        return "either", None
    w, h = region_w.low, region_h.low
    try:
        out = output_size(size, w, h, limits, version, above)
    except Bad:
        return "bad", None
    except Unsure:
        return "either", None
    if limits.refuse(out[0].high, out[1].high) and not size.endswith("max") and "!" not in size:
        return "either", None
    return "sure", out


@pytest.mark.ids("IMG3-001", "IMG3-025", "IMG3-028", "IMG3-031", "IMG3-063", "IMG3-064", "IMG3-161", "IMG3-162")
@COMMON
@given(picture=st.sampled_from(PICTURES), region=regions(), size=sizes(), rotation=rotations, last=lasts)
@example(picture=("sizes~1001x2003", 1001, 2003), region="0,0,1,1", size="max", rotation="0", last="default.jpg")
@example(picture=("sizes~9999x1", 9999, 1), region="full", size="10,", rotation="90", last="default.png")
def test_version_3(v3, picture, region, size, rotation, last):
    check(v3, 3, picture, region, size, rotation, last)


@pytest.mark.ids("IMG2-005", "IMG2-006", "IMG2-007", "IMG2-010")
@settings(COMMON, max_examples=100)
@given(picture=st.sampled_from(PICTURES), region=regions(), size=st.one_of(sizes(), st.just("full")), rotation=rotations, last=lasts)
def test_version_2(v2, picture, region, size, rotation, last):
    check(v2, 2, picture, region, size, rotation, last)


def check(service, version, picture, region, size, rotation, last) -> None:
    name, width, height = picture
    info = service.info(name)
    extra = info if version == 3 else profile2(info)
    kind, out = expect(region, size, width, height, Limits.of(extra), version, "sizeAboveFull" in extra.get("supports", []))
    response = service.get(name, f"{region}/{size}/{rotation}/{last}")
    assert response.header("Access-Control-Allow-Origin") == "*"
    assert response.status in (200, 400), f"{response.url}: {response.status}"
    if kind == "bad":
        assert response.status == 400, f"{response.url}: {response.status} {response.size() if response.status == 200 else ''}, 400 expected"
    elif kind == "sure":
        assert response.status == 200, f"{response.url}: {response.status} {response.body[:200]!r}, 200 expected"
        check_size(response, out, rotation)


def check_size(response, out: tuple[Range, Range], rotation: str) -> None:
    w, h = Image.open(io.BytesIO(response.body)).size
    if rotation.endswith("90") or rotation.endswith("270"):
        w, h = h, w
    assert w in out[0] and h in out[1], f"{response.url}: {w}x{h}, expected {out[0]} x {out[1]}"


JUNK = st.text(st.sampled_from("0123456789,.:!^+-%/pctfulmaxsquare~=&?#@ é\\\"<>[]{}|`'()*;"), max_size=12)


def escape(text: str) -> str:
    """Leave most of the junk raw, but nothing that would break the request line itself."""
    return "".join(c if "!" <= c <= "~" and c not in "#?" else "".join(f"%{b:02X}" for b in c.encode()) for c in text)


@pytest.mark.ids("IMG3-014", "IMG3-030", "IMG3-062", "IMG3-087", "IMG3-094", "IMG3-103")
@settings(COMMON, max_examples=300)
@given(name=st.one_of(st.just(F4), JUNK), region=st.one_of(st.just("full"), JUNK), size=st.one_of(st.just("max"), JUNK), rotation=st.one_of(st.just("0"), JUNK),
       last=st.one_of(st.just("default.jpg"), JUNK), version=st.sampled_from([2, 3]))
def test_junk_never_breaks_anything(client, name, region, size, rotation, last, version):
    base = f"/iiif/image/{version}/{escape(name)}"
    response = client.get(f"{base}/{escape(region)}/{escape(size)}/{escape(rotation)}/{escape(last)}")
    assert response.status < 500 or response.status == 501, f"{response.url}: {response.status}"
    assert response.header("Access-Control-Allow-Origin") == "*", response.url


@settings(COMMON, max_examples=150)
@given(st.lists(JUNK, max_size=5))
def test_junk_paths_never_break_anything(client, segments):
    response = client.get("/" + "/".join(map(escape, segments)))
    assert response.status < 500, f"{response.url}: {response.status}"
    assert response.header("Access-Control-Allow-Origin") == "*", response.url
