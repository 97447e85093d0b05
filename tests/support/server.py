"""Starts the program on a free port, waits for its ready line, and ends it again."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .client import Client

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"Armarium is listening on (http\S+)")


def find_program() -> Path | None:
    """$PROGRAM_UNDER_TEST, else the newest of the usual build folders."""
    named = os.environ.get("PROGRAM_UNDER_TEST")
    if named:
        return Path(named).resolve()
    candidates = [ROOT / "build" / preset / "armarium" for preset in ("release", "dev", "asan", "tsan")]
    present = [path for path in candidates if path.is_file()]
    return max(present, key=lambda path: path.stat().st_mtime) if present else None


class Server:
    """One running `armarium serve`. `state`: a folder, None for one of its own, False for the program's default. `lines` holds what it printed on standard output so far."""

    def __init__(self, folder: Path | str, *arguments: str, state: Path | str | bool | None = None, listen: str = "127.0.0.1:0",
                 program: Path | None = None, environment: dict[str, str] | None = None):
        self.program = program or find_program()
        assert self.program and self.program.is_file(), "no program: build it, or name it in PROGRAM_UNDER_TEST"
        self._own_state = None
        if state is None:
            self._own_state = tempfile.mkdtemp(prefix="armarium-state-")
            state = self._own_state
        placed = ["--state", str(state)] if state else []
        arguments = tuple(map(str, arguments))
        self.command = [str(self.program), "serve", str(folder), "--listen", listen, *placed, *arguments]
        # With --public-url the ready line may name the public address; this is where the program listens in any case.
        if "--public-url" in arguments and listen.endswith(":0"):
            listen = listen.removesuffix("0") + str(free_port())
            self.command[4] = listen
        self._local = "" if listen.endswith(":0") else ("https://" if "--tls-cert" in arguments else "http://") + listen
        self.lines: list[str] = []
        self.base = ""
        self.ready_after = 0.0
        self.started = time.monotonic()
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env={**os.environ, **(environment or {})})
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            match = READY.match(line)
            if match and not self.base:
                self.ready_after = time.monotonic() - self.started
                self.base = self._local or match.group(1).rstrip("/")
                self._ready.set()
        self._ready.set()

    def wait_ready(self, seconds: float = 20) -> "Server":
        assert self._ready.wait(seconds), f"no ready line within {seconds} s: {self.command}\n{self.log_text()}"
        assert self.base, f"ended before it was ready (exit {self.process.wait(5)}): {self.command}\n{self.log_text()}"
        return self

    def client(self, timeout: float = 60) -> Client:
        return Client(self.base, timeout)

    def log_text(self) -> str:
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")[-8000:]

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self, seconds: float = 12, number: int = signal.SIGTERM) -> int:
        """Ask it to end and return its exit status; a server that does not end in time is killed, which fails the test."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
            raise AssertionError(f"still running {seconds} s after signal {number}: {self.command}\n{self.log_text()}")
        finally:
            self._reader.join(2)
            if self._own_state:
                shutil.rmtree(self._own_state, ignore_errors=True)
        return status

    def __enter__(self) -> "Server":
        return self.wait_ready()

    def __exit__(self, *_) -> None:
        self.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds: float, step: float = 0.1):
    """The first true value of `condition()`; fails after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"still not so after {seconds} s: {getattr(condition, '__doc__', None) or condition}")
        time.sleep(step)


def wait_indexed(client: Client, seconds: float = 120) -> dict:
    """Wait until `/status` says that no scan is running; returns the status document."""

    def idle():
        status = client.get("/status", {"Accept": "application/json"}).json()
        return status if not is_scanning(status) else None

    return wait_until(idle, seconds, 0.2)


def is_scanning(status: dict) -> bool:
    """True while `/status` reports a scan under way or pictures whose headers are still to be read."""
    library = status["library"]
    held = library["first_scan_done"] or library["mount_warning"]  # a missing mount ends the look, too
    return library["scanning"] or library["pending"] > 0 or not held
