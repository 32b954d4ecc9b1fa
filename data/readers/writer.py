"""Writes the text of a format that is no plain text, and keeps where its tables' cells lie in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..document import Cell, Table
from ..errors import LimitError
from ..limits import Limits

_LONGEST_CELL = 400
_BLANKS = re.compile(r"[ \t\r\n\x0b\x0c]+")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell before its text has a place: its words and where it stands in its table."""

    words: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


def holds_data(cells: list[GridCell]) -> bool:
    """Whether cells are a table of data; one with paragraphs in it, or of one row or column, only lays text out."""
    return (
        any(cell.row for cell in cells)
        and any(cell.column for cell in cells)
        and all(len(cell.words) <= _LONGEST_CELL for cell in cells)
    )


@dataclass(slots=True)
class TextWriter:
    """Grows a text by words, lines and tables.

    A table is written a row a line, cells parted by tabs, line ends within cells as blanks.
    """

    limits: Limits
    length: int = 0
    tables: list[Table] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _last: str = "\n"
    _cells: int = 0

    def write(self, words: str) -> None:
        """Add words as they are.

        Raises:
            LimitError: the text is over `max_characters`.
        """
        if not words:
            return
        self._pieces.append(words)
        self._last = words[-1]
        self.length += len(words)
        if self.length > self.limits.max_characters:
            raise LimitError(
                f"gives more than {self.limits.max_characters} characters",
                advice="split it or raise max_characters",
            )

    def flow(self, words: str) -> None:
        """Add running words: a run of blanks counts for one, and for none at the start of a line."""
        words = _BLANKS.sub(" ", words)
        if words.startswith(" ") and self._last in "\n \t":
            words = words[1:]
        self.write(words)

    def line_end(self) -> None:
        """End the line unless it holds nothing."""
        if self._last != "\n":
            self.write("\n")

    def table(self, cells: list[GridCell]) -> None:
        """Write a table whose cells come row by row; a table without words leaves no trace.

        Raises:
            LimitError: the document's tables have more than `max_cells` cells.
        """
        self._cells += len(cells)
        if self._cells > self.limits.max_cells:
            raise LimitError(
                f"has tables of more than {self.limits.max_cells} cells", advice="raise max_cells"
            )
        if not any(cell.words.strip() for cell in cells):
            return
        self.line_end()
        start = self.length
        rows: dict[int, list[Cell]] = {}
        for cell in cells:
            placed = rows.setdefault(cell.row, [])
            if placed:
                self.write("\t")
            elif len(rows) > 1:
                self.write("\n")
            words = _BLANKS.sub(" ", cell.words).strip(" ")
            at = self.length
            self.write(words)
            placed.append(
                Cell(at, self.length, words, cell.row, cell.column, cell.row_span, cell.column_span)
            )
        end = self.length
        self.write("\n")
        self.tables.append(Table(start, end, tuple(tuple(row) for row in rows.values())))

    def text(self) -> str:
        """All that was written."""
        return "".join(self._pieces)
