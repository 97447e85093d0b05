"""The walkers themselves: a sound document has no complaint, and each requirement notices the document that breaks it."""

import copy

import pytest

from support.walk2 import complaints as complaints2
from support.walk3 import complaints as complaints3

HOST = "https://x.test"


def image(name="p1", **more) -> dict:
    return {"id": f"{HOST}/i/{name}/full/max/0/default.jpg", "type": "Image", "format": "image/jpeg", "width": 100, "height": 80,
            "service": [{"id": f"{HOST}/i/{name}", "type": "ImageService3", "profile": "level2"}], **more}


def manifest() -> dict:
    canvas = {"id": f"{HOST}/c/1", "type": "Canvas", "label": {"none": ["1"]}, "width": 100, "height": 80,
              "items": [{"id": f"{HOST}/p/1", "type": "AnnotationPage",
                         "items": [{"id": f"{HOST}/a/1", "type": "Annotation", "motivation": "painting", "body": image(), "target": f"{HOST}/c/1"}]}],
              "annotations": [{"id": f"{HOST}/p/2", "type": "AnnotationPage",
                               "items": [{"id": f"{HOST}/a/2", "type": "Annotation", "motivation": "commenting",
                                          "body": {"type": "TextualBody", "value": "x", "format": "text/plain"}, "target": f"{HOST}/c/1#xywh=0,0,5,5"}]}]}
    return {"@context": "http://iiif.io/api/presentation/3/context.json", "id": f"{HOST}/m/manifest", "type": "Manifest", "label": {"en": ["A"]},
            "summary": {"en": ["<p>S <b>b</b></p>"]}, "metadata": [{"label": {"en": ["L"]}, "value": {"none": ["V"]}}],
            "requiredStatement": {"label": {"en": ["L"]}, "value": {"en": ["V"]}}, "rights": "http://creativecommons.org/licenses/by/4.0/",
            "navDate": "1900-01-01T00:00:00Z", "viewingDirection": "right-to-left", "behavior": ["paged"],
            "provider": [{"id": HOST, "type": "Agent", "label": {"en": ["P"]}, "logo": [{"id": f"{HOST}/l.png", "type": "Image"}]}],
            "homepage": [{"id": f"{HOST}/h", "type": "Text", "label": {"en": ["H"]}, "format": "text/html"}],
            "thumbnail": [{"id": f"{HOST}/t.jpg", "type": "Image", "format": "image/jpeg", "width": 10, "height": 8}],
            "seeAlso": [{"id": f"{HOST}/s", "type": "Dataset"}], "partOf": [{"id": f"{HOST}/col", "type": "Collection"}],
            "rendering": [{"id": f"{HOST}/r.pdf", "type": "Text", "label": {"en": ["PDF"]}, "format": "application/pdf"}],
            "start": {"id": f"{HOST}/c/1", "type": "Canvas"}, "items": [canvas],
            "structures": [{"id": f"{HOST}/r/1", "type": "Range", "label": {"en": ["R"]}, "items": [{"id": f"{HOST}/c/1", "type": "Canvas"}]}]}


def collection() -> dict:
    return {"@context": "http://iiif.io/api/presentation/3/context.json", "id": f"{HOST}/col", "type": "Collection", "label": {"en": ["C"]},
            "items": [{"id": f"{HOST}/m/manifest", "type": "Manifest", "label": {"en": ["M"]}}]}


