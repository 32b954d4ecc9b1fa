"""What a report is once it has been read: text, view, sections, sentences and tables.

Every `start`/`end` is a half-open interval in characters of `Document.text`, the decoded
text; nobody writes it any other way. Taggers read normalised characters through a `View`,
which leads back to those offsets.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class View:
    """Normalised characters with the way back to the document's text.

    `text[i]` stands for `document.text[starts[i]:ends[i]]`. Characters that normalisation
    dropped (odd blanks, bracketed pinyin, wrapped line ends) belong to no view character.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __post_init__(self) -> None:
        if not len(self.text) == len(self.starts) == len(self.ends):
            raise ValueError("a view needs one start and one end for each character")

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Document offsets of view characters `[start, end)`; the interval must not be empty."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"[{start}, {end}) is no interval of a view of {len(self.text)} characters")
        return self.starts[start], self.ends[end - 1]

    def local(self, start: int, end: int) -> tuple[int, int]:
        """View interval of the characters that lie wholly in document offsets `[start, end)`."""
        first = bisect_left(self.starts, start)
        last = bisect_right(self.ends, end)
        return first, max(first, last)

    def slice(self, start: int, end: int) -> View:
        """The view of view characters `[start, end)`."""
        return View(self.text[start:end], self.starts[start:end], self.ends[start:end])


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading of its level or above.

    `heading` is the heading as a person would say it (normalised, numbering kept);
    `level` counts from 1 (`一、`) down; `parent` is an index into `Document.sections`.
    """

    start: int
    end: int
    heading: str
    level: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a tagger reads at once: up to `。！？` or the end of a line that is no soft wrap."""

    start: int
    end: int
    view: View
    section: int | None  # index into Document.sections
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; `start == end` for an empty one. `text` is normalised."""

    start: int
    end: int
    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as the page has them, merged cells given once with their spans."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]
    section: int | None = None


@dataclass(frozen=True, slots=True)
class PageBox:
    """Where characters `[start, end)` stand on a page: 1-based page, box in points from top left."""

    start: int
    end: int
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader hands over: decoded text and what the format itself knows of its layout.

    Tables that the format states (HTML, docx, a PDF's rulings) come in `tables`; those that
    only the text shows (pipes, one cell a line) are found later.
    """

    doc_id: str
    text: str
    format: str
    path: str | None = None
    title: str | None = None
    tables: tuple[Table, ...] = ()
    pages: tuple[PageBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A report, read. `body` is the interval that is the report as against page furniture."""

    doc_id: str
    text: str
    view: View
    body: tuple[int, int]
    title: tuple[int, int] | None
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    tables: tuple[Table, ...]
    source: Source = field(repr=False)
