"""The planned breadth of the corpus beside what it holds: each row of `corpus/coverage.yaml`, counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ..data.errors import AnnotationError
from .convert import Annotated
from .markup import Mark, Report
from .stats import has_address, split_name, sums

PLAN = Path(__file__).parent / "corpus" / "coverage.yaml"
_FAR = 40  # characters between a metric and its number
_FEW = 5


class Count(BaseModel):
    """What a row counts: reports that meet every part of it, or a sum over all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    total: str | None = None  # `reports`, `spans` or `figures` instead of reports that meet the rest
    split: str | None = None
    field: dict[str, str] = {}  # front matter
    years: tuple[int, int] | None = None
    characters: tuple[int, int] | None = None
    address: bool = False
    feature: str | None = None  # of the marks: a name in FEATURES
    pattern: str | None = None  # in the text
    unmarked: str | None = None  # in the text outside of all marks
    tags: tuple[str, ...] = ()  # words of `dirt` or `hard` that hold one of these


class Row(BaseModel):
    """One line of the plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    axis: str
    what: str
    minimum: int
    count: Count
    gap: str | None = None  # why the minimum is known to be missed


@dataclass(frozen=True, slots=True)
class Covered:
    """A row of the plan with what the corpus holds."""

    row: Row
    found: int

    @property
    def missed(self) -> bool:
        """Whether the corpus holds less than planned."""
        return self.found < self.row.minimum


def load_plan(path: Path = PLAN) -> list[Row]:
    """The rows of a plan.

    Raises:
        AnnotationError: it is no list of rows, or a row names an unknown feature or a broken pattern.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows = [Row.model_validate(value) for value in values]
        for row in rows:
            re.compile(row.count.pattern or "")
            re.compile(row.count.unmarked or "")
    except (OSError, yaml.YAMLError, TypeError, ValidationError, re.error) as error:
        raise AnnotationError(f"is no coverage plan ({error})", file=str(path)) from error
    for row in rows:
        if row.count.feature is not None and row.count.feature not in FEATURES:
            raise AnnotationError(
                f"no feature {row.count.feature!r}", file=str(path), advice=", ".join(FEATURES)
            )
    return rows


def cover(corpus: Sequence[Annotated], plan: Sequence[Row]) -> list[Covered]:
    """Every row with its count."""
    return [Covered(row, _count(corpus, row.count)) for row in plan]


def _count(corpus: Sequence[Annotated], wanted: Count) -> int:
    met = [a for a in corpus if _meets(a, wanted)]
    return sums(met)[wanted.total or "reports"]


def _meets(annotated: Annotated, wanted: Count) -> bool:
    report, meta = annotated.report, annotated.meta
    year = meta.get("year")
    return (
        (wanted.split is None or split_name(annotated) == wanted.split)
        and all(str(meta.get(key)) == value for key, value in wanted.field.items())
        and (not wanted.years or (isinstance(year, int) and wanted.years[0] <= year <= wanted.years[1]))
        and (not wanted.characters or wanted.characters[0] <= len(report.text) <= wanted.characters[1])
        and (not wanted.address or has_address(annotated))
        and (wanted.feature is None or FEATURES[wanted.feature](report))
        and (wanted.pattern is None or re.search(wanted.pattern, report.text) is not None)
        and (wanted.unmarked is None or re.search(wanted.unmarked, _unmarked(report)) is not None)
        and (not wanted.tags or _tagged(meta, wanted.tags))
    )


def _tagged(meta: dict[str, Any], wanted: Sequence[str]) -> bool:
    words = [str(w) for key in ("dirt", "hard") for w in meta.get(key) or []]
    return any(want in word for word in words for want in wanted)


def _unmarked(report: Report) -> str:
    """The text with a sign that no pattern knows in each mark's place."""
    out, position = [], 0
    for mark in report.marks:
        out += [report.text[position : mark.start], "\ue000"]
        position = mark.end
    return "".join([*out, report.text[position:]])


def _any(test: Callable[[Report, Mark], bool]) -> Callable[[Report], bool]:
    return lambda report: any(test(report, m) for m in report.marks)


def _words(report: Report, mark: Mark) -> str:
    return report.text[mark.start : mark.end]


def _linked(report: Report, mark: Mark) -> list[Mark]:
    metrics = report.metrics()
    return [metrics[k.metric] for k in mark.links if k.metric in metrics]


def _labels_of_metrics(report: Report) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for mark in report.marks:
        for link in mark.links:
            found.setdefault(link.metric, []).append(mark.label)
    return found


@cache
def _count_words(pattern: str) -> Callable[[Report], bool]:
    return _any(lambda r, m: m.label == "COUNT" and re.search(pattern, _words(r, m)) is not None)


FEATURES: dict[str, Callable[[Report], bool]] = {
    "shared_zero": _any(lambda _, m: m.label == "ZERO" and len(m.links) > 1),
    "shared_count": _any(lambda _, m: m.label == "COUNT" and len(m.links) > 1),
    "zero": _any(lambda _, m: m.label == "ZERO"),
    "number_before_metric": _any(
        lambda r, m: m.label == "COUNT" and any(k.start >= m.end for k in _linked(r, m))
    ),
    "far_metric": _any(lambda r, m: any(k.end + _FAR <= m.start for k in _linked(r, m))),
    "several_figures": lambda r: any(len(labels) > 2 for labels in _labels_of_metrics(r).values()),
    "count_and_share": lambda r: any({"COUNT", "RATE"} <= set(v) for v in _labels_of_metrics(r).values()),
    "other_year": _any(lambda _, m: m.year is not None),
    "unit_dropped": _any(lambda _, m: m.unit is not None),
    "qualified": _any(lambda _, m: m.qualifier is not None),
    "optional": _any(lambda _, m: m.optional),
    "approx_inside": _count_words("[余多几餘幾]"),
    "multiplier": _count_words("[万亿萬億]"),
    "chinese_numerals": _count_words(r"^[^\d０-９]+$"),
    "broken_number": _count_words(r"\s"),
    "money": _any(lambda r, m: m.label == "UNIT" and _words(r, m).endswith("元")),
    "broken_metric": _any(lambda r, m: m.label == "METRIC" and "\n" in _words(r, m)),
    "few_figures": lambda r: sum(bool(m.links) for m in r.marks) <= _FEW,
}
