"""What every peer has in common: processes that are started, stopped and halted, a free port, and waiting for the first answer."""
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from measure import with_children


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, seconds=30):
    """Any answer of HTTP will do; raises when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class Server:
    """A running server: base address that identifiers are appended to, its processes, and what to do when it ends."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.url = ""
        self.processes = []
        self.files = []

    def spawn(self, command, **options):
        log = open(self.folder / f"{pathlib.Path(str(command[0])).name}.log", "ab")
        self.files.append(log)
        options.setdefault("stdout", log)
        self.processes.append(subprocess.Popen([str(part) for part in command], stderr=log, **options))
        return self.processes[-1]

    def pids(self):
        return [process.pid for process in self.processes]

    def obituary(self):
        """Which of its processes have ended, how, and the last words of their logs; empty while all live."""
        dead = [process for process in self.processes if process.poll() is not None]
        if not dead:
            return ""
        logs = " ".join(file.read_text(errors="replace")[-400:] for file in sorted(self.folder.glob("*.log")))
        return f"{', '.join(f'{process.args[0]} ended with {process.returncode}' for process in dead)}: {' '.join(logs.split())}"

    def signal_all(self, number):
        for pid in with_children(self.pids()):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def halt(self):
        """Stops its processes where they are, so that what it does in the background is not in the other's figures."""
        self.signal_all(signal.SIGSTOP)

    def go_on(self):
        self.signal_all(signal.SIGCONT)

    def stop(self):
        self.go_on()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for file in self.files:
            file.close()


class Peer:
    """A kind of server. Subclasses start one for one picture."""

    name = ""

    def __init__(self, options):
        self.options = options

    def missing(self):
        """Why it cannot run here, or nothing."""
        return ""

    def refuses(self, picture):
        """Why it cannot serve this picture, or nothing."""
        return ""

    def identifier(self, picture):
        return picture.file.name

    def start(self, picture, folder, caches, arguments):
        raise NotImplementedError

    def version(self):
        return ""
