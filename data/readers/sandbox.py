"""Runs the readers of complicated formats in a process with a limit on memory and time."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from typing import Any

from .. import errors
from ..document import Cell, PageBox, Source, Table
from ..errors import GongkaiError, LimitError, ReadError
from ..limits import Limits
from .input import Input
from .registry import is_guarded, load

READY = b"ready\n"
_GRACE = 2.0  # seconds
_ADVICE = "open it with the program that made it and save it again"


class Sandbox:
    """A reading process, started when first needed and anew after a file has broken it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._lock = threading.Lock()

    def read(self, reader: str, item: Input, limits: Limits) -> Source:
        """What a reader makes of an input.

        Raises:
            LimitError: it takes longer than `seconds` or more than `max_memory` bytes.
            ReadError: the reader fails.
        """
        head = {"reader": reader, "name": item.name, "doc_id": item.doc_id, "size": len(item.data)}
        with self._lock:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
            late = threading.Event()
            timer = threading.Timer(limits.seconds, _end_late, (process, late))
            timer.start()
            try:
                with contextlib.suppress(BrokenPipeError):  # it may answer before it has read all
                    process.stdin.write(json.dumps(head | {"limits": asdict(limits)}).encode() + b"\n")
                    process.stdin.write(item.data)
                    process.stdin.flush()
                answer = process.stdout.readline()
            finally:
                timer.cancel()
            if late.is_set() or not answer.endswith(b"\n"):
                self.close()
                if late.is_set():
                    raise LimitError(f"takes longer than {limits.seconds} s to read", advice="raise seconds")
                raise ReadError("breaks its parser", advice=_ADVICE)
            values = json.loads(answer)
            if values.get("last"):
                self.close()
        return _unpack(values)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self._owner = os.getpid()  # a forked process must not share its parent's pipes
            # `-P` and the paths at the end: a file called re.py beside the reports must not be imported.
            start = f"import sys; sys.path += sys.argv[1:]; from {__package__}.worker import main; main()"
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-c", start, *(p for p in sys.path if p)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert self._process.stdout is not None  # noqa: S101
            if self._process.stdout.readline() != READY:
                self.close()
                raise ReadError(
                    "cannot be read: the reading process does not start",
                    advice=f"run `python -m {__package__}.worker` to see why",
                )
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None and self._owner == os.getpid():
            _end(self._process)
            self._process.communicate()
        self._process = None


def _end_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that may first clear away what it has started and written, if that goes fast."""
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


SANDBOX = Sandbox()
atexit.register(SANDBOX.close)


def read_as(reader: str, item: Input, limits: Limits) -> Source:
    """What a reader makes of an input, in the sandbox where it must be.

    Raises:
        ReadError: the reader fails.
        MissingDependencyError: the reader needs something that is not installed.
    """
    return SANDBOX.read(reader, item, limits) if is_guarded(reader, item.data) else load(reader)(item, limits)


def pack(source: Source) -> dict[str, Any]:
    """A source as JSON values."""
    return asdict(source)


def _unpack(answer: dict[str, Any]) -> Source:
    if "error" in answer:
        kind = getattr(errors, answer["error"], ReadError)
        if not (isinstance(kind, type) and issubclass(kind, GongkaiError)):
            kind = ReadError
        raise kind(answer["what"], advice=answer["advice"])
    values = answer["source"]
    tables = tuple(
        Table(t["start"], t["end"], tuple(tuple(Cell(**c) for c in row) for row in t["rows"]))
        for t in values["tables"]
    )
    pages = tuple(PageBox(p["start"], p["end"], p["page"], tuple(p["box"])) for p in values["pages"])
    return Source(**(values | {"tables": tables, "pages": pages}))
