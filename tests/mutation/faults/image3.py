"""Information documents of the Image API, version 3.0."""

from __future__ import annotations

from ..model import Node, specification

breaks = specification("Image API 3.0", "image-3")


def info(document: dict) -> list[Node]:
    return [Node(document)] if "width" in document and "height" in document else []


def listed(document: dict, key: str) -> list[Node]:
    return [Node(entry, (key, index), key, Node(document)) for index, entry in enumerate(document.get(key) or [])]


@breaks("5.2", "IMG3-120")
def context_missing(document):
    """The document has no @context."""
    yield from (node.drop("@context") for node in info(document))


@breaks("5.1", "IMG3-120")
def context_not_last(document):
    """The context of the Image API is not the last one."""
    yield from (node.put("@context", ["http://iiif.io/api/image/3/context.json", "https://example.org/extension/context.json"]) for node in info(document))


@breaks("5.2", "IMG3-003", "IMG3-121")
def id_missing(document):
    """The document has no id."""
    yield from (node.drop("id") for node in info(document))


@breaks("5.2", "IMG3-004")
def id_with_slash(document):
    """The id ends in a slash."""
    yield from (node.put("id", f"{node.get('id')}/") for node in info(document))


@breaks("5.2", "IMG3-136")
def id_of_version_2(document):
    """The document has @id, as in version 2."""
    yield from (node.rename("id", "@id") for node in info(document))


@breaks("5.2", "IMG3-121")
def type_of_version_2(document):
    """The type is that of version 2."""
    yield from (node.put("type", "ImageService2") for node in info(document))


@breaks("5.2", "IMG3-121")
def type_missing(document):
    """The document has no type."""
    yield from (node.drop("type") for node in info(document))


@breaks("5.2", "IMG3-121")
def protocol_missing(document):
    """The document has no protocol."""
    yield from (node.drop("protocol") for node in info(document))


@breaks("5.2", "IMG3-121")
def protocol_with_https(document):
    """The protocol is spelled with https."""
    yield from (node.put("protocol", "https://iiif.io/api/image") for node in info(document))


@breaks("5.2", "IMG3-122")
def profile_as_uri(document):
    """The profile is the URI of a level, as in version 2."""
    yield from (node.put("profile", "http://iiif.io/api/image/3/level2.json") for node in info(document))


@breaks("5.2", "IMG3-122")
def profile_of_no_level(document):
    """The profile is no level."""
    yield from (node.put("profile", "level3") for node in info(document))


@breaks("5.2", "IMG3-123")
def width_as_text(document):
    """The width is a string."""
    yield from (node.put("width", str(node.get("width"))) for node in info(document))


@breaks("5.2", "IMG3-123")
def height_missing(document):
    """The document has no height."""
    yield from (node.drop("height") for node in info(document))


@breaks("5.2", "IMG3-124")
def limit_of_height_only(document):
    """There is a maxHeight and no maxWidth."""
    for node in info(document):
        if not node.has("maxWidth"):
            yield node.put("maxHeight", 1000, node.at("maxWidth"))


@breaks("5.2", "IMG3-125")
def size_over_limit(document):
    """An entry of sizes is wider than maxWidth permits."""
    for node in info(document):
        for index, size in enumerate(node.get("sizes") or []):
            if size.get("width", 0) > 10 and not node.has("maxArea"):
                yield node.put("maxWidth", size["width"] - 10, node.at("sizes", index))


@breaks("5.3", "IMG3-126")
def size_without_height(document):
    """An entry of sizes has no height."""
    yield from (node.drop("height") for node in listed(document, "sizes"))


@breaks("5.4", "IMG3-127")
def tile_without_factors(document):
    """An entry of tiles has no scaleFactors."""
    yield from (node.drop("scaleFactors") for node in listed(document, "tiles"))


@breaks("5.4", "IMG3-127")
def tile_with_factor_of_half(document):
    """A scale factor is no integer."""
    yield from (node.put("scaleFactors", [0.5, 1, 2]) for node in listed(document, "tiles"))


@breaks("5.4", "IMG3-128")
def tiles_twice(document):
    """Two entries of tiles have the same width and height."""
    for node in info(document):
        if node.get("tiles"):
            yield node.put("tiles", [*node.get("tiles"), {**node.get("tiles")[0], "scaleFactors": [32]}])


@breaks("5.5", "IMG3-129")
def preferred_not_offered(document):
    """A preferred format is none that is offered."""
    yield from (node.put("preferredFormats", ["jpx"]) for node in info(document))


@breaks("5.6", "IMG3-130")
def rights_as_sentence(document):
    """rights is a sentence."""
    yield from (node.put("rights", "All rights reserved") for node in info(document))


@breaks("5.7", "IMG3-131")
def qualities_as_string(document):
    """extraQualities is a string."""
    yield from (node.put("extraQualities", "gray") for node in info(document))


@breaks("5.7", "IMG3-133")
def enlarging_without_limit(document):
    """sizeUpscaling is offered, and no limit is said."""
    for node in info(document):
        if not node.has("maxWidth") and not node.has("maxArea"):
            yield node.put("extraFeatures", [*(node.get("extraFeatures") or []), "sizeUpscaling"], node.at("maxWidth"), node.at("maxArea"))


@breaks("5.8", "IMG3-134")
def part_of_string(document):
    """partOf is a bare URI."""
    yield from (node.put("partOf", "https://example.org/manifest") for node in info(document))


@breaks("5.8", "IMG3-134")
def see_also_without_type(document):
    """A seeAlso has no type."""
    yield from (node.put("seeAlso", [{"id": "https://example.org/record.xml"}]) for node in info(document))
