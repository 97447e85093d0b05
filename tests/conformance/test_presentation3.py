"""Presentation API 3.0: every published Collection and Manifest, read by the walker and followed over HTTP."""

import json
import re

import pytest

from support.client import Client
from support.crawl import canvases, crawl3, painting_bodies
from support.pictures import image3, odd_identifiers, encode
from support.walk3 import complaints, walk

IN_THE_DOCUMENT = ["PRES3-010", "PRES3-011", "PRES3-012", "PRES3-013", "PRES3-014", "PRES3-015", "PRES3-016", "PRES3-017", "PRES3-018", "PRES3-030", "PRES3-031",
                   "PRES3-032", "PRES3-034", "PRES3-035", "PRES3-036", "PRES3-037", "PRES3-038", "PRES3-039", "PRES3-040", "PRES3-041", "PRES3-042", "PRES3-043",
                   "PRES3-044", "PRES3-045", "PRES3-046", "PRES3-047", "PRES3-048", "PRES3-050", "PRES3-052", "PRES3-053", "PRES3-054", "PRES3-055", "PRES3-060",
                   "PRES3-061", "PRES3-062", "PRES3-064", "PRES3-065", "PRES3-066", "PRES3-067", "PRES3-068", "PRES3-069", "PRES3-070", "PRES3-071", "PRES3-072",
                   "PRES3-073", "PRES3-074", "PRES3-075", "PRES3-076", "PRES3-077", "PRES3-078", "PRES3-079", "PRES3-080", "PRES3-081", "PRES3-082", "PRES3-083",
                   "PRES3-084", "PRES3-086", "PRES3-089"]


MISSING: list[str] = []


@pytest.fixture(scope="module")
def documents(client) -> dict[str, dict]:
    """Address -> document, for everything that can be reached from the top Collection."""
    return crawl3(client, missing=MISSING)


@pytest.fixture(scope="module")
def found(documents) -> list[tuple[str, str, str, str]]:
    return [(number, address, place, sentence) for address, document in documents.items() for number, place, sentence in complaints(document)]


@pytest.mark.parametrize("requirement", [pytest.param(name, marks=pytest.mark.ids(name)) for name in IN_THE_DOCUMENT])
def test_documents(found, requirement):
    assert [complaint for complaint in found if complaint[0] == requirement] == []


def test_no_other_complaint(found):
    assert [complaint for complaint in found if complaint[0] not in IN_THE_DOCUMENT] == []


def test_the_whole_tree_is_published(documents):
    """Every folder of the fixtures has its document, and none that is excluded."""
    names = {address.rsplit("/", 2)[1] for address in documents}
    for name in ("books~book", "pictures", "sizes", "exif", "tree", "tree~inner", "tree~inner~deep", "tree~mixed", "tree~each~one", "tree~listed~a", "multi", "pdf", "_"):
        assert name in names, f"{name} is missing from {sorted(names)}"
    for name in ("tree~hidden", "tree~skipped"):
        assert name not in names


@pytest.mark.ids("PRES3-001", "PRES3-002")
def test_every_id_dereferences_to_its_document(client, documents):
    assert MISSING == [], "linked, but not there"
    for address, document in documents.items():
        assert document["id"] == client.base + address
        for item in document["items"] if document["type"] == "Collection" else []:
            response = client.get(item["id"])
            assert response.status == 200 and response.json()["type"] == item["type"], item["id"]
            assert response.json()["label"] == item["label"]


@pytest.mark.ids("PRES3-003", "PRES3-045")
def test_parts_dereference(client, documents):
    """Canvases, Annotation pages and Annotations of one Manifest answer at their ids."""
    document = documents["/iiif/books~book/manifest"]
    seen = 0
    for node, _ in walk(document):
        if node.get("type") in ("Canvas", "AnnotationPage", "Annotation", "Range") and "target" not in node.get("type", ""):
            response = client.get(node["id"])
            assert response.status == 200, node["id"]
            assert response.json()["type"] == node["type"] and response.json()["id"] == node["id"]
            seen += 1
    assert seen >= 9


@pytest.mark.ids("PRES3-033")
def test_items_are_worth_looking_at(documents):
    """Manifests and Collections that have pictures have a thumbnail."""
    without = [address for address, document in documents.items() if document["type"] == "Manifest" and not document.get("thumbnail") and "damaged" not in address]
    assert without == []


@pytest.mark.ids("PRES3-047", "PRES3-049")
def test_bodies_are_pictures_of_their_size(client, documents):
    checked = 0
    for document in documents.values():
        for canvas in canvases(document)[:3]:
            for body in painting_bodies(canvas):
                response = client.get(body["id"])
                assert response.status == 200, body["id"]
                assert response.media_type == body["format"]
                assert response.size() == (body["width"], body["height"]), body["id"]
                checked += 1
    assert checked > 30


