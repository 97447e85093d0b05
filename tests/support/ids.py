"""pytest plugin: collects the requirement ids that tests show and, with --conformance-page FILE, writes the page about them.

The page comes from the markers alone, so that it is the same wherever it is made; the run that shows the claims is the suite.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[1] / "conformance" / "requirements.tsv"
LATER = Path(__file__).resolve().parents[1] / "conformance" / "later.tsv"
TITLES = {"IMG3": "Image API 3.0", "IMG2": "Image API 2.1.1", "PRES3": "Presentation API 3.0", "PRES2": "Presentation API 2.1",
          "DISC": "Change Discovery API 1.0", "CST": "Content State API 1.0"}


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--conformance-page", metavar="FILE", help="write the page of requirements and tests, run nothing")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    known = {row["id"] for row in read_table(REQUIREMENTS)}
    shown: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for marker in item.iter_markers("ids"):
            unknown = set(marker.args) - known
            if unknown:
                raise pytest.UsageError(f"{item.nodeid} names unknown requirements: {', '.join(sorted(unknown))}")
            for name in marker.args:
                shown[name].add(item.nodeid.split("[")[0])
    target = config.getoption("--conformance-page")
    if target:
        Path(target).write_text(page(shown), encoding="utf-8")
        items.clear()


def page(shown: dict[str, set[str]]) -> str:
    from support.excused import EXCUSED

    rows = read_table(REQUIREMENTS)
    later = {row["id"]: row["reason"] for row in read_table(LATER)}
    lines = ["# Conformance", "", "Which requirement of the IIIF specifications is shown by which test. Written by `python -m pytest tests --conformance-page docs/conformance.md`; do not edit.",
             "The requirements are paraphrased from the specifications; `tests/conformance/requirements.tsv` holds them.", ""]
    for family, title in TITLES.items():
        members = [row for row in rows if row["id"].startswith(family + "-")]
        count = sum(row["id"] in shown for row in members)
        lines += [f"## {title}", "", f"{count} of {len(members)} requirements are shown by tests.", "",
                  "| id | level | requirement | shown by |", "| --- | --- | --- | --- |"]
        for row in members:
            names = sorted(shown.get(row["id"], ()))
            cell = "<br>".join(short(name) for name in names) or f"not yet: {later.get(row['id'], 'no test')}"
            lines.append(f"| {row['id']} | {row['level']} | {row['requirement']} | {cell} |")
        lines.append("")
    lines += ["## Checks of the official image validator that are excused", "",
              "Each contradicts the text of the specification; the text is followed.", "", "| check | version | reason |", "| --- | --- | --- |"]
    lines += [f"| {name} | {version} | {reason} |" for (name, version), reason in sorted(EXCUSED.items())]
    return "\n".join(lines) + "\n"


def short(nodeid: str) -> str:
    path, _, name = nodeid.partition("::")
    return f"`{Path(path).stem}::{name}`"
