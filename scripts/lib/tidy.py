#!/usr/bin/env python3
"""Runs clang-tidy over FILES: tidy.py COMPILE_COMMANDS JOBS FILES…

The build's commands are copied to build/tidy without what only g++ understands (its precompiled headers above all: so an include that they hide is found
missing here). A file that passed is not looked at again until its preprocessed text, its command, .clang-tidy or clang-tidy itself changes.
"""
import concurrent.futures
import hashlib
import json
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build/tidy"
PASSED = FOLDER / "passed"
MOST_KEPT = 5000


def clean_commands(source):
    """Commands by file, also written to FOLDER where clang-tidy looks for them."""
    kept = []
    for entry in json.loads(pathlib.Path(source).read_text()):
        if "cmake_pch" in entry["file"] or "header_check" in entry["file"]:
            continue
        text = re.sub(r"-include \S+cmake_pch\S+", "", entry["command"])
        entry["command"] = re.sub(r"\s-(?:fpch-preprocess|Winvalid-pch|Wduplicated-cond|Wlogical-op)\b", " ", text)
        kept.append(entry)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "compile_commands.json").write_text(json.dumps(kept, indent=1))
    return {entry["file"]: entry for entry in kept}


def fingerprint(entry, common):
    """A hash of all that the result depends on; None where the file cannot be preprocessed."""
    words = shlex.split(entry["command"])
    output = words.index("-o")
    words = ["clang++", *words[1:output], *words[output + 2 :]]
    words[words.index("-c")] = "-E"
    text = subprocess.run([*words, "-C"], cwd=entry["directory"], capture_output=True)
    if text.returncode != 0:
        return None
    return hashlib.sha256(common + entry["command"].encode() + text.stdout).hexdigest()


def check(file, entry, common):
    """(file, whether it passed, whether it was known to, output)"""
    key = fingerprint(entry, common) if entry else None
    if key and (PASSED / key).exists():
        (PASSED / key).touch()
        return file, True, True, ""
    command = ["clang-tidy", "-p", str(FOLDER), "--quiet", *(["--checks=-clang-analyzer-*"] if file.endswith("_test.cpp") else []), file]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0 and key:
        (PASSED / key).touch()
    return file, done.returncode == 0, False, done.stdout or done.stderr


def forget_oldest():
    kept = sorted(PASSED.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST_KEPT:]:
        path.unlink()


def main():
    commands, jobs, files = clean_commands(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    PASSED.mkdir(exist_ok=True)
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    common = version + (ROOT / ".clang-tidy").read_bytes()
    faults = known = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        work = [pool.submit(check, file, commands.get(str(ROOT / file)), common) for file in files]
        for done in concurrent.futures.as_completed(work):
            file, passed, was_known, output = done.result()
            known += was_known
            if not passed:
                faults += 1
                print(f"{file}: clang-tidy\n{output}", flush=True)
    forget_oldest()
    print(f"clang-tidy: {len(files)} files, {known} of them unchanged since they passed, {faults} with faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
