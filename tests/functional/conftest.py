"""Folders, servers and proxies of their own for the functional tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from fixtures.make_fixtures import gradient
from support.server import Server, free_port, wait_indexed
from support.users import PASSWORD


__all__ = ["fill", "free_port", "picture", "sound"]


def picture(path: Path, width: int = 60, height: int = 40) -> Path:
    """A small picture; it appears under its name at once, as a copying program would make it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(gradient(width, height)).save(path)
    return path


def fill(folder: Path, items: int, pages: int = 1) -> Path:
    for item in range(items):
        for page in range(pages):
            picture(folder / f"item-{item:03}" / f"p{page + 1}.png", 60 + item % 7, 40)
    return folder


def sound(state: Path) -> bool:
    """Whether each database of a state is as SQLite wants it."""
    databases = [path for path in state.rglob("*") if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3"]
    assert databases
    checks = "PRAGMA integrity_check; PRAGMA foreign_key_check;"
    return all(subprocess.run(["sqlite3", path, checks], capture_output=True, text=True).stdout == "ok\n" for path in databases)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three items of two pages."""
    return fill(tmp_path / "folder", 3, 2)


@pytest.fixture
def start(program):
    """Starts servers and ends them after the test; what ended badly fails the test."""
    servers: list[Server] = []

    def run(folder: Path, *arguments: str, indexed: bool = True, **more) -> Server:
        server = Server(folder, *arguments, program=program, **more).wait_ready()
        servers.append(server)
        if indexed:
            wait_indexed(server.client())
        return server

    yield run
    for server in servers:
        if server.alive():
            assert server.stop() == 0, server.log_text()


@pytest.fixture(scope="module")
def writable(program, tmp_path_factory):
    """A server of an empty folder with an editor."""
    folder = tmp_path_factory.mktemp("empty")
    made = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    server = Server(folder, program=program, state=False).wait_ready()
    wait_indexed(server.client())
    yield server.client()
    server.stop()
