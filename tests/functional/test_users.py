"""Users and keys: `armarium user`, signing in by Basic and Bearer, what is refused. /status on a public address is what an administrator alone may see."""

import base64
import json
import os
import pty
import sqlite3
import subprocess
import termios
import time

import pytest

from support.server import free_port, is_scanning, wait_until

PUBLIC = "https://iiif.example.org"
PASSWORD = "correct horse battery"


@pytest.fixture
def user(program, folder):
    """Runs `armarium user …` on the folder; gives its standard output."""

    def run(*arguments: str, password: str | None = PASSWORD, status: int = 0) -> str:
        command = [program, "user", *arguments, "--folder", str(folder)]
        done = subprocess.run(command, input=password or "", capture_output=True, text=True, timeout=60)
        assert done.returncode == status, (command, done.stdout, done.stderr)
        return done.stdout.strip() if status == 0 else done.stderr.strip()

    return run


@pytest.fixture
def public(start, folder):
    """A server with a public address whose state is where `user` looks for it."""

    def run(*arguments: str, **more):
        return start(folder, "--public-url", PUBLIC, "--admin-listen", f"127.0.0.1:{free_port()}", *arguments, state=False, indexed=False, **more)

    return run


def basic(name: str, password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode(), **more}


def bearer(key: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", **more}


def test_create_and_sign_in(user, public):
    """Made while no server runs, and used by the server that comes."""
    assert user("list").startswith("There is no user yet")
    assert user("add", "ada", "--role", "administrator") == "Added ada: administrator."
    assert "already" in user("add", "ada", status=1)
    client = public().client()
    anonymous = client.get("/status")
    assert anonymous.status == 401
    assert anonymous.media_type == "application/problem+json"
    assert [value.split()[0] for value in anonymous.header_list("WWW-Authenticate")] == ["Basic", "Bearer"]
    assert anonymous.header("Access-Control-Allow-Origin") == "*"
    signed_in = client.get("/status", basic("ada"))
    assert signed_in.status == 200
    assert signed_in.json()["users"] == 1
    assert "public" not in signed_in.header("Cache-Control")
    metrics = client.get("/metrics", basic("ada"))
    assert metrics.status == 200
    assert 'armarium_sign_ins_total{by="password",outcome="right"} 1' in metrics.text
    assert client.get("/status").status == 401


def test_made_while_the_server_runs(user, public):
    client = public().client()
    assert client.get("/status").status == 404, "nobody could sign in: there is nothing to be had"
    assert client.get("/status", basic("ada")).status == 401
    user("add", "ada", "--role", "administrator")
    assert client.get("/status", basic("ada")).status == 200
    user("change", "ada", "--role", "editor")
    refused = client.get("/status", basic("ada"))
    assert refused.status == 403
    assert "administer" in refused.json()["detail"]
    user("change", "ada", "--role", "administrator", "--password-stdin", password="another good one")
    assert client.get("/status", basic("ada")).status == 401
    assert client.get("/status", basic("ada", "another good one")).status == 200
    user("change", "ada", "--disable")
    assert client.get("/status", basic("ada", "another good one")).status == 401
    user("change", "ada", "--enable")
    assert client.get("/status", basic("ada", "another good one")).status == 200
    user("remove", "ada")
    assert "no user" in user("remove", "ada", status=1)
    assert client.get("/status", basic("ada", "another good one")).status in (401, 404)


def test_names_and_passwords_in_any_normal_form(user, public):
    user("add", "e\u0301va", "--role", "administrator", password="pa\u0308ssword long")
    client = public().client()
    assert client.get("/status", basic("\u00e9va", "p\u00e4ssword long")).status == 200
    assert client.get("/status", basic("e\u0301va", "pa\u0308ssword long")).status == 200


def test_what_is_no_user(user):
    assert "at least 10" in user("add", "ada", password="short", status=1)
    assert "colon" in user("add", "a:b", status=1)
    assert "the server's own" in user("add", "system", status=1)
    assert "no role" in user("add", "ada", "--role", "emperor", status=1)
    assert "No password" in user("add", "ada", password=None, status=1)
    assert user("list").startswith("There is no user yet")


def test_keys(user, public, folder):
    user("add", "robot", "--no-password", "--role", "administrator")
    key = user("key", "robot", "--expires", "30")
    narrow = user("key", "robot", "--scope", "edit", "--scope", "annotate")
    client = public().client()
    assert client.get("/status", bearer(key)).status == 200
    assert client.get("/status", basic("robot", "")).status == 401
    assert client.get("/status", bearer(narrow)).status == 403
    assert client.get("/status", bearer(key[:-1] + ("a" if key[-1] != "a" else "b"))).status == 401
    listed = user("key", "robot", "--list").splitlines()
    assert len(listed) == 2
    assert "last used " + time.strftime("%Y-%m-%d", time.gmtime()) in listed[0] + listed[1]
    assert "annotate, edit" in listed[0] + listed[1]
    assert key.split("_")[2] not in "".join(listed)
    user("key", "robot", "--revoke", key.split("_")[1])
    assert client.get("/status", bearer(key)).status == 401
    assert client.get("/status", bearer(narrow)).status == 403
    assert "no such key" in user("key", "robot", "--revoke", "unknown", status=1)
    state = b"".join(path.read_bytes() for path in (folder / ".armarium" / "data").iterdir() if path.is_file())
    assert key.split("_")[2].encode() not in state


def test_a_key_expires(user, public, folder):
    user("add", "robot", "--no-password", "--role", "administrator")
    key = user("key", "robot", "--expires", "1")
    with sqlite3.connect(folder / ".armarium" / "data" / "armarium.sqlite") as database:
        database.execute("UPDATE api_key SET expires = ?", [int((time.time() + 2.5) * 1000)])
    database.close()
    client = public().client()
    assert client.get("/status", bearer(key)).status == 200
    wait_until(lambda: client.get("/status", bearer(key)).status == 401, 20)


def test_a_password_is_not_kept(user, folder):
    user("add", "ada")
    data = b"".join(path.read_bytes() for path in (folder / ".armarium" / "data").iterdir() if path.is_file())
    assert b"$argon2id$v=19$m=65536,t=3,p=1$" in data
    assert PASSWORD.encode() not in data


def test_lock_out(user, public):
    """By name; whoever it is, waiting gets longer, and the same is said of a name that there is not."""
    user("add", "ada", "--role", "administrator")
    key = user("key", "ada")
    client = public().client()
    for name in ("ada", "nobody"):
        answers = [client.get("/status", basic(name, f"wrong {i}")) for i in range(7)]
        assert [answer.status for answer in answers] == [401] * 6 + [429], name
        assert answers[-1].header("Retry-After") == "2"
        assert {answer.json()["detail"] for answer in answers[:6]} == {"The name or the password is wrong."}
    assert client.get("/status", basic("ada")).status == 429
    assert client.get("/status", bearer(key)).status == 200, "keys do not wait for their owner's name"
    wait_until(lambda: client.get("/status", basic("ada")).status == 200, 20, 0.5)
    assert client.get("/status", basic("ada", "wrong again")).status == 401, "the count began anew"


def test_lock_out_by_address(user, public):
    user("add", "ada", "--role", "administrator")
    client = public().client()
    here = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "Host": "iiif.example.org"}
    there = {**here, "X-Forwarded-For": "203.0.113.8"}
    statuses = [client.get("/status", bearer(f"arm_nothing{i}", **here)).status for i in range(23)]
    assert statuses[:20] == [401] * 20
    assert statuses[-1] == 429
    assert client.get("/status", basic("ada", **here)).status == 429
    assert client.get("/status", basic("ada", **there)).status == 200


