#!/usr/bin/env python3
"""Makes a smaller or larger JP2 from a tiled one by handing out its whole tiles again: same pixels for each tile, no encoder, little memory.

    regrow_jp2.py SOURCE.jp2 TARGET.jp2 ACROSS DOWN

Ten whole tiles of SOURCE, spread over it, are repeated until there are ACROSS x DOWN. So files of 10, 84 and 839 megapixels differ in nothing
but their size. Tiles must be squares of a power of two (their wavelets then begin alike wherever they lie), one tile-part each, without TLM.
"""
import struct
import sys

TILES = 10
SOC, SIZ, SOT, EOC, TLM = 0xFF4F, 0xFF51, 0xFF90, 0xFFD9, 0xFF55


def boxes(data):
    """The top level boxes of a JP2 file: (type, start of the box, start of its content, end)."""
    at = 0
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            length, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        end = at + length if length else len(data)
        yield kind, at, at + head, end
        at = end


def split_codestream(stream):
    """The main header without SIZ, SIZ's content, and the tile-parts by tile number."""
    at, header, siz, tiles = 2, [], None, {}
    while True:
        marker = struct.unpack_from(">H", stream, at)[0]
        if marker == EOC:
            return header, siz, tiles
        length = struct.unpack_from(">H", stream, at + 2)[0]
        if marker == SOT:
            tile, size = struct.unpack_from(">HI", stream, at + 4)
            if tile in tiles or size == 0:
                sys.exit("only one tile-part of known length for each tile is supported")
            tiles[tile] = stream[at : at + size]
            at += size
            continue
        if marker == SIZ:
            siz = bytearray(stream[at : at + 2 + length])
        elif marker == TLM:
            sys.exit("a file with TLM is not supported")
        else:
            header.append(stream[at : at + 2 + length])
        at += 2 + length


def regrow(stream, across, down):
    header, siz, tiles = split_codestream(stream)
    width, height, x0, y0, tile_width, tile_height, tx0, ty0 = struct.unpack_from(">8I", siz, 6)
    if x0 or y0 or tx0 or ty0 or tile_width != tile_height or tile_width & (tile_width - 1):
        sys.exit("the tiles must be squares of a power of two from the origin")
    whole_across, whole_down, in_row = width // tile_width, height // tile_height, -(-width // tile_width)
    struct.pack_into(">2I", siz, 6, across * tile_width, down * tile_height)
    parts = [struct.pack(">H", SOC), bytes(siz), *header]
    whole = [y * in_row + x for y in range(whole_down) for x in range(whole_across)]
    chosen = whole[:: max(1, len(whole) // TILES)][:TILES]
    for tile in range(across * down):
        part = tiles[chosen[tile % len(chosen)]]
        parts.append(part[:4] + struct.pack(">H", tile) + part[6:])
    parts.append(struct.pack(">H", EOC))
    return b"".join(parts), across * tile_width, down * tile_height


def main():
    source, target, across, down = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    with open(source, "rb") as file:
        data = file.read()
    out = []
    for kind, start, content, end in boxes(data):
        if kind == b"jp2c":
            stream, width, height = regrow(data[content:end], across, down)
            out.append(struct.pack(">I4sQ", 1, b"jp2c", len(stream) + 16) + stream)
            continue
        box = bytearray(data[start:end])
        if kind == b"jp2h":
            at = box.index(b"ihdr") + 4
            out.append((len(out), at, box))  # its size is known once the code stream is done
            continue
        out.append(bytes(box))
    with open(target, "wb") as file:
        for piece in out:
            if isinstance(piece, tuple):
                _, at, box = piece
                struct.pack_into(">2I", box, at, height, width)
                piece = bytes(box)
            file.write(piece)


if __name__ == "__main__":
    main()
