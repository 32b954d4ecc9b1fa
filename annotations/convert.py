"""Annotated reports to tagging examples: one a sentence, spans in its view, and BIO tags both ways.

Nothing is lost silently: marks that no sentence can hold (cells of tables, mostly) are listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..data.build import build_document
from ..data.document import Document, Source
from ..data.errors import AnnotationError
from .markup import LABELS, Mark, Report, parse

OUTSIDE = "O"
TAGS = (OUTSIDE, *(f"{edge}-{label}" for label in LABELS.values() for edge in "BI"))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled half-open interval `[start, end)` of a sentence's view characters."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence as a tagger reads it, with its spans in order."""

    report: str
    number: int  # index into Document.sentences
    text: str
    spans: tuple[Span, ...]
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A mark that no sentence holds whole, and why."""

    report: str
    mark: Mark
    words: str
    reason: str  # "table", "outside" or "split"


@dataclass(frozen=True, slots=True)
class Annotated:
    """A report of the corpus with its id (the file's name without suffix) and its file."""

    report_id: str
    report: Report
    path: Path

    @property
    def meta(self) -> dict[str, Any]:
        """The front matter."""
        return self.report.meta


@dataclass(frozen=True, slots=True)
class Converted:
    """All sentences of a report, and the marks that none of them holds."""

    examples: tuple[Example, ...]
    lost: tuple[Lost, ...]


def load_corpus(folder: Path) -> list[Annotated]:
    """Every report of a folder (`*.txt`), in the order of their ids.

    Raises:
        AnnotationError: the folder holds no report, or a report breaks the markup.
    """
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise AnnotationError(
            "holds no report (*.txt)", file=str(folder), advice="name the folder of reports"
        )
    return [Annotated(p.stem, parse(p.read_text(encoding="utf-8"), file=str(p)), p) for p in paths]


def convert(report: Report, report_id: str) -> Converted:
    """Sentences with their spans; marks in tables, outside of all sentences or cut by one are listed."""
    document = build_document(Source(doc_id=report_id, text=report.text, format="txt"))
    spans: list[list[Span]] = [[] for _ in document.sentences]
    lost: list[Lost] = []
    marks = list(report.marks)
    taken: set[int] = set()
    for index, sentence in enumerate(document.sentences):
        for number, mark in enumerate(marks):
            if mark.start < sentence.start or mark.end > sentence.end or number in taken:
                continue
            start, end = sentence.view.local(mark.start, mark.end)
            if start < end:
                spans[index].append(Span(start, end, mark.label))
                taken.add(number)
    for number, mark in enumerate(marks):
        if number not in taken:
            lost.append(Lost(report_id, mark, report.text[mark.start : mark.end], _reason(document, mark)))
    examples = tuple(
        Example(report_id, index, sentence.view.text, tuple(sorted(spans[index])), sentence.is_heading)
        for index, sentence in enumerate(document.sentences)
    )
    return Converted(examples, tuple(lost))


def _reason(document: Document, mark: Mark) -> str:
    if any(t.start <= mark.start and mark.end <= t.end for t in document.tables):
        return "table"
    if any(s.start < mark.end and mark.start < s.end for s in document.sentences):
        return "split"
    return "outside"


def to_bio(length: int, spans: Iterable[Span]) -> list[str]:
    """IOB2 tags of a text of `length` characters.

    Raises:
        ValueError: spans overlap or leave the text.
    """
    tags = [OUTSIDE] * length
    for span in spans:
        if not 0 <= span.start < span.end <= length or any(t != OUTSIDE for t in tags[span.start : span.end]):
            raise ValueError(f"{span} overlaps another or leaves a text of {length} characters")
        tags[span.start] = f"B-{span.label}"
        tags[span.start + 1 : span.end] = [f"I-{span.label}"] * (span.end - span.start - 1)
    return tags


def from_bio(tags: Sequence[str]) -> list[Span]:
    """Spans of IOB2 tags, strictly: an I that no B or I of its label precedes is read as outside."""
    spans: list[Span] = []
    start, label = 0, ""
    for index, tag in enumerate((*tags, OUTSIDE)):
        if label and tag != f"I-{label}":
            spans.append(Span(start, index, label))
            label = ""
        if tag.startswith("B-"):
            start, label = index, tag[2:]
    return spans
