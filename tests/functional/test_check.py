"""`armarium check`: sources, exit status, the two forms of what it says, and what is hostile."""

import json
import subprocess
import sys

import pytest

from support.server import ROOT

SEEDS = ROOT / "tests" / "mutation" / "seeds"
GOOD = SEEDS / "presentation3-book.json"


def check(program, *arguments: str, text: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([program, "check", *arguments], input=text, capture_output=True, text=True, timeout=60)


def broken(path, **changes) -> str:
    document = json.loads(GOOD.read_text())
    document.update(changes)
    path.write_text(json.dumps(document))
    return str(path)


def test_nothing_is_wrong(program):
    done = check(program, str(GOOD))
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith(f"{GOOD}: Manifest of Presentation 3.0: ")


def test_a_fault_is_named_with_place_and_clause(program, tmp_path):
    done = check(program, broken(tmp_path / "a.json", label="A title"))
    assert done.returncode == 1
    assert "  must   label: label must be a language map, such as {\"en\": [\"Title\"]}. (Presentation 3.0, 3.1 label)\n" in done.stdout


def test_as_json(program, tmp_path):
    name = broken(tmp_path / "a.json", rights="https://creativecommons.org/licenses/by/4.0/")
    done = check(program, "--json", str(GOOD), name)
    first, second = json.loads(done.stdout)["documents"]
    assert (first["source"], first["kind"], first["version"]) == (str(GOOD), "Manifest", "Presentation 3.0")
    assert [finding["path"] for finding in second["findings"] if finding["level"] == "must"] == ["rights"]
    assert done.returncode == 1


def test_folders_and_the_standard_input(program, tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    broken(tmp_path / ".hidden" / "x.json", label=1)
    broken(tmp_path / "deep" / "er" / "a.json", label=1)
    (tmp_path / "notes.txt").write_text("no document")
    done = check(program, str(tmp_path))
    assert done.returncode == 1 and done.stdout.count("Manifest of") == 1 and "er/a.json" in done.stdout
    assert check(program, "-", text=GOOD.read_text()).returncode == 0


def test_strict(program, tmp_path):
    document = json.loads(GOOD.read_text())
    document.pop("summary", None)
    (tmp_path / "a.json").write_text(json.dumps(document))
    assert check(program, str(tmp_path / "a.json")).returncode == 0
    assert check(program, "--strict", str(tmp_path / "a.json")).returncode == 1


def test_what_cannot_be_read(program, tmp_path):
    done = check(program, str(tmp_path / "nothing.json"))
    assert done.returncode == 1 and "cannot be read" in done.stderr
    assert check(program).returncode == 2


@pytest.mark.parametrize("text", ["", "{", "[" * 100000, '{"type": "Manifest", "items": ' + "[" * 60 + "]" * 60 + "}", "\0\xff", '{"type": 5}', '{"@context": 7, "type": "Manifest"}',
                                  '{"type": "Annotation", "target": {"type": "SpecificResource", "selector": {"refinedBy": ' * 20])
def test_what_is_hostile_is_a_finding(program, text):
    done = check(program, "-", text=text)
    assert done.returncode == 1 and "must" in done.stdout


@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.json")), ids=lambda path: path.stem)
def test_clean_documents_of_every_kind(program, seed):
    done = check(program, str(seed))
    assert done.returncode == 0, done.stdout
    assert "unknown" not in done.stdout


def test_it_finds_what_is_seeded(program, tmp_path):
    """At least 95 % of the seeded faults, and none in the clean documents: tests/mutation/README.md."""
    score = [sys.executable, str(ROOT / "tests" / "mutation" / "score.py"), "--program", str(program), "--write", str(tmp_path / "score.md")]
    done = subprocess.run(score, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout
