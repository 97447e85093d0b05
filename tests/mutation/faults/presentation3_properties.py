"""Presentation 3.0: labels, rights, links, behavior, and which resource may have which property."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import GONE, Edit, Node, nodes, of, specification
from .common import annotations, bodies, canvases, described

breaks = specification("Presentation API 3.0", "presentation-3")
DESCRIBED = ("Collection", "Manifest", "Canvas", "Range")
LANGUAGES = ("Collection", "Manifest", "Canvas", "Range", "Annotation", "Agent", "AnnotationCollection", "Image", "Text", "Dataset")


def texts(document: dict, key: str) -> Iterator[tuple[Node, dict, str]]:
    """Resources with such a language map, the map and its first language."""
    for node in of(document, *LANGUAGES):
        value = node.get(key)
        if isinstance(value, dict) and value and isinstance(next(iter(value.values())), list):
            yield node, value, next(iter(value))


def pairs(document: dict) -> Iterator[Node]:
    """The entries of metadata, and requiredStatement."""
    for node in nodes(document):
        for index, entry in enumerate(node.get("metadata") or [] if isinstance(node.get("metadata"), list) else []):
            if isinstance(entry, dict):
                yield Node(entry, node.at("metadata", index), "metadata", node)
        if isinstance(node.get("requiredStatement"), dict):
            yield Node(node.get("requiredStatement"), node.at("requiredStatement"), "requiredStatement", node)


def linked(document: dict, key: str) -> Iterator[Node]:
    return (node for node in nodes(document, {"navPlace", "metadata"}) if node.key == key and node.up and isinstance(node.up.get(key), list))


@breaks("4.4", "PRES3-060")
def label_as_string(document):
    """A label is a plain string, as in version 2."""
    for node, value, first in texts(document, "label"):
        yield node.put("label", value[first][0] if value[first] else "")


@breaks("4.4", "PRES3-060")
def label_in_one_string(document):
    """A language of a label has a string, not a list of strings."""
    for node, value, first in texts(document, "label"):
        if value[first]:
            yield node.put("label", {**value, first: value[first][0]})


@breaks("4.4", "PRES3-060")
def label_of_number(document):
    """A label holds a number."""
    yield from (node.put("label", {**value, first: [1892]}) for node, value, first in texts(document, "label"))


@breaks("4.4", "PRES3-060")
def label_of_no_language(document):
    """The key of a label is no language tag."""
    for node, value, first in texts(document, "label"):
        yield node.put("label", {"English language": value[first]})


@breaks("4.4", "PRES3-060")
def label_with_at_none(document):
    """The key of a label without language is @none, as in a draft, not none."""
    yield from (node.put("label", {"@none": value[first]}) for node, value, first in texts(document, "label"))


@breaks("4.5", "PRES3-061")
def label_with_markup(document):
    """A label has HTML."""
    yield from (node.put("label", {first: ["<span>A <b>bold</b> title</span>"]}) for node, value, first in texts(document, "label"))


@breaks("3.1 summary", "PRES3-060")
def summary_as_string(document):
    """A summary is a plain string."""
    yield from (node.put("summary", "A short text") for node in described(document, *DESCRIBED))


@breaks("4.5", "PRES3-062")
def summary_not_well_formed(document):
    """The HTML of a summary is no well-formed XML."""
    yield from (node.put("summary", {"en": ["<p>One line<br>and <b>another</p>"]}) for node in described(document, "Manifest", "Collection"))


@breaks("3.1 metadata", "PRES3-060")
def metadata_without_value(document):
    """An entry of metadata has no value."""
    yield from (entry.drop("value") for entry in pairs(document) if entry.key == "metadata")


@breaks("3.1 metadata", "PRES3-060")
def metadata_with_plain_value(document):
    """The value of an entry of metadata is a plain string."""
    yield from (entry.put("value", "Paper") for entry in pairs(document) if entry.key == "metadata")


@breaks("3.1 metadata", "PRES3-016")
def metadata_as_object(document):
    """metadata is one entry, not a list."""
    for node in described(document, *DESCRIBED):
        if isinstance(node.get("metadata"), list) and node.get("metadata"):
            yield node.put("metadata", node.get("metadata")[0])


@breaks("4.5", "PRES3-062")
def metadata_not_well_formed(document):
    """The HTML of an entry of metadata is not closed."""
    for entry in pairs(document):
        yield entry.put("value", {"en": ['<span>See <a href="https://example.org/">the page</span>']})


@breaks("3.1 requiredStatement", "PRES3-065")
def statement_without_value(document):
    """requiredStatement has no value."""
    yield from (entry.drop("value") for entry in pairs(document) if entry.key == "requiredStatement")


@breaks("3.1 requiredStatement", "PRES3-065", "PRES3-016")
def statement_as_list(document):
    """requiredStatement is a list."""
    yield from (entry.up.put("requiredStatement", [entry.value]) for entry in pairs(document) if entry.key == "requiredStatement")


@breaks("3.1 rights", "PRES3-066")
def rights_as_sentence(document):
    """rights is a sentence, not a URI of a licence."""
    yield from (node.put("rights", "All rights reserved by the library") for node in described(document, "Manifest", "Collection"))


@breaks("3.1 rights", "PRES3-066")
def rights_of_own(document):
    """rights is a page of the publisher's own, and no extension is named that could define it."""
    if isinstance(document.get("@context"), str):
        yield from (node.put("rights", "https://example.org/copyright.html") for node in described(document, "Manifest", "Collection"))


