"""The contract's "Every answer": origins, hosts, methods, validators, compression, ranges, problem documents."""

import json
import re
import socket

import pytest

from support.client import Client
from support.pictures import F1, F4, image2, image3

PAGES = ["/", "/iiif/collection", "/iiif/presentation/3/collection", "/iiif/presentation/2/collection", "/iiif/books~book/manifest",
         "/iiif/presentation/3/books~book/manifest", "/iiif/presentation/2/books~book/manifest", "/item/books~book", image3(F4, "info.json"),
         image2(F4, "info.json"), image3(F4, "full/max/0/default.jpg"), "/healthz", "/readyz", "/status", "/metrics", "/accessibility",
         "/sitemap.xml", "/robots.txt"]
DOCUMENTS = [page for page in PAGES if page.startswith("/iiif/") and not page.endswith(".jpg")]


@pytest.mark.parametrize("target", PAGES)
def test_every_address_answers(client, target):
    response = client.get(target)
    assert response.status == 200, f"{target}: {response.status} {response.body[:200]!r}"
    assert response.header("Content-Type")


@pytest.mark.ids("PRES3-004", "IMG3-144")
@pytest.mark.parametrize("target", [*PAGES, "/nothing/here", "/iiif/nothing/manifest", image3(F4), image3(F4, "full/0,/0/default.jpg")])
def test_origins(client, target):
    for headers in ({}, {"Origin": "https://x.test"}):
        response = client.get(target, headers)
        assert response.header_list("Access-Control-Allow-Origin") == ["*"], target
        assert response.header("Access-Control-Allow-Credentials") is None


def words(value: str | None) -> set[str]:
    return {word.strip().lower() for word in (value or "").split(",")}


