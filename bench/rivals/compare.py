"""Are the answers of two servers alike? A server can be fast by answering something else: an error, another size, a black picture."""
import json
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import urllib.error
import urllib.request

SAMPLES = 5
FAR_APART = 8.0  # levels of 255, mean over all pixels; two encoders of one picture differ by 1 to 3
SIZE_BAND = (0.6, 1.6)


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        return 0, str(error).encode()


def jpeg_size(body):
    """(width, height) from the frame header of a JPEG, or None."""
    at = 2
    while body[:2] == b"\xff\xd8" and at + 9 <= len(body):
        marker, length = struct.unpack_from(">HH", body, at)
        if 0xFFC0 <= marker <= 0xFFC3:
            height, width = struct.unpack_from(">HH", body, at + 5)
            return width, height
        at += 2 + length
    return None


def wanted_size(path, picture):
    """What the request asks for, where that does not depend on the server's limits; else None."""
    found = re.match(r"(full|(\d+),(\d+),(\d+),(\d+))/(!?)(\d+),(\d*)/", path)
    if not found:
        return None
    width, height = (picture.width, picture.height) if found[1] == "full" else (int(found[4]), int(found[5]))
    w, h = int(found[7]), int(found[8] or 0)
    if found[6]:
        scale = min(w / width, h / height)
        return round(width * scale), round(height * scale)
    return w, h or round(height * w / width)


def samples(requests):
    paths = [line.split("\t")[0] for line in requests]
    paths = [path for path in dict.fromkeys(paths) if not path.startswith("full/max")] or paths
    step = max(1, len(paths) // SAMPLES)
    return paths[::step][:SAMPLES]


def difference(first, second):
    """Mean absolute difference of two pictures in levels, by vips; None where that is not installed or fails."""
    if not shutil.which("vips"):
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "a.jpg").write_bytes(first)
        (folder / "b.jpg").write_bytes(second)
        done = None
        for command in (["subtract", "a.jpg", "b.jpg", "c.v"], ["abs", "c.v", "d.v"], ["avg", "d.v"]):
            done = subprocess.run(["vips", *command], cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                return None
        return float(done.stdout)


def announced_tile(url):
    """The width of the first tiles that an info.json announces."""
    status, body = fetch(url)
    if status != 200:
        raise RuntimeError(f"{url} answers {status}")
    return json.loads(body)["tiles"][0]["width"]


def examine(entrant, reference=None):
    """Asks for some of an entrant's requests. Returns (answers by path, what is wrong in words); reference: the subject's answers on the same picture."""
    answers, faults = {}, []
    for path in samples(entrant.requests):
        status, body = fetch(entrant.server.url + entrant.address(path))
        answers[path] = body
        if status != 200:
            faults.append(f"{path} answers {status}")
            continue
        if path.endswith("info.json"):
            continue
        wanted, got = None if entrant.picture.many else wanted_size(path, entrant.picture), jpeg_size(body)
        if wanted and got and (abs(wanted[0] - got[0]) > 1 or abs(wanted[1] - got[1]) > 1):
            faults.append(f"{path} is {got[0]} × {got[1]}, not {wanted[0]} × {wanted[1]}")
        elif path in (reference or {}) and not entrant.picture.grown:
            apart = difference(reference[path], body)
            if apart is not None and apart > FAR_APART:
                faults.append(f"{path} differs from Armarium's by {apart:.0f} levels on average")
    return answers, faults


def other_size(mean, reference):
    """In words, when the answers of a run are much larger or smaller than the subject's."""
    if not mean or not reference or SIZE_BAND[0] <= mean / reference <= SIZE_BAND[1]:
        return ""
    return f"answers of {mean / 1000:.1f} KB where Armarium's have {reference / 1000:.1f} KB"
