#!/usr/bin/env python3
"""Draws src/LAYERS.txt as docs/images/layers.svg. With --check, fails when the file is not what it would draw."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "docs/images/layers.svg"
ABOUT = {
    "base": "errors, log, pool, URI", "json": "documents, writer", "image": "pixels, scale, colour", "xml": "documents with limits", "iiif": "the specifications",
    "codec": "formats", "source": "bytes by path", "http": "server, exchange", "store": "SQLite", "cache": "memory, in flight",
    "pipeline": "asset to bytes", "catalogue": "the only writer", "presentation": "documents", "auth": "users, keys", "discovery": "change stream", "annotation": "kept states", "ingest": "folder grammar",
    "api": "handlers, site", "app": "wiring, settings", "cli": "commands", "decode": "armarium-decode",
}


def draw():
    rows = {}
    for line in (ROOT / "src/LAYERS.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, layer, *uses = line.split()
            rows.setdefault(int(layer), []).append((name, uses))
    width, box, gap, step = 980, 170, 16, 74
    levels = sorted(rows, reverse=True)
    place, parts = {}, []
    for index, level in enumerate(levels):
        names = rows[level]
        left = (width - len(names) * box - (len(names) - 1) * gap) / 2 + 20
        for i, (name, _) in enumerate(names):
            place[name] = (left + i * (box + gap), 20 + index * step)
    for level in levels:
        for name, uses in rows[level]:
            for used in uses:
                x1, y1 = place[name][0] + box / 2, place[name][1] + 44
                x2, y2 = place[used][0] + box / 2, place[used][1]
                parts.append(f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}"/>')
    boxes = []
    for level in levels:
        boxes.append(f'<text class="level" x="8" y="{place[rows[level][0][0]][1] + 27}">L{level}</text>')
        for name, _ in rows[level]:
            x, y = place[name]
            boxes.append(f'<rect x="{x:.0f}" y="{y}" width="{box}" height="44" rx="6"/>'
                         f'<text x="{x + box / 2:.0f}" y="{y + 19}" class="name">{name}</text>'
                         f'<text x="{x + box / 2:.0f}" y="{y + 35}" class="about">{ABOUT.get(name, "")}</text>')
    height = 20 + len(levels) * step
    style = ("svg{background:#fff}line{stroke:#b9c2cc;stroke-width:1}rect{fill:#f3f6f8;stroke:#33475b}"
             "text{font-family:sans-serif;text-anchor:middle;fill:#1b2733}.name{font-size:14px;font-weight:bold}"
             ".about{font-size:11px}.level{font-size:11px;text-anchor:start;fill:#6b7885}")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 40} {height}" role="img" '
            f'aria-label="Modules of Armarium by layer, lines to what each uses">\n<style>{style}</style>\n'
            + "\n".join(parts + boxes) + "\n</svg>\n")


if __name__ == "__main__":
    text = draw()
    if "--check" in sys.argv:
        if not OUT.exists() or OUT.read_text() != text:
            print("docs/images/layers.svg is stale: run scripts/lib/layers_svg.py")
            sys.exit(1)
    else:
        OUT.parent.mkdir(parents=True, exist_ok=True)
        OUT.write_text(text)
