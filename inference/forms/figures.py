"""Turns cells of the forms into figures."""

from __future__ import annotations

from typing import NamedTuple

from ..types import Figure, Finder, Kind, Qualifier
from .spec import FormSpec
from .values import MONEY, in_base_units


class FormCell(NamedTuple):
    """A cell of a form with a figure: `[start, end)` from the metric's cell to the figure's.

    `printed_unit` is the unit of the cell, of its row or of its head; `at` is where the figure
    itself stands.
    """

    metric: str
    metric_id: str | None
    number: int | float
    printed_unit: str | None
    start: int
    end: int
    at: int
    confidence: float
    flags: tuple[str, ...] = ()
    year: int | None = None
    section: str | None = None


def to_figure(cell: FormCell, section: str | None, spec: FormSpec) -> Figure:
    """The figure of a cell, in base units; a cell without a unit takes its metric's."""
    metric = spec.metrics.get(cell.metric_id or "")
    unit = cell.printed_unit
    if unit is None and metric is not None:
        unit = metric.unit
    is_money = unit in MONEY
    return Figure(
        start=cell.start,
        end=cell.end,
        metric=cell.metric,
        metric_id=cell.metric_id,
        value=in_base_units(cell.number, unit),
        unit="元" if is_money else unit,
        qualifier=Qualifier.EXACT,
        kind=Kind.AMOUNT if is_money else Kind.RATE if unit == "%" else Kind.COUNT,
        finder=Finder.TABLE,
        confidence=round(cell.confidence, 4),
        year=cell.year,
        section=cell.section or section,
        flags=cell.flags,
    )
