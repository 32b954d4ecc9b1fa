"""Record F1: extracted records against an annotated report's, one to one, by id or by what they are about.

Two countings. `core` asks for metric_id, year and value; `all` asks for year, value and kind, and that
both are about the same thing: their evidence shares two characters, or their metrics' names share a run
of half the shorter name. A gold record may allow other ids, years and values (`alt_ids`, `alt_years`,
`alt_values`); one of tier `optional` may be found or not. A figure found more often than it is stated
is wrong each further time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .scores import Score

Fields = Mapping[str, Any]
"""A record as the output contract writes it, or a gold record of `annotations.gold`."""

_TIERS = {"core": 2, "open": 1, "optional": 0}
_LEAST_EVIDENCE = 2
_LEAST_NAME = 0.5


@dataclass(frozen=True, slots=True)
class ReportScore:
    """One report's counts. The pairs lead from a record's index to its gold record's.

    `agency` and `year` say whether any record carries the report's own.
    """

    core: Score
    all: Score
    core_pairs: Mapping[int, int]
    all_pairs: Mapping[int, int]
    agency: bool
    year: bool


def score_report(records: Sequence[Fields], gold: Fields) -> ReportScore:
    """Score the records of one report against `annotations.gold.gold_report`'s answer."""
    golds: Sequence[Fields] = gold["records"]
    about = _pairs(records, golds, _same_thing)
    named = _pairs(records, golds, _same_id)
    free = [g["tier"] == "optional" for g in golds]
    all_ = Score(
        sum(not free[g] for g in about.values()),
        len(records) - sum(free[g] for g in about.values()),
        free.count(False),
    )
    hit = set(named.values())
    core_hits = sum(golds[g]["tier"] == "core" for g in hit)
    claimed = sum(r.get("metric_id") is not None for r in records)
    missed = sum(
        g["tier"] == "core" and i not in hit and None not in g.get("alt_ids", ()) for i, g in enumerate(golds)
    )
    # A record with an id that pairs with an open or optional one neither helps nor hurts core.
    core = Score(core_hits, claimed - (len(named) - core_hits), core_hits + missed)
    agencies = [gold["agency"], *gold.get("agency_alt", ())]
    years = [gold["report_year"], *gold.get("report_year_alt", ())]
    return ReportScore(
        core,
        all_,
        named,
        about,
        any(r.get("agency") in agencies for r in records),
        any(r.get("year") in years for r in records),
    )


def evidence_shared(record: Fields, gold: Fields) -> bool:
    """Whether the two intervals share at least two characters."""
    ours, theirs = record.get("evidence") or {}, gold.get("evidence") or {}
    if "start" not in ours or "start" not in theirs:
        return False
    return bool(min(ours["end"], theirs["end"]) - max(ours["start"], theirs["start"]) >= _LEAST_EVIDENCE)


def name_shared(one: str, other: str) -> float:
    """The longest common run of two names, blanks apart, as a share of the shorter name."""
    short, long = sorted(("".join(one.split()), "".join(other.split())), key=len)
    for size in range(len(short), 0, -1):
        if any(short[at : at + size] in long for at in range(len(short) - size + 1)):
            return size / len(short)
    return 0.0


def _pairs(
    records: Sequence[Fields], golds: Sequence[Fields], fits: Callable[[Fields, Fields], bool]
) -> dict[int, int]:
    """One to one, the closest first; ties go to the earlier record, then to the earlier gold one."""
    candidates = sorted(
        (-_closeness(record, gold), r, g)
        for r, record in enumerate(records)
        for g, gold in enumerate(golds)
        if fits(record, gold)
    )
    out: dict[int, int] = {}
    taken: set[int] = set()
    for _, r, g in candidates:
        if r not in out and g not in taken:
            out[r] = g
            taken.add(g)
    return out


def _closeness(record: Fields, gold: Fields) -> float:
    return (
        4 * evidence_shared(record, gold)
        + _TIERS[gold["tier"]]
        + name_shared(record.get("metric") or "", gold["metric"])
    )


def _same_thing(record: Fields, gold: Fields) -> bool:
    if not _same_figure(record, gold) or (record.get("kind") == "rate") != (gold["kind"] == "rate"):
        return False
    return (
        evidence_shared(record, gold)
        or name_shared(record.get("metric") or "", gold["metric"]) >= _LEAST_NAME
    )


def _same_id(record: Fields, gold: Fields) -> bool:
    name = record.get("metric_id")
    return (
        name is not None
        and (name == gold["metric_id"] or name in gold.get("alt_ids", ()))
        and _same_figure(record, gold)
    )


def _same_figure(record: Fields, gold: Fields) -> bool:
    year, value = record.get("year"), record.get("value")
    if year != gold["year"] and year not in gold.get("alt_years", ()):
        return False
    values = (gold["value"], *gold.get("alt_values", ()))
    return isinstance(value, int | float) and any(
        abs(value - other) <= 1e-6 * max(1.0, abs(other)) for other in values
    )
