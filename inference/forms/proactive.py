"""Reads the tables of published rules, decisions, fees and purchases (2019 and 2021)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .figures import FormCell
from .lexer import Atom
from .runs import Figures, Hit, Labels, Segment, Words
from .spec import FormSpec, Row
from .values import UNITS

_UNIT_IN_HEAD = re.compile(rf"[(（](?:单位[:：]?)?(?P<unit>{UNITS})[)）]")
_HEAD_REACH = 80  # letters of words before a row that may hold its head
_MOST_BETWEEN = 220  # letters between two rows of one table


@dataclass(slots=True)
class _Head:
    """Column heads in force, each with where it begins and the unit it states."""

    columns: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    unit: str | None = None
    last_line: int = -1


def read_proactive(parts: Sequence[Segment], spec: FormSpec) -> list[tuple[list[FormCell], tuple[int, int]]]:
    """The cells of every such table, each with the interval that the table takes up."""
    reader = _Reader(spec)
    for index, part in enumerate(parts):
        following = parts[index + 1] if index + 1 < len(parts) else None
        if isinstance(part, Words):
            reader.words(part, following if isinstance(following, Figures) else None)
    reader.close()
    return reader.tables


class _Reader:
    def __init__(self, spec: FormSpec) -> None:
        self.spec = spec
        heads = [Row(f"head:{name}", words[0], words) for name, words in spec.proactive_columns.items()]
        anchors = [Row("anchor", anchor, (anchor,)) for anchor in spec.proactive_anchors]
        self.labels = Labels([*spec.proactive, *heads, *anchors], spec.likeness)
        self.head = _Head()
        self.start: int | None = None
        self.cells: list[FormCell] = []
        self.orphans: list[Atom] = []
        self.short: list[tuple[int, Row, Figures, int]] = []
        self.tables: list[tuple[list[FormCell], tuple[int, int]]] = []

    def words(self, words: Words, figures: Figures | None) -> None:
        hits = self.labels.find(words)
        anchors = [h for h in hits if h.row.id == "anchor" or h.row.id.startswith("head:")]
        tail = len(words.text) - (hits[-1].end if hits else 0)
        if self.start is not None and not anchors and len(words.text) > _MOST_BETWEEN:
            self.close()
        for hit in hits:
            if hit.row.id == "anchor":
                self.head = _Head()
                if self.start is None and self._cell_like(words, hit):
                    self.start = words.span(hit.start, hit.end)[0]
            elif hit.row.id.startswith("head:"):
                self._column(words, hit)
        rows = [hit for hit in hits if hit.row in self.spec.proactive]
        if figures is None or self.start is None:
            return
        if rows and rows[-1] is hits[-1] and tail <= 30:
            self._row(words, rows[-1], figures)
        elif not rows or rows[-1] is not hits[-1]:
            self.orphans.extend(a for a in figures.atoms if a.is_figure)

    def _cell_like(self, words: Words, hit: Hit) -> bool:
        return len(words.text) - hit.start <= 4 * _HEAD_REACH

    def _column(self, words: Words, hit: Hit) -> None:
        name = hit.row.id.removeprefix("head:")
        if name in self.head.columns:
            return
        start = words.span(hit.start, hit.end)[0]
        if self.start is None:
            self.start = start
        self.head.columns.append(name)
        self.head.starts.append(start)
        atom, at = words.origin[hit.end - 1]
        if unit := _UNIT_IN_HEAD.match("".join(a.text for a in words.atoms[atom : atom + 3])[at + 1 :]):
            self.head.unit = unit["unit"]

    def _row(self, words: Words, hit: Hit, figures: Figures) -> None:
        row = hit.row
        start = words.span(hit.start, hit.end)[0]
        line = words.line(hit.end - 1)
        atoms = list(figures.atoms)
        wanted = [
            name
            for name in self.head.columns
            if name in self.spec.proactive_metrics[row.id] or self._is_extra(name)
        ]
        if len(wanted) > 0 and len(atoms) > len(wanted):
            same = [a for a in atoms if a.line == line]
            atoms = same if len(same) >= len(wanted) else atoms
            while len(atoms) > len(wanted) and not atoms[-1].is_figure:
                atoms.pop()
            atoms = atoms[: len(wanted)]
        values = [a for a in atoms if a.is_figure]
        if len(wanted) != len(atoms):
            columns = self.spec.proactive_headless[row.id].get(len(atoms))
            if wanted and len(atoms) < len(wanted):
                self._short_row(row, values, wanted, start)
                return
            if columns is None:
                return
            wanted = list(columns)
        self._emit(row, list(zip(wanted, atoms, strict=True)), start, flagged=not self.head.columns)

    def _is_extra(self, name: str) -> bool:
        return name in {"items_before", "change"}

    def _short_row(self, row: Row, values: list[Atom], wanted: list[str], start: int) -> None:
        """A row that lost a cell: its last figure is what is in force, the lost one stands elsewhere."""
        if len(values) == len(wanted) - 1 and len(wanted) == 3 and values[-1].value and values[0].value:
            cells = [(wanted[0], values[0]), (wanted[2], values[-1])]
        else:
            cells = list(zip(wanted, values, strict=False))
        self._emit(row, cells, start, flagged=True)
        self.short.append((len(self.cells), row, Figures(tuple(values)), start))

    def _emit(self, row: Row, cells: list[tuple[str, Atom]], start: int, *, flagged: bool) -> None:
        level = self.spec.confidence
        for name, atom in cells:
            if atom.value is None or atom.value.number is None:
                continue
            metric_id = self.spec.proactive_metrics[row.id].get(name)
            unit, flags = atom.value.unit, ("placement",) if flagged and len(cells) > 1 else ()
            if unit is None and name in {"amount", "purchase_amount"}:
                unit = self.head.unit or "万元"
                if self.head.unit is None and atom.value.number:
                    flags = (*flags, "unit")
            elif unit is None and metric_id is None:
                unit = "项"
            self.cells.append(
                FormCell(
                    metric=row.name if metric_id else f"{row.name} {self._spoken(name)}",
                    metric_id=metric_id,
                    number=atom.value.number,
                    printed_unit=unit,
                    start=min(start, atom.start),
                    end=atom.end,
                    at=atom.start,
                    confidence=level.plain if not flags else level.likened if flags == ("unit",) else 0.75,
                    flags=flags,
                )
            )

    def _spoken(self, name: str) -> str:
        return self.spec.proactive_columns[name][0]

    def close(self) -> None:
        """Ends the table that is being read."""
        if self.cells and self.start is not None:
            start = min(self.start, *(cell.start for cell in self.cells))
            self.tables.append((self.cells, (start, max(cell.end for cell in self.cells))))
        self.head, self.start, self.cells, self.orphans, self.short = _Head(), None, [], [], []
