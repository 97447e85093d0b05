"""Documents that are put in by PUT come out as they were but for mapped ids (docs/roundtrip.md), in 3 and in 4, and in every version as valid documents.

The recipes of github.com/IIIF/cookbook-recipes and the examples of Presentation 4 in github.com/IIIF/api carry no licence to pass them on. They are read from a clone beside the
repository, or where COOKBOOK and IIIF_API say; what is in fixtures/documents is ours and always read."""

import json

import pytest

from support.documents import COOKBOOK, FOURS, OURS, RECIPES, is_item, name_of, put
from support.excused import EXCUSED_4
from support.official import validator_3, validator_4
from support.roundtrip import differences, rendered
from support.server import wait_indexed
from support.walk2 import complaints

CONTEXT = "http://iiif.io/api/presentation/{}/context.json"


@pytest.mark.ids("PRES3-091")
@pytest.mark.parametrize("file", OURS + RECIPES, ids=name_of)
def test_version_3(writable, file):
    document = rendered(file, COOKBOOK.parent if file in RECIPES else file.parent)
    if not is_item(document):
        pytest.skip("an annotation, a page or a collection of them: no item of its own")
    address = put(writable, document, name_of(file))
    came = writable.get(address).json()
    if "@type" in document:
        assert len(came["items"]) == len(document["sequences"][0]["canvases"])
        return
    if document["@context"] == CONTEXT.format(4) or document["@context"][-1] == CONTEXT.format(4):
        came = writable.get(address.replace("/iiif/", "/iiif/presentation/4/")).json()
    assert differences(document, came, writable.base) == []


@pytest.fixture(scope="module")
def beside_files(program, tmp_path_factory):
    """A server of a folder in which each of these documents lies as a manifest.json or collection.json of its own."""
    from support.server import Server

    folder = tmp_path_factory.mktemp("documents")
    for file in OURS + RECIPES:
        read = rendered(file, COOKBOOK.parent if file in RECIPES else file.parent)
        if not is_item(read):
            continue
        (folder / name_of(file)).mkdir()
        kind = "collection" if read.get("type", read.get("@type", "")).endswith("Collection") else "manifest"
        (folder / name_of(file) / f"{kind}.json").write_text(json.dumps(read))
    server = Server(folder, program=program).wait_ready()
    wait_indexed(server.client())
    yield server.client()
    server.stop()


@pytest.mark.ids("PRES3-091")
@pytest.mark.parametrize("file", OURS + RECIPES, ids=name_of)
def test_version_3_from_a_folder(beside_files, file):
    document = rendered(file, COOKBOOK.parent if file in RECIPES else file.parent)
    if not is_item(document):
        pytest.skip("an annotation, a page or a collection of them: no item of its own")
    kind = "collection" if document.get("type", document.get("@type", "")).endswith("Collection") else "manifest"
    came = beside_files.get(f"/iiif/{name_of(file)}/{kind}")
    assert came.status == 200, came.body
    if "@type" in document:
        assert len(came.json()["items"]) == len(document["sequences"][0]["canvases"])
        return
    found = came.json()
    if document["@context"] == CONTEXT.format(4) or document["@context"][-1] == CONTEXT.format(4):
        found = beside_files.get(f"/iiif/presentation/4/{name_of(file)}/{kind}").json()
    assert differences(document, found, beside_files.base) == []


@pytest.mark.ids("PRES4-035", "PRES4-037", "PRES4-041")
@pytest.mark.parametrize("file", FOURS, ids=name_of)
def test_version_4(writable, file):
    document = json.loads(file.read_text())
    if not is_item(document):
        pytest.skip("an annotation, a page or a collection of them: no item of its own")
    address = put(writable, document, f"four-{file.stem}")
    came = writable.get(address.replace("/iiif/", "/iiif/presentation/4/")).json()
    assert differences(document, came, writable.base) == []


def own_parts(value: object, base: str):
    """(id, type) of everything in a document that has an address of this server and is told here, not only named."""
    if isinstance(value, dict):
        told = value.get("type") == "Annotation" or "items" in value
        if told and str(value.get("id", "")).startswith(base) and value.get("type") in ("Canvas", "Timeline", "Scene", "Range", "AnnotationPage", "Annotation"):
            yield value["id"], value["type"]
        for inside in value.values():
            yield from own_parts(inside, base)
    elif isinstance(value, list):
        for inside in value:
            yield from own_parts(inside, base)


@pytest.mark.ids("PRES3-003", "PRES3-045")
@pytest.mark.parametrize("file", OURS + RECIPES, ids=name_of)
def test_every_part_dereferences(writable, file):
    document = rendered(file, COOKBOOK.parent if file in RECIPES else file.parent)
    if not is_item(document):
        pytest.skip("no item of its own")
    came = writable.get(put(writable, document, f"parts-{name_of(file)}")).json()
    parts = list(own_parts(came, writable.base))
    for address, kind in parts[:40]:
        alone = writable.get(writable.path_of(address))
        assert alone.status == 200, address
        assert (alone.json()["id"], alone.json()["type"]) == (address, kind)
        for version in (2, 4):
            other = writable.get(writable.path_of(address), {"Accept": f'application/ld+json;profile="{CONTEXT.format(version)}"'})
            assert other.status == 200 and other.json().get("id", other.json().get("@id")) == address


@pytest.mark.ids("PRES4-039", "PRES4-040")
@pytest.mark.parametrize("file", OURS + RECIPES + FOURS, ids=name_of)
def test_every_version_is_valid(writable, file):
    """3 and 4 by the official schemas, 2.1 by our walk."""
    document = json.loads(file.read_text()) if file in FOURS else rendered(file, COOKBOOK.parent if file in RECIPES else file.parent)
    if not is_item(document):
        pytest.skip("no item of its own")
    address = put(writable, document, f"valid-{name_of(file)}")
    for version, validator in ((3, validator_3()), (4, validator_4())):
        came = writable.get(address.replace("/iiif/", f"/iiif/presentation/{version}/")).json()
        errors = [f"{version} {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(came)]
        assert [error for error in errors if version == 3 or not any(part in error for part in EXCUSED_4)][:3] == []
    two = writable.get(address.replace("/iiif/", "/iiif/presentation/2/")).json()
    assert [(complaint, two["@id"]) for complaint in complaints(two)] == []
