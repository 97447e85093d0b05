"""Change Discovery 1.0: the collection of a stream, its pages, its activities."""

from __future__ import annotations

from ..model import Node, of, specification

breaks = specification("Change Discovery 1.0", "discovery-1")


def top(document: dict, type: str) -> list[Node]:
    return [Node(document)] if document.get("type") == type else []


def activities(document: dict):
    for node in top(document, "OrderedCollectionPage"):
        for index, item in enumerate(node.get("orderedItems") or []):
            yield Node(item, ("orderedItems", index), "orderedItems", node)


@breaks("3.4", "DISC-002")
def context_missing(document):
    """The document has no @context."""
    yield Node(document).drop("@context")


@breaks("3.1", "DISC-001")
def collection_without_last(document):
    """The collection does not name its last page."""
    yield from (node.drop("last") for node in top(document, "OrderedCollection"))


@breaks("3.1", "DISC-001")
def last_as_string(document):
    """last is a bare URI."""
    yield from (node.put("last", node.get("last")["id"]) for node in top(document, "OrderedCollection") if isinstance(node.get("last"), dict))


@breaks("3.1", "DISC-001")
def last_of_other_type(document):
    """last is no OrderedCollectionPage."""
    yield from (node.put("last", {**node.get("last"), "type": "CollectionPage"}) for node in top(document, "OrderedCollection") if isinstance(node.get("last"), dict))


@breaks("3.1", "DISC-001")
def collection_without_id(document):
    """The collection has no id."""
    yield from (node.drop("id") for node in top(document, "OrderedCollection"))


@breaks("3.1", "DISC-001")
def total_negative(document):
    """totalItems is below 0."""
    yield from (node.put("totalItems", -1) for node in top(document, "OrderedCollection"))


@breaks("3.1", "DISC-001")
def total_as_text(document):
    """totalItems is a string."""
    yield from (node.put("totalItems", "12") for node in top(document, "OrderedCollection"))


@breaks("3.2", "DISC-004")
def page_without_items(document):
    """A page has no orderedItems."""
    yield from (node.drop("orderedItems") for node in top(document, "OrderedCollectionPage"))


@breaks("3.2", "DISC-004")
def page_empty(document):
    """The orderedItems of a page are empty."""
    yield from (node.put("orderedItems", []) for node in top(document, "OrderedCollectionPage"))


@breaks("3.2", "DISC-004")
def prev_as_string(document):
    """prev is a bare URI."""
    yield from (node.put("prev", "https://example.org/activity/page-0") for node in top(document, "OrderedCollectionPage"))


@breaks("3.2", "DISC-004")
def part_as_list(document):
    """The partOf of a page is a list, as that of the collection is."""
    yield from (node.put("partOf", [node.get("partOf")]) for node in top(document, "OrderedCollectionPage") if isinstance(node.get("partOf"), dict))


@breaks("3.2", "DISC-004")
def start_index_as_text(document):
    """startIndex is a string."""
    yield from (node.put("startIndex", "20") for node in top(document, "OrderedCollectionPage"))


@breaks("3.2", "DISC-006")
def newest_first(document):
    """The activities of a page are ordered from the newest to the oldest."""
    for node in top(document, "OrderedCollectionPage"):
        times = [item.get("endTime") for item in node.get("orderedItems") or []]
        if len(set(times)) > 1 and all(times):
            yield node.put("orderedItems", list(reversed(node.get("orderedItems"))))


@breaks("3.3", "DISC-008")
def activity_without_type(document):
    """An activity has no type."""
    yield from (node.drop("type") for node in activities(document))


@breaks("3.3", "DISC-008")
def activity_without_object(document):
    """An update names no object."""
    yield from (node.drop("object") for node in activities(document) if node.type != "Refresh" and node.has("object"))


@breaks("3.3", "DISC-008")
def object_as_string(document):
    """The object of an activity is a bare URI."""
    yield from (node.put("object", node.get("object")["id"]) for node in activities(document) if isinstance(node.get("object"), dict))


@breaks("3.3", "DISC-008")
def object_without_type(document):
    """The object of an activity has no type."""
    yield from (node.drop("type") for node in of(document, "Manifest", "Collection") if node.key == "object")


@breaks("3.3", "DISC-010")
def time_with_offset(document):
    """The endTime of an activity is not in UTC."""
    yield from (node.put("endTime", f"{node.get('endTime')[:-1]}+02:00") for node in activities(document) if str(node.get("endTime", "")).endswith("Z"))


@breaks("3.3", "DISC-010")
def time_of_day_only(document):
    """The endTime of an activity is a date without time."""
    yield from (node.put("endTime", str(node.get("endTime"))[:10]) for node in activities(document) if node.has("endTime"))


@breaks("3.3", "DISC-012")
def move_without_target(document):
    """A Move does not say where to."""
    yield from (node.drop("target") for node in activities(document) if node.type == "Move")


@breaks("3.3", "DISC-012")
def move_to_itself(document):
    """A Move leads to where the object was."""
    yield from (node.put("target", node.get("object")) for node in activities(document) if node.type == "Move")


@breaks("3.3", "DISC-022")
def actor_of_no_kind(document):
    """The actor of an activity is a Robot."""
    yield from (node.put("actor", {"id": "https://example.org/robot", "type": "Robot"}) for node in activities(document))
