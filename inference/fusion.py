"""Model tags where the model is sure, rule tags where it is not: one list without overlaps."""

from __future__ import annotations

from collections.abc import Sequence

from ..data.document import Sentence
from .decoding import Calibration, Prediction
from .types import Tag

_CLAUSE_BREAK = frozenset("，,。；;：:！!？?\n|")


def fuse(
    sentence: Sentence,
    prediction: Prediction,
    rules: Sequence[Tag],
    calibration: Calibration,
    threshold: float,
) -> list[Tag]:
    """Decide clause by clause.

    A clause goes to the rules where the two disagree and the model's calibrated certainty over
    the characters that either of them tags falls under `threshold`.
    """
    view = sentence.view
    model = [(view.local(t.start, t.end), t) for t in prediction.tags]
    ruled = [(view.local(t.start, t.end), t) for t in rules]
    chosen: list[Tag] = []
    for start, end in _clauses(view.text, [i for i, _ in model + ruled]):
        ours = [(i, t) for i, t in model if start <= i[0] < end]
        theirs = [(i, t) for i, t in ruled if start <= i[0] < end]
        if {(i, t.label) for i, t in ours} == {(i, t.label) for i, t in theirs}:
            chosen.extend(t for _, t in ours)
            continue
        spots = [i for i, _ in ours + theirs]
        certainty = min(float(prediction.certainty[a:b].min()) for a, b in spots if b > a)
        chosen.extend(t for _, t in (ours if calibration.apply(certainty) >= threshold else theirs))
    return sorted(chosen, key=lambda t: t.start)


def _clauses(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Intervals between clause signs that no span crosses."""
    crossed = {p for a, b in spans for p in range(a, b)}
    out, start = [], 0
    for position, sign in enumerate(text):
        if sign in _CLAUSE_BREAK and position not in crossed:
            out.append((start, position + 1))
            start = position + 1
    out.append((start, len(text)))
    return [c for c in out if c[0] < c[1]]
