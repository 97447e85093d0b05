"""Reads Presentation 3 documents and says what is wrong: `complaints(document)` gives (requirement, place, sentence).

Only what can be seen in the document itself; what needs a request is in the tests that call this. The ids are those of
conformance/requirements.tsv; support/walk3 is itself tested by conformance/test_walkers.py, with one broken document for each id.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from urllib.parse import urlsplit

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
IMAGE_SERVICES = {"ImageService1", "ImageService2", "ImageService3"}
RIGHTS = re.compile(r"^http://(creativecommons\.org/(licenses|publicdomain)/\S+|rightsstatements\.org/vocab/\S+)$")
LANGUAGE = re.compile(r"^(none|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*|x-[A-Za-z0-9-]+)$")
DATE = re.compile(r"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
URI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$")
VIEWING = {"left-to-right", "right-to-left", "top-to-bottom", "bottom-to-top"}
LINKS = ("homepage", "rendering", "seeAlso", "partOf", "thumbnail", "provider", "logo", "service", "services", "annotations", "items", "structures", "start",
         "placeholderCanvas", "accompanyingCanvas", "supplementary")
PLURAL = ("behavior", "metadata", "homepage", "rendering", "seeAlso", "partOf", "thumbnail", "provider", "logo", "service", "services", "annotations", "items",
          "structures", "language")
TYPES = {"Collection", "Manifest", "Canvas", "Range", "AnnotationPage", "AnnotationCollection", "Annotation", "Agent", "Image", "Video", "Sound", "Text", "Dataset",
         "Model", "Choice", "SpecificResource", "TextualBody", "FragmentSelector", "PointSelector", "SvgSelector", "ImageApiSelector", "AnnotationBody"}
STRUCTURAL = {"Collection", "Manifest", "Canvas", "Range"}
CONTENT = {"Image", "Video", "Sound", "Text", "Dataset", "Model"}
BEHAVIOR = {
    "auto-advance": {"Collection", "Manifest", "Canvas", "Range"}, "no-auto-advance": {"Collection", "Manifest", "Canvas", "Range"},
    "repeat": {"Collection", "Manifest"}, "no-repeat": {"Collection", "Manifest"},
    "continuous": {"Collection", "Manifest", "Range"}, "individuals": {"Collection", "Manifest", "Range"}, "paged": {"Collection", "Manifest", "Range"},
    "unordered": {"Collection", "Manifest", "Range"}, "facing-pages": {"Canvas"}, "non-paged": {"Canvas"}, "multi-part": {"Collection"},
    "together": {"Collection"}, "sequence": {"Range"}, "thumbnail-nav": {"Range"}, "no-nav": {"Range"},
    "hidden": {"AnnotationCollection", "AnnotationPage", "Annotation", "SpecificResource", "Choice"},
}
DISJOINT = [{"auto-advance", "no-auto-advance"}, {"repeat", "no-repeat"}, {"unordered", "individuals", "continuous", "paged"}, {"facing-pages", "non-paged"},
            {"multi-part", "together"}, {"sequence", "thumbnail-nav", "no-nav"}]
# Property -> types on which it may stand.
ALLOWED = {"navDate": STRUCTURAL, "viewingDirection": {"Collection", "Manifest", "Range"}, "start": {"Manifest", "Range"}, "structures": {"Manifest"},
           "supplementary": {"Range"}, "services": {"Collection", "Manifest"}, "timeMode": {"Annotation"}, "placeholderCanvas": STRUCTURAL,
           "accompanyingCanvas": STRUCTURAL, "logo": {"Agent"}}
WHERE = {"navDate": "PRES3-070", "viewingDirection": "PRES3-081", "start": "PRES3-077", "structures": "PRES3-050", "supplementary": "PRES3-078",
         "services": "PRES3-076", "timeMode": "PRES3-082", "placeholderCanvas": "PRES3-054", "accompanyingCanvas": "PRES3-054", "logo": "PRES3-068"}

Complaint = tuple[str, str, str]


def walk(node, place: str = "$") -> Iterator[tuple[dict, str]]:
    """Every object of a document with its place; services and GeoJSON are not entered."""
    if isinstance(node, dict):
        yield node, place
        for key, value in node.items():
            if key not in ("service", "services", "navPlace", "@context"):
                yield from walk(value, f"{place}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, f"{place}[{index}]")


def language_map(value) -> bool:
    return (isinstance(value, dict) and bool(value) and all(LANGUAGE.match(key) for key in value)
            and all(isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts) for texts in value.values()))


def texts_of(value) -> list[str]:
    return [text for texts in value.values() for text in texts] if language_map(value) else []


def complaints(document: dict) -> list[Complaint]:
    found: list[Complaint] = []
    found += check_top(document)
    for node, place in walk(document):
        kind = node.get("type")
        if kind is None:
            found += check_untyped(node, place)
            continue
        if not isinstance(kind, str):
            found.append(("PRES3-030", place, "type is one string"))
            continue
        for check in (check_node, check_labels, check_links, check_placement, check_behavior, check_services):
            found += check(node, place)
        specific = {"Collection": check_collection, "Manifest": check_manifest, "Canvas": check_canvas, "Annotation": check_annotation,
                    "AnnotationPage": check_page, "Range": check_range, "Agent": check_agent, "AnnotationCollection": check_annotation_collection}.get(kind)
        if specific:
            found += specific(node, place)
        if kind in CONTENT:
            found += check_content(node, place)
    found += check_annotations_in_place(document)
    return found


def check_top(document: dict) -> Iterator[Complaint]:
    context = document.get("@context")
    contexts = context if isinstance(context, list) else [context]
    if CONTEXT not in contexts or next(iter(document), None) != "@context":
        yield "PRES3-012", "$", "@context is the first key and names the v3 context"
    elif contexts[-1] != CONTEXT:
        yield "PRES3-013", "$.@context", "extension contexts come before the IIIF one"
    if "@graph" in document:
        yield "PRES3-014", "$", "@graph stands at the top"
    for node, place in walk(document):
        if place != "$" and "@context" in node:
            yield "PRES3-012", place, "@context stands below the top"
        for key in node:
            if key.startswith("@") and not (key == "@context" and place == "$"):
                yield "PRES3-018", place, f"key {key}"


def check_untyped(node: dict, place: str) -> Iterator[Complaint]:
    last = place.rsplit(".", 1)[-1].split("[")[0]
    if last in LINKS or last in ("body", "target", "source"):
        yield "PRES3-017", place, "a linked resource without type"


def check_node(node: dict, place: str) -> Iterator[Complaint]:
    kind = node["type"]
    if kind not in TYPES:
        yield "PRES3-015", place, f"unknown type {kind}"
    identifier = node.get("id")
    if kind in STRUCTURAL | CONTENT | {"Annotation", "AnnotationPage", "AnnotationCollection", "Agent"}:
        if not isinstance(identifier, str) or not identifier:
            yield ("PRES3-055" if kind in CONTENT else "PRES3-030"), place, f"{kind} without id"
    if isinstance(identifier, str):
        if not URI.match(identifier):
            yield "PRES3-011", place, f"{identifier} is no URI"
        if kind in ("Manifest", "Collection", "Canvas", "Range", "AnnotationPage", "Annotation") and not identifier.startswith(("http://", "https://")):
            yield {"Canvas": "PRES3-037", "AnnotationPage": "PRES3-046", "Annotation": "PRES3-045"}.get(kind, "PRES3-010"), place, f"{identifier} is not http(s)"
        elif urlsplit(identifier).query or (urlsplit(identifier).fragment and kind in ("Manifest", "Collection")):
            yield "PRES3-010", place, f"{identifier} has a query or fragment"
    for name in PLURAL:
        if name == "language" and node.get("type") == "TextualBody":
            continue  # Web Annotation has one or many, and the cookbook one
        if name in node and not isinstance(node[name], list):
            yield "PRES3-016", f"{place}.{name}", "is an array even with one value"
        elif name in node and node[name] == [] and name != "items":
            yield "PRES3-016", f"{place}.{name}", "an empty array is left out"


def check_labels(node: dict, place: str) -> Iterator[Complaint]:
    for name in ("label", "summary"):
        if name in node and not (language_map(node[name]) or (node["type"] == "AnnotationCollection" and name == "label")):
            yield "PRES3-060", f"{place}.{name}", "is no language map"
    pairs = [(f"{place}.metadata[{i}]", entry) for i, entry in enumerate(node.get("metadata") or []) if isinstance(entry, dict)]
    if "requiredStatement" in node:
        pairs.append((f"{place}.requiredStatement", node["requiredStatement"]))
    for where, entry in pairs:
        if "label" not in entry or "value" not in entry:
            yield ("PRES3-065" if "requiredStatement" in where else "PRES3-060"), where, "label and value belong together"
            continue
        for part in ("label", "value"):
            if not language_map(entry[part]):
                yield "PRES3-060", f"{where}.{part}", "is no language map"
        yield from plain(texts_of(entry["label"]), f"{where}.label")
        yield from markup(texts_of(entry["value"]), f"{where}.value")
    yield from plain(texts_of(node.get("label")), f"{place}.label")
    yield from markup(texts_of(node.get("summary")), f"{place}.summary")
    if "rights" in node and not (isinstance(node["rights"], str) and RIGHTS.match(node["rights"])):
        yield "PRES3-066", f"{place}.rights", f"{node['rights']}"


def plain(texts: list[str], place: str) -> Iterator[Complaint]:
    for text in texts:
        if text.startswith("<") and text.endswith(">") or re.search(r"</[a-z]+>", text):
            yield "PRES3-061", place, f"markup in {text!r}"


def markup(texts: list[str], place: str) -> Iterator[Complaint]:
    for text in texts:
        if not (text.startswith("<") and text.endswith(">")):
            if text != text.rstrip(" ") and not text.lstrip().startswith("<"):
                yield "PRES3-062", place, "white space at the end"
            continue
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            yield "PRES3-062", place, f"{text!r} is no XML: {error}"
            continue
        for element in root.iter():
            hrefs = [value for name, value in element.attrib.items() if name in ("href", "src")]
            if element.tag.lower() in ("script", "style", "object", "form", "input") or any(name.lower().startswith("on") for name in element.attrib) \
                    or any(not value.lower().startswith(("http:", "https:", "mailto:")) for value in hrefs):
                yield "PRES3-064", place, f"unsafe markup in {text!r}"


def check_links(node: dict, place: str) -> Iterator[Complaint]:
    kind = node["type"]
    for name in ("homepage", "rendering", "seeAlso", "partOf", "thumbnail"):
        for index, link in enumerate(node.get(name) or []):
            where = f"{place}.{name}[{index}]"
            number = {"homepage": "PRES3-071", "rendering": "PRES3-072", "seeAlso": "PRES3-073", "partOf": "PRES3-074", "thumbnail": "PRES3-069"}[name]
            if not isinstance(link, dict):
                yield "PRES3-017", where, "is no object"
                continue
            if not link.get("id") or not link.get("type"):
                yield number, where, "needs id and type"
            if name in ("homepage", "rendering") and not language_map(link.get("label")):
                yield number, where, "needs a label"
            if name == "thumbnail" and link.get("type") == "Image" and not (link.get("format") and link.get("width") and link.get("height")):
                yield number, where, "should have format, width and height"
            if name == "homepage" and not link.get("format"):
                yield number, where, "should have a format"
    if "navDate" in node and not DATE.match(str(node["navDate"])):
        yield "PRES3-070", f"{place}.navDate", f"{node['navDate']}"
    if "viewingDirection" in node and node["viewingDirection"] not in VIEWING:
        yield "PRES3-081", f"{place}.viewingDirection", f"{node['viewingDirection']}"
    if "start" in node and not (isinstance(node["start"], dict) and node["start"].get("id") and node["start"].get("type") in ("Canvas", "SpecificResource")):
        yield "PRES3-077", f"{place}.start", "is a Canvas or SpecificResource with id and type"
    if "supplementary" in node and not (isinstance(node["supplementary"], dict) and node["supplementary"].get("type") == "AnnotationCollection"):
        yield "PRES3-078", f"{place}.supplementary", "is an AnnotationCollection"
    if "timeMode" in node and node["timeMode"] not in ("trim", "scale", "loop"):
        yield "PRES3-082", f"{place}.timeMode", f"{node['timeMode']}"
    for name in ("placeholderCanvas", "accompanyingCanvas"):
        inner = node.get(name)
        if inner is not None and (not isinstance(inner, dict) or inner.get("type") != "Canvas" or not inner.get("id")
                                  or "placeholderCanvas" in inner or "accompanyingCanvas" in inner):
            yield "PRES3-054", f"{place}.{name}", "is a Canvas that holds neither again"


def check_placement(node: dict, place: str) -> Iterator[Complaint]:
    kind = node["type"]
    for name, types in ALLOWED.items():
        if name in node and kind not in types:
            yield WHERE[name], place, f"{name} on {kind}"
    if kind in STRUCTURAL and kind != "Canvas":
        for name in ("width", "height", "duration", "format", "language"):
            if name in node:
                yield "PRES3-083", place, f"{name} on {kind}"
    if kind == "Canvas" and ("format" in node or "language" in node):
        yield "PRES3-083", place, "format or language on a Canvas"


def check_behavior(node: dict, place: str) -> Iterator[Complaint]:
    values = node.get("behavior") or []
    if not isinstance(values, list):
        return
    for value in values:
        if node["type"] not in BEHAVIOR.get(value, set()):
            yield "PRES3-079", f"{place}.behavior", f"{value} on {node['type']}"
    for group in DISJOINT:
        if len(group & set(values)) > 1:
            yield "PRES3-079", f"{place}.behavior", f"{values} exclude each other"
    if "sequence" in values and not re.fullmatch(r"\$\.structures\[\d+\]", place):
        yield "PRES3-052", place, "a sequence Range stands directly in structures"
    if "thumbnail-nav" in values and any(item.get("type") == "Range" and not item.get("thumbnail") for item in node.get("items", [])):
        yield "PRES3-080", place, "child Ranges of thumbnail-nav have thumbnails"


def check_services(node: dict, place: str) -> Iterator[Complaint]:
    for name in ("service", "services"):
        for index, service in enumerate(node.get(name) or []):
            where = f"{place}.{name}[{index}]"
            if not isinstance(service, dict):
                yield "PRES3-075", where, "is no object"
                continue
            new, old = "id" in service and "type" in service, "@id" in service and "@type" in service
            if new == old or (new and ("@id" in service or "@type" in service)) or (old and ("id" in service or "type" in service)):
                yield "PRES3-075", where, "either id and type or @id and @type"
            if "@context" in service:
                yield "PRES3-075", where, "@context inside a service"
            kind = service.get("type") or service.get("@type")
            if kind in ("ImageService1", "ImageService2") and not old:
                yield "PRES3-075", where, f"{kind} has @id and @type"
            if kind in IMAGE_SERVICES and not service.get("profile"):
                yield "PRES3-075", where, "an image service says its profile"


def check_collection(node: dict, place: str) -> Iterator[Complaint]:
    if ".partOf[" in place:
        return  # a reference needs id and type alone
    if not language_map(node.get("label")):
        yield "PRES3-031", place, "Collection without label"
    embedded = place == "$" or "items" in node
    if embedded and not isinstance(node.get("items"), list):
        yield "PRES3-031", place, "Collection without items"
    for index, item in enumerate(node.get("items") or []):
        where = f"{place}.items[{index}]"
        if not isinstance(item, dict) or item.get("type") not in ("Collection", "Manifest") or not item.get("id"):
            yield "PRES3-034", where, "is no Collection or Manifest with an id"
            continue
        if not language_map(item.get("label")):
            yield ("PRES3-036" if item.get("label") else "PRES3-034"), where, "needs a language map as label"
        if item["type"] == "Manifest" and "items" in item:
            yield "PRES3-035", where, "an embedded Manifest"


def check_manifest(node: dict, place: str) -> Iterator[Complaint]:
    if place != "$":
        return
    if not language_map(node.get("label")):
        yield "PRES3-032", place, "Manifest without label"
    items = node.get("items")
    if not isinstance(items, list) or not items or any(not isinstance(item, dict) or item.get("type") != "Canvas" for item in items):
        yield "PRES3-032", place, "Manifest needs at least one Canvas and nothing else"
    names = [item.get("id") for item in items or [] if isinstance(item, dict)]
    if len(names) != len(set(names)):
        yield "PRES3-037", place, "two Canvases have one id"


def positive_integer(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def check_canvas(node: dict, place: str) -> Iterator[Complaint]:
    if "#" in str(node.get("id", "")):
        yield "PRES3-037", place, "Canvas id with a fragment"
    reference = "items" not in node and not re.fullmatch(r"\$\.items\[\d+\]|\$", place)
    if reference:
        return
    sides = [name in node for name in ("width", "height")]
    if sides[0] != sides[1] or not (sides[0] or "duration" in node):
        yield "PRES3-038", place, "width and height together, or a duration"
    for name in ("width", "height"):
        if name in node and not positive_integer(node[name]):
            yield "PRES3-038", f"{place}.{name}", f"{node[name]!r}"
    if "duration" in node and not (isinstance(node["duration"], (int, float)) and node["duration"] > 0):
        yield "PRES3-038", f"{place}.duration", f"{node['duration']!r}"
    if not node.get("label"):
        yield "PRES3-039", place, "a Canvas should have a label"
    for index, page in enumerate(node.get("items") or []):
        where = f"{place}.items[{index}]"
        if not isinstance(page, dict) or page.get("type") != "AnnotationPage":
            yield "PRES3-040", where, "Canvas items are AnnotationPages"
            continue
        for number, annotation in enumerate(page.get("items") or []):
            if motivations(annotation) != {"painting"}:
                yield "PRES3-040", f"{where}.items[{number}]", "only painting Annotations stand in items"
            else:
                yield from check_painting(annotation, node, f"{where}.items[{number}]")


def motivations(annotation: dict) -> set[str]:
    value = annotation.get("motivation")
    return set(value) if isinstance(value, list) else {value}


def target_of(annotation: dict) -> str:
    target = annotation.get("target")
    if isinstance(target, list):
        target = target[0] if target else None
    if isinstance(target, dict):
        source = target.get("source", target.get("id"))
        return str(source.get("id") if isinstance(source, dict) else source)
    return str(target)


def check_painting(annotation: dict, canvas: dict, place: str) -> Iterator[Complaint]:
    target = target_of(annotation)
    base, _, fragment = target.partition("#")
    if base != canvas.get("id"):
        yield "PRES3-042", place, f"paints {base}, not its Canvas"
    match = re.search(r"xywh=([\d.]+),([\d.]+),([\d.]+),([\d.]+)", fragment)
    if match and positive_integer(canvas.get("width")) and positive_integer(canvas.get("height")):
        x, y, w, h = map(float, match.groups())
        if x + w > canvas["width"] or y + h > canvas["height"] or w <= 0 or h <= 0:
            yield "PRES3-043", place, f"{fragment} is outside the Canvas"
    for body in bodies_of(annotation):
        if body.get("type") in ("Video", "Sound") and "duration" not in canvas:
            yield "PRES3-044", place, f"{body['type']} on a Canvas without duration"
        if body.get("type") in ("Image", "Video") and "width" not in canvas:
            yield "PRES3-044", place, f"{body['type']} on a Canvas without extent"


def bodies_of(annotation: dict) -> list[dict]:
    value = annotation.get("body")
    bodies = value if isinstance(value, list) else [value]
    found = []
    for body in bodies:
        if isinstance(body, dict):
            found += body.get("items", []) if body.get("type") == "Choice" else [body]
    return found


def check_annotation(node: dict, place: str) -> Iterator[Complaint]:
    if not node.get("motivation") or "target" not in node:
        yield "PRES3-045", place, "an Annotation has motivation and target"
    for body in bodies_of(node):
        if isinstance(node.get("body"), dict) and node["body"].get("type") == "Choice" and not language_map(body.get("label")):
            yield "PRES3-089", f"{place}.body", "each option of a Choice should have a label"


def check_page(node: dict, place: str) -> Iterator[Complaint]:
    embedded = re.search(r"\.items\[\d+\]$", place) or place == "$"
    if embedded and not isinstance(node.get("items"), list):
        yield "PRES3-046", place, "an embedded AnnotationPage has items"


def check_annotations_in_place(document: dict) -> Iterator[Complaint]:
    for node, place in walk(document):
        for index, page in enumerate(node.get("annotations") or []):
            where = f"{place}.annotations[{index}]"
            if not isinstance(page, dict) or page.get("type") != "AnnotationPage":
                yield "PRES3-041", where, "annotations holds AnnotationPages"
                continue
            for annotation in page.get("items") or []:
                if "painting" in motivations(annotation):
                    yield "PRES3-084", where, "painting stands in items"
                targets = {n.get("id") for n, _ in walk(node) if n.get("type") in ("Canvas", node.get("type"))}
                if target_of(annotation).split("#")[0] not in targets:
                    yield "PRES3-086", where, f"targets {target_of(annotation)}"


def check_content(node: dict, place: str) -> Iterator[Complaint]:
    services = {(s.get("id") or s.get("@id")) for s in node.get("service") or [] if isinstance(s, dict)}
    if node.get("id") in services:
        yield "PRES3-048", place, "the id of a picture is not that of its service"
    if ".body" in place and node["type"] == "Image" and not node.get("format"):
        yield "PRES3-047", place, "content should have a format"
    for name in ("width", "height"):
        if name in node and not positive_integer(node[name]):
            yield "PRES3-083", f"{place}.{name}", f"{node[name]!r}"


def check_range(node: dict, place: str) -> Iterator[Complaint]:
    if "items" not in node and re.fullmatch(r"\$\.structures\[\d+\]", place):
        return  # a referenced Range
    items = node.get("items")
    if not isinstance(items, list) or not items:
        yield "PRES3-050", place, "a Range has items"
        return
    for index, item in enumerate(items):
        if not isinstance(item, dict) or item.get("type") not in ("Range", "Canvas", "SpecificResource") or not item.get("id"):
            yield "PRES3-050", f"{place}.items[{index}]", "is a Range, Canvas or SpecificResource with id and type"


def check_agent(node: dict, place: str) -> Iterator[Complaint]:
    if not language_map(node.get("label")) or not node.get("id"):
        yield "PRES3-067", place, "an Agent has id and label"
    for index, logo in enumerate(node.get("logo") or []):
        if not isinstance(logo, dict) or logo.get("type") != "Image" or not logo.get("id"):
            yield "PRES3-068", f"{place}.logo[{index}]", "is an Image with an id"


def check_annotation_collection(node: dict, place: str) -> Iterator[Complaint]:
    if not language_map(node.get("label")):
        yield "PRES3-053", place, "an AnnotationCollection should have a language map as label"
