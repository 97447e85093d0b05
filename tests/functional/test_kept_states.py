"""Content states that are kept here: written by those who may annotate, read and opened by everybody."""

import base64
import json
import subprocess
import urllib.parse

import pytest

from functional.conftest import fill
from support.server import wait_indexed
from support.states import encode

PASSWORD = "correct horse battery"


@pytest.fixture
def server(tmp_path, start, program):
    folder = fill(tmp_path / "folder", 2, 2)
    for name, role in (("ada", "contributor"), ("bob", "contributor"), ("eve", "reader"), ("rex", "reviewer")):
        subprocess.run([program, "user", "add", name, "--role", role, "--folder", folder], input=PASSWORD, text=True, check=True, capture_output=True, timeout=60)
    return start(folder, state=False)


def send(client, method, address, name=None, body=b"", media_type="application/json"):
    headers = {"Content-Type": media_type} if method == "POST" else {}
    if name:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()
    return client.request(method, address, headers, body)


def state_of(client, item="item-001"):
    return {"id": f"{client.base}/iiif/canvas/{item}~p2#xywh=1,2,30,20", "type": "Canvas", "partOf": [{"id": f"{client.base}/iiif/{item}/manifest", "type": "Manifest"}]}


@pytest.mark.ids("CST-002", "CST-011", "CST-012", "CST-015", "CST-016")
def test_kept_read_and_opened(server):
    client = server.client()
    wait_indexed(client)
    body = json.dumps(state_of(client)).encode()
    assert send(client, "POST", "/iiif/content-state/", None, body).status == 401
    assert send(client, "POST", "/iiif/content-state/", "eve", body).status == 403
    made = send(client, "POST", "/iiif/content-state/", "ada", body)
    assert made.status == 201, made.body
    address = made.header("Location")
    assert address.startswith(client.base + "/iiif/content-state/") and made.json()["id"] == address
    assert send(client, "POST", "/iiif/content-state", "ada", body).header("Location") == address, "the same state is the same"
    read = client.get(address)
    assert read.status == 200 and read.header("Content-Type") == 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
    assert read.header("Access-Control-Allow-Origin") == "*" and client.get(address, {"If-None-Match": read.header("ETag")}).status == 304
    document = read.json()
    assert next(iter(document)) == "@context" and document["type"] == "Annotation" and document["motivation"] == ["contentState"]
    assert document["target"] == state_of(client)
    opened = client.get("/?iiif-content=" + urllib.parse.quote(address, safe=""))
    assert opened.status == 303 and opened.header("Location") == client.base + "/item/item-001?canvas=2&xywh=1,2,30,20"
    assert client.get("/iiif/content-state/nothing").status == 404
    assert client.get("/?iiif-content=" + urllib.parse.quote(client.base + "/iiif/content-state/nothing", safe="")).status == 404


@pytest.mark.ids("CST-012")
def test_what_is_refused(server):
    client = server.client()
    state = state_of(client)
    assert send(client, "POST", "/iiif/content-state/", "ada", encode(state).encode()).status == 400, "encoded states have no place here"
    assert send(client, "POST", "/iiif/content-state/", "ada", b"x=1", "application/x-www-form-urlencoded").status == 415
    assert send(client, "POST", "/iiif/content-state/", "ada", b"[" * 200_000).status == 413
    assert send(client, "POST", "/iiif/content-state/", "ada", b'{"id":"javascript:alert(1)","type":"Manifest"}').status == 400


def test_who_may_take_one_away(server):
    client = server.client()
    address = send(client, "POST", "/iiif/content-state/", "ada", json.dumps(state_of(client)).encode()).header("Location")
    assert send(client, "DELETE", address).status == 401
    assert send(client, "DELETE", address, "bob").status == 403
    assert send(client, "DELETE", address, "ada").status == 204
    assert client.get(address).status == 404
    again = send(client, "POST", "/iiif/content-state/", "ada", json.dumps(state_of(client)).encode()).header("Location")
    assert again == address and send(client, "DELETE", again, "rex").status == 204
