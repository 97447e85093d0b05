"""Information documents of the Image API, version 2.1."""

from __future__ import annotations

from ..model import Node, specification
from .image3 import info, listed

breaks = specification("Image API 2.1", "image-2")


def profiles(document: dict) -> list[Node]:
    """The objects in the profile of a version 2 document."""
    return [Node(entry, ("profile", index), "profile", Node(document)) for index, entry in enumerate(document.get("profile") or []) if isinstance(entry, dict)]


@breaks("5.2", "IMG2-001")
def context_missing(document):
    """The document has no @context."""
    yield from (node.drop("@context") for node in info(document))


@breaks("5.2", "IMG2-001")
def protocol_missing(document):
    """The document has no protocol."""
    yield from (node.drop("protocol") for node in info(document))


@breaks("5.2", "IMG2-001")
def id_missing(document):
    """The document has no @id."""
    yield from (node.drop("@id") for node in info(document))


@breaks("5.2", "IMG2-001")
def type_of_version_3(document):
    """The @type is that of version 3."""
    yield from (node.put("@type", "ImageService3") for node in info(document))


@breaks("5.2", "IMG2-002")
def profile_as_string(document):
    """The profile is a string, as in version 3."""
    yield from (node.put("profile", "level2") for node in info(document))


@breaks("6", "IMG2-002")
def profile_of_no_level(document):
    """The first entry of the profile is no compliance level."""
    yield from (node.put("profile", ["https://example.org/profile.json", *node.get("profile")[1:]]) for node in info(document))


@breaks("5.2", "IMG2-002")
def profile_without_level(document):
    """The profile holds only an object."""
    yield from (node.put("profile", [{"formats": ["png"]}]) for node in info(document))


@breaks("5.2", "IMG2-001")
def width_missing(document):
    """The document has no width."""
    yield from (node.drop("width") for node in info(document))


@breaks("5.2", "IMG2-001")
def height_fraction(document):
    """The height is no integer."""
    yield from (node.put("height", node.get("height") + 0.5) for node in info(document))


@breaks("5.2", "IMG2-019")
def tile_without_width(document):
    """An entry of tiles has no width."""
    yield from (node.drop("width") for node in listed(document, "tiles"))


@breaks("5.2", "IMG2-018")
def size_as_text(document):
    """An entry of sizes is a string."""
    for node in info(document):
        if node.get("sizes"):
            yield node.put("sizes", ["150,100"])


@breaks("5.3", "IMG2-004")
def limit_of_height_only(document):
    """A profile has a maxHeight and no maxWidth."""
    for node in profiles(document):
        if not node.has("maxWidth"):
            yield node.put("maxHeight", 1000, node.at("maxWidth"))
