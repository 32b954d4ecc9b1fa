"""Groups atoms into runs of words and rows of figures, and finds the forms' labels in the words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .lexer import Atom
from .likeness import Alike, Pieces
from .spec import LETTERS, Row, one_spelling

_NUMBERING = re.compile(r"^[一二三四五六七八九十\d]*$")
_LEADING_NUMBER = re.compile(r"[一二三四五六七八九十\d]{1,2}")
_SHORTEST_COVERED = 6  # letters of a label that may be told by its pieces
_SHORTEST_ALIKE = 5  # letters of a label that words may be likened to
_AFTER_LABEL = re.compile(r"^[)）(（\[【〔:：。.,，、;；]")


@dataclass(frozen=True, slots=True)
class Hit:
    """A label found in a run: `[start, end)` of `Words.text`; `likeness` 1 where it stands as written."""

    row: Row
    start: int
    end: int
    likeness: float = 1.0


@dataclass(slots=True)
class Words:
    """Consecutive words: their letters, and the runs of letters in the atoms that they come from."""

    atoms: list[Atom]
    text: str = ""
    runs: list[tuple[int, int]] = field(default_factory=list)  # (atom, character in it) where each begins
    bounds: list[int] = field(default_factory=list)  # where each run begins in `text`

    def __post_init__(self) -> None:
        found, length = [], 0
        for index, atom in enumerate(self.atoms):
            for run in LETTERS.finditer(atom.text):
                found.append(run.group())
                self.runs.append((index, run.start()))
                self.bounds.append(length)
                length += run.end() - run.start()
        self.text = one_spelling("".join(found))

    def origin(self, at: int) -> tuple[int, int]:
        """The atom that character `at` of `text` comes from, and which character of the atom it is."""
        run = bisect_right(self.bounds, at) - 1
        atom, first = self.runs[run]
        return atom, first + at - self.bounds[run]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Document offsets of characters `[start, end)` of `text`."""
        first_atom, first = self.origin(start)
        last_atom, last = self.origin(end - 1)
        return self.atoms[first_atom].starts[first], self.atoms[last_atom].ends[last]

    def line(self, at: int) -> int:
        """The line that character `at` of `text` stands on."""
        return self.atoms[self.origin(at)[0]].line

    def cells(self) -> Iterator[tuple[int, int]]:
        """The stretches of `text` that stand in one cell each."""
        start = 0
        for (before, _), (atom, _), bound in zip(self.runs, self.runs[1:], self.bounds[1:], strict=False):
            if self.atoms[before].cell != self.atoms[atom].cell:
                yield start, bound
                start = bound
        if start < len(self.text):
            yield start, len(self.text)

    def fills_cell(self, start: int, end: int) -> bool:
        """Whether only numbering stands before it in its word, and only a bracket or nothing after it."""
        run = bisect_right(self.bounds, start) - 1
        atom = self.runs[run][0]
        while run and self.runs[run - 1][0] == atom:
            run -= 1
        first = self.bounds[run]
        last_atom, last = self.origin(end - 1)
        rest = self.atoms[last_atom].text[last + 1 :]
        return bool(_NUMBERING.match(self.text[first:start])) and (not rest or bool(_AFTER_LABEL.match(rest)))


@dataclass(frozen=True, slots=True)
class Figures:
    """Consecutive figures and blank cells."""

    atoms: tuple[Atom, ...]

    @property
    def count(self) -> int:
        """How many figures there are."""
        return sum(atom.is_figure for atom in self.atoms)


Segment = Words | Figures


def segments(atoms: Iterable[Atom]) -> list[Segment]:
    """Words and figures by turns; blanks that touch no figure are left out."""
    groups: list[tuple[bool, list[Atom]]] = []
    for atom in atoms:
        words = atom.is_words
        if groups and groups[-1][0] == words:
            groups[-1][1].append(atom)
        else:
            groups.append((words, [atom]))
    merged: list[tuple[bool, list[Atom]]] = []
    for words, group in groups:
        if not words and not any(atom.is_figure for atom in group):
            continue
        if merged and merged[-1][0] == words:
            merged[-1][1].extend(group)
        else:
            merged.append((words, group))
    return [Words(group) if words else Figures(tuple(group)) for words, group in merged]


class Labels:
    """The labels of one form, ready to be found in words."""

    def __init__(self, rows: Sequence[Row], likeness: float) -> None:
        self.rows = tuple(rows)
        self.likeness = likeness
        by_first: dict[str, list[tuple[str, Row]]] = {}
        for row in rows:
            for label in row.labels:
                by_first.setdefault(label[0], []).append((label, row))
        self.by_first = {c: sorted(entries, key=lambda e: -len(e[0])) for c, entries in by_first.items()}
        self.any = re.compile("|".join(re.escape(label) for row in rows for label in row.labels))
        self.likenable = [row for row in rows if not row.whole and len(row.labels[0]) >= _SHORTEST_ALIKE]
        self.alike = Alike([row.labels[0] for row in self.likenable])
        self.pieces = Pieces([max(row.labels, key=len) for row in rows], _SHORTEST_COVERED)

    def find(self, words: Words) -> list[Hit]:
        """Labels as written, the longest at each place, in the order of the words."""
        hits: list[Hit] = []
        position = 0
        while match := self.any.search(words.text, position):
            position = match.start()
            for label, row in self.by_first.get(words.text[position], ()):
                end = position + len(label)
                if words.text.startswith(label, position) and (
                    not row.whole or words.fills_cell(position, end)
                ):
                    hits.append(Hit(row, position, end))
                    position = end
                    break
            else:
                position += 1
        return hits

    def liken(self, words: Words, start: int, end: int) -> Hit | None:
        """The row whose label `[start, end)` most resembles, if it is like enough."""
        number = _LEADING_NUMBER.match(words.text, start, end)
        begin = number.end() if number else start
        best: Hit | None = None
        for at, ratio in self.alike.ratios(words.text[begin:end], self.likeness):
            if ratio >= self.likeness and (best is None or ratio > best.likeness):
                best = Hit(self.likenable[at], begin, end, ratio)
        return best
