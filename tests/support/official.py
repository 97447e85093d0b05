"""The official schemas of Presentation 3 and 4, of github.com/IIIF/presentation-validator. It carries no licence, so it is not in this repository."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .server import ROOT

SCHEMA = "iiif_3_0.json"


def schema_file() -> Path:
    named = os.environ.get("PRESENTATION_VALIDATOR")
    places = [Path(named)] if named else [ROOT.parent / "presentation-validator", ROOT / "build" / "presentation-validator"]
    for place in places:
        for path in (place, place / "schema" / SCHEMA, place / SCHEMA):
            if path.is_file():
                return path
    pytest.skip("the schema of github.com/IIIF/presentation-validator is not there: clone it beside the repository, or name it in PRESENTATION_VALIDATOR")


def validator_3() -> Draft7Validator:
    return Draft7Validator(json.loads(schema_file().read_text()))


def validator_4() -> Draft202012Validator:
    """The schemas of Presentation 4 of the same repository, each at the address by which the others name it."""
    folder = schema_file().parent / "v4"
    schemas = {f"https://iiif.io/api/presentation/4.0/schema/{file.name}": json.loads(file.read_text()) for file in folder.glob("*.json")}
    registry = Registry().with_resources((address, Resource.from_contents(schema, default_specification=DRAFT202012)) for address, schema in schemas.items())
    return Draft202012Validator(schemas["https://iiif.io/api/presentation/4.0/schema/main.json"], registry=registry)
