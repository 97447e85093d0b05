"""The seeded faults, one file for each specification or part of one."""

from __future__ import annotations

import importlib
import pkgutil

from ..model import REGISTRY, Fault


def all_faults() -> list[Fault]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return sorted(REGISTRY, key=lambda fault: (fault.specification, fault.name))
