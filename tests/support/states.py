"""Content states, written from Content State API 1.0, 6.3.2."""

import base64
import json
import urllib.parse


def encode(state) -> str:
    text = state if isinstance(state, str) else json.dumps(state, ensure_ascii=False)
    return base64.urlsafe_b64encode(urllib.parse.quote(text, safe="").encode()).decode().replace("=", "")


def decode(encoded: str) -> str:
    return urllib.parse.unquote(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