@pytest.mark.ids("PRES3-049", "PRES3-075")
def test_services_of_both_versions(client, documents):
    """Each picture names an image service of version 3 and one of version 2, and both answer."""
    for document in documents.values():
        for canvas in canvases(document)[:2]:
            for body in painting_bodies(canvas):
                kinds = {service.get("type") or service.get("@type"): service for service in body["service"]}
                assert set(kinds) == {"ImageService3", "ImageService2"}
                third = client.get(kinds["ImageService3"]["id"] + "/info.json").json()
                second = client.get(kinds["ImageService2"]["@id"] + "/info.json").json()
                assert third["id"] == kinds["ImageService3"]["id"] and second["@id"] == kinds["ImageService2"]["@id"]
                assert (third["width"], third["height"]) == (second["width"], second["height"]) == (canvas["width"], canvas["height"])


@pytest.mark.ids("PRES3-069")
def test_thumbnails_are_small_and_have_the_size_they_say(client, documents):
    checked = 0
    for document in documents.values():
        nodes = [document, *canvases(document)[:1], *(document["items"] if document["type"] == "Collection" else [])]
        for node in nodes:
            for thumbnail in node.get("thumbnail", []):
                response = client.get(thumbnail["id"])
                assert response.status == 200 and response.media_type == thumbnail["format"], thumbnail["id"]
                assert response.size() == (thumbnail["width"], thumbnail["height"]), thumbnail["id"]
                assert thumbnail["width"] * thumbnail["height"] <= 1_000_000 or "9999" in thumbnail["id"] or "20000" in thumbnail["id"]
                checked += 1
    assert checked > 30


@pytest.mark.ids("PRES3-071", "PRES3-072", "PRES3-073")
def test_links_answer_with_their_format(client, documents):
    for address, document in documents.items():
        for name in ("homepage", "rendering", "seeAlso"):
            for link in document.get(name, []):
                if link["id"].startswith(client.base):
                    response = client.get(link["id"], {"Accept": "text/html"} if name == "homepage" else {})
                    assert response.status == 200, f"{address} {name} {link['id']}"
                    assert response.media_type == link.get("format", response.media_type)


@pytest.mark.ids("PRES3-037")
def test_canvas_ids_are_the_same_in_every_version(client, documents):
    for name in ("books~book", "multi", "exif"):
        third = client.get(f"/iiif/presentation/3/{name}/manifest").json()
        second = client.get(f"/iiif/presentation/2/{name}/manifest").json()
        neutral = documents[f"/iiif/{name}/manifest"]
        ids = [canvas["id"] for canvas in canvases(neutral)]
        assert ids == [canvas["id"] for canvas in canvases(third)] == [canvas["@id"] for canvas in second["sequences"][0]["canvases"]]
        assert all("/iiif/canvas/" in name for name in ids)


@pytest.mark.ids("PRES3-063")
def test_text_that_looks_like_markup_gets_a_space(documents):
    label = documents["/iiif/books~hostile/manifest"]["label"]
    (text,) = [text for texts in label.values() for text in texts]
    assert text.strip() in ("<b>A bold title", "A bold title") and not (text.startswith("<") and text.endswith(">"))


@pytest.mark.ids("PRES3-064")
def test_hostile_markup_is_cleaned(client):
    text = client.get("/iiif/books~hostile/manifest").text
    for evil in ("<script", "onclick", "javascript:", "style="):
        assert evil not in text.lower(), evil
    page = client.get("/item/books~hostile", {"Accept": "text/html"}).text
    assert "alert(2)" not in re.sub(r"<script type=\"application/ld\+json\".*?</script>", "", page, flags=re.S) or "<script>alert(2)" not in page
    assert "<b>A bold title" not in page and "javascript:" not in page


@pytest.mark.ids("PRES3-090")
def test_publishing_is_deterministic(client):
    for target in ("/iiif/collection", "/iiif/books~book/manifest", "/iiif/presentation/2/pictures/manifest"):
        assert client.get(target).body == client.get(target).body
        assert client.get(target).header("ETag") == client.get(target).header("ETag")


def label_of(document: dict) -> str:
    return next(iter(document["label"].values()))[0]


