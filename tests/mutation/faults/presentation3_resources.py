"""Presentation 3.0: what each type of resource has, and what is in it."""

from __future__ import annotations

from ..model import Node, of, specification
from .common import annotations, bodies, canvases, containers, referenced_members, sized

breaks = specification("Presentation API 3.0", "presentation-3")


def top(document: dict, *types: str) -> list[Node]:
    node = Node(document)
    return [node] if node.type in types else []


@breaks("3.2 id", "PRES3-030")
def top_without_id(document):
    """A Manifest or Collection has no id."""
    yield from (node.drop("id") for node in top(document, "Manifest", "Collection"))


@breaks("5.3", "PRES3-037", "PRES3-030")
def canvas_without_id(document):
    """A Canvas has no id."""
    yield from (canvas.drop("id") for canvas in canvases(document) if canvas.has("id"))


@breaks("5.5", "PRES3-046", "PRES3-030")
def page_without_id(document):
    """An Annotation Page has no id."""
    yield from (page.drop("id") for page in of(document, "AnnotationPage") if page.has("id", "items"))


@breaks("5.6", "PRES3-045", "PRES3-030")
def annotation_without_id(document):
    """An Annotation has no id."""
    yield from (node.drop("id") for node in annotations(document) if node.has("id"))


@breaks("5.4", "PRES3-050", "PRES3-030")
def range_without_id(document):
    """A Range has no id."""
    yield from (node.drop("id") for node in of(document, "Range") if node.has("id", "items"))


@breaks("5.7", "PRES3-047", "PRES3-055")
def content_without_id(document):
    """An image, sound or video that is painted has no id."""
    yield from (body.drop("id") for body, _, _ in bodies(document))


@breaks("3.2 type", "PRES3-030")
def canvas_without_type(document):
    """An item of a Manifest has no type."""
    yield from (canvas.drop("type") for canvas in canvases(document) if canvas.key == "items")


@breaks("3.2 type", "PRES3-030")
def annotation_without_type(document):
    """An item of an Annotation Page has no type."""
    yield from (node.drop("type") for node in annotations(document) if node.up)


@breaks("5.7", "PRES3-047", "PRES3-030")
def content_without_type(document):
    """An image, sound or video that is painted has no type."""
    yield from (body.drop("type") for body, _, _ in bodies(document))


@breaks("3.2 type", "PRES3-030")
def type_as_list(document):
    """The type of a Canvas is a list."""
    yield from (canvas.put("type", ["Canvas"]) for canvas in canvases(document))


@breaks("4.1", "PRES3-015")
def type_in_lower_case(document):
    """A Canvas is given as "canvas"."""
    yield from (canvas.put("type", "canvas") for canvas in canvases(document) if canvas.key == "items")


@breaks("3.1 label", "PRES3-032")
def manifest_without_label(document):
    """A Manifest has no label."""
    yield from (node.drop("label") for node in top(document, "Manifest"))


@breaks("3.1 label", "PRES3-032")
def manifest_with_empty_label(document):
    """The label of a Manifest has no entry."""
    yield from (node.put("label", {}) for node in top(document, "Manifest"))


@breaks("3.1 label", "PRES3-031")
def collection_without_label(document):
    """A Collection has no label."""
    yield from (node.drop("label") for node in top(document, "Collection"))


@breaks("5.1", "PRES3-034")
def member_without_label(document):
    """A Manifest that a Collection names has no label."""
    yield from (node.drop("label") for node in referenced_members(document))


@breaks("3.4 items", "PRES3-032")
def manifest_without_items(document):
    """A Manifest has no items."""
    yield from (node.drop("items") for node in top(document, "Manifest"))


@breaks("3.4 items", "PRES3-032")
def manifest_without_canvas(document):
    """The items of a Manifest are empty."""
    yield from (node.put("items", []) for node in top(document, "Manifest"))


@breaks("3.4 items", "PRES3-031")
def collection_without_items(document):
    """A Collection has no items."""
    yield from (node.drop("items") for node in top(document, "Collection"))


