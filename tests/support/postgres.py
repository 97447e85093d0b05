"""A PostgreSQL of the tests' own, in a temporary folder, on a Unix socket and, where asked, a port; run as a user that is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from .server import wait_until


def programs() -> Path | None:
    """Where initdb is, of the newest version; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def alive(process: str) -> bool:
    """Not gone, and not dead and only not yet waited for."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


class Postgres:
    def __init__(self):
        self.programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="armarium-pg-"))
        self.prefix = ["setpriv", "--pdeathsig=INT"]  # it ends with the tests, however they end
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.prefix += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.log = open(self.folder / "log", "wb")
        self._run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "armarium", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        self.process: subprocess.Popen | None = None
        self.start()

    def _run(self, name: str, *arguments) -> None:
        subprocess.run([*self.prefix, str(self.programs / name), *map(str, arguments)], cwd="/", stdout=self.log, stderr=self.log, check=True)

    def start(self) -> None:
        command = [*self.prefix, str(self.programs / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder),
                   "-c", "listen_addresses=", "-c", "fsync=off"]
        self.process = subprocess.Popen(command, cwd="/", stdout=self.log, stderr=self.log, start_new_session=True)
        wait_until(self.answers, 30)

    def answers(self) -> bool:
        """PostgreSQL answers."""
        return subprocess.run([str(self.programs / "pg_isready"), "-q", "-h", str(self.folder)]).returncode == 0

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT: fast; SIGKILL, to it and all its children: a crash."""
        if self.process is None:
            return
        # Its processes leave its process group, so each is named.
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split() if number == signal.SIGKILL else []
        self.process.send_signal(number)
        for child in children:
            try:
                os.kill(int(child), number)
            except ProcessLookupError:
                pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:  # a fast shutdown that takes too long is made an immediate one
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(30)
        wait_until(lambda: not any(alive(child) for child in children), 10)
        self.process = None

    def url(self, schema: str = "armarium", password: str = "") -> str:
        who = "armarium" + (":" + password if password else "")
        return f"postgresql://{who}@{quote(str(self.folder), safe='')}/postgres?schema={schema}"

    def sql(self, text: str) -> str:
        done = subprocess.run([str(self.programs / "psql"), "-h", str(self.folder), "-U", "armarium", "-d", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", text],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def close(self) -> None:
        self.stop()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
