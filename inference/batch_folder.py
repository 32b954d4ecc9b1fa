"""A folder that a batch writes in: one run at a time, and words for what keeps it from writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..data.errors import OutputError


@contextmanager
def writing(path: Path | str) -> Iterator[None]:
    """Tell what keeps a file from being written, and that nothing is lost.

    Raises:
        OutputError: in place of any OSError.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written ({error.strerror or error})",
            file=str(path),
            advice="make room or choose another place; the same command goes on where it stopped",
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other run out of a batch's folder, which is made if it is not there.

    Raises:
        OutputError: another run is at work there, or the folder cannot be made.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("wb")
    with file:
        _lock(file, folder)
        yield


def _lock(file: IO[bytes], folder: Path) -> None:
    try:
        import fcntl
    except ImportError:
        return  # a system without advisory locks
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OutputError(
            "another run writes here", file=str(folder), advice="wait for it or end it"
        ) from error
