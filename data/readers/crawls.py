"""Reads crawls: JSON Lines, Parquet and WARC, a report a row, in constant memory."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from gzip import GzipFile
from importlib import resources
from pathlib import Path
from typing import IO, Any

import yaml

from ..document import Source
from ..errors import ConfigError, LimitError, MissingDependencyError, ReadError
from ..limits import Limits
from .input import Input
from .registry import HTML
from .sandbox import read_as

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns to read, the first that a row has counts; text before HTML."""

    id: tuple[str, ...]
    text: tuple[str, ...]
    html: tuple[str, ...]
    title: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path | None = None) -> Columns:
        """Columns of a YAML file, or the shipped ones.

        Raises:
            ConfigError: the file is no mapping of id, text, html and title to lists of names.
        """
        if path is None:
            return _shipped()
        try:
            values = yaml.safe_load(path.read_text(encoding="utf-8"))
            return cls(**{key: tuple(map(str, names)) for key, names in values.items()})
        except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, AttributeError) as error:
            raise ConfigError(
                f"names no columns ({error})",
                file=str(path),
                advice="give id, text, html and title a list each",
            ) from error


@cache
def _shipped() -> Columns:
    file = resources.files(__package__.split(".data.")[0] + ".configs").joinpath("crawls.yaml")
    return Columns(**{key: tuple(names) for key, names in yaml.safe_load(file.read_text("utf-8")).items()})


def read_jsonl(
    stream: IO[bytes] | GzipFile, name: str, limits: Limits, columns: Columns
) -> Iterator[Source | ReadError]:
    """A source a line; a line that is no object with text gives an error and the rest goes on."""
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
            yield LimitError(f"has a line of more than {limits.max_bytes} bytes", file=where)
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
        yield _row(row, where, _stem(name), number, limits, columns)


def read_parquet(
    path: IO[bytes] | Path, name: str, limits: Limits, columns: Columns, groups: Sequence[int] | None = None
) -> Iterator[Source | ReadError]:
    """A source a row; `groups` are the row groups to read, neighbours, all of them by default.

    Raises:
        MissingDependencyError: pyarrow is not installed.
        ReadError: the file is broken or has none of the columns.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise _missing("Parquet", error) from error
    try:
        table = pyarrow.parquet.ParquetFile(path)
        wanted = {*columns.id, *columns.text, *columns.html, *columns.title}
        present = [c for c in table.schema_arrow.names if c in wanted]
        if not {*columns.text, *columns.html} & set(present):
            raise ReadError(
                "has no column of text or HTML",
                file=name,
                advice=f"its columns are {', '.join(table.schema_arrow.names)}; name yours in crawls.yaml",
            )
        number = sum(table.metadata.row_group(n).num_rows for n in range(groups[0])) if groups else 0
        for batch in table.iter_batches(batch_size=_BATCH, columns=present, row_groups=groups):
            for row in batch.to_pylist():
                number += 1
                yield _row(row, f"{name}:{number}", _stem(name), number, limits, columns)
    except pyarrow.ArrowException as error:
        raise ReadError(f"is no readable Parquet file ({error})", file=name) from error


def row_ids(stream: IO[bytes], name: str, columns: Columns) -> Iterator[str]:
    """The ids that a Parquet crawl's rows ask for, read without their texts.

    Raises:
        ReadError: the file is broken.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(stream)
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
    return _row(row, doc_id, doc_id, 0, limits, columns)


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
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise ReadError(f"is a broken WARC ({error})", file=name) from error


def _try_html(item: Input, limits: Limits) -> Source | ReadError:
    try:
        return read_as(HTML, item, limits)
    except ReadError as error:
        return type(error)(error.what, file=item.name, advice=error.advice)


def _row(
    row: Mapping[str, Any], where: str, stem: str, number: int, limits: Limits, columns: Columns
) -> Source | ReadError:
    text, html = _first(row, columns.text), _first(row, columns.html)
    doc_id = _first(row, columns.id) or f"{stem}-{number}"
    item = Input(b"", where, doc_id)
    if text is None and html is None:
        return ReadError(
            "has no text or HTML", file=where, advice=f"its columns are {', '.join(map(str, row))[:200]}"
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
