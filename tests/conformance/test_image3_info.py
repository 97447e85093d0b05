"""Image API 3.0, 2, 3 and 5: identifiers, information document."""

import re
from urllib.parse import unquote

import pytest

from conformance.info_checks import check_info3
from support.pictures import F1, F2, F4, F5, F6, F10, F11, F12, F13, F14, LIMIT_UPSCALE, LIMIT_WIDTH, SIZE_OF, encode, image3, odd_identifiers

ALL = [F1, F2, F4, F5, F6, F10, F11, F12, F13, F14, LIMIT_WIDTH, LIMIT_UPSCALE, "sizes~1001x2003", "pictures~cmyk", "pictures~sixteen"]


@pytest.mark.ids("IMG3-002", "IMG3-004", "IMG3-120", "IMG3-121", "IMG3-122", "IMG3-123", "IMG3-124", "IMG3-125", "IMG3-126", "IMG3-127", "IMG3-128",
                 "IMG3-129", "IMG3-130", "IMG3-133", "IMG3-134", "IMG3-135", "IMG3-136", "IMG3-137")
@pytest.mark.parametrize("name", ALL)
def test_document(v3, name):
    response = v3.get(name, "info.json")
    assert response.status == 200
    assert check_info3(response.text) == []


@pytest.mark.ids("IMG3-003", "IMG3-004")
@pytest.mark.parametrize("name", [F1, F2, *odd_identifiers()])
def test_id_is_what_was_asked(client, v3, name):
    assert v3.info(name)["id"] == client.base + image3(name)


@pytest.mark.ids("IMG3-123")
@pytest.mark.parametrize("name", sorted(SIZE_OF))
def test_width_and_height(v3, name):
    info = v3.info(name)
    assert (info["width"], info["height"]) == SIZE_OF[name]


@pytest.mark.ids("IMG3-006", "IMG3-161")
def test_base_address_leads_to_the_document(client, v3):
    response = client.get(image3(F1))
    assert response.status == 303
    assert response.header("Location") == client.base + image3(F1, "info.json")
    assert response.header("Access-Control-Allow-Origin") == "*"


@pytest.mark.ids("IMG3-006", "IMG3-013")
def test_base_address_of_an_unknown_identifier(client):
    assert client.get(image3("nothing-here")).status == 404


@pytest.mark.ids("IMG3-007")
def test_base_address_with_a_slash(client):
    assert client.get(image3(F1) + "/").status in (303, 404)


@pytest.mark.ids("IMG3-008")
def test_encoded_slash_is_accepted_and_echoed(client):
    """The spelling with %2F names the same picture, and `id` equals what was asked (contract, Identifiers)."""
    address = "/iiif/image/3/pictures%2Fsmall"
    response = client.get(address + "/info.json")
    assert response.status == 200
    assert response.json()["id"] == client.base + address
    assert client.get(address + "/full/max/0/default.jpg").size() == (300, 200)


@pytest.mark.ids("IMG3-008")
def test_raw_slash_is_no_part_of_an_identifier(client):
    assert client.get("/iiif/image/3/pictures/small/info.json").status == 404


@pytest.mark.ids("IMG3-009", "IMG3-010")
@pytest.mark.parametrize("name", odd_identifiers())
def test_odd_identifiers(v3, name):
    info = v3.info(name)
    assert unquote(info["id"].rsplit("/", 1)[1]) == name
    assert v3.size(name, "full/max/0/default.png") == (info["width"], info["height"])


@pytest.mark.ids("IMG3-009")
def test_no_double_decoding(client):
    """`x%3Cy` is the name; asked without its own percent encoded it would mean `x<y`, which is not there."""
    assert client.get("/iiif/image/3/odd%20names~x%253Cy/info.json").status == 200
    assert client.get("/iiif/image/3/odd%20names~x%3Cy/info.json").status == 404


@pytest.mark.ids("IMG3-011")
def test_needless_encoding_changes_nothing(client):
    spelled = image3(F1).replace("-", "%2D")
    assert client.get(spelled + "/full/100,/0/default.png").body == client.get(image3(F1, "full/100,/0/default.png")).body
    assert client.get(spelled + "/info.json").status == 200


