"""Reads all forms of a document and tells which text they take up."""

from __future__ import annotations

from dataclasses import dataclass

from ...data.document import Document, Table
from ...data.numbers import parse_year
from ..types import Figure
from .application import read_application
from .courts import read_courts
from .figures import FormCell, to_figure
from .lexer import Lexer
from .others import read_others
from .proactive import read_proactive
from .runs import segments
from .spec import FormSpec, load_spec
from .statistical import read_statistical


@dataclass(frozen=True, slots=True)
class FormReading:
    """The forms' figures and the intervals `[start, end)` that the forms take up, in text order."""

    figures: tuple[Figure, ...]
    intervals: tuple[tuple[int, int], ...]


_Tables = list[tuple[list[FormCell], tuple[int, int]]]


def read_forms(document: Document) -> list[Figure]:
    """Every figure of the document's forms, in the order of the text."""
    return list(read_forms_and_intervals(document).figures)


def form_intervals(document: Document) -> list[tuple[int, int]]:
    """The intervals of the text that the forms take up, merged, in order."""
    return list(read_forms_and_intervals(document).intervals)


def read_forms_and_intervals(document: Document) -> FormReading:
    """Figures and intervals at once, for callers that need both."""
    spec = load_spec()
    found = _read(document, document.source.tables, spec)
    if document.source.tables:
        found = _better(found, _read(document, (), spec))
    taken = [interval for _, interval in found]
    found.extend(read_others(document, taken, spec, _report_year(document)))
    sections = [_section(document, start) for _, (start, _) in found]
    figures = [
        (cell.at, to_figure(cell, section, spec))
        for (cells, _), section in zip(found, sections, strict=True)
        for cell in cells
    ]
    figures.sort(key=lambda item: item[0])
    return FormReading(tuple(figure for _, figure in figures), _merge([interval for _, interval in found]))


def _read(document: Document, tables: tuple[Table, ...], spec: FormSpec) -> _Tables:
    atoms = Lexer(document, tables, spec).run()
    parts = segments(atoms)
    found = [*read_application(parts, spec), *read_courts(parts, spec), *read_proactive(parts, spec)]
    taken = [interval for cells, interval in found if cells]
    left = [atom for atom in atoms if not any(start <= atom.start < end for start, end in taken)]
    found.extend(read_statistical(left, spec, _report_year(document)))
    return [(cells, interval) for cells, interval in found if cells]


def _report_year(document: Document) -> int | None:
    if document.title:
        start, end = document.title
        return parse_year(document.text[start:end])
    return None


def _better(stated: _Tables, plain: _Tables) -> _Tables:
    """Tables as the format states them; where reading the lines alone finds more sound cells, those."""
    kept = list(stated)
    for cells, interval in plain:
        rivals = [t for t in kept if t[1][0] < interval[1] and interval[0] < t[1][1]]
        if sum(c.confidence for c in cells) > 1.05 * sum(c.confidence for t in rivals for c in t[0]):
            kept = [t for t in kept if t not in rivals]
            kept.append((cells, interval))
    return kept


def _section(document: Document, table_start: int) -> str | None:
    """The heading that a table stands under: the innermost section in which the table begins."""
    heading = None
    for section in document.sections:
        if section.start <= table_start < section.end:
            heading = section.heading
    return heading


def _merge(intervals: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
