"""Files that people send: tus 1.0.0 at /uploads and PUT at /files. Who may, how it goes on after a break, and what never gets into the folder."""

import base64
import hashlib
import io
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from fixtures.make_fixtures import gradient
from functional.conftest import fill
from support.node import NODE, install_node_packages
from support.server import wait_until
from support.users import PASSWORD, basic

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def tiff(width: int = 300, height: int = 200) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(width, height)).save(out, "TIFF")
    return out.getvalue()


def metadata(**values: str | bytes) -> str:
    return ",".join(f"{key} {base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()}" for key, value in values.items())


def add_users(program, folder: Path, *users: str) -> None:
    for user in users:
        name, role = user.split(":")
        made = subprocess.run([program, "user", "add", name, "--role", role, "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60)
        assert made.returncode == 0, made.stderr


@pytest.fixture
def shelf(program, folder):
    """The folder of three items, with users."""
    add_users(program, folder, "ada:editor", "eve:editor", "rita:reader", "max:contributor")
    return folder


@pytest.fixture
def served(start, shelf):
    return start(shelf, "--uploads", state=False)


def create(client, length: int, name="new.tif", folder="", who="ada", body: bytes = b"", **more):
    headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata(filename=name, folder=folder), **(BYTES if body else {})}
    headers.update({key.replace("_", "-"): value for key, value in more.items()})
    return client.request("POST", "/uploads", basic(who, **headers), body)


def patch(client, address: str, offset: int, body: bytes, who="ada", **more):
    headers = {**TUS, **BYTES, "Upload-Offset": str(offset)}
    headers.update({key.replace("_", "-"): value for key, value in more.items()})
    return client.request("PATCH", address, basic(who, **headers), body)


def offset_of(client, address: str, who="ada"):
    answer = client.head(address, basic(who, **TUS))
    assert answer.status == 200, answer.status
    return int(answer.header("Upload-Offset"))


def put(client, path: str, body: bytes, who="ada", **more):
    return client.request("PUT", path, basic(who, **{key.replace("_", "-"): value for key, value in more.items()}), body)


def unfinished(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".armarium" / "uploads").iterdir())


def test_a_file_in_parts_appears_as_an_item(served, shelf):
    client = served.client()
    content = tiff()
    made = create(client, len(content), "p1.tif", "maps/atlas")
    assert made.status == 201 and made.header("Tus-Resumable") == "1.0.0" and made.header("Upload-Expires"), made.body
    address = made.header("Location")
    assert address.startswith(client.base + "/uploads/")
    assert offset_of(client, address) == 0
    assert not (shelf / "maps").exists()
    first = patch(client, address, 0, content[:1000])
    assert first.status == 204 and first.header("Upload-Offset") == "1000", first.body
    told = client.head(address, basic("ada", **TUS))
    assert told.header("Upload-Offset") == "1000" and told.header("Upload-Length") == str(len(content)) and told.header("Cache-Control") == "no-store"
    assert told.header("Upload-Metadata") == metadata(filename="p1.tif", folder="maps/atlas")
    assert client.get("/iiif/maps~atlas/manifest").status == 404
    last = patch(client, address, 1000, content[1000:])
    assert last.status == 204 and last.header("Upload-Offset") == str(len(content)), last.body
    assert (shelf / "maps" / "atlas" / "p1.tif").read_bytes() == content
    # At once, without a wait.
    manifest = client.get("/iiif/maps~atlas/manifest")
    assert manifest.status == 200, manifest.body
    assert [canvas["width"] for canvas in manifest.json()["items"]] == [300]
    assert client.get("/iiif/image/3/maps~atlas~p1/full/max/0/default.jpg").size() == (300, 200)

    def listed():
        return "/iiif/maps/collection" in client.get("/iiif/collection").text

    wait_until(listed, 10)
    assert offset_of(client, address) == len(content)  # the last answer may have been lost
    assert [name for name in unfinished(shelf) if name.endswith(".part")] == []