@pytest.mark.ids("IMG3-012")
@pytest.mark.parametrize("raw", ["[frob]", "<x>", "a|b", "a^b", "a`b", "{x}", '"x"', "a\\b"])
def test_raw_special_characters_are_refused(client, raw):
    assert client.get(f"/iiif/image/3/{raw}/full/max/0/default.jpg").status in (400, 404)


@pytest.mark.ids("IMG3-013")
@pytest.mark.parametrize("rest", ["info.json", "full/max/0/default.jpg"])
def test_unknown_identifier(v3, rest):
    v3.refused("nothing-here", rest, 404)
    v3.refused("pictures~nothing-here", rest, 404)


@pytest.mark.ids("IMG3-014")
@pytest.mark.parametrize("name", ["..%2f..%2fetc%2fpasswd", "..%2F..%2F..%2Fetc%2Fpasswd", "%00", "pictures~small%00.png", "..%5C..%5Cetc", "%2e%2e%2f%2e%2e",
                                  "~~", "..~..~etc~passwd", "%FF%FE", "=GG", "=", "%2Fetc%2Fpasswd", ".armarium", "tree~hashed~.dot", ".armariumignore"])
def test_hostile_identifiers(client, name):
    response = client.get(f"/iiif/image/3/{name}/info.json")
    assert response.status in (400, 404)
    assert b"root:" not in response.body


@pytest.mark.ids("IMG3-014")
@pytest.mark.parametrize("length", [1025, 5000, 20000])
def test_overlong_identifier(client, length):
    assert client.get(f"/iiif/image/3/{'a' * length}/info.json").status in (400, 404, 414, 431)


@pytest.mark.ids("IMG3-015")
def test_query_is_ignored(v3):
    assert v3.get(F4, "full/max/0/default.png?x=1").body == v3.get(F4, "full/max/0/default.png").body
    assert v3.get(F4, "info.json?x=1").json() == v3.info(F4)


@pytest.mark.ids("IMG3-001")
@pytest.mark.parametrize("rest", ["full/max/0", "full/max/0/default.jpg/x", "full/max/default.jpg", "info.json/x", "info.xml", "info", "full/max/0/default.jpg/"])
def test_wrong_number_of_segments(v3, rest):
    v3.refused(F4, rest, 400, 404)


@pytest.mark.ids("IMG3-016", "IMG3-010")
def test_published_identifiers_are_encoded(client):
    """Identifiers in documents hold only unreserved characters and percent escapes."""
    text = client.get("/iiif/odd%20names/manifest").text
    for address in re.findall(r'"(http[^"]*/iiif/image/3/[^"]*)"', text):
        assert re.fullmatch(r"[A-Za-z0-9:/._~=%!,^-]+", address), address


@pytest.mark.ids("IMG3-129", "IMG3-138")
@pytest.mark.parametrize("name", [F2, F5])
def test_preferences_work_and_level_is_two(v3, name):
    info = v3.info(name)
    assert info["profile"] == "level2"
    for extension in info.get("preferredFormats", []):
        assert v3.get(name, f"full/!50,50/0/default.{extension}").status == 200


FEATURES = {"mirroring": "full/!100,100/!0/default.png", "rotationArbitrary": "full/!100,100/30/default.png", "sizeUpscaling": "0,0,10,10/^20,/0/default.png"}


@pytest.mark.ids("IMG3-131", "IMG3-132", "IMG3-163")
@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_features_work_if_and_only_if_declared(v3, feature):
    declared = feature in v3.info(F4).get("extraFeatures", [])
    assert (v3.get(F4, FEATURES[feature]).status == 200) == declared


@pytest.mark.ids("IMG3-131", "IMG3-163")
def test_link_features_are_declared(v3):
    extra = set(v3.info(F4).get("extraFeatures", []))
    links = v3.get(F4, "full/max/0/default.jpg").links()
    assert ("canonicalLinkHeader" in extra) == ("canonical" in links)
    assert ("profileLinkHeader" in extra) == ("profile" in links)


@pytest.mark.ids("IMG3-130")
def test_rights_are_in_the_document(v3):
    """The picture of a described item carries the item's rights."""
    assert v3.info("books~book~p1").get("rights") == "http://creativecommons.org/licenses/by/4.0/"


@pytest.mark.ids("IMG3-010")
def test_addresses_are_written_in_one_spelling(client):
    name = odd_identifiers()[0]
    assert encode(name) == client.get(image3(name, "info.json")).json()["id"].rsplit("/", 1)[1]