@breaks("4.3", "PRES3-016")
def items_as_object(document):
    """The items of a Canvas or an Annotation Page are one object, not a list of one."""
    for node in of(document, "Canvas", "AnnotationPage"):
        if isinstance(node.get("items"), list) and len(node.get("items")) == 1:
            yield node.put("items", node.get("items")[0])


@breaks("3.4 items", "PRES3-034")
def canvas_in_collection(document):
    """An item of a Collection is a Canvas."""
    yield from (node.put("type", "Canvas") for node in referenced_members(document))


@breaks("3.4 items", "PRES3-032")
def page_in_manifest(document):
    """An item of a Manifest is an Annotation Page."""
    yield from (canvas.put("type", "AnnotationPage") for canvas in canvases(document) if canvas.key == "items")


@breaks("3.4 items", "PRES3-040")
def annotation_in_canvas(document):
    """An Annotation stands in the items of a Canvas with no page around it."""
    for canvas in canvases(document):
        pages = canvas.get("items")
        if isinstance(pages, list) and pages and pages[0].get("items"):
            yield Node(canvas.value, canvas.path).put("items", pages[0]["items"])


@breaks("3.4 items", "PRES3-015", "PRES3-046")
def note_in_page(document):
    """An item of an Annotation Page is no Annotation."""
    yield from (node.put("type", "Note") for node in annotations(document) if node.up)


@breaks("5.1", "PRES3-035")
def manifest_in_collection(document):
    """A Manifest is embedded in a Collection with its Canvases."""
    for node in referenced_members(document):
        if node.type == "Manifest":
            yield node.put("items", [{"id": "https://example.org/embedded/canvas/1", "type": "Canvas", "height": 100, "width": 100}])


@breaks("5.3", "PRES3-037")
def canvas_id_with_fragment(document):
    """The id of a Canvas has a fragment."""
    yield from (canvas.put("id", f"{canvas.get('id')}#canvas") for canvas in canvases(document) if canvas.has("id"))


@breaks("5.3", "PRES3-037")
def canvas_id_not_http(document):
    """The id of a Canvas is no HTTP(S) URI."""
    yield from (canvas.put("id", "urn:uuid:9c1d5f3e-7f4c-4c5e-8a42-0d7b2a6e5f10") for canvas in canvases(document))


@breaks("6.1", "PRES3-011")
def id_with_space(document):
    """The id of an Annotation Page has a space that is not encoded."""
    yield from (page.put("id", f"{page.get('id')}/page one") for page in of(document, "AnnotationPage") if page.has("id", "items"))


@breaks("3.2 id", "PRES3-030")
def id_as_number(document):
    """The id of an Annotation is a number."""
    yield from (node.put("id", 17) for node in annotations(document) if node.has("id"))


@breaks("5.3", "PRES3-037")
def two_canvases_with_one_id(document):
    """Two Canvases of a Manifest have the same id."""
    found = [canvas for canvas in canvases(document) if canvas.key == "items"]
    for one, other in zip(found, found[1:]):
        if one.get("id") != other.get("id"):
            yield other.put("id", one.get("id"), one.at("id"))


@breaks("5.3", "PRES3-038")
def canvas_without_extent(document):
    """A Canvas has no width, no height and no duration."""
    for canvas in sized(document):
        edit = canvas.drop("width", canvas.at("height"))
        gone = tuple((canvas.at(key), edit.changes[0][1]) for key in ("width", "height", "duration") if canvas.has(key))
        yield type(edit)(canvas.at("width"), gone, (canvas.at("height"), canvas.at("duration")))


@breaks("3.2 height", "PRES3-038")
def canvas_width_without_height(document):
    """A Canvas has a width and no height."""
    yield from (canvas.drop("height", canvas.at("width")) for canvas in sized(document))


@breaks("3.2 width", "PRES3-038")
def canvas_width_zero(document):
    """The width of a Canvas is 0."""
    yield from (canvas.put("width", 0) for canvas in sized(document))


@breaks("3.2 height", "PRES3-038")
def canvas_height_negative(document):
    """The height of a Canvas is below 0."""
    yield from (canvas.put("height", -canvas.get("height")) for canvas in sized(document))


