"""The extensions: georeference, navPlace, text granularity."""

from __future__ import annotations

from ..model import Edit, Node, everything, specification
from .common import annotations

georef = specification("Georeference Extension 1", "georef")
navplace = specification("navPlace Extension", "navplace")
granularity = specification("Text Granularity Extension", "text-granularity")
POINT = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [4.9, 52.4]}}


def maps(document: dict):
    for node in annotations(document):
        if isinstance(node.get("body"), dict) and node.get("body").get("type") == "FeatureCollection":
            yield node


def points(document: dict):
    """The Features of a georeference body."""
    for node in maps(document):
        for index, feature in enumerate(node.get("body").get("features") or []):
            yield Node(feature, node.at("body", "features", index), "features", node)


def drawings(document: dict):
    for node in maps(document):
        for drawing in everything(node.value):
            if drawing.type == "SvgSelector":
                yield Node(drawing.value, node.path + drawing.path, drawing.key, node)


@georef("5.1", "GEO-001")
def context_missing(document):
    """The document georeferences and has not the context of it."""
    yield Node(document).put("@context", "http://iiif.io/api/presentation/3/context.json", *(node.at("body") for node in maps(document)))


@georef("5.1", "GEO-001")
def context_last(document):
    """The context of georeferencing comes after the IIIF one."""
    yield Node(document).put("@context", list(reversed(document["@context"])))


@georef("3.2", "GEO-002")
def motivation_of_other_kind(document):
    """The motivation of a georeference is linking."""
    yield from (node.put("motivation", "linking") for node in maps(document) if node.has("motivation"))


@georef("3.3", "GEO-003")
def target_elsewhere(document):
    """A georeference in a Canvas targets another Canvas."""
    for node in maps(document):
        if node.above("Canvas"):
            yield node.put("target", "https://example.org/nowhere/canvas/404")


@georef("3.3", "GEO-005")
def target_of_manifest(document):
    """A georeference targets a Manifest."""
    yield from (node.put("target", {"id": "https://example.org/manifest", "type": "Manifest"}) for node in maps(document))


@georef("3.3.2", "GEO-006")
def drawing_of_two(document):
    """The drawing of a region has two shapes."""
    for node in drawings(document):
        yield node.put("value", '<svg><polygon points="0,0 10,0 10,10" /><polygon points="20,20 30,20 30,30" /></svg>')


@georef("3.3.2", "GEO-006")
def drawing_of_circle(document):
    """The drawing of a region is a circle."""
    yield from (node.put("value", '<svg><circle cx="50" cy="50" r="20" /></svg>') for node in drawings(document))


@georef("3.3.2", "GEO-006")
def drawing_with_view_box(document):
    """The drawing of a region has a viewBox."""
    yield from (node.put("value", '<svg viewBox="0 0 10 10"><polygon points="0,0 10,0 10,10" /></svg>') for node in drawings(document))


@georef("3.4", "GEO-007")
def body_of_line(document):
    """A Feature of the body is a line."""
    for node in points(document):
        yield node.put("geometry", {"type": "LineString", "coordinates": [[4.9, 52.4], [5.0, 52.5]]})


@georef("3.5", "GEO-008")
def point_without_place(document):
    """A Feature does not say where it is in the picture."""
    yield from (node.put("properties", {}) for node in points(document))


@georef("3.5", "GEO-008")
def point_with_one_coordinate(document):
    """The place of a Feature in the picture has one coordinate."""
    yield from (node.put("properties", {**node.get("properties"), "resourceCoords": [100]}) for node in points(document))


def places(document: dict):
    for node in everything(document):
        value = node.get("navPlace")
        if isinstance(value, dict) and "features" in value:
            yield Node(value, node.at("navPlace"), "navPlace", node)


def shapes(document: dict):
    for node in places(document):
        for index, feature in enumerate(node.get("features")):
            if isinstance(feature.get("geometry"), dict):
                yield Node(feature["geometry"], node.at("features", index, "geometry"), "geometry", node)


@navplace("3.1", "NAV-001")
def places_context_last(document):
    """The context of navPlace comes after the IIIF one."""
    yield Node(document).put("@context", list(reversed(document["@context"])))


@navplace("3.1", "NAV-001")
def places_context_missing(document):
    """The document has a navPlace and not the context of it."""
    used = [node.path for node in places(document)]
    if used:
        yield Node(document).put("@context", "http://iiif.io/api/presentation/3/context.json", *used)


@navplace("2.1", "NAV-002")
def place_as_feature(document):
    """navPlace is a Feature, not a collection of them."""
    yield from (node.up.put("navPlace", node.get("features")[0]) for node in places(document) if node.get("features"))


@navplace("2.1", "NAV-002")
def place_as_list(document):
    """navPlace is a list."""
    yield from (node.up.put("navPlace", [node.value]) for node in places(document))


@navplace("2.1", "NAV-003")
def place_on_annotation(document):
    """An Annotation has a navPlace."""
    yield from (node.put("navPlace", {"type": "FeatureCollection", "features": [POINT]}) for node in annotations(document))


@navplace("2.2.4", "NAV-004")
def shape_of_no_kind(document):
    """A geometry is a Circle."""
    yield from (node.put("type", "Circle") for node in shapes(document))


@navplace("2.2.4", "NAV-004")
def point_of_one_number(document):
    """A position has one number."""
    for node in shapes(document):
        if node.type == "Point":
            yield node.put("coordinates", [4.9])


@navplace("2.2.4; RFC 7946, 3.1.6", "NAV-004")
def polygon_open(document):
    """The ring of a polygon is not closed."""
    for node in shapes(document):
        if node.type == "Polygon" and len(node.get("coordinates")[0]) > 4:
            yield Edit(node.at("coordinates"), ((node.at("coordinates", 0), node.get("coordinates")[0][:-1]),))


@navplace("2.2.4; RFC 7946, 3.1.6", "NAV-004")
def polygon_of_positions(document):
    """A polygon is a list of positions, with no ring around them."""
    for node in shapes(document):
        if node.type == "Polygon":
            yield node.put("coordinates", node.get("coordinates")[0])


@navplace("2.2.3; RFC 7946, 3.2", "NAV-004")
def feature_without_geometry(document):
    """A Feature has no geometry, not even null."""
    for node in places(document):
        for index, feature in enumerate(node.get("features")):
            if "geometry" in feature:
                yield Node(feature, node.at("features", index), "features", node).drop("geometry")


@granularity("2", "TXT-001")
def granularity_as_list(document):
    """textGranularity is a list."""
    yield from (node.put("textGranularity", ["line", "word"]) for node in annotations(document) if node.has("textGranularity"))


@granularity("2", "TXT-001", level="should")
def granularity_of_no_kind(document):
    """textGranularity is none of the levels."""
    yield from (node.put("textGranularity", "sentence-ish") for node in annotations(document) if node.has("textGranularity"))


@granularity("1; Presentation API 3.0, 4.6", "TXT-004")
def granularity_context_last(document):
    """The context of text granularity comes after the IIIF one."""
    yield Node(document).put("@context", list(reversed(document["@context"])))
