"""Reads the statistical form of 2014 and its local forerunners: a label, a unit, a figure a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from .columns import Column, ColumnKind, find_columns
from .figures import FormCell
from .lexer import Atom
from .matcher import Match, StatisticalMatcher
from .spec import FormSpec, bare
from .values import UNIT, UNITS

_FAR = 40  # lines without a known row that end a form
_LEAST_ROWS = 4
_LONGEST_LABEL = 40  # characters of an unknown row's label
_LONGEST_LABEL_ATOMS = 5
_UNIT_IN_LABEL = re.compile(rf"[(（](?:单位[:：]?)?(?P<unit>{UNITS})[)）]")
_FORM_ROWS = 20  # known rows that make a form whole enough to trust
_LONGEST_HEAD = 60  # characters of a cell in a form's head
_GROUP_REACH = 12  # atoms before the first row that may name its group


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as read: its label's cells, its unit, its figures and blanks."""

    words: tuple[Atom, ...]
    unit: Atom | None
    values: tuple[Atom, ...]


def read_statistical(
    atoms: Sequence[Atom], spec: FormSpec, report_year: int | None
) -> list[tuple[list[FormCell], tuple[int, int]]]:
    """The cells of every statistical form, each with the interval that the form takes up."""
    forms: list[tuple[list[FormCell], tuple[int, int]]] = []
    if sum(not atom.is_words for atom in atoms) < _LEAST_ROWS:
        return forms
    matcher = StatisticalMatcher(spec)
    for first, last in _regions(atoms, matcher):
        entries = _entries(atoms[first:last])
        start = _head_start(atoms, first, spec)
        head = [a for a in atoms[:first] if a.start >= start and a.is_words]
        head = list(takewhile(lambda atom: not matcher.names_row_or_group(atom), head))
        columns = _filled(find_columns(head, [entry.values for entry in entries], spec), entries)
        matcher.restart([a for a in atoms[max(0, first - _GROUP_REACH) : first] if a.is_words])
        cells = [cell for entry in entries for cell in _cells(entry, columns, matcher, spec, report_year)]
        if sum(cell.metric_id is not None for cell in cells) >= _LEAST_ROWS:
            cells = _with_context(cells, spec)
            forms.append((cells, (min(start, cells[0].start), max(cell.end for cell in cells))))
    return forms


def _filled(columns: tuple[Column, ...], entries: Sequence[Entry]) -> tuple[Column, ...]:
    """The columns without those at the end in which no row has a figure."""
    used = max((at + 1 for entry in entries for at, v in enumerate(entry.values) if v.is_figure), default=0)
    return columns[:used]


def _regions(atoms: Sequence[Atom], matcher: StatisticalMatcher) -> list[tuple[int, int]]:
    """Stretches in which known rows with figures follow each other closely."""
    regions: list[list[tuple[int, int]]] = []  # rows: first atom of the label, end of the figures
    index = 0
    while index < len(atoms):
        length = matcher.known_length(atoms, index)
        end = _values_end(atoms, index + length) if length else None
        if end is None:
            index += max(1, length)
            continue
        if regions and atoms[index].line - atoms[regions[-1][-1][1] - 1].line <= _FAR:
            regions[-1].append((index, end))
        else:
            regions.append([(index, end)])
        index = end
    return [
        (_extend_back(atoms, group[0][0]), _extend(atoms, group[-1][1]))
        for group in regions
        if len(group) >= _LEAST_ROWS
    ]


def _extend(atoms: Sequence[Atom], end: int) -> int:
    """The end of the rows from `end` on that have words, a unit and figures like a form's, though unknown."""
    while (following := _unknown_row(atoms, end)) is not None:
        end = following
    return end


def _unknown_row(atoms: Sequence[Atom], first: int) -> int | None:
    letters = 0
    for index in range(first, min(len(atoms), first + _LONGEST_LABEL_ATOMS)):
        if not atoms[index].is_words:
            return None
        if index > first and UNIT.match(atoms[index].text):
            return _values_end(atoms, index)
        letters += len(atoms[index].text)
        if letters > _LONGEST_LABEL:
            return None
    return None


def _extend_back(atoms: Sequence[Atom], first: int) -> int:
    """Where the unknown rows begin that stand right before `first`."""
    while (label := _unknown_row_before(atoms, first)) is not None:
        first = label
    return first


def _unknown_row_before(atoms: Sequence[Atom], first: int) -> int | None:
    end = first
    while end and atoms[end - 1].is_words and first - end <= 3:
        end -= 1  # the heading of a group
    index = end
    while index and not atoms[index - 1].is_words and end - index < 8:
        index -= 1
    if (
        index in (0, end)
        or not UNIT.match(atoms[index - 1].text)
        or atoms[end - 1].line < atoms[first].line - 4
    ):
        return None
    label = index - 2
    known = label >= 0 and atoms[label].is_words and len(atoms[label].text) <= _LONGEST_LABEL
    return label if known else None


