"""Presentation 4.0, the draft: Containers, and Annotations in their one shape."""

from __future__ import annotations

from ..model import Edit, Node, nodes, of, specification
from .common import annotations, bodies, commenting, containers, described, painting

breaks = specification("Presentation API 4.0", "presentation-4")
EXAMPLE = {"id": "https://example.org/elsewhere/scene/1", "type": "Scene"}


def regions(document):
    """SpecificResources on a Canvas with an extent, with the Canvas."""
    named = {canvas.get("id"): canvas for canvas in containers(document, "Canvas") if canvas.has("width", "height")}
    for node in of(document, "SpecificResource"):
        source = node.get("source")
        if node.key == "target" and isinstance(source, dict) and source.get("id") in named:
            yield node, named[source["id"]]


@breaks("Manifest", "PRES4-003")
def manifest_without_label(document):
    """A Manifest has no label."""
    yield from (node.drop("label") for node in [Node(document)] if node.type == "Manifest")


@breaks("items", "PRES4-003")
def manifest_without_container(document):
    """The items of a Manifest are empty."""
    yield from (node.put("items", []) for node in [Node(document)] if node.type == "Manifest")


@breaks("JSON-LD Contexts", "PRES4-001")
def context_inside(document):
    """A Container in a Manifest has the context once more."""
    yield from (node.put("@context", "http://iiif.io/api/presentation/4/context.json") for node in containers(document) if node.up)


@breaks("Containers", "PRES4-004")
def container_id_with_fragment(document):
    """The id of a Container has a fragment."""
    yield from (node.put("id", f"{node.get('id')}#here") for node in containers(document))


@breaks("Containers", "PRES4-003")
def container_without_id(document):
    """A Container has no id."""
    yield from (node.drop("id") for node in containers(document) if node.up)


@breaks("Containers", "PRES4-003", "PRES4-005")
def container_abstract(document):
    """An item of a Manifest is a Container, which is an abstract class."""
    yield from (node.put("type", "Container") for node in containers(document) if node.key == "items")


@breaks("Timeline", "PRES4-005")
def timeline_without_duration(document):
    """A Timeline has no duration."""
    yield from (node.drop("duration") for node in containers(document, "Timeline") if node.has("duration"))


@breaks("duration", "PRES4-005")
def timeline_duration_negative(document):
    """The duration of a Timeline is below 0."""
    yield from (node.put("duration", -1.5) for node in containers(document, "Timeline") if node.has("duration"))


@breaks("Canvas", "PRES4-005")
def canvas_without_width(document):
    """A Canvas has no width."""
    yield from (node.drop("width") for node in containers(document, "Canvas") if node.has("width"))


@breaks("Canvas", "PRES4-005")
def canvas_of_duration_only(document):
    """A Canvas has only a duration, as version 3 permitted."""
    for node in containers(document, "Timeline"):
        if node.has("duration") and node.key == "items":
            yield Edit(node.at("type"), ((node.at("type"), "Canvas"),), (node.at("width"),))


@breaks("Timeline", "PRES4-006")
def image_on_timeline(document):
    """An image is painted on a Timeline."""
    for body, annotation, container in bodies(document):
        if container.type == "Timeline":
            yield annotation.put("body", {"id": "https://example.org/page.jpg", "type": "Image", "format": "image/jpeg"})


@breaks("Canvas", "PRES4-007")
def video_on_still_canvas(document):
    """A video is painted on a Canvas that has no duration."""
    for body, annotation, container in bodies(document, "Image"):
        if container.type == "Canvas" and not container.has("duration"):
            film = {"id": "https://example.org/film.mp4", "type": "Video", "format": "video/mp4", "height": 100, "width": 100, "duration": 9.5}
            yield annotation.put("body", film)


@breaks("Content Resources", "PRES4-008")
def image_in_scene(document):
    """An image is painted straight into a Scene."""
    for body, annotation, container in bodies(document, "Model"):
        if container.type == "Scene":
            yield annotation.put("body", {"id": "https://example.org/page.jpg", "type": "Image", "format": "image/jpeg"})


