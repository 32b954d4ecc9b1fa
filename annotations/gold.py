"""Gold records from an annotated report's link marks, in the shape that the scorer reads."""

from __future__ import annotations

import re
from typing import Any

from ..data.numbers import parse_count, parse_rate
from .markup import Link, Mark, Report

_MONEY = re.compile(r"^(?:人民币|人民幣)?(?:元|圆|圓)$")

_TABLE_MONEY = {"万元": 10**4, "萬元": 10**4, "亿元": 10**8, "億元": 10**8}


def gold_report(report: Report, doc_id: str) -> dict[str, Any]:
    """The report's gold: `doc_id`, `agency`, `report_year` and `records` with their tier.

    Tier `core` has a metric_id, `open` has none, `optional` neither helps nor hurts.
    """
    metrics = report.metrics()
    records = [
        _record(report, mark, link, metrics[link.metric])
        for mark in report.marks
        for link in mark.links
        if link.metric in metrics
    ]
    return {
        "doc_id": doc_id,
        "agency": report.meta.get("agency"),
        "agency_alt": report.meta.get("agency_alt", []),
        "report_year": report.meta.get("year"),
        "records": records,
    }


def _record(report: Report, mark: Mark, link: Link, metric: Mark) -> dict[str, Any]:
    text = report.text
    unit_mark = _unit_after(report, mark)
    value, unit, approx = _value(
        text[mark.start : mark.end], mark, text[unit_mark.start : unit_mark.end] if unit_mark else None
    )
    spans = [mark, metric, *([unit_mark] if unit_mark else [])]
    start, end = min(s.start for s in spans), max(s.end for s in spans)
    if mark.label != "ZERO" and start < mark.start and _figure_between(report, metric.end, mark.start):
        start = mark.start  # the metric was named for an earlier figure: the evidence is the number's own
    kind = "rate" if mark.label == "RATE" else "amount" if unit == "元" else "count"
    return {
        "tier": "optional" if mark.optional else "core" if link.metric_id else "open",
        "year": mark.year if mark.year is not None else report.meta.get("year"),
        "metric_id": link.metric_id,
        "metric": re.sub(r"\s+", "", text[metric.start : metric.end]),
        "value": value,
        "unit": unit,
        "kind": kind,
        "qualifier": mark.qualifier or ("approx" if approx else "exact"),
        "evidence": {"start": start, "end": end, "text": text[start:end]},
    }


def _value(words: str, mark: Mark, unit: str | None) -> tuple[int | float, str | None, bool]:
    if mark.label == "ZERO":
        return 0, mark.unit, False
    if mark.label == "RATE":
        rate = parse_rate(words)
        return (rate.value, "%", rate.approx) if rate else (float("nan"), "%", False)
    unit = unit or mark.unit
    number = parse_count(words)
    if number is None:
        return float("nan"), unit, False
    factor = _TABLE_MONEY.get(unit or "", 1)  # in a form's column the multiplier stands with the unit
    value = number.value * factor if factor == 1 else round(number.value * factor, 4)
    return value, "元" if factor > 1 or (unit and _MONEY.match(unit)) else unit, number.approx


def _unit_after(report: Report, mark: Mark) -> Mark | None:
    if mark.label != "COUNT":
        return None
    for other in report.marks:
        if (
            other.label == "UNIT"
            and mark.end <= other.start
            and not report.text[mark.end : other.start].strip()
        ):
            return other
    return None


def _figure_between(report: Report, start: int, end: int) -> bool:
    return any(m.links and start <= m.start and m.end <= end for m in report.marks)
