#!/usr/bin/env python3
"""Holds src/ to LAYERS.txt: what a file may include, and which third-party headers live where."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)

# A third-party header (by the start of its name) and the paths under src/ that may include it.
PRIVATE_HEADERS = {
    "boost/": ["http/", "json/"],
    "sqlite3.h": ["store/sqlite/"],
    "libpq": ["store/postgres/"],
    "curl/": ["net/"],
    "prometheus/": ["base/metrics"],
    "spdlog/": ["base/log"],
    "sodium.h": ["auth/"],
    "xxhash.h": ["base/hash"],
    "lcms2": ["image/"],
    "jpeglib.h": ["codec/jpeg", "codec/tiff"],
    "turbojpeg.h": ["codec/jpeg"],
    "tiffio.h": ["codec/tiff", "codec/stored_picture_test"],
    "tiff.h": ["codec/tiff"],
    "png.h": ["codec/png"],
    "webp/": ["codec/webp"],
    "gif_lib.h": ["codec/gif"],
    "openjpeg": ["codec/jp2", "codec/ht"],
    "openjph/": ["codec/jp2", "codec/ht"],
    "vips/": ["decode/"],
    "libheif/": ["decode/"],
    "jxl/": ["decode/"],
    "seccomp.h": ["decode/"],
    "yaml-cpp/": ["ingest/"],
    "libexif/": ["ingest/"],
    "gumbo.h": ["ingest/"],
    "pugixml": ["check/", "ingest/", "xml/document.cpp"],
    "toml++/": ["app/"],
    "CLI/": ["cli/"],
    "mustache": ["api/site/"],
    "kainjow/": ["api/site/"],
}


def read_layers():
    allowed, level = {}, {}
    for line in (SRC / "LAYERS.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, layer, *uses = line.split()
        allowed[name], level[name] = set(uses) | {name}, int(layer)
    for name, uses in allowed.items():
        for used in uses - {name}:
            if level[used] >= level[name]:
                yield_error(f"src/LAYERS.txt: {name} (L{level[name]}) uses {used} (L{level[used]}): only lower layers")
    return allowed, level


ERRORS = []


def yield_error(text):
    ERRORS.append(text)


def check_file(path, allowed, level):
    relative = path.relative_to(SRC).as_posix()
    module = relative.split("/")[0]
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".h" and not text.startswith("#pragma once"):
        yield_error(f"src/{relative}: a header begins with #pragma once")
    for style, name in INCLUDE.findall(text):
        line = text[: text.index(name)].count("\n") + 1
        if style == '"':
            used = name.split("/")[0]
            if used not in allowed:
                yield_error(f"src/{relative}:{line}: \"{name}\" names no module of LAYERS.txt")
            elif relative.endswith("_test.cpp") and level[used] < level[module]:
                pass  # a test may set up what its module stands on
            elif used not in allowed[module]:
                yield_error(f"src/{relative}:{line}: {module} may not use {used} (LAYERS.txt)")
            continue
        for prefix, homes in PRIVATE_HEADERS.items():
            if name.startswith(prefix) and not any(relative.startswith(home) for home in homes):
                yield_error(f"src/{relative}:{line}: <{name}> belongs in {', '.join(homes)} alone")
    for number, code in enumerate(text.splitlines(), 1):
        code = re.sub(r"//.*|\"(?:\\.|[^\"])*\"", "", code)
        # A private constructor may be called where the smart pointer stands on the same line.
        if re.search(r"(?<![\w:])(?:new\s+[A-Z]\w*\s*[({]|delete\s+\w)", code) and "_ptr<" not in code:
            yield_error(f"src/{relative}:{number}: naked new or delete")


def main():
    allowed, level = read_layers()
    files = sorted(p for p in SRC.rglob("*") if p.suffix in (".h", ".cpp"))
    for path in files:
        check_file(path, allowed, level)
    for error in ERRORS:
        print(error)
    print(f"layers: {len(files)} files, {len(ERRORS)} faults")
    return 1 if ERRORS else 0


if __name__ == "__main__":
    sys.exit(main())
