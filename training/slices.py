"""Which slices of a corpus a report belongs to: era, level, script, dirt, and its writer's notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ERAS = ((2013, "2013 and before"), (2018, "2014-2018"), (2020, "2019-2020"), (9999, "2021 and after"))


def report_slices(meta: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Values of each way of slicing; a report may have several kinds of dirt, or none."""
    dirt = _kinds(meta.get("dirt"))
    return {
        "era": (_era(meta.get("year")),),
        "level": (str(meta.get("level")),),
        "script": (str(meta.get("script")),),
        "dirt": ("dirty" if dirt else "clean",),
        "kind of dirt": dirt,
        "difficulty": _kinds(meta.get("hard")),
    }


def _era(year: object) -> str:
    return next(name for last, name in ERAS if year <= last) if isinstance(year, int) else "unknown"


def _kinds(value: object) -> tuple[str, ...]:
    return tuple(sorted({str(v) for v in value} - {"none"})) if isinstance(value, list) else ()
