"""Runs one workload: starts each side, checks that the answers are alike, and measures them in turn."""
import dataclasses
import itertools
import pathlib
import tempfile
import traceback

import compare
from peers.armarium import Armarium

LONGEST_WARMING = 60  # seconds


class Entrant:
    """A side that takes part: its peer, its list, and its server while it runs."""

    def __init__(self, side, peer, picture, folder):
        self.side, self.peer, self.picture, self.folder = side, peer, picture, folder
        self.requests, self.listing = [], None
        if not side.announced:
            self.take(picture)
        self.label = side.label or side.peer
        self.server = None
        self.runs = []
        self.notes = []
        self.starts = itertools.count()

    def take(self, picture):
        self.requests = self.side.requests(picture)
        self.listing = self.write(self.requests, "list.txt")

    def address(self, line):
        """The path of a request below the server's base address."""
        if not self.picture.many:
            return f"{self.peer.identifier(self.picture)}/{line}"
        name, rest = line.split("/", 1)
        one = dataclasses.replace(self.picture, name=name, file=self.picture.file.with_stem(name))
        return f"{self.peer.identifier(one)}/{rest}"

    def write(self, requests, name):
        path = self.folder / name
        path.write_text("".join(self.address(line) + "\n" for line in requests))
        return path

    def start(self, meter):
        folder = self.folder / f"start{next(self.starts)}"
        folder.mkdir()
        self.server = self.peer.start(self.picture, folder, self.side.caches, self.side.arguments)
        if self.side.announced and not self.requests:
            tile = compare.announced_tile(self.server.url + self.address("info.json"))
            self.take(dataclasses.replace(self.picture, tile=tile))
            self.label += f" ({tile})"
        if self.side.optimize and isinstance(self.peer, Armarium):
            self.peer.optimize(self.server, self.picture)
        if self.side.first:
            compare.fetch(self.server.url + self.address(self.side.first))
        if self.side.warm:
            meter.play(self.server.url, self.listing, requests=self.side.warm * len(self.requests), seconds=LONGEST_WARMING)

    def stop(self):
        if self.server:
            self.server.stop()
            self.server = None

    def note(self, text):
        if text and text not in self.notes:
            self.notes.append(text)


class Contest:
    def __init__(self, workload, options, peers, pictures, meter):
        self.workload, self.options, self.meter = workload, options, meter
        self.entrants, self.left_out = [], []
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{workload.name}-", dir=options.temporary))
        for number, side in enumerate(workload.sides):
            if side.peer not in peers and side.peer != "armarium":
                continue  # not asked for, or named as missing above the tables
            reason = self.why_not(side, peers, pictures)
            if reason:
                self.left_out.append(f"{side.label or side.peer}: {reason}")
                continue
            folder = self.folder / str(number)
            folder.mkdir()
            self.entrants.append(Entrant(side, peers[side.peer], pictures[side.picture], folder))

    @staticmethod
    def why_not(side, peers, pictures):
        if side.peer not in peers:
            return "not there"
        if not pictures[side.picture].there():
            return f"the pictures of {side.picture} are missing (README.md says how they are made)"
        return peers[side.peer].refuses(pictures[side.picture])

    def subject(self):
        return next((one for one in self.entrants if one.side is self.workload.sides[0]), None)

    def prepare(self):
        """Starts everybody, the subject first, and compares answers; leaves those stopped that start anew for each repetition."""
        reference = None
        for entrant in list(self.entrants):
            try:
                if getattr(entrant.peer, "needs_answers", False):
                    self.write_static(entrant)
                entrant.start(self.meter)
                same = reference if self.subject() and entrant.picture is self.subject().picture else None
                answers, faults = compare.examine(entrant, same)
                for fault in faults:
                    entrant.note(fault)
                if entrant is self.subject():
                    reference = answers
                if entrant.side.fresh:
                    entrant.stop()
                else:
                    entrant.server.halt()
            except (OSError, RuntimeError, ValueError) as error:
                self.left_out.append(f"{entrant.label}: {error}")
                entrant.stop()
                self.entrants.remove(entrant)

    def write_static(self, entrant):
        """The subject's answers as files, for a peer that serves nothing else."""
        subject = self.subject()
        if subject is None or subject.server is None:
            raise RuntimeError("no answers to copy: the subject does not run")
        subject.server.go_on()
        for path in dict.fromkeys(line.split("\t")[0] for line in entrant.requests):
            file = self.options.static / entrant.address(path)
            file.parent.mkdir(parents=True, exist_ok=True)
            status, body = compare.fetch(subject.server.url + subject.address(path))
            if status != 200:
                raise RuntimeError(f"the subject answers {status} for {path}")
            file.write_bytes(body)
        subject.server.halt()

    def measure(self, entrant, connections):
        workload = self.workload
        if entrant.side.fresh:
            entrant.start(self.meter)
        else:
            entrant.server.go_on()
        options = {"connections": connections, "rate": workload.rate}
        if workload.once:
            options["requests"] = len(entrant.requests)
        elif workload.count:
            options["requests"] = int(workload.count * self.options.seconds)
        else:
            options["seconds"] = self.options.seconds
            options["requests"] = len(entrant.requests) if entrant.side.fresh else 0
        if workload.beside:
            options["beside"] = entrant.write(workload.beside(entrant.picture), "beside.txt")
        result = self.meter.measure(entrant.server, entrant.listing, **options)
        result.update(server=entrant.label, connections=connections, views=result["rps"] / len(entrant.requests),
                      cpu_view_ms=result["cpu_ms"] * len(entrant.requests))
        entrant.runs.append(result)
        if entrant.side.fresh:
            entrant.stop()
        else:
            entrant.server.halt()

    def run(self):
        """Everybody once in each repetition, in an order that turns; returns the outcome as plain values."""
        workload = self.workload
        try:
            self.prepare()
            fixed = workload.rate or workload.count or workload.once or workload.connections != 8
            for connections in [workload.connections] if fixed else self.options.connections:
                for repetition in range(self.options.repetitions):
                    order = self.entrants if repetition % 2 == 0 else self.entrants[::-1]
                    for entrant in order:
                        try:
                            self.measure(entrant, connections)
                        except RuntimeError as error:
                            raise RuntimeError(f"{entrant.label}: {error} {entrant.server.obituary() if entrant.server else ''}") from error
                        entrant.runs[-1]["repetition"] = repetition
        except Exception:  # one workload that fails must not lose the others
            self.left_out.append("broken off: " + traceback.format_exc(limit=1).splitlines()[-1])
        finally:
            for entrant in self.entrants:
                entrant.stop()
        return {
            "name": workload.name, "title": workload.title, "goal": workload.goal, "figure": workload.figure, "timed_class": workload.timed_class,
            "note": workload.note, "further": workload.further, "left_out": self.left_out,
            "entrants": [{"label": one.label, "peer": one.side.peer, "picture": one.side.picture, "caches": one.side.caches, "notes": one.notes,
                          "runs": one.runs} for one in self.entrants],
        }