@breaks("3.1 rights", "PRES3-066")
def rights_as_page(document):
    """rights is the page of a rights statement, not its URI."""
    yield from (node.put("rights", "https://rightsstatements.org/page/InC/1.0/?language=en") for node in described(document, "Manifest"))


@breaks("3.1 rights", "PRES3-066", "PRES3-016")
def rights_as_list(document):
    """rights is a list."""
    yield from (node.put("rights", ["http://creativecommons.org/licenses/by/4.0/"]) for node in described(document, "Manifest", "Collection"))


@breaks("3.1 provider", "PRES3-067")
def provider_without_label(document):
    """A provider has no label."""
    yield from (node.drop("label") for node in linked(document, "provider"))


@breaks("3.1 provider", "PRES3-067")
def provider_of_other_type(document):
    """A provider is an Organization, not an Agent."""
    yield from (node.put("type", "Organization") for node in linked(document, "provider"))


@breaks("3.3.1 logo", "PRES3-068")
def logo_of_other_type(document):
    """A logo is no Image."""
    yield from (node.put("type", "Logo") for node in linked(document, "logo"))


@breaks("3.3.1 logo", "PRES3-068")
def logo_without_id(document):
    """A logo has no id."""
    yield from (node.drop("id") for node in linked(document, "logo"))


@breaks("3.1 thumbnail", "PRES3-069", "PRES3-017")
def thumbnail_as_string(document):
    """A thumbnail is a bare URI, as in version 2."""
    yield from (node.put("thumbnail", "https://example.org/thumbnail.jpg") for node in described(document, *DESCRIBED))


@breaks("3.1 thumbnail", "PRES3-069")
def thumbnail_without_type(document):
    """A thumbnail has no type."""
    yield from (node.drop("type") for node in linked(document, "thumbnail"))


@breaks("3.1 navDate", "PRES3-070")
def date_without_zone(document):
    """navDate has no time zone."""
    yield from (node.put("navDate", "1856-01-01T00:00:00") for node in described(document, *DESCRIBED))


@breaks("3.1 navDate", "PRES3-070")
def date_of_year(document):
    """navDate is a year."""
    yield from (node.put("navDate", "1856") for node in described(document, *DESCRIBED))


@breaks("3.1 navDate", "PRES3-070")
def date_of_no_calendar(document):
    """navDate is the 31st of February."""
    yield from (node.put("navDate", "1856-02-31T00:00:00Z") for node in described(document, *DESCRIBED))


