"""Finds where labels, units and figures stick together that stood in cells of their own."""

from __future__ import annotations

import re
from functools import cache

from .spec import LETTERS, FormSpec, bare, stem
from .values import UNITS

_MARK = re.compile(
    r"[(（][一二三四五六七八九十]{1,2}[)）]|(?<![一二三四五六七八九十])[一二三四五六七八九十]{1,2}、|其中[:：]|\d[.．、]"
)
_PROSE = re.compile(r"[。；;！!？?]|(?<!\d)[,，]|[,，](?!\d)")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_SHORTEST = 4  # letters of a label that figures may stick to
_ROW_OF_DIGITS = 7  # so many digits after words are a row that ran together
_LABEL_REACH = 80  # characters before a figure in which its label stands
_DIGITS = re.compile(r"\d+")
_NUMBER_MARK = re.compile(r"[.．、]\D")
_TRAILING_FIGURE = re.compile(rf"^(?P<words>.*?\D)(?P<figure>[+-]?\d[\d,.]*)(?P<unit>{UNITS})?$")
_LEADING_FIGURE = re.compile(rf"^(?P<figure>\d[\d,.]*(?:{UNITS})?)(?P<note>[(（\[【].*)$")
_TRAILING_UNIT = re.compile(rf"^(?P<words>.+?)[(（:：]?(?:单位[:：])?(?P<unit>{UNITS})[)）]?$")


class Cutter:
    """Knows the forms' labels and cuts words that hold more than one cell."""

    def __init__(self, spec: FormSpec) -> None:
        rows = (*spec.application, *spec.proactive, *spec.statistical)
        self.known = frozenset(form for row in rows for label in row.labels for form in (label, stem(label)))
        self.endings = frozenset(form[-_SHORTEST:] for form in self.known)

    def cuts(self, token: str) -> list[int]:
        """Where labels, units and figures stick together."""
        if not _DIGITS.search(token):
            return []
        if note := _LEADING_FIGURE.match(token):
            return [note.start("note")]
        if _PROSE.search(_IN_BRACKETS.sub("", token)):
            return []
        if len(token) > 2 * _SHORTEST and (cuts := self._glued_rows(token)):
            return cuts
        match = _TRAILING_FIGURE.match(token)
        if not match:
            return []
        words = match["words"]
        if self._label_start(words) is not None or len(match["figure"]) >= _ROW_OF_DIGITS:
            return [match.start("figure")]
        unit = _TRAILING_UNIT.match(words)
        if unit and self._label_start(unit["words"]) is not None:
            return [unit.start("unit"), match.start("figure")]
        return []

    def _glued_rows(self, token: str) -> list[int]:
        """Cuts of a token in which two rows or more follow each other without a blank."""
        cuts: set[int] = set()
        labels = position = 0
        for match in _DIGITS.finditer(token):
            end = match.end()
            if _NUMBER_MARK.match(token, end):
                end -= 1  # the last digit numbers the label that follows: 02.重复申请
            if end > match.start():
                words = token[position : match.start()]
                label = self._label_start(words)
                unit = _TRAILING_UNIT.match(words) if label is None else None
                if unit:
                    label = self._label_start(unit["words"])
                    cuts.add(position + unit.start("unit"))
                if label is not None:
                    labels += 1
                    cuts.add(position + label)
                cuts.update(position + mark.start() for mark in _MARK.finditer(words))
                cuts.update((match.start(), end))
                position = end
        return sorted(cut for cut in cuts if 0 < cut < len(token)) if labels >= 2 else []

    def _label_start(self, words: str) -> int | None:
        """Where the longest known label begins that the words end in; None if they end in none."""
        if stem(bare(words[-_LABEL_REACH:])) in self.known:
            return max(0, len(words) - _LABEL_REACH)
        found, tail, depth = None, "", 0
        for at in range(len(words) - 1, max(-1, len(words) - _LABEL_REACH), -1):
            depth += (words[at] in ")）") - (words[at] in "(（")  # what brackets hold is no part of a label
            if depth == 0 and LETTERS.match(words[at]):
                tail = words[at] + tail
                if len(tail) == _SHORTEST and tail not in self.endings:
                    break
                if len(tail) >= _SHORTEST and tail in self.known:
                    found = at
        return found


@cache
def cutter(spec: FormSpec) -> Cutter:
    """The cutter of a spec's labels."""
    return Cutter(spec)
