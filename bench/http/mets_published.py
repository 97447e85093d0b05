#!/usr/bin/env python3
"""How long a METS of 2,000 pages takes until it is published: the file of a folder that is known already is replaced, and the Manifest asked for until it says so.

    tests/.venv/bin/python bench/http/mets_published.py build/release/armarium [PAGES]
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image


def mets(pages: int, label: str) -> str:
    numbers = range(1, pages + 1)
    files = "".join(f'<file ID="F{n}" MIMETYPE="image/jpeg"><FLocat LOCTYPE="URL" xlink:href="https://host/max/{n:08}.jpg"/></file>\n' for n in numbers)
    divs = "".join(f'<div ID="P{n}" ORDER="{n}" ORDERLABEL="{n}" TYPE="page"><fptr FILEID="F{n}"/></div>\n' for n in numbers)
    parts = "".join(f'<div ID="L{n}" LABEL="Chapter {n}" TYPE="chapter"/>\n' for n in numbers if n % 5 == 1)
    links = "".join(f'<smLink xlink:from="L{n - (n - 1) % 5}" xlink:to="P{n}"/>\n' for n in numbers)
    return (f'<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" LABEL="{label}"><fileSec><fileGrp USE="MAX">{files}</fileGrp></fileSec>'
            f'<structMap TYPE="LOGICAL"><div TYPE="monograph">{parts}</div></structMap><structMap TYPE="PHYSICAL"><div TYPE="physSequence">{divs}</div></structMap>'
            f"<structLink>{links}</structLink></mets>")


def main() -> None:
    program, pages = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    with tempfile.TemporaryDirectory() as root:
        book = Path(root, "folder", "book")
        book.mkdir(parents=True)
        for page in range(1, pages + 1):
            Image.new("RGB", (20, 30), (page % 256, page // 256, 80)).save(book / f"{page:08}.jpg")
        server = subprocess.Popen([program, "serve", str(book.parent), "--listen", "127.0.0.1:18479"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            def label() -> str:
                try:
                    with urllib.request.urlopen("http://127.0.0.1:18479/iiif/book/manifest") as answer:
                        return json.load(answer)["label"]["none"][0]
                except OSError:
                    return ""

            while label() != "book":
                time.sleep(0.1)
            time.sleep(2)
            for run in range(5):
                (book / ".new").write_text(mets(pages, f"Run {run}"))
                begin = time.monotonic()
                os.replace(book / ".new", book / "mets.xml")
                while label() != f"Run {run}":
                    time.sleep(0.01)
                print(f"{pages} pages: published and answered after {time.monotonic() - begin:.2f} s")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