@breaks("3.2 width", "PRES3-038")
def canvas_width_as_text(document):
    """The width of a Canvas is a string."""
    yield from (canvas.put("width", str(canvas.get("width"))) for canvas in sized(document))


@breaks("3.2 height", "PRES3-038")
def canvas_height_fraction(document):
    """The height of a Canvas is no integer."""
    yield from (canvas.put("height", canvas.get("height") + 0.5) for canvas in sized(document))


@breaks("3.2 duration", "PRES3-038")
def canvas_duration_zero(document):
    """The duration of a Canvas is 0."""
    yield from (canvas.put("duration", 0) for canvas in canvases(document) if canvas.has("duration"))


@breaks("3.2 duration", "PRES3-038")
def canvas_duration_as_text(document):
    """The duration of a Canvas is given as hours, minutes and seconds."""
    yield from (canvas.put("duration", "00:33:05") for canvas in canvases(document) if canvas.has("duration"))


@breaks("3.2 width", "PRES3-083")
def image_width_as_text(document):
    """The width of an image that is painted is a string."""
    yield from (body.put("width", str(body.get("width"))) for body, _, _ in bodies(document, "Image") if body.has("width"))


@breaks("3.4 items", "PRES3-050")
def range_empty(document):
    """The items of a Range are empty."""
    yield from (node.put("items", []) for node in of(document, "Range") if node.get("items"))


def entries(document):
    for node in of(document, "Range"):
        for index, item in enumerate(node.get("items") or []):
            if isinstance(item, dict) and item.get("type") == "Canvas":
                yield Node(item, node.at("items", index), "items", node), node, index


@breaks("5.4", "PRES3-050", "PRES3-017")
def range_names_canvas_by_string(document):
    """A Range names a Canvas by its bare URI, as version 2 did."""
    for item, node, index in entries(document):
        yield type(item.drop("id"))(item.path, ((item.path, item.get("id")),))


@breaks("5.4", "PRES3-050")
def range_entry_without_type(document):
    """An entry of a Range has no type."""
    yield from (item.drop("type") for item, _, _ in entries(document))


@breaks("3.4 items", "PRES3-050")
def range_holds_manifest(document):
    """An entry of a Range is a Manifest."""
    yield from (item.put("type", "Manifest") for item, _, _ in entries(document))


@breaks("3.4 structures", "PRES3-050", "PRES3-016")
def structures_as_object(document):
    """structures is one Range, not a list of one."""
    yield from (node.put("structures", node.get("structures")[0]) for node in top(document, "Manifest") if node.get("structures"))


@breaks("3.4 structures", "PRES3-050")
def structures_hold_canvas(document):
    """An entry of structures is no Range."""
    for node in of(document, "Range"):
        if node.key == "structures":
            yield node.put("type", "Canvas")


@breaks("3.4 structures", "PRES3-083")
def structures_on_collection(document):
    """A Collection has structures."""
    structure = {"id": "https://example.org/range/1", "type": "Range", "items": [{"id": "https://example.org/canvas/1", "type": "Canvas"}]}
    yield from (node.put("structures", [structure]) for node in top(document, "Collection"))


@breaks("3.1 placeholderCanvas", "PRES3-054")
def placeholder_is_image(document):
    """The placeholderCanvas is an Image."""
    yield from (canvas.put("type", "Image") for canvas in containers(document, "Canvas") if canvas.key == "placeholderCanvas")


@breaks("3.1 placeholderCanvas", "PRES3-054")
def placeholder_of_placeholder(document):
    """A placeholderCanvas or accompanyingCanvas has a placeholderCanvas."""
    for canvas in canvases(document):
        if canvas.key in ("placeholderCanvas", "accompanyingCanvas"):
            yield canvas.put("placeholderCanvas", {"id": "https://example.org/canvas/again", "type": "Canvas", "height": 10, "width": 10})


@breaks("3.1 placeholderCanvas", "PRES3-054")
def placeholder_on_annotation(document):
    """An Annotation has a placeholderCanvas."""
    for node in annotations(document):
        yield node.put("placeholderCanvas", {"id": "https://example.org/canvas/again", "type": "Canvas", "height": 10, "width": 10})
