"""nginx and Apache with a path prefix, by the files of docs/guides/proxy.md."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from functional.conftest import free_port
from support.client import Client
from support.crawl import canvases, crawl2, crawl3, painting_bodies
from support.pictures import F1, image3, odd_identifiers
from support.server import ROOT, Server, wait_until

GUIDE = ROOT / "docs" / "guides" / "proxy.md"
MODULES = "mpm_event authz_core proxy proxy_http headers unixd"


def block(language: str, front: int, back: int) -> str:
    """The configuration as the guide prints it, with this test's ports."""
    match = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.S)
    assert match, f"{GUIDE} has no {language} file"
    text = match.group(1)
    assert "127.0.0.1:8080" in text
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{back}").replace("iiif.example.org", "127.0.0.1")
    return re.sub(r"listen 80;", f"listen 127.0.0.1:{front};", text).replace("<VirtualHost *:80>", f"<VirtualHost 127.0.0.1:{front}>")


def nginx(folder: Path, front: int, back: int) -> list[str]:
    user = "user root;" if os.geteuid() == 0 else ""
    places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\nevents {{}}\n"
                                       f"http {{ access_log off; {places}\n{block('nginx', front, back)}\n}}\n")
    return [need("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def apache(folder: Path, front: int, back: int) -> list[str]:
    program = need("apache2", "/usr/sbin/apache2")
    where = next((path for path in ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules") if Path(path).is_dir()), None)
    lines = [f"LoadModule {name}_module {where}/mod_{name}.so" for name in MODULES.split() if Path(where, f"mod_{name}.so").exists()]
    if os.geteuid() == 0:
        lines += ["User www-data", "Group www-data"]
    lines += [f"ServerRoot {folder}", f"PidFile {folder}/apache.pid", f"ErrorLog {folder}/error.log", f"Mutex file:{folder} default", "ServerName 127.0.0.1",
              f"DefaultRuntimeDir {folder}", f"Listen 127.0.0.1:{front}"]
    (folder / "apache.conf").write_text("\n".join(lines) + "\n" + block("apache", front, back))
    return [program, "-f", str(folder / "apache.conf"), "-DFOREGROUND"]


def need(name: str, path: str = "") -> str:
    found = shutil.which(name) or (path if Path(path).is_file() and path else None) or (f"/usr/sbin/{name}" if Path(f"/usr/sbin/{name}").is_file() else None)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="module", params=[nginx, apache], ids=["nginx", "apache"])
def public(request, program, fixture_folder, tmp_path_factory):
    """A client of the public address, through the proxy."""
    folder = tmp_path_factory.mktemp("proxy")
    folder.chmod(0o755)
    front = free_port()
    address = f"http://127.0.0.1:{front}/library"
    with Server(fixture_folder, "--public-url", address, "--admin-listen", f"127.0.0.1:{free_port()}", program=program) as server:
        command = request.param(folder, front, int(server.base.rsplit(":", 1)[1]))
        proxy = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=(folder / "stderr.log").open("wb"))
        client = Client(address)
        try:
            wait_until(lambda: proxy.poll() is None and answers(client), 10)
            yield client
        finally:
            client.close()
            proxy.terminate()
            proxy.wait(10)


def answers(client: Client) -> bool:
    try:
        return client.get("/healthz").status == 200
    except OSError:
        return False


def test_every_document_is_below_the_public_address(public):
    documents = crawl3(public)
    assert len(documents) > 30
    for address, document in documents.items():
        assert document["id"] == public.base + address
    assert len(crawl2(public)) == len(documents)


def test_pictures_load(public):
    manifest = public.get("/iiif/books~book/manifest").json()
    for canvas in canvases(manifest):
        for body in painting_bodies(canvas):
            assert public.get(body["id"]).size() == (body["width"], body["height"])
            assert public.get(body["service"][0].get("id", body["service"][0].get("@id")) + "/info.json").status == 200


@pytest.mark.ids("IMG3-010", "IMG3-009")
@pytest.mark.parametrize("name", odd_identifiers())
def test_odd_identifiers(public, name):
    response = public.get(image3(name, "info.json"))
    assert response.status == 200 and response.json()["id"] == public.base + image3(name)
    assert public.get(image3(name, "full/max/0/default.png")).status == 200


@pytest.mark.ids("IMG3-008")
def test_encoded_slashes(public):
    response = public.get("/iiif/image/3/pictures%2Fsmall/info.json")
    assert response.status == 200 and response.json()["id"] == public.base + "/iiif/image/3/pictures%2Fsmall"
    assert public.get("/iiif/books%2Fbook/manifest").status == 200


@pytest.mark.ids("IMG3-006")
def test_redirects_stay_public(public):
    response = public.get(image3(F1))
    assert response.status == 303 and response.header("Location") == public.base + image3(F1, "info.json")


def test_headers_arrive_once(public):
    response = public.get(image3(F1, "info.json"), {"Origin": "https://x.test"})
    assert response.header_list("Access-Control-Allow-Origin") == ["*"]
    tag = response.header("ETag")
    assert public.get(image3(F1, "info.json"), {"If-None-Match": tag}).status == 304
    assert public.head(image3(F1, "full/max/0/default.jpg")).status == 200
    assert public.get("/media/books~book~p1/p1.jpg", {"Range": "bytes=0-9"}).status == 206


def test_the_site_works_below_a_path(public):
    page = public.get("/", {"Accept": "text/html"})
    assert page.status == 200
    for address in re.findall(r'(?:href|src)="(/[^/"][^"]*)"', page.text):
        assert address.startswith("/library/"), f"{address} leaves the prefix"
