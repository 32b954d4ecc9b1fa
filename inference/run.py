"""Runs an extraction from the command line's names to its sinks: records out, errors told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ..data.build import build_document, require_report
from ..data.document import Document
from ..data.errors import ReadError
from ..data.limits import Limits
from ..data.readers import read_bytes, read_path
from .extractor import Extractor
from .inputs import STANDARD_INPUT, expand
from .sinks import open_sink, write_atomically

ERRORS = "errors.jsonl"
_GROUP_CHARACTERS = 200_000  # documents are tagged together up to this much text


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that gave no records: one line of `errors.jsonl`."""

    file: str
    kind: str
    what: str
    advice: str

    @classmethod
    def of(cls, error: ReadError, file: str) -> Failure:
        """What to write of an error that was raised for a file."""
        return cls(error.file or file, error.kind, error.what, error.advice)


def extract_paths(
    names: Sequence[str],
    *,
    output: Path | None,
    format_name: str | None,
    config: Path | None,
    overrides: dict[str, object],
) -> int:
    """Extract all inputs; returns how many failed.

    Raises:
        ConfigError: a setting, the format or the output is wrong.
        ModelError: the model cannot be used.
    """
    extractor = Extractor.load(config, **overrides)
    failures: list[Failure] = []
    sink = open_sink(output, format_name)
    with sink, _progress(output is not None and sys.stderr.isatty()) as advance:
        for group in _groups(read_documents(expand(names), failures)):
            for extraction in extractor.extract_documents(group):
                sink.write(extraction)
                advance()
    for failure in failures:
        print(
            f"gongkai: {failure.file}: {failure.what}" + (f"; {failure.advice}" if failure.advice else ""),
            file=sys.stderr,
        )
    _write_failures(failures, sink.folder)
    return len(failures)


def read_documents(files: Iterator[str], failures: list[Failure]) -> Iterator[Document]:
    """Documents of all files; an input that cannot be read becomes a failure and the rest goes on."""
    limits = Limits()
    for file in files:
        try:
            if file == STANDARD_INPUT:
                sources = read_bytes(
                    sys.stdin.buffer.read(limits.max_bytes + 1), doc_id="stdin", limits=limits
                )
            else:
                sources = read_path(Path(file), limits=limits)
            for source in sources:
                try:
                    document = build_document(source)
                    require_report(document)
                except ReadError as error:
                    failures.append(Failure.of(error, source.path or file))
                else:
                    yield document
        except ReadError as error:
            failures.append(Failure.of(error, file))


def _groups(documents: Iterator[Document]) -> Iterator[list[Document]]:
    group: list[Document] = []
    size = 0
    for document in documents:
        group.append(document)
        size += len(document.text)
        if size >= _GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


@contextmanager
def _progress(wanted: bool) -> Iterator[Callable[[], None]]:
    """A progress bar on standard error while records go to a file and a person watches."""
    if not wanted:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("reports"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reports", total=None)
        yield lambda: bar.advance(task)


def _write_failures(failures: Sequence[Failure], folder: Path) -> None:
    if failures:
        lines = [json.dumps(asdict(f), ensure_ascii=False) + "\n" for f in failures]
        write_atomically(folder / ERRORS, "".join(lines))
