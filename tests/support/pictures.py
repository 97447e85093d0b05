"""Addresses and sizes of the fixture pictures."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from fixtures.make_fixtures import ODD_NAMES, SIZES, VALIDATOR_ID

# Fixture names of the requirement list -> identifier and size.
F1 = VALIDATOR_ID
F1_JP2 = f"codestream~{VALIDATOR_ID}"
F2 = "pictures~gradient"
F3 = "sizes~1001x2003"
F4 = "pictures~small"
F5 = "pictures~bitonal"
F6 = "pictures~gray"
F7 = "pictures~alpha"
F8 = "pictures~sixteen"
F10 = "limits~limit-size~picture"
F11 = "limits~limit-area~picture"
LIMIT_WIDTH = "limits~limit-width~picture"
LIMIT_UPSCALE = "limits~limit-upscale~picture"
F12 = "exif~orientation-6"
F13 = "sizes~1x1"
F14 = "sizes~20000x50"
F16 = "pictures~cmyk"

SIZE_OF = {F1: (1000, 1000), F1_JP2: (1000, 1000), F2: (6000, 4000), F4: (300, 200), F5: (120, 90), F6: (320, 240), F7: (300, 200),
           F8: (300, 200), F10: (6000, 4000), F11: (6000, 4000), LIMIT_WIDTH: (400, 4000), LIMIT_UPSCALE: (300, 200),
           F12: (240, 160), F16: (300, 200), **{f"sizes~{w}x{h}": (w, h) for w, h in SIZES}}


def identifier(*segments: str) -> str:
    """The identifier of a path: segments joined with `~`, a literal `~` or `=` escaped, NFC (contract, Identifiers)."""
    escaped = [unicodedata.normalize("NFC", s).replace("=", "=3D").replace("~", "=7E") for s in segments]
    return "~".join(escaped)


def encode(name: str) -> str:
    """An identifier as it stands in a URL: everything outside A-Za-z0-9._~=- percent-encoded."""
    return quote(name, safe="~=-._")


def odd_identifiers() -> list[str]:
    return [identifier("odd names", name) for name in ODD_NAMES]


def image3(name: str, rest: str = "") -> str:
    return f"/iiif/image/3/{encode(name)}" + (f"/{rest}" if rest else "")


def image2(name: str, rest: str = "") -> str:
    return f"/iiif/image/2/{encode(name)}" + (f"/{rest}" if rest else "")
