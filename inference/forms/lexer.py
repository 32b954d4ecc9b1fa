"""Cuts a document into atoms: the words, figures and empty cells of its lines and tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ...data.document import Document, Table
from ..types import CellState
from .glued import cutter
from .spec import FormSpec
from .values import UNIT, Value, parse_cell

_RULE = re.compile(r"^[\s|:\-—+=_]*(?:---|===|——|:-)[\s|:\-—+=_]*$")
_PAGE_LINE = re.compile(
    r"^(?:[-—–－]+\s*\d{1,3}\s*[-—–－]+|第\s*\d{1,3}\s*页(?:\s*[/,，]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3})$"
)
_PAGE_TOKEN = re.compile(r"^[-—–－]\d{1,3}[-—–－]$")
_PAGE_GLUED = re.compile(r"(?<=\d)[-—–－]+\d{1,3}[-—–－]+$")
_SHORT_CELL = 12
_FEW_LINES, _NEARLY_ALL = 10, 0.8
_BARS = re.compile(r"^[|｜]+$")
_BAR, _TAB = re.compile(r"[|｜]"), re.compile(r"\t")
_CLOSING = re.compile(r"[)）\]】]")
_DASHES = tuple("-—–－")
_MOST_KEPT = 8192  # tokens remembered: forms print the same labels and small figures
_TOKEN = re.compile(r"\S+")
# Characters of a view that NFKC leaves as they are, and the punctuation that it makes half-width.
_PLAIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff。、“”《》〈〉—（），；：！？%.,:+\-()/]*")
_HALF = str.maketrans("（），；：！？", "(),;:!?")


class Atom(NamedTuple):  # as are all that a form has by the hundred: made three times as fast as a dataclass
    """Words, a figure or an empty cell; `text` without blanks, `starts[i]` where its i-th character stands.

    `line` counts the lines and table rows of the document, `cell` its cells; `glued` tells that
    no blank parts it from what is before.
    """

    start: int
    end: int
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    line: int
    cell: int
    value: Value | None = None
    glued: bool = False

    @property
    def number(self) -> int | float | None:
        """The figure as printed; None for words and blanks."""
        return self.value.number if self.value else None

    @property
    def is_figure(self) -> bool:
        """True for a number or a stated zero."""
        return self.number is not None

    @property
    def is_words(self) -> bool:
        """True for anything that is neither a figure nor blank."""
        return self.value is None


class Lexer:
    """Atoms of one document, in reading order.

    Args:
        tables: the tables whose cells are to be trusted; everything else is read line by line.
    """

    def __init__(self, document: Document, tables: tuple[Table, ...], spec: FormSpec) -> None:
        self.document = document
        self.text = document.text
        self.tables = tables
        self.spec = spec
        self.line = 0
        self.cell = 0
        self.bar_opens = True
        self.width = 0
        self.atoms: list[Atom] = []

    def run(self) -> list[Atom]:
        """All atoms."""
        position = 0
        for table in sorted(self.tables, key=lambda t: (t.start, -t.end)):
            if table.start < position:  # a table within a table: its cells came with the outer one
                continue
            self._lines(position, table.start)
            self._table(table)
            position = table.end
        self._lines(position, len(self.text))
        return self.atoms

    def _table(self, table: Table) -> None:
        for row in table.rows:
            self.line += 1
            for cell in row:
                self.cell += 1
                before = len(self.atoms)
                if cell.end > cell.start:
                    self._chunk(cell.start, cell.end)
                if len(self.atoms) == before:
                    self._add_blank(cell.start)

    def _lines(self, start: int, end: int) -> None:
        bars, content_had_bar = 0, True
        blanks_part = _blanks_part(self.text[start:end])
        for line_start, line_end in _line_spans(self.text, start, end):
            raw = self.text[line_start:line_end]
            plain = raw.strip()
            if _BARS.match(plain):
                # After `cell |` each lone bar is an empty cell; after a bare `cell` the first only closes
                # it. Two and more bars are what is left of merged cells: they end a row.
                bars += 1
                if len(plain) == 1 and (content_had_bar or bars > 1):
                    self._blank_line_cell(line_start)
            elif not plain:
                # Where bars close the cells, a line of blanks only parts them.
                parts = content_had_bar or blanks_part
                if raw and bars == 0 and not parts and self._in_column_of_cells():
                    self._blank_line_cell(line_start)
            elif not _PAGE_LINE.match(plain) and not _RULE.match(plain):
                bars, content_had_bar = 0, plain.endswith(("|", "｜"))
                self.line += 1
                self._line(line_start, line_end)

    def _blank_line_cell(self, position: int) -> None:
        self.line += 1
        self.cell += 1
        self._add_blank(position)

    def _in_column_of_cells(self) -> bool:
        """Whether the last line was one short cell: then a line of blanks is an empty cell."""
        if not self.atoms:
            return False
        last = self.atoms[-1]
        alone = len(self.atoms) < 2 or self.atoms[-2].line != last.line
        return alone and len(last.text) <= _SHORT_CELL and not last.text.endswith(("。", "；", "：", ":"))

    def _line(self, start: int, end: int) -> None:
        raw = self.text[start:end]
        barred = _BAR.search(raw) is not None
        if not barred and "\t" not in raw:
            self.cell += 1
            self._chunk(start, end)
            return
        pieces = _pieces(raw, _BAR if barred else _TAB)
        if barred and len(pieces) > 1:
            if raw[: pieces[0][1]].strip():
                self.bar_opens = False
            elif self._opens(raw, len(pieces)):
                pieces = pieces[1:]
            self.width = len(pieces)
        for offset, length in pieces:
            self.cell += 1
            before = len(self.atoms)
            if length:
                self._chunk(start + offset, start + offset + length)
            if len(self.atoms) == before:
                self._add_blank(start + offset)

    def _opens(self, raw: str, count: int) -> bool:
        """Whether the bar at a line's start opens the row, or its first cell is empty.

        Rows before tell by how they begin, and by how many cells they have.
        """
        if count == 2:
            return True
        if not self.bar_opens and self.width in (count, count - 1):
            return self.width == count - 1
        self.bar_opens = self.bar_opens or raw.startswith(("|", "｜"))
        return self.bar_opens

    def _chunk(self, start: int, end: int) -> None:
        tokens = [(m.start(), _token(m.group(), self.spec)) for m in _TOKEN.finditer(self.text, start, end)]
        if len(tokens) == 2 and (value := self._with_unit(tokens, end)):
            self._add(tokens[0][0], tokens[1][0] + tokens[1][1].length, value)
            return
        note_until = start
        for first, token in tokens:
            if first < note_until or not token.length or (token.is_page and len(tokens) > 1):
                continue
            value = token.value
            if value and (value.digits or value.state is CellState.NOT_APPLICABLE or len(tokens) == 1):
                self._add(first, first + token.length, value)
                continue
            if not token.cuts:
                self._add(first, first + token.length, None)
                continue
            bounds = [first, *(first + cut for cut in token.cuts), first + token.length]
            for left, right in pairwise(bounds):
                piece = unicodedata.normalize("NFKC", self.text[left:right]).translate(_SIMPLIFIED)
                if left > first and token.is_figure_first and piece[0] in "([【":
                    # What a bracket says of the figure before it is no cell: 22（其中修订 16 件）
                    note_until = self._after_note(left, end)
                    break
                self._add(left, right, parse_cell(piece), glued=left > first)

    def _with_unit(self, tokens: Sequence[tuple[int, _Token]], end: int) -> Value | None:
        """The value of a cell that holds nothing but a figure, a blank and its unit."""
        (_, figure), (at, unit) = tokens
        if not (figure.value and figure.value.digits) or figure.value.unit or unit.value:
            return None
        words = unicodedata.normalize("NFKC", self.text[at:end].strip()).translate(_SIMPLIFIED)
        return replace(figure.value, unit=words) if UNIT.match(words) else None

    def _after_note(self, start: int, end: int) -> int:
        closing = _CLOSING.search(self.text, start, end)
        return closing.end() if closing else end

    def _add(self, start: int, end: int, value: Value | None, *, glued: bool = False) -> None:
        text, starts, ends = squeeze(self.document, start, end)
        if text:
            self.atoms.append(Atom(start, end, text, starts, ends, self.line, self.cell, value, glued))

    def _add_blank(self, position: int) -> None:
        blank = Value(CellState.EMPTY)
        self.atoms.append(Atom(position, position, "", (), (), self.line, self.cell, blank))


# Signs of figures and units in traditional script.
_SIMPLIFIED = str.maketrans("萬億條個項場戶", "万亿条个项场户")


class _Token(NamedTuple):
    """What stands between blanks: its length without a page number at its end, its value, where it is cut."""

    length: int
    is_page: bool
    is_figure_first: bool
    value: Value | None
    cuts: tuple[int, ...]


@lru_cache(maxsize=_MOST_KEPT)
def _token(raw: str, spec: FormSpec) -> _Token:
    page = _PAGE_GLUED.search(raw) if raw.endswith(_DASHES) else None
    length = page.start() if page else len(raw)
    text = unicodedata.normalize("NFKC", raw[:length]).translate(_SIMPLIFIED)
    value = parse_cell(text) if text else None
    figure = value is not None and bool(value.digits)
    cuts = [] if figure or len(text) != length else cutter(spec).cuts(text)
    return _Token(
        length if text else 0, bool(_PAGE_TOKEN.match(text)), text[:1].isdigit(), value, tuple(cuts)
    )


def squeeze(document: Document, start: int, end: int) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Normalised characters of `[start, end)` without blanks, and where each stands."""
    view = document.view
    first, last = view.local(start, end)
    words = view.text[first:last]
    # Nearly every token is plain.
    if _PLAIN.fullmatch(words):
        return words.translate(_HALF), view.starts[first:last], view.ends[first:last]
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index in range(first, last):
        for character in unicodedata.normalize("NFKC", view.text[index]):
            if not character.isspace():
                characters.append(character)
                starts.append(view.starts[index])
                ends.append(view.ends[index])
    return "".join(characters), tuple(starts), tuple(ends)


def _blanks_part(text: str) -> bool:
    """Whether a line of blanks follows nearly every short line: then it parts cells and is none itself."""
    lines = text.split("\n")
    followed = [after.isspace() for line, after in pairwise(lines) if 0 < len(line.strip()) <= _SHORT_CELL]
    return len(followed) >= _FEW_LINES and sum(followed) >= _NEARLY_ALL * len(followed)


def _line_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    while position < end:
        newline = text.find("\n", position, end)
        stop = end if newline < 0 else newline
        yield position, stop
        position = stop + 1


def _pieces(raw: str, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    """Offsets and lengths of a line's cells; the bars at its two ends open and close it."""
    cuts = [m.start() for m in separator.finditer(raw)]
    bounds = [-1, *cuts, len(raw)]
    pieces = [(left + 1, right - left - 1) for left, right in pairwise(bounds)]
    if len(pieces) > 1 and not raw[pieces[-1][0] :].strip():
        pieces = pieces[:-1]
    return pieces