@breaks("3.1 navDate", "PRES3-070")
def date_on_annotation(document):
    """An Annotation has a navDate."""
    yield from (node.put("navDate", "1856-01-01T00:00:00Z") for node in annotations(document))


@breaks("3.3.1 homepage", "PRES3-071")
def homepage_without_label(document):
    """A homepage has no label."""
    yield from (node.drop("label") for node in linked(document, "homepage"))


@breaks("3.3.1 homepage", "PRES3-071", "PRES3-016")
def homepage_as_object(document):
    """homepage is one object, not a list."""
    yield from (node.up.put("homepage", node.value) for node in linked(document, "homepage"))


@breaks("3.3.1 rendering", "PRES3-072")
def rendering_without_label(document):
    """A rendering has no label."""
    yield from (node.drop("label") for node in linked(document, "rendering"))


@breaks("3.3.1 seeAlso", "PRES3-073")
def see_also_without_type(document):
    """A seeAlso has no type."""
    yield from (node.drop("type") for node in linked(document, "seeAlso"))


@breaks("3.3.2 partOf", "PRES3-074", "PRES3-017")
def part_of_string(document):
    """partOf is a bare URI."""
    yield from (node.put("partOf", "https://example.org/collection") for node in described(document, "Manifest", "Canvas"))


@breaks("3.3.2 partOf", "PRES3-074")
def part_without_type(document):
    """An entry of partOf has no type."""
    yield from (node.put("partOf", [{"id": "https://example.org/collection"}]) for node in described(document, "Manifest", "Collection"))


@breaks("3.3.1 service", "PRES3-075", "PRES3-016")
def service_as_object(document):
    """service is one object, not a list."""
    yield from (node.up.put("service", node.value) for node in linked(document, "service"))


@breaks("3.3.1 service", "PRES3-075")
def service_without_type(document):
    """A service has no type."""
    yield from (node.drop("@type" if node.has("@type") else "type") for node in linked(document, "service") if node.type)


@breaks("3.3.1 service", "PRES3-075")
def service_without_id(document):
    """A service has no id."""
    for node in linked(document, "service"):
        if node.has("id") != node.has("@id"):
            yield node.drop("id" if node.has("id") else "@id")


@breaks("Image API 3.0, 5.2", "PRES3-075", "IMG3-122")
def service_of_no_level(document):
    """An image service of version 3 has a profile that is no level."""
    yield from (node.put("profile", "level7") for node in linked(document, "service") if node.type == "ImageService3")


@breaks("3.3.2 start", "PRES3-077")
def start_without_type(document):
    """start has no type."""
    yield from (node.drop("type") for node in nodes(document) if node.key == "start")


@breaks("3.3.2 start", "PRES3-077")
def start_at_manifest(document):
    """start is a Manifest."""
    for node in described(document, "Manifest"):
        if node.has("items"):
            yield node.put("start", {"id": node.get("id"), "type": "Manifest"})


@breaks("3.3.2 start", "PRES3-077")
def start_on_canvas(document):
    """A Canvas has start."""
    yield from (node.put("start", {"id": node.get("id"), "type": "Canvas"}) for node in canvases(document))


@breaks("3.3.2 supplementary", "PRES3-078")
def supplementary_page(document):
    """The supplementary of a Range is an Annotation Page."""
    for node in described(document, "Range"):
        yield node.put("supplementary", {"id": "https://example.org/annotations/1", "type": "AnnotationPage"})


@breaks("3.2 behavior", "PRES3-079", "PRES3-016")
def behavior_as_string(document):
    """behavior is a string."""
    yield from (node.put("behavior", "paged") for node in described(document, "Manifest"))


@breaks("3.2 behavior", "PRES3-079")
def behavior_disjoint(document):
    """A Manifest is paged and continuous."""
    yield from (node.put("behavior", ["paged", "continuous"]) for node in described(document, "Manifest") if node.has("items"))


@breaks("3.2 behavior", "PRES3-079")
def behavior_of_collection(document):
    """A Manifest has the behavior multi-part, which only Collections have."""
    yield from (node.put("behavior", ["multi-part"]) for node in described(document, "Manifest") if node.has("items"))