@pytest.mark.parametrize("target", [*PAGES, "/nothing/here"])
def test_preflight(client, target):
    response = client.options(target, {"Origin": "https://x.test", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"})
    assert response.status in (200, 204)
    assert response.header("Access-Control-Allow-Origin") == "*"
    assert {"accept", "authorization", "content-type", "if-match", "if-none-match", "prefer", "range", "slug"} <= words(response.header("Access-Control-Allow-Headers"))


@pytest.mark.parametrize("target", DOCUMENTS + [image3(F4, "full/max/0/default.jpg")])
def test_exposed_headers(client, target):
    response = client.get(target, {"Origin": "https://x.test"})
    assert {"etag", "link", "location", "content-range", "retry-after"} <= words(response.header("Access-Control-Expose-Headers"))


@pytest.mark.ids("PRES3-008", "IMG3-141")
@pytest.mark.parametrize("target", [page for page in PAGES if page not in ("/metrics", "/status")])
def test_head(client, target):
    get, head = client.get(target), client.head(target)
    assert head.status == get.status
    for name in ("Content-Type", "ETag", "Cache-Control", "Vary", "Content-Length"):
        assert head.header(name) == get.header(name), f"{target}: {name}"


@pytest.mark.ids("PRES3-022")
@pytest.mark.parametrize("target", PAGES)
def test_nothing_is_written_by_strangers(client, target):
    for method in ("POST", "PUT", "DELETE"):
        response = client.request(method, target)
        # 401 and 403: written by those who may; 415: reads a body of another type (a content state that is sent to a page), and keeps nothing.
        assert response.status in (401, 403, 405, 415), f"{method} {target}: {response.status}"
        if response.status == 405:
            assert {"get", "head"} <= words(response.header("Allow"))


@pytest.mark.ids("PRES3-019")
@pytest.mark.parametrize("target", DOCUMENTS + [image3(F4, "full/max/0/default.jpg")])
def test_conditional_requests(client, target):
    first = client.get(target)
    tag = first.header("ETag")
    assert tag and re.fullmatch(r'"[^"]+"', tag), f"{target}: a strong tag, got {tag}"
    for value in (tag, "W/" + tag, tag[:-1] + '-gzip"', f'"x", {tag}'):
        again = client.get(target, {"If-None-Match": value})
        assert again.status == 304 and again.body == b"", f"{target}: {value}"
    assert client.get(target, {"If-None-Match": '"x"'}).status == 200


@pytest.mark.parametrize("target", [image3(F4, "full/max/0/default.jpg"), image3(F4, "info.json")])
def test_not_modified_reads_no_source(client, target):
    """304 says in Server-Timing that the source was not read; no decoding and no encoding is named."""
    tag = client.get(target).header("ETag")
    timing = client.get(target, {"If-None-Match": tag}).header("Server-Timing")
    assert not re.search(r"\b(decode|encode)\b", timing), timing
    if target.endswith(".jpg"):
        assert "plan;desc=unchanged" in timing and 'read;desc="0 bytes"' in timing, timing


@pytest.mark.parametrize(
    "target, headers, plan",
    [
        (image3(F4, "full/max/0/default.jpg"), {}, "decoded"),
        (image3(F4, "info.json"), {}, "document"),
        (image3(F4, ""), {}, "document"),
        (image3(F4, "full/0,/0/default.jpg"), {}, "error"),
        ("/iiif/pictures/manifest", {}, "manifest"),
        ("/iiif/collection", {"Accept-Encoding": "gzip"}, "collection"),
        ("/iiif/presentation/2/pictures/manifest", {}, "manifest"),
        ("/", {"Accept": "text/html"}, "document"),
        ("/no/such/place", {"Accept": "text/html"}, "error"),
        ("/", {"Host": "evil.example"}, "error"),
        ("/healthz", {}, "document"),
        ("/metrics", {}, "document"),
    ],
)
def test_every_answer_says_where_its_time_went(client, target, headers, plan):
    for _ in range(3):  # the last ones may come from a cache
        timing = client.get(target, headers).header("Server-Timing")
        assert timing and re.match(rf'plan;desc={plan}, .*\bread;desc="\d+ bytes"', timing), f"{target}: {timing}"
        stages = dict(re.findall(r"(\w+)(?:;desc=[^;,]+)?;dur=([\d.]+)", timing))
        assert set(stages) <= {"wait", "plan", "read", "decode", "scale", "encode", "make", "total"}, timing
        whole = float(stages.pop("total"))
        assert sum(map(float, stages.values())) <= whole + 0.1, f"the stages are parts of the whole: {timing}"


@pytest.mark.ids("PRES3-009")
@pytest.mark.parametrize("target", ["/", "/iiif/collection", "/iiif/pictures/manifest", image3(F4, "info.json"), "/iiif/presentation/2/pictures/manifest"])
def test_compression(client, target):
    plain = client.get(target, {"Accept-Encoding": "identity"})
    assert plain.header("Content-Encoding") is None
    small = client.get(target, {"Accept-Encoding": "gzip"})
    if len(plain.body) > 2000:
        assert "accept-encoding" in words(small.header("Vary")) and "accept-encoding" in words(plain.header("Vary"))
        assert small.header("Content-Encoding") == "gzip" and len(small.body) < len(plain.body)
        assert small.header("ETag") is None or small.header("ETag") != plain.header("ETag"), "the tag is of what is sent, coding included"
    if target.startswith("/iiif"):
        assert small.json() == plain.json()
    brotli = client.get(target, {"Accept-Encoding": "br"})
    assert brotli.header("Content-Encoding") in (None, "br")


def test_pictures_are_not_compressed_again(client):
    assert client.get(image3(F4, "full/max/0/default.jpg"), {"Accept-Encoding": "gzip, br"}).header("Content-Encoding") is None


@pytest.mark.parametrize("target", PAGES)
def test_cache_control_is_always_said(client, target):
    if target not in ("/metrics", "/healthz", "/readyz", "/status"):
        assert client.get(target).header("Cache-Control"), target


@pytest.mark.parametrize(("target", "status"), [(image3(F4, "full/0,/0/default.jpg"), 400), ("/nothing/here", 404), ("/iiif/nothing/manifest", 404),
                                                ("/item/nothing", 404), (image3("nothing", "info.json"), 404)])
def test_problem_documents(client, target, status):
    response = client.get(target)
    assert response.status == status
    assert response.media_type == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status and isinstance(problem["title"], str)
    assert len(problem.get("detail", problem["title"])) > 10
    assert not re.search(r"(/work|/tmp|/home|/build/|fixtures)", response.text), "no path of the server's disk"


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("target", ["/nothing/here", "/item/nothing"])
def test_browsers_get_a_page_about_the_error(client, target):
    response = client.get(target, BROWSER)
    assert response.status == 404 and response.media_type == "text/html" and b"<html" in response.body.lower()


def test_iiif_addresses_stay_json_for_browsers(client):
    assert client.get("/iiif/nothing/manifest", BROWSER).media_type == "application/problem+json"
    assert client.get("/iiif/collection", BROWSER).media_type == "application/ld+json"


@pytest.mark.parametrize("host", ["example.org", "example.org:80", "192.0.2.1", "iiif.example:8080", "localhost.example.org"])
def test_foreign_hosts_are_misdirected(client, host):
    response = client.get("/iiif/collection", {"Host": host})
    assert response.status == 421
    assert response.header("Access-Control-Allow-Origin") == "*"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_loopback_hosts_count(client, name):
    response = client.get("/iiif/collection", {"Host": f"{name}:{client.port}"})
    assert response.status == 200
    assert response.json()["id"] == f"http://{name}:{client.port}/iiif/collection"


@pytest.mark.ids("IMG3-005")
@pytest.mark.parametrize("headers", [{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "iiif.example.org"}, {"Forwarded": "proto=https;host=iiif.example.org"}],
                         ids=["x-forwarded", "forwarded"])
def test_a_trusted_proxy_is_believed(client, headers):
    """Loopback is trusted by default."""
    assert client.get(image3(F4, "info.json"), headers).json()["id"] == f"https://iiif.example.org{image3(F4)}"
    assert client.get("/iiif/collection", headers).json()["id"] == "https://iiif.example.org/iiif/collection"


@pytest.mark.ids("PRES3-005", "PRES3-006", "PRES3-007", "PRES3-020")
class TestNegotiation:
    LD3 = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
    LD2 = 'application/ld+json;profile="http://iiif.io/api/presentation/2/context.json"'
    NEUTRAL = ["/iiif/collection", "/iiif/books~book/manifest", "/iiif/tree/collection"]

    @pytest.mark.parametrize("target", NEUTRAL)
    @pytest.mark.parametrize("accept", [None, "*/*", "application/ld+json", LD3, LD3.replace('"', ""), "application/ld+json; charset=utf-8", "text/html,*/*;q=0.5", "text/html"])
    def test_version_3_by_default(self, client, target, accept):
        response = client.get(target, {"Accept": accept} if accept else {})
        assert response.status == 200
        assert response.header("Content-Type").replace("; ", ";") == self.LD3
        assert response.json()["@context"] == "http://iiif.io/api/presentation/3/context.json"
        assert "accept" in words(response.header("Vary"))
        assert response.header("Content-Location")

    @pytest.mark.parametrize("target", NEUTRAL)
    def test_plain_json(self, client, target):
        response = client.get(target, {"Accept": "application/json"})
        assert response.header("Content-Type") == "application/json"
        assert response.json()["@context"] == "http://iiif.io/api/presentation/3/context.json"

    @pytest.mark.parametrize("target", NEUTRAL)
    @pytest.mark.parametrize("accept", [LD2, LD2.replace('"', ""), f"{LD2}, {LD3};q=0.5"])
    def test_version_2_by_profile(self, client, target, accept):
        response = client.get(target, {"Accept": accept})
        assert response.status == 200
        assert response.json()["@context"] == "http://iiif.io/api/presentation/2/context.json"
        assert "presentation/2/" in response.header("Content-Location")

    @pytest.mark.parametrize("version", [2, 3])
    def test_a_versioned_address_ignores_a_foreign_profile(self, client, version):
        target = f"/iiif/presentation/{version}/books~book/manifest"
        for accept in (self.LD2, self.LD3):
            response = client.get(target, {"Accept": accept})
            assert response.status == 200
            assert response.json()["@context"] == f"http://iiif.io/api/presentation/{version}/context.json"

    @pytest.mark.ids("PRES2-015")
    def test_version_2_is_plain_json_by_default(self, client):
        target = "/iiif/presentation/2/books~book/manifest"
        assert client.get(target).header("Content-Type") == "application/json"
        assert client.get(target, {"Accept": "application/ld+json"}).media_type == "application/ld+json"
        assert client.get(target).header("Access-Control-Allow-Origin") == "*"


class TestMedia:
    """`/media/{id}/{name}`: a file under its own name, with byte ranges."""

    TARGET = "/media/books~book~p1/p1.jpg"

    def content(self, fixture_folder) -> bytes:
        return (fixture_folder / "books" / "book" / "p1.jpg").read_bytes()

    def test_whole(self, client, fixture_folder):
        response = client.get(self.TARGET)
        assert response.status == 200 and response.header("Content-Type") == "image/jpeg"
        assert response.body == self.content(fixture_folder)
        assert response.header("Accept-Ranges") == "bytes"

    @pytest.mark.parametrize(("ranges", "start", "end"), [("bytes=0-0", 0, 1), ("bytes=10-99", 10, 100), ("bytes=-5", -5, None), ("bytes=100-", 100, None),
                                                          ("bytes=0-99999999", 0, None)])
    def test_part(self, client, fixture_folder, ranges, start, end):
        response = client.get(self.TARGET, {"Range": ranges})
        whole = self.content(fixture_folder)
        assert response.status == 206 and response.body == whole[start:end]
        assert re.fullmatch(rf"bytes \d+-\d+/{len(whole)}", response.header("Content-Range"))

    def test_unsatisfiable(self, client, fixture_folder):
        response = client.get(self.TARGET, {"Range": "bytes=99999999-"})
        assert response.status == 416
        assert response.header("Content-Range") == f"bytes */{len(self.content(fixture_folder))}"

    @pytest.mark.parametrize("ranges", ["bytes=a-b", "lines=1-2", "bytes=9-1", "bytes"])
    def test_nonsense_is_ignored(self, client, ranges):
        assert client.get(self.TARGET, {"Range": ranges}).status == 200

    def test_if_range(self, client):
        tag = client.get(self.TARGET).header("ETag")
        assert client.get(self.TARGET, {"Range": "bytes=0-9", "If-Range": tag}).status == 206
        assert client.get(self.TARGET, {"Range": "bytes=0-9", "If-Range": '"old"'}).status == 200

    @pytest.mark.parametrize("name", ["p2.jpg", "info.yml", "..%2finfo.yml", "../info.yml"])
    def test_only_the_file_itself(self, client, name):
        assert client.get(f"/media/books~book~p1/{name}").status in (400, 404)


class TestConnection:
    """HTTP/1.1 as such: pipelining, keep-alive, limits."""

    def send(self, base_url, data: bytes) -> bytes:
        return Client(base_url, timeout=20).raw(data)

    def test_pipelined_requests_come_back_in_order(self, client, base_url):
        paths = [image3(F4, f"{n},0,20,20/max/0/default.png") for n in range(8)]
        host = f"Host: {client.authority}\r\n"
        data = "".join(f"GET {path} HTTP/1.1\r\n{host}{'Connection: close' + chr(13) + chr(10) if path == paths[-1] else ''}\r\n" for path in paths)
        received = self.send(base_url, data.encode())
        assert received.count(b"HTTP/1.1 200") == 8
        places = [received.find(client.get(path).body) for path in paths]
        assert -1 not in places and places == sorted(places)

    def test_many_requests_on_one_connection(self, base_url):
        one = Client(base_url)
        local = None
        for _ in range(50):
            assert one.get("/healthz").status == 200
            assert one._socket is not None, "the connection was closed"
            local = local or one._socket.getsockname()
            assert one._socket.getsockname() == local
        one.close()

    @pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"GET /\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/3.7\r\nHost: a\r\n\r\n",
                                      b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                                      b"GE T / HTTP/1.1\r\nHost: a\r\n\r\n", b"\r\n\r\n\r\nX\r\n\r\n"])
    def test_malformed_requests_are_refused(self, base_url, client, data):
        received = self.send(base_url, data)
        assert received == b"" or re.match(rb"HTTP/1\.[01] (400|414|421|431|505)", received), received[:200]
        assert client.get("/healthz").status == 200

    def test_large_headers_are_refused(self, client, base_url):
        fresh = Client(base_url)
        try:
            response = fresh.get("/healthz", {"X-Large": "a" * 200_000})
            assert response.status in (400, 431)
        except (ConnectionError, EOFError, BrokenPipeError):
            pass
        assert client.get("/healthz").status == 200

    def test_large_bodies_are_refused(self, client, base_url):
        fresh = Client(base_url)
        received = fresh.raw(f"POST /iiif/collection HTTP/1.1\r\nHost: {client.authority}\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n".encode())
        assert re.match(rb"HTTP/1\.1 (403|405|413)", received), received[:200]  # 403: who asks may not write at all; nothing of the body is read

    def test_both_lengths_are_refused(self, client, base_url):
        """A body with Content-Length and Transfer-Encoding is how requests are smuggled."""
        received = Client(base_url, timeout=20).raw(f"POST / HTTP/1.1\r\nHost: {client.authority}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX".encode())
        assert received.count(b"HTTP/1.1 ") == 1 and re.match(rb"HTTP/1\.1 (400|405|501)", received), received[:300]

    def test_a_client_that_goes_costs_nothing(self, client, base_url):
        for _ in range(10):
            connection = socket.create_connection((client.host, client.port))
            connection.sendall(f"GET {image3('pictures~gradient', 'full/max/33/default.png')} HTTP/1.1\r\nHost: {client.authority}\r\n\r\n".encode())
            connection.close()
        assert client.get(image3(F1, "full/max/0/default.jpg")).status == 200

    def test_http_1_0(self, client, base_url):
        received = self.send(base_url, f"GET /healthz HTTP/1.0\r\nHost: {client.authority}\r\n\r\n".encode())
        assert b" 200 " in received.split(b"\r\n")[0]


