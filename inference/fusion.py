"""Model tags, with the rules' word where the model is unsure: one list without overlaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..data.document import Sentence
from .decoding import Calibration, Prediction
from .links import FIGURES
from .types import Label, Tag

_CLAUSE_BREAK = frozenset("，,。；;：:！!？?\n|")
_JOINT = frozenset("、，,和及与或；;。:：")
_CHANNEL = re.compile(r"网|微博|微信|公众号|公报|电视|报刊|公开栏|信函|传真|当面|邮")
_NEGATION = re.compile(r"[无未没不零免否0]")
_SIGNS = frozenset("、，；：,;:")
_BRIDGE = 8  # characters between two pieces of one metric

# A noun with the bracket that it opens, up to where a metric begins inside.
_HEAD = re.compile(r"[\u4e00-\u9fff]{2,10}（[^（）]*$")

Placed = tuple[tuple[int, int], Tag]
"""A tag behind its interval in the sentence's view."""


def fuse(
    sentence: Sentence,
    prediction: Prediction,
    rules: Sequence[Tag],
    calibration: Calibration,
    threshold: float,
) -> list[Tag]:
    """Join the model's metrics where they came in pieces, then decide clause by clause.

    Where the two disagree and the model's calibrated certainty over the characters that either of
    them tags falls under `threshold`, the rules add the figures that the model has not, and the
    metrics of a clause in which it has none; a metric from which the model cut its channel is taken
    whole. A figure that the model alone saw stays, with its own low confidence: on reports new to
    both, more of these are right than wrong.
    """
    view = sentence.view
    ruled = [(view.local(t.start, t.end), t) for t in rules]
    model = _mended(sentence, [(view.local(t.start, t.end), t) for t in prediction.tags])
    model = _joined(view.text, _parted(sentence, model, ruled, threshold), ruled)
    chosen: list[Tag] = []
    for start, end in _clauses(view.text, [i for i, _ in model + ruled]):
        ours = [(i, t) for i, t in model if start <= i[0] < end]
        theirs = [(i, t) for i, t in ruled if start <= i[0] < end]
        if {(i, t.label) for i, t in ours} != {(i, t.label) for i, t in theirs}:
            spots = [i for i, _ in ours + theirs]
            certainty = min(float(prediction.certainty[a:b].min()) for a, b in spots if b > a)
            if calibration.apply(certainty) < threshold:
                ours = _completed(view.text, ours, theirs)
        chosen.extend(t for _, t in ours)
    return sorted(chosen, key=lambda t: t.start)


def _mended(sentence: Sentence, model: Sequence[Placed]) -> list[Placed]:
    """The model's tags, a metric cut at a bracket with the words on the other side: `文件类（含解读）信息`.

    What is said to be a negation and negates nothing is left out.
    """
    view = sentence.view
    out: list[Placed] = []
    for interval, tag in model:
        start, end = interval
        if tag.label == Label.ZERO and not _NEGATION.search(view.text, start, end):
            continue
        words = view.text[start:end]
        if tag.label == Label.METRIC and words.count("）") > words.count("（"):
            head = _HEAD.search(view.text, out[-1][0][1] if out else 0, start)
            start = head.start() if head else start
        elif tag.label == Label.METRIC and words.count("（") > words.count("）"):
            end += view.text[end : end + 1] == "）"
        first, last = view.span(start, end)
        out.append(((start, end), replace(tag, start=first, end=last)))
    return out


def _parted(
    sentence: Sentence, model: Sequence[Placed], ruled: Sequence[Placed], threshold: float
) -> list[Placed]:
    """The model's tags, metrics without list signs at their edges, unsure ones in the parts that the rules see."""
    view = sentence.view
    out: list[Placed] = []
    for interval, tag in model:
        if tag.label != Label.METRIC:
            out.append((interval, tag))
            continue
        start, end = interval
        while end - start > 1 and view.text[end - 1] in _SIGNS:
            end -= 1
        while end - start > 1 and view.text[start] in _SIGNS:
            start += 1
        inside = [i for i, t in ruled if t.label == Label.METRIC and start <= i[0] and i[1] <= end]
        parts = inside if len(inside) > 1 and tag.confidence < threshold else [(start, end)]
        for part in parts:
            first, last = view.span(*part)
            out.append((part, replace(tag, start=first, end=last)))
    return out


def _joined(text: str, model: Sequence[Placed], ruled: Iterable[Placed]) -> list[Placed]:
    """The model's tags, pieces of a metric in one: those that touch, and those that one rule metric holds."""
    whole = [i for i, t in ruled if t.label == Label.METRIC]
    out: list[Placed] = []
    for (start, end), tag in model:
        if out and tag.label == Label.METRIC == out[-1][1].label:
            (first, last), before = out[-1]
            gap = text[last:start]
            held = len(gap) <= _BRIDGE and any(a < last and start < b for a, b in whole)
            if not gap or (held and _JOINT.isdisjoint(gap)):
                confidence = min(before.confidence, tag.confidence)
                out[-1] = ((first, end), replace(before, end=tag.end, confidence=confidence))
                continue
        out.append(((start, end), tag))
    return out


def _completed(text: str, ours: Sequence[Placed], theirs: Sequence[Placed]) -> list[Placed]:
    """The model's tags of a clause with what the rules found beside them."""
    kept = [(i, t) for i, t in ours if t.label != Label.METRIC or i[1] - i[0] > 1]
    kept = _widened(text, kept, theirs)
    kept += [(i, t) for i, t in theirs if t.label in FIGURES and not _overlaps(i, ours)]
    ends = {end for (_, end), t in kept if t.label in FIGURES}
    kept += [(i, t) for i, t in theirs if t.label == Label.UNIT and i[0] in ends and not _overlaps(i, kept)]
    if not any(t.label == Label.METRIC for _, t in kept):
        kept += [(i, t) for i, t in theirs if t.label == Label.METRIC and not _overlaps(i, kept)]
    return kept


def _widened(text: str, ours: Sequence[Placed], theirs: Sequence[Placed]) -> list[Placed]:
    """The model's metrics in the rules' longer words for them, where these name the channel too."""
    longer = [i for i, t in theirs if t.label == Label.METRIC]
    out: list[Placed] = []
    for at, ((start, end), tag) in enumerate(ours):
        around = [i for i in longer if i[0] <= start and end <= i[1]] if tag.label == Label.METRIC else []
        added = text[around[0][0] : start] if around else ""
        named = _CHANNEL.search(added) and _JOINT.isdisjoint(added)
        if named and not _overlaps(around[0], [*ours[:at], *ours[at + 1 :]]):
            whole = next(t for i, t in theirs if i == around[0])
            out.append((around[0], replace(tag, start=whole.start, end=whole.end)))
        else:
            out.append(((start, end), tag))
    return out


def _overlaps(interval: tuple[int, int], many: Iterable[Placed]) -> bool:
    return any(interval[0] < end and start < interval[1] for (start, end), _ in many)


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