@breaks("target", "PRES4-009")
def annotation_without_target(document):
    """An Annotation has no target."""
    yield from (node.drop("target") for node in annotations(document))


@breaks("target", "PRES4-010")
def target_as_string(document):
    """The target is a bare URI, as version 3 permitted."""
    for node in annotations(document):
        if isinstance(node.get("target"), dict) and isinstance(node.get("target").get("id"), str):
            yield node.put("target", node.get("target")["id"])


@breaks("motivation", "PRES4-009")
def annotation_without_motivation(document):
    """An Annotation has no motivation."""
    yield from (node.drop("motivation") for node in annotations(document) if node.has("motivation"))


@breaks("motivation", "PRES4-009")
def motivation_as_string(document):
    """The motivation is a string, as version 3 permitted."""
    yield from (node.put("motivation", "painting") for node, _ in painting(document))


@breaks("body", "PRES4-010")
def body_as_list(document):
    """The body is a list, as version 3 permitted."""
    yield from (node.put("body", [node.get("body")]) for node in annotations(document) if node.has("body"))


@breaks("Annotations", "PRES4-014")
def comment_among_paintings(document):
    """An Annotation in the items of a Container is not painting."""
    yield from (node.put("motivation", ["commenting"]) for node, _ in painting(document))


@breaks("annotations", "PRES4-014")
def painting_among_comments(document):
    """An Annotation in the annotations of a resource is painting."""
    yield from (node.put("motivation", ["painting"]) for node, _ in commenting(document))


@breaks("Annotation", "PRES4-010")
def painting_elsewhere(document):
    """A painting Annotation targets another Container than the one it stands in."""
    yield from (node.put("target", {**EXAMPLE, "type": container.type}) for node, container in painting(document))


@breaks("source", "PRES4-011")
def source_as_string(document):
    """The source of a SpecificResource is a bare URI."""
    for node in of(document, "SpecificResource"):
        if isinstance(node.get("source"), dict) and node.get("source").get("id"):
            yield node.put("source", node.get("source")["id"])


@breaks("source", "PRES4-011")
def source_with_fragment(document):
    """The id of a source has a media fragment."""
    for node in of(document, "SpecificResource"):
        if isinstance(node.get("source"), dict) and node.get("source").get("id"):
            edit = node.put("source", {**node.get("source"), "id": f"{node.get('source')['id']}#xywh=0,0,5,5"})
            yield Edit(node.at("source", "id"), edit.changes)


@breaks("Specific Resource", "PRES4-012")
def specific_resource_without_id(document):
    """A SpecificResource has no id."""
    yield from (node.drop("id") for node in of(document, "SpecificResource") if node.has("id"))


@breaks("selector", "PRES4-010")
def selector_as_object(document):
    """The selector is one object, not a list."""
    for node in of(document, "SpecificResource"):
        if isinstance(node.get("selector"), list) and node.get("selector"):
            yield node.put("selector", node.get("selector")[0])


@breaks("Annotations", "PRES4-013")
def region_outside(document):
    """The region of a target is wider than its Canvas."""
    for node, canvas in regions(document):
        yield node.put("selector", [{"type": "FragmentSelector", "value": f"xywh={canvas.get('width') - 5},0,50,5"}])


@breaks("Annotations", "PRES4-013", "PRES4-021")
def instant_after_end(document):
    """A target is an instant after the end of its Container."""
    for node, container in [*painting(document), *commenting(document)]:
        if isinstance(container.get("duration"), (int, float)):
            target = {"id": "https://example.org/late/1", "type": "SpecificResource", "source": {"id": container.get("id"), "type": container.type},
                      "selector": [{"type": "PointSelector", "instant": container.get("duration") + 30}]}
            yield node.put("target", target)


@breaks("instant", "PRES4-021")
def instant_negative(document):
    """The instant of a selector is below 0."""
    yield from (node.put("instant", -2.5) for node in of(document, "PointSelector") if node.has("instant"))