def test_an_old_key_is_one_attempt(user, public):
    """A program that goes on with a key that was revoked does not keep its whole network out."""
    user("add", "ada", "--role", "administrator")
    client = public().client()
    assert {client.get("/status", bearer("arm_old")).status for _ in range(60)} == {401}
    assert client.get("/status", basic("ada")).status == 200


def test_credentials_in_the_clear(user, public):
    """TLS, a trusted proxy that says https, or this machine to this machine; nothing else."""
    user("add", "ada", "--role", "administrator")
    client = public().client()
    outside = {"Host": "iiif.example.org", "X-Forwarded-For": "203.0.113.7"}
    refused = client.get("/status", basic("ada", **outside))
    assert refused.status == 400
    assert "TLS" in refused.json()["detail"]
    assert client.get("/status", basic("ada", **outside, **{"X-Forwarded-Proto": "http"})).status == 400
    assert client.get("/status", basic("ada", **outside, **{"X-Forwarded-Proto": "https"})).status == 200
    assert client.get("/status", basic("ada", Host="iiif.example.org")).status == 400, "through a proxy that says nothing"
    assert client.get("/status", basic("ada")).status == 200
    picture = client.get("/iiif/image/3/item-000~p1/info.json", basic("ada", **outside))
    assert picture.status == 400, "at every address"


