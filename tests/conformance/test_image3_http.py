"""Image API 3.0, 7 and 5.1, and plain HTTP: methods, media types, origins, validators, load."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from support.client import Client
from support.pictures import F1, F2, F4, image3

LD_PROFILE = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'
PICTURE = image3(F4, "full/max/0/default.jpg")
INFO = image3(F4, "info.json")
STATUSES = {200: PICTURE, 303: image3(F4), 400: image3(F4, "full/0,/0/default.jpg"), 404: image3("nothing", "info.json")}


@pytest.mark.ids("IMG3-140")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("target", [INFO, PICTURE], ids=["info", "picture"])
def test_other_methods(client, method, target):
    response = client.request(method, target)
    assert response.status == 405
    allowed = {word.strip() for word in (response.header("Allow") or "").split(",")}
    assert {"GET", "HEAD", "OPTIONS"} <= allowed and method not in allowed


@pytest.mark.ids("IMG3-141")
@pytest.mark.parametrize("target", list(STATUSES.values()) + [INFO], ids=lambda value: value[-30:])
def test_head_is_get_without_a_body(client, target):
    get, head = client.get(target), client.head(target)
    assert head.status == get.status and head.body == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Link", "Location", "Access-Control-Allow-Origin", "Cache-Control", "Vary"):
        assert head.header(name) == get.header(name), name


@pytest.mark.ids("IMG3-142")
@pytest.mark.parametrize("target", [INFO, PICTURE, image3(F4)], ids=["info", "picture", "base"])
def test_preflight(client, target):
    response = client.options(target, {"Origin": "https://x.test", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"})
    assert response.status in (200, 204)
    assert response.header("Access-Control-Allow-Origin") == "*"
    assert "GET" in response.header("Access-Control-Allow-Methods")
    assert "authorization" in response.header("Access-Control-Allow-Headers").lower()


@pytest.mark.ids("IMG3-143", "IMG3-144", "IMG3-161")
@pytest.mark.parametrize("status", sorted(STATUSES))
@pytest.mark.parametrize("origin", [{}, {"Origin": "https://x.test"}], ids=["plain", "origin"])
def test_open_to_every_origin(client, status, origin):
    response = client.get(STATUSES[status], origin)
    assert response.status == status
    assert response.header_list("Access-Control-Allow-Origin") == ["*"]
    assert response.header("Access-Control-Allow-Credentials") is None


def normal(value: str) -> str:
    return value.replace("; ", ";")


@pytest.mark.ids("IMG3-145")
@pytest.mark.parametrize("headers", [{}, {"Accept": "*/*"}], ids=["none", "any"])
def test_default_media_type(client, headers):
    assert normal(client.get(INFO, headers).header("Content-Type")) == LD_PROFILE


@pytest.mark.ids("IMG3-146", "IMG3-161")
@pytest.mark.parametrize("accept", ["application/ld+json", LD_PROFILE, "application/ld+json; charset=utf-8", "application/ld+json;q=0.9, */*;q=0.1",
                                    "application/json;q=0.5, application/ld+json"])
def test_linked_data_on_request(client, accept):
    assert client.get(INFO, {"Accept": accept}).media_type == "application/ld+json"


@pytest.mark.ids("IMG3-147")
@pytest.mark.parametrize("accept", ["application/json", "application/json, */*;q=0.1", "application/ld+json;q=0.2, application/json"])
def test_plain_json_on_request(client, accept):
    response = client.get(INFO, {"Accept": accept})
    assert response.media_type == "application/json" and "profile" not in response.header("Content-Type")


@pytest.mark.ids("IMG3-148")
def test_browser_gets_the_default(client):
    response = client.get(INFO, {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
    assert response.status == 200 and response.media_type in ("application/ld+json", "application/json")
    assert "accept" in (response.header("Vary") or "").lower()
    assert client.get(INFO, {"Accept": "text/html"}).status in (200, 406)


@pytest.mark.ids("IMG3-149")
def test_the_body_is_the_thing(client):
    assert client.get(PICTURE).image().size == (300, 200)
    assert client.get(INFO).json()["width"] == 300


@pytest.mark.ids("IMG3-150")
@pytest.mark.parametrize("target", [INFO, PICTURE], ids=["info", "picture"])
def test_not_modified(client, target):
    first = client.get(target)
    tag = first.header("ETag")
    assert tag and tag.startswith('"'), "a strong entity tag"
    for value in (tag, f'"other", {tag}', "*", "W/" + tag):
        again = client.get(target, {"If-None-Match": value})
        assert again.status == 304, value
        assert again.body == b"" and again.header("ETag") == tag
        assert again.header("Access-Control-Allow-Origin") == "*"
    assert client.get(target, {"If-None-Match": '"other"'}).status == 200


@pytest.mark.ids("IMG3-150")
def test_tags_differ_by_parameter(client):
    rests = ["full/max/0/default.jpg", "full/max/0/default.png", "full/100,/0/default.jpg", "0,0,50,50/max/0/default.jpg", "full/max/90/default.jpg",
             "full/max/0/gray.jpg"]
    tags = [client.get(image3(F4, rest)).header("ETag") for rest in rests]
    assert None not in tags and len(set(tags)) == len(tags)


@pytest.mark.ids("IMG3-151")
@pytest.mark.parametrize(("rest", "word"), [("nonsense/max/0/default.jpg", "region"), ("full/nonsense/0/default.jpg", "size"),
                                            ("full/max/nonsense/default.jpg", "rotation"), ("full/max/0/nonsense.jpg", "quality"),
                                            ("full/max/0/default.nonsense", "format")])
def test_errors_name_the_parameter(client, rest, word):
    response = client.get(image3(F4, rest))
    assert response.status == 400
    assert response.media_type in ("application/problem+json", "text/plain", "text/html")
    assert word in response.text.lower()


@pytest.mark.ids("IMG3-154")
def test_a_flood_is_answered_or_put_off(client):
    """Forty heavy requests at once: each is answered or put off with Retry-After, and the server stays."""

    def one(index: int):
        with_own = Client(client.base, timeout=120)
        try:
            return with_own.get(image3(F2, f"{index},{index},2000,2000/max/{20 + index}/default.png"))
        finally:
            with_own.close()

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(one, range(40)))
    for answer in answers:
        assert answer.status in (200, 429, 503), answer.status
        if answer.status != 200:
            assert answer.header("Retry-After")
            assert answer.header("Access-Control-Allow-Origin") == "*"
    assert client.get(image3(F1, "full/max/0/default.jpg")).status == 200
