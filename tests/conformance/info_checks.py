"""What an info.json must look like, version 3 and 2: a list of complaints, empty when there are none."""

from __future__ import annotations

import json
import re

CONTEXT3 = "http://iiif.io/api/image/3/context.json"
CONTEXT2 = "http://iiif.io/api/image/2/context.json"
PROTOCOL = "http://iiif.io/api/image"
RIGHTS = re.compile(r"^http://(creativecommons\.org/(licenses|publicdomain)/.+|rightsstatements\.org/vocab/.+)$")
LEVEL2_FORMATS = {"jpg", "png"}
LEVEL2_FEATURES = {"baseUriRedirect", "cors", "jsonldMediaType", "regionByPct", "regionByPx", "regionSquare", "rotationBy90s", "sizeByConfinedWh",
                   "sizeByH", "sizeByPct", "sizeByW", "sizeByWh"}
FEATURES3 = LEVEL2_FEATURES | {"canonicalLinkHeader", "mirroring", "profileLinkHeader", "rotationArbitrary", "sizeUpscaling"}


def positive(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def check_info3(text: str) -> list[str]:
    info = json.loads(text)
    wrong: list[str] = []

    def need(condition, sentence: str) -> None:
        if not condition:
            wrong.append(sentence)

    context = info.get("@context")
    need(context == CONTEXT3 or (isinstance(context, list) and context[-1] == CONTEXT3), "@context is the v3 URI or an array that ends in it")
    need(next(iter(info)) == "@context", "@context is the first key")
    need(isinstance(info.get("id"), str) and info["id"].startswith("http") and not info["id"].endswith("/"), "id is an address without a slash at its end")
    need(info.get("type") == "ImageService3", "type")
    need(info.get("protocol") == PROTOCOL, "protocol")
    need(info.get("profile") in ("level0", "level1", "level2"), "profile is a bare level")
    need(positive(info.get("width")) and positive(info.get("height")), "width and height are positive integers")
    for name in ("maxWidth", "maxHeight", "maxArea"):
        need(name not in info or positive(info[name]), f"{name} is a positive integer")
    need("maxHeight" not in info or "maxWidth" in info, "maxHeight needs maxWidth")
    need("rights" not in info or (isinstance(info["rights"], str) and RIGHTS.match(info["rights"])), "rights is one known URI")
    for name in ("attribution", "logo", "license", "@id", "@type"):
        need(name not in info, f"{name} does not belong to version 3")
    wrong += check_sizes(info) + check_tiles(info) + check_extras(info) + check_links(info)
    return wrong


def over_limits(info: dict, width: int, height: int) -> bool:
    limit_w = info.get("maxWidth")
    limit_h = info.get("maxHeight", limit_w)
    area = info.get("maxArea")
    return bool((limit_w and width > limit_w) or (limit_h and height > limit_h) or (area and width * height > area))


def check_sizes(info: dict) -> list[str]:
    wrong = []
    for entry in info.get("sizes", []):
        if not (positive(entry.get("width")) and positive(entry.get("height")) and entry.get("type", "Size") == "Size"):
            wrong.append(f"sizes entry {entry}")
        elif over_limits(info, entry["width"], entry["height"]):
            wrong.append(f"size {entry} is over the limits")
        elif entry["width"] > info["width"] or entry["height"] > info["height"]:
            wrong.append(f"size {entry} is larger than the picture")
    return wrong


def check_tiles(info: dict) -> list[str]:
    wrong, seen, factors = [], set(), []
    for entry in info.get("tiles", []):
        scale_factors = entry.get("scaleFactors")
        if not positive(entry.get("width")) or not isinstance(scale_factors, list) or not all(map(positive, scale_factors)) or not scale_factors:
            wrong.append(f"tiles entry {entry}")
            continue
        if entry.get("type", "Tile") != "Tile" or not positive(entry.get("height", 1)):
            wrong.append(f"tiles entry {entry}")
        pair = (entry["width"], entry.get("height", entry["width"]))
        if pair in seen:
            wrong.append(f"tile size {pair} stands twice")
        seen.add(pair)
        factors += scale_factors
        if over_limits(info, min(pair[0], info["width"]), min(pair[1], info["height"])):
            wrong.append(f"tile {pair} is over the limits")
    if len(factors) != len(set(factors)):
        wrong.append("a scale factor stands twice")
    return wrong


def check_extras(info: dict) -> list[str]:
    wrong = []
    for name in ("extraFormats", "extraQualities", "extraFeatures", "preferredFormats"):
        if name in info and not (isinstance(info[name], list) and info[name] and all(isinstance(item, str) for item in info[name])):
            wrong.append(f"{name} is a non-empty array of strings")
    if info.get("profile") == "level2":
        if LEVEL2_FORMATS & set(info.get("extraFormats", [])):
            wrong.append("extraFormats repeats the profile")
        if LEVEL2_FEATURES & set(info.get("extraFeatures", [])):
            wrong.append("extraFeatures repeats the profile")
    if "default" in info.get("extraQualities", []):
        wrong.append("extraQualities repeats the profile")
    known = LEVEL2_FORMATS | set(info.get("extraFormats", []))
    if not set(info.get("preferredFormats", [])) <= known:
        wrong.append("preferredFormats names a format that is not there")
    if "sizeUpscaling" in info.get("extraFeatures", []) and not ("maxWidth" in info or "maxArea" in info):
        wrong.append("sizeUpscaling needs maxWidth or maxArea")
    if not set(info.get("extraFeatures", [])) <= FEATURES3:
        wrong.append(f"unknown features {set(info['extraFeatures']) - FEATURES3}")
    return wrong


def check_links(info: dict) -> list[str]:
    wrong = []
    for name in ("partOf", "seeAlso", "service"):
        if name not in info:
            continue
        entries = info[name]
        if not isinstance(entries, list) or not entries:
            wrong.append(f"{name} is a non-empty array")
            continue
        for entry in entries:
            if not (entry.get("id") or entry.get("@id")) or not (entry.get("type") or entry.get("@type")):
                wrong.append(f"{name} entry needs id and type: {entry}")
            if "label" in entry and not language_map(entry["label"]):
                wrong.append(f"label of {name} is no language map")
    return wrong


def language_map(value) -> bool:
    return isinstance(value, dict) and bool(value) and all(isinstance(texts, list) and texts and all(isinstance(t, str) for t in texts)
                                                           for texts in value.values())


def check_info2(text: str) -> list[str]:
    info = json.loads(text)
    wrong: list[str] = []

    def need(condition, sentence: str) -> None:
        if not condition:
            wrong.append(sentence)

    need(info.get("@context") == CONTEXT2, "@context is the v2 URI")
    need(isinstance(info.get("@id"), str) and info["@id"].startswith("http") and not info["@id"].endswith("/"), "@id")
    need(info.get("@type", "iiif:Image") == "iiif:Image", "@type")
    need(info.get("protocol") == PROTOCOL, "protocol")
    need(positive(info.get("width")) and positive(info.get("height")), "width and height are positive integers")
    profile = info.get("profile")
    need(isinstance(profile, list) and profile and re.fullmatch(r"http://iiif\.io/api/image/2/level[012]\.json", str(profile[0])), "profile[0] is a level URI")
    for extra in profile[1:] if isinstance(profile, list) else []:
        need(isinstance(extra, (dict, str)), "profile entries are objects or URIs")
        if isinstance(extra, dict):
            for name in ("formats", "qualities", "supports"):
                need(name not in extra or (isinstance(extra[name], list) and extra[name]), f"{name} in the profile is not empty")
    for name in ("maxWidth", "maxHeight", "maxArea", "id", "type", "extraFormats", "extraQualities", "extraFeatures", "rights", "preferredFormats"):
        need(name not in info, f"{name} does not stand at the top of version 2")
    flat = {**info, **profile2(info)}
    wrong += check_sizes(flat) + check_tiles(flat)
    for service in as_list(info.get("service", [])):
        need("@context" in service, "a service carries its @context")
    return wrong


def profile2(info: dict) -> dict:
    """The objects of a version 2 profile, merged."""
    merged: dict = {}
    for extra in info.get("profile", [])[1:]:
        if isinstance(extra, dict):
            merged.update(extra)
    return merged


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]