def test_who_may(start, served, shelf):
    client = served.client()
    headers = {**TUS, "Upload-Length": "3", "Upload-Metadata": metadata(filename="a.txt")}
    assert client.request("POST", "/uploads", headers).status == 401
    for who in ("rita", "max"):
        assert client.request("POST", "/uploads", basic(who, **headers)).status == 403
        assert put(client, "/files/a.txt", b"abc", who=who).status == 403
    assert client.request("PUT", "/files/a.txt", {}, b"abc").status == 401
    made = create(client, 3, "a.txt")
    address = made.header("Location")
    # Somebody else's.
    assert client.head(address, basic("eve", **TUS)).status == 403
    assert patch(client, address, 0, b"abc", who="eve").status == 403
    assert client.request("DELETE", address, basic("eve", **TUS)).status == 403
    assert patch(client, address, 0, b"abc").status == 204
    assert (shelf / "a.txt").read_bytes() == b"abc"


def test_a_key_needs_the_scope(program, served, shelf):
    client = served.client()
    for scope, status in (("annotate", 403), ("edit", 201)):
        made = subprocess.run([program, "user", "key", "ada", "--scope", scope, "--folder", str(shelf)], capture_output=True, text=True, timeout=60)
        key = next(word for word in made.stdout.split() if word.startswith("arm_"))
        answer = client.request("PUT", f"/files/by-{scope}.txt", {"Authorization": f"Bearer {key}"}, b"x")
        assert answer.status == status, answer.body


def test_nothing_is_taken_unless_asked_for(start, shelf):
    client = start(shelf, state=False).client()
    assert create(client, 3, "a.txt").status == 403
    answer = put(client, "/files/a.txt", b"abc")
    assert answer.status == 403 and "--uploads" in answer.text
    assert not (shelf / "a.txt").exists() and not (shelf / ".armarium" / "uploads").exists()


def test_a_form_of_another_site_writes_nothing(served, shelf):
    client = served.client()
    answer = create(client, 3, "a.txt", Origin="https://evil.example")
    assert answer.status == 403, answer.body


