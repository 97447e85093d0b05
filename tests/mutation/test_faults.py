"""The seeded faults themselves: each can be made, changes its document at a place that is there, and names what it breaks."""

from __future__ import annotations

import csv
import json
import re

import pytest

from mutation.corpus import beside, corpus, document, families
from mutation.faults import all_faults
from mutation.model import Edit, agrees, mutated, written
from mutation.score import HERE, Mutant, chosen, judge, keys

FAULTS = all_faults()
NAMES = [fault.name for fault in FAULTS]
CONFORMANCE = HERE.parent / "conformance"
LEAST = {"Presentation API 3.0": 35, "Presentation API 2.1": 15, "Presentation API 4.0": 15, "Image API": 12, "Content Search": 12, "Auth": 8, "Change Discovery": 6,
         "Content State": 4, "Georeference": 3, "navPlace": 3, "Text Granularity": 2}


@pytest.fixture(scope="module")
def documents():
    return corpus(beside("COOKBOOK", "cookbook-recipes"), beside("IIIF_API", "api"))


def requirements() -> set[str]:
    found = set()
    for file in (CONFORMANCE / "requirements.tsv", CONFORMANCE / "later.tsv", HERE / "requirements.tsv"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"([A-Z]+\d?-\d+)\t", line):
                found.add(match[1])
    return found


def test_names_are_unique():
    assert len(NAMES) == len(set(NAMES))


def test_there_are_enough_of_each():
    for title, least in LEAST.items():
        assert sum(fault.specification.startswith(title) for fault in FAULTS) >= least, title


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_fault(fault, documents):
    """It can be made in a seed at least, changes the document, says what it breaks; its place is in the document."""
    assert fault.says.endswith(".") and fault.clause and fault.ids and fault.level in ("must", "should")
    mutants = [mutant for mutant in chosen(fault, documents)]
    assert any(mutant.document.name.startswith("seeds/") for mutant in mutants), "no seed has a place for it"
    for mutant in mutants:
        before = json.dumps(mutant.document.value)
        broken = mutated(mutant.document.value, mutant.edit)
        assert json.dumps(mutant.document.value) == before, "the clean document stays as it is"
        assert broken != mutant.document.value, mutant.document.name
        inside = mutant.document.value
        for step in mutant.edit.where[:-1]:
            inside = inside[step]
        assert isinstance(inside, (dict, list)), written(mutant.edit.where)


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_fault_is_always_made_at_the_same_places(fault, documents):
    assert [(mutant.document.name, mutant.edit) for mutant in chosen(fault, documents)] == [(mutant.document.name, mutant.edit) for mutant in chosen(fault, documents)]


def test_ids_are_requirements():
    known = requirements()
    wrong = {f"{fault.name}: {name}" for fault in FAULTS for name in fault.ids if name not in known}
    assert not wrong, sorted(wrong)


def test_seeds_are_what_their_names_say(documents):
    """Every family of faults has seeds, and no seed is of none."""
    seeds = [document for document in documents if document.name.startswith("seeds/")]
    assert all(seed.families for seed in seeds), [seed.name for seed in seeds if not seed.families]
    covered = set().union(*(seed.families for seed in seeds))
    assert {family for fault in FAULTS for family in fault.families} <= covered


def test_known_faults_name_a_reason():
    with (HERE / "known_faults.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert all(row["document"].startswith(("cookbook/", "specification/", "fixtures/")) and row["path"] and row["rule"] and row["why"] for row in rows), "seeds of our own are right"


def test_families():
    assert families({"@context": "http://iiif.io/api/image/2/context.json"}, "x") == {"image-2"}
    assert families({"@context": "http://iiif.io/api/presentation/3/context.json", "motivation": ["contentState"]}, "x") == {"content-state"}


@pytest.mark.parametrize(
    ("reported", "agree"),
    [("items/0/label", True), ("items/0", True), ("items/0/label/en/0", True), ("items", True), ("", False), ("items/1/label", False), ("summary", False)],
)
def test_path_of_a_report(reported, agree):
    assert agrees(Edit(("items", 0, "label"), ()), reported) is agree


def test_judgement():
    """A finding that was there before does not count; one at another place counts as elsewhere."""
    fault = next(fault for fault in FAULTS if fault.name == "presentation-3/manifest-without-label")
    old = {"level": "must", "rule": "x", "path": "items/0"}
    mutant = Mutant(fault, document("seeds/x", {"type": "Manifest"}), Edit(("label",), ()))
    for findings, outcome in (([old], "missed"), ([old, old], "elsewhere"), ([old, {**old, "path": "label"}], "found"), ([old, {**old, "path": "label", "level": "should"}], "missed")):
        judge(mutant, keys([old]), findings)
        assert mutant.outcome == outcome
