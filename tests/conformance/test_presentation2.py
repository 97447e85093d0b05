"""Presentation API 2.1: every published Collection and Manifest, and how it differs from version 3."""

import pytest

from support.crawl import canvases, crawl2, painting_bodies
from support.walk2 import as_list, complaints, walk

IN_THE_DOCUMENT = ["PRES2-001", "PRES2-002", "PRES2-003", "PRES2-004", "PRES2-006", "PRES2-007", "PRES2-008", "PRES2-009", "PRES2-010", "PRES2-011", "PRES2-012",
                   "PRES2-013", "PRES2-016"]


MISSING: list[str] = []


@pytest.fixture(scope="module")
def documents(client) -> dict[str, dict]:
    return crawl2(client, missing=MISSING)


@pytest.fixture(scope="module")
def found(documents) -> list[tuple[str, str, str, str]]:
    return [(number, address, place, sentence) for address, document in documents.items() for number, place, sentence in complaints(document)]


@pytest.mark.parametrize("requirement", [pytest.param(name, marks=pytest.mark.ids(name)) for name in IN_THE_DOCUMENT])
def test_documents(found, requirement):
    assert [complaint for complaint in found if complaint[0] == requirement] == []


def test_the_same_tree_as_in_version_3(client, documents):
    third = client.get("/iiif/presentation/3/collection").json()
    second = documents["/iiif/presentation/2/collection"]
    members = [*second.get("collections", []), *second.get("manifests", []), *second.get("members", [])]
    assert {item["id"].replace("/presentation/3/", "/presentation/2/") for item in third["items"]} == {member["@id"] for member in members}


@pytest.mark.ids("PRES2-001")
def test_every_id_dereferences_to_its_document(client, documents):
    assert MISSING == [], "linked, but not there"
    for address, document in documents.items():
        assert document["@id"] == client.base + address


@pytest.mark.ids("PRES2-005")
@pytest.mark.parametrize("name", ["books~book", "multi", "exif", "pictures", "damaged"])
def test_one_extent_in_all_versions(client, documents, name):
    third = client.get(f"/iiif/presentation/3/{name}/manifest").json()
    second = documents[f"/iiif/presentation/2/{name}/manifest"]
    assert [(c["id"], c["width"], c["height"]) for c in canvases(third)] == [(c["@id"], c["width"], c["height"]) for c in second["sequences"][0]["canvases"]]


@pytest.mark.ids("PRES2-006", "PRES2-007")
def test_pictures_and_their_services(client, documents):
    for document in documents.values():
        if document["@type"] != "sc:Manifest":
            continue
        for canvas in document["sequences"][0]["canvases"][:2]:
            for image in canvas.get("images", []):
                resource = image["resource"]
                response = client.get(resource["@id"])
                assert response.status == 200 and response.media_type == resource["format"]
                assert response.size() == (resource["width"], resource["height"])
                services = as_list(resource["service"])
                assert services[0]["@context"] == "http://iiif.io/api/image/2/context.json" and "/level2.json" in services[0]["profile"]
                assert client.get(services[0]["@id"] + "/info.json").json()["@id"] == services[0]["@id"]


@pytest.mark.ids("PRES2-008")
def test_annotation_lists_dereference(client, documents):
    for document in documents.values():
        for node, _ in walk(document):
            for other in as_list(node.get("otherContent")):
                assert client.get(other["@id"]).json()["@type"] == "sc:AnnotationList"


@pytest.mark.ids("PRES2-017", "PRES2-009", "PRES2-010")
def test_description_in_the_words_of_version_2(documents):
    book = documents["/iiif/presentation/2/books~book/manifest"]
    assert {"@value": "A small book", "@language": "en"} in as_list(book["label"]) and {"@value": "ספר קטן", "@language": "he"} in as_list(book["label"])
    assert "right to left" in str(book["description"])
    assert "Provided by the test folder" in str(book["attribution"])
    assert book["license"] == "http://creativecommons.org/licenses/by/4.0/"
    assert book["navDate"] == "1901-02-03T00:00:00Z"
    assert "right-to-left" in (book.get("viewingDirection"), book["sequences"][0].get("viewingDirection"))
    assert "paged" in (book.get("viewingHint"), book["sequences"][0].get("viewingHint"))
    for name in ("summary", "rights", "requiredStatement", "behavior", "items", "id", "type"):
        assert name not in book


@pytest.mark.ids("PRES2-013", "PRES2-002")
def test_collections_name_their_members(documents):
    tree = documents["/iiif/presentation/2/tree/collection"]
    names = {member["@id"].rsplit("/", 2)[1] for key in ("collections", "manifests", "members") for member in tree.get(key, [])}
    assert {"tree~inner", "tree~mixed", "tree~each", "tree~listed"} <= names


def test_versions_show_the_same_pictures(client, documents):
    third = client.get("/iiif/presentation/3/books~book/manifest").json()
    second = documents["/iiif/presentation/2/books~book/manifest"]
    sizes = [(body["width"], body["height"]) for canvas in canvases(third) for body in painting_bodies(canvas)]
    assert sizes == [(i["resource"]["width"], i["resource"]["height"]) for c in second["sequences"][0]["canvases"] for i in c["images"]]