def test_a_proxy_that_is_not_trusted(user, public):
    user("add", "ada", "--role", "administrator")
    client = public("--trusted-proxy", "192.0.2.0/24").client()
    headers = {"Host": "iiif.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
    assert client.get("/status", basic("ada", **headers)).status == 400


def test_over_tls(user, public, tmp_path):
    user("add", "ada", "--role", "administrator")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"],
                   check=True, capture_output=True)
    client = public("--tls-cert", str(certificate), "--tls-key", str(key)).client()
    assert client.get("/status", basic("ada", Host="iiif.example.org")).status == 200


def test_a_foreign_host_is_told_nothing(user, start, folder):
    user("add", "ada", "--role", "administrator")
    client = start(folder, state=False).client()
    assert client.get("/iiif/collection", basic("ada", Host="evil.test")).status == 421
    assert client.get("/iiif/collection", basic("ada", "wrong password", Host="evil.test")).status == 421
    assert client.get("/iiif/collection", basic("ada")).status == 200


def test_malformed_headers(user, public):
    user("add", "ada", "--role", "administrator")
    client = public().client()
    for header in ("Basic", "Basic !", "Basic YWRh", "Bearer", "Bearer a b", "Digest username=ada", "x" * 5000):
        answer = client.get("/status", {"Authorization": header})
        assert answer.status == 400, header
        assert answer.json()["detail"].startswith("The Authorization header"), header
    assert client.get("/status", basic("ada")).status == 200


def test_what_everybody_sees_is_the_same(user, public):
    """Signed in or not: same bytes, same ETag, still public."""
    user("add", "ada", "--role", "administrator")
    client = public().client()
    wait_until(lambda: not is_scanning(client.get("/status", basic("ada")).json()), 60)
    for target in ("/iiif/collection", "/iiif/image/3/item-000~p1/full/max/0/default.jpg"):
        public_answer, own = client.get(target), client.get(target, basic("ada"))
        assert public_answer.status == own.status == 200
        assert public_answer.body == own.body
        assert public_answer.header("ETag") == own.header("ETag")
        assert own.header("Cache-Control") == public_answer.header("Cache-Control")


def test_forget(user, public, folder):
    user("add", "Ada Lovelace", "--role", "administrator")
    user("key", "Ada Lovelace")
    server = public()
    assert server.client().get("/status", basic("Ada Lovelace", "wrong password")).status == 401
    user("forget", "Ada Lovelace")
    user("forget", "Ada Lovelace")
    assert user("list").startswith("There is no user yet")
    assert server.stop() == 0
    with sqlite3.connect(folder / ".armarium" / "data" / "armarium.sqlite") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert "Ada Lovelace" not in dump


def test_after_a_crash(user, public):
    """The socket of a killed server is still there, and answers nobody."""
    server = public()
    server.process.kill()
    server.process.wait()
    assert user("add", "ada") == "Added ada: editor."
    assert user("list").startswith("ada: editor")


