"""Reads crawls: JSON Lines, CSV, Parquet and WARC, a report a row, in constant memory."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from gzip import GzipFile
from pathlib import Path
from typing import IO, Any

from ..document import Source
from ..errors import LimitError, MissingDependencyError, ReadError
from ..limits import Limits
from .columns import Columns
from .csv_rows import csv_rows
from .input import Input
from .registry import HTML
from .sandbox import read_as

_BATCH = 64


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A row with its number in the file, 0 where it lies in none, and the bytes it took where rows must be held."""

    number: int
    values: Mapping[str, Any]
    size: int = 0


def read_jsonl(
    stream: IO[bytes] | GzipFile, name: str, limits: Limits, columns: Columns
) -> Iterator[Source | ReadError]:
    """A source a line; a line that is no object with text gives an error and the rest goes on.

    Raises:
        ColumnError: the first rows have none of a column that was named.
    """
    for found in _with_columns(_objects(stream, name, limits), name, limits, columns):
        yield found if isinstance(found, ReadError) else _row(found, name, limits, columns)


def _objects(stream: IO[bytes] | GzipFile, name: str, limits: Limits) -> Iterator[_Numbered | ReadError]:
    number = 0
    while True:
        try:
            line = stream.readline(limits.max_bytes + 1)
        except (OSError, EOFError, zlib.error) as error:
            yield ReadError(f"is broken after line {number} ({error})", file=name, advice="fetch it again")
            return
        if not line:
            return
        number += 1
        where = f"{name}:{number}"
        if len(line) > limits.max_bytes:
            yield LimitError(
                f"has a line of more than {limits.max_bytes} bytes", file=where, advice="raise max_bytes"
            )
            return
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield ReadError(f"is no JSON ({error})", file=where, advice="write one JSON object a line")
            continue
        if not isinstance(row, dict):
            yield ReadError("is no JSON object", file=where, advice="write one JSON object a line")
            continue
        yield _Numbered(number, row, len(line))


def _with_columns(
    rows: Iterator[_Numbered | ReadError], name: str, limits: Limits, columns: Columns
) -> Iterator[_Numbered | ReadError]:
    """The rows, once the named columns were seen: an object may leave out what it has not."""
    held: list[_Numbered | ReadError] = []
    have: dict[str, None] = {}
    size = 0
    while not have.keys() >= set(columns.named) and len(held) < _BATCH and size < limits.max_bytes:
        row = next(rows, None)
        if row is None:
            break
        held.append(row)
        if isinstance(row, _Numbered):
            have |= dict.fromkeys(row.values)
            size += row.size
    if have and columns.named and not have.keys() >= set(columns.named):
        columns.check(have, name)
    yield from held
    yield from rows


def read_csv(stream: IO[bytes], name: str, limits: Limits, columns: Columns) -> Iterator[Source | ReadError]:
    """A source a row under the header.

    Raises:
        ColumnError: the header has none of the columns.
    """
    header: list[str] | None = None
    for found in csv_rows(stream, name, limits):
        if isinstance(found, ReadError):
            yield found
        elif header is None:
            header = [cell.strip() for cell in found[1]]
            columns.check(header, name)
        else:
            yield _row(_Numbered(found[0], dict(zip(header, found[1], strict=False))), name, limits, columns)


