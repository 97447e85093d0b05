"""Content Search 2.0: answers, and services in Manifests."""

from __future__ import annotations

from ..model import Node, everything, of, specification

breaks = specification("Content Search 2.0", "search-2")
SERVICES = ("search-2", "presentation-3", "presentation-4")


def page(document: dict, type: str = "AnnotationPage") -> list[Node]:
    return [Node(document)] if document.get("type") == type else []


def details(document: dict):
    """The Annotations about matches."""
    for node in of(document, "Annotation"):
        if node.up and node.up.key == "annotations":
            yield node


def quotes(document: dict):
    return (node for node in of(document, "TextQuoteSelector"))


@breaks("4.2.1", "SRCH2-005")
def items_missing(document):
    """The answer has no items."""
    yield from (node.drop("items") for node in page(document))


@breaks("4.2", "SRCH2-005")
def answer_of_other_type(document):
    """The answer is an AnnotationList, as in version 1."""
    yield from (node.put("type", "AnnotationList") for node in page(document))


@breaks("4.2.1", "SRCH2-006")
def match_by_string(document):
    """A match is only named by its URI."""
    for node in page(document):
        if node.get("items"):
            yield node.put("items", [item["id"] for item in node.get("items")])


@breaks("4.2.1", "SRCH2-006")
def match_without_target(document):
    """A match has no target."""
    yield from (node.drop("target") for node in of(document, "Annotation") if node.path[:1] == ("items",))


@breaks("4.2.2", "SRCH2-019")
def next_as_string(document):
    """next is a bare URI."""
    yield from (node.put("next", node.get("next")["id"]) for node in page(document) if isinstance(node.get("next"), dict))


@breaks("4.2.2", "SRCH2-018")
def page_without_collection(document):
    """A page with a next page has no partOf."""
    yield from (node.drop("partOf") for node in page(document) if node.has("partOf", "next"))


@breaks("4.2.2", "SRCH2-020")
def collection_without_first(document):
    """The collection of pages has no first."""
    for node in of(document, "AnnotationCollection"):
        if node.key == "partOf" and node.has("first"):
            yield node.drop("first")


@breaks("4.2.2", "SRCH2-020")
def total_as_text(document):
    """total is a string."""
    yield from (node.put("total", str(node.get("total"))) for node in of(document, "AnnotationCollection") if node.has("total"))


@breaks("4.2.2", "SRCH2-019")
def start_index_as_text(document):
    """startIndex is a string."""
    yield from (node.put("startIndex", "0") for node in page(document) if node.has("next"))


@breaks("4.2.4", "SRCH2-014")
def ignored_as_string(document):
    """ignored is a string."""
    yield from (node.put("ignored", "user") for node in [*page(document), *page(document, "TermPage")])


@breaks("4.3", "SRCH2-023")
def details_as_object(document):
    """annotations is one page, not a list of one."""
    yield from (node.put("annotations", node.get("annotations")[0]) for node in page(document) if node.get("annotations"))


@breaks("4.3.1", "SRCH2-024", level="should")
def snippet_of_no_match(document):
    """The source of a snippet or highlight is none of the matches."""
    for node in of(document, "SpecificResource"):
        if node.up and node.up in list(details(document)):
            yield node.put("source", "https://example.org/annotation/404")


@breaks("4.3.2; Web Annotation 4.2.4", "SRCH2-025")
def quote_without_text(document):
    """A quote has no exact text."""
    yield from (node.drop("exact") for node in quotes(document))


@breaks("5.2", "SRCH2-031")
def terms_missing(document):
    """A page of terms has no items."""
    yield from (node.drop("items") for node in page(document, "TermPage"))


@breaks("5.2", "SRCH2-031")
def terms_without_id(document):
    """A page of terms has no id."""
    yield from (node.drop("id") for node in page(document, "TermPage"))


@breaks("5.3", "SRCH2-032")
def term_without_value(document):
    """A term has no value."""
    for node in page(document, "TermPage"):
        for index, term in enumerate(node.get("items") or []):
            yield Node(term, ("items", index), "items", node).drop("value")


@breaks("5.2", "SRCH2-031")
def term_as_string(document):
    """A term is a plain string."""
    yield from (node.put("items", [term["value"] for term in node.get("items")]) for node in page(document, "TermPage") if node.get("items"))


@breaks("3", "SRCH2-001", families=SERVICES)
def service_without_id(document):
    """A search service has no id."""
    yield from (node.drop("id") for node in everything(document) if node.type == "SearchService2")


@breaks("3", "SRCH2-003", families=SERVICES)
def autocomplete_as_object(document):
    """The service in a search service is one object, not a list."""
    for node in everything(document):
        if node.type == "SearchService2" and isinstance(node.get("service"), list) and node.get("service"):
            yield node.put("service", node.get("service")[0])
