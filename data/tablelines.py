"""Says of each line of a text whether it looks like part of a table, and where its cells are."""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import pairwise

from .wraps import PAGE_NUMBER, Line

NUMBER = r"[+-]?\d[\d,，]*(?:\.\d+)?%?|[/／—–-]{1,2}"
UNIT = r"(?:万?元|亿元|人次|[条條件篇次个個名家项項人份期场場户起宗部])"
_BLANK = r"[ \u3000\xa0\u2002\u2003]"
_PIPE = re.compile(r"[|｜│┃]")
_RULE = re.compile(r"[|｜│┃┌┐└┘├┤┬┴┼─━=+:\s-]+")
_NUMBERS = re.compile(rf"(?:{NUMBER})(?:\s+(?:{NUMBER}))*")
_UNIT_LINE = re.compile(rf"[(（]?{UNIT}[)）]?")
_COLUMNS = re.compile(rf"\t+|{_BLANK}{{2,}}")
_TRAILING = re.compile(rf"(?P<label>\S.*?\D)\s+(?P<numbers>(?:{NUMBER})(?:\s+(?:{NUMBER}))*)")
_PROSE_END = re.compile(r"[。！？；，]$")
_STATUTE = re.compile(r"[一二三四五六七八九十]、.*(?:情况|情況|问题|問題|事项|事項)$")
_LONGEST_LABEL = 60


class LineKind(Enum):
    """What a line is to a table."""

    BLANK = auto()
    PAGE = auto()  # a page number
    RULE = auto()  # a drawn line, Markdown's `|---|` too
    PIPE = auto()  # cells between pipes
    ROW = auto()  # several cells parted by tabs or wide blanks, or a label with figures behind it
    NUMBER = auto()  # nothing but figures
    UNIT = auto()  # nothing but a unit
    LABEL = auto()  # short words that could be a cell
    TEXT = auto()  # running text, or a heading that no table holds


ANCHORS = frozenset({LineKind.PIPE, LineKind.ROW, LineKind.NUMBER, LineKind.UNIT, LineKind.RULE})
"""Kinds that show a table; a label alone does not."""


def kind_of(line: Line) -> LineKind:
    """The kind of a line, from the line alone."""
    words = line.text
    if not words:
        return LineKind.BLANK
    if _PIPE.search(words):
        if _RULE.fullmatch(words) and "-" in words:
            return LineKind.RULE
        return LineKind.TEXT if "。" in words and len(words) > 200 else LineKind.PIPE
    if PAGE_NUMBER.fullmatch(words):
        return LineKind.PAGE
    if _NUMBERS.fullmatch(words):
        return LineKind.NUMBER
    if _UNIT_LINE.fullmatch(words):
        return LineKind.UNIT
    if words.startswith(("注：", "注:")) and len(words) <= _LONGEST_LABEL:
        return LineKind.LABEL
    if len(words) > 3 * _LONGEST_LABEL or "。" in words:
        return LineKind.TEXT
    if len(_COLUMNS.split(words)) > 1 and not _PROSE_END.search(words):
        return LineKind.ROW
    if _TRAILING.fullmatch(words):
        return LineKind.ROW
    if len(words) > _LONGEST_LABEL or _STATUTE.match(words):
        return LineKind.TEXT
    return LineKind.LABEL


def cells_of(line: Line, kind: LineKind) -> list[tuple[int, int]]:
    """Text offsets of a line's cells, in order; `start == end` for an empty one between pipes."""
    words, base = line.text, line.start
    if kind is LineKind.PIPE:
        return _between_pipes(words, base)
    if kind is LineKind.ROW:
        columns = _between(words, base, _COLUMNS)
        last = columns[-1]
        trailing = _TRAILING.fullmatch(words[last[0] - base : last[1] - base])
        if not trailing:
            return columns
        at = last[0]
        numbers = _between(trailing["numbers"], at + trailing.start("numbers"), re.compile(r"\s+"))
        return [*columns[:-1], (at, at + trailing.end("label")), *numbers]
    if kind is LineKind.NUMBER:
        return _between(words, base, re.compile(r"\s+"))
    return [(base, line.end)]


def _between(words: str, base: int, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    found = []
    position = 0
    for match in separator.finditer(words):
        if match.start() > position:
            found.append((base + position, base + match.start()))
        position = match.end()
    if position < len(words):
        found.append((base + position, base + len(words)))
    return found


def _between_pipes(words: str, base: int) -> list[tuple[int, int]]:
    bounds = [m.start() for m in _PIPE.finditer(words)]
    edges = [-1, *bounds, len(words)]
    found = []
    for i, (left, right) in enumerate(pairwise(edges)):
        inner = words[left + 1 : right]
        bare = inner.strip()
        if not bare and (i == 0 or i == len(edges) - 2):
            continue  # the pipes at a line's two ends open and close it
        start = base + left + 1 + (len(inner) - len(inner.lstrip()) if bare else 0)
        found.append((start, start + len(bare)))
    # After a cell a line, a pipe alone closes an empty one.
    return found or [(base, base)]
