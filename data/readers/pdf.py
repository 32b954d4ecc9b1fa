"""Reads PDF: the text layer line by line, tables by their rulings, and where each line stands on its page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..document import PageBox, Source
from ..errors import LimitError, ReadError, ScanError
from ..limits import Limits
from .input import Input
from .pdf_tables import Box, PageTable, page_tables
from .writer import TextWriter

_LINE_TOLERANCE = 0.5  # of a character's height
_COLUMN_GAP = 1.0  # of a character's height: wider gaps part columns
_WORD_GAP = 0.2
_ADVICE = "open it in a viewer and save it again"


Word = dict[str, Any]
"""A word as pdfplumber gives it: `text`, `x0`, `top`, `x1`, `bottom`."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page and where it stands."""

    words: str
    box: Box


def read_pdf(item: Input, limits: Limits) -> Source:
    """The text layer in reading order.

    Raises:
        ScanError: it has pages but no text.
        ReadError: the file is encrypted or broken.
        LimitError: it has more than `max_pages` pages.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    try:
        pdf = pdfplumber.open(io.BytesIO(item.data))
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise ReadError("is locked with a password", advice="save it without one") from error
        raise ReadError("is no readable PDF", advice=_ADVICE) from error
    writer = TextWriter(limits)
    boxes: list[PageBox] = []
    try:
        _check_pages(pdf, limits)
        for page in pdf.pages:
            boxes.extend(_read_page(page, writer))
            page.close()
    except (PdfminerException, MalformedPDFException) as error:
        raise ReadError("has a broken page", advice=_ADVICE) from error
    if not writer.text().strip():
        raise ScanError(
            "has no text layer: it is a scan",
            advice="give --ocr (pip install 'gongkai[ocr]'), or make a text layer, for instance with"
            " `ocrmypdf -l chi_sim FILE OUT`, and read the result",
        )
    return item.source(writer.text(), "pdf", tables=tuple(writer.tables), pages=tuple(boxes))


def _check_pages(pdf: Any, limits: Limits) -> None:
    try:
        pages = len(pdf.pages)
    except (IndexError, TypeError) as error:  # of boxes that are no four numbers
        raise ReadError("has a page without a size", advice=_ADVICE) from error
    if pages > limits.max_pages:
        raise LimitError(f"has {pages} pages, the limit is {limits.max_pages}", advice="raise max_pages")


def _read_page(page: Any, writer: TextWriter) -> Iterator[PageBox]:
    tables = page_tables(page)
    blocks: list[tuple[float, Line | PageTable]] = [(table.box[1], table) for table in tables]
    blocks += [(line.box[1], line) for line in _lines(page, [table.box for table in tables])]
    for _, block in sorted(blocks, key=lambda b: b[0]):
        start = writer.length
        if isinstance(block, Line):
            writer.write(block.words)
            yield PageBox(start, writer.length, page.page_number, block.box)
            writer.line_end()
            continue
        before = len(writer.tables)
        writer.table(list(block.cells))
        if len(writer.tables) == before:
            continue
        by_place = {(cell.row, cell.column): box for cell, box in zip(block.cells, block.boxes, strict=True)}
        for row in writer.tables[-1].rows:
            for cell in row:
                if cell.end > cell.start:
                    yield PageBox(cell.start, cell.end, page.page_number, by_place[cell.row, cell.column])


def _lines(page: Any, without: list[Box]) -> list[Line]:
    """The page's lines outside the boxes."""
    words = page.extract_words(x_tolerance_ratio=_WORD_GAP, y_tolerance=3, use_text_flow=False)
    return lines_of([word for word in words if not any(_inside(word, box) for box in without)])


def lines_of(words: list[Word]) -> list[Line]:
    """Words as lines, top to bottom; wide gaps within a line become two blanks."""
    words.sort(key=lambda w: (w["top"], w["x0"]))
    rows: list[list[Any]] = []
    for word in words:
        height = word["bottom"] - word["top"]
        middle = (word["top"] + word["bottom"]) / 2
        if rows:
            last = rows[-1][0]
            if abs(middle - (last["top"] + last["bottom"]) / 2) <= _LINE_TOLERANCE * max(height, 1):
                rows[-1].append(word)
                continue
        rows.append([word])
    return [_line(row) for row in rows]


def _line(words: list[Any]) -> Line:
    words.sort(key=lambda w: w["x0"])
    pieces = [words[0]["text"]]
    for left, right in pairwise(words):
        gap = right["x0"] - left["x1"]
        height = max(left["bottom"] - left["top"], 1.0)
        pieces.append(
            "  " if gap > _COLUMN_GAP * height and _parts_columns(left["text"], right["text"]) else " "
        )
        pieces.append(right["text"])
    box = (
        min(w["x0"] for w in words),
        min(w["top"] for w in words),
        max(w["x1"] for w in words),
        max(w["bottom"] for w in words),
    )
    return Line("".join(pieces), box)


def _parts_columns(left: str, right: str) -> bool:
    """A word spread over a line (`引　　言`) is no pair of columns."""
    return not (len(left) == len(right) == 1 and left.isalpha() and right.isalpha())


def _inside(word: Any, box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])