def test_without_a_folder(program, tmp_path):
    done = subprocess.run([program, "user", "list"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "--folder" in done.stderr
    assert not list(tmp_path.iterdir()), "no state is made where nobody asked for one"


def test_from_inside_the_folder(program, user, folder):
    user("add", "ada")
    done = subprocess.run([program, "user", "list"], cwd=folder / "item-000", capture_output=True, text=True)
    assert done.stdout.startswith("ada: editor")


def test_the_terminal_shows_no_password(program, folder):
    child, terminal = pty.fork()
    if child == 0:
        os.execv(program, [str(program), "user", "add", "ada", "--folder", str(folder)])
    shown = b""

    def until(text: bytes):
        nonlocal shown
        while text not in shown:
            shown += os.read(terminal, 1000)

    until(b"Password: ")
    time.sleep(0.3)
    os.write(terminal, PASSWORD.encode() + b"\n")
    until(b"Again: ")
    time.sleep(0.3)
    os.write(terminal, PASSWORD.encode() + b"\n")
    until(b"Added ada: editor.")
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in (0, -1)
    assert PASSWORD.encode() not in shown


def test_ctrl_c_gives_the_terminal_back(program, folder):
    child, terminal = pty.fork()
    if child == 0:
        os.execv(program, [str(program), "user", "add", "ada", "--folder", str(folder)])
    shown = b""
    while b"Password: " not in shown:
        shown += os.read(terminal, 1000)
    wait_until(lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO, 10, 0.02)
    os.write(terminal, b"\x03")
    while b"No password" not in shown:
        shown += os.read(terminal, 1000)
    assert termios.tcgetattr(terminal)[3] & termios.ECHO
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    os.close(terminal)


STATES = "/iiif/content-state/"


def keep(client, headers: dict[str, str] | None = None, media_type: str = "application/json"):
    """Keeps a content state: the smallest thing that is written."""
    body = json.dumps({"id": f"{client.base}/iiif/item-000/manifest", "type": "Manifest"}).encode()
    return client.request("POST", STATES, {"Content-Type": media_type, **(headers or {})}, body)


def test_nothing_is_written_before_a_user_exists(user, start, folder):
    client = start(folder, state=False).client()
    refused = keep(client)
    assert refused.status == 403
    assert refused.json()["detail"] == "Nothing can be written until a user exists: armarium user add NAME"
    user("add", "ada", "--role", "contributor")
    assert keep(client).status == 401
    assert keep(client, basic("ada", "wrong password")).status == 401
    assert keep(client, basic("ada")).status == 201
    user("change", "ada", "--role", "reader")
    assert keep(client, basic("ada")).status == 403


def test_a_key_writes_as_far_as_its_scopes_go(user, start, folder):
    user("add", "ada", "--role", "editor")
    able, unable = user("key", "ada", "--scope", "annotate"), user("key", "ada", "--scope", "edit")
    client = start(folder, state=False).client()
    assert keep(client, bearer(able)).status == 201
    assert keep(client, bearer(unable)).status == 403


def test_too_many_changes(user, start, folder):
    user("add", "ada", "--role", "editor")
    client = start(folder, "--writes-per-minute", "20", state=False).client()
    answers = [keep(client, basic("ada")) for _ in range(3)]
    assert [answer.status for answer in answers] == [201, 201, 429]
    assert 1 <= int(answers[2].header("Retry-After")) <= 3
    wait_until(lambda: keep(client, basic("ada")).status == 201, 20, 0.5)


def test_a_form_of_another_site(user, start, folder):
    """What a browser sends there by itself, with the password that it keeps."""
    user("add", "ada", "--role", "editor")
    client = start(folder, state=False).client()
    foreign = keep(client, basic("ada", Origin="https://evil.example"), "text/plain")
    assert foreign.status in (403, 415)
    assert keep(client, basic("ada", Origin="https://viewer.example")).status == 201, "this one was asked for by a preflight"


def test_over_the_network_the_public_address_is_needed(user, start, folder):
    user("add", "ada", "--role", "editor")
    client = start(folder, state=False, listen=f"0.0.0.0:{free_port()}").client()
    client = type(client)(client.base.replace("0.0.0.0", "127.0.0.1"))
    refused = keep(client, basic("ada"))
    assert refused.status == 403
    assert "--public-url" in refused.json()["detail"]
