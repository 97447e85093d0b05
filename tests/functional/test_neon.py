"""The loops for ARM give what the plain ones give: built with a cross compiler, run by qemu."""

import shutil
import subprocess
from pathlib import Path

import pytest

from support.server import ROOT

COMPILER, RUNNER = "aarch64-linux-gnu-g++", "qemu-aarch64-static"
SOURCES = ["resample_filter.cpp", "resample_kernels.cpp", "resample_neon.cpp", "resample_avx2.cpp"]


@pytest.mark.skipif(not shutil.which(COMPILER) or not shutil.which(RUNNER), reason="needs g++-aarch64-linux-gnu and qemu-user-static")
def test_neon_equals_plain(tmp_path: Path):
    program = tmp_path / "same"
    sources = [Path(__file__).parent / "neon" / "same_main.cpp", *(ROOT / "src" / "image" / name for name in SOURCES)]
    subprocess.run([COMPILER, "-std=c++20", "-O2", "-static", "-I", ROOT / "src", *sources, "-o", program], check=True, timeout=300)
    done = subprocess.run([RUNNER, program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    assert "are the same" in done.stdout
