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
from .budget import Budget, Watched, too_big
from .input import Input

_JUNK = frozenset(
    ".css .js .map .json .png .jpg .jpeg .gif .bmp .ico .svg .webp .woff .woff2 .ttf .eot .mp3 .mp4 .avi .swf .db .ini"
    " .lnk .sig .asc .md5 .sha256".split()
)
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
        LimitError: it has too many members, unpacks to too much or takes too long.
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
        LimitError: it has too many members, unpacks to too much or takes too long.
    """
    try:
        with tarfile.open(fileobj=budget.watch(stream), mode="r|*") as archive:
            for member in archive:
                path = _tame(member.name)
                if not member.isreg() or not _wanted(path):
                    continue
                budget.count()
                full = f"{name}/{path}"
                if member.size > limits.max_bytes:
                    yield too_big(full, limits)
                    continue
                opened = archive.extractfile(member)
                data = b"" if opened is None else _read(opened, full, limits)
                budget.spend(len(data))
                yield Input(data, full, PurePosixPath(path).stem)
    except (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise ReadError(f"is a broken tar archive ({error})", file=name, advice=_ADVICE) from error


def open_gzip(stream: IO[bytes] | Watched) -> gzip.GzipFile:
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


def _read(stream: IO[bytes] | gzip.GzipFile, name: str, limits: Limits) -> bytes:
    """What a member really unpacks to, whatever its header says."""
    data = stream.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise too_big(name, limits)
    return data


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
