"""HTTP/2 beside HTTP/1.1 on the same port: in the clear by prior knowledge, over TLS by ALPN. The clients are curl and h2load."""

from __future__ import annotations

import json
import re
import subprocess

PICTURE = "/iiif/image/3/item-000~p1/full/max/0/default.jpg"


def curl(*arguments: str) -> bytes:
    return subprocess.run(["curl", "--silent", "--show-error", "--max-time", "30", *arguments], check=True, capture_output=True).stdout


def head_and_body(answer: bytes) -> tuple[str, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode(), body


def test_the_same_answers_as_over_http_1(start, folder):
    server = start(folder)
    base = f"http://{server.client().authority}"
    for path in ("/iiif/collection", "/iiif/item-000/manifest", "/iiif/image/3/item-000~p1/info.json", PICTURE, "/", "/nothing"):
        old_head, old = head_and_body(curl("--include", "--http1.1", base + path))
        new_head, new = head_and_body(curl("--include", "--http2-prior-knowledge", base + path))
        assert new_head.startswith("HTTP/2 "), new_head
        assert new_head.split()[1] == old_head.split()[1], path
        assert new == old, path
        names = {line.partition(":")[0].lower() for line in old_head.splitlines()[1:]} - {"connection"}
        assert {line.partition(":")[0] for line in new_head.splitlines()[1:]} == names, path


def test_ranges_and_conditions(start, folder):
    server = start(folder)
    base = f"http://{server.client().authority}"
    tag = re.search(r"(?mi)^etag: (\S+)", curl("--head", "--http2-prior-knowledge", base + PICTURE).decode()).group(1)
    again = curl("--include", "--http2-prior-knowledge", "--header", f"If-None-Match: {tag}", base + PICTURE).decode()
    assert again.startswith("HTTP/2 304"), again
    part = curl("--http2-prior-knowledge", "--range", "2-5", base + PICTURE)
    assert part == curl(base + PICTURE)[2:6]


def test_forty_tiles_at_once(start, folder, tmp_path):
    """As a viewer asks: many requests under way on one connection, all answered."""
    server = start(folder)
    base = f"http://{server.client().authority}/iiif/image/3/item-00"
    urls = tmp_path / "urls.txt"
    urls.write_text("".join(f"{base}{item}~p{page}/{x},{y},8,8/max/0/default.png\n" for item in range(3) for page in (1, 2) for x in range(0, 48, 8) for y in range(0, 32, 8)))
    report = subprocess.run(["h2load", "-n", "2000", "-c", "2", "-m", "40", "-i", str(urls)], check=True, capture_output=True, timeout=120).stdout.decode(errors="replace")
    assert "2000 succeeded, 0 failed, 0 errored, 0 timeout" in report, report


def test_alpn_over_tls(start, folder, tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = start(folder, "--tls-cert", str(certificate), "--tls-key", str(key), indexed=False)
    address = f"https://{server.client().authority}/iiif/collection"
    for offered, version in (("--http2", "2"), ("--http1.1", "1.1")):
        answer = curl("--insecure", offered, "--write-out", "\n%{http_version}", address).decode()
        body, _, used = answer.rpartition("\n")
        assert used == version
        assert json.loads(body)["id"] == address
