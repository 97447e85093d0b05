"""Start, ready line, signals, exit status, the lock of the state, settings."""

import os
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from functional.conftest import fill, free_port


def run(program: Path, *arguments: str, environment: dict | None = None, seconds: float = 20) -> subprocess.CompletedProcess:
    return subprocess.run([str(program), *map(str, arguments)], capture_output=True, text=True, timeout=seconds, env={**os.environ, **(environment or {})})


def test_the_ready_line(start, folder, tmp_path):
    server = start(folder, state=tmp_path / "state")
    assert re.fullmatch(r"Armarium is listening on http://127\.0\.0\.1:\d+/", server.lines[0])
    assert str(tmp_path / "state") in server.lines[1]
    assert server.ready_after < 1.0, f"ready after {server.ready_after:.2f} s"
    assert server.client().get("/healthz").status == 200


def test_the_state_is_in_the_folder_by_default(start, folder):
    server = start(folder, state=False)
    assert str(folder / ".armarium") in server.lines[1]
    assert (folder / ".armarium").is_dir()


def test_a_folder_that_cannot_be_written(start, folder, tmp_path):
    """State goes to $XDG_STATE_HOME. Root may write everywhere, so this needs another user."""
    if os.geteuid() == 0:
        pytest.skip("root can write everywhere")
    folder.chmod(0o555)
    try:
        server = start(folder, state=False, environment={"XDG_STATE_HOME": str(tmp_path / "xdg")})
        assert server.client().get("/iiif/collection").status == 200
        assert str(tmp_path / "xdg") in server.lines[1]
    finally:
        folder.chmod(0o755)


def test_only_the_state_is_written(start, folder, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    server = start(folder, state=tmp_path / "state")
    server.client().get("/iiif/item-000/manifest")
    server.stop()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_when_asked(start, folder, number):
    server = start(folder)
    begin = time.monotonic()
    assert server.stop(number=number) == 0
    assert time.monotonic() - begin < 10
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(server.base.rsplit(":", 1)[1])), timeout=2)


def test_answers_under_way_are_finished(start, fixture_folder):
    """SIGTERM drains: a request that runs is answered in full."""
    server = start(fixture_folder, indexed=False)
    answers = []
    client = server.client()
    client.get("/healthz")
    thread = threading.Thread(target=lambda: answers.append(client.get("/iiif/image/3/pictures~gradient/full/2400,/33/default.png")))
    thread.start()
    time.sleep(0.15)
    assert server.stop() == 0
    thread.join(15)
    assert answers and answers[0].status == 200 and answers[0].image().width > 2400


def test_an_idle_connection_does_not_hold_the_end(start, folder):
    server = start(folder)
    client = server.client()
    client.get("/healthz")
    begin = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begin < 5


def test_one_process_holds_the_state(start, program, folder, tmp_path):
    start(folder, state=tmp_path / "state")
    second = run(program, "serve", folder, "--listen", "127.0.0.1:0", "--state", tmp_path / "state")
    assert second.returncode == 1
    assert str(tmp_path / "state") in second.stderr and "listening" not in second.stdout


def test_the_lock_dies_with_its_process(start, folder, tmp_path):
    first = start(folder, state=tmp_path / "state")
    first.process.kill()
    first.process.wait(5)
    second = start(folder, state=tmp_path / "state")
    assert second.client().get("/iiif/item-000/manifest").status == 200


def test_a_port_that_is_taken(start, program, folder, tmp_path):
    server = start(folder)
    second = run(program, "serve", folder, "--listen", server.base.removeprefix("http://"), "--state", tmp_path / "other")
    assert second.returncode == 1 and second.stderr


@pytest.mark.parametrize("arguments", [[], ["serve"], ["serve", "{folder}", "--nonsense"], ["nonsense"], ["serve", "{folder}", "--listen", "nowhere"],
                                       ["serve", "{folder}", "--public-url", "ftp://x"], ["serve", "{folder}", "--tls-cert", "only-one.pem"]])
