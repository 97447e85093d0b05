"""Deterministic lists of IIIF Image API 3 requests, as paths after the identifier; a class may follow after a tab.

The tiles are those that OpenSeadragon asks for: every tile of every level, in a shuffled order or as people pan and zoom.
"""
import math
import random

TAIL = "/0/default.jpg"
THUMBNAIL = "full/!200,200" + TAIL
FULL = "full/max" + TAIL
REGION = "1234,2345,3000,2000/800," + TAIL


def tile_path(width, height, tile, factor, x, y):
    """The request of OpenSeadragon's IIIFTileSource for tile x, y of the level with this scale factor."""
    level_width, level_height = math.ceil(width / factor), math.ceil(height / factor)
    if level_width < tile and level_height < tile:
        return f"full/{'max' if factor == 1 else f'{level_width},{level_height}'}{TAIL}"
    left, top = x * tile * factor, y * tile * factor
    w, h = min(tile * factor, width - left), min(tile * factor, height - top)
    region = "full" if (left, top, w, h) == (0, 0, width, height) else f"{left},{top},{w},{h}"
    return f"{region}/{min(tile, level_width - x * tile)},{min(tile, level_height - y * tile)}{TAIL}"


def factors(width, height, tile):
    out = [1]
    while max(width, height) / out[-1] > tile:
        out.append(out[-1] * 2)
    return out


def all_tiles(width, height, tile):
    for factor in factors(width, height, tile):
        for y in range(math.ceil(math.ceil(height / factor) / tile)):
            for x in range(math.ceil(math.ceil(width / factor) / tile)):
                yield factor, x, y


def whole(width, height, tile, spot):
    factor, x, y = spot
    return (x + 1) * tile * factor <= width and (y + 1) * tile * factor <= height


def tiles(picture, tile, aligned=False, least_factor=1):
    """Every tile once, shuffled; aligned: only those that are not cut by an edge; least_factor 16: only the low levels."""
    spots = [s for s in all_tiles(picture.width, picture.height, tile)
             if s[0] >= least_factor and (not aligned or whole(picture.width, picture.height, tile, s))]
    random.Random(1).shuffle(spots)
    return [tile_path(picture.width, picture.height, tile, *spot) for spot in spots]


def scattered(picture, tile, apart=1024, seed=1):
    """Full-size tiles no two of which in a row share a block of `apart` pixels: one in each block, blocks shuffled, then another in each."""
    generator = random.Random(seed)
    blocks = {}
    for factor, x, y in all_tiles(picture.width, picture.height, tile):
        if factor == 1 and whole(picture.width, picture.height, tile, (factor, x, y)):
            blocks.setdefault((x * tile // apart, y * tile // apart), []).append((factor, x, y))
    for spots in blocks.values():
        generator.shuffle(spots)
    out = []
    while blocks:
        names = sorted(blocks)
        generator.shuffle(names)
        for name in names[:400]:
            out.append(tile_path(picture.width, picture.height, tile, *blocks[name].pop()))
            if not blocks[name]:
                del blocks[name]
        if len(out) >= 2000:
            break
    return out


def session(picture, tile, sessions=12):
    """Viewers that zoom in on a point: a window of 1200 x 800 at each level, from the whole picture to full size."""
    generator, out = random.Random(1), []
    for _ in range(sessions):
        cx, cy = generator.randrange(picture.width), generator.randrange(picture.height)
        for factor in reversed(factors(picture.width, picture.height, tile)):
            x0, x1 = max(0, cx - 600 * factor), min(picture.width - 1, cx + 600 * factor)
            y0, y1 = max(0, cy - 400 * factor), min(picture.height - 1, cy + 400 * factor)
            for y in range(y0 // (tile * factor), y1 // (tile * factor) + 1):
                for x in range(x0 // (tile * factor), x1 // (tile * factor) + 1):
                    out.append(tile_path(picture.width, picture.height, tile, factor, x, y))
    return out


def regions(picture, count=200, seed=1):
    """Unaligned regions of a tenth to a half of the picture, to widths of 400 to 1200."""
    generator, out = random.Random(seed), []
    for _ in range(count):
        w, h = (generator.randint(side // 10, side // 2) for side in (picture.width, picture.height))
        x, y = generator.randint(0, picture.width - w), generator.randint(0, picture.height - h)
        out.append(f"{x},{y},{w},{h}/{min(w, generator.choice([400, 600, 800, 1000, 1200]))},{TAIL}")
    return out


def shifted_regions(count=400):
    """Regions of 3000 x 2000 to 800 that all lie within 3400 x 2400: other requests, the same blocks of the source."""
    generator = random.Random(1)
    return [f"{1000 + generator.randint(0, 400)},{2000 + generator.randint(0, 400)},3000,2000/800,{TAIL}" for _ in range(count)]


def mixed(picture, tile, count=2000):
    """83 % tiles, 8 % thumbnails, 5 % info.json, 2 % regions, 2 % the full picture; each its own class."""
    generator = random.Random(1)
    spots = list(all_tiles(picture.width, picture.height, tile))
    free = regions(picture, count // 40)
    out = []
    for _ in range(count):
        share = generator.random()
        if share < .83:
            out.append(tile_path(picture.width, picture.height, tile, *generator.choice(spots)) + "\ttile")
        elif share < .91:
            out.append(THUMBNAIL + "\tthumbnail")
        elif share < .96:
            out.append("info.json\tinfo")
        elif share < .98:
            out.append(generator.choice(free) + "\tregion")
        else:
            out.append(FULL + "\tfull")
    return out
