"""Content State 1.0."""

from __future__ import annotations

from ..model import Node, of, specification

breaks = specification("Content State 1.0", "content-state")


def states(document: dict) -> list[Node]:
    return [Node(document)] if document.get("type") == "Annotation" else []


def shown(document: dict):
    """Canvases and Ranges that a state leads to, with the Manifest that they are part of."""
    return (node for node in of(document, "Canvas", "Range") if node.has("partOf"))


@breaks("2.2.1; Web Annotation 3.1", "CST-001")
def target_missing(document):
    """A state has no target."""
    yield from (node.drop("target") for node in states(document))


@breaks("2.1", "CST-003")
def canvas_without_manifest(document):
    """The Canvas or Range of a state does not say of which Manifest it is."""
    yield from (node.drop("partOf") for node in shown(document))


@breaks("2.2; Presentation API 3.0, 3.3.2", "CST-003")
def manifest_by_string(document):
    """The partOf of a Canvas is a bare URI."""
    yield from (node.put("partOf", "https://example.org/manifest") for node in shown(document))


@breaks("2.2; Presentation API 3.0, 3.3.2", "CST-003")
def manifest_without_type(document):
    """The Manifest of a Canvas has no type."""
    yield from (node.put("partOf", [{"id": "https://example.org/manifest"}]) for node in shown(document))


@breaks("2.2.1; Presentation API 3.0, 4.2", "CST-011")
def target_without_type(document):
    """The target of a state has no type: nobody knows what to load."""
    for node in of(document, "Manifest", "Canvas", "Range"):
        if node.key == "target" and node.up in states(document):
            yield node.drop("type")


@breaks("6", "CST-017")
def target_as_iri(document):
    """The id of a target has letters that a URI has not."""
    for node in of(document, "Manifest", "Canvas"):
        if node.key == "target":
            yield node.put("id", "https://example.org/bücher/manifest")


@breaks("Web Annotation 4", "CST-018")
def place_without_source(document):
    """A target that is a place in a Canvas does not say in which."""
    yield from (node.drop("source") for node in of(document, "SpecificResource"))


@breaks("Web Annotation 4.2", "CST-018")
def selector_without_type(document):
    """The selector of a target has no type."""
    for node in of(document, "PointSelector", "FragmentSelector"):
        yield node.drop("type")