REMOVE = object()
# requirement, document, place, new value
BREAKS = [
    ("PRES3-010", manifest, "id", f"{HOST}/m?x=1"), ("PRES3-010", manifest, "id", "urn:x"), ("PRES3-011", manifest, "id", f"{HOST}/a b"),
    ("PRES3-012", manifest, "@context", "http://iiif.io/api/presentation/2/context.json"), ("PRES3-012", manifest, "items.0.@context", "x"),
    ("PRES3-013", manifest, "@context", ["http://iiif.io/api/presentation/3/context.json", f"{HOST}/x.json"]), ("PRES3-014", manifest, "@graph", []),
    ("PRES3-015", manifest, "items.0.items.0.items.0.body.type", "image"), ("PRES3-016", manifest, "behavior", "paged"), ("PRES3-016", manifest, "seeAlso", []),
    ("PRES3-017", manifest, "seeAlso.0", f"{HOST}/s"), ("PRES3-017", manifest, "items.0.items.0.items.0.body.type", REMOVE), ("PRES3-018", manifest, "items.0.@id", "x"),
    ("PRES3-030", manifest, "items.0.id", REMOVE), ("PRES3-030", manifest, "items.0.type", ["Canvas"]), ("PRES3-031", collection, "label", REMOVE),
    ("PRES3-031", collection, "items", REMOVE), ("PRES3-032", manifest, "items", []), ("PRES3-032", manifest, "label", REMOVE),
    ("PRES3-034", collection, "items.0.label", REMOVE), ("PRES3-034", collection, "items.0.type", "Canvas"), ("PRES3-035", collection, "items.0.items", []),
    ("PRES3-036", collection, "items.0.label", "M"), ("PRES3-037", manifest, "items.0.id", f"{HOST}/c/1#x"), ("PRES3-037", manifest, "items.0.id", "urn:x"),
    ("PRES3-038", manifest, "items.0.width", REMOVE), ("PRES3-038", manifest, "items.0.width", "100"), ("PRES3-038", manifest, "items.0.height", 0),
    ("PRES3-038", manifest, "items.0.duration", 0), ("PRES3-039", manifest, "items.0.label", REMOVE),
    ("PRES3-040", manifest, "items.0.items.0.items.0.motivation", "commenting"), ("PRES3-041", manifest, "items.0.annotations.0.type", "Annotation"),
    ("PRES3-042", manifest, "items.0.items.0.items.0.target", f"{HOST}/c/2"), ("PRES3-043", manifest, "items.0.items.0.items.0.target", f"{HOST}/c/1#xywh=90,0,20,10"),
    ("PRES3-044", manifest, "items.0.items.0.items.0.body.type", "Video"), ("PRES3-045", manifest, "items.0.items.0.items.0.target", REMOVE),
    ("PRES3-045", manifest, "items.0.items.0.items.0.id", "urn:x"), ("PRES3-046", manifest, "items.0.items.0.items", REMOVE),
    ("PRES3-046", manifest, "items.0.items.0.id", "urn:x"), ("PRES3-047", manifest, "items.0.items.0.items.0.body.format", REMOVE),
    ("PRES3-048", manifest, "items.0.items.0.items.0.body.id", f"{HOST}/i/p1"), ("PRES3-050", manifest, "structures.0.items", []),
    ("PRES3-050", manifest, "structures.0.items.0.id", REMOVE), ("PRES3-052", manifest, "structures.0.items.0",
                                                                 {"id": f"{HOST}/r/2", "type": "Range", "behavior": ["sequence"], "items": [{"id": f"{HOST}/c/1", "type": "Canvas"}]}),
    ("PRES3-053", manifest, "structures.0.supplementary", {"id": f"{HOST}/ac", "type": "AnnotationCollection", "label": "x"}),
    ("PRES3-054", manifest, "placeholderCanvas", {"id": f"{HOST}/pc", "type": "Image"}), ("PRES3-055", manifest, "items.0.items.0.items.0.body.id", REMOVE),
    ("PRES3-060", manifest, "label", "A"), ("PRES3-060", manifest, "metadata.0.value", {"en": "V"}), ("PRES3-060", manifest, "label", {"e n": ["A"]}),
    ("PRES3-061", manifest, "label", {"en": ["<b>A</b>"]}), ("PRES3-062", manifest, "summary", {"en": ["<p>a<br></p>"]}),
    ("PRES3-062", manifest, "summary", {"en": ["<p>a</p><p>b</p>"]}), ("PRES3-064", manifest, "summary", {"en": ["<p onclick='x'>a</p>"]}),
    ("PRES3-064", manifest, "metadata.0.value", {"en": ["<a href='javascript:x'>a</a>"]}), ("PRES3-065", manifest, "requiredStatement.label", REMOVE),
    ("PRES3-066", manifest, "rights", "https://creativecommons.org/licenses/by/4.0/"), ("PRES3-067", manifest, "provider.0.label", REMOVE),
    ("PRES3-068", manifest, "provider.0.logo.0.type", "Text"), ("PRES3-068", manifest, "logo", [{"id": f"{HOST}/l.png", "type": "Image"}]),
    ("PRES3-069", manifest, "thumbnail.0.width", REMOVE), ("PRES3-070", manifest, "navDate", "1900"), ("PRES3-070", manifest, "provider.0.navDate", "1900-01-01T00:00:00Z"),
    ("PRES3-071", manifest, "homepage.0.label", REMOVE), ("PRES3-072", manifest, "rendering.0.label", REMOVE), ("PRES3-073", manifest, "seeAlso.0.id", REMOVE),
    ("PRES3-074", manifest, "partOf.0.id", REMOVE), ("PRES3-075", manifest, "items.0.items.0.items.0.body.service.0",
                                                     {"id": f"{HOST}/i", "@type": "ImageService2", "profile": "level2"}),
    ("PRES3-075", manifest, "items.0.items.0.items.0.body.service.0.@context", "x"), ("PRES3-076", manifest, "items.0.services", [{"id": "x", "type": "y"}]),
    ("PRES3-077", manifest, "start", {"id": f"{HOST}/c/1"}), ("PRES3-077", manifest, "items.0.start", {"id": f"{HOST}/c/1", "type": "Canvas"}),
    ("PRES3-078", manifest, "supplementary", {"id": f"{HOST}/ac", "type": "AnnotationCollection", "label": {"en": ["x"]}}),
    ("PRES3-079", manifest, "behavior", ["paged", "continuous"]), ("PRES3-079", manifest, "items.0.behavior", ["paged"]),
    ("PRES3-080", manifest, "structures.0", {"id": f"{HOST}/r", "type": "Range", "behavior": ["thumbnail-nav"],
                                             "items": [{"id": f"{HOST}/r2", "type": "Range", "items": [{"id": f"{HOST}/c/1", "type": "Canvas"}]}]}),
    ("PRES3-081", manifest, "viewingDirection", "rtl"), ("PRES3-081", manifest, "items.0.viewingDirection", "right-to-left"),
    ("PRES3-082", manifest, "items.0.timeMode", "trim"), ("PRES3-083", manifest, "width", 5), ("PRES3-083", manifest, "items.0.format", "image/png"),
    ("PRES3-084", manifest, "items.0.annotations.0.items.0.motivation", "painting"), ("PRES3-086", manifest, "items.0.annotations.0.items.0.target", f"{HOST}/c/9"),
    ("PRES3-089", manifest, "items.0.items.0.items.0.body", {"type": "Choice", "items": [image(), image("p2")]}),
]


