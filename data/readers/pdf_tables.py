"""Finds the ruled tables of a PDF page, without the boxes that only colour running text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .writer import GridCell

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the page's top left."""

_TOLERANCE = 3.0
_LONGEST_HEAD = 40


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table's cells row by row, with each cell's box and the box around all."""

    cells: tuple[GridCell, ...]
    boxes: tuple[Box, ...]
    box: Box


def page_tables(page: Any) -> list[PageTable]:
    """The tables of a page, top to bottom.

    Pages paint a box behind each line of running text, which joins the real table below; so a found
    table is cut into runs of rows that have several filled cells, with the short rows between them.
    """
    found: list[PageTable] = []
    for table in page.find_tables():
        words = table.extract()
        boxes = [row.cells for row in table.rows]
        for first, last in _runs(words):
            found.append(_table(words[first:last], boxes[first:last]))
    return found


def _runs(rows: list[list[str | None]]) -> Iterator[tuple[int, int]]:
    """Half-open intervals of table rows."""
    filled = [sum(bool(cell and cell.strip()) for cell in row) for row in rows]
    head = [n <= 1 and not _is_prose(row) for n, row in zip(filled, rows, strict=True)]
    i = 0
    while i < len(rows):
        if filled[i] < 2:
            i += 1
            continue
        first = i
        while first > 0 and head[first - 1] and filled[first - 1] and not _is_heading(rows[first - 1]):
            first -= 1
        last = i
        j = i + 1
        while j < len(rows) and (filled[j] >= 2 or head[j]):
            if filled[j] >= 2:
                last = j
            j += 1
        if sum(n >= 2 for n in filled[first : last + 1]) >= 2:
            yield first, last + 1
        i = last + 1


def _is_prose(row: list[str | None]) -> bool:
    words = "".join(cell or "" for cell in row)
    return "。" in words or len(words) > _LONGEST_HEAD


def _is_heading(row: list[str | None]) -> bool:
    words = "".join(cell or "" for cell in row).strip()
    return words[:1] in "一二三四五六七八九十" and words[1:2] == "、"


def _table(words: list[list[str | None]], boxes: list[list[Box | None]]) -> PageTable:
    placed = [
        (w or "", b)
        for row, places in zip(words, boxes, strict=True)
        for w, b in zip(row, places, strict=False)
        if b
    ]
    lefts = _edges(box[0] for _, box in placed)
    tops = _edges(box[1] for _, box in placed)
    cells = []
    for text, box in placed:
        column, row = _place(lefts, box[0]), _place(tops, box[1])
        cells.append(
            GridCell(
                _joined(text),
                row,
                column,
                max(1, _place(tops, box[3] - 2 * _TOLERANCE) - row + 1),
                max(1, _place(lefts, box[2] - 2 * _TOLERANCE) - column + 1),
            )
        )
    order = sorted(range(len(cells)), key=lambda i: (cells[i].row, cells[i].column))
    around = (
        min(b[0] for _, b in placed),
        min(b[1] for _, b in placed),
        max(b[2] for _, b in placed),
        max(b[3] for _, b in placed),
    )
    return PageTable(tuple(cells[i] for i in order), tuple(placed[i][1] for i in order), around)


def _edges(values: Iterator[float]) -> list[float]:
    """Distinct grid lines, those within the tolerance of each other once."""
    ordered = sorted(values)
    return ordered[:1] + [b for a, b in pairwise(ordered) if b - a > _TOLERANCE]


def _place(edges: list[float], value: float) -> int:
    """Index of the last grid line at or before a value."""
    return max(0, bisect_left(edges, value + _TOLERANCE) - 1)


def _joined(words: str) -> str:
    """A cell's lines on one line: wrapped Chinese words join without a blank."""
    lines = [line.strip() for line in words.split("\n")]
    out = lines[0]
    for line in lines[1:]:
        latin = out[-1:].isascii() and line[:1].isascii()
        out += (" " if latin and out and line else "") + line
    return out