class TestDescription:
    """What info.yml and metadata.csv say arrives in the documents."""

    def test_info_yml(self, documents):
        book = documents["/iiif/books~book/manifest"]
        assert book["label"] == {"en": ["A small book"], "he": ["ספר קטן"]}
        assert book["summary"] == {"en": ["<p>Three pages, read from <i>right to left</i>.</p>"]}, "em is not among the tags that 3.0, 4.5 allows; i is"
        assert {"label": {"en": ["Author"], "de": ["Verfasser"]}, "value": {"en": ["A. Writer", "B. Writer"]}} in book["metadata"]
        assert book["rights"] == "http://creativecommons.org/licenses/by/4.0/"
        assert book["requiredStatement"] == {"label": {"en": ["Attribution"]}, "value": {"en": ["Provided by the test folder"]}}
        assert book["navDate"] == "1901-02-03T00:00:00Z"
        assert book["viewingDirection"] == "right-to-left" and book["behavior"] == ["paged"]

    def test_metadata_csv(self, documents):
        listed = documents["/iiif/tree~listed/collection"]
        assert [label_of(item) for item in listed["items"]] == ["Second comes first", "Then the first"]
        manifest = documents["/iiif/tree~listed~b/manifest"]
        assert "Somebody" in json.dumps(manifest["metadata"]) and "1900" in json.dumps(manifest["metadata"])

    def test_natural_order(self, documents):
        book = documents["/iiif/books~book/manifest"]
        assert [canvas["width"] for canvas in canvases(book)] == [401, 402, 410]
        plain = documents["/iiif/books~plain/manifest"]
        assert [canvas["id"].rsplit("~", 1)[1] for canvas in canvases(plain)] == [encode(name) for name in ("front cover", "f1r", "f1v", "f2r", "back cover")]

    def test_each_file_is_an_item(self, documents):
        each = documents["/iiif/tree~each/collection"]
        assert [item["id"].rsplit("/", 2)[1] for item in each["items"]] == ["tree~each~one", "tree~each~two"]

    def test_a_mixed_folder_is_both(self, documents):
        mixed = documents["/iiif/tree~mixed/collection"]
        assert {(item["type"], item["id"].rsplit("/", 2)[1]) for item in mixed["items"]} == {("Manifest", "tree~mixed"), ("Manifest", "tree~mixed~child")}
        assert [canvas["width"] for canvas in canvases(documents["/iiif/tree~mixed/manifest"])] == [71]

    def test_pages_of_files_are_canvases(self, documents):
        assert [(c["width"], c["height"]) for c in canvases(documents["/iiif/multi/manifest"])] == [(200, 100), (100, 200), (120, 120)]
        pdf = canvases(documents["/iiif/pdf/manifest"])
        assert len(pdf) == 2
        assert abs(pdf[0]["width"] / pdf[0]["height"] - 2) < 0.05 and abs(pdf[1]["width"] / pdf[1]["height"] - 0.5) < 0.05

    def test_one_base_name_is_one_canvas(self, documents):
        assert len(canvases(documents["/iiif/tree~formats/manifest"])) == 1

    def test_hidden_and_system_files_are_passed_over(self, documents):
        assert len(canvases(documents["/iiif/tree~hashed/manifest"])) == 1

    def test_an_identifier_of_its_own(self, client, documents):
        name = encode("ark:/12345/x9")
        response = client.get(f"/iiif/{name}/manifest")
        assert response.status == 200 and response.json()["id"] == f"{client.base}/iiif/{name}/manifest"

    def test_unpublished_items_are_nowhere(self, client):
        for target in ("/iiif/tree~hidden/manifest", "/iiif/tree~skipped/manifest", "/item/tree~hidden", image3("tree~hidden~page", "info.json"),
                       "/media/tree~hidden~page/page.png", "/iiif/tree~hashed~.dot/manifest"):
            assert client.get(target).status == 404, target
        assert "hidden" not in client.get("/iiif/tree/collection").text
        assert "hidden" not in client.get("/sitemap.xml").text

    def test_names_that_must_be_encoded(self, documents):
        manifest = documents["/iiif/odd%20names/manifest"]
        services = {body["service"][0].get("id", body["service"][0].get("@id")).rsplit("/", 1)[1] for canvas in canvases(manifest) for body in painting_bodies(canvas)}
        assert services == {encode(name) for name in odd_identifiers()}


@pytest.mark.ids("PRES3-088")
def test_an_unreadable_page_keeps_its_place(documents):
    """A Canvas always has an extent; what cannot be read has no body."""
    items = canvases(documents["/iiif/damaged/manifest"])
    assert len(items) == 5
    by_name = {canvas["id"].rsplit("~", 1)[1]: canvas for canvas in items}
    for name in ("zeros", "text", "empty"):
        assert painting_bodies(by_name[name]) == [] and by_name[name]["width"] > 0 and by_name[name]["height"] > 0
    assert painting_bodies(by_name["good"])


@pytest.mark.ids("PRES3-092")
def test_documents_stay_small(client, documents):
    for address in documents:
        assert len(client.get(address).body) < 5_000_000


def test_the_encoded_slash_names_the_same_item(client):
    response = client.get("/iiif/books%2Fbook/manifest")
    assert response.status == 200 and response.json()["id"] == client.base + "/iiif/books%2Fbook/manifest"


def test_a_head_start_for_two_readers(base_url):
    """Two clients see the same."""
    first, second = Client(base_url), Client(base_url)
    assert first.get("/iiif/collection").body == second.get("/iiif/collection").body
