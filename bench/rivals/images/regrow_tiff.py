#!/usr/bin/env python3
"""Makes a pyramid TIFF of another size from one by handing out its whole tiles again: no decoder, no encoder, a small file at any size.

    regrow_tiff.py SOURCE.tif TARGET.tif WIDTH HEIGHT
    regrow_tiff.py --recorded CLONE WORK

Each level takes its tiles from the level of SOURCE with the same number, over and over; a tile that is used twice is stored once. Levels beyond
SOURCE's last repeat that one's. For classic little-endian TIFF with square tiles. With --recorded it makes the pictures of the sessions
that github.com/IIIF/htj2k recorded in Mirador and Universal Viewer (sizes only: the pictures themselves are the Getty's), and their lists.
"""
import json
import pathlib
import struct
import subprocess
import sys

NEW_SUBFILE, WIDTH, HEIGHT, TILE_WIDTH, OFFSETS, COUNTS = 254, 256, 257, 322, 324, 325
SHORT, LONG = 3, 4
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 12: 8}


class Source:
    """The levels of a pyramid: for each, its tags as (type, count, raw bytes) and its size."""

    def __init__(self, path):
        self.data = pathlib.Path(path).read_bytes()
        if self.data[:4] != b"II*\0":
            sys.exit("only classic little-endian TIFF is supported")
        self.levels, at = [], struct.unpack_from("<I", self.data, 4)[0]
        while at:
            count = struct.unpack_from("<H", self.data, at)[0]
            tags = {}
            for i in range(count):
                tag, kind, number, value = struct.unpack_from("<HHII", self.data, at + 2 + 12 * i)
                size = SIZES[kind] * number
                start = value if size > 4 else at + 2 + 12 * i + 8
                tags[tag] = (kind, number, self.data[start : start + size])
            self.levels.append(tags)
            at = struct.unpack_from("<I", self.data, at + 2 + 12 * count)[0]

    def values(self, level, tag):
        kind, count, raw = self.levels[level][tag]
        return struct.unpack(f"<{count}{'H' if kind == SHORT else 'I'}", raw)

    def size(self, level):
        return self.values(level, WIDTH)[0], self.values(level, HEIGHT)[0]


def tile_map(source, level, width, height, tile):
    """For each tile of a level of this size the number of the tile of SOURCE that it shows."""
    from_width, from_height = source.size(level)
    in_row = -(-from_width // tile)
    whole_across, whole_down = max(1, from_width // tile), max(1, from_height // tile)
    for y in range(-(-height // tile)):
        for x in range(-(-width // tile)):
            yield (y % whole_down) * in_row + x % whole_across


def write_directory(file, tags):
    """Writes a directory whose next one follows later; returns (where it is, where its link is)."""
    where = {}
    for tag, (_, _, raw) in sorted(tags.items()):
        if len(raw) > 4:
            where[tag] = file.seek(0, 2) + file.tell() % 2
            file.seek(where[tag])
            file.write(raw)
    start = file.seek(0, 2) + file.tell() % 2
    file.seek(start)
    file.write(struct.pack("<H", len(tags)))
    for tag, (kind, count, raw) in sorted(tags.items()):
        file.write(struct.pack("<HHI", tag, kind, count) + (struct.pack("<I", where[tag]) if tag in where else raw.ljust(4, b"\0")))
    file.write(struct.pack("<I", 0))
    return start, file.tell() - 4


def regrow(source, target, width, height):
    tile = source.values(0, TILE_WIDTH)[0]
    link, number = 4, 0
    with open(target, "wb") as file:
        file.write(b"II*\0\0\0\0\0")
        while True:
            level = min(number, len(source.levels) - 1)
            offsets, counts, placed = source.values(level, OFFSETS), source.values(level, COUNTS), {}
            new_offsets, new_counts = [], []
            for index in tile_map(source, level, width, height, tile):
                if index not in placed:
                    placed[index] = file.seek(0, 2)
                    file.write(source.data[offsets[index] : offsets[index] + counts[index]])
                new_offsets.append(placed[index])
                new_counts.append(counts[index])
            tags = dict(source.levels[level])
            tags.update({
                NEW_SUBFILE: (LONG, 1, struct.pack("<I", 1 if number else 0)),
                WIDTH: (LONG, 1, struct.pack("<I", width)), HEIGHT: (LONG, 1, struct.pack("<I", height)),
                OFFSETS: (LONG, len(new_offsets), struct.pack(f"<{len(new_offsets)}I", *new_offsets)),
                COUNTS: (LONG, len(new_counts), struct.pack(f"<{len(new_counts)}I", *new_counts)),
            })
            start, next_link = write_directory(file, tags)
            file.seek(link)
            file.write(struct.pack("<I", start))
            link, number = next_link, number + 1
            if width <= tile and height <= tile:
                return
            width, height = max(1, width // 2), max(1, height // 2)


def recorded(clone, work):
    def show(path):
        return subprocess.run(["git", "-C", clone, "show", f"HEAD:{path}"], capture_output=True, text=True, check=True).stdout

    folder, work = "data/50_images", pathlib.Path(work)
    names = subprocess.run(["git", "-C", clone, "ls-tree", "--name-only", "HEAD", f"{folder}/info_json/"], capture_output=True, text=True,
                           check=True).stdout.split()
    target = work / "pictures" / "recorded"
    target.mkdir(parents=True, exist_ok=True)
    source = Source(work / "pictures" / "t256" / "t256.tif")
    for name in names:
        if name.endswith(".info.json"):
            info = json.loads(show(name))
            regrow(source, target / (pathlib.Path(name).name.removesuffix(".info.json") + ".tif"), info["width"], info["height"])
    (work / "recorded").mkdir(exist_ok=True)
    for kind in ("mirador", "uv"):
        (work / "recorded" / f"{kind}.list").write_text(show(f"{folder}/{kind}_urls.txt"))


def main():
    if sys.argv[1:2] == ["--recorded"] and len(sys.argv) == 4:
        recorded(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 5:
        regrow(Source(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
