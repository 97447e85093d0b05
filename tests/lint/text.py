#!/usr/bin/env python3
"""What must not be in a file: trailing blanks, tabs in C++, hosts of package registries, paths of somebody's machine."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = {".h", ".cpp", ".ts", ".mjs", ".py", ".sh", ".css", ".mustache", ".cmake", ".md", ".json", ".txt", ".yml", ".toml", ""}
REGISTRY = re.compile(r"https?://(?:registry\.npmjs\.org|pypi\.org/simple|files\.pythonhosted\.org|deb\.debian\.org)")


def main():
    faults = 0
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in names:
        path = ROOT / name.decode() if name else None
        if path is None or not path.is_file() or path.suffix not in TEXT or path == pathlib.Path(__file__).resolve():
            continue
        if name.startswith((b"examples/", b"tests/fixtures/")):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            where = f"{name.decode()}:{number}"
            if path.suffix in (".h", ".cpp") and "\t" in line:
                print(f"{where}: tab")
                faults += 1
            if line != line.rstrip() and path.suffix not in (".md", ".txt"):
                print(f"{where}: blanks at the end of the line")
                faults += 1
            if REGISTRY.search(line):
                print(f"{where}: names a package registry's host")
                faults += 1
    print(f"text: {len(names) - 1} files, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
