"""Reads the tables of published rules, decisions, fees and purchases (2019 and 2021)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, pairwise

from .figures import FormCell
from .lexer import Atom
from .runs import Figures, Hit, Labels, Segment, Words
from .spec import FormSpec, Row, bare
from .values import UNITS, parse_cell

_UNIT_IN_HEAD = re.compile(rf"[(（]?(?:单位[:：]?)?(?P<unit>{UNITS})[)）]")
_MOST_AFTER_LABEL = 30  # letters between a row's label and its figures
_MOST_BETWEEN = 220  # letters between two rows of one table
_HEAD_GAP = 30  # letters between two words of one head
_HEAD_REACH = 320  # letters before the first row that may hold the first head
_MONEY = frozenset({"amount", "purchase_amount"})
_UNSURE = 0.75


@dataclass(slots=True)
class _Head:
    """Column heads in force, and the unit that they state."""

    columns: list[str] = field(default_factory=list)
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class _Short:
    """A row that lost its middle cell."""

    row: Row
    column: str
    start: int


def read_proactive(parts: Sequence[Segment], spec: FormSpec) -> list[tuple[list[FormCell], tuple[int, int]]]:
    """The cells of every such table, each with the interval that the table takes up."""
    reader = _Reader(spec)
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        if isinstance(part, Words):
            reader.read(part, following if isinstance(following, Figures) else None)
    reader.close()
    return reader.tables


@cache
def _labels(spec: FormSpec) -> Labels:
    heads = [Row(f"head:{name}", words[0], words) for name, words in spec.proactive_columns.items()]
    anchors = [Row("anchor", anchor, (anchor,)) for anchor in spec.proactive_anchors]
    return Labels([*spec.proactive, *heads, *anchors], spec.likeness)


class _Reader:
    def __init__(self, spec: FormSpec) -> None:
        self.spec = spec
        self.labels = _labels(spec)
        self.tables: list[tuple[list[FormCell], tuple[int, int]]] = []
        self._clear()

    def _clear(self) -> None:
        self.head = _Head()
        self.start: int | None = None
        self.cells: list[FormCell] = []
        self.orphans: list[Atom] = []
        self.short: list[_Short] = []

    def read(self, words: Words, figures: Figures | None) -> None:
        """Take in words and the figures that follow them."""
        hits = self.labels.find(words)
        if self.start is not None and len(words.text) > _MOST_BETWEEN and not self._heads_start(hits, words):
            self.close()
        last_end: int | None = None
        for hit in hits:
            near = len(words.text) - hit.start <= _HEAD_REACH
            if hit.row.id == "anchor" and near:
                self.head = _Head()
                self._begin(words, hit, anew=last_end is None or hit.start - last_end > _HEAD_GAP)
            elif hit.row.id.startswith("head:") and near:
                self._begin(words, hit, anew=last_end is None or hit.start - last_end > _HEAD_GAP)
                self._add_column(words, hit)
            last_end = hit.end
        if figures is None or self.start is None:
            return
        last = hits[-1] if hits else None
        if last and last.row in self.spec.proactive and len(words.text) - last.end <= _MOST_AFTER_LABEL:
            self._row(words, last, figures)
        elif (unknown := self._unknown(words, figures)) is not None:
            self._emit(
                unknown,
                list(zip(self.head.columns, figures.atoms, strict=False)),
                words.atoms[-1].start,
                flagged=False,
            )
        else:
            self.orphans.extend(_alone(figures, words))

    def _unknown(self, words: Words, figures: Figures) -> Row | None:
        """A row that an agency added: words on the figures' line, and as many figures as heads."""
        last = words.atoms[-1]
        name = bare(last.text)
        added = figures.atoms[0].line == last.line and len(self.head.columns) == figures.count >= 2
        return (
            Row("", name, (name,)) if added and self.cells and 2 <= len(name) <= _MOST_AFTER_LABEL else None
        )

    def _heads_start(self, hits: Sequence[Hit], words: Words) -> bool:
        return any(h.row not in self.spec.proactive and h.start <= _MOST_BETWEEN for h in hits)

    def _begin(self, words: Words, hit: Hit, *, anew: bool) -> None:
        """Note where the table begins: prose before it may hold a head's words."""
        if self.start is None or (anew and not self.cells):
            self.start = words.span(hit.start, hit.end)[0]

    def _add_column(self, words: Words, hit: Hit) -> None:
        name = hit.row.id.removeprefix("head:")
        if name in self.head.columns:
            return
        self.head.columns.append(name)
        atom, at = words.origin(hit.end - 1)
        after = "".join(a.text for a in words.atoms[atom : atom + 3])[at + 1 :]
        if unit := _UNIT_IN_HEAD.match(after):
            self.head.unit = unit["unit"]

    def _row(self, words: Words, hit: Hit, figures: Figures) -> None:
        row, start = hit.row, words.span(hit.start, hit.end)[0]
        line = words.line(hit.end - 1)
        cells = [atom for atom in figures.atoms if atom.line == line] or list(figures.atoms)
        atoms = list(cells)
        while atoms and not atoms[-1].is_figure:
            atoms.pop()  # padding of merged cells
        if len(atoms) == 1 and (parts := _unglued(atoms[0], len(self.head.columns))):
            shape = self._shape(row, self.head.columns, len(parts))
            if shape is not None:
                self._emit(row, list(zip(shape, parts, strict=False)), start, flagged=True)
                return
        seen = [name for name in self.head.columns if any(name in shape for shape in self._shapes(row))]
        if tuple(seen) in self._shapes(row) and len(atoms) < len(seen) <= len(cells):
            atoms = cells[: len(seen)]  # the head tells that the last cells are empty, no padding
        shape = self._shape(row, seen, len(atoms))
        if shape is not None:
            columns = list(zip(shape, atoms, strict=False))
            unsure = not self._told(row, seen, shape, len(atoms)) or any(atom.glued for atom in atoms[1:])
            self._emit(row, columns, start, flagged=unsure and len(shape) > 1)
        elif (longest := self._shape(row, seen, 3)) and len(atoms) == 2:
            # The cell with a long note is the one that gets lost; what is in force is printed last.
            self._emit(row, [(longest[0], atoms[0]), (longest[2], atoms[1])], start, flagged=True)
            self.short.append(_Short(row, longest[1], start))

    def _shapes(self, row: Row) -> tuple[tuple[str, ...], ...]:
        return self.spec.proactive_shapes[row.id]

    def _shape(self, row: Row, seen: Sequence[str], count: int) -> tuple[str, ...] | None:
        """The columns of a row with so many cells; blanks at its end may be missing."""
        shapes = [
            shape for shape in self._shapes(row) if all(name in shape for name in seen)
        ] or self._shapes(row)
        exact = [shape for shape in shapes if len(shape) == count]
        if exact:
            return exact[0]
        glued = [shape for shape in shapes if len(shape) < count and tuple(seen) == shape]
        return glued[0] if glued else None  # a page number or the next table's figure follows

    def _told(self, row: Row, seen: Sequence[str], shape: Sequence[str], count: int) -> bool:
        """Whether the head is whole, or what is left of it fits this row alone, with all its cells."""
        fitting = [other for other in self._shapes(row) if all(name in other for name in seen)]
        return len(seen) == len(shape) or (bool(seen) and fitting == [shape] and len(shape) == count)

    def _emit(self, row: Row, columns: Sequence[tuple[str, Atom]], start: int, *, flagged: bool) -> None:
        for name, atom in columns:
            if atom.value is None or atom.number is None:
                continue
            metric_id = self.spec.proactive_metrics.get(row.id, {}).get(name)
            unit, flags = atom.value.unit, ["placement"] if flagged else []
            if unit is None and name in _MONEY:
                unit = self.head.unit or "万元"
                if self.head.unit is None and atom.number:
                    flags.append("unit")
            spoken = self.spec.proactive_columns[name][0]
            self.cells.append(
                FormCell(
                    metric=row.name if metric_id else f"{row.name} {spoken}",
                    metric_id=metric_id,
                    number=atom.number,
                    printed_unit=unit,
                    start=min(start, atom.start),
                    end=max(start, atom.end),
                    at=atom.start,
                    confidence=_UNSURE if flags else self.spec.confidence.plain,
                    flags=tuple(flags),
                )
            )

    def close(self) -> None:
        """Ends the table that is being read."""
        if self.short and len(self.orphans) == len(self.short):
            for short, atom in zip(self.short, self.orphans, strict=True):
                self._emit(short.row, [(short.column, atom)], atom.start, flagged=True)
        if self.cells and self.start is not None:
            start = min(self.start, *(cell.start for cell in self.cells))
            self.tables.append((self.cells, (start, max(cell.end for cell in self.cells))))
        self._clear()


def _alone(figures: Figures, words: Words) -> list[Atom]:
    """Figures that have a line to themselves."""
    lines = [atom.line for atom in figures.atoms]
    before = words.atoms[-1].line if words.atoms else -1
    return [a for a in figures.atoms if a.is_figure and lines.count(a.line) == 1 and a.line != before]


def _unglued(atom: Atom, width: int) -> list[Atom]:
    """A row's figures that ran together, where there is but one way to part them."""
    digits = atom.value.digits if atom.value else ""
    if width < 2 or len(digits) < width or not digits.isdigit() or atom.end - atom.start != len(digits):
        return []
    bounds = [(0, *inner, len(digits)) for inner in combinations(range(1, len(digits)), width - 1)]
    ways = [way for way in bounds if all(b - a == 1 or digits[a] != "0" for a, b in pairwise(way))]
    if len(ways) != 1:
        return []
    return [
        atom._replace(
            start=atom.start + a,
            end=atom.start + b,
            text=digits[a:b],
            value=parse_cell(digits[a:b]),
            starts=atom.starts[a:b],
            ends=atom.ends[a:b],
        )
        for a, b in pairwise(ways[0])
    ]
