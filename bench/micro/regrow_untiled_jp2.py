#!/usr/bin/env python3
"""A large untiled JPEG 2000 code stream from a small one, by repeating its packets: what opj_compress would need tens of gigabytes for.

    opj_compress -i base.ppm -o base.j2k -I -n 6 -p RPCL -b 64,64 -c "[256,256],[256,256],[256,256],[256,256],[256,256],[256,256]" -r 10 -PLT
    regrow_untiled_jp2.py base.j2k large.j2k 4 3

The base has one tile, one layer, RPCL and packet lengths, and its sides are whole precincts at every resolution (8192 x 8192 for the command
above). What comes out has no packet lengths, so a reader has to find the packets itself.
"""

import struct
import sys

SIZ, COD, PLT, TLM, SOT, SOD = 0xFF51, 0xFF52, 0xFF58, 0xFF55, 0xFF90, 0xFF93


def markers(data, at, end):
    """Marker segments from `at` to the marker `end`: (marker, segment), and where `end` lies."""
    found = []
    while True:
        marker, length = struct.unpack_from(">HH", data, at)
        if marker == end:
            return found, at
        found.append((marker, data[at:at + 2 + length]))
        at += 2 + length


def packet_lengths(segments):
    lengths, value = [], 0
    for marker, segment in segments:
        for byte in segment[5:] if marker == PLT else b"":
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                lengths.append(value)
                value = 0
    return lengths


def main(source, target, across, down):
    data = open(source, "rb").read()
    head, at = markers(data, 2, SOT)
    siz, cod = dict(head)[SIZ], dict(head)[COD]
    width, height = struct.unpack_from(">II", siz, 6)
    components = struct.unpack_from(">H", siz, 38)[0]
    levels = cod[9]
    assert cod[4] == 1 and cod[5] == 2 and cod[6:8] == b"\0\1", "precincts, RPCL and one layer are needed"
    grids = []  # precincts of each resolution
    for r in range(levels + 1):
        size = cod[14 + r]
        w, h = (width >> levels - r) >> (size & 15), (height >> levels - r) >> (size >> 4)
        assert w << (size & 15) << levels - r == width and h << (size >> 4) << levels - r == height, "whole precincts are needed"
        grids.append((w, h))
    segments, at = markers(data, at + 12, SOD)
    lengths = iter(packet_lengths(segments))
    at += 2
    packets = {}
    for r, (w, h) in enumerate(grids):
        for key in ((r, y, x, c) for y in range(h) for x in range(w) for c in range(components)):
            length = next(lengths)
            packets[key] = data[at:at + length]
            at += length
    size = struct.pack(">II", width * across, height * down)
    out = bytearray(data[:2])
    for marker, segment in head:
        if marker == SIZ:
            segment = segment[:6] + size + segment[14:22] + size + segment[30:]
        if marker != TLM:
            out += segment
    start = len(out)
    out += struct.pack(">HHHIBBH", SOT, 10, 0, 0, 0, 1, SOD)
    for r, (w, h) in enumerate(grids):
        for y in range(h * down):
            for x in range(w * across):
                for c in range(components):
                    out += packets[r, y % h, x % w, c]
    struct.pack_into(">I", out, start + 6, len(out) - start)
    out += b"\xff\xd9"
    open(target, "wb").write(out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
