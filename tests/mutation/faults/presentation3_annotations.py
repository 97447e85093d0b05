"""Presentation 3.0: what is painted on a Canvas, what is said about it, and where. Most of this the official schema does not see."""

from __future__ import annotations

from ..model import Edit, Node, nodes, of, specification
from .common import ELSEWHERE, annotations, bodies, canvases, commenting, painting, target_of

breaks = specification("Presentation API 3.0", "presentation-3")


@breaks("5.6; Web Annotation 3.1", "PRES3-042")
def painting_without_target(document):
    """A painting Annotation has no target."""
    yield from (node.drop("target") for node, _ in painting(document))


@breaks("5.6; Web Annotation 3.1", "PRES3-045")
def comment_without_target(document):
    """An Annotation that is not painting has no target."""
    paints = {node.path for node, _ in painting(document)}
    yield from (node.drop("target") for node in annotations(document) if node.path not in paints and node.has("target"))


@breaks("5.6", "PRES3-047")
def painting_without_body(document):
    """A painting Annotation has no body: nothing is painted."""
    yield from (node.drop("body") for node, _ in painting(document))


@breaks("5.6", "PRES3-042")
def painting_on_nothing(document):
    """A painting Annotation targets a Canvas that is not the one it stands in."""
    yield from (node.put("target", ELSEWHERE) for node, _ in painting(document))


@breaks("5.6", "PRES3-042")
def painting_on_neighbour(document):
    """A painting Annotation targets another Canvas of the Manifest."""
    names = [canvas.get("id") for canvas in canvases(document) if canvas.key == "items"]
    for node, canvas in painting(document):
        others = [name for name in names if name != canvas.get("id")]
        if others and canvas.key == "items":
            yield node.put("target", others[0])


@breaks("5.3", "PRES3-040")
def comment_among_paintings(document):
    """An Annotation in the items of a Canvas has another motivation than painting."""
    yield from (node.put("motivation", "commenting") for node, _ in painting(document))


@breaks("5.3", "PRES3-040")
def painting_without_motivation(document):
    """An Annotation in the items of a Canvas has no motivation."""
    yield from (node.drop("motivation") for node, _ in painting(document))


@breaks("3.4 annotations", "PRES3-084")
def painting_among_comments(document):
    """An Annotation in the annotations of a resource is painting."""
    yield from (node.put("motivation", "painting") for node, _ in commenting(document))


@breaks("4.1", "PRES3-015", "PRES3-040")
def motivation_in_capitals(document):
    """The motivation of what is painted is written "Painting"."""
    yield from (node.put("motivation", "Painting") for node, _ in painting(document))


@breaks("3.4 annotations", "PRES3-086")
def comment_on_nothing(document):
    """An Annotation in the annotations of a resource targets another one."""
    for node, owner in commenting(document):
        if owner.type == "Canvas" and target_of(node) == owner.get("id"):
            yield node.put("target", ELSEWHERE)


def plain(document):
    """Annotations of a Canvas with an extent in space whose target is a string."""
    for node, canvas in [*painting(document), *commenting(document)]:
        if isinstance(node.get("target"), str) and node.get("target").split("#")[0] == canvas.get("id") and canvas.has("width", "height"):
            yield node, canvas


@breaks("5.3", "PRES3-043")
def region_outside(document):
    """The region of a target is wider than its Canvas."""
    for node, canvas in plain(document):
        yield node.put("target", f"{canvas.get('id')}#xywh={canvas.get('width') - 10},0,100,10")


@breaks("5.3", "PRES3-043")
def region_below(document):
    """The region of a target lies wholly below its Canvas."""
    for node, canvas in plain(document):
        yield node.put("target", f"{canvas.get('id')}#xywh=0,{canvas.get('height') + 10},10,10")


@breaks("5.3", "PRES3-043")
def region_negative(document):
    """The region of a target begins at coordinates below 0."""
    yield from (node.put("target", f"{canvas.get('id')}#xywh=-20,0,30,30") for node, canvas in plain(document))


@breaks("5.3", "PRES3-043")
def time_after_end(document):
    """The time of a target ends after the Canvas does."""
    for node, canvas in [*painting(document), *commenting(document)]:
        if isinstance(node.get("target"), str) and isinstance(canvas.get("duration"), (int, float)):
            yield node.put("target", f"{canvas.get('id')}#t=1,{canvas.get('duration') + 20}")


@breaks("5.3", "PRES3-043")
def time_without_duration(document):
    """The target is a time on a Canvas that has no duration."""
    for node, canvas in plain(document):
        if not canvas.has("duration"):
            yield node.put("target", f"{canvas.get('id')}#t=1,2")


@breaks("5.3", "PRES3-043")
def point_outside(document):
    """A comment points at a place right of its Canvas."""
    for node, canvas in commenting(document):
        if canvas.type == "Canvas" and canvas.has("width") and target_of(node) == canvas.get("id"):
            selector = {"type": "PointSelector", "x": canvas.get("width") + 50, "y": 5}
            yield node.put("target", {"type": "SpecificResource", "source": canvas.get("id"), "selector": selector})


@breaks("5.3", "PRES3-043")
def fragment_selector_outside(document):
    """The fragment selector of a target is wider than its Canvas."""
    for node, canvas in commenting(document):
        if canvas.type == "Canvas" and canvas.has("width") and target_of(node) == canvas.get("id"):
            selector = {"type": "FragmentSelector", "value": f"xywh={canvas.get('width') - 1},0,50,1"}
            yield node.put("target", {"type": "SpecificResource", "source": canvas.get("id"), "selector": selector})