@breaks("3.2 behavior", "PRES3-079")
def behavior_of_canvas(document):
    """A Manifest has the behavior facing-pages, which only Canvases have."""
    yield from (node.put("behavior", ["facing-pages"]) for node in described(document, "Manifest") if node.has("items"))


@breaks("3.2 behavior", "PRES3-080")
def thumbnails_missing(document):
    """The Ranges in a Range of thumbnails have none."""
    for node in described(document, "Range"):
        inside = [item for item in node.get("items") or [] if isinstance(item, dict) and item.get("type") == "Range"]
        if inside and not any("thumbnail" in item for item in inside):
            yield node.put("behavior", ["thumbnail-nav"], node.at("items"))


@breaks("3.2 viewingDirection", "PRES3-081")
def direction_as_list(document):
    """viewingDirection is a list."""
    yield from (node.put("viewingDirection", ["right-to-left"]) for node in described(document, "Manifest"))


@breaks("3.2 viewingDirection", "PRES3-081")
def direction_on_canvas(document):
    """A Canvas has a viewingDirection."""
    yield from (node.put("viewingDirection", "right-to-left") for node in canvases(document))


@breaks("3.2 width", "PRES3-083")
def width_on_manifest(document):
    """A Manifest has a width and a height."""
    for node in described(document, "Manifest"):
        if node.has("items"):
            yield Edit(node.at("width"), ((node.at("width"), 100), (node.at("height"), 100)), (node.at("height"),))


@breaks("3.2 duration", "PRES3-083")
def duration_on_manifest(document):
    """A Manifest has a duration."""
    yield from (node.put("duration", 12.5) for node in described(document, "Manifest") if node.has("items"))


@breaks("3.2 language", "PRES3-083")
def language_as_string(document):
    """The language of a page about the resource is a string."""
    for node in of(document, "Text", "Image", "Sound", "Video", "Dataset"):  # in bodies the official schema asks for a string
        if node.key in ("homepage", "rendering", "seeAlso") and isinstance(node.get("language"), list):
            yield node.put("language", node.get("language")[0])


@breaks("3.2 language", "PRES3-083")
def language_on_canvas(document):
    """A Canvas has a language."""
    yield from (node.put("language", ["en"]) for node in canvases(document))


@breaks("3.2 format", "PRES3-083")
def format_on_canvas(document):
    """A Canvas has a format."""
    yield from (node.put("format", "image/jpeg") for node in canvases(document))


@breaks("4.6", "PRES3-012")
def context_missing(document):
    """The document has no @context."""
    yield Node(document).drop("@context")


@breaks("4.6", "PRES3-012")
def context_inside(document):
    """A Canvas in a Manifest has the context once more."""
    yield from (node.put("@context", "http://iiif.io/api/presentation/3/context.json") for node in canvases(document) if node.up)


@breaks("4.6", "PRES3-013", "PRES3-012")
def context_before_extension(document):
    """The context of an extension comes after the IIIF one."""
    yield Node(document).put("@context", ["http://iiif.io/api/presentation/3/context.json", "https://example.org/extension/context.json"])


@breaks("4.6", "PRES3-014")
def graph_at_top(document):
    """The document is wrapped in @graph."""
    top = Node(document)
    inside = {key: value for key, value in document.items() if key != "@context"}
    yield Edit(("@graph",), (*((top.at(key), GONE) for key in inside), (("@graph",), [inside])))


@breaks("4.8", "PRES3-018")
def id_of_version_2(document):
    """A Canvas has @id and @type, as in version 2."""
    for node in canvases(document):
        if node.has("id"):
            edit = node.rename("id", "@id")
            more = node.rename("type", "@type")
            yield Edit(edit.where, edit.changes + more.changes, (node.path, *edit.also, *more.also))


@breaks("5.7", "PRES3-083")
def height_as_list(document):
    """The height of what is painted is a list."""
    yield from (body.put("height", [body.get("height")]) for body, _, _ in bodies(document) if body.has("height"))
