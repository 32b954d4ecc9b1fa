"""Which reader takes which input: by what its first bytes are, then by its suffix."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from enum import StrEnum

from ..document import Source
from ..errors import BinaryInputError, EmptyInputError
from ..limits import Limits
from .columns import Columns
from .csv_rows import SUFFIXES, csv_header
from .input import Input

Reader = Callable[[Input, Limits], Source]


class Container(StrEnum):
    """Inputs that hold many reports."""

    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    WARC = "warc"


_TEXT, HTML, _MHT = "plain:read_text", "html:read_html", "mht:read_mht"
PDF, PDF_OR_SCAN = "pdf:read_pdf", "scans:read_pdf_or_scan"
_DOCX, _OFFICE = "docx:read_docx", "office:read_office"
_XLSX, _XLS = "sheets:read_xlsx", "sheets:read_xls"

_WORD_STREAM, _SHEET_STREAM = "WordDocument".encode("utf-16-le"), "Workbook".encode("utf-16-le")
_GUARDED = frozenset({PDF, PDF_OR_SCAN, _DOCX, _OFFICE, _XLSX, _XLS, _MHT})
_MANY_TAGS = 3000
_LARGE = 100_000  # bytes, of which attributes would be some tens of thousands

_BY_SUFFIX = {
    ".html": HTML,
    ".htm": HTML,
    ".shtml": HTML,
    ".xhtml": HTML,
    ".mht": _MHT,
    ".mhtml": _MHT,
    ".pdf": PDF,
    ".docx": _DOCX,
    ".doc": _OFFICE,
    ".wps": _OFFICE,
    ".rtf": _OFFICE,
    ".odt": _OFFICE,
    ".xlsx": _XLSX,
    ".xls": _XLS,
    ".et": _XLS,
}
_CONTAINERS = (
    (Container.WARC, (".warc", ".warc.gz")),
    (Container.JSONL, (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")),
    (Container.PARQUET, (".parquet",)),
    (Container.TAR, (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")),
)
_MARKUP = re.compile(
    rb"\s*(?:<!--.{0,400}?-->\s*|<\?xml[^>]{0,200}>\s*)*<(?:!doctype\s+html|html|head|body)",
    re.IGNORECASE | re.DOTALL,
)
_MIME = re.compile(
    rb"(?:From|MIME-Version|Subject|Date):\s.{0,4000}?multipart/related", re.IGNORECASE | re.DOTALL
)
_FOREIGN = (
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3", "a database"),
)


def container_of(name: str, head: bytes, columns: Columns) -> Container | None:
    """What kind of container an input is, None for a document; `head` is its first bytes.

    A CSV file is a crawl where its header says so or its columns were named, else a report that was saved so.
    """
    lower = name.lower()
    if lower.endswith(SUFFIXES) and (columns.named or columns.fit(csv_header(name, head))):
        return Container.CSV
    for container, suffixes in _CONTAINERS:
        if lower.endswith(suffixes):
            return container
    if head.startswith(b"\x1f\x8b"):
        return Container.GZIP
    if head.startswith(b"PK\x03\x04") and not lower.endswith((".docx", ".xlsx", ".odt")):
        return None if is_office_package(head) and not lower.endswith(".zip") else Container.ZIP
    if head.startswith(b"PAR1"):
        return Container.PARQUET
    if head[257:262] == b"ustar":
        return Container.TAR
    return None


def is_office_package(head: bytes) -> bool:
    """Whether a zip's first member is one of Office's."""
    return any(
        mark in head for mark in (b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"word/", b"xl/")
    )


def reader_name(item: Input) -> str:
    """The reader of a document, as `module:function`.

    Raises:
        EmptyInputError: there are no bytes.
        BinaryInputError: the format is none that holds reports.
    """
    head = item.data[:8192]
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise EmptyInputError("is empty", advice="leave it out")
    if head.startswith(b"%PDF") or b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        if item.suffix == ".odt":
            return _OFFICE
        return _XLSX if item.suffix == ".xlsx" or (item.suffix != ".docx" and b"xl/" in item.data) else _DOCX
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        is_sheet = _SHEET_STREAM in item.data and _WORD_STREAM not in item.data
        # Web servers hand out workbooks as .doc; a workbook may hold a document, and the other way round.
        return _XLS if item.suffix in (".xls", ".et") or is_sheet else _OFFICE
    for mark, what in _FOREIGN:
        if head.startswith(mark):
            raise BinaryInputError(
                f"is {what}", advice="give the report as text, HTML, PDF, Word or a zip of these"
            )
    if head.startswith(b"{\\rtf"):
        return _OFFICE
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return HTML  # whatever the suffix: web servers hand out HTML as .doc and .txt
    if _MIME.match(head):
        return _MHT
    by_suffix = _BY_SUFFIX.get(item.suffix, _TEXT)
    return by_suffix if by_suffix in (HTML, _MHT) else _TEXT


def is_guarded(name: str, data: bytes) -> bool:
    """Whether a reader must run in a process of its own.

    Large parsers must. So must HTML's on pages of many tags or attributes: what HTML5 makes of badly
    nested ones takes time and memory in the square of their number.
    """
    return name in _GUARDED or (name == HTML and (len(data) > _LARGE or data.count(b"<") > _MANY_TAGS))


def load(name: str) -> Reader:
    """The reader of a name; only now its libraries are imported."""
    module, _, function = name.partition(":")
    reader: Reader = getattr(importlib.import_module(f".{module}", __package__), function)
    return reader
