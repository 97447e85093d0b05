"""Follows the links of a server from its top Collection, in Presentation 3, 4 and 2."""

from __future__ import annotations

import time
from collections.abc import Callable

from .client import Client, Response


def crawl3(client: Client, start: str = "/iiif/collection", missing: list[str] | None = None) -> dict[str, dict]:
    """Address -> document of every Collection and Manifest. What does not answer goes to `missing`, where that is given, and fails otherwise."""
    return crawl(client, start, missing, lambda document: [item["id"] for item in document["items"]] if document["type"] == "Collection" else [])


def crawl4(client: Client, missing: list[str] | None = None) -> dict[str, dict]:
    """The same in Presentation 4."""
    return crawl3(client, "/iiif/presentation/4/collection", missing)


def crawl2(client: Client, start: str = "/iiif/presentation/2/collection", missing: list[str] | None = None) -> dict[str, dict]:
    """The same in Presentation 2.1."""

    def members(document: dict) -> list[str]:
        if document["@type"] != "sc:Collection":
            return []
        return [member["@id"] for key in ("collections", "manifests", "members") for member in document.get(key, [])]

    return crawl(client, start, missing, members)


def crawl(client: Client, start: str, missing: list[str] | None, links: Callable[[dict], list[str]]) -> dict[str, dict]:
    documents: dict[str, dict] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in documents:
            continue
        response = patient_get(client, address)
        if response.status != 200:
            assert missing is not None, f"{address}: {response.status} {response.body[:200]!r}"
            missing.append(f"{address}: {response.status}")
            continue
        documents[address] = response.json()
        waiting += [client.path_of(link) for link in links(documents[address])]
    return documents


def patient_get(client: Client, address: str, seconds: float = 60) -> Response:
    """As a client should: what is not ready yet (503 with Retry-After) is asked for again."""
    deadline = time.monotonic() + seconds
    while True:
        response = client.get(address)
        if response.status != 503 or response.header("Retry-After") is None or time.monotonic() > deadline:
            return response
        time.sleep(0.5)


def canvases(document: dict) -> list[dict]:
    return document["items"] if document.get("type") == "Manifest" else []


def painting_bodies(canvas: dict) -> list[dict]:
    """Every picture painted on a Canvas, the options of a Choice one by one."""
    bodies = []
    for page in canvas.get("items", []):
        for annotation in page.get("items", []):
            body = annotation.get("body", {})
            bodies += body.get("items", []) if body.get("type") == "Choice" else [body] if body else []
    return bodies
