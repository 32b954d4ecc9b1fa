"""What a worker does: reads files, extracts their reports together, hands back encoded records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..data.build import build_document, require_report
from ..data.document import Document, Source
from ..data.errors import GongkaiError
from ..data.limits import Limits
from ..data.readers import ReadOptions, read_path
from .extractor import Extraction, Extractor
from .records import to_json

OnError = Callable[[GongkaiError], None]
GROUP_CHARACTERS = 200_000
"""Reports are tagged together up to this much text."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that gave no records: one line of `errors.jsonl`."""

    file: str
    kind: str
    what: str
    advice: str

    @classmethod
    def of(cls, error: GongkaiError, file: str) -> Failure:
        """What to write of an error that was raised for a file."""
        return cls(error.file or file, error.kind, error.what, error.advice)

    @classmethod
    def internal(cls, error: BaseException, file: str) -> Failure:
        """What to write where the program, not the input, is at fault."""
        what = f"breaks the extraction ({type(error).__name__}: {error})"
        return cls(file, "internal", what, "please report it with the file")

    def __str__(self) -> str:
        return f"{self.file}: {self.what}" + (f"; {self.advice}" if self.advice else "")


@dataclass(frozen=True, slots=True)
class Report:
    """A report's records as lines of JSON in UTF-8, `count` of them."""

    doc_id: str
    agency: str | None
    year: int | None
    count: int
    lines: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to read, or some sources of a container that was read already.

    `number` counts the pieces of a file from 0; `sha256` is the file's where it is known.
    """

    file: str
    number: int = 0
    last: bool = True
    sha256: str | None = None
    sources: tuple[Source | Failure, ...] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a piece gave, in the order of its sources."""

    piece: Piece  # without its sources
    results: tuple[Report | Failure, ...]


@dataclass(slots=True)
class _Slots:
    """The results of one piece, some of them still to come."""

    piece: Piece
    results: list[Report | Failure | None] = field(default_factory=list)


class Worker:
    """Extracts pieces with one extractor; results do not depend on which pieces come together."""

    def __init__(self, extractor: Extractor, limits: Limits) -> None:
        self._extractor = extractor
        self._limits = limits
        self._options = extractor.settings.reading()

    def run(self, task: Sequence[Piece]) -> list[Done]:
        """The pieces' results; an input that cannot be read or extracted gives a failure."""
        slots: list[_Slots] = []
        waiting: list[tuple[Document, _Slots, int]] = []
        size = 0
        for piece in task:
            digest = piece.sha256 if piece.sources is not None else file_sha256(piece.file)
            slot = _Slots(Piece(piece.file, piece.number, piece.last, digest))
            slots.append(slot)
            for source in self._sources(piece) if piece.sources is None else piece.sources:
                document = source if isinstance(source, Failure) else _document(source, piece.file)
                if isinstance(document, Failure):
                    slot.results.append(document)
                    continue
                waiting.append((document, slot, len(slot.results)))
                slot.results.append(None)
                size += len(document.text)
                if size > GROUP_CHARACTERS:
                    self._settle(waiting)
                    waiting, size = [], 0
        self._settle(waiting)
        return [Done(s.piece, tuple(r for r in s.results if r is not None)) for s in slots]

    def _sources(self, piece: Piece) -> Iterator[Source | Failure]:
        return read_sources(piece.file, self._limits, self._options)

    def _settle(self, waiting: Sequence[tuple[Document, _Slots, int]]) -> None:
        results = self._extract([document for document, _, _ in waiting])
        for (_, slot, position), result in zip(waiting, results, strict=True):
            slot.results[position] = result

    def _extract(self, documents: Sequence[Document]) -> list[Report | Failure]:
        try:
            return [encode(extraction) for extraction in self._extractor.extract_documents(documents)]
        except Exception as error:  # a bug that one report wakes must not end a batch of thousands
            if len(documents) == 1:
                return [Failure.internal(error, documents[0].source.path or documents[0].doc_id)]
            return [result for document in documents for result in self._extract([document])]


def read_sources(file: str, limits: Limits, options: ReadOptions) -> Iterator[Source | Failure]:
    """The sources of a file, with failures where members or the file cannot be read."""
    return collect(
        lambda on_error: read_path(Path(file), limits=limits, options=options, on_error=on_error), file
    )


def collect(read: Callable[[OnError], Iterator[Source]], file: str) -> Iterator[Source | Failure]:
    """What a reader yields and what it complains of, in one stream."""
    failures: list[Failure] = []
    try:
        for source in read(lambda error: failures.append(Failure.of(error, file))):
            yield from failures
            failures.clear()
            yield source
    except GongkaiError as error:
        failures.append(Failure.of(error, file))
    except Exception as error:  # a reader's bug that one file wakes must not end a batch of thousands
        failures.append(Failure.internal(error, file))
    yield from failures


def _document(source: Source, file: str) -> Document | Failure:
    try:
        document = build_document(source)
        require_report(document)
    except GongkaiError as error:
        return Failure.of(error, source.path or file)
    except Exception as error:  # as above
        return Failure.internal(error, source.path or file)
    return document


def encode(extraction: Extraction) -> Report:
    """An extraction's records as they are written; half surrogates become JSON escapes."""
    lines = "".join(json.dumps(to_json(r), ensure_ascii=False) + "\n" for r in extraction.records)
    return Report(
        extraction.document.doc_id,
        extraction.agency,
        extraction.year,
        len(extraction.records),
        lines.encode("utf-8", "backslashreplace"),
    )


def file_sha256(file: str) -> str | None:
    """A file's SHA-256, None where it cannot be read."""
    try:
        with Path(file).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def pack_sources(
    file: str, sha256: str | None, sources: Iterable[Source | Failure], most: int = 64
) -> Iterator[Piece]:
    """A container's sources in pieces of bounded size, cut at the same places every time."""
    held: list[Source | Failure] = []
    number = size = 0
    for source in sources:
        if held and (size > GROUP_CHARACTERS or len(held) >= most):
            yield Piece(file, number, False, sha256, tuple(held))
            held, size, number = [], 0, number + 1
        held.append(source)
        size += len(source.text) if isinstance(source, Source) else 0
    yield Piece(file, number, True, sha256, tuple(held))
