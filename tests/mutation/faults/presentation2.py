"""Presentation 2.1."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Edit, Node, nodes, of, specification
from .common import ELSEWHERE

breaks = specification("Presentation API 2.1", "presentation-2")


def sequences(document: dict) -> Iterator[Node]:
    return (node for node in of(document, "sc:Sequence") if node.key == "sequences")


def canvases(document: dict) -> Iterator[Node]:
    return (node for node in of(document, "sc:Canvas") if node.key == "canvases")


def images(document: dict) -> Iterator[tuple[Node, Node]]:
    for node in of(document, "oa:Annotation"):
        if node.key == "images" and node.up:
            yield node, node.up


def resources(document: dict) -> Iterator[Node]:
    for image, _ in images(document):
        if isinstance(image.get("resource"), dict) and str(image.get("resource").get("@type", "")).startswith("dctypes:Image"):
            yield Node(image.get("resource"), image.at("resource"), "resource", image)


def manifests(document: dict) -> list[Node]:
    return [node for node in [Node(document)] if node.type == "sc:Manifest"]


def ranges(document: dict) -> Iterator[Node]:
    return (node for node in of(document, "sc:Range") if node.key == "structures")


@breaks("5.1", "PRES2-001")
def manifest_without_id(document):
    """A Manifest has no @id."""
    yield from (node.drop("@id") for node in manifests(document))


@breaks("3.1 label", "PRES2-002")
def manifest_without_label(document):
    """A Manifest has no label."""
    yield from (node.drop("label") for node in manifests(document))


@breaks("4.6", "PRES2-001")
def context_missing(document):
    """The document has no @context."""
    yield Node(document).drop("@context")


@breaks("4.6", "PRES2-001")
def context_inside(document):
    """A Canvas in a Manifest has the context once more."""
    yield from (canvas.put("@context", "http://iiif.io/api/presentation/2/context.json") for canvas in canvases(document))


@breaks("5.1", "PRES2-003")
def manifest_without_sequences(document):
    """A Manifest has no sequences."""
    yield from (node.drop("sequences") for node in manifests(document))


@breaks("5.2", "PRES2-003")
def sequence_without_canvas(document):
    """The canvases of the first sequence are empty."""
    yield from (node.put("canvases", []) for node in sequences(document) if node.get("canvases") and node.path[-1] == 0)


@breaks("5.2", "PRES2-003")
def second_sequence_embedded(document):
    """A second sequence is embedded, not named."""
    for node in manifests(document):
        first = (node.get("sequences") or [{}])[0]
        if len(node.get("sequences") or []) == 1 and first.get("canvases"):
            again = {"@id": "https://example.org/sequence/2", "@type": "sc:Sequence", "label": "Other", "canvases": first["canvases"][:1]}
            yield Edit(node.at("sequences", 1), ((node.at("sequences", 1), again),), (node.at("sequences", 0),))


@breaks("5.3", "PRES2-002")
def canvas_without_id(document):
    """A Canvas has no @id."""
    yield from (canvas.drop("@id") for canvas in canvases(document))


@breaks("5.3", "PRES2-004")
def canvas_without_label(document):
    """A Canvas has no label."""
    yield from (canvas.drop("label") for canvas in canvases(document))


@breaks("3.3 @type", "PRES2-001")
def canvas_without_type(document):
    """A Canvas has no @type."""
    yield from (canvas.drop("@type") for canvas in canvases(document))


@breaks("3.3 @type", "PRES2-001")
def type_without_prefix(document):
    """A Canvas is typed as in version 3, with no prefix."""
    yield from (canvas.put("@type", "Canvas") for canvas in canvases(document))


@breaks("5.3", "PRES2-004")
def canvas_without_height(document):
    """A Canvas has no height."""
    yield from (canvas.drop("height") for canvas in canvases(document) if canvas.has("height"))


@breaks("5.3", "PRES2-004")
def canvas_width_as_text(document):
    """The width of a Canvas is a string."""
    yield from (canvas.put("width", str(canvas.get("width"))) for canvas in canvases(document) if canvas.has("width"))


@breaks("5.4", "PRES2-006")
def image_without_motivation(document):
    """The Annotation of an image has no motivation."""
    yield from (image.drop("motivation") for image, _ in images(document) if image.has("motivation"))


@breaks("5.4", "PRES2-006")
def image_with_motivation_of_version_3(document):
    """The Annotation of an image has the motivation of version 3, without its prefix."""
    yield from (image.put("motivation", "painting") for image, _ in images(document))


@breaks("5.4", "PRES2-006")
def image_without_target(document):
    """The Annotation of an image does not say on which Canvas it is."""
    yield from (image.drop("on") for image, _ in images(document))


@breaks("5.4", "PRES2-006")
def image_on_nothing(document):
    """The Annotation of an image is on another Canvas than the one it stands in."""
    yield from (image.put("on", ELSEWHERE) for image, _ in images(document))


@breaks("5.4", "PRES2-006")
def image_without_resource(document):
    """The Annotation of an image has no resource."""
    yield from (image.drop("resource") for image, _ in images(document))


@breaks("5.4", "PRES2-006")
def resource_without_id(document):
    """An image has no @id."""
    yield from (node.drop("@id") for node in resources(document))


@breaks("5.3", "PRES2-006")
def video_among_images(document):
    """A video stands among the images of a Canvas."""
    for node in resources(document):
        film = {"@id": "https://example.org/film.mp4", "@type": "dctypes:MovingImage", "format": "video/mp4"}
        yield node.up.put("resource", film)


@breaks("5.3", "PRES2-006")
def image_outside_canvas(document):
    """An image is painted at coordinates outside its Canvas."""
    for image, canvas in images(document):
        if isinstance(image.get("on"), str):
            yield image.put("on", f"{canvas.get('@id')}#xywh={canvas.get('width') + 10},0,100,100")


@breaks("5.4; Linking to External Services 3.1", "PRES2-007")
def image_service_without_context(document):
    """An image service has no @context."""
    for node in resources(document):
        service = node.get("service")
        if isinstance(service, dict) and "@context" in service:
            yield Node(service, node.at("service"), "service", node).drop("@context")


@breaks("5.5", "PRES2-008")
def list_embedded(document):
    """A list of annotations is embedded in the Manifest."""
    for canvas in canvases(document):
        note = {"@id": "https://example.org/note/1", "@type": "oa:Annotation", "motivation": "oa:commenting", "on": canvas.get("@id"),
                "resource": {"@type": "cnt:ContentAsText", "chars": "A note", "format": "text/plain"}}
        yield canvas.put("otherContent", [{"@id": "https://example.org/list/1", "@type": "sc:AnnotationList", "resources": [note]}])


@breaks("5.5", "PRES2-008")
def list_without_id(document):
    """A list of annotations that a Canvas names has no @id."""
    yield from (canvas.put("otherContent", [{"@type": "sc:AnnotationList", "label": "Notes"}]) for canvas in canvases(document))


@breaks("5.5", "PRES2-008")
def note_without_target(document):
    """An annotation of a list does not say on which Canvas it is."""
    yield from (node.drop("on") for node in of(document, "oa:Annotation") if node.key == "resources" and node.has("on"))


@breaks("5.5", "PRES2-008")
def note_without_type(document):
    """An annotation of a list has no @type."""
    yield from (node.drop("@type") for node in of(document, "oa:Annotation") if node.key == "resources")


@breaks("3.1 metadata", "PRES2-009")
def metadata_without_value(document):
    """An entry of metadata has no value."""
    for node in nodes(document):
        for index, entry in enumerate(node.get("metadata") or []):
            if isinstance(entry, dict) and "value" in entry:
                yield Node(entry, node.at("metadata", index), "metadata", node).drop("value")


@breaks("3.3 navDate", "PRES2-010")
def date_with_offset(document):
    """navDate is not in UTC."""
    yield from (node.put("navDate", "1856-01-01T00:00:00+01:00") for node in manifests(document))


@breaks("3.3 navDate", "PRES2-010")
def date_on_sequence(document):
    """A sequence has a navDate."""
    yield from (node.put("navDate", "1856-01-01T00:00:00Z") for node in sequences(document))


@breaks("3.3 viewingHint", "PRES2-011")
def hint_of_own(document):
    """A viewingHint is neither one of the specification's nor a URI."""
    yield from (node.put("viewingHint", "booklet") for node in manifests(document))


