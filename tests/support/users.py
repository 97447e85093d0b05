"""Signing in from tests."""

import base64

PASSWORD = "correct horse battery"


def basic(name: str, password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode(), **more}
