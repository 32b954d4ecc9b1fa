"""Confidence that can be believed: a monotone map fitted on dev, and a threshold for a stated risk.

Raw confidences fall into bins of equal size; the share of right spans in each, made monotone by
isotonic regression, gives the knots of the map. The threshold follows Learn-then-Test (Angelopoulos
et al., 2021): thresholds are tested from the strictest down, each accepted while an exact binomial
bound on the share of wrong figures stays under the risk, so the guarantee needs no correction for
the number of tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta
from sklearn.isotonic import IsotonicRegression

from ..annotations.markup import FIGURES
from ..inference.decoding import Calibration
from .judge import JudgedReport

BINS = 20
DELTA = 0.1  # the chance that calibration data misled the threshold


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Every found span: its confidence, whether it is exactly right, whether it is a figure."""

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]
    figure: NDArray[np.bool_]


def outcomes(judged: Sequence[JudgedReport]) -> Outcomes:
    """The found spans of all reports."""
    rows = [
        (confidence, span in sentence.gold, span.label in FIGURES)
        for report in judged
        for sentence in report.sentences
        for span, confidence in sentence.found
    ]
    confidence, right, figure = zip(*rows, strict=True) if rows else ((), (), ())
    return Outcomes(np.array(confidence, float), np.array(right, bool), np.array(figure, bool))


def fit(found: Outcomes, risk: float) -> Calibration:
    """The map and threshold for raw outcomes on dev; the identity where there are too few."""
    if len(found.confidence) < 2 * BINS:
        return Calibration()
    order = np.argsort(found.confidence, kind="stable")
    raw, share, size = [], [], []
    for part in np.array_split(order, BINS):
        raw.append(float(found.confidence[part].mean()))
        # Laplace's rule keeps a bin without a miss from claiming certainty.
        share.append((float(found.right[part].sum()) + 1) / (len(part) + 2))
        size.append(len(part))
    right = IsotonicRegression(y_min=0, y_max=1).fit_transform(raw, share, sample_weight=size)
    knots = {0.0: 0.0} | {round(a, 6): round(float(b), 6) for a, b in zip(raw, right, strict=True)}
    knots[1.0] = max(knots.values())
    pairs = sorted(knots.items())
    fitted = Calibration(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))
    threshold = choose_threshold(np.array([fitted.apply(c) for c in found.confidence]), found, risk)
    return Calibration(fitted.raw, fitted.right, threshold)


def choose_threshold(confidence: NDArray[np.float64], found: Outcomes, risk: float) -> float:
    """The lowest confidence over which figures are wrong at most `risk` of the time, with 90% assurance.

    The highest confidence that occurs is returned where not even that is safe.
    """
    values, wrong = confidence[found.figure], ~found.right[found.figure]
    if not len(values):
        return 1.0
    chosen = float(values.max())
    for threshold in sorted(set(np.round(values, 4)), reverse=True):
        accepted = values >= threshold
        bound = upper_bound(int(wrong[accepted].sum()), int(accepted.sum()))
        if bound > risk and accepted.sum() > 200:  # fewer cannot show so low a risk whatever they hold
            break
        if bound <= risk:
            chosen = float(threshold)
    return chosen


def upper_bound(wrong: int, total: int) -> float:
    """Clopper and Pearson's upper bound, at 1 - `DELTA`, on the share that `wrong` of `total` shows."""
    return 1.0 if wrong >= total else float(beta.ppf(1 - DELTA, wrong + 1, total - wrong))


def expected_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error over `bins` bins of equal size."""
    order = np.argsort(confidence, kind="stable")
    parts = [p for p in np.array_split(order, bins) if len(p)]
    return float(
        sum(abs(confidence[p].mean() - right[p].mean()) * len(p) for p in parts) / max(1, len(order))
    )


def reliability(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10
) -> list[dict[str, float]]:
    """Mean confidence and share of right ones in bins of equal width; empty bins are left out."""
    edges = np.linspace(0, 1, bins + 1)
    which = np.clip(np.digitize(confidence, edges) - 1, 0, bins - 1)
    return [
        {
            "from": round(float(edges[b]), 2),
            "spans": int((which == b).sum()),
            "confidence": round(float(confidence[which == b].mean()), 4),
            "right": round(float(right[which == b].mean()), 4),
        }
        for b in range(bins)
        if (which == b).any()
    ]