def put(document, place: str, value):
    node = document
    *steps, last = place.split(".")
    for step in steps:
        node = node[int(step) if step.isdigit() else step]
    if value is REMOVE:
        del node[last]
    else:
        node[int(last) if last.isdigit() else last] = value


def test_sound_documents_have_no_complaint():
    assert complaints3(manifest()) == []
    assert complaints3(collection()) == []
    assert complaints2(manifest2()) == []
    assert complaints2(collection2()) == []


@pytest.mark.parametrize(("requirement", "make", "place", "value"), BREAKS, ids=[f"{b[0]}-{b[2]}" for b in BREAKS])
def test_broken_documents_are_noticed(requirement, make, place, value):
    document = copy.deepcopy(make())
    put(document, place, value)
    assert requirement in {complaint[0] for complaint in complaints3(document)}


def manifest2() -> dict:
    resource = {"@id": f"{HOST}/i/p1/full/full/0/default.jpg", "@type": "dctypes:Image", "format": "image/jpeg", "width": 100, "height": 80,
                "service": {"@context": "http://iiif.io/api/image/2/context.json", "@id": f"{HOST}/i/p1", "profile": "http://iiif.io/api/image/2/level2.json"}}
    canvas = {"@id": f"{HOST}/c/1", "@type": "sc:Canvas", "label": "1", "width": 100, "height": 80,
              "images": [{"@id": f"{HOST}/a/1", "@type": "oa:Annotation", "motivation": "sc:painting", "resource": resource, "on": f"{HOST}/c/1"}],
              "otherContent": [{"@id": f"{HOST}/l/1", "@type": "sc:AnnotationList"}]}
    return {"@context": "http://iiif.io/api/presentation/2/context.json", "@id": f"{HOST}/m/manifest", "@type": "sc:Manifest", "label": "A",
            "metadata": [{"label": "L", "value": [{"@value": "V", "@language": "en"}]}], "description": "<p>d</p>", "attribution": "x",
            "license": "http://creativecommons.org/licenses/by/4.0/", "navDate": "1900-01-01T00:00:00Z", "viewingDirection": "right-to-left", "viewingHint": "paged",
            "sequences": [{"@id": f"{HOST}/s/1", "@type": "sc:Sequence", "canvases": [canvas]}],
            "structures": [{"@id": f"{HOST}/r/1", "@type": "sc:Range", "label": "R", "viewingHint": "top", "canvases": [f"{HOST}/c/1"]}]}


