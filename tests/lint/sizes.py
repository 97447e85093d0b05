#!/usr/bin/env python3
"""File and line sizes: aim 60 to 150 lines, nine in ten under 400, a warning at 600, an error at 1,000."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = {".h", ".cpp", ".ts", ".py", ".sh", ".css", ".mustache", ".cmake"}
# Generated tables, each with its reason.
EXCEPTED = {}


def tracked():
    out = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [pathlib.Path(p.decode()) for p in out.split(b"\0") if p]


def main():
    faults, warnings, lengths = 0, 0, []
    for path in tracked():
        if path.suffix not in CODE or not (ROOT / path).is_file():
            continue
        count = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        lengths.append(count)
        if str(path) in EXCEPTED:
            continue
        if count >= 1000:
            print(f"{path}: {count} lines, the limit is 1,000")
            faults += 1
        elif count >= 600:
            print(f"{path}: {count} lines, warning at 600")
            warnings += 1
    small = sum(1 for n in lengths if n < 400)
    if lengths and small < 0.9 * len(lengths):
        print(f"only {small} of {len(lengths)} files are under 400 lines; nine in ten are wanted")
        faults += 1
    readme = ROOT / "README.md"
    if readme.is_file() and len(readme.read_text().splitlines()) > 150:
        print("README.md: more than 150 lines")
        faults += 1
    print(f"sizes: {len(lengths)} files, {warnings} warnings, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