@breaks("x", "PRES4-021")
def coordinate_as_text(document):
    """A coordinate of a point is a string."""
    yield from (node.put("x", str(node.get("x"))) for node in of(document, "PointSelector") if node.has("x"))


@breaks("Collection", "PRES4-015")
def collection_without_members(document):
    """A Collection has neither items nor pages."""
    yield from (node.drop("items") for node in [Node(document)] if node.type == "Collection" and node.has("items"))


@breaks("Collection", "PRES4-015")
def collection_with_items_and_pages(document):
    """A Collection with items has a first page too."""
    page = {"id": "https://example.org/collection/page/1", "type": "CollectionPage"}
    for node in [Node(document)]:
        if node.type == "Collection" and node.has("items"):
            yield Edit(node.at("first"), ((node.at("first"), page), (node.at("last"), page)), (node.at("items"), node.at("last")))


def paged(document):
    return (node for node in [Node(document)] if node.type == "Collection" and node.has("first"))


@breaks("Collection", "PRES4-015")
def collection_without_last(document):
    """A Collection with pages does not name the last one."""
    yield from (node.drop("last") for node in paged(document))


@breaks("Collection", "PRES4-016")
def collection_of_one_page(document):
    """The first page of a Collection is its last."""
    yield from (node.put("last", node.get("first"), node.at("first")) for node in paged(document))


@breaks("total", "PRES4-015")
def total_negative(document):
    """The total of a Collection is below 0."""
    yield from (node.put("total", -1) for node in paged(document))


@breaks("Collection Page", "PRES4-015")
def page_without_collection(document):
    """A page of a Collection does not say of which one."""
    yield from (node.drop("partOf") for node in [Node(document)] if node.type == "CollectionPage")


@breaks("Collection Page", "PRES4-015")
def page_without_items(document):
    """A page of a Collection has no items."""
    yield from (node.drop("items") for node in [Node(document)] if node.type == "CollectionPage")


@breaks("next", "PRES4-015")
def next_as_string(document):
    """next is a bare URI."""
    yield from (node.put("next", node.get("next")["id"]) for node in [Node(document)] if isinstance(node.get("next"), dict))


@breaks("Textual Body", "PRES4-010")
def text_without_value(document):
    """A TextualBody has no value."""
    yield from (node.drop("value") for node in of(document, "TextualBody"))


@breaks("Fragment Selector; SVG Selector; WKT Selector", "PRES4-010")
def selector_without_value(document):
    """A selector that has a value has none."""
    yield from (node.drop("value") for node in of(document, "FragmentSelector", "SvgSelector", "WktSelector") if node.has("value"))


@breaks("label", "PRES4-003")
def label_as_string(document):
    """A label is a plain string."""
    yield from (node.put("label", "A title") for node in described(document, "Manifest", "Canvas", "Scene", "Timeline") if node.has("label"))


@breaks("rights", "PRES4-003")
def rights_as_sentence(document):
    """rights is a sentence, not a URI of a licence."""
    yield from (node.put("rights", "All rights reserved by the museum") for node in [Node(document)] if node.type in ("Manifest", "Collection"))


@breaks("navDate", "PRES4-003")
def date_without_zone(document):
    """navDate has no time zone."""
    yield from (node.put("navDate", "1856-01-01T00:00:00") for node in [Node(document)] if node.type in ("Manifest", "Collection"))


@breaks("behavior", "PRES4-003")
def behavior_disjoint(document):
    """A Manifest is paged and continuous."""
    yield from (node.put("behavior", ["paged", "continuous"]) for node in [Node(document)] if node.type == "Manifest")


@breaks("transform", "PRES4-020")
def transform_as_object(document):
    """transform is one object, not a list."""
    yield from (node.put("transform", node.get("transform")[0]) for node in nodes(document) if isinstance(node.get("transform"), list))


@breaks("transform", "PRES4-020")
def transform_of_no_kind(document):
    """An entry of transform is no Transform."""
    for node in nodes(document):
        if node.key == "transform":
            yield node.put("type", "Shear")


