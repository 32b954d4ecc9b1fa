"""Finds which of many labels a text resembles, without likening it to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np

_MOST_KEPT = 4096  # texts whose likeness is remembered: forms print the same words
_PIECE = 4  # characters in a row that two labels seldom share by chance


class Alike:
    """Labels, and how often each character stands in each of them."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.rows = {character: at for at, character in enumerate(dict.fromkeys("".join(labels)))}
        self.counts = np.zeros((len(self.rows), len(labels)), np.int16)
        for at, label in enumerate(labels):
            for character, times in Counter(label).items():
                self.counts[self.rows[character], at] = times
        self.lengths = np.array([len(label) for label in labels])
        self.ratios = lru_cache(maxsize=_MOST_KEPT)(self._ratios)

    def _ratios(self, text: str, least: float) -> tuple[tuple[int, float], ...]:
        """The labels that may have `least` of their characters in common with the text, and how much they have.

        In the labels' order, each by its index. What a label and the text share in any order bounds
        their likeness from above at a fraction of its cost.
        """
        known = [(self.rows[c], times) for c, times in Counter(text).items() if c in self.rows]
        if not known:
            return ()
        rows, times = zip(*known, strict=True)
        shared = np.minimum(self.counts[list(rows)], np.array(times)[:, None]).sum(axis=0)
        near = np.flatnonzero(2.0 * shared / (self.lengths + len(text)) >= least).tolist()
        if not near:
            return ()
        matcher = SequenceMatcher(None, "", text, autojunk=False)
        found = []
        for at in near:
            matcher.set_seq1(self.labels[at])
            found.append((at, matcher.ratio()))
        return tuple(found)


class Pieces:
    """Labels, and the runs of four characters that each holds."""

    def __init__(self, labels: Sequence[str], shortest: int) -> None:
        self.labels = tuple(labels)
        self.holders: dict[str, set[int]] = {}
        for at, label in enumerate(labels):
            for piece in _pieces(label) if len(label) >= shortest else ():
                self.holders.setdefault(piece, set()).add(at)
        self.covers = lru_cache(maxsize=_MOST_KEPT)(self._covers)

    def _covers(self, text: str) -> tuple[float, ...]:
        """The share of each label that stands in the text, in pieces of four characters or more."""
        shares = [0.0] * len(self.labels)
        for at in set().union(*(self.holders.get(piece, ()) for piece in _pieces(text))):
            blocks = SequenceMatcher(None, self.labels[at], text, autojunk=False).get_matching_blocks()
            shares[at] = sum(b.size for b in blocks if b.size >= _PIECE) / len(self.labels[at])
        return tuple(shares)


def _pieces(text: str) -> list[str]:
    return [text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)]
