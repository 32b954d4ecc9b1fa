"""Reads plain text and Markdown."""

from __future__ import annotations

from ..document import Source
from ..limits import Limits
from .encoding import decode
from .input import Input


def read_text(item: Input, limits: Limits) -> Source:
    """The text as it is, decoded.

    Raises:
        BinaryInputError: the bytes are no text.
    """
    return item.source(decode(item.data), "md" if item.suffix in (".md", ".markdown") else "txt")
