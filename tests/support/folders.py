"""Makes a folder that says what a Manifest or Collection of Presentation 3 says, as docs/guides/folder.md has it, and compares what is published of it with the document.

Of the document stay: every property of the Manifest, of its Canvases, Ranges and annotations. What a folder cannot keep is taken from both sides by the rules of `told`."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from .roundtrip import same_text

DESCRIBED = ("label", "summary", "metadata", "requiredStatement", "rights", "provider", "navDate", "navPlace", "behavior", "viewingDirection", "homepage", "seeAlso", "rendering")


def write(file: Path, content: dict) -> None:
    """JSON is YAML, too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1))


def picture(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (60, 40), (120, 90, 60)).save(file)


def described(document: dict) -> dict:
    return {key: document[key] for key in DESCRIBED if key in document}


def range_entry(entry: dict, names: dict[str, str]) -> object:
    if entry["type"] == "Canvas":
        whole, mark, part = entry["id"].partition("#")
        return names[whole] + mark + part
    return {"label": entry["label"], **({"behavior": entry["behavior"]} if "behavior" in entry else {}), "items": [range_entry(one, names) for one in entry["items"]]}


def body_of(annotation: dict) -> dict:
    body = annotation["body"]
    if not isinstance(body, dict) or body["type"] != "TextualBody":
        raise ValueError("a body that is no text")
    return {key: body[key] for key in ("value", "format", "language") if key in body}


def make_manifest(folder: Path, document: dict) -> None:
    names = {canvas["id"]: f"p{number}" for number, canvas in enumerate(document["items"], 1)}
    info = described(document)
    if "structures" in document:
        info["ranges"] = [range_entry(one, names) for one in document["structures"]]
    if "start" in document:
        info["start"] = names[document["start"]["id"]]
    if "thumbnail" in document:
        picture(folder / "thumb.png")
    write(folder / "info.yml", info)
    for canvas in document["items"]:
        name = names[canvas["id"]]
        annotations = [one for page in canvas.get("annotations", []) for one in page["items"]]
        paintings = [one for page in canvas["items"] for one in page["items"]]
        if not annotations and len(paintings) == 1:
            picture(folder / f"{name}.png")
            if described(canvas):
                write(folder / f"{name}.yml", described(canvas))
            continue
        place = folder / f"_{name}"  # a folder of its own, as biiif has it
        for number, one in enumerate(paintings):
            whole = one["target"] == canvas["id"]
            if one["body"]["type"] == "Image":
                picture(place / f"{name}-{number}.png")
            if not whole:
                kept = {"value": f"{name}-{number}.png"} if one["body"]["type"] == "Image" else body_of(one)
                write(place / f"painting-{number}.yml", {"motivation": "painting", **kept, "xywh": one["target"].partition("#xywh=")[2]})
        write(place / "info.yml", {**described(canvas), "width": str(canvas["width"]), "height": str(canvas["height"])})
        for number, one in enumerate(annotations, 1):
            _, _, part = one["target"].partition("#xywh=")
            write(place / f"note-{number}.yml", {"motivation": one["motivation"], **body_of(one), **({"xywh": part} if part else {})})


def make_collection(folder: Path, document: dict, manifests: list[dict]) -> None:
    """`manifests`: those that it lists, in their order."""
    write(folder / "info.yml", {**described(document), "order": [f"m{number}" for number in range(1, len(manifests) + 1)]})
    if "thumbnail" in document:
        picture(folder / "thumb.png")
    for number, manifest in enumerate(manifests, 1):
        make_manifest(folder / f"m{number}", manifest)


class Told:
    """A document without what differs by its nature: ids (a Canvas is called by its place), extents, and which picture it is."""

    def __init__(self, document: dict, own: str = ""):
        self.own = own  # the address of the server: what it adds and the recipe lacks is taken away
        self.places = {canvas["id"]: f"canvas {number}" for number, canvas in enumerate(document.get("items", []), 1)}
        self.document = document

    def of(self) -> dict:
        kept = self.properties(self.document)
        if self.document["type"] == "Collection":
            kept["items"] = [self.properties({key: item[key] for key in ("type", "label", "navDate") if key in item}) for item in self.document["items"]]
        else:
            kept["items"] = [self.canvas(canvas) for canvas in self.document["items"]]
        if "structures" in self.document:
            kept["structures"] = [self.range(one) for one in self.document["structures"]]
        if "start" in self.document:
            kept["start"] = self.places[self.document["start"]["id"]]
        return kept

    def properties(self, node: dict) -> dict:
        kept = {"type": node["type"]}
        for key in DESCRIBED:
            if key in node:
                kept[key] = node[key]
        for key in ("homepage", "rendering", "seeAlso"):  # our page of the item, its PDF and its text
            if self.own and key in kept:
                kept[key] = [link for link in kept[key] if not link["id"].startswith(self.own)]
                if not kept[key]:
                    del kept[key]
        if "navPlace" in kept:
            kept["navPlace"] = without_ids(kept["navPlace"])
        if "provider" in kept:  # of a logo the address is kept
            kept["provider"] = [{key: without_extent(value) if key == "logo" else value for key, value in agent.items()} for agent in kept["provider"]]
        if "thumbnail" in node:
            kept["thumbnail"] = len(node["thumbnail"])
        return kept

    def canvas(self, canvas: dict) -> dict:
        kept = self.properties(canvas)
        kept["painted"] = [painted(one) for page in canvas["items"] for one in page["items"]]
        notes = [one for page in canvas.get("annotations", []) for one in page["items"]]
        if notes:
            kept["notes"] = [{"motivation": one["motivation"], "body": without_ids(one["body"]), "target": one["target"].partition("#")[2]} for one in notes]
        return kept

    def range(self, entry: dict) -> object:
        if entry["type"] == "Canvas":
            whole, mark, part = entry["id"].partition("#")
            return self.places[whole] + mark + part
        return {"label": entry["label"], "behavior": entry.get("behavior"), "items": [self.range(one) for one in entry["items"]]}


def painted(annotation: dict) -> list:
    """The kind of picture, or the text; and where it lies."""
    body = annotation["body"]
    return [without_ids(body) if body["type"] == "TextualBody" else body["type"], annotation["target"].partition("#")[2]]


def without_extent(links: list[dict]) -> list[dict]:
    return [{key: value for key, value in link.items() if key not in ("width", "height", "service")} for link in links]


def without_ids(value: object) -> object:
    if isinstance(value, dict):
        return {key: without_ids(inside) for key, inside in value.items() if key != "id"}
    return [without_ids(inside) for inside in value] if isinstance(value, list) else value


def differences(recipe: dict, published: dict, base: str) -> list[str]:
    """Each place where they differ. What we add: a thumbnail for all, a label for a Canvas without one, the links of `Told.properties`."""
    found: list[str] = []

    def compare(one: object, other: object, place: str) -> None:
        if isinstance(one, dict) and isinstance(other, dict):
            for key in sorted(set(one) | set(other)):
                added = key not in one and (key == "thumbnail" or (key == "label" and place.startswith("/items/")))
                if not added:
                    compare(one.get(key), other.get(key), f"{place}/{key}")
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            for number, (left, right) in enumerate(zip(one, other)):
                compare(left, right, f"{place}/{number}")
        elif one != other and not (isinstance(one, str) and isinstance(other, str) and same_text(one, other)):
            found.append(f"{place}: {json.dumps(one)[:300]} became {json.dumps(other)[:300]}")

    compare(Told(recipe).of(), Told(published, base).of(), "")
    return found
