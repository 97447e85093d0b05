"""What libvips makes of a file: upright, sRGB, eight bits; the measure of the golden tests."""

from __future__ import annotations

import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

# Debian's libvips reads high-throughput JPEG 2000 as one grey; Pillow brings an OpenJPEG that reads it.
HIGH_THROUGHPUT = {".jph", ".jhc"}


def vips(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(["vips", *map(str, arguments)], capture_output=True, text=True, timeout=120)


@lru_cache(maxsize=16)
def reference(path: Path, page: int = 0) -> Image.Image | None:
    """The whole picture: turned upright, its profile (a usual one for CMYK without any) applied; None where libvips cannot read it."""
    if path.suffix in HIGH_THROUGHPUT:
        return Image.open(path).convert("RGB")
    with tempfile.TemporaryDirectory(prefix="armarium-golden-") as folder:
        upright, out = f"{folder}/upright.v", f"{folder}/out.png[strip,compression=0]"
        if vips("autorot", f"{path}[page={page}]" if page else path, upright).returncode:
            return None
        # Linear light needs no profile; icc_transform would take its numbers for those of sRGB.
        if interpretation_of(upright) == "scrgb":
            return Image.open(out.split("[")[0]).copy() if not vips("colourspace", upright, out, "srgb").returncode else None
        cmyk = ["--input-profile", "cmyk"] if is_cmyk(upright) else []
        if vips("icc_transform", upright, out, "srgb", "--embedded", *cmyk).returncode and vips("colourspace", upright, out, "srgb").returncode:
            return None
        picture = Image.open(f"{folder}/out.png")
        picture.load()
    return picture


def interpretation_of(path: str) -> str:
    """"srgb", "cmyk" … of what is printed as ((VipsInterpretation) VIPS_INTERPRETATION_sRGB)."""
    said = subprocess.run(["vipsheader", "-f", "interpretation", path], capture_output=True, text=True).stdout
    return said.strip().rstrip(")").rpartition("_")[2].lower()


def is_cmyk(path: str) -> bool:
    return interpretation_of(path) == "cmyk"


def thumbnail(path: Path, side: int) -> Image.Image | None:
    """The same, no larger than side × side, by libvips' own shortcuts."""
    with tempfile.TemporaryDirectory(prefix="armarium-golden-") as folder:
        out = f"{folder}/out.png"
        done = subprocess.run(["vipsthumbnail", path, "--size", f"{side}x{side}", "--export-profile", "srgb", "-o", out], capture_output=True, text=True, timeout=120)
        if done.returncode or not Path(out).is_file() or "error" in done.stderr.lower():
            return None
        picture = Image.open(f"{folder}/out.png")
        picture.load()
    return picture


def rgb(picture: Image.Image) -> np.ndarray:
    """RGB over white, as integers."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture)
        picture = ground
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = Image.fromarray((np.asarray(picture).astype(np.uint32) // 257).astype(np.uint8))
    return np.asarray(picture.convert("RGB")).astype(int)


def difference(first: Image.Image, second: Image.Image) -> float:
    """Mean difference for each channel; pictures of other sizes are infinitely far away."""
    if first.size != second.size:
        return float("inf")
    return float(np.abs(rgb(first) - rgb(second)).mean())


def reduced_difference(got: Image.Image, whole: Image.Image) -> float:
    """Distance of a reduced picture to the nearer of a plain mean and a sharp kernel: which one is used is free."""
    return min(difference(got, whole.resize(got.size, kernel)) for kernel in (Image.Resampling.BOX, Image.Resampling.LANCZOS))
