"""Counted matches as precision, recall and F1, and how sure they are: a bootstrap over reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of matched, found and gold things; a partial match may count for half."""

    matched: float = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.matched + other.matched, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """matched / found; 0 where nothing was found."""
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """matched / gold; 0 where there is no gold."""
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """2·matched / (found + gold); 0 where there is nothing."""
        return 2 * self.matched / (self.found + self.gold) if self.found + self.gold else 0.0

    def as_dict(self) -> dict[str, float]:
        """The three figures, rounded, and the counts."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "matched": self.matched,
            "gold": self.gold,
            "found": self.found,
        }


def total(scores: Iterable[Score]) -> Score:
    """The sum of counts."""
    return sum(scores, Score())


def interval(scores: Sequence[Score], seed: int, draws: int = DRAWS) -> list[float]:
    """95% percentile bootstrap interval of the pooled F1; `scores` has one entry a report."""
    counts = np.array([[s.matched, s.found, s.gold] for s in scores], dtype=float)
    random = np.random.default_rng(seed)
    sums = counts[random.integers(0, len(counts), (draws, len(counts)))].sum(axis=1)
    sizes = sums[:, 1] + sums[:, 2]
    drawn = sizes > 0  # of reports that hold nothing to count, a draw says nothing
    if not drawn.any():
        return [0.0, 0.0]
    f1 = 2 * sums[drawn, 0] / sizes[drawn]
    return [round(float(v), 4) for v in np.percentile(f1, [2.5, 97.5])]


def with_interval(scores: Sequence[Score], seed: int, draws: int = DRAWS) -> dict[str, object]:
    """The pooled figures with their interval."""
    return total(scores).as_dict() | {"interval": interval(scores, seed, draws)}
