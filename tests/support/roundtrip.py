"""Compares a document that was put in with the one that comes out, by the rules of docs/roundtrip.md."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

OWN = {"Manifest", "Collection", "Canvas", "Timeline", "Scene", "Range", "AnnotationPage", "Annotation"}
LISTS = {"thumbnail", "homepage", "seeAlso", "rendering", "provider", "logo", "partOf", "service", "services", "annotations", "items", "structures", "metadata", "behavior"}


def normal(value: object, kind: str = "", key: str = "") -> object:
    """The one spelling of what 3.0 has several for."""
    if key in ("navPlace", "service", "services", "@context"):
        return value if isinstance(value, list) or key in ("navPlace", "@context") else [value]
    if key in ("label", "summary") and isinstance(value, str):
        return {"none": [value]}
    if kind == "Annotation" and key in ("body", "target", "motivation") and isinstance(value, list) and len(value) == 1:
        return normal(value[0], kind, key)
    if kind == "Annotation" and key == "target" and isinstance(value, dict) and set(value) == {"id", "type"}:
        return value["id"]
    if key == "source" and isinstance(value, str):
        return {"id": value, "type": "Canvas"}
    if key in ("selector", "language") and isinstance(value, list) and len(value) == 1:
        return normal(value[0], kind, key)
    if key in ("first", "last", "next", "prev") and isinstance(value, str):
        return {"id": value, "type": "AnnotationPage"}
    if key in LISTS and isinstance(value, dict):
        return [normal(value, kind, key)]
    if isinstance(value, list):
        return [normal(item, kind, "" if key in ("body", "target") else key) if not isinstance(item, dict) else normal(item, kind) for item in value]
    if isinstance(value, dict):
        own = value.get("type", kind) if isinstance(value.get("type", ""), str) else ""
        return {name: normal(inside, own, name) for name, inside in value.items()}
    return value


class Permitted(HTMLParser):
    """What is left of HTML when all that IIIF does not permit is taken away. Presentation 3.0, 4.3."""

    KEPT = {"a": ("href",), "b": (), "br": (), "i": (), "img": ("src", "alt"), "p": (), "small": (), "span": (), "sub": (), "sup": ()}
    ALSO = {"em": "i", "strong": "b"}

    def __init__(self, text: str):
        super().__init__()
        self.seen: list[object] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        for tag in reversed(self.open):  # what was left open is closed
            self.seen.append((f"/{tag}",))
        if self.seen[:1] == [("span",)] and self.seen[-1:] == [("/span",)] and not text.startswith("<span"):
            self.seen = self.seen[1:-1]  # one element around it all

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        tag = self.ALSO.get(tag, tag)
        if tag in self.KEPT:
            if tag not in ("br", "img"):
                self.open.append(tag)
            self.seen.append((tag, *sorted((name, value) for name, value in attributes if name in self.KEPT[tag] and value)))

    def handle_endtag(self, tag: str) -> None:
        tag = self.ALSO.get(tag, tag)
        if tag in self.KEPT and tag not in ("br", "img"):
            self.seen.append((f"/{tag}",))
            if tag in self.open:
                self.open.remove(tag)

    def handle_data(self, text: str) -> None:
        if self.seen and isinstance(self.seen[-1], str):
            self.seen[-1] += text
        else:
            self.seen.append(text)


def same_text(one: str, other: str) -> bool:
    if one == other:
        return True
    if "<" not in one:
        return False
    left, right = Permitted(one).seen, Permitted(other).seen
    return left == right or [("span",), *left, ("/span",)] == right


def differences(sent: dict, came: dict, base: str) -> list[str]:
    """Every place where they differ in more than mapped ids. `base`: the server's own address."""
    names: dict[str, str] = {}
    found: list[str] = []

    def learn(one: object, other: object) -> None:
        if isinstance(one, dict) and isinstance(other, dict):
            if one.get("type") in OWN and isinstance(one.get("id"), str) and isinstance(other.get("id"), str) and other["id"].startswith(base):
                names.setdefault(one["id"], other["id"])
            for key in one:
                if key in other:
                    learn(one[key], other[key])
        elif isinstance(one, list) and isinstance(other, list):
            for left, right in zip(one, other):
                learn(left, right)

    def mapped(name: str) -> str:
        whole, mark, fragment = name.partition("#")
        return names.get(name) or (names[whole] + mark + fragment if whole in names else name)

    def compare(one: object, other: object, place: str) -> None:
        if isinstance(one, dict) and isinstance(other, dict):
            for key in sorted(set(one) | set(other)):
                if key not in other:
                    found.append(f"{place}/{key} is lost")
                elif key not in one:
                    if key != "id":  # one is given where none was
                        found.append(f"{place}/{key} is new")
                else:
                    compare(one[key], other[key], f"{place}/{key}")
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                found.append(f"{place} had {len(one)} entries and has {len(other)}")
            for number, (left, right) in enumerate(zip(one, other)):
                compare(left, right, f"{place}/{number}")
        elif isinstance(one, str) and isinstance(other, str):
            if mapped(one) != other and not same_text(one, other):
                found.append(f"{place}: {one!r} became {other!r}")
        elif one != other:
            found.append(f"{place}: {one!r} became {other!r}")

    left, right = normal(sent), normal(came)
    contexts = [name for name in (left["@context"] if isinstance(left["@context"], list) else [left["@context"]]) if "anno.jsonld" not in str(name)]
    left["@context"] = contexts[0] if len(contexts) == 1 else contexts
    learn(left, right)
    if len(set(names.values())) != len(names):
        found.append("two ids became one")
    compare(left, right, "")
    return found


def rendered(file: Path, folder: Path) -> dict:
    """A recipe of the cookbook as it is published: its placeholders stand for its own address."""
    site = "https://iiif.io/api/cookbook"
    path = f"{site}/{file.parent.relative_to(folder).as_posix()}"
    values = {"id.url": f"{path}/{file.name}", "id.path": path, "site.url": "https://iiif.io", "site.baseurl": "/api/cookbook"}
    text = re.sub(r"\{\{\s*([\w.]+)[^}]*\}\}", lambda match: values.get(match[1], match[0]), file.read_text())
    return json.loads(text)
