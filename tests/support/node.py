"""tests/node: the libraries of others that speak with the server; those that viewers are made of load published documents, one sends files."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from .server import ROOT

NODE = ROOT / "tests" / "node"


def install_node_packages() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not there")
    if not all((NODE / "node_modules" / name).is_dir() for name in ("@iiif/vault", "tus-js-client")):
        done = subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=NODE, capture_output=True, text=True, timeout=180)
        if done.returncode:
            pytest.skip(f"npm ci in tests/node failed, is there a network? {done.stderr[-300:]}")
    return node


def load(documents: dict[str, dict], folder: Path) -> dict[str, int]:
    """Loads {address: document} with @iiif/parser and @iiif/vault (tests/node/load.mjs); gives how many parts of each type they told. A file goes into `folder`."""
    node = install_node_packages()
    file = folder / "documents.json"
    file.write_text(json.dumps(documents))
    done = subprocess.run([node, "load.mjs", str(file)], cwd=NODE, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    first, second = done.stdout.splitlines()
    assert first == f"{len(documents)} documents, 0 failures"
    return json.loads(second)
