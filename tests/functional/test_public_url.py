"""--public-url, foreign hosts, trusted proxies, the administrators' address, TLS."""

import shutil
import subprocess

import pytest

from functional.conftest import free_port
from support.client import Client
from support.crawl import crawl3

PUBLIC = "https://iiif.example.org/library"


@pytest.fixture
def server(start, folder):
    return start(folder, "--public-url", PUBLIC, "--admin-listen", f"127.0.0.1:{free_port()}", indexed=False)


@pytest.mark.parametrize("prefix", ["", "/library"])
def test_ids_follow_it(server, prefix):
    """Requests arrive with or without the path."""
    client = server.client()
    for host in ("iiif.example.org", client.authority):
        document = client.get(f"{prefix}/iiif/collection", {"Host": host}).json()
        assert document["id"] == f"{PUBLIC}/iiif/collection"
        assert all(item["id"].startswith(PUBLIC + "/iiif/") for item in document["items"])
        info = client.get(f"{prefix}/iiif/image/3/item-000~p1/info.json", {"Host": host}).json()
        assert info["id"] == f"{PUBLIC}/iiif/image/3/item-000~p1"
        redirect = client.get(f"{prefix}/iiif/image/3/item-000~p1", {"Host": host})
        assert redirect.header("Location") == f"{PUBLIC}/iiif/image/3/item-000~p1/info.json"


def test_headers_change_nothing(server):
    client = server.client()
    document = client.get("/iiif/collection", {"Host": "iiif.example.org", "X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "http"}).json()
    assert document["id"] == f"{PUBLIC}/iiif/collection"


def test_operation_is_for_administrators(start, folder):
    port = free_port()
    client = start(folder, "--public-url", PUBLIC, "--admin-listen", f"127.0.0.1:{port}", indexed=False).client()
    for target in ("/status", "/metrics"):
        assert client.get(target, {"Host": "iiif.example.org"}).status in (401, 403, 404)
        assert Client(f"http://127.0.0.1:{port}").get(target).status == 200
    assert client.get("/healthz", {"Host": "iiif.example.org"}).status == 200


@pytest.mark.ids("IMG3-005")
def test_a_hop_that_is_not_trusted_is_not_believed(start, folder):
    client = start(folder, "--trusted-proxy", "192.0.2.0/24").client()
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test", "Forwarded": "proto=https;host=evil.test"}
    assert client.get("/iiif/collection", headers).json()["id"] == f"{client.base}/iiif/collection"


def test_tls(start, folder, tmp_path):
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl program")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"],
                   check=True, capture_output=True)
    server = start(folder, "--tls-cert", str(certificate), "--tls-key", str(key))
    assert server.base.startswith("https://")
    client = server.client()
    documents = crawl3(client)
    assert len(documents) == 4 and all(document["id"].startswith("https://") for document in documents.values())
