"""Finds tables that only the text shows: pipes, one cell a line, aligned columns.

Every fragment between the first and the last row is kept as a cell, since converters break rows
and labels; which cell belongs to which row of a form is for the reader of that form to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .document import Cell, Table
from .tablelines import ANCHORS, NUMBER, UNIT, LineKind, cells_of, kind_of
from .wraps import Line, split_lines

_LARGEST_GAP = 10  # labels in a row without a figure: a broken table head
_FEWEST_FIGURES = 3
# Cells that stand behind a label, where each cell has a line of its own.
_FOLLOWER = re.compile(
    rf"(?:{NUMBER})|[(（]?{UNIT}[)）]?|单\s*位|單\s*位|统\s*计\s*数|統\s*計\s*數|数\s*[量值]|數\s*[量值]"
)
_HEAD_WORDS = re.compile(
    r"统\s*计\s*指\s*标|統\s*計\s*指\s*標|单\s*位|單\s*位|统\s*计\s*数|統\s*計\s*數|数\s*[量值]|數\s*[量值]|指\s*标|项\s*目|信息内容|信息內容|申请人情况"
    r"|自然人|法人或其他组织|商业|企业|科研|机构|社会公益|组织|法律服务|其他|总计|总和|行政复议|行政诉讼|结果|维持|纠正|审结|未经复议|复议后起诉|起诉"
    r"|^#*\s*表[一二三四]|本年|现行有效|制作数量|收费金额|办理结果|序\s*号|第二十条|合计|备\s*注|勾稽关系|第[一二三四]项|情形"
)


def find_tables(text: str, stated: tuple[Table, ...]) -> tuple[Table, ...]:
    """Tables of a text outside those that its format states, in order, not overlapping."""
    lines = split_lines(text)
    kinds = _kinds(lines, stated)
    tables = []
    for first, last in _regions(lines, kinds):
        rows = _rows(text, lines[first:last], kinds[first:last])
        if _is_table(rows, kinds[first:last]):
            tables.append(_table(rows))
    return tuple(tables)


def _kinds(lines: list[Line], stated: tuple[Table, ...]) -> list[LineKind]:
    kinds = []
    at = 0
    for line in lines:
        while at < len(stated) and stated[at].end <= line.start:
            at += 1
        inside = at < len(stated) and stated[at].start < line.end
        kinds.append(LineKind.TEXT if inside else kind_of(line))
    return kinds


def _regions(lines: list[Line], kinds: list[LineKind]) -> Iterator[tuple[int, int]]:
    """Half-open line intervals from a table's first row or head line to its last row."""
    i = 0
    floor = 0
    while i < len(lines):
        if kinds[i] not in ANCHORS:
            i += 1
            continue
        first = last = i
        gap = 0
        j = i + 1
        while j < len(lines) and gap <= _LARGEST_GAP:
            kind = kinds[j]
            if kind in ANCHORS:
                last, gap = j, 0
            elif kind is LineKind.TEXT:
                break
            elif kind is LineKind.LABEL:
                gap += 1
            j += 1
        yield _head(lines, kinds, first, floor), last + 1
        floor = i = last + 1


def _head(lines: list[Line], kinds: list[LineKind], first: int, floor: int) -> int:
    """The first line of the table that line `first` is the first row of: its label and its head."""
    head = first
    if kinds[first] in (LineKind.NUMBER, LineKind.UNIT):
        at = _previous(kinds, first, floor)
        if at is not None and kinds[at] is LineKind.LABEL:
            head = at
    while (at := _previous(kinds, head, floor)) is not None:
        if kinds[at] is not LineKind.LABEL or not _is_head(lines[at].text):
            break
        head = at
    return head


def _is_head(words: str) -> bool:
    return bool(_HEAD_WORDS.search(words)) and not words.endswith((":", "：")) and "填报" not in words


def _previous(kinds: list[LineKind], at: int, floor: int) -> int | None:
    at -= 1
    while at >= floor and kinds[at] in (LineKind.BLANK, LineKind.PAGE):
        at -= 1
    return at if at >= floor else None


def _rows(text: str, lines: list[Line], kinds: list[LineKind]) -> list[list[tuple[int, int]]]:
    """Cells of each row. Where most lines hold one cell, a row runs from its label to the next label."""
    of_lines = [
        cells_of(line, kind)
        for line, kind in zip(lines, kinds, strict=True)
        if kind not in (LineKind.BLANK, LineKind.PAGE, LineKind.RULE)
    ]
    single = sum(len(cells) == 1 for cells in of_lines)
    if single <= 0.6 * len(of_lines):
        return of_lines
    rows: list[list[tuple[int, int]]] = []
    for cells in of_lines:
        start, end = cells[0]
        words = text[start:end].strip()
        follows = len(cells) == 1 and (not words or bool(_FOLLOWER.fullmatch(words)))
        if rows and follows:
            rows[-1].extend(cells)
        else:
            rows.append(list(cells))
    return _head_row(rows)


def _head_row(rows: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Put the lone cells of the head side by side, as many as the usual row has."""
    width = Counter(len(row) for row in rows if len(row) > 1).most_common(1)
    lone = next((i for i, row in enumerate(rows) if len(row) > 1), 0)
    if width and lone and sum(len(row) for row in rows[: lone + 1]) == width[0][0]:
        return [[cell for row in rows[: lone + 1] for cell in row], *rows[lone + 1 :]]
    return rows


def _is_table(rows: list[list[tuple[int, int]]], kinds: list[LineKind]) -> bool:
    """Pipes on several lines make a table; so do figures in cells of their own."""
    pipes = sum(kind is LineKind.PIPE for kind in kinds)
    ruled = LineKind.RULE in kinds
    figures = sum(kind in (LineKind.NUMBER, LineKind.ROW) for kind in kinds)
    return len(rows) >= 2 and (pipes >= 3 or (pipes and ruled) or figures >= _FEWEST_FIGURES)


def _table(rows: list[list[tuple[int, int]]]) -> Table:
    cells = tuple(
        tuple(Cell(start, end, "", r, c) for c, (start, end) in enumerate(row)) for r, row in enumerate(rows)
    )
    return Table(rows[0][0][0], rows[-1][-1][1], cells)
