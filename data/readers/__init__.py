"""Reads files of any format into sources: decoded text with the layout that the format states."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from ..document import Source
from ..errors import EmptyInputError, GongkaiError, LimitError, ReadError
from ..limits import Limits
from .archives import open_gzip, read_gzip, walk_tar, walk_zip
from .budget import Budget
from .columns import Columns
from .crawls import crawl_row, read_csv, read_jsonl, read_parquet, read_warc, row_ids
from .input import Input
from .options import ReadOptions
from .registry import PDF, PDF_OR_SCAN, Container, container_of, reader_name
from .sandbox import read_as

__all__ = [
    "Columns",
    "ReadOptions",
    "read_bytes",
    "read_path",
    "read_row",
    "read_row_groups",
    "read_stream",
    "row_ids",
    "unopened",
]

_HEAD = 8192
OnError = Callable[[GongkaiError], None]


def read_path(
    path: Path, *, limits: Limits, options: ReadOptions | None = None, on_error: OnError | None = None
) -> Iterator[Source]:
    """The sources of a file: one of a document, many of an archive or a crawl.

    Args:
        options: the user's choices; the shipped columns and no recognition by default.
        on_error: takes what is wrong with one member, and the rest goes on; without it the first
            such error is raised.

    Raises:
        ReadError: the file cannot be read; its subclass says why.
        MissingDependencyError: its format needs something that is not installed.
    """
    try:
        with path.open("rb") as stream:
            yield from read_stream(stream, name=str(path), limits=limits, options=options, on_error=on_error)
    except OSError as error:
        raise unopened(error, str(path)) from error


def read_stream(
    stream: IO[bytes],
    *,
    name: str,
    limits: Limits,
    options: ReadOptions | None = None,
    on_error: OnError | None = None,
) -> Iterator[Source]:
    """The sources of an open file that can seek; else as `read_path`."""
    options = options or ReadOptions()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    container = container_of(name, stream.read(_HEAD), options.columns)
    limit = limits.max_bytes if container is None else limits.max_archive_bytes
    if size > limit:
        raise LimitError(f"has {size} bytes, the limit is {limit}", file=name, advice="split it or raise it")
    stream.seek(0)
    if container is None:
        yield _read_document(Input(stream.read(), name, Path(name).stem), limits, options)
    else:
        budget = Budget(name, size, limits)
        found = budget.timed(_walk(stream, container, name, limits, options, budget, 1))
        yield from _deliver(found, on_error)


def read_row_groups(
    stream: IO[bytes],
    groups: Sequence[int],
    *,
    name: str,
    limits: Limits,
    options: ReadOptions,
    on_error: OnError | None = None,
) -> Iterator[Source]:
    """The sources of some row groups of a Parquet crawl, numbered as in the whole; else as `read_path`."""
    budget = Budget(name, stream.seek(0, io.SEEK_END), limits)
    found = budget.timed(read_parquet(stream, name, limits, options.columns, groups))
    yield from _deliver(map(_checked, found), on_error)


def read_row(row: Mapping[str, Any], *, limits: Limits, options: ReadOptions) -> Source:
    """The source of one row of a crawl that came some other way than in a file.

    Raises:
        ReadError: it has no id, or no text or HTML that can be read.
    """
    found = _checked(crawl_row(row, limits, options.columns))
    if not isinstance(found, Source):
        raise found
    return found


def unopened(error: OSError, name: str) -> ReadError:
    """What to say of a file that cannot be opened."""
    return ReadError(
        f"cannot be opened ({error.strerror or error})", file=name, advice="check the path and its rights"
    )


def read_bytes(
    data: bytes,
    *,
    doc_id: str,
    limits: Limits,
    name: str | None = None,
    options: ReadOptions | None = None,
    on_error: OnError | None = None,
) -> Iterator[Source]:
    """The sources of bytes, such as standard input; a `name` with a suffix tells the format.

    Raises:
        ReadError: the bytes cannot be read; its subclass says why.
        MissingDependencyError: their format needs something that is not installed.
    """
    name = name or doc_id
    options = options or ReadOptions()
    if len(data) > limits.max_bytes:
        raise LimitError(
            f"has more than {limits.max_bytes} bytes", file=name, advice="split it or raise max_bytes"
        )
    container = container_of(name, data[:_HEAD], options.columns)
    if container is None:
        yield _read_document(Input(data, name, doc_id), limits, options)
    else:
        budget = Budget(name, len(data), limits)
        found = budget.timed(_walk(io.BytesIO(data), container, name, limits, options, budget, 1))
        yield from _deliver(found, on_error)


def _deliver(found: Iterator[Source | GongkaiError], on_error: OnError | None) -> Iterator[Source]:
    """Sources with ids of their own: one that came before gets a number."""
    seen: dict[str, int] = {}  # id to the number that its next namesake gets
    for one in found:
        if isinstance(one, Source):
            doc_id = one.doc_id
            while doc_id in seen:
                seen[one.doc_id] += 1
                doc_id = f"{one.doc_id}-{seen[one.doc_id]}"
            seen[doc_id] = 1
            yield one if doc_id == one.doc_id else replace(one, doc_id=doc_id)
        elif on_error is None:
            raise one
        else:
            on_error(one)


def _walk(
    stream: IO[bytes],
    container: Container,
    name: str,
    limits: Limits,
    options: ReadOptions,
    budget: Budget,
    depth: int,
) -> Iterator[Source | GongkaiError]:
    """What a container holds; depth counts containers within containers, from 1."""
    if depth > limits.max_depth:
        yield LimitError(
            f"lies deeper than {limits.max_depth} archives", file=name, advice="unpack it by hand"
        )
        return
    if container is Container.WARC:
        yield from map(_checked, read_warc(stream, name, limits))
    elif container is Container.JSONL:
        plain = open_gzip(budget.watch(stream)) if name.lower().endswith(".gz") else stream
        yield from map(_checked, read_jsonl(plain, name, limits, options.columns))
    elif container is Container.CSV:
        yield from map(_checked, read_csv(stream, name, limits, options.columns))
    elif container is Container.PARQUET:
        yield from map(_checked, read_parquet(stream, name, limits, options.columns))
    elif container is Container.GZIP:
        inner = name[: -len(".gz")] if name.lower().endswith(".gz") else name
        yield from _member(
            Input(read_gzip(stream, name, limits, budget), inner, Path(inner).stem),
            limits,
            options,
            budget,
            depth,
        )
    else:
        for member in (walk_zip if container is Container.ZIP else walk_tar)(stream, name, limits, budget):
            if isinstance(member, Input):
                yield from _member(member, limits, options, budget, depth)
            else:
                yield member


def _member(
    item: Input, limits: Limits, options: ReadOptions, budget: Budget, depth: int
) -> Iterator[Source | GongkaiError]:
    try:
        container = container_of(item.name, item.data[:_HEAD], options.columns)
        if container is None:
            yield _read_document(item, limits, options)
        else:
            yield from _walk(io.BytesIO(item.data), container, item.name, limits, options, budget, depth + 1)
    except GongkaiError as error:
        if budget.is_spent:
            raise
        yield error


def _checked(found: Source | GongkaiError) -> Source | GongkaiError:
    if isinstance(found, Source) and not found.text.strip():
        return EmptyInputError("holds no text", file=found.path)
    return found


def _read_document(item: Input, limits: Limits, options: ReadOptions) -> Source:
    try:
        reader = reader_name(item)
        source = read_as(PDF_OR_SCAN if reader == PDF and options.ocr else reader, item, limits)
        if len(source.text) > limits.max_characters:
            raise LimitError(
                f"has more than {limits.max_characters} characters", advice="raise max_characters"
            )
        if not source.text.strip():
            raise EmptyInputError("holds no text", advice="leave it out")
    except GongkaiError as error:
        if error.file is None:
            raise type(error)(error.what, file=item.name, advice=error.advice) from error
        raise
    return replace(source, path=item.name)
