#!/usr/bin/env python3
"""Requests over loopback against one server: tiles of a pyramid, repeated and scattered, information, thumbnails, regions.

    bench/http/run.py PROGRAM [--seconds 3]

Makes its own picture with vips, starts the program on a free port, plays each list with wrk (8 connections) and prints a table with the
mean size of an answer, so that a fast wrong answer is seen. CPU is that of the server's process for one request.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import urllib.request

LUA = """
local paths = {}
for line in io.lines(os.getenv("LIST")) do paths[#paths + 1] = line end
local at, bad = 0, 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def make_picture(folder):
    """A pyramid of 256 tiles, 4:2:0, with detail everywhere: sums of sines with noise."""
    base = folder / "noise.v"
    subprocess.run(["vips", "gaussnoise", base, "4000", "3000", "--sigma", "40", "--mean", "128"], check=True)
    blurred, rgb = folder / "blur.v", folder / "rgb.v"
    subprocess.run(["vips", "gaussblur", base, blurred, "2"], check=True)
    subprocess.run(["vips", "bandjoin", f"{blurred} {blurred} {base}", rgb], check=True)
    subprocess.run(["vips", "cast", rgb, folder / "u8.v", "uchar"], check=True)
    subprocess.run(["vips", "copy", folder / "u8.v", folder / "srgb.v", "--interpretation", "srgb"], check=True)
    target = folder / "pictures"
    target.mkdir()
    subprocess.run(["vips", "tiffsave", folder / "srgb.v", target / "pyramid.tif", "--tile", "--pyramid", "--compression", "jpeg", "--Q", "85"],
                   check=True)
    subprocess.run(["vips", "jpegsave", folder / "srgb.v", target / "plain.jpg", "--Q", "85"], check=True)
    return target


def start(program, folder):
    process = subprocess.Popen([program, "serve", folder, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    return process, re.search(r"http://[^/ ]+", line).group(0)


def tiles(info, prefix):
    width, height, tile = info["width"], info["height"], info["tiles"][0]["width"]
    for factor in info["tiles"][0]["scaleFactors"]:
        for y in range(0, height, tile * factor):
            for x in range(0, width, tile * factor):
                w, h = min(tile * factor, width - x), min(tile * factor, height - y)
                yield f"{prefix}/{x},{y},{w},{h}/{-(-w // factor)},{-(-h // factor)}/0/default.jpg"


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def play(pid, url, name, paths, seconds, work):
    listing, script = work / "list", work / "list.lua"
    listing.write_text("\n".join(paths))
    script.write_text(LUA)
    before = cpu_seconds(pid)
    out = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", "-s", script, url], env={**os.environ, "LIST": str(listing)},
                         capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(pid) - before
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    p99 = re.search(r"99%\s+(\S+)", out).group(1)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    with urllib.request.urlopen(url + paths[0]) as answer:
        size = len(answer.read())
    print(f"| {name} | {rate:.0f} | {p99} | {used / max(1, requests) * 1000:.3f} | {size / 1000:.1f} | {wrong.group(1) if wrong else 0} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        process, url = start(options.program, make_picture(work))
        try:
            print("| requests | per second | p99 | CPU ms | first KB | not 200 |\n| --- | --- | --- | --- | --- | --- |")
            for name in ("pyramid", "plain"):
                prefix = f"/iiif/image/3/{name}"
                info = json.load(urllib.request.urlopen(f"{url}{prefix}/info.json"))
                play(process.pid, url, f"{name}: tiles", list(tiles(info, prefix)), options.seconds, work)
                play(process.pid, url, f"{name}: one tile again", list(tiles(info, prefix))[:1], options.seconds, work)
                play(process.pid, url, f"{name}: regions", [f"{prefix}/{x},{y},1500,1000/800,/0/default.jpg" for x in range(0, 2000, 53)
                                                            for y in range(0, 2000, 71)], options.seconds, work)
                play(process.pid, url, f"{name}: info.json", [f"{prefix}/info.json"], options.seconds, work)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


if __name__ == "__main__":
    main()
