"""The official validators as they are: image-validator, presentation-validator's schema, @iiif/parser, @iiif/vault."""

import json
import re
import subprocess
import sys

import pytest

from support.client import Client
from support.crawl import crawl2, crawl3, crawl4
from support.excused import EXCUSED
from support.node import load
from support.official import validator_3, validator_4
from support.pictures import F1, F1_JP2

# 1 to 3: the levels; the validator calls its optional checks level 3.
CHECKS = {"3.0": 45, "2.0": 42}


def run_image_validator(client: Client, identifier: str, version: str) -> dict[str, str]:
    """Check -> "" or what it said."""
    prefix = f"{client.prefix.lstrip('/')}/iiif/image/{version[0]}".lstrip("/")
    # The released package calls urllib.urlopen, which Python 3 has under another name; nothing else of it is touched.
    script = ("import json, urllib, urllib.request\nurllib.urlopen = urllib.request.urlopen\nfrom iiif_validator.validator import ValidationInfo, TestSuite, ImageAPI\n"
              "import traceback\nout = {}\n"
              f"for name in sorted(TestSuite(ValidationInfo()).list_tests({version!r})):\n"
              f"    result = ImageAPI({identifier!r}, {client.authority!r}, {prefix!r}, {client.scheme!r}, '', {version!r}, debug=False)\n"
              "    try:\n"
              "        TestSuite(ValidationInfo()).run_test(name, result)\n"
              "        e = result.exception\n"
              "        out[name] = '' if not e or e.warning else f'{result.urls[-1:]}: got {e.got}, expected {e.expected} {e.message}'\n"
              "    except Exception:\n"
              "        out[name] = traceback.format_exc()[-600:]\n"
              "print('RESULT ' + json.dumps(out))\n")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    match = re.search(r"^RESULT (.*)$", done.stdout, re.M)
    assert match, done.stdout[-1000:] + done.stderr[-2000:]
    return json.loads(match.group(1))


@pytest.mark.ids("IMG3-160", "IMG3-161", "IMG3-162", "IMG3-163")
@pytest.mark.parametrize("version", ["3.0", "2.0"])
@pytest.mark.parametrize("identifier", [F1, F1_JP2], ids=["png", "jp2"])
def test_image_validator(client, identifier, version):
    """Levels 0 to 2 and the optional checks; only what support/excused.py names may fail."""
    results = run_image_validator(client, identifier, version)
    assert len(results) >= CHECKS[version], f"only {len(results)} checks ran"
    failed = {name: text for name, text in results.items() if text}
    assert {name: text for name, text in failed.items() if (name, version) not in EXCUSED} == {}
    unneeded = {name for name, its_version in EXCUSED if its_version == version} - set(failed)
    assert unneeded == set(), "these need no excuse"


@pytest.mark.ids("PRES3-015", "PRES3-016", "PRES3-030", "PRES3-060", "PRES3-066", "PRES3-075")
def test_presentation_schema(client):
    validator = validator_3()
    complaints = {}
    for address, document in crawl3(client, missing=[]).items():
        errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(document)]
        if errors:
            complaints[address] = errors[:3]
    assert complaints == {}


@pytest.mark.ids("PRES4-003", "PRES4-005", "PRES4-009", "PRES4-010")
def test_presentation_schema_4(client):
    validator = validator_4()
    complaints = {}
    for address, document in crawl4(client, missing=[]).items():
        errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(document)]
        if errors:
            complaints[address] = errors[:3]
    assert complaints == {}


def test_parser_and_vault_load(client, tmp_path):
    """@iiif/parser reads every document of both versions and @iiif/vault loads each; see tests/node/load.mjs."""
    documents = {client.base + address: document for address, document in {**crawl3(client, missing=[]), **crawl2(client, missing=[])}.items()}
    assert load(documents, tmp_path)["Canvas"] > 0
