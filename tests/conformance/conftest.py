"""Helpers of the Image API suites."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.make_fixtures import gradient
from support.pictures import SIZE_OF, image2, image3


class Service:
    """One version of the image service; requests by identifier and the rest of the path."""

    def __init__(self, client, version: int):
        self.client = client
        self.version = version
        self.address = image3 if version == 3 else image2
        self._info: dict[str, dict] = {}

    def get(self, name: str, rest: str = "", headers: dict | None = None):
        return self.client.get(self.address(name, rest), headers)

    def info(self, name: str) -> dict:
        if name not in self._info:
            response = self.get(name, "info.json")
            assert response.status == 200, f"{response.url}: {response.status} {response.body[:300]!r}"
            self._info[name] = response.json()
        return self._info[name]

    def picture(self, name: str, rest: str):
        """The decoded picture of a request that must succeed."""
        response = self.get(name, rest)
        assert response.status == 200, f"{response.url}: {response.status} {response.body[:300]!r}"
        return response.image()

    def pixels(self, name: str, rest: str) -> np.ndarray:
        return np.asarray(self.picture(name, rest).convert("RGB")).astype(int)

    def size(self, name: str, rest: str) -> tuple[int, int]:
        response = self.get(name, rest)
        assert response.status == 200, f"{response.url}: {response.status} {response.body[:300]!r}"
        return response.size()

    def canonical(self, name: str, rest: str) -> str:
        """Target of Link rel=canonical, without the base address of the image; `^` must be encoded in an address, and is not here."""
        response = self.get(name, rest)
        assert response.status == 200, f"{response.url}: {response.status} {response.body[:300]!r}"
        target = response.links().get("canonical")
        assert target, f"{response.url}: no canonical link, Link: {response.header('Link')}"
        base = self.client.base + self.address(name) + "/"
        assert target.startswith(base), f"{target} does not start with {base}"
        return target[len(base):].replace("%5E", "^")

    def refused(self, name: str, rest: str, *statuses: int) -> None:
        """The request is an error of the client, explained, open to other origins."""
        response = self.get(name, rest)
        assert response.status in (statuses or (400,)), f"{response.url}: {response.status}"
        assert response.header("Access-Control-Allow-Origin") == "*", f"{response.url}: an error without CORS"
        assert response.body, f"{response.url}: an error without an explanation"


@pytest.fixture(scope="session")
def v3(client) -> Service:
    return Service(client, 3)


@pytest.fixture(scope="session")
def v2(client) -> Service:
    return Service(client, 2)


@pytest.fixture(scope="session", params=[3, 2], ids=["v3", "v2"])
def either(request, v3, v2) -> Service:
    return v3 if request.param == 3 else v2


def source(name: str) -> np.ndarray:
    """The pixels of a gradient fixture as they were computed."""
    return gradient(*SIZE_OF[name]).astype(int)
