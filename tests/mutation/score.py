#!/usr/bin/env python3
"""Scores `armarium check` by seeded faults: how many it finds, and what it says of documents that are right.

    python tests/mutation/score.py --program build/release/armarium [--cookbook DIR] [--iiif-api DIR] [--write docs/check.md]
    python tests/mutation/score.py --list

A fault is found when there is a finding of level "must" that the document did not have before, and whose path leads to the place;
"elsewhere" is such a finding with another path. Faults of level "should" may be found at either level, and are counted apart.
Ends with 0 when at least --wanted percent are found, of the mutants and with each kind counted the same, and nothing is said of clean documents that is not in known_faults.tsv.
"""

from __future__ import annotations

import argparse
import csv
import functools
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from mutation.corpus import LARGEST, Document, beside, corpus  # noqa: E402
from mutation.faults import all_faults  # noqa: E402
from mutation.model import Edit, Fault, agrees, mutated, written  # noqa: E402

BATCH = 200  # files in one call of the program
SECONDS = 300  # for one call
PER_DOCUMENT = 2
PER_FAULT = 40
Key = tuple[str, str, str]  # level, rule, path


@dataclass
class Mutant:
    fault: Fault
    document: Document
    edit: Edit
    outcome: str = ""
    said: list[str] = field(default_factory=list)


def chosen(fault: Fault, documents: list[Document]) -> list[Mutant]:
    """Mutants of one fault: every seed where it can be made, and other documents up to the limit, always the same; no place that is wrong already."""
    found, wrong = [], known()
    for document in documents:
        if document.size <= LARGEST and document.families & set(fault.families):
            edits = fault.chosen(document.value, document.name, PER_DOCUMENT)
            found += [Mutant(fault, document, edit) for edit in edits if not excused(written(edit.where), wrong.get(document.name, []))]
    if len(found) > PER_FAULT:
        own = [mutant for mutant in found if mutant.document.name.startswith("seeds/")][:PER_FAULT]
        others = [mutant for mutant in found if not mutant.document.name.startswith("seeds/")]
        found = own + random.Random(fault.name).sample(others, min(len(others), PER_FAULT - len(own)))
    return found


def checked(program: str, values: list[dict], folder: Path) -> Iterator[list[dict]]:
    """What the program finds in each document, in their order."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ARMARIUM_")}
    for begin in range(0, len(values), BATCH):
        files = []
        for number, value in enumerate(values[begin : begin + BATCH], begin):
            file = folder / f"{number:06}.json"
            file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
            files.append(str(file))
        done = subprocess.run([program, "check", "--json", *files], capture_output=True, text=True, timeout=SECONDS, env=environment, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{program} ended with {done.returncode} on {files[0]} to {files[-1]}: {done.stderr.strip()[-500:]}")
        answers = {answer["source"]: answer["findings"] for answer in json.loads(done.stdout)["documents"]}
        for file in files:
            if file not in answers:
                raise SystemExit(f"{program} says nothing of {file}")
            yield answers[file]
            Path(file).unlink()


def keys(findings: list[dict]) -> Counter:
    return Counter((finding["level"], finding.get("rule") or finding.get("clause", ""), finding.get("path", "")) for finding in findings)


def judge(mutant: Mutant, before: Counter, findings: list[dict]) -> None:
    levels = ("must",) if mutant.fault.level == "must" else ("must", "should")
    new = [(level, rule, path) for level, rule, path in keys(findings) - before if level in levels]
    mutant.said = sorted({f"{rule} at {path or 'the top'}" for _, rule, path in new})
    if any(agrees(mutant.edit, path) for _, _, path in new):
        mutant.outcome = "found"
    else:
        mutant.outcome = "elsewhere" if new else "missed"


@functools.cache
def known() -> dict[str, list[str]]:
    """The documents of others that are not right themselves: paths by document."""
    table: dict[str, list[str]] = defaultdict(list)
    with (HERE / "known_faults.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            table[row["document"]].append(row["path"])
    return table


def excused(path: str, places: list[str]) -> bool:
    """Whether a path is at a place, below or above it; a property that is missing at the top may be reported at the top."""
    if not path:
        return any("/" not in place for place in places)
    return any(place == "*" or path == place or path.startswith(f"{place}/") or place.startswith(f"{path}/") for place in places)


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def by_kind(mutants: list[Mutant]) -> float:
    """The percent found when each kind counts the same, however many mutants it has."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    for mutant in mutants:
        kinds[mutant.fault.name].append(mutant.outcome == "found")
    return 100 * sum(sum(found) / len(found) for found in kinds.values()) / max(1, len(kinds))


def table(mutants: list[Mutant], level: str) -> list[str]:
    """One line for each specification, and their sum."""
    lines = ["| specification | kinds | kinds found always | mutants | found | elsewhere | missed | found, % | by kind, % |", "| --- |" + " --: |" * 8]
    groups: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        if mutant.fault.level == level:
            groups[mutant.fault.specification].append(mutant)
    for title, group in [*sorted(groups.items()), ("**all**", [mutant for group in groups.values() for mutant in group])]:
        kinds: dict[str, bool] = {}
        for mutant in group:
            kinds[mutant.fault.name] = kinds.get(mutant.fault.name, True) and mutant.outcome == "found"
        count = Counter(mutant.outcome for mutant in group)
        cells = [title, len(kinds), sum(kinds.values()), len(group), count["found"], count["elsewhere"], count["missed"], percent(count["found"], len(group)), f"{by_kind(group):.1f} %"]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return lines


