"""Content State API 1.0: the site opens a state in every form, and each item page offers one."""

import json
import os
import re
import shutil
import subprocess
import urllib.parse

import pytest

from functional.conftest import picture
from support.server import ROOT
from support.states import decode, encode

ELSEWHERE = {"id": "https://a.example/canvas/7#xywh=1,2,3,4", "type": "Canvas", "partOf": [{"id": "https://a.example/manifest", "type": "Manifest"}]}


@pytest.fixture
def client(tmp_path, start):
    folder = tmp_path / "folder"
    for page in (1, 2, 3):
        picture(folder / "book" / f"p{page}.png", 200, 100)
    picture(folder / "mixed" / "p1.png", 80, 40)
    picture(folder / "mixed" / "inner" / "p1.png", 82, 40)
    (folder / "book" / "info.yml").write_text("label: The book\nranges:\n  - label: End\n    items: ['p3#xywh=20,10,50,60']\n")
    return start(folder).client()


def ask(client, value, path="/", more=""):
    return client.get(f"{path}?iiif-content={urllib.parse.quote(value, safe='')}{more}")


def canvas(client, number, fragment=""):
    manifest = f"{client.base}/iiif/book/manifest"
    return {"id": f"{client.base}/iiif/canvas/book~p{number}{fragment}", "type": "Canvas", "partOf": [{"id": manifest, "type": "Manifest"}]}


def place(client, answer):
    assert answer.status == 303, (answer.status, answer.body[:300])
    location = answer.header("Location")
    assert client.get(location).status == 200, location
    return location.removeprefix(client.base)


@pytest.mark.ids("CST-001", "CST-003", "CST-005", "CST-006", "CST-009", "CST-010")
def test_every_form_opens_the_same(client):
    target = canvas(client, 2, "#xywh=10,20,30,40")
    annotation = {"@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://a.example/state", "type": "Annotation",
                  "motivation": ["contentState"], "target": target}
    specific = {"type": "SpecificResource", "source": canvas(client, 2), "selector": {"type": "FragmentSelector", "value": "xywh=10,20,30,40"}}
    alone = {key: value for key, value in target.items() if key != "partOf"}
    forms = [target, annotation, annotation | {"motivation": "contentState"}, {"type": "Annotation", "motivation": ["contentState"], "target": [target]}, specific, alone]
    for form in forms:
        for path in ("/", "/item/book", "/item/anything"):
            assert place(client, ask(client, encode(form), path)) == "/item/book?canvas=2&xywh=10,20,30,40", form
        assert place(client, ask(client, encode(form) + "==")) == "/item/book?canvas=2&xywh=10,20,30,40"
    assert place(client, ask(client, encode(target), more="&lang=de")) == "/item/book?canvas=2&xywh=10,20,30,40&lang=de"
    odd = target | {"label": {"none": ["\U0001f98a \u72d0 \"'%20"]}}
    assert place(client, ask(client, encode(odd))) == "/item/book?canvas=2&xywh=10,20,30,40"


@pytest.mark.ids("CST-004", "CST-007", "CST-011")
def test_addresses(client):
    base = client.base
    places = {"/iiif/book/manifest": "/item/book", "/iiif/presentation/2/book/manifest": "/item/book", "/iiif/canvas/book~p1": "/item/book",
              "/iiif/canvas/book~p3": "/item/book?canvas=3", "/iiif/collection": "/", "/iiif/mixed/collection": "/item/mixed",
              "/iiif/mixed/manifest": "/item/mixed?as=manifest", "/iiif/canvas/mixed~p1": "/item/mixed?as=manifest", "/item/book": "/item/book",
              "/iiif/annotation/book~p2": "/item/book?canvas=2"}
    structure = client.get("/iiif/book/manifest").json()["structures"][0]["id"]
    places[structure.removeprefix(base)] = "/item/book?canvas=3&xywh=20,10,50,60"
    for address, expected in places.items():
        assert place(client, ask(client, base + address)) == expected, address
    assert client.get(f"{base}/iiif/canvas/book~p3").json()["partOf"][0]["type"] == "Manifest"
    assert ask(client, base + "/iiif/nothing/manifest").status == 404
    # A plain address is encoded once, as any value: "%2550" means "%50".
    assert "https://a.example/%50" in client.get("/?iiif-content=https%3A%2F%2Fa.example%2F%2550").text


