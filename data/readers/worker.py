"""The reading process of the sandbox: a JSON line and the file in, a JSON line out; `last` says that it ends."""

from __future__ import annotations

import json
import os
import signal
import sys
from types import TracebackType
from typing import IO

from ..errors import GongkaiError
from ..limits import Limits
from .input import Input
from .registry import load
from .sandbox import READY, pack

_NO_MEMORY = (
    json.dumps(
        {
            "error": "LimitError",
            "what": "takes too much memory to read",
            "advice": "raise max_memory if you trust it",
            "last": True,
        }
    ).encode()
    + b"\n"
)
_ADVICE = "open it with the program that made it and save it again"


def serve(commands: IO[bytes], answers: IO[bytes]) -> None:
    """Read one input after another until the commands end; a crash ends the process with an answer."""

    def answer(values: dict[str, object]) -> None:
        answers.write(json.dumps(values).encode() + b"\n")
        answers.flush()

    def crashed(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        if issubclass(kind, (MemoryError, RecursionError)):
            os.write(answers.fileno(), _NO_MEMORY)  # made beforehand: there is none left to make it with
        else:
            what = f"breaks its parser ({kind.__name__})"
            answer({"error": "ReadError", "what": what, "advice": _ADVICE, "last": True})

    # Parsers raise whatever their bugs make of a broken file; the process ends with any of it.
    sys.excepthook = crashed
    while line := commands.readline():
        head = json.loads(line)
        limits = Limits(**head["limits"])
        _limit_memory(limits.max_memory)
        item = Input(commands.read(head["size"]), head["name"], head["doc_id"])
        try:
            source = load(head["reader"])(item, limits)
        except GongkaiError as error:
            answer({"error": type(error).__name__, "what": error.what, "advice": error.advice})
        else:
            answer({"source": pack(source)})


def _limit_memory(size: int) -> None:
    if sys.platform == "win32":
        return  # no such limit there; time is still limited
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


def main() -> None:
    """Serve the process's own input and output; say that it is ready first."""
    # The sandbox ends a late reader so: leaving in good order takes LibreOffice and its folder along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # What a parser prints must not mix with the answers.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    channel.write(READY)
    channel.flush()
    serve(sys.stdin.buffer, channel)


if __name__ == "__main__":
    main()
