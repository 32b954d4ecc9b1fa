"""Every record that the scorer does not count, with the sentence it stands in and what it should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...data.document import Document
from ..record_score import evidence_shared
from .ways import Scored

_FIELDS = ("year", "metric_id", "metric", "value", "unit", "kind")
_AROUND = 60  # characters of a table's text that are shown on either side


def record_misses(reports: Iterable[Scored]) -> Iterator[dict[str, Any]]:
    """One entry for each gold record missed and each record too many, the two joined where they meet.

    `hurts` names the countings (`core`, `all`) that it lowers, `why` is `missed`, `extra` or the fields
    that differ; intervals are offsets into `text`, which begins at `at[0]` of the report's text.
    """
    for report in reports:
        golds, records = report.gold["records"], report.records
        missed = _missed(report)
        extra = _extra(report)
        free = dict(extra)
        for index, hurts in missed.items():
            mate = _mate(index, golds[index], report, free)
            both = sorted(set(hurts) | set(free.pop(mate, ())) if mate is not None else hurts)
            yield _entry(report, golds[index], records[mate] if mate is not None else None, both)
        for index, hurts in free.items():
            # One that is right but for an id it should not have stands beside its gold record.
            mate = report.score.all_pairs.get(index)
            yield _entry(report, golds[mate] if mate is not None else None, records[index], hurts)


def _missed(report: Scored) -> dict[int, list[str]]:
    core, all_ = set(report.score.core_pairs.values()), set(report.score.all_pairs.values())
    out: dict[int, list[str]] = {}
    for index, gold in enumerate(report.gold["records"]):
        hurts = ["all"] if gold["tier"] != "optional" and index not in all_ else []
        if gold["tier"] == "core" and index not in core:
            hurts.append("core")
        if hurts:
            out[index] = hurts
    return out


def _extra(report: Scored) -> dict[int, list[str]]:
    out: dict[int, list[str]] = {}
    for index, record in enumerate(report.records):
        hurts = ["all"] if index not in report.score.all_pairs else []
        if record["metric_id"] is not None and index not in report.score.core_pairs:
            hurts.append("core")
        if hurts:
            out[index] = hurts
    return out


def _mate(
    index: int, gold: Mapping[str, Any], report: Scored, free: Mapping[int, Sequence[str]]
) -> int | None:
    """The record to show beside a missed gold one: its pair in the other counting, else one at its place."""
    paired = next((r for r, g in report.score.all_pairs.items() if g == index), None)
    if paired is not None:
        return paired
    return next((r for r in free if evidence_shared(report.records[r], gold)), None)


def _entry(
    report: Scored, gold: Mapping[str, Any] | None, record: Mapping[str, Any] | None, hurts: Sequence[str]
) -> dict[str, Any]:
    sides = [s for s in (gold, record) if s is not None]
    start, end = _around(
        report.document,
        min(s["evidence"]["start"] for s in sides),
        max(s["evidence"]["end"] for s in sides),
    )
    why = "missed" if record is None else "extra" if gold is None else _differences(gold, record)
    return {
        "report": report.report_id,
        "at": [start, end],
        "text": report.document.text[start:end],
        "hurts": list(hurts),
        "why": why,
        "gold": _side(gold, start),
        "got": _side(record, start),
    }


def _differences(gold: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    names = [n for n in ("year", "value", "kind", "metric_id") if gold[n] != record[n]]
    # The same figure twice: its gold record went to the other one.
    return ", ".join(names) or ("evidence" if gold["metric"] == record["metric"] else "metric")


def _side(record: Mapping[str, Any] | None, offset: int) -> dict[str, Any] | None:
    if record is None:
        return None
    evidence = record["evidence"]
    out = {name: record[name] for name in _FIELDS}
    out |= {"start": evidence["start"] - offset, "end": evidence["end"] - offset}
    return out | {name: record[name] for name in ("tier", "source", "confidence") if name in record}


def _around(document: Document, start: int, end: int) -> tuple[int, int]:
    """The sentences that evidence touches; in a table, the characters around it."""
    touched = [s for s in document.sentences if s.start < end and start < s.end]
    if touched:
        return min(start, touched[0].start), max(end, touched[-1].end)
    return max(0, start - _AROUND), min(len(document.text), end + _AROUND)