@breaks("3.3 viewingHint", "PRES2-011")
def hint_of_canvas(document):
    """A Manifest has the viewingHint non-paged, which only Canvases have."""
    yield from (node.put("viewingHint", "non-paged") for node in manifests(document))


@breaks("3.3 viewingDirection", "PRES2-011")
def direction_on_canvas(document):
    """A Canvas has a viewingDirection."""
    yield from (node.put("viewingDirection", "right-to-left") for node in canvases(document))


@breaks("3.3 viewingDirection", "PRES2-011")
def direction_of_no_kind(document):
    """A viewingDirection is none of the four."""
    yield from (node.put("viewingDirection", "inside-out") for node in manifests(document))


@breaks("4.5", "PRES2-016")
def label_with_markup(document):
    """A label has HTML."""
    yield from (node.put("label", "<span>A <b>bold</b> title</span>") for node in manifests(document))


@breaks("4.5", "PRES2-016")
def description_not_well_formed(document):
    """The HTML of a description is no well-formed XML."""
    yield from (node.put("description", "<p>One line<br>and <b>another</p>") for node in manifests(document))


@breaks("5.6", "PRES2-012")
def range_without_label(document):
    """A Range has no label."""
    yield from (node.drop("label") for node in ranges(document))


@breaks("5.6", "PRES2-012")
def range_with_canvas_object(document):
    """A Range embeds a Canvas in its canvases, which are URIs."""
    for node in ranges(document):
        for name in (node.get("canvases") or [])[:1]:
            if isinstance(name, str):
                yield Edit(node.at("canvases", 0), ((node.at("canvases", 0), {"@id": name, "@type": "sc:Canvas", "label": "A page"}),))


