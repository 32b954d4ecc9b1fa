"""Which reader takes which file: by what its first bytes are, then by its suffix."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable

from ..document import Source
from ..errors import BinaryInputError, EmptyInputError
from ..limits import Limits
from .input import Input

Reader = Callable[[Input, Limits], Source]

_BY_SUFFIX = {
    ".txt": "plain:read_text",
    ".text": "plain:read_text",
    ".md": "plain:read_text",
    ".markdown": "plain:read_text",
    ".html": "html:read_html",
    ".htm": "html:read_html",
    ".shtml": "html:read_html",
    ".xhtml": "html:read_html",
    ".mht": "html:read_html",
}
_MARKUP = re.compile(
    rb"^\s*(?:<!--.{0,400}?-->\s*)*<(?:!doctype html|html|head|body|\?xml[^>]*>\s*<(?:!doctype html|html))",
    re.I | re.S,
)


def reader_of(item: Input) -> Reader:
    """The reader of a document.

    Raises:
        EmptyInputError: there are no bytes.
        BinaryInputError: the format is not known.
    """
    if not item.data.strip(b"\x00 \t\r\n"):
        raise EmptyInputError("is empty", file=item.name)
    if item.suffix in _BY_SUFFIX:
        name = _BY_SUFFIX[item.suffix]
    else:
        name = "plain:read_text"
    if name == "plain:read_text" and _MARKUP.match(item.data[:2048].removeprefix(b"\xef\xbb\xbf")):
        name = "html:read_html"
    module, _, function = name.partition(":")
    reader: Reader = getattr(importlib.import_module(f".{module}", __package__), function)
    return reader