def misses(mutants: list[Mutant]) -> list[str]:
    """The kinds that are not always found, with one example each."""
    lines = ["| fault | clause | missed | elsewhere | of | example |", "| --- | --- | --: | --: | --: | --- |"]
    groups: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        groups[mutant.fault.name].append(mutant)
    for name, group in sorted(groups.items()):
        bad = [mutant for mutant in group if mutant.outcome != "found"]
        if bad:
            count = Counter(mutant.outcome for mutant in bad)
            example = f"{bad[0].document.name} `{written(bad[0].edit.where)}`" + (f": {bad[0].said[0]}" if bad[0].said else "")
            lines.append(f"| {name}: {bad[0].fault.says} | {bad[0].fault.clause} | {count['missed']} | {count['elsewhere']} | {len(group)} | {example} |")
    return lines if len(lines) > 2 else ["Every kind is found wherever it was seeded."]


def report(mutants: list[Mutant], documents: list[Document], alarms: list[tuple[str, dict]], expected: int) -> str:
    sources = Counter(document.name.split("/")[0] for document in documents)
    lines = ["# How well `armarium check` finds faults", "", "Made by `tests/mutation/score.py`; how is said there and in `tests/mutation/README.md`.", ""]
    lines += [f"Clean documents: {', '.join(f'{count} of {name}' for name, count in sources.items())}. Findings of level must in them: "
              f"{expected} are faults of theirs (`tests/mutation/known_faults.tsv`), {len(alarms)} are false alarms.", ""]
    lines += [f"- {name} `{finding.get('path', '')}`: {finding.get('clause') or finding.get('rule', '')}: {finding.get('message', '')}" for name, finding in alarms[:50]]
    lines += ["", "## Breaches of a MUST", "", *table(mutants, "must"), "", "## Breaches of a SHOULD", "", *table(mutants, "should")]
    lines += ["", "## What is not found everywhere", "", *misses(mutants)]
    return "\n".join(lines) + "\n"


def listing() -> str:
    lines = ["| fault | specification | clause | requirements | level | what is wrong |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [f"| {fault.name} | {fault.specification} | {fault.clause} | {', '.join(fault.ids)} | {fault.level} | {fault.says} |" for fault in all_faults()]
    counts = Counter(fault.specification for fault in all_faults())
    return "\n".join([*lines, "", *(f"{count:4} {title}" for title, count in counts.items()), f"{sum(counts.values()):4} in all"])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--program", help="the program to score")
    parser.add_argument("--cookbook", type=Path, default=beside("COOKBOOK", "cookbook-recipes"), help="a clone of github.com/IIIF/cookbook-recipes (or $COOKBOOK)")
    parser.add_argument("--iiif-api", type=Path, default=beside("IIIF_API", "api"), help="a clone of github.com/IIIF/api (or $IIIF_API)")
    parser.add_argument("--write", type=Path, help="write the tables to this file")
    parser.add_argument("--only", default="", help="only faults whose name has this in it")
    parser.add_argument("--keep", type=Path, help="write what was missed or found elsewhere to this folder, as files with the fault's name")
    parser.add_argument("--wanted", type=float, default=95.0, help="percent that have to be found, of the mutants and by kind (95)")
    parser.add_argument("--list", action="store_true", help="print the kinds of faults, run nothing")
    given = parser.parse_args()
    if not given.list and not given.program:
        parser.error("name the program, or ask for --list")
    return given


def main() -> int:
    given = arguments()
    if given.list:
        print(listing())
        return 0
    documents = corpus(given.cookbook, given.iiif_api)
    mutants = [mutant for fault in all_faults() if given.only in fault.name for mutant in chosen(fault, documents)]
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        clean = dict(zip((document.name for document in documents), checked(given.program, [document.value for document in documents], Path(folder))))
        before = {name: keys(findings) for name, findings in clean.items()}
        broken = [mutated(mutant.document.value, mutant.edit) for mutant in mutants]
        for mutant, value, findings in zip(mutants, broken, checked(given.program, broken, Path(folder))):
            judge(mutant, before[mutant.document.name], findings)
            if given.keep and mutant.outcome != "found":
                given.keep.mkdir(parents=True, exist_ok=True)
                name = f"{mutant.outcome}-{mutant.fault.name}-{mutant.document.name}".replace("/", "_")
                (given.keep / f"{name.removesuffix('.json')}.json").write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")
    faults = known()
    musts = [(name, finding) for name, findings in clean.items() for finding in findings if finding["level"] == "must"]
    alarms = [(name, finding) for name, finding in musts if not excused(finding.get("path", ""), faults.get(name, []))]
    text = report(mutants, documents, alarms, len(musts) - len(alarms))
    print(text)
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    must = [mutant for mutant in mutants if mutant.fault.level == "must"]
    share = 100 * sum(mutant.outcome == "found" for mutant in must) / max(1, len(must))
    return 0 if min(share, by_kind(must)) >= given.wanted and not alarms else 1


if __name__ == "__main__":
    sys.exit(main())
