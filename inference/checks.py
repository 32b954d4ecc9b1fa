"""Checks a report's figures against each other, as `configs/checks.yaml` declares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from .checkspec import Check, CheckKind, CheckSpec, Operand, load_checks
from .types import Figure, Finder, Kind, Qualifier, Record

_EPSILON = 1e-6


class CheckStatus(StrEnum):
    """What became of a check."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check's outcome. `records` are indices of the figures it read; `left` and `right` what it compared."""

    id: str
    title: str
    status: CheckStatus
    records: tuple[int, ...] = ()
    left: int | float | None = None
    right: int | float | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    index: int
    metric: str
    metric_id: str
    value: int | float
    years_back: int
    is_table: bool
    exact: bool
    start: int


def run_checks(
    items: Sequence[Figure | Record],
    *,
    report_year: int | None = None,
    spec: CheckSpec | None = None,
) -> list[CheckResult]:
    """Every check's outcome, in the order of the configuration.

    Args:
        items: figures or records of one report; a figure without a year is of the report's.
        report_year: the report's year; the commonest year of the items where it is not given.

    A report that holds a form twice has a result for each copy. A check of which the report gives
    neither side, or too few figures, is unjudged; so is one that a rounded figure would decide.
    """
    spec = spec or load_checks()
    readable = _readable(items, report_year)
    rates = [(i, item) for i, item in enumerate(items) if item.kind is Kind.RATE]
    results: list[CheckResult] = []
    for check in spec.checks:
        if check.kind is CheckKind.SAME:
            results.append(_same(check, readable))
        elif check.kind in (CheckKind.SHARE, CheckKind.GROWTH):
            results.append(_rate(check, readable, rates, spec))
        else:
            results.extend(_sums(check, readable))
    return results


def failed_records(results: Iterable[CheckResult]) -> dict[int, tuple[str, ...]]:
    """Ids of the failed checks that read each figure, by the figure's index."""
    failed: dict[int, list[str]] = {}
    for result in results:
        if result.status is CheckStatus.FAIL:
            for index in result.records:
                failed.setdefault(index, []).append(result.id)
    return {index: tuple(ids) for index, ids in failed.items()}


def _readable(items: Sequence[Figure | Record], report_year: int | None) -> dict[str, list[_Item]]:
    if report_year is None:
        years = Counter(item.year for item in items if item.year is not None)
        report_year = years.most_common(1)[0][0] if years else None
    found: dict[str, list[_Item]] = {}
    for index, item in enumerate(items):
        if item.metric_id is None or (item.kind is Kind.RATE and item.metric_id != "electronic.rate"):
            continue
        finder = item.finder if isinstance(item, Figure) else item.source
        back = 0 if item.year is None or report_year is None else report_year - item.year
        entry = _Item(
            index,
            item.metric,
            item.metric_id,
            item.value,
            back,
            finder is Finder.TABLE,
            item.qualifier is Qualifier.EXACT,
            item.start,
        )
        found.setdefault(item.metric_id, []).append(entry)
    return found


def _of(readable: dict[str, list[_Item]], operand: Operand, *, tables: bool | None) -> list[_Item]:
    return [
        item
        for item in readable.get(operand.metric_id, [])
        if item.years_back == operand.years_back and (tables is None or item.is_table == tables)
    ]


def _sums(check: Check, readable: dict[str, list[_Item]]) -> list[CheckResult]:
    """One result for each copy of the form, and one for the narrative where it has every figure."""
    operands = (*check.left, *check.right)
    in_tables = [_of(readable, operand, tables=True) for operand in operands]
    copies = max(len(found) for found in in_tables)
    results = []
    for copy in range(copies):
        picked = [found[copy] if copy < len(found) else None for found in in_tables]
        result = _compare(check, picked)
        if result.status is not CheckStatus.UNJUDGED or copy == 0:
            results.append(result)
    if not check.only_tables:
        picked = [next(iter(_of(readable, operand, tables=False)), None) for operand in operands]
        if copies and any(picked):  # the narrative may give one side, the form the other
            picked = [
                item or (found[0] if found else None) for item, found in zip(picked, in_tables, strict=True)
            ]
            mixed = any(item and not item.is_table for item in picked) and any(
                item and item.is_table for item in picked
            )
            if mixed:
                picked = [None] * len(operands)
        if all(picked):
            results = [r for r in results if r.status is not CheckStatus.UNJUDGED]
            results.append(_compare(check, picked))
    return results or [CheckResult(check.id, check.title, CheckStatus.UNJUDGED)]


