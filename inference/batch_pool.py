"""Runs tasks in worker processes: results in order, few in flight, a worker that dies replaced."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as LateError
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from ..data.limits import Limits
from .batch_journal import Kept
from .batch_work import Done, Failure, Piece, Worker
from .extractor import Extractor

Task = tuple[Piece, ...]

_IN_FLIGHT = 3  # tasks for each worker that are queued, at work or waiting for their turn to be written
_worker: Worker | None = None


class Pool(Protocol):
    """Runs tasks; what is no task passes through in its place."""

    def run(self, items: Iterable[Task | Kept]) -> Iterator[list[Done] | Kept]:
        """Results in the order of the items."""
        ...

    def close(self) -> None:
        """End what it started."""
        ...


class InlinePool:
    """Everything in this process."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def run(self, items: Iterable[Task | Kept]) -> Iterator[list[Done] | Kept]:
        """Results in the order of the items."""
        for item in items:
            yield self._worker.run(item) if isinstance(item, tuple) else item

    def close(self) -> None:
        """Nothing was started."""


class ProcessPool:
    """Worker processes that read and tag; they end when this process does, however it does.

    They stay for the next run, until the pool is closed.

    Args:
        workers: how many.
        setup: the config file, overrides and limits that each worker loads an extractor with.
        worker: does a run's single task here, so that no process starts for it; None: no task may end
            this process.
    """

    def __init__(
        self, workers: int, setup: tuple[Path | None, dict[str, object], Limits], worker: Worker | None
    ) -> None:
        self._workers = workers
        self._setup = setup
        self._limits = setup[2]
        self._worker = worker
        self._executor: ProcessPoolExecutor | None = None

    def run(self, items: Iterable[Task | Kept]) -> Iterator[list[Done] | Kept]:
        """Results in the order of the items."""
        iterator = iter(items)
        if self._worker is not None:
            head: list[Task | Kept] = []
            tasks = 0
            for item in iterator:
                head.append(item)
                tasks += isinstance(item, tuple)
                if tasks > 1:
                    break
            else:
                yield from InlinePool(self._worker).run(head)
                return
            iterator = chain(head, iterator)
        waiting: deque[tuple[Task | Kept, Future[list[Done]] | None]] = deque()
        for item in iterator:
            waiting.append((item, self._submit(item) if isinstance(item, tuple) else None))
            while len(waiting) >= self._workers * _IN_FLIGHT:
                yield self._first(waiting)
        while waiting:
            yield self._first(waiting)

    def close(self) -> None:
        """End the workers at once, whatever they are doing."""
        if self._executor is not None:
            _end(self._executor)
            self._executor = None

    def _first(self, waiting: deque[tuple[Task | Kept, Future[list[Done]] | None]]) -> list[Done] | Kept:
        item, future = waiting.popleft()
        if not isinstance(item, tuple):
            return item
        assert future is not None  # noqa: S101 - every task has one
        try:
            return future.result(self._patience(item) * _IN_FLIGHT)
        except (BrokenProcessPool, LateError):
            self.close()
            done = [result for piece in item for result in self._alone(piece)]
            for index, (other, lost) in enumerate(waiting):
                finished = lost is not None and lost.done() and lost.exception() is None
                if isinstance(other, tuple) and not finished:
                    waiting[index] = (other, self._submit(other))
            return done

    def _alone(self, piece: Piece) -> list[Done]:
        """A piece in a process of its own: one that kills or stops it fails alone."""
        executor = self._start(1)
        try:
            return executor.submit(_run, (piece,)).result(self._patience((piece,)))
        except BrokenProcessPool:
            failure = Failure(piece.file, "crash", "kills the process that reads it", "leave it out")
        except LateError:
            failure = Failure(
                piece.file, "limit", f"takes longer than {self._patience((piece,))} s", "raise seconds"
            )
        finally:
            _end(executor)
        return [Done(Piece(piece.file, piece.number, piece.last, piece.sha256), (failure,))]

    def _patience(self, task: Task) -> int:
        """Seconds after which a task hangs: its documents' reading limits and some for the rest."""
        documents = sum(1 if piece.sources is None else len(piece.sources) for piece in task)
        return self._limits.seconds * (documents + 1)

    def _submit(self, task: Task) -> Future[list[Done]]:
        if self._executor is None:
            self._executor = self._start(self._workers)
        try:
            return self._executor.submit(_run, task)
        except BrokenProcessPool:
            broken: Future[list[Done]] = Future()
            broken.set_exception(BrokenProcessPool())
            return broken  # the first task that was lost starts new workers when its turn comes

    def _start(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            workers,
            # Forking a process with threads (ONNX Runtime's, a progress bar's) can hang the child.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=self._setup,
        )


def _end(executor: ProcessPoolExecutor) -> None:
    """End an executor at once, whatever its workers are doing."""
    processes: Sequence[Any] = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()


def _begin(config: Path | None, overrides: dict[str, object], limits: Limits) -> None:
    global _worker  # noqa: PLW0603 - a process has one
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process ends its workers itself
    threading.Thread(target=_follow_parent, daemon=True).start()
    _worker = Worker(Extractor.load(config, **overrides), limits)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the main process was killed: nobody waits for the result


def _run(task: Task) -> list[Done]:
    assert _worker is not None  # noqa: S101 - set when the process began
    return _worker.run(task)
