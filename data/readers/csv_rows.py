"""Reads the rows of CSV and TSV crawls, UTF-8 or GB18030, a row at a time and within the limits."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

from ..errors import LimitError, ReadError
from ..limits import Limits

SUFFIXES = (".csv", ".tsv")


def csv_header(name: str, head: bytes) -> list[str]:
    """The column names of a file that begins with these bytes; none where its first row ends beyond them."""
    line, end, _ = head.partition(b"\n")
    try:
        return next(csv.reader([_Decoder().decode(line)], delimiter=_delimiter(name)), []) if end else []
    except csv.Error:
        return []


def csv_rows(stream: IO[bytes], name: str, limits: Limits) -> Iterator[tuple[int, list[str]] | ReadError]:
    """Rows with their numbers, the header's first; a broken one gives an error and the rest goes on."""
    # Python's own limit, 128 KB, is less than many a page. It is the whole process's: it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), limits.max_bytes))
    lines = _Lines(stream, name, limits)
    reader = csv.reader(lines, delimiter=_delimiter(name))
    number = 0
    while True:
        number += 1
        lines.begin(number)
        try:
            row = next(reader)
        except StopIteration:
            return
        except LimitError as error:
            yield error
            return
        except csv.Error as error:
            yield ReadError(f"is no row of CSV ({error})", file=f"{name}:{number}", advice="quote its cells")
            continue
        if row:
            yield number, row


def _delimiter(name: str) -> str:
    return "\t" if name.lower().endswith(".tsv") else ","


class _Decoder:
    """Decodes a file's lines; the first that is not all ASCII tells how."""

    def __init__(self) -> None:
        self._encoding: str | None = None

    def decode(self, line: bytes) -> str:
        line = line.removeprefix(b"\xef\xbb\xbf")
        if self._encoding is None and not line.isascii():
            try:
                line.decode("utf-8")
                self._encoding = "utf-8"
            except UnicodeDecodeError:
                self._encoding = "gb18030"  # what Excel writes in China
        return line.decode(self._encoding or "ascii", "replace")


class _Lines:
    """The lines of a file, as many to a row as its quotes ask for, up to `max_bytes` together."""

    def __init__(self, stream: IO[bytes], name: str, limits: Limits) -> None:
        self._stream = stream
        self._name = name
        self._most = limits.max_bytes
        self._decoder = _Decoder()
        self._row = 0
        self._size = 0

    def begin(self, row: int) -> None:
        """A new row begins."""
        self._row, self._size = row, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(self._most + 1)
        self._size += len(line)
        if self._size > self._most:
            raise LimitError(
                f"has a row of more than {self._most} bytes",
                file=f"{self._name}:{self._row}",
                advice="look for a quotation mark that is not closed",
            )
        if not line:
            raise StopIteration
        return self._decoder.decode(line)
