"""What is made of a whole item: one PDF of its pictures, and its text. Announced in the Manifest, in every version."""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from support.server import wait_until


@pytest.fixture
def served(start, folder):
    (folder / "item-000" / "info.yml").write_text(
        "label: {de: [Ein Buch], en: [A book]}\nsummary: <p>Written in <i>1850</i>.</p>\nmetadata:\n  - {label: {en: [Author]}, value: {en: [Ada, Ben]}}\n"
        "rights: http://creativecommons.org/publicdomain/mark/1.0/\n")
    return start(folder, state=False)


def rendering(client, item: str, kind: str) -> dict:
    return next(one for one in client.get(f"/iiif/{item}/manifest").json()["rendering"] if one["format"] == kind)


def pages(path: Path) -> int:
    """As another program counts them."""
    told = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, timeout=60, check=True).stdout
    return int(re.search(r"^Pages: +(\d+)", told, re.MULTILINE).group(1))


def test_a_pdf_of_all_pages(served, tmp_path):
    client = served.client()
    manifest = client.get("/iiif/item-000/manifest").json()
    answer = client.get(client.path_of(rendering(client, "item-000", "application/pdf")["id"]))
    assert answer.status == 200 and answer.header("Content-Type") == "application/pdf"
    path = tmp_path / "book.pdf"
    path.write_bytes(answer.body)
    assert pages(path) == len(manifest["items"])
    again = client.get(rendering(client, "item-000", "application/pdf")["id"], {"If-None-Match": answer.header("ETag")})
    assert again.status == 304
    images = subprocess.run(["pdfimages", "-list", str(path)], capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()[2:]
    assert len(images) == len(manifest["items"]) and all(" jpeg " in line for line in images)


def test_a_page_that_cannot_be_read_stays_empty(served, folder, tmp_path):
    client = served.client()
    first = sorted(path for path in (folder / "item-001").iterdir() if path.suffix in (".jpg", ".png", ".tif"))[0]
    whole = first.read_bytes()
    first.write_bytes(whole[: len(whole) // 3])
    count = len(client.get("/iiif/item-001/manifest").json()["items"])
    path = tmp_path / "book.pdf"
    path.write_bytes(client.get("/media/item-001/pages.pdf").body)
    assert pages(path) == count


def test_the_text_of_an_item(served):
    client = served.client()
    address = client.path_of(rendering(client, "item-000", "text/plain")["id"])
    english = client.get(address, {"Accept-Language": "en"})
    assert english.header("Content-Type") == "text/plain; charset=utf-8"
    text = english.body.decode()
    assert text.startswith("A book\n======\n\nWritten in 1850.\n") and "Author: Ada; Ben\n" in text
    assert client.get(address, {"Accept-Language": "de"}).body.decode().startswith("Ein Buch\n")
    first = client.get("/iiif/item-000/manifest").json()["items"][0]
    assert f"[{first['label']['none'][0]}]" in text


def test_in_every_version(served):
    client = served.client()
    expected = {one["id"] for one in client.get("/iiif/item-000/manifest").json()["rendering"]}
    assert len(expected) == 2
    second = client.get("/iiif/presentation/2/item-000/manifest").json()
    assert {one["@id"] for one in second["rendering"]} == expected
    assert {one["id"] for one in client.get("/iiif/presentation/4/item-000/manifest").json()["rendering"]} == expected


def test_an_old_name_leads_to_it(served, folder):
    client = served.client()
    (folder / "item-000").rename(folder / "renamed")
    wait_until(lambda: client.get("/iiif/renamed/manifest").status == 200, 15)
    assert client.get("/media/item-000/pages.pdf").status == 200
    assert client.get("/text/item-000.txt").status == 200


@pytest.mark.parametrize("address", ["/media/nothing/pages.pdf", "/text/nothing.txt", "/text/item-000.doc", "/text/item-000"])
def test_nothing_where_there_is_nothing(served, address):
    assert served.client().get(address).status == 404


def test_the_page_offers_them(served):
    client = served.client()
    page = client.get("/item/item-000", {"Accept": "text/html"}).body.decode()
    assert "/media/item-000/pages.pdf" in page and "/text/item-000.txt" in page


def test_pages_that_are_taken_down_meanwhile_stay_empty(start, folder, program, tmp_path):
    """A PDF that was begun before does not go on with them."""
    book = folder / "book"
    book.mkdir()
    Image.frombytes("RGB", (1700, 1700), os.urandom(1700 * 1700 * 3)).save(book / "p000.jpg", quality=95)
    for number in range(1, 40):
        os.link(book / "p000.jpg", book / f"p{number:03}.jpg")
    server = start(folder, state=tmp_path / "state")
    client = server.client()
    assert len(client.get("/iiif/book/manifest").json()["items"]) == 40
    host, port = client.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(f"GET /media/book/pages.pdf HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
        body = connection.recv(65536)
        subprocess.run([program, "takedown", "book~p039", "--state", tmp_path / "state", "--folder", folder], check=True, timeout=60)
        while piece := connection.recv(1 << 20):
            body += piece
    assert body.startswith(b"HTTP/1.") and b" 200 " in body[:20]
    assert body.count(b"/DCTDecode") == 39