def test_says_what_it_can(served):
    client = served.client()
    answer = client.options("/uploads")
    assert answer.status == 204 and answer.header("Tus-Version") == "1.0.0" and answer.header("Tus-Resumable") == "1.0.0"
    assert set(answer.header("Tus-Extension").split(",")) == {"creation", "creation-with-upload", "expiration", "checksum", "termination"}
    assert answer.header("Tus-Max-Size") == str(16384 << 20) and "sha1" in answer.header("Tus-Checksum-Algorithm")
    preflight = client.options("/uploads", {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"})
    assert preflight.header("Access-Control-Allow-Origin") == "*" and "POST" in preflight.header("Access-Control-Allow-Methods")
    assert "Upload-Length" in preflight.header("Access-Control-Allow-Headers") and "Access-Control-Allow-Credentials" not in dict(preflight.headers)
    preflight = client.options("/uploads/x", {"Origin": "https://a.example", "Access-Control-Request-Method": "PATCH"})
    assert "PATCH" in preflight.header("Access-Control-Allow-Methods") and "Upload-Offset" in preflight.header("Access-Control-Allow-Headers")
    made = create(client, 3, "a.txt")
    assert "Upload-Offset" in made.header("Access-Control-Expose-Headers") and "Location" in made.header("Access-Control-Expose-Headers")


def test_the_protocol_is_kept_to(served, shelf):
    client = served.client()
    none = client.request("POST", "/uploads", basic("ada", **{"Upload-Length": "3", "Upload-Metadata": metadata(filename="a.txt")}))
    assert none.status == 412 and none.header("Tus-Version") == "1.0.0"
    assert client.request("POST", "/uploads", basic("ada", **{**TUS, "Tus-Resumable": "0.2.2", "Upload-Length": "3"})).status == 412
    for headers in ({}, {"Upload-Length": "-1"}, {"Upload-Length": "3", "Upload-Metadata": "filename ???"}, {"Upload-Length": "3"}, {"Upload-Defer-Length": "1"}):
        assert client.request("POST", "/uploads", basic("ada", **TUS, **headers)).status == 400, headers
    address = create(client, 10, "a.txt").header("Location")
    assert patch(client, address, 3, b"abc").status == 409
    assert client.request("PATCH", address, basic("ada", **TUS, **BYTES), b"abc").status == 400
    assert client.request("PATCH", address, basic("ada", **{**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}), b"abc").status == 415
    assert patch(client, address, 0, b"12345678901").status == 413
    assert offset_of(client, address) == 0
    assert patch(client, address, 0, b"123").status == 204
    assert patch(client, address, 0, b"123").status == 409
    # Behind what lets only POST pass.
    other = client.request("POST", address, basic("ada", **{**TUS, **BYTES, "Upload-Offset": "3", "X-HTTP-Method-Override": "PATCH"}), b"4567")
    assert other.status == 204 and other.header("Upload-Offset") == "7"
    assert client.request("POST", address, basic("ada", **TUS)).status == 405
    assert client.request("DELETE", address, basic("ada", **TUS)).status == 204
    assert client.head(address, basic("ada", **TUS)).status == 404
    assert patch(client, address, 7, b"890").status == 404
    assert unfinished(shelf) == []
    assert client.head("/uploads/none", basic("ada", **TUS)).status == 404


def test_creation_with_bytes(served, shelf):
    client = served.client()
    made = create(client, 10, "a.txt", body=b"01234")
    assert made.status == 201 and made.header("Upload-Offset") == "5", made.body
    assert patch(client, made.header("Location"), 5, b"56789").status == 204
    assert (shelf / "a.txt").read_bytes() == b"0123456789"
    whole = create(client, 4, "b.txt", body=b"full")
    assert whole.status == 201 and whole.header("Upload-Offset") == "4"
    assert (shelf / "b.txt").read_bytes() == b"full"
    assert create(client, 2, "c.txt", body=b"full").status == 413
    assert create(client, 0, "empty.txt").status == 201
    assert (shelf / "empty.txt").read_bytes() == b"" and not (shelf / "c.txt").exists()


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512", "md5"])
def test_checksums(served, shelf, algorithm):
    client = served.client()

    def sum_of(content: bytes) -> str:
        return algorithm + " " + base64.b64encode(hashlib.new(algorithm, content).digest()).decode()

    address = create(client, 10, "a.txt").header("Location")
    assert patch(client, address, 0, b"01234", Upload_Checksum=sum_of(b"01234")).status == 204
    wrong = patch(client, address, 5, b"56789", Upload_Checksum=sum_of(b"other"))
    assert wrong.status == 460, wrong.body
    assert offset_of(client, address) == 5 and not (shelf / "a.txt").exists()
    assert patch(client, address, 5, b"5", Upload_Checksum="crc99 AAAA").status == 400
    assert patch(client, address, 5, b"5", Upload_Checksum="sha1 AAAA").status == 400
    assert patch(client, address, 5, b"56789", Upload_Checksum=sum_of(b"56789")).status == 204
    assert (shelf / "a.txt").read_bytes() == b"0123456789"


class Half:
    """A PATCH whose body stops in the middle, with the connection open."""

    def __init__(self, client, address: str, offset: int, announced: int, body: bytes, **more: str):
        path = client.path_of(address)
        headers = basic("ada", **TUS, **BYTES, **{"Upload-Offset": str(offset), "Content-Length": str(announced), "Host": client.authority},
                        **{key.replace("_", "-"): value for key, value in more.items()})
        self.socket = socket.create_connection((client.host, client.port), timeout=30)
        self.socket.sendall((f"PATCH {path} HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in headers.items()) + "\r\n").encode() + body)

    def send(self, body: bytes) -> None:
        self.socket.sendall(body)

    def status(self) -> int:
        return int(self.socket.recv(65536).split(b" ")[1])

    def drop(self) -> None:
        self.socket.close()


def test_goes_on_after_a_dropped_connection(served, shelf):
    client = served.client()
    content = os.urandom(5_000_000)
    address = create(client, len(content), "a.bin").header("Location")
    half = Half(client, address, 0, len(content), content[:3_000_000])
    half.drop()

    def settled():
        return offset_of(client, address) > 2_000_000

    wait_until(settled, 10)
    at = offset_of(client, address)
    answer = patch(client, address, at, content[at:])
    if answer.status == 409:  # the rest of the first request came in meanwhile
        at = offset_of(client, address)
        answer = patch(client, address, at, content[at:])
    assert answer.status == 204, answer.body
    assert (shelf / "a.bin").read_bytes() == content


def test_one_writer_at_a_time_and_a_silent_one_gives_way(served, shelf):
    client = served.client()
    address = create(client, 100_000, "a.bin").header("Location")
    half = Half(client, address, 0, 100_000, b"x" * 50_000)
    wait_until(lambda: offset_of(client, address) == 50_000, 10)
    half.send(b"x" * 10_000)
    wait_until(lambda: offset_of(client, address) == 60_000, 10)
    second = patch(client, address, 60_000, b"y" * 40_000)
    assert second.status == 409, second.body
    time.sleep(2.2)
    assert patch(client, address, 60_000, b"y" * 40_000).status == 204
    half.send(b"x" * 10_000)
    assert half.status() == 409
    assert (shelf / "a.bin").read_bytes() == b"x" * 60_000 + b"y" * 40_000


def test_goes_on_after_a_kill(start, shelf):
    server = start(shelf, "--uploads", state=False)
    client = server.client()
    content = os.urandom(4_000_000)
    address = create(client, len(content), "a.bin", "deep/er").header("Location")
    assert patch(client, address, 0, content[:1_000_000]).status == 204
    Half(client, address, 1_000_000, 3_000_000, content[1_000_000:2_500_000])
    wait_until(lambda: offset_of(client, address) == 2_500_000, 10)
    summed = create(client, 2_000_000, "b.bin").header("Location")
    assert patch(client, summed, 0, content[:500_000]).status == 204
    Half(client, summed, 500_000, 1_000_000, content[500_000:900_000], Upload_Checksum="sha1 " + base64.b64encode(bytes(20)).decode())
    time.sleep(0.5)
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    again = start(shelf, "--uploads", state=False).client()
    path = address.removeprefix(client.base)
    assert offset_of(again, path) == 2_500_000
    assert patch(again, path, 2_500_000, content[2_500_000:]).status == 204
    assert (shelf / "deep" / "er" / "a.bin").read_bytes() == content
    # What was not compared with its checksum does not count.
    assert offset_of(again, summed.removeprefix(client.base)) == 500_000


def test_a_kill_before_the_move_is_made_up_for(start, shelf):
    server = start(shelf, "--uploads", state=False)
    client = server.client()
    address = create(client, 10, "a.txt").header("Location")
    name = address.rsplit("/", 1)[1]
    assert patch(client, address, 0, b"01234").status == 204
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    with open(shelf / ".armarium" / "uploads" / f"{name}.part", "ab") as part:
        part.write(b"56789")
    (shelf / ".armarium" / "uploads" / ("a" * 26 + ".part")).write_bytes(b"a stray")
    (shelf / ".armarium" / "uploads" / ("b" * 26 + ".json")).write_bytes(b"{broken")
    again = start(shelf, "--uploads", state=False).client()
    wait_until((shelf / "a.txt").exists, 5)
    assert (shelf / "a.txt").read_bytes() == b"0123456789"
    assert offset_of(again, f"/uploads/{name}") == 10
    assert unfinished(shelf) == [f"{name}.json"]


def test_unfinished_ones_expire(start, shelf, program):
    server = start(shelf, "--uploads", "--upload-hours", 1, state=False)
    client = server.client()
    old, young, orphan = (create(client, 10, f"{name}.txt", who=who).header("Location").removeprefix(client.base) for name, who in (("old", "ada"), ("young", "ada"), ("orphan", "eve")))
    assert server.stop() == 0
    parts = shelf / ".armarium" / "uploads"
    os.utime(parts / f"{old.rsplit('/', 1)[1]}.part", (time.time() - 3700,) * 2)
    assert subprocess.run([program, "user", "remove", "eve", "--folder", str(shelf)], capture_output=True, timeout=60).returncode == 0
    again = start(shelf, "--uploads", "--upload-hours", 1, state=False).client()
    assert again.head(old, basic("ada", **TUS)).status in (404, 410)
    assert offset_of(again, young) == 0
    wait_until(lambda: unfinished(shelf) == sorted(f"{young.rsplit('/', 1)[1]}.{kind}" for kind in ("json", "part")), 5)


@pytest.mark.parametrize("name", ["../a.txt", "..", ".hidden", "a/b.txt", "a\\b.txt", "", "a\0.txt", "a\n.txt", b"\xff.txt", ".armarium", "written.yml", "x.tmp", "!x.txt", "Thumbs.db", "a" * 300])
def test_names_that_try_to_escape(served, shelf, name):
    client = served.client()
    assert create(client, 3, name).status == 400
    if isinstance(name, str) and name not in ("..", ""):
        assert put(client, "/files/" + quote(name, safe=""), b"abc").status == 400


@pytest.mark.parametrize("place", ["..", "../..", "/etc", "a/../..", ".armarium", ".armarium/data", "a//b", "./a", "a/.git"])
def test_folders_that_try_to_escape(served, shelf, place):
    client = served.client()
    before = sorted(shelf.parent.rglob("*"))
    assert create(client, 3, "a.txt", place).status == 400
    assert put(client, f"/files/{place}/a.txt", b"abc").status == 400
    assert [path for path in sorted(shelf.parent.rglob("*")) if path not in before and ".armarium" not in path.parts] == []


def test_nothing_goes_through_links(served, shelf, tmp_path):
    client = served.client()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("old")
    (shelf / "link").symlink_to(outside)
    (shelf / "inner").symlink_to(shelf / "item-000")
    (shelf / "file.txt").symlink_to(outside / "secret.txt")
    (shelf / "dangling.txt").symlink_to(outside / "new.txt")
    for path in ("link/a.txt", "link/deep/a.txt", "inner/a.txt"):
        assert put(client, f"/files/{path}", b"abc").status == 409, path
        folder, name = path.rsplit("/", 1)
        assert create(client, 3, name, folder).status == 409
    for name in ("file.txt", "dangling.txt", "item-001"):
        for headers in ({}, {"If_Match": "*"}):
            assert put(client, f"/files/{name}", b"abc", **headers).status == 409, name
    assert put(client, "/files/item-001/p1.png/a.txt", b"abc").status == 409
    # A link that comes while the bytes do.
    address = create(client, 3, "a.txt", "later").header("Location")
    (shelf / "later").symlink_to(outside)
    assert patch(client, address, 0, b"abc").status == 409
    assert sorted(path.name for path in outside.iterdir()) == ["secret.txt"] and (outside / "secret.txt").read_text() == "old"
    assert not (shelf / "item-000" / "a.txt").exists()


def test_nothing_is_overwritten_unless_asked_for(served, shelf):
    client = served.client()
    first = put(client, "/files/notes/a.txt", b"one", If_None_Match="*")
    assert first.status == 201 and first.header("ETag"), first.body
    assert put(client, "/files/notes/a.txt", b"two").status == 428
    assert put(client, "/files/notes/a.txt", b"two", If_None_Match="*").status == 412
    assert put(client, "/files/notes/a.txt", b"two", If_Match='"other"').status == 412
    assert put(client, "/files/notes/b.txt", b"two", If_Match="*").status == 412
    assert create(client, 3, "a.txt", "notes").status == 412
    assert (shelf / "notes" / "a.txt").read_bytes() == b"one" and sorted(os.listdir(shelf / "notes")) == ["a.txt"]
    tag = client.head("/files/notes/a.txt", basic("ada")).header("ETag")
    assert tag == first.header("ETag")
    second = put(client, "/files/notes/a.txt", b"two", If_Match=tag)
    assert second.status == 204 and second.header("ETag") != tag, second.body
    assert put(client, "/files/notes/a.txt", b"three", If_Match=tag).status == 412
    assert put(client, "/files/notes/a.txt", b"three", If_Match="*").status == 204
    address = create(client, 4, "a.txt", "notes", If_Match="*").header("Location")
    assert patch(client, address, 0, b"four").status == 204
    assert (shelf / "notes" / "a.txt").read_bytes() == b"four"
    # Somebody else's file that comes while the bytes do.
    address = create(client, 4, "c.txt").header("Location")
    (shelf / "c.txt").write_bytes(b"theirs")
    assert patch(client, address, 0, b"ours").status == 412
    assert (shelf / "c.txt").read_bytes() == b"theirs"
    assert client.request("DELETE", address, basic("ada", **TUS)).status == 204
    assert [name for name in unfinished(shelf) if name.endswith(".part")] == []
    assert client.head("/files/notes/none.txt", basic("ada")).status == 404
    assert client.head("/files/notes/a.txt", basic("rita")).status == 403


def test_a_put_that_breaks_off_leaves_nothing(served, shelf):
    client = served.client()
    half = Half.__new__(Half)
    half.socket = socket.create_connection((client.host, client.port))
    headers = basic("ada", Host=client.authority, **{"Content-Length": "1000000"})
    half.send(("PUT /files/a.bin HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in headers.items()) + "\r\n").encode() + b"x" * 500_000)
    wait_until(lambda: any(path.stat().st_size > 400_000 for path in (shelf / ".armarium" / "uploads").glob("*.part")), 10)
    half.drop()
    wait_until(lambda: unfinished(shelf) == [], 10)
    assert not (shelf / "a.bin").exists()
    assert client.request("PUT", "/files/a.bin", basic("ada", **{"Transfer-Encoding": "chunked"}), b"").status in (400, 411)


def test_limits(start, shelf):
    client = start(shelf, "--uploads", "--upload-megabytes", 1, "--uploads-gigabytes", 1, state=False).client()
    assert create(client, (1 << 20) + 1, "a.bin").status == 413
    assert put(client, "/files/a.bin", b"x" * ((1 << 20) + 1)).status == 413
    assert create(client, 1 << 20, "a.bin").status == 201
    many = [create(client, 1, f"{number}.bin").status for number in range(200)]
    assert many.count(201) == 199 and many[-1] == 429
    assert create(client, 1, "x.bin", who="eve").status == 201


def test_the_rest_of_the_room(start, shelf):
    client = start(shelf, "--uploads", "--upload-megabytes", 1_000_000_000, "--uploads-gigabytes", 1, state=False).client()
    assert create(client, 1 << 29, "a.bin").status == 201
    assert create(client, (1 << 29) + 1, "b.bin").status == 507


def test_longer_than_the_disk(start, shelf):
    client = start(shelf, "--uploads", "--upload-megabytes", 1_000_000_000, "--uploads-gigabytes", 1_000_000, state=False).client()
    assert create(client, 900_000_000_000_000, "a.bin").status == 507
    assert unfinished(shelf) == []


@pytest.fixture
def disk(tmp_path):
    """A file system of its own, sixteen megabytes large."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_fills_up(start, program, disk, tmp_path):
    fill(disk, 1)
    state = tmp_path / "state"
    server = start(disk, "--uploads", state=state)
    made = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--state", str(state)], input=PASSWORD, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    client = server.client()
    address = create(client, 4_000_000, "a.bin").header("Location")
    with open(disk / "filler", "wb", buffering=0) as filler:
        filler.write(b"x" * 13_000_000)
    answer = patch(client, address, 0, b"y" * 4_000_000)
    assert answer.status == 507, answer.body
    at = offset_of(client, address)
    assert 0 < at < 4_000_000
    (disk / "filler").unlink()
    assert patch(client, address, at, b"y" * (4_000_000 - at)).status == 204
    assert (disk / "a.bin").read_bytes() == b"y" * 4_000_000
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert create(client, 3, "b.txt").status == 403
    assert put(client, "/files/b.txt", b"abc").status == 403


def test_another_disk_below_the_folder(start, program, shelf, tmp_path):
    below = shelf / "mounted"
    below.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", below], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    try:
        client = start(shelf, "--uploads", state=False).client()
        content = tiff()
        address = create(client, len(content), "p1.tif", "mounted/book").header("Location")
        assert patch(client, address, 0, content).status == 204
        assert (below / "book" / "p1.tif").read_bytes() == content
        assert os.listdir(below / "book") == ["p1.tif"]
        assert client.get("/iiif/mounted~book/manifest").status == 200
        assert put(client, "/files/mounted/book/p1.tif", content).status == 428
    finally:
        subprocess.run(["umount", "-l", below], check=True)


def test_a_folder_that_cannot_be_written(start, program, disk, tmp_path):
    fill(disk, 1)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    state = tmp_path / "state"
    server = start(disk, "--uploads", state=state)
    assert subprocess.run([program, "user", "add", "ada", "--role", "editor", "--state", str(state)], input=PASSWORD, capture_output=True, text=True, timeout=60).returncode == 0
    client = server.client()
    assert create(client, 3, "a.txt").status == 403
    assert put(client, "/files/a.txt", b"abc").status == 403


def test_a_large_file_does_not_lie_in_memory(served, shelf):
    client = served.client()
    content = os.urandom(1 << 20) * 200

    def peak() -> int:
        return int(next(line for line in Path(f"/proc/{served.process.pid}/status").read_text().splitlines() if line.startswith("VmHWM")).split()[1])

    assert put(client, "/files/small.bin", b"x").status == 201  # signing in takes memory, too
    before = peak()
    assert put(client, "/files/large.bin", content).status == 201
    assert hashlib.sha256((shelf / "large.bin").read_bytes()).digest() == hashlib.sha256(content).digest()
    assert peak() - before < 30_000


def test_http_2(served, shelf):
    curl = ["curl", "-sS", "--http2-prior-knowledge", "-u", f"ada:{PASSWORD}", "-o", "/dev/null", "-w", "%{http_code} %{http_version} %header{location}"]
    content = os.urandom(5_000_000)
    (shelf.parent / "content").write_bytes(content)
    base = served.base

    def run(*arguments: str) -> str:
        done = subprocess.run([*curl, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert run("-T", str(shelf.parent / "content"), f"{base}/files/two.bin") == "201 2"
    assert (shelf / "two.bin").read_bytes() == content
    status, version, address = run("-X", "POST", "-H", "Tus-Resumable: 1.0.0", "-H", f"Upload-Length: {len(content)}", "-H", f"Upload-Metadata: {metadata(filename='parts.bin')}", f"{base}/uploads").split()
    assert (status, version) == ("201", "2")
    half = shelf.parent / "half"
    for start, end in ((0, 2_000_000), (2_000_000, len(content))):
        half.write_bytes(content[start:end])
        assert run("-X", "PATCH", "-H", "Tus-Resumable: 1.0.0", "-H", f"Upload-Offset: {start}", "-H", "Content-Type: application/offset+octet-stream", "--data-binary", f"@{half}", address) == "204 2"
    assert (shelf / "parts.bin").read_bytes() == content


def test_tus_js_client(served, shelf, tmp_path):
    node = install_node_packages()
    content = tiff(1200, 1000)
    (tmp_path / "blatt.tif").write_bytes(content)
    done = subprocess.run([node, "upload.mjs", f"{served.base}/uploads", basic("ada")["Authorization"], str(tmp_path / "blatt.tif"), "Blatt 1 für Ada.tif", "maps/atlas"],
                          cwd=NODE, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (shelf / "maps" / "atlas" / "Blatt 1 für Ada.tif").read_bytes() == content
    asked = done.stdout.split("\n")
    assert asked[0] == "POST 201" and "HEAD 200" in asked and asked.count("PATCH 204") >= 4, asked
    assert [canvas["height"] for canvas in served.client().get("/iiif/maps~atlas/manifest").json()["items"]] == [1000]


def test_who_sent_what_is_kept(start, program, shelf):
    server = start(shelf, "--uploads", state=False)
    client = server.client()
    assert put(client, "/files/a.txt", b"one").status == 201
    assert put(client, "/files/a.txt", b"three", who="eve", If_Match="*").status == 204
    address = create(client, 4, "b.txt", "notes").header("Location")
    assert patch(client, address, 0, b"four").status == 204

    def listed(of):
        answer = of.get("/files", basic("ada"))
        assert answer.status == 200, answer.body
        return [(file["number"], file["path"], file["size"], file["replaced"], file["who"]) for file in answer.json()["files"]]

    assert listed(client) == [(1, "a.txt", 3, False, "ada"), (2, "a.txt", 5, True, "eve"), (3, "notes/b.txt", 4, False, "ada")]
    assert [file["number"] for file in client.get("/files?after=2", basic("ada")).json()["files"]] == [3]
    assert client.get("/files").status == 401 and client.get("/files", basic("rita")).status == 403 and client.get("/files?after=x", basic("ada")).status == 400
    assert subprocess.run([program, "user", "forget", "eve", "--folder", str(shelf)], capture_output=True, timeout=60).returncode == 0
    assert listed(client)[1] == (2, "a.txt", 5, True, "")
    # As if it had been killed between the move and this list.
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    record = shelf / ".armarium" / "uploads" / (address.rsplit("/", 1)[1] + ".json")
    text = record.read_text()
    assert '"noted":true' in text
    record.write_text(text.replace(',"noted":true', ""))
    again = start(shelf, "--uploads", state=False).client()
    wait_until(lambda: len(listed(again)) == 4, 5)
    assert listed(again)[3] == (4, "notes/b.txt", 4, False, "ada")
