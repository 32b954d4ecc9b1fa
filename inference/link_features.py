"""What the link scorer sees of a figure and a metric: the rules' verdict, order, and the words between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from .links import Linked, Spot

REACH = 8
"""A metric with more than this many metrics between it and a figure is no candidate."""

_WORDS = ("分别", "依次", "各", "均", "其中", "占", "同比", "比", "较", "合计", "共")
_STEPS = (0, 1, 2, 4, 8, 16, 32, 64)


def candidates(figure: Spot, metrics: Sequence[Spot]) -> list[Spot]:
    """The metrics of a sentence that a figure may belong to, in order."""
    return [m for m in metrics if _between(figure, m, metrics) <= REACH]


def _between(figure: Spot, metric: Spot, spots: Sequence[Spot]) -> int:
    low, high = min(metric.end, figure.end), max(metric.start, figure.start)
    return sum(low <= s.start < high for s in spots)


def pair_features(
    text: str,
    figure: Spot,
    metric: Spot,
    figures: Sequence[Spot],
    metrics: Sequence[Spot],
    ruled: Mapping[Spot, Linked],
) -> list[str]:
    """Binary features of a figure and a candidate metric; `ruled` are the rules' links by figure."""
    return list(dict.fromkeys(_features(text, figure, metric, figures, metrics, ruled)))


def _features(
    text: str,
    figure: Spot,
    metric: Spot,
    figures: Sequence[Spot],
    metrics: Sequence[Spot],
    ruled: Mapping[Spot, Linked],
) -> Iterator[str]:
    side = "before" if metric.end <= figure.start else "after"
    low, high = (metric.end, figure.start) if side == "before" else (figure.end, metric.start)
    gap = text[low:high] if low < high else ""
    rule = metric in ruled[figure].metrics
    crossed = min(4, sum(low <= f.start < high for f in figures))
    passed = min(4, sum(low <= m.start < high for m in metrics))
    owners = min(3, sum(metric in linked.metrics for f, linked in ruled.items() if f is not figure))
    yield f"rule={rule}"
    yield f"rule={rule} sure={ruled[figure].confidence} of={min(3, len(ruled[figure].metrics))}"
    yield f"{figure.label} {side}"
    yield f"distance={_step(high - low)} {side}"
    yield f"figures={crossed} metrics={passed} {side}"
    yield f"figures={crossed} metrics={passed} {side} {figure.label} rule={rule}"
    commas, stops = len(re.findall("[，,]", gap)), len(re.findall("[。；;：:]", gap))
    yield f"commas={min(3, commas)} stops={min(2, stops)} joints={min(3, gap.count('、'))} {side}"
    yield f"owners={owners} rule={rule}"
    yield f"gap={gap if len(gap) <= 6 else gap[:2] + '~' + gap[-3:]} {side}"
    yield f"lead={text[max(0, figure.start - 2) : figure.start]} {side} rule={rule}"
    yield f"tail={text[figure.end : figure.end + 3]} {side} rule={rule}"
    yield f"first={text[metric.start]} rule={rule}"
    yield f"last={text[metric.end - 1]} rule={rule}"
    yield f"metric-lead={text[max(0, metric.start - 1) : metric.start]} {side} rule={rule}"
    for word in _WORDS:
        if word in gap:
            yield f"{word} {side} rule={rule} figures={min(2, crossed)}"


def _step(distance: int) -> int:
    return next((step for step in _STEPS if distance <= step), 2 * _STEPS[-1])
