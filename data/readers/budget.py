"""What one input file may take: members, bytes and time, archives within its archives included."""

from __future__ import annotations

import io
from collections.abc import Iterator
from time import monotonic
from typing import IO, NoReturn, TypeVar

from ..errors import LimitError
from ..limits import Limits

_T = TypeVar("_T")
_SMALL = 1_000_000


class Budget:
    """Counts what the reading of a file of `size` bytes takes.

    `is_spent` tells whether it took too much: nothing more may be read from the file.
    """

    def __init__(self, name: str, size: int, limits: Limits) -> None:
        self.is_spent = False
        self._name = name
        self._limits = limits
        self._most = min(limits.max_archive_bytes, max(_SMALL, limits.max_inflation * size))
        self._longest = limits.seconds + limits.archive_seconds * size // 1_000_000
        self._members = 0
        self._bytes = 0
        self._seconds = 0.0  # before `_since`
        self._since: float | None = None

    def count(self) -> None:
        """Take one more member.

        Raises:
            LimitError: it is one too many, or comes too late.
        """
        self.tick()
        self._members += 1
        if self._members > self._limits.max_members:
            self._refuse(f"has more than {self._limits.max_members} members", "raise max_members")

    def check(self, unpacked: int, packed: int, name: str) -> None:
        """Refuse a member for what its header says.

        Raises:
            LimitError: it is too large, or grows too much.
        """
        if unpacked > self._limits.max_bytes:
            raise too_big(name, self._limits)
        if unpacked > _SMALL and unpacked > self._limits.max_inflation * max(packed, 1):
            raise LimitError(
                f"unpacks to more than {self._limits.max_inflation} times its size",
                file=name,
                advice="raise max_inflation if you trust it",
            )

    def spend(self, size: int) -> None:
        """Take what a member unpacked to.

        Raises:
            LimitError: it is too much by now.
        """
        self._bytes += size
        if self._bytes > self._most:
            self._refuse(
                f"unpacks to more than {self._most} bytes",
                "split it, or raise max_inflation or max_archive_bytes if you trust it",
            )

    def tick(self) -> None:
        """Look at the clock.

        Raises:
            LimitError: the time is over.
        """
        if self._is_late():
            self._refuse(f"takes longer than {self._longest} s to read", "split it, or raise archive_seconds")

    def timed(self, found: Iterator[_T]) -> Iterator[_T]:
        """What a reader finds in the time; what is done with it meanwhile takes none.

        Raises:
            LimitError: there is more than could be found in the time.
        """
        while True:
            late = self._is_late()
            self._since = monotonic()
            one = next(found, None)
            self._seconds += monotonic() - self._since
            self._since = None
            if one is None:
                return
            if late:
                self.tick()
            yield one

    def watch(self, stream: IO[bytes]) -> Watched:
        """A packed stream in which much may be passed over before anything is found."""
        return Watched(stream, self)

    def _is_late(self) -> bool:
        now = 0.0 if self._since is None else monotonic() - self._since
        return self._seconds + now > self._longest

    def _refuse(self, what: str, advice: str) -> NoReturn:
        self.is_spent = True
        raise LimitError(what, file=self._name, advice=advice)


class Watched(io.RawIOBase):
    """A stream whose reader looks at the clock."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        super().__init__()
        self._stream = stream
        self._budget = budget

    def read(self, size: int = -1, /) -> bytes:
        """As of any stream.

        Raises:
            LimitError: the time is over.
        """
        self._budget.tick()
        return self._stream.read(size)


def too_big(name: str, limits: Limits) -> LimitError:
    """What to say of a member or a file of too many bytes."""
    return LimitError(f"has more than {limits.max_bytes} bytes", file=name, advice="raise max_bytes")