@pytest.mark.ids("CST-018")
def test_regions_points_and_times(client):
    def opened(state):
        return place(client, ask(client, encode(state)))

    assert opened(canvas(client, 1, "#xywh=percent:25,50,50,50")) == "/item/book?xywh=50,50,100,50"
    assert opened(canvas(client, 1, "#xywh=150,50,500,500")) == "/item/book?xywh=150,50,50,50"
    assert opened(canvas(client, 1, "#xywh=900,900,10,10")) == "/item/book"
    assert opened(canvas(client, 1, "#t=14.5")) == "/item/book?t=14.5"
    point = {"type": "SpecificResource", "source": canvas(client, 1), "selector": {"type": "PointSelector", "x": 100, "y": 50, "t": 3}}
    assert opened(point) == "/item/book?xywh=87,37,26,26&t=3"


@pytest.mark.ids("CST-018", "CST-019")
def test_elsewhere_and_several(client):
    one = ask(client, encode(ELSEWHERE))
    assert one.status == 200 and one.header("Content-Type").startswith("text/html")
    assert "https://a.example/manifest" in one.text and "not part of this collection" in one.text
    two = ask(client, encode({"type": "Annotation", "motivation": "contentState", "target": [canvas(client, 3), ELSEWHERE]}), more="&lang=de")
    assert two.status == 200 and "/item/book?canvas=3&amp;lang=de" in two.text.replace("&#38;", "&amp;") and "https://a.example/manifest" in two.text
    assert "Mehrere Werke" in two.text and "The book" in two.text
    script = ask(client, encode({"id": "javascript:alert(1)", "type": "Manifest"}))
    assert script.status == 400
    assert "onload" not in ask(client, 'https://a.example/"onload=x').text


@pytest.mark.ids("CST-010")
@pytest.mark.parametrize("junk", ["junk!", "a", encode("{"), encode("[]"), encode({"type": "Annotation"}), "ftp://a.example/x", encode("[" * 50 + "]" * 50)])
def test_what_is_no_state_is_said(client, junk):
    answer = ask(client, junk)
    assert answer.status == 400 and "content state" in answer.json()["detail"]


@pytest.mark.ids("CST-012")
def test_posted(client):
    target = canvas(client, 2, "#xywh=10,20,30,40")

    def post(body, media_type="application/json"):
        return client.request("POST", "/", {"Content-Type": media_type}, body.encode())

    assert place(client, post(json.dumps(target))) == "/item/book?canvas=2&xywh=10,20,30,40"
    assert place(client, post(json.dumps(f"{client.base}/iiif/book/manifest"))) == "/item/book"
    assert post(encode(target)).status == 400
    assert post(json.dumps(target), "text/plain").status == 415
    assert post("[" * 100_000).status in (400, 413)


@pytest.mark.ids("CST-002", "CST-008", "CST-020")
def test_each_page_offers_its_state(client):
    for number in (1, 2):
        page = client.get(f"/item/book?canvas={number}").text
        link = re.search(r'id="state-link"[^>]*value="([^"]+)"', page).group(1)
        assert link.startswith(client.base + "/?iiif-content=")
        state = json.loads(decode(link.split("iiif-content=")[1]))
        assert state == canvas(client, number)
        assert place(client, client.get(link)) == ("/item/book" if number == 1 else "/item/book?canvas=2")
    assert "state-link" not in client.get("/").text


@pytest.mark.ids("CST-013", "CST-014")
def test_a_browser_takes_states_that_are_dropped_pasted_or_files_and_never_encoded(program):
    """The tests in tests/browser that are about it, by themselves."""
    folder = ROOT / "tests" / "browser"
    node = shutil.which("node")
    if node is None or not (folder / "node_modules").is_dir() or not (ROOT / "web" / "dist" / "copy.js").is_file() or not shutil.which("chromium"):
        pytest.skip("what the browser tests need is not there: tests/browser/run installs it")
    done = subprocess.run([node, "--test", "--test-name-pattern", "dropped", "content_state.test.mjs"], cwd=folder, env={**os.environ, "TEST_PROGRAM": str(program)},
                          capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "# pass 2" in done.stdout, done.stdout[-3000:]
