"""Writes rows as CSV, Parquet, Excel or DuckDB: typed columns, no formulas, whole files only."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...data.errors import ConfigError, LimitError, MissingDependencyError

if TYPE_CHECKING:
    import pyarrow

Rows = Iterable[Mapping[str, Any]]
Columns = Mapping[str, type]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EXCEL_ROWS = 1_048_575
_CHUNK = 20_000


def write_rows(rows: Rows, columns: Columns, path: Path) -> int:
    """Write rows to a file whose suffix says how; returns how many.

    Raises:
        ConfigError: the suffix is none of .csv, .parquet, .xlsx, .duckdb.
        MissingDependencyError: the format's library is not installed.
        LimitError: more rows than an Excel sheet holds.
        OSError: the disk is full, or the file cannot be written.
    """
    writer = _WRITERS.get(path.suffix)
    if writer is None:
        raise ConfigError(
            f"unknown format {path.suffix!r}", file=str(path), advice=f"one of {', '.join(_WRITERS)}"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with _aside(path) as aside:
        return writer(rows, columns, aside)


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A temporary name that becomes the file when all is written, and vanishes otherwise."""
    aside = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        yield aside
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def plain(value: object) -> object:
    """A cell that no spreadsheet takes for a formula; control characters dropped."""
    if not isinstance(value, str):
        return value
    text = "".join(c for c in value if c >= " " or c in "\n\t").encode("utf-8", "replace").decode("utf-8")
    return "'" + text if text.startswith(_FORMULA) else text


def _csv(rows: Rows, columns: Columns, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        for row in rows:
            out.writerow([plain(row.get(name)) for name in columns])
            count += 1
    return count


def _chunks(rows: Rows, columns: Columns) -> Iterator[Sequence[Mapping[str, Any]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _parquet(rows: Rows, columns: Columns, path: Path) -> int:
    pq = _library("pyarrow.parquet", "output")
    count = 0
    with pq.ParquetWriter(path, _schema(columns), compression="zstd") as out:
        for chunk in _chunks(rows, columns):
            out.write_table(arrow_table(chunk, columns))
            count += len(chunk)
    return count


def arrow_table(rows: Rows, columns: Columns) -> pyarrow.Table:
    """Rows as a typed Arrow table."""
    pa = _library("pyarrow", "output")
    return pa.Table.from_pylist([_typed(row, columns) for row in rows], schema=_schema(columns))


def _schema(columns: Columns) -> pyarrow.Schema:
    pa = _library("pyarrow", "output")
    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    return pa.schema([(name, kinds[kind]) for name, kind in columns.items()])


def _typed(row: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, kind in columns.items():
        value = row.get(name)
        if isinstance(value, str):
            value = value.encode("utf-8", "replace").decode("utf-8")  # lone surrogates have no UTF-8
        typed[name] = None if value is None else kind(value)
    return typed


def _excel(rows: Rows, columns: Columns, path: Path) -> int:
    try:
        from lxml.etree import LxmlError
    except ImportError:
        return _write_book(rows, columns, path)
    try:
        return _write_book(rows, columns, path)
    except LxmlError as error:  # what openpyxl tells a full disk with where lxml writes for it
        raise OSError(str(error)) from error


def _write_book(rows: Rows, columns: Columns, path: Path) -> int:
    openpyxl = _library("openpyxl", "output")
    cells = _library("openpyxl.cell", "output")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    count = 0
    for row in rows:
        count += 1
        if count > _EXCEL_ROWS:
            raise LimitError("more rows than an Excel sheet holds", advice="write .parquet, .duckdb or .csv")
        line = []
        for name in columns:
            value = plain(row.get(name))
            cell = cells.WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, whatever it begins with
            line.append(cell)
        sheet.append(line)
    book.save(path)
    return count


def _duckdb(rows: Rows, columns: Columns, path: Path) -> int:
    duckdb = _library("duckdb", "output")
    parquet = path.with_suffix(".rows.parquet")
    try:
        count = _parquet(rows, columns, parquet)
        with duckdb.connect(str(path)) as connection:
            connection.execute("CREATE TABLE records AS SELECT * FROM read_parquet(?)", [str(parquet)])
            connection.execute("CHECKPOINT")  # closing does it, too, but says nothing of a full disk
    except duckdb.Error as error:
        raise OSError(str(error)) from error
    finally:
        parquet.unlink(missing_ok=True)
        path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    return count


def _library(name: str, extra: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingDependencyError(
            f"{name.partition('.')[0]} is not installed", advice=f"pip install 'gongkai[{extra}]'"
        ) from error


_WRITERS: dict[str, Callable[[Rows, Columns, Path], int]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _excel,
    ".duckdb": _duckdb,
}
