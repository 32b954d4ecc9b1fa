"""Prints a form's grid the way that pages, word processors and converters leave it."""

from __future__ import annotations

import html
import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell and how many rows and columns it takes up."""

    text: str = ""
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A heading, the rows of the table's head and its body; merged cells stand where they begin."""

    heading: str
    head: list[list[GridCell]]
    body: list[list[GridCell]]


LAYOUTS = (
    "pipe_rows",
    "pipe_cells",
    "bar_lines",
    "markdown",
    "cell_lines",
    "spaced_cells",
    "aligned",
    "blank_rows",
    "tabs",
    "one_line",
    "glued",
    "html",
)
DIRT = (
    "empty_zeros",  # zeros are left blank
    "dashes",  # some zeros are a dash
    "lost_empty",  # blank cells leave no trace
    "split_page",  # the table goes on over the page, under its head again
    "page_number",  # a page number on its own line amid the table
    "glued_page",  # a page number stuck to a row's last figure
    "lost_head",
    "lost_numbering",
    "broken_label",  # a long label wraps around its figures
    "collapsed_other",  # one row for 其他处理 under the heads of 2021
    "misspelt",  # a label lost a character
    "duplicate",  # the heading and the head come twice
)
_NUMBERING = "一二三四五六七八九十0123456789（）()、.．"
Row = list[str]


def render(grid: Grid, layout: str, dirt: tuple[str, ...], rng: random.Random) -> str:
    """The grid in a layout, with a heading before and a line of prose after it."""
    if layout == "html":
        return _html(grid, dirt)
    head = [] if "lost_head" in dirt else [[cell.text for cell in row] for row in grid.head]
    body = [[cell.text for cell in row] for row in grid.body]
    body = [_soil(row, dirt, rng) for row in body]
    if "split_page" in dirt and len(body) > 2:
        at = rng.randrange(1, len(body))
        body = [*body[:at], ["— 4 —"], *head, *body[at:]]
    lines = _LAYOUTS[layout]([*head, *body], dirt, rng)
    if "page_number" in dirt and layout not in {"one_line", "glued"}:
        at = rng.randrange(len(lines) // 3, max(len(lines) // 3 + 1, len(lines) - 1))
        lines.insert(at, rng.choice(["- 7 -", "— 7 —", "第 7 页 共 12 页"]))
    return "\n".join([grid.heading, *lines, "", "以上为本机关当年情况。", ""])


def _soil(row: Row, dirt: tuple[str, ...], rng: random.Random) -> Row:
    cells = list(row)
    if "lost_numbering" in dirt:
        cells = [c if _is_figure(c) else c.lstrip(_NUMBERING) or c for c in cells]
    if "misspelt" in dirt and not _is_figure(cells[0]) and len(cells[0]) > 10 and rng.random() < 0.2:
        at = rng.randrange(4, len(cells[0]) - 1)
        cells[0] = cells[0][:at] + cells[0][at + 1 :]
    if "dashes" in dirt and len(cells) > 1:
        cells = [rng.choice(["—", "/"]) if not c and i else c for i, c in enumerate(cells)]
    return cells


def _is_figure(text: str) -> bool:
    return not text or text.strip("+-—/万元").isdigit() or text in {"—", "/"}


def _kept(row: Row, dirt: tuple[str, ...]) -> Row:
    return [c for c in row if c] if "lost_empty" in dirt else row


def _wrapped(row: Row, dirt: tuple[str, ...], rng: random.Random) -> tuple[str, Row, str]:
    """What stands on the line above a row, the row, and what stands below: a long label may wrap."""
    if "broken_label" not in dirt or len(row) < 4 or rng.random() < 0.5:
        return "", row, ""
    at = max((i for i, c in enumerate(row) if not _is_figure(c)), default=-1)
    if at < 0 or len(row[at]) < 14:
        return "", row, ""
    half = len(row[at]) // 2
    rest = [*row[:at], *row[at + 1 :]]
    if rng.random() < 0.5:
        return row[at][:half], rest, row[at][half:]
    return row[at][:half], [*row[:at], row[at][half:], *row[at + 1 :]], ""


def _joined(
    rows: list[Row], dirt: tuple[str, ...], rng: random.Random, join: Callable[[Row], str]
) -> list[str]:
    lines: list[str] = []
    for row in rows:
        above, cells, below = _wrapped(row, dirt, rng)
        line = join(_kept(cells, dirt))
        if "glued_page" in dirt and line[-1:].isdigit() and rng.random() < 0.1:
            line += "-3-"
        lines.extend(part for part in (above, line, below) if part)
    return lines


def _pipe_rows(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return _joined(rows, dirt, rng, lambda row: " | ".join(row) + " |")


def _pipe_cells(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return [f"{cell} |" if cell else "|" for row in rows for cell in _kept(row, dirt)]


def _bar_lines(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return [line for row in rows for cell in _kept(row, dirt) for line in ((cell, "|") if cell else ("|",))]


def _markdown(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    lines: list[str] = []
    width = 0
    for row in rows:
        cells = _kept(row, dirt)
        lines.append("| " + " | ".join(cells) + " |")
        if len(cells) != width:
            lines.append("|" + "---|" * len(cells))
            width = len(cells)
    return lines


def _cell_lines(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return [cell for row in rows for cell in row if cell]


def _spaced_cells(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return [line for row in rows for cell in _kept(row, dirt) for line in (cell or "\xa0", "")]


def _aligned(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return _joined(
        rows, dirt, rng, lambda row: "   ".join(cell.rjust(4) if _is_figure(cell) else cell for cell in row)
    )


def _blank_rows(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return _joined(rows, dirt, rng, " ".join)


def _tabs(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return _joined(rows, dirt, rng, "\t".join)


def _one_line(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return [" ".join(cell for row in rows for cell in row if cell)]


def _glued(rows: list[Row], dirt: tuple[str, ...], rng: random.Random) -> list[str]:
    return ["".join(cell for row in rows for cell in row)]


_LAYOUTS: dict[str, Callable[[list[Row], tuple[str, ...], random.Random], list[str]]] = {
    "pipe_rows": _pipe_rows,
    "pipe_cells": _pipe_cells,
    "bar_lines": _bar_lines,
    "markdown": _markdown,
    "cell_lines": _cell_lines,
    "spaced_cells": _spaced_cells,
    "aligned": _aligned,
    "blank_rows": _blank_rows,
    "tabs": _tabs,
    "one_line": _one_line,
    "glued": _glued,
}


def _html(grid: Grid, dirt: tuple[str, ...]) -> str:
    rows = [*([] if "lost_head" in dirt else grid.head), *grid.body]
    lines: list[str] = []
    for row in rows:
        lines.append("<tr>" + "".join(_html_cell(cell) for cell in row) + "</tr>")
    table = "<table>" + "\n".join(lines) + "</table>"
    return f"<html><body><p>{grid.heading}</p>{table}<p>以上为本机关当年情况。</p></body></html>"


def _html_cell(cell: GridCell) -> str:
    spans = _span("rowspan", cell.rows) + _span("colspan", cell.columns)
    return f"<td{spans}><p>{html.escape(cell.text) or '&nbsp;'}</p></td>"


def _span(name: str, count: int) -> str:
    return f' {name}="{count}"' if count > 1 else ""
