"""Walks zip, tar and gzip archives: members as inputs, never written to disk, within the limits."""

from __future__ import annotations

import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from ..errors import LimitError, ReadError
from ..limits import Limits
from .input import Input

_JUNK = frozenset(
    ".css .js .map .json .png .jpg .jpeg .gif .bmp .ico .svg .webp .woff .woff2 .ttf .eot .mp3 .mp4 .avi .swf .db .ini"
    " .lnk .sig .asc .md5 .sha256".split()
)
_SMALL = 1_000_000
_ZIP_LOCKED = 0x1
_ZIP_UTF8 = 0x800
_ADVICE = "unpack it by hand and name the files"

# What zipfile and the decompressors raise on broken bytes, as fuzzing has found.
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)

Member = Input | ReadError
"""A member's bytes, or why it cannot be read; the walk goes on after either."""


def walk_zip(stream: IO[bytes], name: str, limits: Limits, budget: Budget) -> Iterator[Member]:
    """Members of a zip archive, in its order.

    Raises:
        ReadError: the archive is broken.
        LimitError: it has too many members or unpacks to too much.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN_ZIP as error:
        raise ReadError("is a broken zip archive", file=name, advice=_ADVICE) from error
    with archive:
        for member in archive.infolist():
            path = _tame(_zip_name(member))
            if member.is_dir() or not _wanted(path):
                continue
            budget.count()
            full = f"{name}/{path}"
            if member.flag_bits & _ZIP_LOCKED:
                yield ReadError("is locked with a password", file=full, advice=_ADVICE)
                continue
            try:
                budget.check(member.file_size, member.compress_size, full)
                with archive.open(member) as opened:
                    data = _read(opened, full, limits)
            except LimitError as error:
                yield error
                continue
            except _BROKEN_ZIP as error:
                yield ReadError(f"cannot be unpacked ({error})", file=full, advice=_ADVICE)
                continue
            budget.spend(len(data))
            yield Input(data, full, PurePosixPath(path).stem)


def walk_tar(stream: IO[bytes], name: str, limits: Limits, budget: Budget) -> Iterator[Member]:
    """Regular files of a tar archive, plain or compressed, in its order; links and devices are left out.

    Raises:
        ReadError: the archive is broken; members before the break have come.
        LimitError: it has too many members or unpacks to too much.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|*") as archive:
            for member in archive:
                path = _tame(member.name)
                if not member.isreg() or not _wanted(path):
                    continue
                budget.count()
                full = f"{name}/{path}"
                if member.size > limits.max_bytes:
                    yield _too_big(full, limits)
                    continue
                opened = archive.extractfile(member)
                data = b"" if opened is None else _read(opened, full, limits)
                budget.spend(len(data))
                yield Input(data, full, PurePosixPath(path).stem)
    except (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise ReadError(f"is a broken tar archive ({error})", file=name, advice=_ADVICE) from error


def open_gzip(stream: IO[bytes]) -> gzip.GzipFile:
    """The one file within a .gz, unpacked as it is read."""
    return gzip.GzipFile(fileobj=stream)


def read_gzip(stream: IO[bytes], name: str, limits: Limits, budget: Budget) -> bytes:
    """All bytes of the one file within a .gz.

    Raises:
        ReadError: it is broken.
        LimitError: it unpacks to more than `max_bytes`.
    """
    try:
        data = _read(open_gzip(stream), name, limits)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(f"is a broken gzip file ({error})", file=name, advice=_ADVICE) from error
    budget.spend(len(data))
    return data


class Budget:
    """What an input file may still take, archives within its archives included."""

    def __init__(self, name: str, size: int, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._most = min(limits.max_archive_bytes, max(_SMALL, limits.max_inflation * size))
        self._members = 0
        self._bytes = 0

    @property
    def is_spent(self) -> bool:
        """Whether nothing more may be read from the file."""
        return self._members > self._limits.max_members or self._bytes > self._most

    def count(self) -> None:
        """Take one more member.

        Raises:
            LimitError: it is one too many.
        """
        self._members += 1
        if self.is_spent:
            raise LimitError(
                f"has more than {self._limits.max_members} members",
                file=self._name,
                advice="raise max_members",
            )

    def check(self, unpacked: int, packed: int, name: str) -> None:
        """Refuse a member for what its header says.

        Raises:
            LimitError: it is too large, or grows too much.
        """
        if unpacked > self._limits.max_bytes:
            raise _too_big(name, self._limits)
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
        if self.is_spent:
            raise LimitError(
                f"unpacks to more than {self._most} bytes",
                file=self._name,
                advice="split it, or raise max_inflation or max_archive_bytes if you trust it",
            )


def _read(stream: IO[bytes] | gzip.GzipFile, name: str, limits: Limits) -> bytes:
    """What a member really unpacks to, whatever its header says."""
    data = stream.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise _too_big(name, limits)
    return data


def _too_big(name: str, limits: Limits) -> LimitError:
    return LimitError(f"has more than {limits.max_bytes} bytes", file=name, advice="raise max_bytes")


def _zip_name(member: zipfile.ZipInfo) -> str:
    """A member's name; old archivers wrote Chinese names in GBK without saying so."""
    if member.flag_bits & _ZIP_UTF8:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _tame(name: str) -> str:
    """A name that stays within its archive: no root, no drive, no `..`, no control characters."""
    parts = [
        p for p in name.replace("\\", "/").split("/") if p not in ("", ".", "..") and not p.endswith(":")
    ]
    return "".join(c if c.isprintable() else "_" for c in "/".join(parts)) or "_"


def _wanted(path: str) -> bool:
    pure = PurePosixPath(path)
    hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in pure.parts)
    return not hidden and pure.suffix.lower() not in _JUNK
