"""Image API 2.1.1 where it differs from 3.0."""

import numpy as np
import pytest

from conformance.info_checks import check_info2, profile2
from support.arithmetic import Limits
from support.pictures import F1, F2, F4, F5, F6, F10, F11, F14, LIMIT_WIDTH, image2, image3

CONTEXT = "http://iiif.io/api/image/2/context.json"


@pytest.mark.ids("IMG2-001", "IMG2-002", "IMG2-003", "IMG2-004", "IMG2-021")
@pytest.mark.parametrize("name", [F1, F2, F4, F5, F6, F10, F11, F14, LIMIT_WIDTH, "sizes~1x1"])
def test_document(client, v2, name):
    response = v2.get(name, "info.json")
    assert response.status == 200
    assert check_info2(response.text) == []
    assert response.json()["@id"] == client.base + image2(name)


@pytest.mark.ids("IMG2-004")
def test_limits_stand_in_the_profile(v2):
    assert Limits.of(profile2(v2.info(F10))) == Limits(600, 400, profile2(v2.info(F10)).get("maxArea"))
    assert profile2(v2.info(F11))["maxArea"] == 100000


@pytest.mark.ids("IMG2-001")
def test_base_address_leads_to_the_document(client):
    response = client.get(image2(F1))
    assert response.status == 303 and response.header("Location") == client.base + image2(F1, "info.json")


@pytest.mark.ids("IMG2-005")
def test_full_is_a_size(v2):
    assert v2.size(F4, "full/full/0/default.jpg") == (300, 200)
    response = v2.get(F10, "full/full/0/default.jpg")
    assert response.status == 400, "the full size is over the limits of this picture"


@pytest.mark.ids("IMG2-006")
def test_max_is_a_size(v2):
    assert v2.size(F4, "full/max/0/default.jpg") == (300, 200)
    assert v2.size(F10, "full/max/0/default.jpg") == (600, 400)


@pytest.mark.ids("IMG2-007")
@pytest.mark.parametrize("size", ["^max", "^600,", "^pct:10", "^!10,10", "^10,10"])
def test_caret_is_unknown(v2, size):
    v2.refused(F4, f"full/{size}/0/default.jpg")


@pytest.mark.ids("IMG2-008")
@pytest.mark.parametrize(("size", "expected"), [("600,", (600, 400)), (",400", (600, 400)), ("pct:200", (600, 400)), ("600,400", (600, 400))])
def test_enlarging_only_if_declared(v2, size, expected):
    if "sizeAboveFull" in profile2(v2.info(F4)).get("supports", []):
        assert v2.size(F4, f"full/{size}/0/default.jpg") == expected
    else:
        v2.refused(F4, f"full/{size}/0/default.jpg")


@pytest.mark.ids("IMG2-009", "IMG2-010")
@pytest.mark.parametrize(("size", "expected"), [("pct:10", (600, 400)), ("600,", (600, 400)), (",400", (600, 400)), ("600,400", (600, 400)), ("500,500", (500, 500)),
                                                ("!600,600", (600, 400))])
def test_sizes(v2, size, expected):
    assert v2.size(F2, f"full/{size}/0/default.jpg") == expected


@pytest.mark.ids("IMG2-022")
def test_best_fit_stays_in_its_box(v2):
    width, height = v2.size(F4, "full/!250,180/0/default.jpg")
    assert width <= 250 and height <= 180 and abs(width / height - 1.5) < 0.02


@pytest.mark.ids("IMG2-011")
def test_square_is_declared(v2):
    declared = "regionSquare" in profile2(v2.info(F4)).get("supports", [])
    assert (v2.get(F4, "square/max/0/default.jpg").status == 200) == declared


@pytest.mark.ids("IMG2-012")
def test_bitonal(v2):
    assert set(np.unique(v2.pixels(F1, "full/full/0/bitonal.png"))) <= {0, 255}


@pytest.mark.ids("IMG2-013")
@pytest.mark.parametrize("headers", [{}, {"Accept": "*/*"}, {"Accept": "application/json"}, {"Accept": "text/html,*/*;q=0.8"}], ids=["none", "any", "json", "browser"])
def test_plain_json_by_default(client, headers):
    response = client.get(image2(F1, "info.json"), headers)
    assert response.status == 200 and response.media_type == "application/json"


@pytest.mark.ids("IMG2-013")
def test_linked_data_only_when_named(client):
    assert client.get(image2(F1, "info.json"), {"Accept": "application/ld+json"}).media_type == "application/ld+json"


