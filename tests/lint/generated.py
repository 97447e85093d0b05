#!/usr/bin/env python3
"""Generated pages are fresh: the layer picture and the table of settings (docs/conformance.md is checked by the conformance suite)."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIX = "--fix" in sys.argv


def output(command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def check_page(page, text, how):
    path = ROOT / page
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    if FIX:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return 0
    print(f"{page} is stale: {how}")
    return 1


def main():
    faults = subprocess.run([sys.executable, "scripts/lib/layers_svg.py"] + ([] if FIX else ["--check"]), cwd=ROOT).returncode
    program = ROOT / "build/release/armarium"
    if program.exists():
        faults += check_page("docs/guides/configuration.md", output([program, "settings"]), "tests/lint/generated.py --fix writes it")
    print(f"generated: {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
