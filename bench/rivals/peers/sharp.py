"""A minimal server on sharp (bench/rivals/sharp): what Node with libvips costs. sharp is installed by npm into the work folder."""
import pathlib
import re
import shutil
import subprocess
import time

from peers.iipsrv import tool_version
from peers.server import Peer, Server

HERE = pathlib.Path(__file__).resolve().parent.parent / "sharp"


class Sharp(Peer):
    name = "sharp"

    def home(self):
        return self.options.work / "sharp"

    def missing(self):
        if not shutil.which("node") or not shutil.which("npm"):
            return "node or npm is missing"
        self.home().mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "server.mjs"):
            shutil.copy(HERE / name, self.home() / name)
        if not (self.home() / "node_modules" / "sharp").exists():
            done = subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=self.home(), capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return f"npm could not install sharp: {done.stderr.strip()[-200:]}"
        return ""

    def refuses(self, picture):
        return "" if picture.file.suffix in (".tif", ".jpg") else "sharp's own libvips reads no JPEG 2000"

    def version(self):
        listing = subprocess.run(["npm", "ls", "sharp"], cwd=self.home(), capture_output=True, text=True, check=False).stdout
        found = re.search(r"sharp@\S+", listing)
        return f"{found.group(0) if found else 'sharp'}, node {tool_version(['node', '--version'])}"

    def start(self, picture, folder, caches, arguments):
        server = Server(folder)
        out = folder / "output.txt"
        with open(out, "wb") as file:
            server.spawn(["node", self.home() / "server.mjs", picture.file.parent, str(self.options.quality)], stdout=file)
        end = time.monotonic() + 30
        while not (port := re.search(r"port (\d+)", out.read_text())):
            if time.monotonic() > end:
                raise RuntimeError(f"sharp did not start: {(folder / 'node.log').read_text()[-500:]}")
            time.sleep(0.05)
        server.url = f"http://127.0.0.1:{port.group(1)}/iiif/"
        return server
