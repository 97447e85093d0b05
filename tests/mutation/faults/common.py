"""What the faults of Presentation 3 and 4 ask of a document."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Node, of

CONTAINERS = ("Canvas", "Timeline", "Scene")
LINKS = {"target", "source", "start", "partOf", "body", "scope", "position", "first", "last"}
ELSEWHERE = "https://example.org/nowhere/canvas/404"
INDIRECT = ("SpecificResource", "Choice", "TextualBody", "Composite", "List", "Independents")


def containers(document: dict, *types: str) -> Iterator[Node]:
    """Canvases (Timelines, Scenes) that are described here, not only named."""
    for node in of(document, *(types or CONTAINERS)):
        if node.key not in LINKS and (node.up is None or node.up.type != "Range"):
            yield node


def described(document: dict, *types: str) -> Iterator[Node]:
    """Resources that are described in the document or listed in it, not those that a link only names."""
    for node in of(document, *types):
        above: Node | None = node
        while above is not None and above.key not in LINKS:
            above = above.up
        if above is None:
            yield node


def canvases(document: dict) -> Iterator[Node]:
    return containers(document, "Canvas")


def sized(document: dict) -> Iterator[Node]:
    return (canvas for canvas in canvases(document) if canvas.has("width", "height"))


def motivations(annotation: Node) -> list:
    value = annotation.get("motivation", [])
    return value if isinstance(value, list) else [value]


def annotations(document: dict) -> Iterator[Node]:
    """Annotations that are described here: in the items of a page, or the whole document."""
    for node in of(document, "Annotation"):
        if node.up is None or (node.key == "items" and node.up.type == "AnnotationPage"):
            yield node


def painting(document: dict) -> Iterator[tuple[Node, Node]]:
    """Painting Annotations with their Canvas."""
    for node in annotations(document):
        page = node.up
        if "painting" in motivations(node) and page is not None and page.key == "items" and page.up is not None and page.up.type in CONTAINERS:
            yield node, page.up


def commenting(document: dict) -> Iterator[tuple[Node, Node]]:
    """Annotations in `annotations` with the resource that has them."""
    for node in annotations(document):
        if node.up is not None and node.up.key == "annotations" and node.up.up is not None:
            yield node, node.up.up


def bodies(document: dict, *types: str) -> Iterator[tuple[Node, Node, Node]]:
    """Content that is painted directly: body, Annotation, Canvas."""
    for annotation, canvas in painting(document):
        body = annotation.get("body")
        if isinstance(body, dict) and "id" in body and (body.get("type") in types if types else body.get("type") not in INDIRECT):
            yield Node(body, annotation.at("body"), "body", annotation), annotation, canvas


def target_of(annotation: Node) -> str:
    """The id of the whole resource that an Annotation targets, where it says it plainly."""
    target = annotation.get("target")
    if isinstance(target, dict):
        target = target.get("id") if target.get("type") != "SpecificResource" else target.get("source")
        if isinstance(target, dict):
            target = target.get("id")
    return target.split("#")[0] if isinstance(target, str) else ""


def referenced_members(document: dict) -> Iterator[Node]:
    """Manifests and Collections that a Collection names."""
    for node in of(document, "Manifest", "Collection"):
        if node.key == "items" and "items" not in node.value:
            yield node
