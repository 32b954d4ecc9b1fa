"""Groups atoms into runs of words and rows of figures, and finds the forms' labels in the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .lexer import Atom
from .spec import Row, letters, one_spelling

_NUMBERING = re.compile(r"^[一二三四五六七八九十\d]*$")
_HEAD_REACH = 30
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
    """Consecutive words: their letters, each with the atom and the character that it comes from."""

    atoms: list[Atom]
    text: str = ""
    origin: list[tuple[int, int]] = field(default_factory=list)  # (atom, character in it)

    def __post_init__(self) -> None:
        pieces = []
        for index, atom in enumerate(self.atoms):
            for at, character in enumerate(atom.text):
                if letters(character):
                    pieces.append(character)
                    self.origin.append((index, at))
        self.text = one_spelling("".join(pieces))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Document offsets of characters `[start, end)` of `text`."""
        first_atom, first = self.origin[start]
        last_atom, last = self.origin[end - 1]
        return self.atoms[first_atom].starts[first], self.atoms[last_atom].ends[last]

    def line(self, at: int) -> int:
        """The line that character `at` of `text` stands on."""
        return self.atoms[self.origin[at][0]].line

    def fills_cell(self, start: int, end: int) -> bool:
        """Whether only numbering stands before it in its word, and only a bracket or nothing after it."""
        atom, _ = self.origin[start]
        first = start
        while first and self.origin[first - 1][0] == atom:
            first -= 1
        last_atom, last = self.origin[end - 1]
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
    """The labels of one form, ready to be found in words.

    Args:
        heads: words of the column heads; a `whole` label without numbering right after them is a
            head too (其他, 总计), not a row.
    """

    def __init__(self, rows: Sequence[Row], likeness: float, heads: Sequence[str] = ()) -> None:
        self.rows = tuple(rows)
        self.likeness = likeness
        self.heads = tuple(heads)
        by_first: dict[str, list[tuple[str, Row]]] = {}
        for row in rows:
            for label in row.labels:
                by_first.setdefault(label[0], []).append((label, row))
        self.by_first = {c: sorted(entries, key=lambda e: -len(e[0])) for c, entries in by_first.items()}

    def find(self, words: Words) -> list[Hit]:
        """Labels as written, the longest at each place, in the order of the words."""
        hits: list[Hit] = []
        position = 0
        while position < len(words.text):
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

    def _is_head(self, words: Words, position: int) -> bool:
        before = words.text[max(0, position - _HEAD_REACH) : position]
        numbered = bool(before) and bool(_NUMBERING.match(before[-1]))
        return not numbered and any(head in before for head in self.heads)

    def liken(self, words: Words, start: int, end: int) -> Hit | None:
        """The row whose label `[start, end)` most resembles, if it is like enough."""
        text = re.sub(r"^[一二三四五六七八九十\d]{1,2}", "", words.text[start:end])
        best: Hit | None = None
        matcher = SequenceMatcher(None, "", text, autojunk=False)
        for row in self.rows:
            if row.whole or len(row.labels[0]) < 5:
                continue
            matcher.set_seq1(row.labels[0])
            if matcher.real_quick_ratio() < self.likeness or matcher.quick_ratio() < self.likeness:
                continue  # bounds from above, at a tenth of the cost
            ratio = matcher.ratio()
            if ratio >= self.likeness and (best is None or ratio > best.likeness):
                best = Hit(row, end - len(text), end, ratio)
        return best
