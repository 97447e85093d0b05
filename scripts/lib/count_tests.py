#!/usr/bin/env python3
"""Adds up what the runners said in the logs of scripts/test: count_tests.py LOGS [FAILED SUITE…]. Ends with "N passed, N failed, N skipped"."""
import pathlib
import re
import sys

GTEST = re.compile(r"\[\s+PASSED\s+\] (\d+) tests?")
GTEST_FAILED = re.compile(r"^\s*(\d+) FAILED TESTS?", re.M)
GTEST_SKIPPED = re.compile(r"\[\s+SKIPPED\s+\] (\d+) tests?")
PYTEST = re.compile(r"^(?=.*\bin [\d.]+s)(?:=+ )?((?:\d+ \w+(?:, )?)+)", re.M)
NODE = re.compile(r"^(?:#|ℹ) (pass|fail|skipped) (\d+)", re.M)
CTEST = re.compile(r"tests passed, (\d+) tests failed out of (\d+)")
LINT = re.compile(r"^(?:lint|fuzz): (\d+) passed, (\d+) failed", re.M)


def count(text):
    passed = failed = skipped = 0
    for summary in PYTEST.findall(text):
        words = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", summary)}
        passed += words.get("passed", 0) + words.get("xfailed", 0)
        failed += words.get("failed", 0) + words.get("error", 0) + words.get("errors", 0)
        skipped += words.get("skipped", 0)
    for kind, number in NODE.findall(text):
        passed += int(number) if kind == "pass" else 0
        failed += int(number) if kind == "fail" else 0
        skipped += int(number) if kind == "skipped" else 0
    for failed_programs, programs in CTEST.findall(text):
        failed += int(failed_programs)
        passed += int(programs) - int(failed_programs)
    for good, bad in LINT.findall(text):
        passed, failed = passed + int(good), failed + int(bad)
    return passed, failed, skipped


def gtest_total(log):
    """Unit tests inside the programs that ctest ran, from ctest's own log of their output."""
    last = log.parent.parent / ("asan" if log.stem.startswith("asan") else "release") / "Testing/Temporary/LastTest.log"
    if not last.exists() or "unit" not in log.stem:
        return None
    text = last.read_text(errors="replace")
    passed = sum(map(int, GTEST.findall(text)))
    failed = sum(map(int, GTEST_FAILED.findall(text)))
    return passed, failed, sum(map(int, GTEST_SKIPPED.findall(text)))


def main():
    logs, broken = pathlib.Path(sys.argv[1]), sys.argv[2:]
    total = [0, 0, 0]
    for log in sorted(logs.glob("*.log")):
        numbers = gtest_total(log) or count(log.read_text(errors="replace"))
        if log.stem in broken and numbers[1] == 0:
            numbers = (numbers[0], 1, numbers[2])  # it failed without saying which test
        if any(numbers):
            print(f"{log.stem:20} {numbers[0]:6} passed {numbers[1]:4} failed {numbers[2]:4} skipped")
        total = [a + b for a, b in zip(total, numbers)]
    if broken:
        print("failed suites: " + " ".join(broken))
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    return 1 if broken or total[1] or not total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
