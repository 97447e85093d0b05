"""`armarium check` of real documents of others, in ../shared/data/iiif: it says what is listed in real_documents.tsv, no less and no more. Each line was looked up in the document and in the
specification when it was listed. `python test_real_documents.py PROGRAM DATA` prints the list anew; read what is new before it goes in."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

LIST = Path(__file__).with_name("real_documents.tsv")
# What is shortened to its excerpts, or is a template of a site generator, is no document.
LEFT_OUT = ("spec_examples/", "cookbook/")


def documents(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.json")) if not path.relative_to(folder).as_posix().startswith(LEFT_OUT)]


def faults(program: str, folder: Path) -> list[str]:
    """One line for each sentence about a document: document, how often (20: as often or more), where first, the sentence and its clause. Addresses are left out."""
    files = documents(folder)
    done = subprocess.run([program, "check", "--json", *map(str, files)], capture_output=True, text=True, timeout=120)
    lines = []
    for source in json.loads(done.stdout)["documents"]:
        name = Path(source["source"]).relative_to(folder).as_posix()
        said = [(finding["path"] or "document", re.sub(r"https?://[^ \"]+[^ \".:]", "URL", finding["message"]), finding["clause"])
                for finding in source["findings"] if finding["level"] == "must"]
        times = Counter((message, clause) for _, message, clause in said)
        for path, message, clause in said:
            if (message, clause) in times:
                lines.append("\t".join((name, str(times.pop((message, clause))), path, message, clause)))
    return lines


def test_each_fault_of_a_real_document_is_listed(program, data_folder):
    listed = LIST.read_text(encoding="utf-8").splitlines()[1:]
    found = faults(str(program), data_folder / "iiif")
    assert sorted(set(found) - set(listed)) == [], "said, and not listed"
    assert sorted(set(listed) - set(found)) == [], "listed, and not said"
    assert len(documents(data_folder / "iiif")) > 100


if __name__ == "__main__":
    print("document\ttimes\tfirst\tsentence\tclause")
    print("\n".join(faults(sys.argv[1], Path(sys.argv[2]) / "iiif")))
