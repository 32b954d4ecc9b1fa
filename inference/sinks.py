"""Where records go: lines or tables on standard output; files written aside and renamed when whole."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path
from typing import Protocol

from ..data.errors import ConfigError
from .batch_work import Report
from .outputs.files import plain, write_rows
from .outputs.rows import COLUMNS, flatten, read_records

FILE_FORMATS = ("jsonl", "csv", "parquet", "xlsx", "duckdb")
STREAM_FORMATS = ("jsonl", "csv", "table")


class Sink(Protocol):
    """Takes the reports of a run that goes to standard output, in order."""

    def write(self, report: Report) -> None:
        """Print a report's records."""
        ...


def open_sink(format_name: str | None) -> Sink:
    """The sink for a format; without one a table on a terminal and JSON Lines elsewhere.

    Raises:
        ConfigError: the format is no stream's.
    """
    name = format_name or ("table" if sys.stdout.isatty() else "jsonl")
    if name not in STREAM_FORMATS:
        raise ConfigError(
            f"{name!r} cannot be printed",
            advice=f"name a file with -o, or choose one of {', '.join(STREAM_FORMATS)}",
        )
    if name == "table":
        return TableSink()
    return CsvSink() if name == "csv" else LineSink()


def file_format(path: Path, format_name: str | None) -> str:
    """The format of an output file or folder: the one asked for, else its suffix's, else JSON Lines.

    Raises:
        ConfigError: the format is no file's.
    """
    suffix = path.suffix[1:]
    name = format_name or (suffix if suffix in FILE_FORMATS else "jsonl")
    if name not in FILE_FORMATS:
        raise ConfigError(
            f"{name!r} is no format of a file", advice=f"choose one of {', '.join(FILE_FORMATS)}"
        )
    return name


def publish(records: Path, target: Path) -> None:
    """Write finished records (JSON Lines) as the target's suffix says, whole or not at all.

    Raises:
        ConfigError, MissingDependencyError, LimitError: the format does not take them.
    """
    write_rows(read_records(records), COLUMNS, target)


def write_atomically(path: Path, text: str) -> None:
    """Write a text file aside and rename it, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


class LineSink:
    """JSON Lines."""

    def write(self, report: Report) -> None:
        """Print a report's lines at once."""
        sys.stdout.buffer.write(report.lines)
        sys.stdout.buffer.flush()


class CsvSink:
    """CSV with a head line, cells safe from spreadsheets."""

    def __init__(self) -> None:
        self._head = [list(COLUMNS)]

    def write(self, report: Report) -> None:
        """Print a report's rows."""
        rows = [flatten(json.loads(line)) for line in report.lines.splitlines()]
        text = io.StringIO(newline="")
        csv.writer(text).writerows(self._head + [[plain(row[c]) for c in COLUMNS] for row in rows])
        self._head = []
        sys.stdout.buffer.write(text.getvalue().encode("utf-8", "replace"))
        sys.stdout.buffer.flush()


_LOG_WIDTH = 160


class TableSink:
    """A table a person reads, one a report."""

    def write(self, report: Report) -> None:
        """Print a report's records as a table."""
        from rich.console import Console
        from rich.table import Table

        title = f"{report.agency or '?'} {report.year or '?'} ({report.doc_id})"
        table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
        table.add_column("metric", no_wrap=True, overflow="ellipsis", max_width=30)
        table.add_column("value", justify="right", no_wrap=True, min_width=9)
        table.add_column("unit", no_wrap=True, min_width=4)
        table.add_column("metric_id", no_wrap=True, overflow="ellipsis", max_width=36)
        table.add_column("year", no_wrap=True, min_width=4)
        table.add_column("by", no_wrap=True, min_width=5)
        table.add_column("conf", justify="right", no_wrap=True, min_width=4)
        table.add_column("words that state it", overflow="ellipsis", no_wrap=True, max_width=40)
        for line in report.lines.splitlines():
            record = flatten(json.loads(line))
            sign = {"approx": "≈", "min": "≥", "max": "≤"}.get(record["qualifier"], "")
            table.add_row(
                _shown(record["metric"][:32]),
                f"{sign}{record['value']:,}",
                _shown(record["unit"] or ""),
                record["metric_id"] or "",
                str(record["year"] or ""),
                record["source"],
                f"{record['confidence']:.2f}",
                _shown(record["text"]),
            )
        # Into a pipe or a log there is no width to keep to; narrower than this the columns vanish.
        console = Console(markup=False, width=None if sys.stdout.isatty() else _LOG_WIDTH)
        console.print(table)
        console.print(f"{report.count} records\n")


def _shown(text: str) -> str:
    """Text without control characters and halves of surrogate pairs, which a terminal must not get."""
    clean = " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in clean if c.isprintable())
