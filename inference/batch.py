"""A batch over files: plans tasks, skips what is done, streams results in the order of the inputs."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ..data.limits import Limits
from ..data.readers import ReadOptions, read_bytes
from ..data.readers.registry import container_of
from .batch_journal import Journal, Kept
from .batch_pool import Pool, Task
from .batch_work import Piece, collect, file_sha256, pack_sources, read_sources
from .inputs import STANDARD_INPUT

_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Planner:
    """Cuts inputs into tasks.

    `journal` and `kept` say what was done before; without them every input is read.
    """

    limits: Limits
    options: ReadOptions
    task_files: int
    task_bytes: int
    journal: Journal | None = None
    kept: dict[str, Kept] = field(default_factory=dict)

    def plan(self, files: Iterable[str]) -> Iterator[Task | Kept]:
        """Tasks, and inputs to take over as they are, in the order of the inputs."""
        group: list[Piece] = []
        size = 0
        for file in files:
            if file == STANDARD_INPUT:
                planned: Iterator[Piece | Kept] = self._standard_input()
            else:
                planned = self._file(file)
            for item in planned:
                if isinstance(item, Piece) and item.sources is None:
                    group.append(item)
                    size += _size(file)
                    if len(group) < self.task_files and size < self.task_bytes:
                        continue
                if group:
                    yield tuple(group)
                    group, size = [], 0
                if isinstance(item, Kept):
                    yield item
                elif item.sources is not None:
                    yield (item,)
        if group:
            yield tuple(group)

    def _file(self, file: str) -> Iterator[Piece | Kept]:
        journal = self.journal
        seen = journal is not None and (journal.resuming or file in self.kept)
        digest = file_sha256(file) if seen else None
        done = 0
        if journal is not None and journal.resuming:
            done, finished = journal.resume(file, digest)
            if finished:
                return
        kept = self.kept.get(file)
        if kept is not None and kept.sha256 == digest and not done:
            yield kept
        elif self._is_container(file):
            digest = digest or file_sha256(file)
            yield from _rest(pack_sources(file, digest, read_sources(file, self.limits, self.options)), done)
        else:
            yield Piece(file)

    def _standard_input(self) -> Iterator[Piece]:
        data = sys.stdin.buffer.read(self.limits.max_bytes + 1)
        digest = hashlib.sha256(data).hexdigest()
        done, finished = self.journal.resume(STANDARD_INPUT, digest) if self.journal else (0, False)
        if not finished:
            sources = collect(
                lambda on_error: read_bytes(
                    data, doc_id="stdin", limits=self.limits, options=self.options, on_error=on_error
                ),
                STANDARD_INPUT,
            )
            yield from _rest(pack_sources(STANDARD_INPUT, digest, sources), done)

    def _is_container(self, file: str) -> bool:
        try:
            with Path(file).open("rb") as stream:
                return container_of(file, stream.read(_HEAD), self.options.columns) is not None
        except OSError:
            return False


def _size(file: str) -> int:
    try:
        return Path(file).stat().st_size
    except OSError:
        return 0


def _rest(pieces: Iterator[Piece], done: int) -> Iterator[Piece]:
    """The pieces that no run before has done."""
    return (piece for piece in pieces if piece.number >= done)


def run_journaled(
    journal: Journal, planned: Iterable[Task | Kept], pool: Pool, before: IO[bytes] | None
) -> Iterator[int]:
    """Do what is planned and keep it; yields how many inputs each step finished.

    Args:
        journal: takes the results.
        planned: what a planner made of the inputs.
        pool: does the tasks.
        before: the records that `Kept` inputs are copied from.
    """
    for result in pool.run(planned):
        if isinstance(result, Kept):
            if before is not None:
                journal.copy(result, before)
            yield 1
        else:
            journal.add(result)
            yield sum(done.piece.last for done in result)