def _compare(check: Check, picked: Sequence[_Item | None]) -> CheckResult:
    left_items, right_items = picked[: len(check.left)], picked[len(check.left) :]
    there = [item for item in picked if item]
    records = tuple(sorted(item.index for item in there))
    left = sum(item.value for item in left_items if item)
    right = sum(item.value for item in right_items if item)
    lacking = len(there) < len(picked)
    judged = any(left_items) and any(right_items) and all(item.exact for item in there)
    if not judged or (lacking and check.needs_all):
        return CheckResult(check.id, check.title, CheckStatus.UNJUDGED, records)
    holds = _holds(check.kind, left, right)
    if lacking and not _decided(check, left_items, right_items, left, right, holds=holds):
        return CheckResult(check.id, check.title, CheckStatus.UNJUDGED, records, left, right)
    return CheckResult(
        check.id, check.title, CheckStatus.PASS if holds else CheckStatus.FAIL, records, left, right
    )


def _holds(kind: CheckKind, left: int | float, right: int | float) -> bool:
    if kind is CheckKind.AT_MOST:
        return left <= right + _EPSILON
    if kind is CheckKind.AT_LEAST:
        return left >= right - _EPSILON
    return abs(left - right) <= _EPSILON


def _decided(
    check: Check,
    left_items: Sequence[_Item | None],
    right_items: Sequence[_Item | None],
    left: int | float,
    right: int | float,
    *,
    holds: bool,
) -> bool:
    """Whether figures that are lacking could not change the outcome; none is below zero.

    An empty cell counts as none, so a sum that holds without it holds.
    """
    left_open, right_open = not all(left_items), not all(right_items)
    if check.kind is CheckKind.EQUAL:
        return holds or (left > right and not right_open) or (right > left and not left_open)
    if check.kind is CheckKind.AT_MOST:
        return (holds and not left_open) or (not holds and not right_open)
    return (holds and not right_open) or (not holds and not left_open)


def _same(check: Check, readable: dict[str, list[_Item]]) -> CheckResult:
    """The narrative's figure, any of them, against the tables' sum, any copy."""
    narrative = [
        item for operand in check.left for item in _of(readable, operand, tables=False) if item.exact
    ]
    columns = [_of(readable, operand, tables=True) for operand in check.right]
    copies = min((len(found) for found in columns), default=0)
    tables = [[found[copy] for found in columns] for copy in range(copies)]
    if not narrative or not tables:
        return CheckResult(check.id, check.title, CheckStatus.UNJUDGED)
    sums = [sum(item.value for item in table) for table in tables]
    for item, (table, total) in product(narrative, zip(tables, sums, strict=True)):
        if abs(item.value - total) <= _EPSILON:
            records = tuple(sorted({item.index, *(cell.index for cell in table)}))
            return CheckResult(check.id, check.title, CheckStatus.PASS, records, item.value, total)
    records = tuple(sorted({*(i.index for i in narrative), *(cell.index for cell in tables[0])}))
    return CheckResult(check.id, check.title, CheckStatus.FAIL, records, narrative[0].value, sums[0])


def _rate(
    check: Check,
    readable: dict[str, list[_Item]],
    rates: Sequence[tuple[int, Figure | Record]],
    spec: CheckSpec,
) -> CheckResult:
    """A printed share or growth against the two figures that it follows from."""
    lefts = [item for operand in check.left for item in _of(readable, operand, tables=None)]
    rights = [item for operand in check.right for item in _of(readable, operand, tables=None)]
    best: CheckResult | None = None
    for left, right, (index, rate) in product(lefts, rights, rates):
        near = 0 <= rate.start - left.start <= spec.rate_reach
        if rate.metric != left.metric or not near or not right.value or not (left.exact and right.exact):
            continue
        expected = 100 * (left.value - (right.value if check.kind is CheckKind.GROWTH else 0)) / right.value
        holds = abs(abs(expected) - abs(rate.value)) <= spec.rate_tolerance
        records = tuple(sorted({left.index, right.index, index}))
        status = CheckStatus.PASS if holds else CheckStatus.FAIL
        result = CheckResult(check.id, check.title, status, records, round(expected, 4), rate.value)
        if holds:
            return result
        best = best or result
    return best or CheckResult(check.id, check.title, CheckStatus.UNJUDGED)
