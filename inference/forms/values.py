"""What a form's cell holds: a number with its unit, a zero in words, a dash, nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...data.numbers import parse_count
from ..types import CellState

UNITS = "条次|人次|件次|万元|千元|亿元|场次|家次|项次|篇次|条|件|次|篇|个|人|名|元|场|期|份|家|项|宗|部|册|台|处|只|%"
"""Units that a form's cell may state, as the source of a regular expression, the longest first."""
UNIT = re.compile(rf"^(?:{UNITS})(?:[/／(（](?:{UNITS})[)）]?)?$")
_VALUE = re.compile(rf"^(?P<number>[+\-－﹣]?\d[\d,，]*(?:\.\d+)?万?)(?P<unit>{UNITS})?$")
_SIGNED = re.compile(rf"^(?P<sign>增加?|减少?|[↑↓])(?P<number>\d[\d,，]*(?:\.\d+)?)(?P<unit>{UNITS})?$")
_BLANK = re.compile(r"^[/／\\|—–\-－﹣_*＊·.…]+$")
_NONE = frozenset({"无", "零", "〇", "没有", "O", "o"})
_MOST_DIGITS = 40  # a whole row's figures may have run together; more is no figure
MONEY = {"元": 1, "千元": 1000, "万元": 10_000, "亿元": 100_000_000}


@dataclass(frozen=True, slots=True)
class Value:
    """A cell's content; `number` is as printed, not yet in base units."""

    state: CellState
    number: int | float | None = None
    unit: str | None = None
    digits: str = ""


def parse_cell(text: str) -> Value | None:
    """The value of a squeezed cell text; None if it is words."""
    if not text:
        return Value(CellState.EMPTY)
    if _BLANK.match(text):
        return Value(CellState.NOT_APPLICABLE)
    if text in _NONE:
        return Value(CellState.ZERO, 0)
    match = _VALUE.match(text) or _SIGNED.match(text)
    if not match:
        return None
    digits = re.sub(r"[,，+\-－﹣]", "", match["number"])
    if len(digits) > _MOST_DIGITS:
        return None
    parsed = parse_count(digits)
    if parsed is None:
        return None
    number = parsed.value
    negative = match["number"].startswith(("-", "－", "﹣")) or match.groupdict().get("sign", "") in {
        "减",
        "减少",
        "↓",
    }
    if negative:
        number = -number
    return Value(CellState.ZERO if number == 0 else CellState.NUMBER, number, match["unit"], digits)


def in_base_units(number: int | float, unit: str | None) -> int | float:
    """Money in 元; everything else as it is."""
    factor = MONEY.get(unit or "", 1)
    if factor == 1:
        return number
    product = round(number * factor, 2)
    return int(product) if product == int(product) else product
