"""Reads Presentation 2.1 documents and says what is wrong: `complaints(document)` gives (requirement, place, sentence)."""

from __future__ import annotations

import re
from collections.abc import Iterator

CONTEXT = "http://iiif.io/api/presentation/2/context.json"
LABELLED = {"sc:Collection", "sc:Manifest", "sc:Canvas", "sc:Range", "sc:Layer"}
HINTS = {"individuals": {"sc:Collection", "sc:Manifest", "sc:Sequence", "sc:Range"}, "paged": {"sc:Collection", "sc:Manifest", "sc:Sequence", "sc:Range"},
         "continuous": {"sc:Collection", "sc:Manifest", "sc:Sequence", "sc:Range"}, "multi-part": {"sc:Collection"}, "non-paged": {"sc:Canvas"},
         "top": {"sc:Range"}, "facing-pages": {"sc:Canvas"}}
VIEWING = {"left-to-right", "right-to-left", "top-to-bottom", "bottom-to-top"}
Complaint = tuple[str, str, str]


def walk(node, place: str = "$") -> Iterator[tuple[dict, str]]:
    """Every object with its place; services are not entered."""
    if isinstance(node, dict):
        yield node, place
        for key, value in node.items():
            if key != "service":
                yield from walk(value, f"{place}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, f"{place}[{index}]")


def as_list(value) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def text_value(value) -> bool:
    """A string, an object with @value, or an array of these."""
    return all(isinstance(one, str) or (isinstance(one, dict) and isinstance(one.get("@value"), str) and set(one) <= {"@value", "@language", "@type"})
               for one in as_list(value)) and value not in (None, [], "")


def strings(value) -> list[str]:
    return [one if isinstance(one, str) else one.get("@value", "") for one in as_list(value) if isinstance(one, (str, dict))]


def complaints(document: dict) -> list[Complaint]:
    found: list[Complaint] = []
    if document.get("@context") != CONTEXT:
        found.append(("PRES2-001", "$", "@context is the v2 context"))
    for node, place in walk(document):
        if place != "$" and "@context" in node:
            found.append(("PRES2-001", place, "@context below the top"))
        kind = node.get("@type")
        if kind:
            for check in (check_common, check_hints):
                found += check(node, kind, place)
            specific = {"sc:Manifest": check_manifest, "sc:Canvas": check_canvas, "sc:Range": check_range, "sc:Collection": check_collection}.get(kind)
            if specific:
                found += specific(node, place)
    return found


def check_common(node: dict, kind: str, place: str) -> Iterator[Complaint]:
    if kind in LABELLED:
        if not isinstance(node.get("@id"), str) or not node["@id"].startswith("http"):
            yield "PRES2-002", place, f"{kind} without @id"
        reference = kind in ("sc:Canvas", "sc:Collection", "sc:Manifest") and re.search(r"\.(within|start)\b", place)
        if not text_value(node.get("label")) and not reference:
            yield ("PRES2-004" if kind == "sc:Canvas" else "PRES2-002"), place, f"{kind} without label"
    for text in strings(node.get("label")):
        if re.search(r"</[a-z]+>", text):
            yield "PRES2-016", place, f"markup in the label {text!r}"
    for index, pair in enumerate(as_list(node.get("metadata"))):
        if not isinstance(pair, dict) or not text_value(pair.get("label")) or not text_value(pair.get("value")):
            yield "PRES2-009", f"{place}.metadata[{index}]", "label and value, languages as @value and @language"
    if "navDate" in node and not re.fullmatch(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(node["navDate"])):
        yield "PRES2-010", place, f"navDate {node['navDate']}"
    for service in as_list(node.get("service")):
        if not isinstance(service, dict) or "@context" not in service or not service.get("@id"):
            yield "PRES2-007", place, "a service has @context and @id"


def check_hints(node: dict, kind: str, place: str) -> Iterator[Complaint]:
    hint = node.get("viewingHint")
    if hint is not None and kind.startswith("sc:") and kind not in HINTS.get(hint, set()):
        yield "PRES2-011", place, f"viewingHint {hint} on {kind}"
    if "viewingDirection" in node and node["viewingDirection"] not in VIEWING:
        yield "PRES2-011", place, f"viewingDirection {node['viewingDirection']}"


def check_manifest(node: dict, place: str) -> Iterator[Complaint]:
    if place != "$":
        return
    sequences = node.get("sequences")
    if not isinstance(sequences, list) or not sequences or not isinstance(sequences[0], dict) or not sequences[0].get("canvases"):
        yield "PRES2-003", place, "the first sequence is embedded and has a canvas"
        return
    for index, sequence in enumerate(sequences[1:], 1):
        if not isinstance(sequence, dict) or "canvases" in sequence or not text_value(sequence.get("label")):
            yield "PRES2-003", f"{place}.sequences[{index}]", "further sequences are referenced, with a label"


def positive_integer(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def check_canvas(node: dict, place: str) -> Iterator[Complaint]:
    if ".members[" in place and set(node) <= {"@id", "@type", "label"}:
        return  # named by a Range
    if not (positive_integer(node.get("width")) and positive_integer(node.get("height"))):
        yield "PRES2-004", place, "width and height are positive integers"
    for index, image in enumerate(as_list(node.get("images"))):
        resource = image.get("resource") or {}
        if image.get("@type") != "oa:Annotation" or image.get("motivation") != "sc:painting" or str(image.get("on")).split("#xywh=")[0] != node.get("@id") \
                or not (resource.get("@id") or resource.get("default")):
            yield "PRES2-006", f"{place}.images[{index}]", "an oa:Annotation that paints its own canvas"
    for index, other in enumerate(as_list(node.get("otherContent"))):
        if not isinstance(other, dict) or other.get("@type") != "sc:AnnotationList" or "resources" in other or not str(other.get("@id", "")).startswith("http"):
            yield "PRES2-008", f"{place}.otherContent[{index}]", "a reference to a sc:AnnotationList"


def check_range(node: dict, place: str) -> Iterator[Complaint]:
    for name in ("canvases", "ranges"):
        if any(not isinstance(one, str) for one in as_list(node.get(name))):
            yield "PRES2-012", f"{place}.{name}", "children are named by URI"
    for member in as_list(node.get("members")):
        if not (isinstance(member, dict) and member.get("@id") and member.get("@type") and text_value(member.get("label"))):
            yield "PRES2-012", f"{place}.members", "members have @id, @type and label"


def check_collection(node: dict, place: str) -> Iterator[Complaint]:
    for name in ("manifests", "collections", "members"):
        for index, member in enumerate(as_list(node.get(name))):
            if not (isinstance(member, dict) and member.get("@id") and member.get("@type") and text_value(member.get("label"))):
                yield "PRES2-013", f"{place}.{name}[{index}]", "members have @id, @type and label"
