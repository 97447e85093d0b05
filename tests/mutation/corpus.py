"""The valid documents into which faults are seeded: our own seeds and fixtures, and the cookbook's and the specifications' where clones of them are."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support.roundtrip import rendered

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LARGEST = 200_000  # bytes: documents that are larger are checked as they are, and not mutated
CONTEXT = re.compile(r"http://iiif\.io/api/(?:extension/)?([a-z-]+)(?:/(\d))?/context\.json")
SECTION = re.compile(r"^```\s*json(?:-doc)?\s*\n(.*?)^```", re.S | re.M)
SPECIFICATIONS = ("presentation/3.0", "presentation/2.1", "image/3.0", "image/2.1", "search/2.0", "search/1.0", "auth/2.0", "auth/1.0",
                  "discovery/1.0", "content-state/1.0", "extension/georef", "extension/navplace", "extension/text-granularity")


def beside(variable: str, name: str) -> Path | None:
    """A clone that the environment names, or that lies beside the repository."""
    return next((Path(place) for place in (os.environ.get(variable), ROOT.parent / name) if place and Path(place).is_dir()), None)


@dataclass(frozen=True)
class Document:
    name: str
    value: dict
    families: frozenset[str]
    size: int


def contexts(value: object) -> Iterator[str]:
    for name in value if isinstance(value, list) else [value]:
        if isinstance(name, str) and (match := CONTEXT.fullmatch(name)):
            yield f"{match[1]}-{match[2]}" if match[2] and match[1] != "georef" else match[1]


def families(document: dict, name: str) -> frozenset[str]:
    """What a document is, by its contexts: presentation-3, image-2, auth-2, navplace…; a content state is only that."""
    found = set(contexts(document.get("@context")))
    motivation = document.get("motivation")
    if "contentState" in (motivation if isinstance(motivation, list) else [motivation]) or "content-state" in name:
        return frozenset({"content-state"})
    if "search-2" in found and document.get("type") in ("AnnotationPage", "TermPage"):
        return frozenset({"search-2"})
    if "search-1" in found:
        return frozenset({"search-1"})
    text = json.dumps(document)
    for nested in ("auth/1", "search/1"):  # these come inside other documents with a context of their own
        if f"http://iiif.io/api/{nested}/context.json" in text:
            found.add(nested.replace("/", "-"))
    return frozenset(found)


def document(name: str, value: dict) -> Document:
    return Document(name, value, families(value, name), len(json.dumps(value)))


def seeds() -> Iterator[Document]:
    for file in sorted((HERE / "seeds").glob("*.json")):
        yield document(f"seeds/{file.name}", json.loads(file.read_text(encoding="utf-8")))


def fixtures() -> Iterator[Document]:
    """The documents that other suites put in."""
    for file in sorted((HERE.parent / "fixtures" / "documents").glob("*.json")):
        yield document(f"fixtures/{file.name}", rendered(file, file.parent))


def cookbook(folder: Path) -> Iterator[Document]:
    for file in sorted((folder / "recipe").rglob("*.json")):
        if "0000_template" not in file.parts:
            yield document(f"cookbook/{file.relative_to(folder / 'recipe').as_posix()}", rendered(file, folder))


def quoted(folder: Path) -> Iterator[Document]:
    """The whole documents that the texts of the specifications quote."""
    for name in SPECIFICATIONS:
        text = (folder / name / "index.md").read_text(encoding="utf-8")
        for number, block in enumerate(SECTION.findall(text), 1):
            block = re.sub(r"\{\{\s*page\.major\s*\}\}", name.split("/")[1][0], block)
            try:
                value = json.loads(block)
            except ValueError:
                continue  # with an ellipsis or a comment
            if isinstance(value, dict) and "@context" in value and len(value) > 1:
                yield document(f"specification/{name}#{number}", value)


def specification(folder: Path) -> Iterator[Document]:
    folder = folder / "source" if (folder / "source").is_dir() else folder
    for place in ("presentation/2.1/example/fixtures", "presentation/4.0/example"):
        for file in sorted((folder / place).rglob("*.json")):
            yield document(f"specification/{file.relative_to(folder).as_posix()}", json.loads(file.read_text(encoding="utf-8")))
    yield from quoted(folder)


def corpus(recipes: Path | None = None, api: Path | None = None) -> list[Document]:
    found = [*seeds(), *fixtures()]
    if recipes:
        found += cookbook(recipes)
    if api:
        found += specification(api)
    return found
