"""Reads files of any format into sources: decoded text with the layout that the format states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..document import Source
from ..errors import EmptyInputError, GongkaiError, LimitError, ReadError
from ..limits import Limits
from .input import Input
from .registry import reader_of

__all__ = ["read_bytes", "read_path"]


def read_path(path: Path, *, limits: Limits) -> Iterator[Source]:
    """The sources of a file.

    Raises:
        ReadError: the file cannot be read; its subclass says why.
    """
    try:
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise _too_big(size, str(path), limits)
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"cannot be opened ({error.strerror or error})",
            file=str(path),
            advice="check the path and its rights",
        ) from error
    yield from _read(Input(data, str(path), path.stem), limits)


def read_bytes(data: bytes, *, doc_id: str, limits: Limits, name: str | None = None) -> Iterator[Source]:
    """The sources of bytes, such as standard input; a `name` with a suffix tells the format.

    Raises:
        ReadError: the bytes cannot be read; its subclass says why.
    """
    if len(data) > limits.max_bytes:
        raise _too_big(len(data), name or doc_id, limits)
    yield from _read(Input(data, name or doc_id, doc_id), limits)


def _read(item: Input, limits: Limits) -> Iterator[Source]:
    try:
        source = reader_of(item)(item, limits)
        if not source.text.strip():
            raise EmptyInputError("holds no text")
    except GongkaiError as error:
        if error.file is None:
            raise type(error)(error.what, file=item.name, advice=error.advice) from error
        raise
    yield replace(source, path=item.name)


def _too_big(size: int, name: str, limits: Limits) -> LimitError:
    return LimitError(
        f"has {size} bytes, the limit is {limits.max_bytes}", file=name, advice="split it or raise max_bytes"
    )
