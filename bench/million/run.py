#!/usr/bin/env python3
"""A folder tree of many small pictures, each an item of its own: first scan, start, walk of the Collection, scans after one change and after none.

    bench/million/run.py --program build/release/armarium [--folders 1000] [--files 1000] [--database postgresql://…] [--own-postgres]

Makes folders × files pictures of about a kilobyte, each with a number in it (--linked: hard links to 64 of them), in a temporary folder that is removed afterwards, and serves them twice: with an empty state, then
again. Wall time is of a machine that others use, so the server's own CPU seconds stand beside it. Memory: the most that was resident, and the anonymous part at the most and once it rests."""

import argparse
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
MOST_BYTES = 5_000_000


def small_picture(folder: pathlib.Path) -> bytes:
    """A JPEG of 48 × 32 pixels."""
    made = folder / "small.jpg"
    subprocess.run(["vips", "gaussnoise", folder / "noise.v", "48", "32", "--sigma", "20"], check=True)
    subprocess.run(["vips", "cast", folder / "noise.v", folder / "byte.v", "uchar"], check=True)
    subprocess.run(["vips", "jpegsave", folder / "byte.v", made, "--Q", "60"], check=True)
    return made.read_bytes()


def numbered(picture: bytes, number: int) -> bytes:
    """The same with a comment after its start, so that no two files are equal and their sizes differ."""
    text = str(number).encode() * (1 + number % 7) + b" " * (number % 997)
    return picture[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + picture[2:]


def make_tree(root: pathlib.Path, folders: int, files: int, linked: bool, work: pathlib.Path) -> None:
    picture = small_picture(work)
    sources = [work / f"source-{number}.jpg" for number in range(64)]
    if linked:
        for number, source in enumerate(sources):
            source.write_bytes(numbered(picture, number))
    number = 0
    for folder in range(folders):
        path = root / f"box-{folder:06d}"
        path.mkdir()
        (path / "info.yml").write_text(f"label: Box {folder}\neach: file\n")
        for file in range(files):
            name = os.path.join(path, f"plate-{file:05d}.jpg")
            if linked:
                os.link(sources[number // 60_000 % 64 if folders * files > 64 * 60_000 else number % 64], name)
            else:
                with open(name, "wb", buffering=0) as out:
                    out.write(numbered(picture, number))
            number += 1


class Server:
    def __init__(self, program: str, folder: pathlib.Path, arguments: list[str], log: pathlib.Path):
        begin = time.perf_counter()
        self.log = open(log, "ab")
        self.process = subprocess.Popen([program, "serve", folder, "--listen", "127.0.0.1:0", *arguments], stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        self.ready = time.perf_counter() - begin
        self.port = int(line.rsplit(":", 1)[1].strip("/\n"))
        self.most_anonymous = 0

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.log.close()

    def get(self, path: str, kind: str = "application/json") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", path, headers={"Accept": kind, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        data = answer.read()
        if answer.headers["Content-Encoding"] == "gzip":
            data = gzip.decompress(data)
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {data[:200]}")
        return data

    def cpu(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, name: str) -> float:
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) / 1024
        return 0

    def status(self) -> dict:
        self.most_anonymous = max(self.most_anonymous, self.memory("RssAnon"))
        return json.loads(self.get("/status"))["library"]

    def rests(self, after: float) -> dict:
        """Until a scan that ended after `after` (the last one's time) is done and nothing is pending."""
        said = time.monotonic()
        while True:
            now = self.status()
            if now["first_scan_done"] and not now["scanning"] and now["pending"] == 0 and now["last_scan_seconds"] != after:
                return now
            if time.monotonic() - said > 30:
                said = time.monotonic()
                print(f"  … {now['files']} files seen, {now['headers']} read, {now['pending']} folders open, {self.memory('RssAnon'):.0f} MB, {self.cpu():.0f} CPU s", file=sys.stderr)
            time.sleep(0.2)


def walk(server: Server, path: str, seen: list[int], most: list[int]) -> None:
    """Every Collection from here down: parts and folders; counts Manifests and the largest document."""
    text = server.get(path)
    most[0] = max(most[0], len(text))
    document = json.loads(text)
    seen[1] += 1
    for item in document["items"]:
        if item["type"] == "Manifest":
            seen[0] += 1
        else:
            walk(server, "/" + item["id"].split("/", 3)[3], seen, most)


def row(name: str, wall: float, cpu: float | None, note: str = "") -> None:
    print(f"| {name} | {wall:.2f} | {'' if cpu is None else f'{cpu:.2f}'} | {note} |", flush=True)


def timed(server: Server, name: str, body, note=lambda _: "") -> None:
    cpu, begin = server.cpu(), time.perf_counter()
    result = body()
    row(name, time.perf_counter() - begin, server.cpu() - cpu, note(result))


def visible(server: Server, address: str) -> None:
    while True:
        with contextlib.suppress(RuntimeError):
            server.get(address)
            return
        time.sleep(0.05)


def measure(options: argparse.Namespace, root: pathlib.Path, work: pathlib.Path, database: str | None) -> None:
    arguments = ["--database", database] if database else []
    arguments += ["--state", str(work / "state")]
    total = options.folders * options.files
    print(f"\n{options.folders:,} folders × {options.files:,} files, {'PostgreSQL' if database else 'SQLite'}\n")
    print("| what | seconds | CPU s | |\n| --- | --- | --- | --- |")
    with Server(options.program, root, arguments, work / "log") as server:
        begin = time.perf_counter()
        row("ready, empty state", server.ready, None)
        timed(server, "first answer meanwhile", lambda: server.get("/iiif/collection"))
        server.rests(0)
        wall = time.perf_counter() - begin
        row("first scan", wall, server.cpu(), f"{total / wall:,.0f} pages a second; anonymous memory up to {server.most_anonymous:.0f} MB")
    with Server(options.program, root, arguments, work / "log") as server:
        begin = time.perf_counter()
        row("ready, full state", server.ready, None)
        timed(server, "first answer", lambda: server.get("/iiif/collection"), lambda text: f"{len(text):,} bytes")
        ended = server.rests(0)
        row("scan of what is unchanged, after the start", time.perf_counter() - begin, server.cpu(), f"{ended['headers']} headers read; anonymous memory up to {server.most_anonymous:.0f} MB")
        time.sleep(3)
        seen, most = [0, 0], [0]
        timed(server, "walk of the whole Collection", lambda: walk(server, "/iiif/presentation/3/collection", seen, most),
              lambda _: f"{seen[0]:,} Manifests in {seen[1]:,} documents, the largest {most[0]:,} bytes")
        assert seen[0] == total and most[0] < MOST_BYTES, (seen, most)
        new = root / f"box-{options.folders // 2:06d}" / "another.jpg"
        new.write_bytes(numbered((root / "box-000000" / "plate-00000.jpg").read_bytes(), 7))
        last = server.status()["last_scan_seconds"]
        timed(server, "one new file: until its item answers", lambda: visible(server, f"/iiif/presentation/3/{new.parent.name}~another/manifest"))
        timed(server, "… until the scan of it has ended", lambda: server.rests(last))
        last = server.status()["last_scan_seconds"]
        subprocess.run([options.program, "rescan", str(root), "--state", str(work / "state")], check=True, stdout=subprocess.DEVNULL)
        timed(server, "rescan of what is unchanged", lambda: server.rests(last), lambda now: f"{now['headers']} headers read since the start")
        time.sleep(5)
        row("memory at rest", server.memory("RssAnon"), None, f"MB anonymous; {server.memory('VmHWM'):.0f} MB resident at the most, files of the database among it")
    size = sum(file.stat().st_size for file in (work / "state").rglob("*") if file.is_file())
    row("state on the disk", size / 1e6, None, "MB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/armarium", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--folders", type=int, default=1000)
    parser.add_argument("--files", type=int, default=1000, help="in each folder")
    parser.add_argument("--linked", action="store_true", help="hard links: many names of one file")
    parser.add_argument("--database", help="a PostgreSQL instead of SQLite")
    parser.add_argument("--own-postgres", action="store_true", help="instead of SQLite one that the tests start: with the Python of tests/.venv")
    parser.add_argument("--tree", type=pathlib.Path, help="a tree that an earlier run made with --keep-tree")
    parser.add_argument("--keep-tree", action="store_true")
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="armarium-million-"))
    root = options.tree or work / "pictures"
    try:
        if options.tree is None:
            root.mkdir()
            begin = time.perf_counter()
            make_tree(root, options.folders, options.files, options.linked, work)
            print(f"{root}: made in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
        if options.own_postgres:
            from support.postgres import Postgres
            with contextlib.closing(Postgres()) as postgres:
                measure(options, root, work, postgres.url())
        else:
            measure(options, root, work, options.database)
    finally:
        for made in work.iterdir():
            if not (options.keep_tree and made == root):
                shutil.rmtree(made) if made.is_dir() else made.unlink()
        if not options.keep_tree:
            work.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
