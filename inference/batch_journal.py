"""What a batch has done so far, on disk: records, and a journal that says which input gave which.

A journal line is written and synced after the records that it speaks of, so after a kill at any
moment the journal tells how much of both files is sound; the rest is cut off.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from io import RawIOBase
from pathlib import Path
from typing import IO, Self

from .batch_folder import writing
from .batch_work import Done, Failure, Report

RECORDS = "records.jsonl"
JOURNAL = "journal.jsonl"
INDEX = "index.jsonl"
KEPT = "kept.jsonl"
"""Names in a batch's folder: of a run at work, of the last finished one, and of its records where the
output itself is in another format."""

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of one input: what it gave, `size` bytes of records among it."""

    file: str
    number: int
    last: bool
    sha256: str | None
    size: int
    reports: int
    records: int
    failures: tuple[Failure, ...]

    @classmethod
    def of(cls, done: Done) -> Entry:
        """The entry of a piece that was just done."""
        reports = [r for r in done.results if isinstance(r, Report)]
        failures = tuple(r for r in done.results if isinstance(r, Failure))
        piece = done.piece
        size, records = sum(len(r.lines) for r in reports), sum(r.count for r in reports)
        return cls(piece.file, piece.number, piece.last, piece.sha256, size, len(reports), records, failures)

    def line(self) -> bytes:
        """The entry as a journal has it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Entry:
        """The entry of a journal's line."""
        values = json.loads(line)
        return cls(**values | {"failures": tuple(Failure(**f) for f in values["failures"])})


@dataclass(frozen=True, slots=True)
class Kept:
    """All entries of an input in a finished run; its records start at `offset` of that run's file."""

    sha256: str
    offset: int
    entries: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Bytes of the input's records."""
        return sum(Entry.parse(line).size for line in self.entries)


class Journal:
    """Records and entries of one batch, appended together.

    Args:
        folder: the batch's own folder, made if it is not there.
        key: what results depend on besides the inputs; entries under another key are dropped.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self.records_path = folder / RECORDS
        self.path = folder / JOURNAL
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            # Unbuffered: what a full disk refused must not be tried again when the files close.
            self._journal: RawIOBase = self.path.open("a+b", buffering=0)
            self._records: RawIOBase = self.records_path.open("a+b", buffering=0)
        self._head = key.encode() + b"\n"
        self._at = self._taken = 0  # bytes of the journal and of the records that are accounted for
        self._old = self._sound_entries()
        self._next = next(self._old, None)

    def _sound_entries(self) -> Iterator[tuple[Entry, int]]:
        """Entries that a run before left whole, each with its length in bytes."""
        have = os.fstat(self._records.fileno()).st_size
        with self.path.open("rb") as journal:
            if journal.readline() != self._head:
                return
            self._at = len(self._head)
            while (line := journal.readline()).endswith(b"\n") and b'"file"' in line:
                entry = Entry.parse(line)
                have -= entry.size
                if have < 0:
                    return
                yield entry, len(line)

    @property
    def resuming(self) -> bool:
        """Whether entries of a run before are still to be compared with the inputs."""
        return self._next is not None

    def resume(self, file: str, sha256: str | None) -> tuple[int, bool]:
        """How many pieces of the next input are done already, and whether that is all of it."""
        done = 0
        while self._next is not None:
            entry, length = self._next
            if sha256 is None or (entry.file, entry.number, entry.sha256) != (file, done, sha256):
                break
            self._at += length
            self._taken += entry.size
            self._next = next(self._old, None)
            done += 1
            if entry.last:
                return done, True
        # This input changed, is new or was half done: what stood behind it is not in its place.
        self._next, self._old = None, iter(())
        return done, False

    def add(self, done: Sequence[Done]) -> None:
        """Append what pieces gave.

        Raises:
            OutputError: the disk is full.
        """
        lines = [r.lines for d in done for r in d.results if isinstance(r, Report)]
        self._append(lines, b"".join(Entry.of(d).line() for d in done))

    def copy(self, kept: Kept, records: IO[bytes]) -> None:
        """Append what an unchanged input gave in a finished run.

        Raises:
            OutputError: the disk is full.
        """
        records.seek(kept.offset)
        self._append(_blocks(records, kept.size), b"".join(kept.entries))

    def _append(self, records: Iterator[bytes] | Sequence[bytes], entries: bytes) -> None:
        with writing(self._folder):
            self._cut()
            for block in records:
                self._taken += _write(self._records, block)
            os.fsync(self._records.fileno())
            self._at += _write(self._journal, entries)
            os.fsync(self._journal.fileno())

    def _cut(self) -> None:
        """Drop what runs before left beyond what is accounted for."""
        if self._at == 0:
            self._journal.truncate(0)
            self._at = _write(self._journal, self._head)
        if os.fstat(self._journal.fileno()).st_size != self._at:
            self._journal.truncate(self._at)
        if os.fstat(self._records.fileno()).st_size != self._taken:
            self._records.truncate(self._taken)

    def finish(self) -> None:
        """Seal the journal with its records' hash and make it the index.

        Raises:
            OutputError: the disk is full.
        """
        self._append((), b"")
        seal = {"size": self._taken, "sha256": _sha256(self.records_path)}
        with writing(self._folder):
            _write(self._journal, json.dumps(seal).encode() + b"\n")
            os.fsync(self._journal.fileno())
            os.replace(self.path, self._folder / INDEX)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._journal.close()
        self._records.close()


class Index:
    """A finished run: its entries, and where its records lie if that file is still what it was."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> Iterator[Entry]:
        """All entries, in the order of the inputs."""
        return (Entry.parse(line) for line in self._lines() if b'"file"' in line)

    def seal(self) -> tuple[int, str]:
        """Size and SHA-256 of the records."""
        *_, last = self._lines()
        values = json.loads(last)
        return values["size"], values["sha256"]

    def find(self, *candidates: Path) -> Path | None:
        """The first of the files that holds exactly this run's records."""
        if not self.path.is_file():
            return None
        size, digest = self.seal()
        for path in candidates:
            if path.is_file() and path.stat().st_size == size and _sha256(path) == digest:
                return path
        return None

    def kept(self, key: str) -> dict[str, Kept]:
        """What each whole input gave, if the run had this key."""
        with self.path.open("rb") as file:
            if file.readline() != key.encode() + b"\n":
                return {}
        found: dict[str, Kept] = {}
        lines: list[bytes] = []
        start = end = 0
        for line in self._lines():
            if b'"file"' not in line:
                continue
            entry = Entry.parse(line)
            lines.append(line)
            end += entry.size
            if entry.last:
                if entry.sha256 is not None:
                    found[entry.file] = Kept(entry.sha256, start, tuple(lines))
                lines, start = [], end
        return found

    def _lines(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.readline()  # the key
            yield from file


def _blocks(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        block = file.read(min(size, _BLOCK))
        if not block:
            raise OSError("the records of the run before were cut short meanwhile")
        size -= len(block)
        yield block


def _write(file: RawIOBase, data: bytes) -> int:
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]
    return len(data)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
