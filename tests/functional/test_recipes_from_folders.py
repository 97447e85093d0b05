"""The recipes of the IIIF cookbook that a folder can say are made from a folder: what is published equals the recipe, but for what support/folders.py names. The others are
listed with the reason. docs/guides/recipes.md is the table of both; `UPDATE_PAGE=1` before the command writes it."""

import os

import pytest

from support import folders, walk2, walk3
from support.documents import COOKBOOK, RECIPES
from support.roundtrip import rendered
from support.server import ROOT, Server, wait_indexed

PAGE = ROOT / "docs" / "guides" / "recipes.md"
FILM = "sound and film"
NO_TEXT = "an annotation whose body is more than a text"
NAMED = "Annotation Pages that are named, not embedded"
SHAPE = "an annotation of a point or a shape"
CUT = "a part of a picture, or a picture turned"
STATE = "no Manifest or Collection, but a content state"

FROM_A_FOLDER = """0001-mvm-image 0004-canvas-size 0005-image-service 0006-text-language 0007-string-formats 0008-rights 0009-book-1 0010-book-2-viewing-direction 0011-book-3-behavior
0019-html-in-annotations 0021-tagging 0024-book-4-toc 0027-alternative-page-order 0029-metadata-anywhere 0030-multi-volume 0031-bound-multivolume 0032-collection 0035-foldouts
0036-composition-from-multiple-images 0046-rendering 0047-homepage 0053-seeAlso 0057-publishing-v2-and-v3 0117-add-image-thumbnail 0118-multivalue 0154-geo-extension 0202-start-canvas
0230-navdate 0234-provider 0240-navPlace-on-canvases 0266-full-canvas-annotation 0318-navPlace-navDate 0464-reuse-manifest 0561-text-on-image""".split()
# Recipe, or one file of it: why not.
NOT_FROM_A_FOLDER = {
    **{name: FILM for name in """0002-mvm-audio 0003-mvm-video 0013-placeholderCanvas 0014-accompanyingcanvas 0015-start 0017-transcription-av 0026-toc-opera 0064-opera-one-canvas
       0065-opera-multiple-canvases 0074-multiple-language-captions 0103-poetry-reading-annotations 0219-using-caption-file 0229-behavior-ranges 0434-choice-av 0489-multimedia-canvas
       0560-resources-on-a-timeline""".split()},
    **{name: NO_TEXT for name in "0022-linking-with-a-hotspot 0139-geolocate-canvas-fragment 0258-tagging-external-resource 0346-multilingual-annotation-body 0377-image-in-annotation".split()},
    **{name: NAMED for name in "0068-newspaper 0269-embedded-or-referenced-annotations 0306-linking-annotations-to-manifests 0309-annotation-collection".split()},
    **{name: SHAPE for name in "0135-annotating-point-in-canvas 0261-non-rectangular-commenting".split()},
    **{name: CUT for name in "0040-image-rotation-service 0299-region".split()},
    **{name: STATE for name in "0485-contentstate-canvas-region 0599-drag-and-drop".split()},
    "0025-newspaper-article-index": "Ranges with the text of an article (`supplementary`)",
    "0033-choice": "labels for the pictures of a choice: they have the names of their files",
    "0045-css": "a style sheet",
    "0232-image-thumbnail-canvas": "a thumbnail of a Canvas that is another picture; and film",
    "0283-missing-image": "a page without any file",
    "0326-annotating-image-layer": "labels for the pictures of a choice, and annotations of one of them",
    "0540-link-for-opening-multiple-canvases": STATE,
}


def documents() -> dict[str, dict]:
    """Of the recipes that a folder can say, in version 3: "0030-multi-volume/collection.json" -> the document."""
    found = {}
    for file in RECIPES:
        name = file.relative_to(COOKBOOK).as_posix()
        if name.split("/")[0] in FROM_A_FOLDER and (read := rendered(file, COOKBOOK.parent)).get("type") in ("Manifest", "Collection"):
            found[name] = read
    return found


DOCUMENTS = documents() if COOKBOOK else {}


def named_by_themselves(document: dict) -> dict:
    """In a Collection of a folder a Manifest is called as it calls itself; one recipe shortens."""
    if document["type"] == "Manifest":
        return document
    labels = {one["id"]: one["label"] for one in DOCUMENTS.values()}
    return {**document, "items": [{**item, "label": labels[item["id"]]} for item in document["items"]]}


def folder_of(name: str) -> str:
    return name.removesuffix(".json").replace("/", "-")