@breaks("5.6", "PRES2-012")
def range_member_as_string(document):
    """A member of a Range is a bare URI."""
    for node in ranges(document):
        yield node.put("members", ["https://example.org/canvas/1"])


@breaks("5.8", "PRES2-013")
def collection_without_label(document):
    """A Collection has no label."""
    yield from (node.drop("label") for node in [Node(document)] if node.type == "sc:Collection")


@breaks("5.8", "PRES2-013")
def member_without_label(document):
    """A Manifest that a Collection names has no label."""
    yield from (node.drop("label") for node in of(document, "sc:Manifest") if node.key in ("manifests", "members") and node.has("label"))


@breaks("3.3 height", "PRES2-004")
def height_on_manifest(document):
    """A Manifest has a height."""
    yield from (node.put("height", 100) for node in manifests(document))


@breaks("3.5 startIndex", "PRES2-014")
def start_index_negative(document):
    """A startIndex is below 0."""
    yield from (node.put("startIndex", -1) for node in of(document, "sc:AnnotationList", "sc:Collection") if node.up is None)


@breaks("3.5 total", "PRES2-014")
def total_as_text(document):
    """A total is a string."""
    yield from (node.put("total", "12") for node in of(document, "sc:Collection") if node.up is None)


@breaks("6.4", "PRES2-006")
def choice_without_default(document):
    """A choice between images has no default."""
    yield from (node.drop("default") for node in of(document, "oa:Choice") if node.has("default"))
