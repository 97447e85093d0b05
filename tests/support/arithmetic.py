"""The arithmetic of the Image API, written from the specification: what a request means, or that it is an error.

Used as an oracle, so it shares nothing with the server. Sizes that are derived from a ratio may be rounded either way
(Image API 3.0, 4.2 asks only for a ratio that is kept as closely as possible): a Range holds what is allowed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

INTEGER = re.compile(r"^[0-9]+$")
DECIMAL = re.compile(r"^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$")


class Bad(Exception):
    """The request is an error (400)."""


class Unsure(Exception):
    """The specification leaves open whether this is an error: a picture of less than a pixel."""


@dataclass(frozen=True)
class Limits:
    """maxWidth, maxHeight, maxArea of an info.json; None where there is none."""

    width: int | None = None
    height: int | None = None
    area: int | None = None

    @staticmethod
    def of(info: dict) -> "Limits":
        width = info.get("maxWidth")
        return Limits(width, info.get("maxHeight", width), info.get("maxArea"))

    def scale(self, width: Fraction, height: Fraction) -> Fraction:
        """Largest factor that keeps width × height within the limits; infinite (None limits) is given as 10**9."""
        factors = [Fraction(10**9)]
        if self.width:
            factors.append(Fraction(self.width) / width)
        if self.height:
            factors.append(Fraction(self.height) / height)
        if self.area:
            factors.append(Fraction(math.isqrt(int(self.area * 10**12 / (width * height)))) / 10**6)
        return min(factors)

    def refuse(self, width: int, height: int) -> bool:
        return bool((self.width and width > self.width) or (self.height and height > self.height)
                    or (self.area and width * height > self.area))


@dataclass(frozen=True)
class Range:
    """Allowed pixel counts of one side, both ends included."""

    low: int
    high: int

    def __contains__(self, value: int) -> bool:
        return self.low <= value <= self.high


def exactly(value: int) -> Range:
    return Range(value, value)


def derived(value: Fraction) -> Range:
    """A side that follows from a ratio: floor or ceiling, and never under one pixel."""
    return Range(max(1, math.floor(value)), max(1, math.ceil(value)))


def integer(text: str) -> int:
    if not INTEGER.match(text):
        raise Bad(f"no integer: {text!r}")
    return int(text)


def decimal(text: str) -> Fraction:
    if not DECIMAL.match(text):
        raise Bad(f"no number: {text!r}")
    return Fraction(text if text[-1] != "." else text[:-1])


def region_size(text: str, width: int, height: int) -> tuple[Range, Range]:
    """Size of the region, 4.1. Percentages may be rounded by one pixel."""
    if text == "full":
        return exactly(width), exactly(height)
    if text == "square":
        return exactly(min(width, height)), exactly(min(width, height))
    percent = text.startswith("pct:")
    parts = text[4 if percent else 0:].split(",")
    if len(parts) != 4:
        raise Bad("four numbers")
    if percent:
        x, y, w, h = (decimal(part) for part in parts)
        x, w, y, h = x * width / 100, w * width / 100, y * height / 100, h * height / 100
    else:
        x, y, w, h = (Fraction(integer(part)) for part in parts)
    if w == 0 or h == 0:
        raise Bad("empty region")
    if x >= width or y >= height:
        raise Bad("outside")
    right, bottom = min(x + w, Fraction(width)), min(y + h, Fraction(height))
    if percent:
        return (Range(max(1, math.floor(right - x) - 1), math.ceil(right - x) + 1), Range(max(1, math.floor(bottom - y) - 1), math.ceil(bottom - y) + 1))
    return exactly(int(right - x)), exactly(int(bottom - y))


def output_size(text: str, w: int, h: int, limits: Limits, version: int = 3, above: bool = False) -> tuple[Range, Range]:
    """Size of the answer for a region of w × h, 4.2. `above`: version 2 with sizeAboveFull, where enlarging needs no caret."""
    caret = text.startswith("^")
    if caret and version == 2:
        raise Bad("caret")
    body = text[1:] if caret else text
    if body == "max" or (body == "full" and version == 2 and not caret):
        return maximum(Fraction(w), Fraction(h), limits, caret, body == "full")
    enlarge = caret or above
    if body.startswith("pct:"):
        return percentage(decimal(body[4:]), w, h, limits, enlarge)
    if body.startswith("!"):
        return confined(body[1:], w, h, limits, enlarge)
    if body.count(",") != 1:
        raise Bad("no size")
    left, right = body.split(",")
    if not left and not right:
        raise Bad("no size")
    want_w = integer(left) if left else None
    want_h = integer(right) if right else None
    if want_w == 0 or want_h == 0:
        raise Bad("zero")
    if not enlarge and ((want_w or 0) > w or (want_h or 0) > h):
        raise Bad("larger than the region")
    out_w = exactly(want_w) if want_w else derived(Fraction(want_h * w, h))
    out_h = exactly(want_h) if want_h else derived(Fraction(want_w * h, w))
    if limits.refuse(out_w.low, out_h.low):
        raise Bad("over the limits")
    return out_w, out_h


def maximum(w: Fraction, h: Fraction, limits: Limits, caret: bool, full: bool) -> tuple[Range, Range]:
    scale = limits.scale(w, h)
    if full and scale < 1:
        raise Bad("over the limits")
    if scale >= 10**9 or (not caret and scale >= 1):
        scale = Fraction(1)
    if scale == 1:
        return exactly(int(w)), exactly(int(h))
    return Range(max(1, math.floor(w * scale) - 1), math.ceil(w * scale)), Range(max(1, math.floor(h * scale) - 1), math.ceil(h * scale))


def percentage(n: Fraction, w: int, h: int, limits: Limits, enlarge: bool) -> tuple[Range, Range]:
    if n == 0 or (n > 100 and not enlarge):
        raise Bad("percentage")
    if n * max(w, h) < 100:
        raise Unsure("less than a pixel")
    out_w, out_h = derived(n * w / 100), derived(n * h / 100)
    if limits.refuse(out_w.low, out_h.low):
        raise Bad("over the limits")
    return out_w, out_h


def confined(text: str, w: int, h: int, limits: Limits, enlarge: bool) -> tuple[Range, Range]:
    """As large as possible, but not larger than the region, the box or the limits of the server."""
    if text.count(",") != 1:
        raise Bad("no size")
    box_w, box_h = (integer(part) for part in text.split(","))
    if box_w == 0 or box_h == 0:
        raise Bad("zero")
    scale = min(Fraction(box_w, w), Fraction(box_h, h))
    if not enlarge:
        scale = min(scale, Fraction(1))
    limit = limits.scale(Fraction(w), Fraction(h))
    out_w, out_h = derived(w * min(scale, limit)), derived(h * min(scale, limit))
    if limit <= scale:
        return Range(max(1, out_w.low - 1), out_w.high), Range(max(1, out_h.low - 1), out_h.high)
    return Range(out_w.low, min(out_w.high, box_w)), Range(out_h.low, min(out_h.high, box_h))


def rotated(width: int, height: int, degrees: float) -> tuple[float, float]:
    """Bounding box of a turned picture, 4.3: nothing cut off, nothing scaled."""
    angle = math.radians(degrees)
    c, s = abs(math.cos(angle)), abs(math.sin(angle))
    return width * c + height * s, width * s + height * c
