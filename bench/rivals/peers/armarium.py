"""Armarium as a user runs it: defaults, an access log, no --public-url, its state in a temporary folder, measured when the first scan is over."""
import json
import re
import shutil
import subprocess
import time
import urllib.request

from peers.server import Peer, Server


class Armarium(Peer):
    name = "armarium"

    def __init__(self, options):
        super().__init__(options)
        self.states = {}  # picture name → a state right after the first scan

    def missing(self):
        return "" if self.options.program and self.options.program.exists() else "no --program: scripts/build makes build/release/armarium"

    def version(self):
        return subprocess.run([self.options.program, "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def identifier(self, picture):
        return picture.name

    def start(self, picture, folder, caches, arguments):
        """Each start has a copy of the state after the first scan, so that nothing is kept from an earlier measurement."""
        if picture.name not in self.states:
            first = folder / "first"
            first.mkdir()
            self.launch(picture.file.parent, first, first / "state", []).stop()
            self.states[picture.name] = self.options.temporary / f"state-{picture.name}"
            shutil.copytree(first / "state", self.states[picture.name], ignore=shutil.ignore_patterns("*.sock", "lock"))
        state = folder / "state"
        shutil.copytree(self.states[picture.name], state)
        off = [] if caches else ["--cache-megabytes", "0", *self.no_derivatives()]
        return self.launch(picture.file.parent, folder, state, [*off, *arguments, *self.options.armarium_arguments])

    def no_derivatives(self):
        known = subprocess.run([self.options.program, "settings"], capture_output=True, text=True, check=True).stdout
        return ["--derivatives-gigabytes", "0"] if "derivatives-gigabytes" in known else []

    def launch(self, pictures, folder, state, arguments):
        server = Server(folder)
        out = folder / "output.txt"
        with open(out, "wb") as file:
            server.spawn([self.options.program, "serve", pictures, "--listen", "127.0.0.1:0", "--state", state, "--access-log", *arguments], stdout=file)
        server.state = state
        end = time.monotonic() + 60
        while True:
            address = re.search(r"listening on (http://[^/\s]+)", out.read_text(errors="replace"))
            if address:
                break
            if server.processes[0].poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"armarium did not start: {(folder / 'armarium.log').read_text()[-500:]}")
            time.sleep(0.02)
        server.url = address.group(1) + "/iiif/image/3/"
        self.wait_for_scan(address.group(1), end)
        return server

    @staticmethod
    def status(address):
        request = urllib.request.Request(address + "/status", headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def wait_for_scan(self, address, end):
        while time.monotonic() < end:
            status = self.status(address)
            library = status.get("library", {})
            if status.get("ready") and library.get("first_scan_done") and not library.get("scanning") and not library.get("pending"):
                return
            time.sleep(0.05)
        raise RuntimeError("armarium did not finish its first scan within a minute")

    def optimize(self, server, picture):
        """Makes the delivery derivative; raises where that cannot be."""
        if "optimize" not in subprocess.run([self.options.program, "--help"], capture_output=True, text=True, check=True).stdout:
            raise RuntimeError("this build has no optimize command")
        done = subprocess.run([self.options.program, "optimize", "--state", server.state, picture.file], capture_output=True, text=True,
                              timeout=600, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"optimize failed: {(done.stderr or done.stdout).strip()[-200:]}")
        end = time.monotonic() + 600
        while time.monotonic() < end:
            derivatives = self.status(server.url.removesuffix("/iiif/image/3/")).get("derivatives", {})
            if derivatives.get("count") and not derivatives.get("waiting"):
                return
            time.sleep(0.2)
        raise RuntimeError(f"no derivative within ten minutes; optimize said: {done.stdout.strip()}")
