"""Two evaluations side by side: the figures that changed, the examples that broke and those mended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...data.errors import ConfigError
from .ways import SHIPPED

_LOWER_IS_BETTER = ("expected_error", "wrong_share")
_LEAVES = ("f1", "accuracy", "agency_accuracy", "year_accuracy", "accepted_share", *_LOWER_IS_BETTER)
_PARTS = ("spans", "records", "links", "metric_ids", "calibration", "slices")
KINDS = ("records", "spans", "links", "metric_ids")


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs; `beyond` where the new one leaves the old one's 95% interval."""

    name: str
    old: float
    new: float
    better: bool
    beyond: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed. Examples are misses, by kind, of the reports that both evaluations read alike."""

    old: Mapping[str, Any]  # the old evaluation's `made`
    notes: tuple[str, ...]
    changes: tuple[Change, ...]
    broke: Mapping[str, list[dict[str, Any]]]
    mended: Mapping[str, list[dict[str, Any]]]


def load_evaluation(path: Path) -> dict[str, Any]:
    """Read an `evaluation.json`.

    Raises:
        ConfigError: it cannot be read or is none.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot be read ({error})", file=str(path)) from error
    if not isinstance(value, dict) or not {"made", "misses", *_PARTS} <= value.keys():
        raise ConfigError("is no evaluation", file=str(path), advice="name an evaluation.json")
    return value


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """What changed from `old` to `new`, both as `evaluate_folder` makes them."""
    before, after = old["made"]["reports"], new["made"]["reports"]
    common = {name for name, digest in after.items() if before.get(name) == digest}
    notes = []
    if old["made"]["corpus"] != new["made"]["corpus"]:
        notes.append(
            f"The reports are not the same ({len(before)} before, {len(after)} now, {len(common)} alike): "
            "figures are of different texts, examples are of those alike."
        )
    if old["made"]["settings"] != new["made"]["settings"]:
        notes.append("The settings are not the same.")
    past, present = (_examples(e["misses"], common) for e in (old, new))
    return Comparison(
        old["made"],
        tuple(notes),
        tuple(_changes(old, new)),
        {kind: _only(present[kind], past[kind]) for kind in KINDS},
        {kind: _only(past[kind], present[kind]) for kind in KINDS},
    )


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    past = {name: (value, interval) for part in _PARTS for name, value, interval in _leaves(old[part], part)}
    for part in _PARTS:
        for name, value, _ in _leaves(new[part], part):
            before, interval = past.get(name, (value, None))
            if value != before:
                lower = name.endswith(_LOWER_IS_BETTER)
                beyond = interval is not None and not interval[0] <= value <= interval[1]
                yield Change(name, before, value, (value < before) == lower, beyond)


def _leaves(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, float, Any]]:
    for name, below in value.items():
        if isinstance(below, Mapping):
            yield from _leaves(below, f"{path} › {name}")
        elif name in _LEAVES and isinstance(below, int | float):
            own = name in ("f1", "accuracy")
            yield (
                (path if name == "f1" else f"{path} › {name}"),
                below,
                value.get("interval") if own else None,
            )


Keyed = dict[tuple[Any, ...], dict[str, Any]]


def _examples(misses: Mapping[str, Any], reports: set[str]) -> dict[str, Keyed]:
    listed = {"spans": _single_spans(misses["spans"]), "records": misses["records"][SHIPPED]}
    listed |= {kind: misses[kind] for kind in ("links", "metric_ids")}
    return {kind: {_key(kind, m): m for m in listed[kind] if m["report"] in reports} for kind in KINDS}


def _single_spans(misses: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One entry a span, so that a sentence may be half mended."""
    for miss in misses:
        for side, other in ("missed", "wrong"), ("wrong", "missed"):
            for span in miss[side]:
                yield {**miss, side: [span], other: []}


def _key(kind: str, miss: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two misses the same: the place and what is annotated there, else what was found."""
    place = (miss["report"], miss["at"][0])
    if kind == "spans":
        side = "missed" if miss["missed"] else "wrong"
        span = miss[side][0]
        return (*place, side, span["start"], span["end"], span["label"])
    if kind == "records":
        record = miss["gold"] or miss["got"]
        start = miss["at"][0] + record["start"]
        return (
            miss["report"],
            miss["gold"] is None,
            start,
            record["metric"],
            record["metric_id"],
            record["value"],
        )
    return (*place, miss["figure"]["start"], miss["figure"]["end"], miss.get("metric", {}).get("start"))


def _only(here: Keyed, there: Keyed) -> list[dict[str, Any]]:
    return [miss for key, miss in here.items() if key not in there]
