"""Names the rows of the statistical form: by label, by the group that a row stands under, by likeness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from .lexer import Atom
from .likeness import Alike
from .spec import FormSpec, Row, bare, stem

_ALL_BUT_SAME = 0.92
_TORN = 0.9  # likeness of a label that may be the end of a longer one
_MARGIN = 0.04  # by how much the likeliest label must lead
_SHORTEST_ALIKE = 5  # letters of a label that another may be likened to
_LONGEST = 4  # cells that a label may be broken over
_TOP_LEVEL = re.compile(r"^[一二三四五六七八九十]{1,2}[、.．]")
_LEAD = re.compile(
    r"^(?:其中[:：,，]?|(?:[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．,，:：]+|[㈠-㈩①-⑳⑴-⒇⒈-⒛]))+(?:其中[:：,，]?)?"
)


@dataclass(frozen=True, slots=True)
class Match:
    """A row's name as printed, its metric if one fits, and where its label begins."""

    name: str
    metric_id: str | None
    start: int
    section: str | None = None
    likeness: float = 1.0


class _Known:
    """The form's labels and groups by their stems."""

    def __init__(self, spec: FormSpec) -> None:
        self.by_stem: dict[str, list[Row]] = {}
        for row in spec.statistical:
            for label in row.labels:
                self.by_stem.setdefault(stem(label), []).append(row)
        self.groups = {
            stem(label): group for group, labels in spec.statistical_groups.items() for label in labels
        }
        self.longest = max(len(label) for row in spec.statistical for label in row.labels)
        self.alike = Alike([label for label in self.by_stem if len(label) >= _SHORTEST_ALIKE])


_known = cache(_Known)


class StatisticalMatcher:
    """Knows the form's labels; remembers the group that the rows read so far stand under."""

    def __init__(self, spec: FormSpec) -> None:
        self.spec = spec
        known = _known(spec)
        self.by_stem, self.groups, self.longest, self.alike = (
            known.by_stem,
            known.groups,
            known.longest,
            known.alike,
        )
        self.group: str | None = None
        self.section: str | None = None

    def restart(self, before: Sequence[Atom]) -> None:
        """A new form begins; the words before its first row may name its group."""
        self.group = self.section = None
        self._note_groups(before)

    def known_length(self, atoms: Sequence[Atom], index: int) -> int:
        """How many atoms from `index` on make a known label; 0 if none do."""
        text = ""
        for length in range(1, _LONGEST + 1):
            if index + length > len(atoms) or not atoms[index + length - 1].is_words:
                return 0
            text += atoms[index + length - 1].text
            if stem(bare(text)) in self.by_stem:
                return length
            if len(text) > self.longest + 30:
                return 0
        return 0

    def names_row_or_group(self, atom: Atom) -> bool:
        """Whether the atom alone is a known label or the heading of a group."""
        text = stem(bare(atom.text))
        return text in self.by_stem or text in self.groups

    def match(self, words: Sequence[Atom]) -> Match | None:
        """The row that these words name: the label is what stands last; what comes before may be groups."""
        found: tuple[list[Row], int] | None = None  # a longer label may end in a shorter one
        for length in range(1, len(words) + 1):
            text = "".join(atom.text for atom in words[len(words) - length :])
            if len(text) > self.longest + 40:
                break
            if rows := self.by_stem.get(stem(bare(text))):
                found = rows, length
        if found:
            rows, length = found
            before, tail = words[: len(words) - length], words[len(words) - length :]
            self._note_groups(before)
            named = self._named(rows, tail)
            # Words that stuck to the label may belong to it: 主要负责同志参 before 政府网站在线访谈次数.
            torn = bool(before) and tail[0].glued and not self.names_row_or_group(before[-1])
            return replace(named, likeness=_TORN) if torn else named
        self._note_groups(words)
        return self._likened(words)

    def _named(self, rows: Sequence[Row], tail: Sequence[Atom]) -> Match:
        name, start = _printed(tail)
        if _TOP_LEVEL.match("".join(atom.text for atom in tail)):
            self.section = None  # itself the heading of what follows
        section = self.section
        fitting = [row for row in rows if row.within == self.group] or [
            row for row in rows if row.within is None
        ]
        if not fitting:
            return Match(name, None, start, self.section)
        row = fitting[0]
        if row.id.endswith(".total") or row.within is None:
            self.group = row.id.split(".")[0]
        if section is None:
            self.section = "".join(atom.text for atom in tail)
        return Match(name, row.id, start, section)

    def _note_groups(self, words: Sequence[Atom]) -> None:
        for at in range(len(words)):
            for length in range(1, min(_LONGEST, len(words) - at) + 1):
                text = "".join(atom.text for atom in words[at : at + length])
                if stem(bare(text)) in self.groups:
                    self.group, self.section = self.groups[stem(bare(text))], text

    def _likened(self, words: Sequence[Atom]) -> Match | None:
        """The last cell's words: an unknown row, unless they are a known label misspelt."""
        cell = words[-1].cell
        tail = [atom for atom in words if atom.cell == cell]
        text = stem(bare("".join(atom.text for atom in tail)))
        if len(text) < 2:
            return None
        name, start = _printed(tail)
        likeliest = self._likeliest(text) if len(text) >= _SHORTEST_ALIKE else None
        if likeliest is not None:
            return Match(name, likeliest[0].id, start, self.section, likeliest[1])
        return Match(name, None, start, self.section)

    def _likeliest(self, text: str) -> tuple[Row, float] | None:
        """The row whose label is most like the text; None if none is, or if two rows are about as like.

        A label that lacks one of the words that tell rows apart must be all but the same.
        """
        by_row: dict[str, tuple[float, Row, bool]] = {}
        least = self.spec.likeness + 0.07
        # A label less like than by the margin is neither the likeliest nor its rival.
        for at, ratio in self.alike.ratios(text, least - _MARGIN):
            label = self.alike.labels[at]
            row = next((r for r in self.by_stem[label] if r.within in (None, self.group)), None)
            if row is not None and ratio > by_row.get(row.id, (0.0, row, False))[0]:
                by_row[row.id] = (ratio, row, self._differs(label, text))
        ranked = sorted(by_row.values(), key=lambda entry: -entry[0])[:2]
        if not ranked:
            return None
        ratio, row, differs = ranked[0]
        margin = ratio - ranked[1][0] if len(ranked) > 1 else 1.0
        if ratio < (_ALL_BUT_SAME if differs else least) or margin < _MARGIN:
            return None
        return row, ratio

    def _differs(self, label: str, text: str) -> bool:
        return any((word in label) != (word in text) for word in self.spec.telling)


def _printed(atoms: Sequence[Atom]) -> tuple[str, int]:
    """The label as printed without numbering and bracketed notes, and where it begins."""
    text = "".join(atom.text for atom in atoms)
    starts = [start for atom in atoms for start in atom.starts]
    lead = _LEAD.match(text)
    begin = lead.end() if lead and lead.end() < len(text) else 0
    name = re.sub(r"[(（][^()（）《》]*[)）]?$", "", text[begin:]) or text[begin:]
    return name.rstrip(":："), starts[begin]
