"""The score, made with a small program in the place of the real one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mutation.score import HERE, excused

STUB = '''#!{python}
import json, sys
assert sys.argv[1:3] == ["check", "--json"]
documents = []
for name in sys.argv[3:]:
    document = json.load(open(name))
    findings = []
    if document.get("type") == "Manifest" and "label" not in document:
        findings.append({{"level": "must", "rule": "label", "clause": "3.1", "path": "", "message": "A Manifest has a label."}})
    if {noise} and document.get("type") == "Collection":
        findings.append({{"level": "must", "rule": "noise", "clause": "0", "path": "items/0", "message": "Noise."}})
    documents.append({{"source": name, "kind": "x", "version": "x", "findings": findings}})
print(json.dumps({{"documents": documents}}))
sys.exit({status})
'''


def run(tmp_path: Path, noise: bool = False, status: int = 1, only: str = "manifest-without-label") -> tuple[subprocess.CompletedProcess, str]:
    stub = tmp_path / "stub"
    stub.write_text(STUB.format(python=sys.executable, noise=noise, status=status))
    stub.chmod(0o755)
    page = tmp_path / "score.md"
    command = [sys.executable, str(HERE / "score.py"), "--program", str(stub), "--only", only, "--write", str(page), "--keep", str(tmp_path / "kept")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, env={})
    return done, page.read_text() if page.exists() else ""


def test_all_found(tmp_path):
    done, page = run(tmp_path, only="presentation-3/manifest-without-label")
    assert done.returncode == 0, done.stderr
    assert "| Presentation API 3.0 | 1 | 1 |" in page and "100.0 %" in page and "0 are false alarms" in page


def test_what_is_missed_is_named_and_kept(tmp_path):
    done, page = run(tmp_path, only="presentation-3/canvas-without-id")
    assert done.returncode == 1
    assert "presentation-3/canvas-without-id: A Canvas has no id." in page and "0.0 %" in page
    kept = sorted((tmp_path / "kept").iterdir())
    assert kept and all(file.name.startswith("missed-presentation-3_canvas-without-id") for file in kept)
    assert all(json.loads(file.read_text()) for file in kept)


def test_false_alarm(tmp_path):
    done, page = run(tmp_path, noise=True, only="presentation-3/manifest-without-label")
    assert done.returncode == 1 and "seeds/presentation3-collection.json `items/0`: 0: Noise." in page


def test_a_program_that_breaks_ends_the_score(tmp_path):
    done, page = run(tmp_path, status=2)
    assert done.returncode == 1 and "ended with 2" in done.stderr and not page


@pytest.mark.parametrize(("path", "said"), [("rights", True), ("rights/0", True), ("", True), ("items", False), ("rightsHolder", False)])
def test_excused(path, said):
    assert excused(path, ["rights"]) is said


def test_listing_needs_no_program():
    done = subprocess.run([sys.executable, str(HERE / "score.py"), "--list"], capture_output=True, text=True, timeout=100, check=False, env={})
    assert done.returncode == 0 and "presentation-3/painting-without-target" in done.stdout
