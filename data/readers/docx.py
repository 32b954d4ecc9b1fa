"""Reads .docx: paragraphs with their automatic numbers, tables with merged cells, insertions but no deletions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ..document import Source
from ..errors import ReadError
from ..limits import Limits
from .input import Input
from .numbering import Numbering
from .packed import BROKEN_PARTS, check_package
from .writer import GridCell, TextWriter, holds_data

_SKIPPED = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback"})


def read_docx(item: Input, limits: Limits) -> Source:
    """The body's text in order; headers, footers, comments and deleted words are left out.

    Raises:
        ReadError: the package is broken or holds no Word document.
        LimitError: it unpacks to too much.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    check_package(item.data, limits)
    try:
        document = docx.Document(io.BytesIO(item.data))
        body = document.element.body
    except (PackageNotFoundError, *BROKEN_PARTS) as error:
        raise ReadError(
            "is no Word document", advice="open it in Word or LibreOffice and save it again"
        ) from error
    writer = TextWriter(limits)
    numbering = Numbering(document)
    for element in body.iterchildren():
        _block(element, writer, numbering)
    return item.source(writer.text(), "docx", title=_title(document), tables=tuple(writer.tables))


def _title(document: Any) -> str | None:
    """The title of the properties, which are no reason to refuse the text where they are broken."""
    try:
        return document.core_properties.title or None
    except BROKEN_PARTS:
        return None


def _block(element: Any, writer: TextWriter, numbering: Numbering) -> None:
    name = _local(element)
    if name == "p":
        words = _words(element)
        writer.write(numbering.mark(element) if words.strip() else "")
        writer.write(words)
        writer.write("\n")
    elif name == "tbl":
        cells = list(_cells(element))
        if holds_data(cells):
            writer.table(cells)
        else:
            for child in element.iter(f"{element.tag.rpartition('}')[0]}}}p"):
                _block(child, writer, numbering)
    elif name in ("sdt", "sdtContent", "ins"):
        for child in element.iterchildren():
            _block(child, writer, numbering)


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _words(element: Any) -> str:
    """Text of a paragraph's runs, those of links, fields and tracked insertions too."""
    pieces: list[str] = []
    stack = [element]
    while stack:
        node = stack.pop()
        name = _local(node)
        if name == "t":
            pieces.append(node.text or "")
        elif name == "tab":
            if _local(node.getparent()) == "r":  # else a tab stop of the paragraph's format
                pieces.append("\t")
        elif name in ("br", "cr"):
            pieces.append("\n")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name not in _SKIPPED and name != "pPr":
            stack.extend(reversed(list(node.iterchildren())))
    return "".join(pieces)


def _cells(table: Any) -> Iterator[GridCell]:
    """Cells row by row; a cell that continues one above is merged into it."""
    rows = [child for child in table.iterchildren() if _local(child) == "tr"]
    open_cells: dict[int, list[Any]] = {}  # by column: words, row, column, row span, column span
    done: list[list[Any]] = []
    for number, row in enumerate(rows):
        column = row.grid_before
        for cell in row.tc_lst:
            span = max(1, cell.grid_span)
            above = open_cells.get(column)
            if cell.vMerge == "continue" and above is not None:
                above[3] = number - above[1] + 1
            else:
                words = " ".join(_words(p) for p in cell.iter() if _local(p) == "p")
                done.append([words, number, column, 1, span])
                open_cells[column] = done[-1]
            column += span
    for words, number, column, row_span, column_span in done:
        yield GridCell(words, number, column, row_span, column_span)