def test_wrong_usage(program, folder, arguments):
    done = run(program, *[argument.format(folder=folder) for argument in arguments])
    assert done.returncode == 2
    assert done.stderr and "listening" not in done.stdout


def test_an_unknown_setting_names_the_nearest(program, folder, tmp_path):
    done = run(program, "serve", folder, "--lisen", "127.0.0.1:0")
    assert done.returncode == 2 and "listen" in done.stderr
    (tmp_path / "armarium.toml").write_text('lisen = "127.0.0.1:0"\n')
    done = run(program, "serve", folder, "--config", tmp_path / "armarium.toml")
    assert done.returncode == 2 and "listen" in done.stderr.replace("lisen ", "")
    done = run(program, "serve", folder, environment={"ARMARIUM_LISEN": "127.0.0.1:0"})
    assert done.returncode == 2 and "ARMARIUM_LISTEN" in done.stderr.upper()


def test_a_folder_that_is_not_there(program, tmp_path):
    done = run(program, "serve", tmp_path / "nothing", "--listen", "127.0.0.1:0", "--state", tmp_path / "state")
    assert done.returncode in (1, 2) and "nothing" in done.stderr


def test_order_of_settings(program, folder, tmp_path):
    """Command line over environment over file."""
    ports = [free_port() for _ in range(3)]
    config = tmp_path / "armarium.toml"
    config.write_text(f'listen = "127.0.0.1:{ports[0]}"\nstate = "{tmp_path / "state"}"\n')

    def listening(*arguments, environment=None) -> str:
        process = subprocess.Popen([program, "serve", folder, "--config", config, *arguments], stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, **(environment or {})})
        line = process.stdout.readline()
        process.terminate()
        assert process.wait(12) == 0
        return line

    assert f":{ports[0]}/" in listening()
    assert f":{ports[1]}/" in listening(environment={"ARMARIUM_LISTEN": f"127.0.0.1:{ports[1]}"})
    assert f":{ports[2]}/" in listening("--listen", f"127.0.0.1:{ports[2]}", environment={"ARMARIUM_LISTEN": f"127.0.0.1:{ports[1]}"})


def test_version_and_help(program):
    assert run(program, "--help").returncode == 0 and "serve" in run(program, "--help").stdout
    assert run(program, "--version").returncode == 0


def test_a_state_that_is_no_database(start, folder, tmp_path):
    """A state directory that holds something else is refused in words, or put right; never a crash."""
    state = tmp_path / "state"
    server = start(folder, state=state)
    server.stop()
    databases = [path for path in state.rglob("*") if path.is_file() and path.suffix in (".db", ".sqlite", ".sqlite3")]
    assert databases, f"no database below {list(state.rglob('*'))}"
    for path in databases:
        path.write_bytes(b"This is no database. " * 500)
    done = subprocess.Popen([server.program, "serve", folder, "--listen", "127.0.0.1:0", "--state", state], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, err = done.communicate(timeout=4)
        assert done.returncode == 1 and err
    except subprocess.TimeoutExpired:
        done.terminate()
        assert done.wait(12) == 0


@pytest.mark.slow
def test_a_thousand_folders_with_a_hundred_thousand_pictures(start, tmp_path, program):
    """The first start: ready within a second, and a Manifest within a second more, long before the index is complete."""
    big = tmp_path / "big"
    model = fill(tmp_path / "one", 1) / "item-000" / "p1.png"
    for item in range(1000):
        directory = big / f"item-{item:04}"
        directory.mkdir(parents=True)
        first = directory / "p001.png"
        first.write_bytes(model.read_bytes())
        for page in range(2, 101):
            os.link(first, directory / f"p{page:03}.png")
    server = start(big, indexed=False)
    begin = time.monotonic()
    assert server.ready_after < 1.0
    response = server.client().get("/iiif/item-0777/manifest")
    assert response.status == 200 and len(response.json()["items"]) == 100
    assert time.monotonic() - begin < 1.0, f"the Manifest took {time.monotonic() - begin:.2f} s"
    collection = server.client().get("/iiif/collection")
    assert collection.status == 200
