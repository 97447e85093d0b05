"""A client of the change stream, written from Change Discovery 1.0, 3.5: the collection and page algorithms, and nothing of our server.

Where the text of the algorithm leaves something open: a Refresh has no endTime and no object, so that it is looked at first; the previous page is `page.prev`;
both addresses of a Move count as processed; including something means fetching it, and what is not there (404, 410) is not included.
"""

from __future__ import annotations

from typing import Callable, Iterator

KNOWN = {"Manifest", "Collection"}


def pages_backwards(fetch: Callable[[str], dict], collection: str) -> Iterator[dict]:
    page = fetch(fetch(collection)["last"]["id"])
    while True:
        yield page
        if "prev" not in page:
            return
        page = fetch(page["prev"]["id"])


def pages_forwards(fetch: Callable[[str], dict], collection: str) -> Iterator[dict]:
    page = fetch(fetch(collection)["first"]["id"])
    while True:
        yield page
        if "next" not in page:
            return
        page = fetch(page["next"]["id"])


class Harvester:
    """Keeps the set of resources that a stream says there are. `is_there(id)` fetches one: False when it is gone."""

    def __init__(self, fetch: Callable[[str], dict], is_there: Callable[[str], bool]):
        self.fetch = fetch
        self.is_there = is_there
        self.held: set[str] = set()
        self.last_crawl: str | None = None
        self.read = 0

    def crawl(self, collection: str, now: str | None = None) -> None:
        processed: set[str] = set()
        only_delete = False
        newest: str | None = None
        for page in pages_backwards(self.fetch, collection):
            for activity in reversed(page["orderedItems"]):
                time = activity.get("endTime") or activity.get("startTime")
                newest = newest or time
                if self.last_crawl is not None and time < self.last_crawl:
                    return self._done(now or newest)
                self.read += 1
                if activity["type"] == "Refresh":
                    if self.last_crawl is None:
                        return self._done(now or newest)
                    only_delete = True
                    continue
                self._process(activity, processed, only_delete)
        self._done(now or newest)

    def _done(self, now: str | None) -> None:
        self.last_crawl = now

    def _process(self, activity: dict, processed: set[str], only_delete: bool) -> None:
        thing = activity["object"]
        if thing["id"] in processed or thing["type"] not in KNOWN:
            return
        if activity["type"] == "Delete":
            self.held.discard(thing["id"])
        elif only_delete:
            return
        elif activity["type"] in ("Create", "Update"):
            self._include(thing["id"])
        elif activity["type"] == "Move":
            self.held.discard(thing["id"])
            target = activity["target"]["id"]
            if target not in processed:
                self._include(target)
            processed.add(target)
        processed.add(thing["id"])

    def _include(self, address: str) -> None:
        if self.is_there(address):
            self.held.add(address)


def replay_forwards(activities: Iterator[dict]) -> set[str]:
    """What there is after all activities, from the oldest on."""
    held: set[str] = set()
    for activity in activities:
        kind = activity["type"]
        if kind in ("Create", "Update"):
            held.add(activity["object"]["id"])
        elif kind == "Delete":
            held.discard(activity["object"]["id"])
        elif kind == "Move":
            held.discard(activity["object"]["id"])
            held.add(activity["target"]["id"])
    return held
