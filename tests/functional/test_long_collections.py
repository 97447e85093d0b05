"""Collections that are too long for one document: child Collections in 3 and 2, Collection Pages in 4; of a folder, and of a document that was put in, whose members are mostly those of others."""

import json
import subprocess

import pytest

from support.server import wait_indexed
from support.users import PASSWORD, basic

MOST_BYTES = 5_000_000
MEMBERS = 2345


@pytest.fixture
def client(start, program, folder):
    made = subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", str(folder)], input=PASSWORD, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    served = start(folder, state=False)
    wait_indexed(served.client())
    return served.client()


def put(client, address: str, document: dict) -> None:
    answer = client.request("PUT", address, basic("ada", **{"Content-Type": "application/json"}), json.dumps(document).encode())
    assert answer.status == 201, answer.body.decode()


def long_collection(ours: str) -> dict:
    """Members of others, and every hundredth time one that is here."""
    items = [{"id": f"https://example.org/{i}/manifest", "type": "Manifest", "label": {"en": [f"Volume {i}"]}} for i in range(MEMBERS)]
    items[1500] = {"id": ours, "type": "Manifest", "label": {"en": ["Ours"]}}
    items[2000]["type"] = "Collection"
    return {"@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://example.org/all/collection", "type": "Collection",
            "label": {"en": ["All volumes"]}, "summary": {"en": ["Long"]}, "items": items}


def read(client, address: str) -> dict:
    answer = client.get(client.path_of(address) if address.startswith("http") else address)
    assert answer.status == 200 and len(answer.body) < MOST_BYTES, (address, answer.status, len(answer.body))
    return answer.json()


def expected(client) -> list[str]:
    ids = [f"https://example.org/{i}/manifest" for i in range(MEMBERS)]
    return ids[:1500] + ["ours"] + ids[1501:]


@pytest.fixture
def filled(client):
    first = read(client, "/iiif/collection")["items"][0]["id"]
    put(client, "/iiif/all/collection", long_collection(first))
    return client


def same(found: list[str]) -> list[str]:
    return [one if one.startswith("https://example.org/") else "ours" for one in found]


@pytest.mark.ids("PRES3-092")
@pytest.mark.parametrize("version", [2, 3])
def test_child_collections_hold_every_member_in_order(filled, version):
    whole = read(filled, f"/iiif/presentation/{version}/all/collection")
    name, members = ("@id", "collections") if version == 2 else ("id", "items")
    assert json.dumps(whole["label"]).count("All volumes") == 1 and "Long" in json.dumps(whole), "what is said of it stays"
    found = []
    for child in whole[members]:
        part = read(filled, child[name])
        assert part[name] == child[name] and part["label"] == child["label"]
        assert filled.path_of(part["within"] if version == 2 else part["partOf"][0]["id"]) == f"/iiif/presentation/{version}/all/collection"
        listed = part["items"] if version == 3 else part.get("members") or part.get("collections", []) + part.get("manifests", [])
        found += [one[name] for one in listed]
    assert same(found) == expected(filled)


@pytest.mark.ids("PRES4-015", "PRES4-016")
def test_pages_lead_from_the_first_to_the_last_and_back(filled):
    whole = read(filled, "/iiif/presentation/4/all/collection")
    assert "items" not in whole and whole["total"] == MEMBERS
    assert whole["first"]["type"] == whole["last"]["type"] == "CollectionPage"
    assert whole["first"]["id"] != whole["last"]["id"], "a single page must not be"
    found, address, before = [], whole["first"]["id"], None
    while address:
        page = read(filled, address)
        assert page["type"] == "CollectionPage" and page["id"] == address
        assert [one["type"] for one in page["partOf"]] == ["Collection"] and page["partOf"][0]["id"] == whole["id"]
        assert page["startIndex"] == len(found) and page.get("prev", {}).get("id") == before
        found += [one["id"] for one in page["items"]]
        before, address = page["id"], page.get("next", {}).get("id")
    assert before == whole["last"]["id"] and same(found) == expected(filled)
    short = read(filled, "/iiif/presentation/4/collection")
    assert short["items"] and "first" not in short, "items or pages, never both"


def test_what_is_put_into_it_later_comes_last(filled):
    document = json.loads(json.dumps(long_collection("https://example.org/x/manifest")))
    document["items"] = document["items"][:3]
    answer = filled.request("POST", "/iiif/all/collection", basic("ada", **{"Content-Type": "application/json", "Slug": "added"}), json.dumps(document).encode())
    assert answer.status == 201, answer.body.decode()
    last = read(filled, "/iiif/presentation/3/all/collection")["items"][-1]
    assert filled.path_of(read(filled, last["id"])["items"][-1]["id"]).endswith("added/collection")
    assert read(filled, "/iiif/presentation/4/all/collection")["total"] == MEMBERS + 1


def test_a_part_that_is_not_there_is_not_found(filled):
    for number in (4, 99999):
        assert filled.get(f"/iiif/all/collection/{number}").status == 404
    assert filled.get("/iiif/collection/1").status == 404, "a short one has no parts"
