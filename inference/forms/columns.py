"""Tells what the columns of a statistical form hold: the year's figures, other years', totals since ever."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from .lexer import Atom
from .spec import FormSpec, bare
from .values import UNIT

_YEAR = re.compile(r"^(20\d\d)年?度?(?!\d)")
_LABEL_HEADS = ("指标", "项目", "名称", "内容", "类别")
_UNIT_HEADS = ("单位", "计量单位")


class ColumnKind(StrEnum):
    """What a column's figures are."""

    VALUE = "value"
    CUMULATIVE = "cumulative"
    LAST_YEAR = "last_year"
    CHANGE = "change"
    SERIAL = "serial"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's kind, its head as printed, and the year that the head names."""

    kind: ColumnKind
    head: str = ""
    year: int | None = None


def find_columns(
    head: Sequence[Atom], values: Sequence[Sequence[Atom]], spec: FormSpec
) -> tuple[Column, ...]:
    """The columns of figures, left to right.

    Args:
        head: the words before the form's first row, the nearest last.
        values: the figures and blanks of each row.

    The heads tell, where there are as many as columns. Where a serial number's head is lost it is told
    by counting up; where all are, the first column is the year's.
    """
    if not values:
        return ()
    width = Counter(len(row) for row in values).most_common(1)[0][0]
    full = [row for row in values if len(row) == width]
    serial = [width > 1 and _counts_up([row[at] for row in full]) for at in range(width)]
    kinds = [column for atom in head if (column := _classify(atom, spec))]
    stated = [kind.kind is ColumnKind.SERIAL for kind in kinds]
    if len(kinds) == width and (stated == serial or not any(stated)):
        return _with_value(kinds)
    named = [kind for kind in kinds if kind.kind is not ColumnKind.SERIAL]
    wanted = width - sum(serial)
    if 0 < wanted <= len(named) <= wanted + 1:
        columns = iter(named[len(named) - wanted :])
        return _with_value(
            [Column(ColumnKind.SERIAL) if is_serial else next(columns) for is_serial in serial]
        )
    plain = [Column(ColumnKind.SERIAL if is_serial else ColumnKind.OTHER) for is_serial in serial]
    first = serial.index(False) if False in serial else 0
    plain[first] = Column(ColumnKind.VALUE)
    return tuple(plain)


def _with_value(columns: list[Column]) -> tuple[Column, ...]:
    """Columns of which one is the year's: a lone column of unknown kind is."""
    others = [at for at, column in enumerate(columns) if column.kind is ColumnKind.OTHER]
    if len(others) == 1 and not any(column.kind is ColumnKind.VALUE for column in columns):
        columns[others[0]] = replace(columns[others[0]], kind=ColumnKind.VALUE)
    return tuple(columns)


def _counts_up(column: Sequence[Atom]) -> bool:
    numbers = [atom.number for atom in column if atom.number is not None]
    steps = [second - first for first, second in pairwise(numbers)]
    return len(steps) >= 3 and sum(step == 1 for step in steps) >= 0.8 * len(steps)


def _classify(atom: Atom, spec: FormSpec) -> Column | None:
    """The column that a head cell names; None for the heads of labels and units, and for words beside."""
    text = bare(atom.text) or atom.text
    if not text or len(text) > 14 or UNIT.match(text):
        return None
    year = _YEAR.match(text)
    if year and "累计" not in text:
        return Column(ColumnKind.VALUE, atom.text, int(year[1]))
    for kind, words in spec.statistical_columns.items():
        if text in words:
            return Column(ColumnKind(kind), atom.text)
    if text in _UNIT_HEADS or any(word in text for word in _LABEL_HEADS):
        return None
    if text.endswith(("统计数", "数量", "数")) and len(text) <= 10:
        return Column(ColumnKind.OTHER, atom.text)
    return None