@pytest.mark.ids("IMG2-014")
def test_context_link(client):
    links = client.get(image2(F1, "info.json")).links()
    assert links.get("http://www.w3.org/ns/json-ld#context", CONTEXT) == CONTEXT


@pytest.mark.ids("IMG2-015", "IMG2-016", "IMG2-017")
@pytest.mark.parametrize(("name", "asked", "canonical"), [
    (F4, "full/full/0/default.jpg", "full/full/0/default.jpg"),
    (F4, "full/max/0/default.jpg", "full/full/0/default.jpg"),
    (F4, "full/300,200/0/default.jpg", "full/full/0/default.jpg"),
    (F4, "full/150,100/0/default.jpg", "full/150,/0/default.jpg"),
    (F4, "full/,100/0/default.jpg", "full/150,/0/default.jpg"),
    (F4, "full/pct:50/0/default.jpg", "full/150,/0/default.jpg"),
    (F4, "full/100,100/0/default.jpg", "full/100,100/0/default.jpg"),
    (F1, "square/full/0/default.jpg", "full/full/0/default.jpg"),
    (F4, "pct:50,50,50,50/full/0/default.jpg", "150,100,150,100/full/0/default.jpg"),
    (F4, "full/full/90.0/default.jpg", "full/full/90/default.jpg"),
    (F4, "full/full/0.50/default.png", "full/full/.5/default.png"),
    (F4, "full/full/!22.50/default.png", "full/full/!22.5/default.png"),
])
def test_canonical_form(v2, name, asked, canonical):
    assert v2.canonical(name, asked) == canonical


@pytest.mark.ids("IMG2-018")
@pytest.mark.parametrize("name", [F2, F4, F10, F14, "sizes~1001x2003"])
def test_announced_sizes_answer_both_ways(v2, name):
    for entry in v2.info(name)["sizes"]:
        expected = (entry["width"], entry["height"])
        assert v2.size(name, f"full/{expected[0]},{expected[1]}/0/default.jpg") == expected
        got = v2.size(name, f"full/{expected[0]},/0/default.jpg")
        assert got[0] == expected[0] and abs(got[1] - expected[1]) <= 1


@pytest.mark.ids("IMG2-019", "IMG2-024")
@pytest.mark.parametrize("name", [F4, F5, F6])
def test_declared_qualities_and_formats_work(v2, name):
    extra = profile2(v2.info(name))
    entry = v2.info(name)["sizes"][0]
    for quality in {"default", *extra.get("qualities", [])}:
        for extension in {"jpg", "png", *extra.get("formats", [])}:
            rest = f"full/{entry['width']},{entry['height']}/0/{quality}.{extension}"
            assert v2.get(name, rest).status == 200, rest


@pytest.mark.ids("IMG2-023")
def test_open_to_every_origin(client):
    assert client.get(image2(F1, "info.json"), {"Origin": "https://x.test"}).header("Access-Control-Allow-Origin") == "*"


@pytest.mark.ids("IMG2-025")
@pytest.mark.parametrize("rest", ["info.json", "full/full/0/default.jpg"])
def test_profile_link(v2, rest):
    assert v2.get(F4, rest).links().get("profile") == "http://iiif.io/api/image/2/level2.json"


@pytest.mark.ids("IMG2-026")
@pytest.mark.parametrize("rest", ["10,20,100,90/50,/0/default.png", "full/!100,100/90/gray.png", "square/40,40/!180/bitonal.png", "full/max/33/default.png"])
def test_same_pixels_as_version_3(client, rest):
    second, third = client.get(image2(F4, rest)), client.get(image3(F4, rest))
    assert second.status == third.status == 200
    assert second.body == third.body


@pytest.mark.ids("IMG2-026")
@pytest.mark.parametrize("name", [F2, F4, F10, "sizes~1001x2003"])
def test_same_sizes_and_tiles_as_version_3(v2, v3, name):
    second, third = v2.info(name), v3.info(name)

    def bare(entries):
        return [{key: value for key, value in entry.items() if key != "type"} for entry in entries]

    assert (second["width"], second["height"]) == (third["width"], third["height"])
    assert bare(second["tiles"]) == bare(third["tiles"]) and bare(second["sizes"]) == bare(third["sizes"])


@pytest.mark.ids("IMG2-020")
def test_rights_become_a_licence(v2):
    assert "rights" not in v2.info("books~book~p1")
    assert v2.info("books~book~p1").get("license") == "http://creativecommons.org/licenses/by/4.0/"
