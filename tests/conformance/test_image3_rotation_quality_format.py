"""Image API 3.0, 4.3 to 4.6: rotation, quality, format, order of operations."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from conformance.conftest import source
from support.arithmetic import rotated
from support.pictures import F1, F2, F4, F5, F6, F7, F8, F16

MAGIC = {"jpg": ("image/jpeg", b"\xff\xd8\xff"), "png": ("image/png", b"\x89PNG\r\n\x1a\n"), "tif": ("image/tiff", (b"II*\0", b"MM\0*")),
         "gif": ("image/gif", b"GIF8"), "jp2": ("image/jp2", b"\0\0\0\x0cjP  \r\n\x87\n"), "pdf": ("application/pdf", b"%PDF-"),
         "webp": ("image/webp", b"RIFF"), "avif": ("image/avif", None), "jxl": ("image/jxl", (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"))}
OPTIONAL = [name for name in MAGIC if name not in ("jpg", "png")]


def formats_of(service, name) -> set[str]:
    return {"jpg", "png"} | set(service.info(name).get("extraFormats", []))


def qualities_of(service, name) -> set[str]:
    return {"default"} | set(service.info(name).get("extraQualities", []))


@pytest.mark.ids("IMG3-081", "IMG3-162")
@pytest.mark.parametrize(("degrees", "turns"), [(0, 0), (90, 3), (180, 2), (270, 1)])
def test_right_angles_are_exact(v3, degrees, turns):
    pixels = v3.pixels(F4, f"full/max/{degrees}/default.png")
    assert np.array_equal(pixels, np.rot90(source(F4), turns))


@pytest.mark.ids("IMG3-081")
def test_clockwise(v3):
    pixels = v3.pixels(F4, "full/max/90/default.png")
    assert pixels.shape == (300, 200, 3)
    assert np.array_equal(pixels[0, 0], source(F4)[-1, 0])


@pytest.mark.ids("IMG3-082", "IMG3-163")
@pytest.mark.parametrize(("rotation", "turns"), [("!0", 0), ("!90", 3), ("!180", 2), ("!270", 1)])
def test_mirrored_first_then_turned(v3, rotation, turns):
    pixels = v3.pixels(F4, f"full/max/{rotation}/default.png")
    assert np.array_equal(pixels, np.rot90(source(F4)[:, ::-1], turns))


@pytest.mark.ids("IMG3-083", "IMG3-163")
@pytest.mark.parametrize("degrees", [22.5, 45, 1, 89.9, 135, 200, 315, 359.5, 0.5])
def test_any_angle_keeps_everything(v3, degrees):
    width, height = v3.size(F4, f"full/max/{degrees:g}/default.png")
    exact = rotated(300, 200, degrees)
    assert abs(width - exact[0]) <= 2 and abs(height - exact[1]) <= 2


@pytest.mark.ids("IMG3-083", "IMG3-106")
def test_any_angle_turns_clockwise_about_the_middle(v3):
    """The middle stays; the pixel right of it moves down."""
    picture = v3.picture(F1, "300,300,400,400/max/30/default.png").convert("RGB")
    expected = Image.fromarray(v3.pixels(F1, "300,300,400,400/max/0/default.png").astype(np.uint8)).rotate(-30, Image.Resampling.BICUBIC, expand=True)
    width, height = min(picture.width, expected.width), min(picture.height, expected.height)
    box = (width // 2 - 120, height // 2 - 120, width // 2 + 120, height // 2 + 120)
    difference = np.abs(np.asarray(picture.crop(box)).astype(int) - np.asarray(expected.crop(box)).astype(int))
    assert np.median(difference) <= 2 and difference.mean() < 12


@pytest.mark.ids("IMG3-084")
def test_corners_are_transparent_where_the_format_can(v3):
    picture = v3.picture(F4, "full/max/45/default.png")
    assert picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    corners = np.asarray(picture.convert("RGBA"))[[0, 0, -1, -1], [0, -1, 0, -1], 3]
    assert (corners == 0).all()


@pytest.mark.ids("IMG3-084")
def test_corners_of_a_jpeg_have_one_colour(v3):
    pixels = v3.pixels(F4, "full/max/45/default.jpg")
    corners = pixels[[2, 2, -3, -3], [2, -3, 2, -3]]
    assert np.abs(corners - corners[0]).max() <= 8


@pytest.mark.ids("IMG3-085")
def test_a_full_turn_is_none(v3):
    turned, upright = v3.get(F4, "full/max/360/default.png"), v3.get(F4, "full/max/0/default.png")
    assert turned.status == 200 and turned.body == upright.body
    assert v3.canonical(F4, "full/max/360/default.png") == "full/max/0/default.png"


@pytest.mark.ids("IMG3-086", "IMG3-087", "IMG3-107")
@pytest.mark.parametrize("rotation", ["361", "-90", "720", "360.1", "abc", "!", "90!", "!!90", "+90", "1e2", "90,0", "NaN", "0x10", "!-90", "%2090", "."])
def test_bad_rotation_is_refused(v3, rotation):
    v3.refused(F4, f"full/max/{rotation}/default.jpg")


@pytest.mark.ids("IMG3-087")
def test_empty_rotation_is_refused(v3):
    v3.refused(F4, "full/max//default.jpg", 400, 404)


@pytest.mark.ids("IMG3-088")
@pytest.mark.parametrize("spelling", ["90.0", "90.00", "090"])
def test_other_spellings_of_a_right_angle(v3, spelling):
    response = v3.get(F4, f"full/max/{spelling}/default.png")
    assert response.status == 200
    assert response.body == v3.get(F4, "full/max/90/default.png").body
    assert v3.canonical(F4, f"full/max/{spelling}/default.png") == "full/max/90/default.png"


@pytest.mark.ids("IMG3-090", "IMG3-001", "IMG3-080", "IMG3-100")
def test_the_plain_request(v3):
    response = v3.get(F1, "full/max/0/default.jpg")
    assert response.status == 200 and response.header("Content-Type") == "image/jpeg"
    assert response.body.startswith(b"\xff\xd8\xff") and response.size() == (1000, 1000)


@pytest.mark.ids("IMG3-091")
@pytest.mark.parametrize("name", [F1, F5, F6])
def test_color_always_answers(v3, name):
    assert v3.get(name, "full/max/0/color.png").status == 200


@pytest.mark.ids("IMG3-092", "IMG3-162")
@pytest.mark.parametrize("extension", ["png", "jpg"])
def test_gray_has_no_chroma(v3, extension):
    pixels = v3.pixels(F1, f"full/max/0/gray.{extension}")
    assert (pixels.max(2) - pixels.min(2)).max() == 0
    luma = v3.pixels(F1, "full/max/0/default.png") @ np.array([0.2126, 0.7152, 0.0722])
    rec601 = v3.pixels(F1, "full/max/0/default.png") @ np.array([0.299, 0.587, 0.114])
    assert min(np.abs(pixels[:, :, 0] - luma).mean(), np.abs(pixels[:, :, 0] - rec601).mean()) < 12


@pytest.mark.ids("IMG3-093", "IMG3-163")
def test_bitonal_has_two_values(v3):
    pixels = v3.pixels(F2, "0,0,1000,1000/500,/0/bitonal.png")
    assert set(np.unique(pixels)) <= {0, 255}
    pixels = v3.pixels(F1, "full/max/0/bitonal.png")
    assert set(np.unique(pixels)) == {0, 255}


@pytest.mark.ids("IMG3-094", "IMG3-017")
@pytest.mark.parametrize("quality", ["native", "grey", "Color", "Default", "colour", "x", "default%20", "1"])
def test_unknown_quality_is_refused(v3, quality):
    v3.refused(F1, f"full/max/0/{quality}.jpg")


@pytest.mark.ids("IMG3-095", "IMG3-096", "IMG3-131", "IMG3-132")
@pytest.mark.parametrize("name", [F1, F5, F6])
def test_qualities_are_declared(v3, name):
    """What answers is listed; only colour may answer without being listed, for a picture that has none."""
    answers = {quality for quality in ("color", "gray", "bitonal") if v3.get(name, f"full/max/0/{quality}.png").status == 200}
    declared = set(v3.info(name).get("extraQualities", []))
    assert answers - {"color"} == declared - {"color"}
    if name in (F5, F6):
        assert "color" not in declared


@pytest.mark.ids("IMG3-100", "IMG3-101", "IMG3-102", "IMG3-131", "IMG3-162", "IMG3-163")
@pytest.mark.parametrize("extension", sorted(MAGIC))
def test_every_declared_format(v3, extension):
    if extension not in formats_of(v3, F4):
        v3.refused(F4, f"full/max/0/default.{extension}", 400, 415)
        pytest.skip(f"{extension} is not declared, and refused")
    response = v3.get(F4, f"full/max/0/default.{extension}")
    media_type, magic = MAGIC[extension]
    assert response.status == 200, response.body[:300]
    assert response.media_type == media_type
    if magic:
        assert response.body.startswith(magic)
    if extension not in ("pdf", "jxl"):
        picture = response.image()
        assert picture.size == (300, 200)
        difference = np.abs(np.asarray(picture.convert("RGB")).astype(int) - source(F4))
        assert difference.mean() < (30 if extension == "gif" else 8)


@pytest.mark.ids("IMG3-131")
def test_the_promised_formats_are_all_there(v3):
    """jpg, png, webp, avif, gif, tif, jp2, jxl and pdf: all can be asked for."""
    assert set(MAGIC) <= formats_of(v3, F4)


@pytest.mark.ids("IMG3-103", "IMG3-017")
@pytest.mark.parametrize("last", ["default.xyz", "default.jpeg", "default", "default.", ".jpg", "default.JPG", "default.jpg.png", "default.tiff", "default.bmp"])
def test_unsupported_format_is_refused(v3, last):
    v3.refused(F4, f"full/max/0/{last}", 400, 404, 415)


@pytest.mark.ids("IMG3-104")
def test_pictures_are_not_negotiated(v3):
    response = v3.get(F4, "full/max/0/default.jpg", {"Accept": "image/png"})
    assert response.status == 200 and response.media_type == "image/jpeg"


@pytest.mark.ids("IMG3-105")
def test_alpha_is_kept_or_flattened(v3):
    kept = v3.picture(F7, "full/max/0/default.png")
    assert kept.mode == "RGBA" and np.asarray(kept)[100, 5, 3] < 20 < 230 < np.asarray(kept)[100, 295, 3]
    flat = v3.picture(F7, "full/max/0/default.jpg")
    assert flat.mode == "RGB" and np.asarray(flat)[100, 2].min() > 225, "transparency becomes white in a JPEG"


@pytest.mark.ids("IMG3-105")
@pytest.mark.parametrize("extension", ["png", "jpg"])
def test_sixteen_bits_become_eight(v3, extension):
    pixels = v3.pixels(F8, f"full/max/0/default.{extension}")
    assert np.abs(pixels - source(F4)).mean() < 4


@pytest.mark.ids("IMG3-105")
def test_cmyk_becomes_srgb(v3):
    """Not inverted, and close to what went in (the print profile holds a smaller gamut)."""
    pixels = v3.pixels(F16, "full/max/0/default.png")
    assert np.abs(pixels - source(F4)).mean() < 45
    assert np.corrcoef(pixels.reshape(-1), source(F4).reshape(-1))[0, 1] > 0.8


@pytest.mark.ids("IMG3-106")
def test_order_of_operations(v3):
    """Region, size, mirroring, rotation, quality, format."""
    width, height = v3.size(F4, "125,15,120,140/90,/!345/gray.png")
    assert abs(width - rotated(90, 105, 345)[0]) <= 2 and abs(height - rotated(90, 105, 345)[1]) <= 2
    pixels = v3.pixels(F4, "125,15,120,140/60,70/!90/default.png")
    region = Image.fromarray(source(F4).astype(np.uint8)).crop((125, 15, 245, 155))
    expected = ImageOps.mirror(region.resize((60, 70), Image.Resampling.BOX)).rotate(-90, expand=True)
    assert pixels.shape == (60, 70, 3)
    assert np.abs(pixels - np.asarray(expected).astype(int)).mean() < 8
