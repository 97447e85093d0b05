"""Content Search 1.0: answers, and services in Manifests."""

from __future__ import annotations

from ..model import Node, everything, specification

breaks = specification("Content Search 1.0", "search-1")


def lists(document: dict, type: str = "sc:AnnotationList") -> list[Node]:
    return [Node(document)] if document.get("@type") == type else []


@breaks("3.4", "SRCH1-006")
def hits_without_context(document):
    """An answer with hits has only the context of Presentation 2."""
    yield from (node.put("@context", "http://iiif.io/api/presentation/2/context.json") for node in lists(document) if node.has("hits"))


@breaks("3.4", "SRCH1-006")
def contexts_turned_round(document):
    """The context of search comes before that of Presentation 2."""
    for node in lists(document):
        if isinstance(node.get("@context"), list) and len(node.get("@context")) == 2:
            yield node.put("@context", list(reversed(node.get("@context"))))


@breaks("3.3.1", "SRCH1-002")
def resources_by_string(document):
    """A match is only named by its URI."""
    yield from (node.put("resources", [item["@id"] for item in node.get("resources")]) for node in lists(document) if node.get("resources"))


@breaks("3.3.2", "SRCH1-004")
def layer_without_type(document):
    """The layer of a page has no @type."""
    yield from (Node(node.get("within"), ("within",), "within", node).drop("@type") for node in lists(document) if isinstance(node.get("within"), dict))


@breaks("3.4.1", "SRCH1-005")
def ignored_as_string(document):
    """ignored is a string."""
    for node in lists(document):
        if isinstance(node.get("within"), dict):
            yield Node(node.get("within"), ("within",), "within", node).put("ignored", "user")


def hits(document: dict):
    for node in lists(document):
        for index, hit in enumerate(node.get("hits") or []):
            yield Node(hit, ("hits", index), "hits", node)


@breaks("3.4", "SRCH1-007")
def hit_without_type(document):
    """A hit has no @type."""
    yield from (node.drop("@type") for node in hits(document))


@breaks("5 match", "SRCH1-007")
def match_as_list(document):
    """The match of a hit is a list."""
    yield from (node.put("match", [node.get("match")]) for node in hits(document) if node.has("match"))


@breaks("3.4", "SRCH1-008", level="should")
def hit_of_no_match(document):
    """A hit names an annotation that is not in the answer."""
    yield from (node.put("annotations", ["http://example.org/annotation/404"]) for node in hits(document))


def terms(document: dict):
    for node in lists(document, "search:TermList"):
        for index, term in enumerate(node.get("terms") or []):
            yield Node(term, ("terms", index), "terms", node)


@breaks("4.3", "SRCH1-011")
def term_without_match(document):
    """A term has no match."""
    yield from (node.drop("match") for node in terms(document))


@breaks("4.3", "SRCH1-011")
def term_without_url(document):
    """A term has no url."""
    yield from (node.drop("url") for node in terms(document))


@breaks("5 count", "SRCH1-011")
def count_zero(document):
    """The count of a term is 0."""
    yield from (node.put("count", 0) for node in terms(document) if node.has("count"))


@breaks("3.1", "SRCH1-001", families=("search-1",))
def service_without_context(document):
    """A search service has no @context."""
    yield from (node.drop("@context") for node in everything(document) if node.get("profile") == "http://iiif.io/api/search/1/search" and node.up)


@breaks("3.1", "SRCH1-001", families=("search-1",))
def service_of_version_0(document):
    """The profile of a search service is that of version 0."""
    for node in everything(document):
        if node.get("profile") == "http://iiif.io/api/search/1/search" and node.up:
            yield node.put("profile", "http://iiif.io/api/search/0/search")


@breaks("4.1", "SRCH1-010")
def autocomplete_without_profile(document):
    """An autocomplete service has no profile."""
    yield from (node.drop("profile") for node in everything(document) if node.get("profile") == "http://iiif.io/api/search/1/autocomplete")
