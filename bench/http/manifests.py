#!/usr/bin/env python3
"""How long a Manifest takes: first byte and last, of 1, 100 and 10,000 Canvases, from both databases in one run.

    bench/http/manifests.py --program build/release/armarium [--database postgresql://…] [--rounds 200]

Each Manifest is put in; "cold" is its first reading by a server that was started again, "warm" the rounds that follow, each on a connection of its own. Figures are milliseconds on this machine: what counts is how
they compare."""

import argparse
import base64
import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

PASSWORD = "a password for the bench"
SIZES = (1, 100, 10_000)


def document(canvases: int) -> bytes:
    home = f"https://example.org/{canvases}"
    items = []
    for i in range(canvases):
        canvas, service = f"{home}/canvas/{i}", f"https://images.example.org/{i}"
        body = {"id": f"{service}/full/max/0/default.jpg", "type": "Image", "format": "image/jpeg", "height": 3000, "width": 2000,
                "service": [{"id": service, "type": "ImageService3", "profile": "level2"}]}
        painting = {"id": f"{home}/annotation/{i}", "type": "Annotation", "motivation": "painting", "body": body, "target": canvas}
        items.append({"id": canvas, "type": "Canvas", "label": {"none": [str(i + 1)]}, "height": 3000, "width": 2000,
                      "items": [{"id": f"{home}/page/{i}", "type": "AnnotationPage", "items": [painting]}]})
    return json.dumps({"@context": "http://iiif.io/api/presentation/3/context.json", "id": f"{home}/manifest", "type": "Manifest",
                       "label": {"en": [f"{canvases} pages"]}, "items": items}).encode()


def get(port: int, path: str) -> tuple[float, float, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    begin = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    first = time.perf_counter() - begin
    size = len(answer.read())
    last = time.perf_counter() - begin
    connection.close()
    assert answer.status == 200, (path, answer.status)
    return first * 1000, last * 1000, size


class Server:
    def __init__(self, program: str, folder: str, arguments: list[str]):
        self.process = subprocess.Popen([program, "serve", folder, "--listen", "127.0.0.1:0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        time.sleep(1)  # the look at the empty folder

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(20)


def put(port: int, size: int) -> float:
    key = base64.b64encode(f"bench:{PASSWORD}".encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    begin = time.perf_counter()
    connection.request("PUT", f"/iiif/book-{size}/manifest", document(size), {"Content-Type": "application/json", "Authorization": f"Basic {key}"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 201, answer.status
    return (time.perf_counter() - begin) * 1000


def measure(program: str, database: str | None, rounds: int) -> list[tuple]:
    arguments = ["--database", database] if database else []
    environment = dict(os.environ, **({"ARMARIUM_DATABASE": database} if database else {}))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "user", "add", "bench", "--role", "editor", "--folder", folder], input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL, env=environment)
        with Server(program, folder, arguments) as server:
            put(server.port, 2)  # signs in
            written = {size: put(server.port, size) for size in SIZES}
        with Server(program, folder, arguments) as server:
            for size in SIZES:
                path = f"/iiif/book-{size}/manifest"
                cold = get(server.port, path)
                warm = [get(server.port, path) for _ in range(rounds)]
                firsts, lasts = sorted(one[0] for one in warm), sorted(one[1] for one in warm)
                most = rounds * 99 // 100
                rows.append((size, cold[2], written[size], cold[0], cold[1], firsts[rounds // 2], firsts[most], lasts[rounds // 2], lasts[most]))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/armarium", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--database", help="a PostgreSQL to compare with SQLite")
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    print("| database | canvases | bytes | PUT | cold: first byte | last | warm: first byte, p50 | p99 | last, p50 | p99 |\n|" + " --- |" * 10)
    for name, database in (("SQLite", None), ("PostgreSQL", options.database)):
        if name == "PostgreSQL" and database is None:
            continue
        for size, length, *times in measure(options.program, database, options.rounds):
            print(f"| {name} | {size:,} | {length:,} | " + " | ".join(f"{value:.1f}" for value in times) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