def collection2() -> dict:
    return {"@context": "http://iiif.io/api/presentation/2/context.json", "@id": f"{HOST}/col", "@type": "sc:Collection", "label": "C",
            "manifests": [{"@id": f"{HOST}/m/manifest", "@type": "sc:Manifest", "label": "M"}]}


BREAKS2 = [
    ("PRES2-001", manifest2, "@context", "http://iiif.io/api/presentation/3/context.json"), ("PRES2-001", manifest2, "sequences.0.@context", "x"),
    ("PRES2-002", manifest2, "label", REMOVE), ("PRES2-002", manifest2, "@id", REMOVE), ("PRES2-003", manifest2, "sequences", []),
    ("PRES2-003", manifest2, "sequences.0.canvases", []), ("PRES2-004", manifest2, "sequences.0.canvases.0.width", "100"),
    ("PRES2-004", manifest2, "sequences.0.canvases.0.label", REMOVE), ("PRES2-006", manifest2, "sequences.0.canvases.0.images.0.on", f"{HOST}/c/2"),
    ("PRES2-006", manifest2, "sequences.0.canvases.0.images.0.motivation", "painting"), ("PRES2-007", manifest2, "sequences.0.canvases.0.images.0.resource.service.@context", REMOVE),
    ("PRES2-008", manifest2, "sequences.0.canvases.0.otherContent.0.resources", []), ("PRES2-009", manifest2, "metadata.0.value", {"en": ["V"]}),
    ("PRES2-010", manifest2, "navDate", "1900-01-01T00:00:00+01:00"), ("PRES2-011", manifest2, "viewingHint", "top"),
    ("PRES2-011", manifest2, "sequences.0.canvases.0.viewingHint", "paged"), ("PRES2-012", manifest2, "structures.0.canvases", [{"@id": f"{HOST}/c/1"}]),
    ("PRES2-013", collection2, "manifests.0.label", REMOVE), ("PRES2-016", manifest2, "label", "<b>A</b>"),
]


@pytest.mark.parametrize(("requirement", "make", "place", "value"), BREAKS2, ids=[f"{b[0]}-{b[2]}" for b in BREAKS2])
def test_broken_documents_of_version_2_are_noticed(requirement, make, place, value):
    document = copy.deepcopy(make())
    put(document, place, value)
    assert requirement in {complaint[0] for complaint in complaints2(document)}
