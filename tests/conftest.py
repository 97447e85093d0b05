"""Fixtures that every suite shares: the folder of fixtures, one running server for it, a client."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixtures.make_fixtures import make
from support.client import Client
from support.server import ROOT, Server, find_program, wait_indexed

DATA = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--program", default="", help="the program under test (default: $PROGRAM_UNDER_TEST, else the newest build)")
    parser.addoption("--base-url", default="", help="test this server, which serves the fixture folder, instead of starting one")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--program"):
        os.environ["PROGRAM_UNDER_TEST"] = str(Path(config.getoption("--program")).resolve())


@pytest.fixture(scope="session")
def fixture_folder() -> Path:
    return make(ROOT / "build" / "fixtures")


@pytest.fixture(scope="session")
def program() -> Path:
    found = find_program()
    if found is None:
        pytest.fail("no program: run scripts/build, or name it in PROGRAM_UNDER_TEST")
    return found


@pytest.fixture(scope="session")
def base_url(request: pytest.FixtureRequest, fixture_folder: Path):
    """Address of the server under test, indexed."""
    given = request.config.getoption("--base-url")
    if given:
        yield given.rstrip("/")
        return
    request.getfixturevalue("program")
    server = Server(fixture_folder).wait_ready()
    try:
        wait_indexed(server.client())
        yield server.base
        assert server.alive(), f"the server died during the tests:\n{server.log_text()}"
    finally:
        status = server.stop()
    assert status == 0, f"exit status {status} after SIGTERM:\n{server.log_text()}"


@pytest.fixture(scope="session")
def client(base_url: str):
    made = Client(base_url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The large set of real files; it lies beside the repository where there is one."""
    if not DATA.is_dir():
        pytest.skip("../shared/data is not there: the real files beside the repository")
    return DATA
