"""Change Discovery API 1.0: the stream of whatever is published, read by the walk that the specification describes."""

import re
from datetime import datetime, timezone

import pytest

from support.crawl import crawl3
from support.harvester import Harvester, pages_backwards, pages_forwards, replay_forwards

CONTEXT = "http://iiif.io/api/discovery/1/context.json"
COLLECTION = "/iiif/discovery/1/collection"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture(scope="module", params=["", "/v2", "/v4"], ids=["v3", "v2", "v4"])
def ending(request):
    return request.param


@pytest.fixture(scope="module")
def fetch(client):
    def get(address):
        answer = client.get(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        return answer.json()

    return get


@pytest.fixture(scope="module")
def collection(fetch, ending):
    return fetch(COLLECTION + ending)


@pytest.fixture(scope="module")
def pages(fetch, collection):
    return list(reversed(list(pages_backwards(fetch, collection["id"]))))


@pytest.fixture(scope="module")
def activities(pages):
    return [activity for page in pages for activity in page["orderedItems"]]


@pytest.mark.ids("DISC-001", "DISC-002", "DISC-003")
def test_the_collection(client, collection, ending):
    assert next(iter(collection)) == "@context" and collection["@context"] == CONTEXT
    assert collection["id"] == client.base + COLLECTION + ending and collection["type"] == "OrderedCollection"
    for name in ("first", "last"):
        assert set(collection[name]) == {"id", "type"} and collection[name]["type"] == "OrderedCollectionPage"
    assert "orderedItems" not in collection


@pytest.mark.ids("DISC-002", "DISC-004", "DISC-005")
def test_pages_are_a_chain(client, fetch, collection, pages):
    assert pages[0]["id"] == collection["first"]["id"] and pages[-1]["id"] == collection["last"]["id"]
    assert [page["id"] for page in pages_forwards(fetch, collection["id"])] == [page["id"] for page in pages]
    index = 0
    for number, page in enumerate(pages):
        assert page["@context"] == CONTEXT and page["type"] == "OrderedCollectionPage"
        assert page["partOf"] == {"id": collection["id"], "type": "OrderedCollection"}
        assert ("prev" in page) == (number > 0) and ("next" in page) == (number + 1 < len(pages))
        assert page["startIndex"] == index and page["orderedItems"]
        index += len(page["orderedItems"])
    assert index == collection["totalItems"]
    last = re.sub("/v[24]$", "", pages[-1]["id"]).rsplit("/", 1)
    for unknown in ("0", str(int(last[1]) + 1), "x", "01", "99999999999999999999"):
        assert client.get(f"{last[0]}/{unknown}").status == 404


@pytest.mark.ids("DISC-006", "DISC-010", "DISC-011", "DISC-025")
def test_times_never_go_back(activities):
    times = [activity.get("endTime") or activity["startTime"] for activity in activities]
    assert all(TIME.fullmatch(time) for time in times)
    assert times == sorted(times)
    assert datetime.fromisoformat(times[-1].replace("Z", "+00:00")) <= datetime.now(timezone.utc)


@pytest.mark.ids("DISC-008", "DISC-009", "DISC-014", "DISC-017", "DISC-018", "DISC-022")
def test_activities(client, activities, ending):
    version = int(ending[2:] or 3)
    ids = [activity["id"] for activity in activities]
    assert len(set(ids)) == len(ids)
    for activity in activities:
        assert activity["type"] in {"Create", "Update", "Delete", "Move", "Refresh"}
        if activity["type"] == "Refresh":
            assert "object" not in activity
            continue
        thing = activity["object"]
        assert thing["type"] in {"Manifest", "Collection"} and "@context" not in activity
        assert thing["id"].startswith(f"{client.base}/iiif/presentation/{version}/")
        assert thing["canonical"] == thing["id"].replace(f"/presentation/{version}", "")
        assert f'profile="http://iiif.io/api/presentation/{version}/context.json"' in thing["format"]
        assert ("target" in activity) == (activity["type"] == "Move")


@pytest.mark.ids("DISC-022")
def test_an_activity_stands_at_its_id(client, fetch, activities):
    for activity in (activities[0], activities[-1]):
        alone = fetch(activity["id"])
        assert alone.pop("@context") == CONTEXT and alone == activity
    assert client.get(re.sub("/v[24]$", "", activities[-1]["id"]) + "0000").status == 404


@pytest.mark.ids("DISC-005", "DISC-013")
def test_both_directions_end_with_what_is_published(client, fetch, collection, pages, ending):
    def is_there(address):
        return client.get(address).status == 200

    harvester = Harvester(fetch, is_there)
    harvester.crawl(collection["id"])
    forwards = replay_forwards(activity for page in pages for activity in page["orderedItems"])
    assert harvester.held == forwards
    if not ending:
        published = {document["id"] for document in crawl3(client).values() if document["type"] in ("Manifest", "Collection")}
        named = {address.replace("/presentation/3/", "/") for address in forwards}
        assert {address for address in published if not re.search(r"/collection/\d+$", address)} == named


@pytest.mark.ids("DISC-020")
def test_headers(client, collection):
    answer = client.get(collection["id"])
    assert answer.header("Content-Type") == f'application/ld+json;profile="{CONTEXT}"'
    assert answer.header("Access-Control-Allow-Origin") == "*"
    assert client.get(collection["id"], {"Accept": "application/json"}).header("Content-Type") == "application/json"
    assert client.get(collection["last"]["id"], {"Accept-Encoding": "gzip"}).header("Content-Encoding") == "gzip"
    assert client.get(collection["id"], {"If-None-Match": answer.header("ETag")}).status == 304
    assert client.request("POST", collection["id"]).status == 405


@pytest.mark.ids("DISC-018")
def test_versions_are_streams_of_their_own(fetch):
    three, two = fetch(COLLECTION), fetch(COLLECTION + "/v2")
    assert three["totalItems"] == two["totalItems"] and three["last"]["id"] != two["last"]["id"]
