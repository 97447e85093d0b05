#!/usr/bin/env python3
"""Armarium beside other image servers, alternately in one run, so that what counts are ratios.

    bench/rivals/run.py --program build/release/armarium [--only t256-aligned,info,…] [--peers iipsrv,nginx] [--seconds 3]

Pictures, builds of peers and results are kept in --work (made once); bench/rivals/README.md says how to read the tables and what each
workload is. Prints Markdown; --json keeps every single run.
"""
import argparse
import datetime
import fnmatch
import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import sys
import tempfile

import measure
import memory
import report
import workloads
from contest import Contest
from peers import PEERS

HERE = pathlib.Path(__file__).resolve().parent


def arguments():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, help="the armarium to measure")
    parser.add_argument("--only", default="", help="names of workloads, with wildcards, separated by commas")
    parser.add_argument("--peers", default="iipsrv,nginx", help=f"of {', '.join(PEERS)}")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--connections", default="8", help="numbers of connections, where a workload does not fix them")
    parser.add_argument("--quality", type=int, default=82, help="JPEG quality of the peers that encode (Armarium's default)")
    parser.add_argument("--nginx-workers", default="auto")
    parser.add_argument("--cantaloupe", type=pathlib.Path, help="Cantaloupe's jar")
    parser.add_argument("--armarium-arguments", default="", help="settings for Armarium, separated by blanks")
    parser.add_argument("--memory", type=float, default=0, help="seconds of mixed load while memory is watched, instead of the workloads")
    parser.add_argument("--work", type=pathlib.Path, default=cache / "armarium-bench")
    parser.add_argument("--photographs", help="a folder to make the pictures from, instead of examples/collection")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--list", action="store_true", help="name the workloads and end")
    return parser.parse_args()


def chosen(only, known):
    if not only:
        return list(known.values())
    patterns = only.split(",")
    for pattern in patterns:
        if not fnmatch.filter(known, pattern):
            sys.exit(f"no workload is called {pattern}; --list names them")
    return [one for name, one in known.items() if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]


def make_pictures(options, wanted, pictures):
    missing = {side.picture for one in wanted for side in one.sides if not pictures[side.picture].there() and not pictures[side.picture].many}
    if missing:
        print(f"making pictures in {options.work} (once, some minutes): {', '.join(sorted(missing))}", file=sys.stderr)
        command = [HERE / "images" / "make-images.sh", options.work] + ([options.photographs] if options.photographs else [])
        subprocess.run(command, check=True, stdout=sys.stderr)


def make_peers(options):
    peers, absent = {}, []
    for name in dict.fromkeys(["armarium", *filter(None, options.peers.split(","))]):
        if name not in PEERS:
            sys.exit(f"no peer is called {name}; there are {', '.join(PEERS)}")
        peer = PEERS[name](options)
        reason = peer.missing()
        if reason:
            absent.append(f"{name}: {reason}")
        else:
            peers[name] = peer
    return peers, absent


def about(options, peers, absent):
    def output(command):
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE)
        return done.stdout.strip()

    model = next((text.split(":")[1].strip() for text in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if text.startswith("model name")), "")
    facts = {
        "when": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{os.cpu_count()} × {model or platform.machine()}, load {os.getloadavg()[0]:.1f} at the start",
        "commit": output(["git", "log", "-1", "--format=%h %cs"]),
        "command": "bench/rivals/run.py " + " ".join(argument for argument in sys.argv[1:]),
    }
    facts.update({name: peer.version() for name, peer in peers.items()})
    facts.update({"left out": "; ".join(absent)} if absent else {})
    return facts


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that every server is stopped
    known = workloads.workloads()
    if options.list:
        print("\n".join(f"{name:26} {one.title}" for name, one in known.items()))
        return
    options.work = options.work.expanduser().resolve()
    options.program = options.program.resolve() if options.program else None
    options.connections = [int(count) for count in options.connections.split(",")]
    options.armarium_arguments = options.armarium_arguments.split()
    wanted = chosen(options.only, known)
    pictures = workloads.pictures(options.work)
    make_pictures(options, wanted, pictures)
    options.temporary = pathlib.Path(tempfile.mkdtemp(prefix="rivals-"))
    options.static = options.temporary / "static"
    options.static.mkdir()
    try:
        peers, absent = make_peers(options)
        meter = measure.Meter(measure.build_generator(options.work))
        record = {"about": about(options, peers, absent), "outcomes": []}
        if options.memory:
            print(memory.watch(options, peers["armarium"], pictures, meter))
            return
        for workload in wanted:
            print(f"{workload.name} …", file=sys.stderr, flush=True)
            record["outcomes"].append(Contest(workload, options, peers, pictures, meter).run())
            if options.json:
                options.json.write_text(json.dumps(record, indent=1))
        print(report.markdown(record))
    finally:
        shutil.rmtree(options.temporary, ignore_errors=True)


if __name__ == "__main__":
    main()
