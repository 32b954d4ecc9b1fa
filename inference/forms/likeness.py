"""Finds which of many labels a text resembles, without likening it to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_PIECE = 4  # characters in a row that two labels seldom share by chance


class Alike:
    """Labels, and in which of them each character stands how often."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.holders: dict[tuple[str, int], list[int]] = {}
        for at, label in enumerate(self.labels):
            for sign in _counted(label):
                self.holders.setdefault(sign, []).append(at)

    def ratios(self, text: str, least: float) -> Iterator[tuple[int, float]]:
        """The labels that may have `least` of their characters in common with the text, and how much they have.

        In the labels' order, each by its index. What the labels and the text share in any order bounds
        the ratio from above at a fraction of its cost.
        """
        shared = Counter(at for sign in _counted(text) for at in self.holders.get(sign, ()))
        matcher = SequenceMatcher(None, "", text, autojunk=False)
        for at in sorted(shared):
            label = self.labels[at]
            if 2.0 * shared[at] / (len(label) + len(text)) >= least:
                matcher.set_seq1(label)
                yield at, matcher.ratio()


def _counted(text: str) -> list[tuple[str, int]]:
    """The text's characters, each with the number of times that it stood before."""
    seen: Counter[str] = Counter()
    signs = []
    for character in text:
        signs.append((character, seen[character]))
        seen[character] += 1
    return signs


def pieces(text: str) -> frozenset[str]:
    """All runs of four characters in the text."""
    return frozenset(text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1))


def cover(label: str, text: str) -> float:
    """Share of the label that stands in the text, in pieces of four characters or more."""
    blocks = SequenceMatcher(None, label, text, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= _PIECE) / len(label)