@breaks("far", "PRES4-022")
def camera_inside_out(document):
    """The far distance of a camera is less than the near one."""
    for node in of(document, "PerspectiveCamera", "OrthographicCamera"):
        if node.has("near", "far"):
            yield node.put("far", node.get("near") / 2, node.at("near"))


@breaks("fieldOfView", "PRES4-022")
def camera_sees_behind(document):
    """The field of view of a camera is 180 degrees."""
    yield from (node.put("fieldOfView", 180.0) for node in of(document, "PerspectiveCamera"))


@breaks("angle", "PRES4-023")
def spot_too_wide(document):
    """The angle of a spot light is over 90 degrees."""
    yield from (node.put("angle", 120.0) for node in of(document, "SpotLight", "SpotAudio") if node.has("angle"))


@breaks("Quantity", "PRES4-024", "PRES4-025")
def volume_too_loud(document):
    """The volume of an emitter is over 1."""
    for node in of(document, "Quantity"):
        if node.key == "volume":
            yield node.put("quantityValue", 3.5)


@breaks("Quantity", "PRES4-024", "PRES4-025")
def quantity_without_unit(document):
    """A Quantity has no unit."""
    yield from (node.drop("unit") for node in of(document, "Quantity"))


@breaks("Audio Emitters", "PRES4-025")
def emitter_without_source(document):
    """An audio emitter has no source."""
    yield from (node.drop("source") for node in of(document, "AmbientAudio", "PointAudio", "SpotAudio"))


@breaks("environmentMap", "PRES4-026")
def light_without_map(document):
    """An ImageBasedLight has no environmentMap."""
    yield from (node.drop("environmentMap") for node in of(document, "ImageBasedLight"))


@breaks("environmentMap", "PRES4-026")
def map_without_profile(document):
    """An environmentMap has no profile."""
    yield from (node.drop("profile") for node in nodes(document) if node.key == "environmentMap" and node.has("profile"))


@breaks("action", "PRES4-028")
def action_of_no_kind(document):
    """An action is none that there is."""
    yield from (node.put("action", ["explode"]) for node in of(document, "SpecificResource") if node.has("action"))


@breaks("exclude", "PRES4-030")
def exclude_of_no_kind(document):
    """exclude names something that cannot be excluded."""
    yield from (node.put("exclude", ["textures"]) for node in annotations(document) if node.has("exclude"))


@breaks("interactionMode", "PRES4-031")
def interaction_as_string(document):
    """interactionMode is a string."""
    yield from (node.put("interactionMode", "orbit") for node in containers(document, "Scene"))


@breaks("provides", "PRES4-034")
def provides_of_no_kind(document):
    """provides names something that is not in the registry."""
    yield from (node.put("provides", ["karaoke"]) for node in annotations(document) if node.has("provides"))


@breaks("via", "PRES4-035")
def via_itself(document):
    """A resource says that it was obtained from itself."""
    yield from (node.put("via", [node.get("id")]) for node in [Node(document)] if node.type in ("Manifest", "Collection"))


@breaks("start", "PRES4-036")
def start_of_collection_without_manifest(document):
    """The start of a Collection does not say of which Manifest the Canvas is."""
    for node in [Node(document)]:
        if node.type == "Collection":
            yield node.put("start", {"id": "https://example.org/canvas/1", "type": "Canvas"})


@breaks("navPlace", "PRES4-037")
def place_as_point(document):
    """navPlace is a Point, not a FeatureCollection."""
    for node in [Node(document)]:
        if node.type in ("Manifest", "Collection"):
            yield node.put("navPlace", {"type": "Point", "coordinates": [4.9, 52.4]})


@breaks("placeholderContainer", "PRES4-039")
def placeholder_is_image(document):
    """A placeholderContainer is an Image."""
    for node in containers(document):
        yield node.put("placeholderContainer", {"id": "https://example.org/poster.jpg", "type": "Image"})


@breaks("backgroundColor", "PRES4-024")
def background_as_list(document):
    """A backgroundColor is a list of numbers."""
    yield from (node.put("backgroundColor", [153, 204, 255]) for node in containers(document, "Scene", "Canvas") if node.up)
