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
    headings, cuts = _read_lines(view, kept, title)
    sections = nest(headings, view, body[1])
    extra = [(*title, True)] if title else []
    extra += [(*issuer, False) for issuer in find_issuers(view.text)]
    cuts = _with(cuts, extra)
    heading_starts = [h.start for h in headings]
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


def _read_lines(
    view: View, lines: list[PageLine], title: tuple[int, int] | None
) -> tuple[list[Heading], list[_Cut]]:
    """Headings of the body, and its sentences as view intervals with whether each is a heading."""
    headings: list[Heading] = []
    cuts: list[_Cut] = []
    for line in lines:
        if line.in_table or line.furniture:
            continue
        start = line.start
        if title and start <= title[0] < line.end:
            # A page may put words before the title on its line, and the whole report behind it.
            cuts.extend((*cut, False) for cut in split_sentences(view.text, start, title[0]))
            cuts.append((*title, True))
            cuts.extend((*cut, False) for cut in split_sentences(view.text, title[1], line.end))
            continue
        heading = find_heading(view, start, line.end)
        while heading:
            headings.append(heading)
            cuts.append((heading.start, heading.rest, True))
            start = heading.rest
            # One-paragraph pages go straight from heading to heading.
            heading = find_glued_heading(view, start, line.end)
        for cut in split_sentences(view.text, start, line.end):
            glued = find_glued_heading(view, *cut) if cut[0] > line.start else None
            if glued:
                headings.append(glued)
                cuts.append((glued.start, glued.end, True))
                cuts.append((glued.end, cut[1], False))
            elif not is_spam(view.text[slice(*cut)]):
                cuts.append((*cut, False))
    return headings, cuts


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