@breaks("5.3", "PRES3-044")
def video_on_still_canvas(document):
    """A video is painted on a Canvas that has no duration."""
    for body, annotation, canvas in bodies(document, "Image"):
        if not canvas.has("duration"):
            video = {"id": "https://example.org/film.mp4", "type": "Video", "format": "video/mp4", "height": 360, "width": 480, "duration": 12.5}
            yield annotation.put("body", video)


@breaks("5.3", "PRES3-044")
def sound_on_still_canvas(document):
    """A sound is painted on a Canvas that has no duration."""
    for body, annotation, canvas in bodies(document, "Image"):
        if not canvas.has("duration"):
            yield annotation.put("body", {"id": "https://example.org/song.mp3", "type": "Sound", "format": "audio/mp3", "duration": 12.5})


@breaks("5.3", "PRES3-044")
def image_on_canvas_of_sound(document):
    """An image is painted on a Canvas that has only a duration."""
    for body, annotation, canvas in bodies(document, "Sound"):
        if not canvas.has("width"):
            image = {"id": "https://example.org/page.jpg", "type": "Image", "format": "image/jpeg", "height": 100, "width": 100}
            yield annotation.put("body", image)


def served(document):
    """Images that are painted and have an Image API service."""
    for body, annotation, _ in bodies(document, "Image"):
        for index, service in enumerate(body.get("service") or []):
            name = service.get("id", service.get("@id"))
            if name and "ImageService" in str(service.get("type", service.get("@type"))):
                yield body, Node(service, body.at("service", index), "service", body), name
                break


@breaks("5.7", "PRES3-048")
def image_is_service(document):
    """The id of an image is the bare URI of its Image API service."""
    yield from (body.put("id", name) for body, _, name in served(document))


@breaks("5.7", "PRES3-047")
def image_typed_text(document):
    """An image that has an Image API service is typed as Text."""
    yield from (body.put("type", "Text", body.at("format")) for body, _, _ in served(document))


@breaks("3.2 format", "PRES3-047", level="should")
def image_with_format_of_video(document):
    """The format of an Image is that of a video."""
    yield from (body.put("format", "video/mp4") for body, _, _ in bodies(document, "Image") if body.has("format"))


@breaks("3.2 format", "PRES3-047", level="should")
def sound_with_format_of_image(document):
    """The format of a Sound is that of an image."""
    yield from (body.put("format", "image/jpeg") for body, _, _ in bodies(document, "Sound") if body.has("format"))


@breaks("3.2 format", "PRES3-083")
def format_as_list(document):
    """The format of what is painted is a list."""
    yield from (body.put("format", [body.get("format")]) for body, _, _ in bodies(document) if body.has("format"))


@breaks("4.2", "PRES3-017", "PRES3-046")
def page_by_string(document):
    """A Canvas names a page of annotations by its bare URI."""
    for page in of(document, "AnnotationPage"):
        if page.key == "annotations":
            yield Edit(page.path, ((page.path, page.get("id")),))


@breaks("5.3", "PRES3-046")
def referenced_page_without_type(document):
    """The reference to a page of annotations has no type."""
    yield from (page.drop("type") for page in of(document, "AnnotationPage") if page.key == "annotations")


@breaks("3.4 annotations", "PRES3-041")
def annotations_on_page(document):
    """An Annotation Page has annotations of its own."""
    for page in of(document, "AnnotationPage"):
        if page.has("items"):
            yield page.put("annotations", [{"id": "https://example.org/page/of/page", "type": "AnnotationPage"}])


@breaks("3.4 items", "PRES3-083")
def items_in_annotation(document):
    """An Annotation has items."""
    yield from (node.put("items", [{"id": "https://example.org/annotation/inside", "type": "Annotation"}]) for node in annotations(document))


@breaks("3.2 timeMode", "PRES3-082")
def time_mode_as_list(document):
    """timeMode is a list."""
    yield from (node.put("timeMode", ["loop"]) for node, _ in painting(document))


@breaks("Web Annotation 3.2.5", "PRES3-055")
def both_body_and_value(document):
    """An Annotation has a body and a bodyValue."""
    yield from (node.put("bodyValue", "A note", node.at("body")) for node in annotations(document) if node.has("body"))


@breaks("Web Annotation 3.2.4", "PRES3-055")
def text_without_value(document):
    """A TextualBody has no value."""
    yield from (node.drop("value") for node in of(document, "TextualBody") if node.has("value"))


@breaks("Web Annotation 4.2.1", "REG-003")
def selector_without_value(document):
    """A FragmentSelector has no value."""
    yield from (node.drop("value") for node in of(document, "FragmentSelector") if node.has("value"))


@breaks("Web Annotation 4.2.7", "REG-003", level="should")
def drawing_without_value(document):
    """An SvgSelector has no drawing and no address of one."""
    yield from (node.drop("value") for node in of(document, "SvgSelector") if node.has("value") and not node.has("id"))


@breaks("Web Annotation 4.2.7", "REG-003")
def drawing_not_well_formed(document):
    """The drawing of an SvgSelector is no well-formed XML."""
    yield from (node.put("value", '<svg><path d="M10,10 L500,10 Z"></svg>') for node in of(document, "SvgSelector") if node.has("value"))


@breaks("Web Annotation 4.2", "REG-003")
def selector_without_type(document):
    """A selector has no type."""
    for node in nodes(document):
        if node.key == "selector" and node.has("type"):
            yield node.drop("type")


@breaks("Web Annotation 4", "PRES3-042", "PRES3-045")
def specific_resource_without_source(document):
    """A SpecificResource has no source."""
    yield from (node.drop("source") for node in of(document, "SpecificResource") if node.has("source"))


@breaks("Web Annotation 3.2.7", "PRES3-055")
def choice_without_items(document):
    """A Choice offers nothing to choose from."""
    yield from (node.drop("items") for node in of(document, "Choice") if node.has("items"))
