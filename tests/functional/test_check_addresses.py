"""`armarium check` of addresses: what the answer itself shows, how it follows, and what it refuses."""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from support.server import ROOT

BOOK = json.loads((ROOT / "tests" / "mutation" / "seeds" / "presentation3-book.json").read_text())


class Others(BaseHTTPRequestHandler):
    """A server of others: what it says is in `answers`, path by path: status, fields, body."""

    answers: dict = {}
    asked: list = []

    def do_GET(self):
        self.asked.append(self.path)
        status, fields, body = self.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *_):
        pass


@pytest.fixture
def others():
    handler = type("Handler", (Others,), {"answers": {}, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handler.base = f"http://127.0.0.1:{server.server_port}"
    yield handler
    server.shutdown()
    server.server_close()


GOOD_FIELDS = {"Content-Type": "application/ld+json", "Access-Control-Allow-Origin": "*"}


def check(program, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([program, "check", *arguments], capture_output=True, text=True, timeout=120)


def findings(program, *arguments: str) -> dict[str, list[str]]:
    done = check(program, "--json", *arguments)
    return {one["source"]: [f"{finding['level']} {finding['path']}: {finding['message']}" for finding in one["findings"] if finding["level"] == "must"]
            for one in json.loads(done.stdout)["documents"]}


def publish(others, path: str, document: dict, fields: dict | None = None, status: int = 200) -> str:
    others.answers[path] = (status, GOOD_FIELDS if fields is None else fields, json.dumps(document).encode())
    return others.base + path


def test_a_document_at_its_own_address(program, others):
    address = others.base + "/book"
    publish(others, "/book", {**BOOK, "id": address})
    done = check(program, address)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{address}: Manifest of Presentation 3.0: 0 faults")


def test_what_only_the_answer_shows(program, others):
    address = publish(others, "/book", BOOK, {"Content-Type": "text/plain"})
    done = check(program, address)
    assert done.returncode == 1
    assert f"  must   id: The document says that it is published at {BOOK['id']}, and is published at {address}. (Presentation 3.0, 3.2 id)\n" in done.stdout
    assert "  must   document: The answer has no Access-Control-Allow-Origin for everybody: viewers on other sites cannot read it." in done.stdout
    assert '  should document: The Content-Type of the answer is "text/plain"' in done.stdout


@pytest.mark.parametrize("status", [403, 404, 500])
def test_an_address_that_gives_nothing(program, others, status):
    address = publish(others, "/gone", {}, status=status)
    done = check(program, address)
    assert done.returncode == 1
    assert f"answers with status {status}" in done.stderr


def test_a_body_without_end_stops(program, others):
    others.answers["/large"] = (200, GOOD_FIELDS, b" " * (257 << 20))
    done = check(program, others.base + "/large")
    assert done.returncode == 1 and "sends more than" in done.stderr


def test_it_follows_within_the_host(program, others):
    book = publish(others, "/book", {**BOOK, "id": others.base + "/book"})
    collection = {"@context": "http://iiif.io/api/presentation/3/context.json", "id": others.base + "/all", "type": "Collection", "label": {"en": ["All"]}, "items": [
        {"id": book, "type": "Manifest", "label": {"en": ["Book"]}}, {"id": others.base + "/lost", "type": "Manifest", "label": {"en": ["Lost"]}},
        {"id": "http://other.invalid/book", "type": "Manifest", "label": {"en": ["Elsewhere"]}}, {"id": others.base + "/all", "type": "Collection", "label": {"en": ["Itself"]}}]}
    publish(others, "/all", collection)
    assert list(findings(program, others.base + "/all")) == [others.base + "/all"]
    followed = findings(program, others.base + "/all", "--follow")
    assert followed[others.base + "/all"] == [] and followed[book] == []
    assert followed[others.base + "/lost"] == [f"must : {others.base}/lost answers with status 404."]
    assert len(followed) == 3
    assert others.asked.count("/all") == 2  # once for each run
    assert len(findings(program, others.base + "/all", "--follow", "--most", "2")) == 2


def test_our_own_collection_is_right_all_the_way(program, start, folder):
    server = start(folder, state=False)
    for path in ("/iiif/collection", "/iiif/presentation/2/collection", "/iiif/presentation/4/collection"):
        followed = findings(program, server.base + path, "--follow")
        assert len(followed) > 3
        assert {address: said for address, said in followed.items() if said} == {}


def test_it_follows_on_the_host_that_answers(program, others):
    book = publish(others, "/book", {**BOOK, "id": others.base + "/book"})
    collection = {"@context": "http://iiif.io/api/presentation/3/context.json", "id": others.base + "/all", "type": "Collection", "label": {"en": ["All"]},
                  "items": [{"id": book, "type": "Manifest", "label": {"en": ["Book"]}}]}
    publish(others, "/all", collection)
    publish(others, "/old", {}, {"Location": others.base + "/all"}, status=301)
    by_name = others.base.replace("127.0.0.1", "localhost") + "/old"
    assert set(findings(program, by_name, "--follow")) == {by_name, book}


def test_a_redirect_is_followed(program, others):
    publish(others, "/book", {**BOOK, "id": others.base + "/book"})
    publish(others, "/old", {}, {"Location": "/book"}, status=301)
    assert check(program, others.base + "/old").returncode == 0
    publish(others, "/file", {}, {"Location": "file:///etc/passwd"}, status=302)
    assert "redirects to no address" in check(program, others.base + "/file").stderr
