"""What flows from tags to records: tags, figures, records, and who found what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Finder(StrEnum):
    """Who found a span or a figure."""

    MODEL = "model"
    RULE = "rule"
    TABLE = "table"


class Label(StrEnum):
    """What a span is; see the label guide."""

    AGENCY = "AGENCY"
    YEAR = "YEAR"
    METRIC = "METRIC"
    COUNT = "COUNT"
    UNIT = "UNIT"
    RATE = "RATE"
    ZERO = "ZERO"


class Kind(StrEnum):
    """What a value measures."""

    COUNT = "count"
    AMOUNT = "amount"
    RATE = "rate"


class Qualifier(StrEnum):
    """How the words bound a value."""

    EXACT = "exact"
    APPROX = "approx"
    MIN = "min"
    MAX = "max"


class CellState(StrEnum):
    """What a form's cell holds; only ZERO and NUMBER give a record."""

    ZERO = "zero"
    NUMBER = "number"
    EMPTY = "empty"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Tag:
    """A labelled span `[start, end)` of the document's text."""

    start: int
    end: int
    label: Label
    confidence: float
    finder: Finder


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure on its metric, before the report's own agency and year are filled in.

    `[start, end)` is the evidence, from the metric to the unit. `year` is None where the
    report's year holds. `value` is in base units: money in 元, a rate in per cent.
    """

    start: int
    end: int
    metric: str
    metric_id: str | None
    value: int | float
    unit: str | None
    qualifier: Qualifier
    kind: Kind
    finder: Finder
    confidence: float
    year: int | None = None
    section: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the output, as the record contract sets it.

    `page` and `box` (points from the page's top left) say where a PDF shows the evidence.
    """

    doc_id: str
    agency: str | None
    year: int | None
    metric: str
    metric_id: str | None
    value: int | float
    unit: str | None
    qualifier: Qualifier
    kind: Kind
    section: str | None
    start: int
    end: int
    text: str
    source: Finder
    confidence: float
    flags: tuple[str, ...] = ()
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