def read_parquet(
    path: IO[bytes] | Path, name: str, limits: Limits, columns: Columns, groups: Sequence[int] | None = None
) -> Iterator[Source | ReadError]:
    """A source a row; `groups` are the row groups to read, neighbours, all of them by default.

    Raises:
        MissingDependencyError: pyarrow is not installed.
        ColumnError: the file has none of the columns.
        ReadError: it is broken.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise _missing("Parquet", error) from error
    try:
        table = pyarrow.parquet.ParquetFile(path)
        have = table.schema_arrow.names
        columns.check(have, name)
        number = sum(table.metadata.row_group(n).num_rows for n in range(groups[0])) if groups else 0
        for batch in table.iter_batches(batch_size=_BATCH, columns=columns.wanted(have), row_groups=groups):
            for row in batch.to_pylist():
                number += 1
                yield _row(_Numbered(number, row), name, limits, columns)
    except pyarrow.ArrowException as error:
        raise ReadError(f"is no readable Parquet file ({error})", file=name) from error


def row_ids(stream: IO[bytes], name: str, columns: Columns) -> Iterator[str]:
    """The ids that a Parquet crawl's rows ask for, read without their texts.

    Raises:
        ColumnError: the file has none of the columns.
        ReadError: it is broken.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(stream)
        columns.check(table.schema_arrow.names, name)
        present = [c for c in table.schema_arrow.names if c in columns.id]
        rows = (row for b in table.iter_batches(columns=present) for row in b.to_pylist())
        for number, row in enumerate(rows, start=1):
            yield _first(row, columns.id) or f"{_stem(name)}-{number}"
    except pyarrow.ArrowException as error:
        raise ReadError(f"is no readable Parquet file ({error})", file=name) from error


def crawl_row(row: Mapping[str, Any], limits: Limits, columns: Columns) -> Source | ReadError:
    """The source of a row that has an id and lies in no file."""
    doc_id = _first(row, columns.id)
    if doc_id is None:
        return ReadError("has no id", advice=f"give it a {columns.id[0]}")
    return _row(_Numbered(0, row), doc_id, limits, columns)


def read_warc(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Source | ReadError]:
    """A source for each response that is HTML or plain text.

    Raises:
        MissingDependencyError: warcio is not installed.
        ReadError: the archive is broken; the records before the break have come.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise _missing("WARC", error) from error
    number = 0
    try:
        for record in ArchiveIterator(stream):
            kind = record.http_headers.get_header("Content-Type", "") if record.http_headers else ""
            if record.rec_type != "response" or not kind.startswith(
                ("text/html", "text/plain", "application/xhtml")
            ):
                continue
            number += 1
            url = record.rec_headers.get_header("WARC-Target-URI") or f"{name}:{number}"
            data = record.content_stream().read(limits.max_bytes + 1)
            if len(data) > limits.max_bytes:
                yield LimitError(f"has more than {limits.max_bytes} bytes", file=url)
                continue
            item = Input(data, url, f"{_stem(name)}-{number}")
            yield _try_html(item, limits)
    except (ArchiveLoadFailed, AttributeError, OSError, EOFError, ValueError, zlib.error) as error:
        # warcio raises AttributeError on a response that names no address.
        raise ReadError(f"is a broken WARC ({error})", file=name) from error


def _try_html(item: Input, limits: Limits) -> Source | ReadError:
    try:
        return read_as(HTML, item, limits)
    except ReadError as error:
        return type(error)(error.what, file=item.name, advice=error.advice)


def _row(found: _Numbered, name: str, limits: Limits, columns: Columns) -> Source | ReadError:
    row, where = found.values, f"{name}:{found.number}" if found.number else name
    text, html = _first(row, columns.text), _first(row, columns.html)
    doc_id = _first(row, columns.id) or f"{_stem(name)}-{found.number}"
    item = Input(b"", where, doc_id)
    if text is None and html is None:
        return ReadError(
            "has no text or HTML",
            file=where,
            advice=f"its columns are {', '.join(map(str, row))[:200]}; name yours with --text-column or --html-column",
        )
    if len(text or html or "") > limits.max_characters:
        return LimitError(f"has more than {limits.max_characters} characters", file=where)
    if text is not None:
        return item.source(text, "txt", title=_first(row, columns.title))
    try:
        # A stored page is decoded already; what its charset says no longer holds, UTF-8 does.
        data = (html or "").encode("utf-8", "replace")
        source = replace(read_as(HTML, replace(item, data=data), limits), path=where)
    except ReadError as error:
        return type(error)(error.what, file=where, advice=error.advice)
    return replace(source, title=_first(row, columns.title) or source.title)


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = row.get(name)
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value:
            return value
    return None


def _stem(name: str) -> str:
    return Path(name).name.split(".")[0]


def _missing(kind: str, error: ImportError) -> MissingDependencyError:
    return MissingDependencyError(
        f"{kind} files need {error.name}, which is not installed",
        advice="install it: pip install 'gongkai[formats]'",
    )