@pytest.fixture(scope="module")
def made(program, tmp_path_factory):
    """A server of a folder in which each recipe is a folder."""
    top = tmp_path_factory.mktemp("recipes")
    for name, document in DOCUMENTS.items():
        if document["type"] == "Manifest":
            folders.make_manifest(top / folder_of(name), document)
        else:
            by_id = {one["id"]: one for one in DOCUMENTS.values()}
            folders.make_collection(top / folder_of(name), document, [by_id[item["id"]] for item in document["items"]])
    server = Server(top, program=program).wait_ready()
    wait_indexed(server.client())
    yield server.client()
    server.stop()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_recipe_from_a_folder(made, name):
    document = named_by_themselves(DOCUMENTS[name])
    address = f"/iiif/{folder_of(name)}/{document['type'].lower()}"
    published = made.get(address).json()
    assert folders.differences(document, published, made.base) == []
    assert walk3.complaints(published) == []
    assert walk2.complaints(made.get(address.replace("/iiif/", "/iiif/presentation/2/")).json()) == []


@pytest.mark.skipif(not DOCUMENTS, reason="the cookbook is not there")
def test_nothing_was_passed_over(made):
    assert made.get("/status", {"Accept": "application/json"}).json()["problems"] == []


@pytest.mark.skipif(not DOCUMENTS, reason="the cookbook is not there")
def test_each_change_is_noticed():
    """The comparison itself: a value that is changed or lost is named."""
    document = DOCUMENTS["0024-book-4-toc/manifest.json"]
    for change in ({"label": {"en": ["x"]}}, {"items": document["items"][::-1]}, {"structures": document["structures"][0]["items"]}, {"behavior": ["paged"]}):
        assert folders.differences(document, {**document, **change}, "https://nowhere.example")


@pytest.mark.skipif(not COOKBOOK, reason="the cookbook is not there")
def test_each_recipe_is_named():
    names = {file.relative_to(COOKBOOK).parts[0] for file in RECIPES}
    assert names == set(FROM_A_FOLDER) | set(NOT_FROM_A_FOLDER) and not set(FROM_A_FOLDER) & set(NOT_FROM_A_FOLDER)


def test_the_page():
    lines = ["# Recipes of the IIIF cookbook, from a folder", "",
             "Which recipes of the cookbook (https://iiif.io/api/cookbook/) a folder can say with pictures, `info.yml`, `p1.yml` and the files of biiif, as [the folder](folder.md) has it.",
             "`tests/functional/test_recipes_from_folders.py` makes each of them and compares what is published with the recipe. Every recipe can be put in as a document, and comes out as it was",
             "([round trip](../roundtrip.md)): by `PUT` ([writing](writing.md)), or as a `manifest.json` in the folder.", "", "| recipe | from a folder |", "| --- | --- |"]
    every = {**{name: "yes" for name in FROM_A_FOLDER}, **{name: f"no: {why}" for name, why in NOT_FROM_A_FOLDER.items()}}
    lines += [f"| {name} | {said} |" for name, said in sorted(every.items())]
    lines += ["", "What a published document has besides: ids, services and extents of the pictures here, a thumbnail, a label for a Canvas without one, and the item's page, PDF and text."]
    page = "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_PAGE"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page


def test_a_page_says_what_its_own_file_says(start, tmp_path):
    """Without the cookbook, too: everything of p1.yml is the Canvas's, in 2 as well; a provider's data; other orders beside the contents."""
    book = tmp_path / "folder" / "book"
    for name in ("p1", "p2"):
        folders.picture(book / f"{name}.png")
    link = {"id": "https://a.example/p1.xml", "type": "Dataset", "format": "text/xml"}
    page = {"label": {"en": ["One"]}, "metadata": [{"label": {"en": ["Hand"]}, "value": {"en": ["A"]}}], "rights": "http://creativecommons.org/publicdomain/mark/1.0/", "seeAlso": [link],
            "requiredStatement": {"label": {"en": ["Held by"]}, "value": {"en": ["B"]}}, "behavior": ["non-paged"]}
    folders.write(book / "p1.yml", page)
    agent = {"id": "https://a.example/", "type": "Agent", "label": {"en": ["A"]}, "seeAlso": [link]}
    folders.write(book / "info.yml", {"provider": [agent], "ranges": [{"label": "Contents", "pages": "1-2"}, {"label": "Backwards", "behavior": "sequence", "items": ["p2", "p1"]}]})
    client = start(tmp_path / "folder").client()
    manifest = client.get("/iiif/book/manifest").json()
    assert walk3.complaints(manifest) == []
    first, second = manifest["items"]
    assert {key: first[key] for key in page} == page and "metadata" not in second
    assert client.get(first["id"]).json()["metadata"] == page["metadata"]
    assert manifest["provider"] == [agent]
    contents, backwards = manifest["structures"]
    assert "behavior" not in contents and backwards["behavior"] == ["sequence"]
    assert [item["id"] for item in backwards["items"]] == [second["id"], first["id"]]
    assert client.get(backwards["id"]).json()["label"] == {"none": ["Backwards"]}
    old = client.get("/iiif/presentation/2/book/manifest").json()
    assert walk2.complaints(old) == []
    assert old["sequences"][0]["canvases"][0]["metadata"][0]["value"]["@value"] == "A"
