"""One measurement: the load generator's figures, and CPU time and memory of all processes of the server from /proc."""
import json
import os
import pathlib
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
HERE = pathlib.Path(__file__).resolve().parent


def build_generator(work):
    """bench_load, compiled once and again when its sources are newer."""
    sources = sorted((HERE / "load").glob("*.cpp"))
    sources = [file for file in sources if not file.name.endswith("_test.cpp")]
    program = work / "bin" / "bench_load"
    newest = max(file.stat().st_mtime for file in (HERE / "load").iterdir())
    if not program.exists() or program.stat().st_mtime < newest:
        program.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["g++", "-O2", "-std=c++20", "-o", program, *sources], check=True)
    return program


def fields(pid):
    """The fields of /proc/PID/stat after the name, from the state on."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def with_children(roots):
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                children.setdefault(int(fields(name)[1]), []).append(int(name))
            except OSError:
                pass
    found, waiting = set(roots), list(roots)
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def cpu_seconds(pids):
    """Of all threads that live, to the nanosecond where the kernel keeps that: a short list at high speed takes only a few ticks."""
    total = 0.0
    for pid in pids:
        try:
            threads = list(pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"))
            stat = fields(pid)
            total += sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9 if threads else (int(stat[11]) + int(stat[12])) / TICKS
        except OSError:
            pass
    return total


def memory(pids):
    """Resident and anonymous megabytes, summed over the processes."""
    resident = anonymous = 0
    for pid in pids:
        try:
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    resident += int(line.split()[1])
                elif line.startswith("RssAnon:"):
                    anonymous += int(line.split()[1])
        except OSError:
            pass
    return resident / 1024, anonymous / 1024


class Meter:
    """Plays lists with bench_load and reads what it cost the server."""

    def __init__(self, generator):
        self.generator = str(generator)

    def calibrate(self):
        """Milliseconds of a fixed piece of work: compare absolute figures only between rows where it is the same."""
        return float(subprocess.run([self.generator, "calibrate"], capture_output=True, text=True, check=True).stdout)

    def play(self, url, listing, **options):
        """options: connections, seconds, requests, rate, timeout, beside, beside_connections; returns the generator's JSON."""
        command = [self.generator, "play", url, str(listing)]
        for name, value in options.items():
            if value:
                command += ["--" + name.replace("_", "-"), str(value)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not done.stdout:
            raise RuntimeError(f"bench_load: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def measure(self, server, listing, **options):
        calibration = self.calibrate()
        pids = with_children(server.pids())
        before, begin = cpu_seconds(pids), time.monotonic()
        result = self.play(server.url, listing, **options)
        used = cpu_seconds(pids) - before
        resident, anonymous = memory(pids)
        result.update(calibration_ms=calibration, cpu_s=round(used, 3), rss_mb=round(resident, 1), anonymous_mb=round(anonymous, 1),
                      cpu_ms=round(1000 * used / max(1, result["n"]), 4), wall_s=round(time.monotonic() - begin, 2),
                      not_200=sum(n for status, n in result["status"].items() if status != "200") + result["faults"])
        return result