class TestOperation:
    def test_status_as_json_and_page(self, client):
        status = client.get("/status", {"Accept": "application/json"})
        assert status.media_type == "application/json" and isinstance(status.json(), dict)
        page = client.get("/status", {"Accept": "text/html"})
        assert page.media_type == "text/html"

    def test_status_names_damaged_files(self, client):
        """A file that is damaged behind a sound header is found when it is decoded, so each is asked for first."""
        for name in ("truncated", "zeros", "text", "empty"):
            client.get(image3(f"damaged~{name}", "full/max/0/default.jpg"))
        text = json.dumps(client.get("/status", {"Accept": "application/json"}).json())
        for name in ("truncated.jpg", "zeros.png", "text.tif", "empty.jpg"):
            assert name in text, f"/status does not name {name}"
        assert "good.png" not in text

    def test_damaged_files_cost_only_themselves(self, client):
        manifest = client.get("/iiif/presentation/3/damaged/manifest")
        assert manifest.status == 200
        canvases = {canvas["label"] and json.dumps(canvas["label"]): canvas for canvas in manifest.json()["items"]}
        assert len(canvases) == 5
        assert client.get(image3("damaged~good", "full/max/0/default.png")).size() == (90, 60)
        for name in ("zeros", "text", "empty"):
            assert client.get(image3(f"damaged~{name}", "full/max/0/default.jpg")).status in (404, 409, 410, 415, 422, 503)
        assert client.get("/healthz").status == 200

    def test_metrics_are_prometheus_text(self, client):
        text = client.get("/metrics").text
        assert re.search(r"^# (TYPE|HELP) ", text, re.M)

    def test_health(self, client):
        assert client.get("/healthz").status == 200 and client.get("/readyz").status == 200
