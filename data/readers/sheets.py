"""Reads spreadsheets: each sheet a table, with merged cells, numbers as the sheet shows them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from ..document import Source
from ..errors import LimitError, MissingDependencyError, ReadError
from ..limits import Limits
from .input import Input
from .packed import BROKEN_PARTS, check_package
from .writer import GridCell, TextWriter

_CELL = re.compile(rb"<(?:\w{1,20}:)?c[ />]")
_MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ADVICE = "open it in a spreadsheet program and save it again"


def read_xlsx(item: Input, limits: Limits) -> Source:
    """The sheets of an .xlsx, stored results instead of formulas.

    Raises:
        ReadError: the workbook is broken.
        LimitError: it unpacks to too much or has too many cells.
        MissingDependencyError: openpyxl is not installed.
    """
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise _missing(".xlsx", error) from error
    check_package(item.data, limits)
    _check_cells(item.data, limits)
    try:
        book = openpyxl.load_workbook(io.BytesIO(item.data), data_only=True)
    except (InvalidFileException, *BROKEN_PARTS) as error:
        raise ReadError("is no readable workbook", advice=_ADVICE) from error
    writer = TextWriter(limits)
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > limits.max_cells:
            raise LimitError(f"has a sheet of more than {limits.max_cells} cells", advice="raise max_cells")
        spans = {
            (r.min_row, r.min_col): (r.size["rows"], r.size["columns"]) for r in sheet.merged_cells.ranges
        }
        hidden = {
            (row, column)
            for r in sheet.merged_cells.ranges
            for row in range(r.min_row, r.max_row + 1)
            for column in range(r.min_col, r.max_col + 1)
        } - spans.keys()
        rows = (
            [(cell.row, cell.column, _shown(cell.value, cell.number_format)) for cell in row]
            for row in sheet.iter_rows()
        )
        _write_sheet(sheet.title, rows, spans, hidden, writer)
    return item.source(writer.text(), "xlsx", tables=tuple(writer.tables))


def _check_cells(data: bytes, limits: Limits) -> None:
    """Refuse what would take minutes and gigabytes: openpyxl makes an object of each cell, merged ones too.

    Raises:
        LimitError: it does.
    """
    cells = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in package.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    sheet = package.read(name)
                    cells += len(_CELL.findall(sheet)) + sum(map(_area, _MERGED.findall(sheet)))
    except BROKEN_PARTS:
        return  # openpyxl says it better
    if cells > limits.max_cells:
        raise LimitError(f"has more than {limits.max_cells} cells", advice="raise max_cells")


def _area(reference: tuple[bytes, bytes, bytes, bytes]) -> int:
    left, top, right, bottom = reference
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def read_xls(item: Input, limits: Limits) -> Source:
    """The sheets of an old .xls.

    Raises:
        ReadError: the workbook is broken or locked.
        LimitError: it has too many cells.
        MissingDependencyError: xlrd is not installed.
    """
    try:
        import xlrd
    except ImportError as error:
        raise _missing(".xls", error) from error
    try:
        book = xlrd.open_workbook(file_contents=item.data, formatting_info=True, logfile=io.StringIO())
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, IndexError, ValueError, AssertionError) as error:
        raise ReadError("is no readable workbook", advice=_ADVICE) from error
    writer = TextWriter(limits)
    for sheet in book.sheets():
        if sheet.nrows * sheet.ncols > limits.max_cells:
            raise LimitError(f"has a sheet of more than {limits.max_cells} cells", advice="raise max_cells")
        spans = {(r0, c0): (r1 - r0, c1 - c0) for r0, r1, c0, c1 in sheet.merged_cells}
        hidden = {
            (row, column)
            for r0, r1, c0, c1 in sheet.merged_cells
            for row in range(r0, r1)
            for column in range(c0, c1)
        } - spans.keys()
        rows = (
            [
                (
                    row,
                    column,
                    _shown(
                        sheet.cell_value(row, column),
                        book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str,
                    ),
                )
                for column in range(sheet.ncols)
            ]
            for row in range(sheet.nrows)
        )
        _write_sheet(sheet.name, rows, spans, hidden, writer)
    return item.source(writer.text(), "xls", tables=tuple(writer.tables))


def _write_sheet(
    name: str,
    rows: Iterator[list[tuple[int, int, str]]],
    spans: dict[tuple[int, int], tuple[int, int]],
    hidden: set[tuple[int, int]],
    writer: TextWriter,
) -> None:
    """A sheet's rows: those with one filled cell that is long are text, the others a table."""
    cells: list[GridCell] = []
    number = 0
    for row in rows:
        filled = [(r, c, words) for r, c, words in row if words]
        if not filled:
            continue
        if len(filled) == 1 and ("。" in filled[0][2] or len(filled[0][2]) > 60):
            writer.table(cells)
            cells = []
            writer.write(filled[0][2])
            writer.line_end()
            continue
        last = max(c for _, c, _ in filled)
        for r, c, words in row:
            if (r, c) in hidden or c > last:
                continue
            down, right = spans.get((r, c), (1, 1))
            cells.append(GridCell(words, number, c, down, right))
        number += 1
    writer.table(cells)
    writer.line_end()


def _shown(value: Any, form: str | None) -> str:
    """A cell's value as its format shows it, as far as it matters here: whole numbers and per cent."""
    if value is None:
        return ""
    if isinstance(value, float) and "%" in (form or ""):
        return f"{round(value * 100, 6):g}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return repr(round(value, 10))
    return str(value).strip()


def _missing(kind: str, error: ImportError) -> MissingDependencyError:
    return MissingDependencyError(
        f"{kind} files need {error.name}, which is not installed",
        advice="install it: pip install 'gongkai[formats]'",
    )
