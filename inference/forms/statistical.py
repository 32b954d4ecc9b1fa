"""Reads the statistical form of 2014 and its local forerunners: a label, a unit, a figure a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .figures import FormCell
from .lexer import Atom
from .matcher import StatisticalMatcher
from .spec import FormSpec, bare
from .values import UNIT, UNITS

_FAR = 40  # lines without a known row that end a form
_LEAST_ROWS = 4
_UNIT_IN_LABEL = re.compile(rf"[(（](?:单位[:：]?)?(?P<unit>{UNITS})[)）]")
_GROUP = re.compile(r"^[一二三四五六七八九十]{1,2}[、.．,，]")
_LONGEST_LABEL = 48
_YEAR_HEAD = re.compile(r"^(20\d\d)年?度?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as read: its label's cells, its unit, its figures and blanks."""

    words: tuple[Atom, ...]
    unit: Atom | None
    values: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of figures is: `value`, `cumulative`, `last_year`, `change`, `serial` or `year:2015`."""

    kind: str


def read_statistical(atoms: Sequence[Atom], spec: FormSpec) -> list[tuple[list[FormCell], tuple[int, int]]]:
    """The cells of every statistical form, each with the interval that the form takes up."""
    matcher = StatisticalMatcher(spec)
    forms: list[tuple[list[FormCell], tuple[int, int]]] = []
    for first, last in _regions(atoms, matcher):
        region = atoms[first:last]
        entries = _entries(region, matcher)
        cells = _cells(entries, _columns(region, entries, spec), matcher, spec)
        if (
            len(cells) >= _LEAST_ROWS
            and sum(cell.metric_id is not None for cell in cells) >= _LEAST_ROWS // 2
        ):
            forms.append((cells, (_head_start(atoms, first, spec), max(cell.end for cell in cells))))
    return forms


def _regions(atoms: Sequence[Atom], matcher: StatisticalMatcher) -> list[tuple[int, int]]:
    """Stretches in which known rows with figures follow each other closely."""
    rows: list[tuple[int, int]] = []  # (first atom of the label, last atom of the values)
    index = 0
    while index < len(atoms):
        length = matcher.known_length(atoms, index)
        if length and (end := _values_end(atoms, index + length)) is not None:
            rows.append((index, end))
            index = end
        else:
            index += max(1, length)
    regions: list[list[tuple[int, int]]] = []
    for row in rows:
        if regions and atoms[row[0]].line - atoms[regions[-1][-1][1] - 1].line <= _FAR:
            regions[-1].append(row)
        else:
            regions.append([row])
    return [(group[0][0], group[-1][1]) for group in regions if len(group) >= _LEAST_ROWS]


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


def _entries(region: Sequence[Atom], matcher: StatisticalMatcher) -> list[Entry]:
    """Rows in order: words, then an optional unit, then figures."""
    entries: list[Entry] = []
    words: list[Atom] = []
    index = 0
    while index < len(region):
        atom = region[index]
        if not atom.is_words:
            index += 1  # a serial number or a stray figure before the first label
            continue
        if words and _is_unit(region, index):
            unit: Atom | None = atom
            index += 1
        else:
            unit = None
            if atom.is_words:
                words.append(atom)
                index += 1
                if index < len(region) and region[index].is_words:
                    continue
        values: list[Atom] = []
        while index < len(region) and not region[index].is_words:
            values.append(region[index])
            index += 1
        if values and words:
            entries.append(Entry(tuple(words), unit, tuple(values)))
            words = []
    return entries


def _is_unit(region: Sequence[Atom], index: int) -> bool:
    if not UNIT.match(region[index].text):
        return False
    return (
        index + 1 >= len(region)
        or not region[index + 1].is_words
        or region[index + 1].line != region[index].line
    )


def _head_start(atoms: Sequence[Atom], first: int, spec: FormSpec) -> int:
    """Where the form's head begins: the nearest head words within a dozen lines before its first row."""
    start = atoms[first].start
    for atom in reversed(atoms[max(0, first - 30) : first]):
        if atoms[first].line - atom.line > 14:
            break
        if any(head in bare(atom.text) for head in spec.statistical_heads):
            start = atom.start
    return start


def _columns(region: Sequence[Atom], entries: Sequence[Entry], spec: FormSpec) -> list[Column]:
    """What the figures of a row are, by position; serial numbers are told by their counting up."""
    widths = Counter(len(entry.values) for entry in entries)
    width = widths.most_common(1)[0][0] if widths else 1
    full = [entry for entry in entries if len(entry.values) == width]
    columns = [Column("value") for _ in range(width)]
    for at in range(width):
        numbers = [
            e.values[at].value.number for e in full if (v := e.values[at].value) and v.number is not None
        ]
        steps = [b - a for a, b in zip(numbers, numbers[1:], strict=False) if a is not None and b is not None]
        if width > 1 and len(steps) >= 3 and sum(step == 1 for step in steps) >= 0.8 * len(steps):
            columns[at] = Column("serial")
    return columns


def _cells(
    entries: Sequence[Entry], columns: Sequence[Column], matcher: StatisticalMatcher, spec: FormSpec
) -> list[FormCell]:
    cells: list[FormCell] = []
    level = spec.confidence
    matcher.restart()
    for entry in entries:
        match = matcher.match(entry.words)
        if match is None:
            continue
        unit = entry.unit.text if entry.unit else None
        if unit is None and (stated := _UNIT_IN_LABEL.search("".join(a.text for a in entry.words))):
            unit = stated["unit"]
        values = list(entry.values)
        if len(values) == len(columns):
            values = [v for v, column in zip(values, columns, strict=True) if column.kind != "serial"]
        elif "serial" in {column.kind for column in columns}:
            values = values[:1]
        figures = [value for value in values if value.is_figure]
        if not figures or not values[0].is_figure:
            continue
        atom = figures[0]
        assert atom.value is not None and atom.value.number is not None
        confidence = level.plain if match.metric_id else level.unmatched
        if match.likeness < 1:
            confidence = min(confidence, level.likened)
        cells.append(
            FormCell(
                metric=match.name,
                metric_id=match.metric_id,
                number=atom.value.number,
                printed_unit=atom.value.unit or unit,
                start=match.start,
                end=atom.end,
                at=atom.start,
                confidence=confidence,
            )
        )
    return _with_sums(cells, spec)


def _with_sums(cells: list[FormCell], spec: FormSpec) -> list[FormCell]:
    """Cells of the plain confidence rise to checked where most parts of the form are there."""
    known = sum(cell.metric_id is not None for cell in cells)
    if known < 20:
        return cells
    return [
        replace(cell, confidence=spec.confidence.checked)
        if cell.confidence == spec.confidence.plain
        else cell
        for cell in cells
    ]
