"""Checks packages that are zip archives inside before a parser unpacks them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from ..errors import LimitError, ReadError
from ..limits import Limits

# What zipfile, lxml and the libraries over them raise on packages with broken parts, as fuzzing has found.
BROKEN_PARTS = (
    zipfile.BadZipFile,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,  # lxml's and ElementTree's errors of syntax are these
    TypeError,
    ValueError,
    zlib.error,
)
_SMALL = 1_000_000  # bytes that any package may unpack to, whatever its ratio


def check_package(data: bytes, limits: Limits) -> None:
    """Refuse a package whose members unpack to too much.

    Raises:
        ReadError: the bytes are no zip archive.
        LimitError: too many members, too much inflation or too many bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise ReadError(
            "is a broken package", advice="save it again with the program that made it"
        ) from error
    if len(members) > limits.max_members:
        raise LimitError(f"has more than {limits.max_members} parts", advice="raise max_members")
    check_inflation(sum(m.file_size for m in members), len(data), limits)


def check_inflation(unpacked: int, packed: int, limits: Limits) -> None:
    """Refuse what grows too much or beyond `max_bytes`.

    Raises:
        LimitError: it does.
    """
    if unpacked > limits.max_bytes:
        raise LimitError(
            f"unpacks to {unpacked} bytes, the limit is {limits.max_bytes}",
            advice="raise max_bytes if you trust it",
        )
    if unpacked > _SMALL and unpacked > limits.max_inflation * max(packed, 1):
        raise LimitError(
            f"unpacks to {unpacked // max(packed, 1)} times its size, the limit is {limits.max_inflation}",
            advice="raise max_inflation if you trust it",
        )