def _values_end(atoms: Sequence[Atom], index: int) -> int | None:
    """The end of a row's unit and figures that begin at `index`; None if none follow."""
    while index < len(atoms) and atoms[index].is_words and _is_note(atoms[index].text):
        index += 1
    if index < len(atoms) and UNIT.match(atoms[index].text) and atoms[index].is_words:
        index += 1
    end = index
    while end < len(atoms) and not atoms[end].is_words and end - index < 8:
        end += 1
    return end if end > index else None


def _is_note(text: str) -> bool:
    return text.startswith(("(", "（", "[", "【")) or text.endswith((")", "）"))


def _entries(region: Sequence[Atom]) -> list[Entry]:
    """Rows in order: words, then an optional unit, then figures."""
    entries: list[Entry] = []
    words: list[Atom] = []
    index = 0
    while index < len(region):
        if not region[index].is_words:
            index += 1  # a serial number before the first label
            continue
        unit: Atom | None = None
        if words and _is_unit(region, index):
            unit = region[index]
        else:
            words.append(region[index])
        index += 1
        first = index
        while index < len(region) and not region[index].is_words:
            index += 1
        values = _own(region, first, index, words[-1].line)
        if values:
            entries.append(Entry(tuple(words), unit, values))
        if values or unit:
            words = []
    return entries


def _own(region: Sequence[Atom], first: int, last: int, line: int) -> tuple[Atom, ...]:
    """Figures `[first, last)` without those that stand before the next label on its line: serial numbers."""
    values = list(region[first:last])
    if last < len(region) and values and values[0].line == line:
        values = [v for v in values if v.line == line or v.line != region[last].line]
    return tuple(values)


def _is_unit(region: Sequence[Atom], index: int) -> bool:
    if not UNIT.match(region[index].text):
        return False
    return (
        index + 1 >= len(region)
        or not region[index + 1].is_words
        or region[index + 1].line != region[index].line
    )


def _head_start(atoms: Sequence[Atom], first: int, spec: FormSpec) -> int:
    """Where the form's head begins: the head words within a dozen lines before its first row."""
    start = atoms[first].start
    for atom in reversed(atoms[max(0, first - 30) : first]):
        if atoms[first].line - atom.line > 14 or "。" in atom.text or len(atom.text) > _LONGEST_HEAD:
            break  # running text, which may speak of figures in a head's words
        text = bare(atom.text)
        if any(head in text if len(head) > 3 else head == text for head in spec.statistical_heads):
            start = atom.start
    return start


def _cells(
    entry: Entry,
    columns: Sequence[Column],
    matcher: StatisticalMatcher,
    spec: FormSpec,
    report_year: int | None,
) -> list[FormCell]:
    """The cells of a row, one for each column of figures."""
    match = matcher.match(entry.words)
    if match is None:
        return []
    values = entry.values
    while len(values) > len(columns) and not values[-1].is_figure:
        values = values[:-1]  # padding of merged cells
    if len(values) == len(columns):
        placed = [(v, c) for v, c in zip(values, columns, strict=True) if c.kind is not ColumnKind.SERIAL]
        sure = True
    else:
        named = [column for column in columns if column.kind is not ColumnKind.SERIAL]
        placed = list(zip(values, named, strict=False))
        sure = len(named) <= 1 or len(placed) == len(named)
    unit = entry.unit.text if entry.unit else None
    if unit is None and (stated := _UNIT_IN_LABEL.search("".join(a.text for a in entry.words))):
        unit = stated["unit"]
    return [
        _cell(atom, column, match, unit=unit, sure=sure, spec=spec, report_year=report_year)
        for atom, column in placed
        if atom.is_figure
    ]


def _cell(
    atom: Atom,
    column: Column,
    match: Match,
    *,
    unit: str | None,
    sure: bool,
    spec: FormSpec,
    report_year: int | None,
) -> FormCell:
    level, metric_id, year, flags = spec.confidence, match.metric_id, column.year, list[str]()
    if column.kind is ColumnKind.LAST_YEAR and report_year:
        year = report_year - 1
    elif column.kind is not ColumnKind.VALUE:
        metric_id = None
        flags.append(column.kind.value)
    confidence = level.plain if metric_id else level.unmatched
    if match.likeness < 1:
        confidence = min(confidence, level.likened)
        flags.append("label")
    if not sure:
        confidence = level.guessed
        flags.append("placement")
    printed = atom.value.unit if atom.value else None
    return FormCell(
        metric=match.name,
        metric_id=metric_id,
        number=atom.number or 0,
        printed_unit=printed or unit,
        start=match.start,
        end=atom.end,
        at=atom.start,
        confidence=confidence,
        flags=tuple(flags),
        year=year,
        section=match.section,
    )


def _with_context(cells: list[FormCell], spec: FormSpec) -> list[FormCell]:
    """Cells of the plain confidence rise to checked where most of the form is there."""
    if sum(cell.metric_id is not None for cell in cells) < _FORM_ROWS:
        return cells
    level = spec.confidence
    return [
        cell._replace(confidence=level.checked) if cell.confidence == level.plain else cell for cell in cells
    ]
