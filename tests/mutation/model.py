"""What a seeded fault is: a rule of a specification, and the edits that break it at one place of a valid document.

A fault is a function that yields edits, one for each place of a document where it can be made; its docstring is the sentence
about it. It is written from the text of the specification, and knows nothing of the program that has to find it.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Place = tuple  # of str and int, from the top of the document
GONE = object()  # the value of a property that is taken away
OPAQUE = {"metadata", "navPlace", "geometry", "properties", "features", "service", "services"}  # JSON that other rules are about


@dataclass(frozen=True)
class Edit:
    where: Place  # the property that is broken
    changes: tuple[tuple[Place, object], ...]
    also: tuple[Place, ...] = ()  # other places at which a report may well point


@dataclass(frozen=True)
class Node:
    """An object of a document, with how it is reached."""

    value: dict
    path: Place = ()
    key: str = ""  # the property that holds it, or the list that it is in
    up: "Node | None" = None

    @property
    def type(self) -> str:
        found = self.value.get("type", self.value.get("@type", ""))
        return found if isinstance(found, str) else ""

    def get(self, key: str, default: object = None) -> object:
        return self.value.get(key, default)

    def has(self, *keys: str) -> bool:
        return all(key in self.value for key in keys)

    def at(self, *steps: object) -> Place:
        return self.path + steps

    def above(self, *types: str) -> "Node | None":
        """The nearest object of such a type around this one."""
        node = self.up
        while node is not None and node.type not in types:
            node = node.up
        return node

    def put(self, key: str, value: object, *also: Place) -> Edit:
        return Edit(self.at(key), ((self.at(key), value),), also)

    def drop(self, key: str, *also: Place) -> Edit:
        return self.put(key, GONE, *also)

    def rename(self, key: str, new: str) -> Edit:
        return Edit(self.at(key), ((self.at(key), GONE), (self.at(new), self.value[key])), (self.at(new),))

    def children(self) -> Iterator["Node"]:
        for key, value in self.value.items():
            for index, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(item, dict):
                    yield Node(item, self.at(key) if index is None else self.at(key, index), key, self)


def nodes(document: dict, opaque: frozenset | set = OPAQUE) -> Iterator[Node]:
    """Every object, from the top down; `opaque`: properties into which it does not go."""
    waiting = [Node(document)]
    while waiting:
        node = waiting.pop(0)
        yield node
        waiting.extend(child for child in node.children() if child.key not in opaque)


def of(document: dict, *types: str) -> Iterator[Node]:
    return (node for node in nodes(document) if node.type in types)


def everything(document: dict) -> Iterator[Node]:
    return nodes(document, frozenset())


@dataclass(frozen=True)
class Fault:
    name: str
    specification: str
    families: tuple[str, ...]  # of documents, in which it is tried
    clause: str
    ids: tuple[str, ...]
    says: str
    level: str
    edits: Callable[[dict], Iterator[Edit]] = field(compare=False)

    def chosen(self, document: dict, name: str, most: int) -> list[Edit]:
        """A few of its places in a document: always the same ones, and no two alike."""
        found = list(self.edits(document))
        if len(found) > most:
            found = random.Random(f"{self.name} {name}").sample(found, most)
        return found


REGISTRY: list[Fault] = []


def specification(title: str, *families: str) -> Callable:
    """A decorator for the faults of one specification: @breaks(clause, ids…, level=)."""

    def breaks(clause: str, *ids: str, level: str = "must", families: tuple[str, ...] = families) -> Callable:
        def register(function: Callable) -> Callable:
            says = " ".join((function.__doc__ or "").split())
            name = f"{families[0] if title.startswith('Presentation') else short(title)}/{function.__name__.replace('_', '-')}"
            REGISTRY.append(Fault(name, title, families, clause, ids, says, level, function))
            return function

        return register

    return breaks


def short(title: str) -> str:
    return title.lower().replace(" api", "").removesuffix(".0").removesuffix(".1").replace(" ", "-")


def mutated(document: dict, edit: Edit) -> dict:
    """A copy of the document with the edit made."""
    broken = copy.deepcopy(document)
    for path, value in edit.changes:
        inside = broken
        for step in path[:-1]:
            inside = inside[step]
        last = path[-1]
        if value is GONE:
            del inside[last]
        elif isinstance(inside, list) and last == len(inside):
            inside.append(copy.deepcopy(value))
        else:
            inside[last] = copy.deepcopy(value)
    return broken


def written(path: Place) -> str:
    return "/".join(str(step) for step in path)


def agrees(edit: Edit, reported: str) -> bool:
    """Whether a report's path leads to the fault: at the property or below it, or at an object at most two lists above it."""
    steps = tuple(step for step in reported.strip("/").split("/") if step)
    for place in (edit.where, *edit.also):
        wanted = tuple(str(step) for step in place)
        if not steps and len(wanted) > 1:
            continue  # the whole document is no place
        common = min(len(steps), len(wanted))
        if steps[:common] == wanted[:common] and len(wanted) - len(steps) <= 3:
            return True
    return False
