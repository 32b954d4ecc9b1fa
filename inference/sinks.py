"""Where records go: JSON Lines, CSV, a table for people; written aside and renamed when whole."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from ..data.errors import ConfigError
from .extractor import Extraction
from .records import to_json

FORMATS = ("jsonl", "csv", "table")
COLUMNS = (
    "doc_id", "agency", "year", "metric", "metric_id", "value", "unit", "qualifier", "kind",
    "section", "start", "end", "text", "source", "confidence", "flags",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Sink(Protocol):
    """Takes extractions in order; a context manager that publishes its file only on a clean end.

    `folder` is where files about the run (the errors file) belong.
    """

    folder: Path

    def write(self, extraction: Extraction) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_sink(output: Path | None, format_name: str | None) -> Sink:
    """The sink for an output and a format; by default what suits the output's suffix or the terminal.

    Raises:
        ConfigError: the format is unknown or does not suit the output.
    """
    if output is None:
        name = format_name or ("table" if sys.stdout.isatty() else "jsonl")
        _known(name)
        return TableSink() if name == "table" else LineSink(None, name)
    name = format_name or (output.suffix[1:] if output.suffix[1:] in FORMATS else "jsonl")
    _known(name)
    if name == "table":
        raise ConfigError("a table is for a terminal", advice="write jsonl or csv to a file")
    is_folder = output.is_dir() or not output.suffix
    return LineSink(output / f"records.{name}" if is_folder else output, name)


def _known(name: str) -> None:
    if name not in FORMATS:
        raise ConfigError(f"unknown format {name!r}", advice=f"one of {', '.join(FORMATS)}")


def write_atomically(path: Path, text: str) -> None:
    """Write a text file aside and rename it, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)


def csv_safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


class LineSink:
    """JSON Lines or CSV, to a file or to standard output."""

    def __init__(self, path: Path | None, format_name: str) -> None:
        self.folder = path.parent if path else Path()
        self._path = path
        self._format = format_name
        self._file: IO[str] = sys.stdout
        self._aside: Path | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._aside = self._path.with_name(f".{self._path.name}.{os.getpid()}.tmp")
                self._file = self._aside.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise ConfigError(f"cannot be written ({error.strerror})", file=str(self._path)) from error
        if self._format == "csv":
            csv.writer(self._file).writerow(COLUMNS)
        return self

    def write(self, extraction: Extraction) -> None:
        """Append an extraction's records."""
        for record in extraction.records:
            line = to_json(record)
            if self._format == "jsonl":
                self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
                continue
            flat = line | line.pop("evidence") | {"flags": ";".join(record.flags)}
            csv.writer(self._file).writerow([csv_safe(flat[name]) for name in COLUMNS])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._aside is None or self._path is None:
            self._file.flush()
            return
        self._file.close()
        if kind is None:
            os.replace(self._aside, self._path)
        else:
            self._aside.unlink(missing_ok=True)


class TableSink:
    """A table a person reads, one a report."""

    def __init__(self) -> None:
        self.folder = Path()

    def __enter__(self) -> Self:
        return self

    def write(self, extraction: Extraction) -> None:
        """Print a report's records as a table."""
        from rich.console import Console
        from rich.table import Table

        title = f"{extraction.agency or '?'} {extraction.year or '?'} ({extraction.document.doc_id})"
        table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
        for name, align in (("metric", "left"), ("value", "right"), ("unit", "left"), ("metric_id", "left")):
            table.add_column(name, justify="right" if align == "right" else "left")
        table.add_column("year")
        table.add_column("by")
        table.add_column("conf", justify="right")
        table.add_column("words that state it", overflow="ellipsis", no_wrap=True, max_width=48)
        for record in extraction.records:
            sign = {"approx": "≈", "min": "≥", "max": "≤"}.get(str(record.qualifier), "")
            table.add_row(
                record.metric[:32], f"{sign}{record.value:,}", record.unit or "", record.metric_id or "",
                str(record.year or ""), str(record.source), f"{record.confidence:.2f}", " ".join(record.text.split()),
            )  # fmt: skip
        console = Console()
        console.print(table)
        console.print(f"{len(extraction.records)} records\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None
