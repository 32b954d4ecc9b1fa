"""Turns a reader's text into a Document: view, body, title, sections, tables, sentences."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from .cleaning import normalise
from .document import Cell, Document, Sentence, Source, Table, View
from .furniture import is_spam
from .layout import PageLine, body_lines, page_lines
from .reportness import require_report
from .sections import Heading, find_glued_heading, find_heading, nest
from .sentences import split_sentences
from .texttables import find_tables
from .title import find_issuers, find_title

__all__ = ["build_document", "document_from_text", "require_report"]


_LONGEST_TAIL = 12  # what a page may put behind a title: `.docx`, a site's name

_Cut = tuple[int, int, bool]  # view interval of a sentence, and whether it is a heading


def document_from_text(doc_id: str, text: str) -> Document:
    """The Document of a plain text."""
    return build_document(Source(doc_id=doc_id, text=text, format="txt"))


def build_document(source: Source) -> Document:
    """The Document of what a reader handed over, in time linear in its length.

    Never fails on any text; whether it is a report at all is for `require_report` to say.
    """
    view = normalise(source.text)
    tables = _all_tables(source, view)
    lines = page_lines(view, tables)
    title = find_title([(line.start, line.end) for line in lines], view.text, source.title)
    first, last = body_lines(lines, title[0] if title else None)
    kept = lines[first:last]
    body = (_start(view, kept[0].start), _end(view, kept[-1].end)) if kept else (0, 0)
    cutter = _Cutter(view)
    for line in kept:
        if not line.in_table and not line.furniture:
            cutter.read(line, title)
    sections = nest(cutter.headings, view, body[1])
    extra = [(*title, True)] if title else []
    extra += [(*issuer, False) for issuer in find_issuers(view.text)]
    cuts = _with(cutter.cuts, extra)
    heading_starts = [h.start for h in cutter.headings]
    section_starts = [s.start for s in sections]
    return Document(
        doc_id=source.doc_id,
        text=source.text,
        view=view,
        body=body,
        title=view.span(*title) if title else None,
        sections=sections,
        sentences=tuple(_sentence(view, *cut, _section(heading_starts, cut[0])) for cut in cuts),
        tables=tuple(replace(t, section=_section(section_starts, t.start)) for t in tables),
        source=source,
    )


def _with(cuts: list[_Cut], extra: list[_Cut]) -> list[_Cut]:
    """The cuts with those of the extra ones that overlap none, in order."""
    starts = [cut[0] for cut in cuts]
    added: list[_Cut] = []
    for cut in extra:
        at = bisect_right(starts, cut[0])
        if (at == 0 or cuts[at - 1][1] <= cut[0]) and (at == len(cuts) or cut[1] <= cuts[at][0]):
            added.append(cut)
    return sorted(cuts + added)


def _start(view: View, at: int) -> int:
    return view.starts[at]


def _end(view: View, at: int) -> int:
    return view.ends[at - 1]


class _Cutter:
    """Collects the headings of the body and its sentences, as view intervals."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.headings: list[Heading] = []
        self.cuts: list[_Cut] = []

    def read(self, line: PageLine, title: tuple[int, int] | None) -> None:
        """Take one line of the body."""
        if title and line.start <= title[0] < line.end:
            # A page may put words before the title on its line, and the whole report behind it.
            self._text(line.start, title[0])
            self.cuts.append((*title, True))
            if line.end - title[1] > _LONGEST_TAIL:
                self._text(title[1], line.end)
            return
        heading = find_heading(self.view, line.start, line.end)
        start = line.start
        while heading:
            start = self._heading(heading)
            # One-paragraph pages go straight from heading to heading.
            heading = find_glued_heading(self.view, start, line.end)
        self._sentences(start, line.end)

    def _text(self, start: int, end: int) -> None:
        heading = find_glued_heading(self.view, start, end)
        self._sentences(self._heading(heading) if heading else start, end)

    def _heading(self, heading: Heading) -> int:
        self.headings.append(heading)
        self.cuts.append((heading.start, heading.rest, True))
        return heading.rest

    def _sentences(self, start: int, end: int) -> None:
        for first, last in split_sentences(self.view.text, start, end):
            glued = find_glued_heading(self.view, first, last) if first > start else None
            after = self._heading(glued) if glued else first
            if after < last and not is_spam(self.view.text[after:last]):
                self.cuts.append((after, last, False))


def _sentence(view: View, start: int, end: int, is_heading: bool, section: int | None) -> Sentence:
    part = view.slice(start, end)
    return Sentence(part.starts[0], part.ends[-1], part, section, is_heading)


def _section(starts: list[int], at: int) -> int | None:
    found = bisect_right(starts, at) - 1
    return found if found >= 0 else None


def _all_tables(source: Source, view: View) -> tuple[Table, ...]:
    """The tables that the format states and those that the text shows, their cells normalised."""
    found = sorted((*source.tables, *find_tables(source.text, source.tables)), key=lambda t: t.start)
    return tuple(
        replace(t, rows=tuple(tuple(_normal(c, view) for c in row) for row in t.rows)) for t in found
    )


def _normal(cell: Cell, view: View) -> Cell:
    if cell.start == cell.end:
        return cell
    first, last = view.local(cell.start, cell.end)
    return replace(cell, text=view.text[first:last].replace("\n", "").strip())
