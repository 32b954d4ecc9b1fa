"""The wide panel: agency and year down, metric_id across, one value a cell by a stated preference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..metrics import load_metrics
from .rows import Row

_SOURCES = ("table", "model", "rule")
_QUALIFIERS = ("exact", "approx", "min", "max")


@dataclass(frozen=True, slots=True)
class Panel:
    """`rows` by agency and year; `alternates` are the record rows that a cell did not take.

    A cell takes a figure from a table before one from a sentence, an exact one before a rounded
    one, then the surer one, then the earlier one.
    """

    columns: dict[str, type]
    rows: list[Row]
    alternates: list[Row]


def make_panel(rows: Iterable[Row]) -> Panel:
    """The panel of all records that have an agency, a year and a metric_id."""
    cells: dict[tuple[str, int, str], list[Row]] = {}
    for row in rows:
        if row["agency"] is not None and row["year"] is not None and row["metric_id"] is not None:
            cells.setdefault((row["agency"], row["year"], row["metric_id"]), []).append(row)
    used = {metric_id for _, _, metric_id in cells}
    names = [name for name in load_metrics() if name in used]
    lines: dict[tuple[str, int], Row] = {}
    alternates: list[Row] = []
    for (agency, year, metric_id), found in cells.items():
        found.sort(key=_preference)
        line = lines.setdefault((agency, year), {"agency": agency, "year": year})
        line[metric_id] = found[0]["value"]
        alternates.extend(row for row in found[1:] if row["value"] != found[0]["value"])
    columns: dict[str, type] = {"agency": str, "year": int} | dict.fromkeys(names, float)
    ordered = [lines[key] for key in sorted(lines)]
    return Panel(columns, ordered, sorted(alternates, key=lambda r: (r["agency"], r["year"], r["metric_id"])))


def _preference(row: Row) -> tuple[int, int, float, str, int]:
    return (
        _SOURCES.index(row["source"]),
        _QUALIFIERS.index(row["qualifier"]),
        -row["confidence"],
        row["doc_id"],
        row["start"],
    )
