"""iipsrv at its best: lighttpd in front, three processes on one unix socket, no threads of its own, no log.

Two builds: HEAD (peers/build-iipsrv.sh makes it outside the tree), which passes JPEG tiles through but whose OpenJPEG reader gives black
pictures and 404, and Debian's package, which reads JPEG 2000 well and passes nothing through. `iipsrv` takes for each picture the better one.
"""
import os
import pathlib
import shutil
import socket
import subprocess

from peers.server import Peer, Server, free_port, wait_for

DEBIAN = pathlib.Path("/usr/lib/iipimage-server/iipsrv.fcgi")
PROCESSES = 3
LIGHTTPD = """
server.modules = ("mod_fastcgi")
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.max-keep-alive-requests = 1000000000
server.max-keep-alive-idle = 60
server.max-fds = 4096
fastcgi.server = ("/iiif" => (("socket" => "{folder}/iipsrv.socket", "check-local" => "disable")))
"""


class Iipsrv(Peer):
    name = "iipsrv"

    def head(self):
        return self.options.work / "bin" / "iipsrv.fcgi"

    def build_for(self, picture):
        head = self.head()
        return head if head.exists() and picture.file.suffix != ".jp2" else DEBIAN

    def missing(self):
        if not shutil.which("lighttpd"):
            return "lighttpd is missing: apt-get install lighttpd"
        if not DEBIAN.exists() and not self.head().exists():
            return "no iipsrv: apt-get install iipimage-server, and bench/rivals/peers/build-iipsrv.sh SOURCE WORK for HEAD"
        return ""

    def refuses(self, picture):
        if picture.file.suffix not in (".tif", ".jp2", ".jpg"):
            return f"it reads no {picture.file.suffix}"
        return "" if self.build_for(picture).exists() else "the build that suits this format is not installed"

    def version(self):
        package = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "iipimage-server"], capture_output=True, text=True, check=False).stdout
        note = self.options.work / "bin" / "iipsrv.version"
        head = f"HEAD {note.read_text().strip() if note.exists() else ''}".strip() if self.head().exists() else "no HEAD"
        return f"{head}; Debian {package or 'none'}; behind {tool_version(['lighttpd', '-v'])}"

    def start(self, picture, folder, caches, arguments):
        server = Server(folder)
        environment = {
            **os.environ, "OMP_NUM_THREADS": "1", "VERBOSITY": "0", "MAX_IMAGE_CACHE_SIZE": "1000" if caches else "0",
            "JPEG_QUALITY": str(self.options.quality), "MAX_CVT": "20000", "MAX_LAYERS": "-1", "IIIF_VERSION": "3", "URI_MAP": "iiif=>IIIF",
            "FILESYSTEM_PREFIX": f"{picture.file.parent}/", **dict(pair.split("=", 1) for pair in arguments),
        }
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(folder / "iipsrv.socket"))
            listening.listen(1024)
            for _ in range(PROCESSES):
                server.spawn([self.build_for(picture)], stdin=listening, env=environment, cwd=folder)
        port = free_port()
        (folder / "lighttpd.conf").write_text(LIGHTTPD.format(folder=folder, port=port))
        server.spawn(["lighttpd", "-D", "-f", folder / "lighttpd.conf"])
        server.url = f"http://127.0.0.1:{port}/iiif/"
        wait_for(f"{server.url}{picture.file.name}/info.json")
        return server


class IipsrvHead(Iipsrv):
    name = "iipsrv-head"

    def build_for(self, picture):
        return self.head()


class IipsrvDebian(Iipsrv):
    name = "iipsrv-debian"

    def build_for(self, picture):
        return DEBIAN


def tool_version(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return ((done.stdout or done.stderr).splitlines() or ["?"])[0].strip()
