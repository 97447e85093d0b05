"""docs/conformance.md is what the markers say."""

import subprocess
import sys

from support.server import ROOT


def test_the_page_is_current(tmp_path):
    target = tmp_path / "conformance.md"
    subprocess.run([sys.executable, "-m", "pytest", "-q", "tests", "--conformance-page", str(target)], cwd=ROOT, capture_output=True, check=False, timeout=120)
    assert target.read_text() == (ROOT / "docs" / "conformance.md").read_text(), "write it anew: python -m pytest tests --conformance-page docs/conformance.md"
