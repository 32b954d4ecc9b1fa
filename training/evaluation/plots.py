"""Plots as inline SVG: intervals, reliability, risk and learning curves; colours come from the page's style.

Every function returns one `<svg>` element. Classes: `grid`, `axis`, `ideal`, and `s-NAME` for a series.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with its interval, drawn in the colour of its series."""

    series: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """Data ranges and the pixels that they fill; y grows upwards in data and downwards in pixels."""

    x: tuple[float, float]
    y: tuple[float, float]
    left: float
    top: float
    width: float
    height: float

    def across(self, value: float) -> float:
        return self.left + (value - self.x[0]) / (self.x[1] - self.x[0]) * self.width

    def down(self, value: float) -> float:
        return self.top + (1 - (value - self.y[0]) / (self.y[1] - self.y[0])) * self.height


def intervals(rows: Sequence[tuple[str, Sequence[Dot]]], *, width: float, label_width: float) -> str:
    """One row a name, one dot with whiskers a series, on a common scale that ends at 1; widths in pixels."""
    lowest = min((dot.low for _, dots in rows for dot in dots), default=0.0)
    start = max(0.0, math.floor(lowest * 10 - 0.2) / 10)
    step, pad = 12.0, 11.0
    heights = [pad * 2 + step * (len(dots) - 1) for _, dots in rows]
    frame = _Frame((start, 1.0), (0, 1), label_width, 6, width - label_width - 24, sum(heights))
    out = [_vertical_grid(frame)]
    top = frame.top
    for (name, dots), height in zip(rows, heights, strict=True):
        out.append(_text(label_width - 12, top + height / 2 + 4, name, "end", "name"))
        for index, dot in enumerate(dots):
            y = top + pad + step * index
            tip = f"{name}, {dot.series}: {dot.value:.3f} ({dot.low:.3f} to {dot.high:.3f})"
            out.append(
                f'<g class="s-{escape(dot.series)}"><title>{escape(tip)}</title>'
                f"{_line(frame.across(dot.low), y, frame.across(dot.high), y, 'whisker')}"
                f'<circle cx="{frame.across(dot.value):.1f}" cy="{y:.1f}" r="4"/></g>'
            )
        top += height
        out.append(_line(label_width, top, width - 24, top, "row"))
    return _svg(width, top + 26, out)


def reliability(bins: Sequence[Mapping[str, Any]], series: str) -> str:
    """Share of right ones against mean confidence; a dot's area grows with its bin's count."""
    frame = _Frame((0, 1), (0, 1), 46, 12, 250, 250)
    most = max((b["spans"] for b in bins), default=1)
    out = [_grid(frame), _line(frame.left, frame.down(0), frame.across(1), frame.top, "ideal")]
    points = " ".join(f"{frame.across(b['confidence']):.1f},{frame.down(b['right']):.1f}" for b in bins)
    out.append(f'<g class="s-{escape(series)}"><polyline points="{points}"/>')
    for b in bins:
        tip = f"{b['spans']} with mean confidence {b['confidence']:.3f}: {b['right']:.3f} right"
        out.append(
            f'<circle cx="{frame.across(b["confidence"]):.1f}" cy="{frame.down(b["right"]):.1f}" '
            f'r="{3 + 7 * math.sqrt(b["spans"] / most):.1f}"><title>{escape(tip)}</title></circle>'
        )
    out.append("</g>")
    out += _axis_names(frame, "confidence", "share that is right")
    return _svg(320, 310, out)


def risk_curve(figures: Mapping[str, Any], target: float) -> str:
    """Share of wrong figures against the share accepted, with the threshold in use and the target."""
    curve = figures["curve"]
    worst = max([target, *(p["wrong_share"] for p in curve)])
    top = math.ceil(worst * 1.15 * 100) / 100
    frame = _Frame((0, 1), (0, top), 54, 12, 244, 250)
    out = [_grid(frame, digits=3 if top < 0.1 else 2)]
    out.append(_line(frame.left, frame.down(target), frame.across(1), frame.down(target), "ideal"))
    out.append(_text(frame.left + 6, frame.down(target) - 6, f"target {target:.0%}", "start", "note"))
    points = " ".join(
        f"{frame.across(p['accepted_share']):.1f},{frame.down(p['wrong_share']):.1f}" for p in curve
    )
    out.append(f'<g class="s-model"><polyline points="{points}"/>')
    if figures["accepted"]:
        tip = f"threshold {figures['threshold']:.3f}: {figures['wrong']} of {figures['accepted']} wrong"
        out.append(
            f'<circle cx="{frame.across(figures["accepted_share"]):.1f}" '
            f'cy="{frame.down(figures["wrong_share"]):.1f}" r="6"><title>{escape(tip)}</title></circle>'
        )
    out.append("</g>")
    out += _axis_names(frame, "share of figures accepted", "share of those wrong")
    return _svg(320, 310, out)


def learning_curve(points: Iterable[tuple[float, float]], across: str, up: str) -> str:
    """A line through `(x, y)` in the order of x."""
    ordered = sorted(points)
    xs, ys = [p[0] for p in ordered], [p[1] for p in ordered]
    low, high = min(ys), max(ys)
    margin = (high - low or max(abs(high), 0.1)) * 0.1
    right = max(xs) if max(xs) > min(xs) else min(xs) + 1
    frame = _Frame((min(xs), right), (low - margin, high + margin), 56, 12, 240, 200)
    out = [_grid(frame)]
    places = [(frame.across(x), frame.down(y)) for x, y in ordered]
    out.append(
        '<g class="s-model"><polyline points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>'
    )
    for (x, y), (a, b) in zip(places, ordered, strict=True):
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{a:g}: {b:.4f}</title></circle>')
    out.append("</g>")
    out += _axis_names(frame, across, up)
    return _svg(320, 260, out)


def _vertical_grid(frame: _Frame) -> str:
    out = []
    bottom = frame.top + frame.height
    count = round((frame.x[1] - frame.x[0]) * 10)
    every = 1 if count <= 6 else 2
    for index in range(0, count + 1, every):
        value = 1 - index / 10
        out.append(_line(frame.across(value), frame.top, frame.across(value), bottom, "grid"))
        out.append(_text(frame.across(value), bottom + 18, f"{value:.1f}", "middle", "axis"))
    return "".join(out)


def _grid(frame: _Frame, digits: int = 2) -> str:
    out = []
    for index in range(5):
        x = frame.x[0] + (frame.x[1] - frame.x[0]) * index / 4
        y = frame.y[0] + (frame.y[1] - frame.y[0]) * index / 4
        out.append(_line(frame.across(x), frame.top, frame.across(x), frame.down(frame.y[0]), "grid"))
        out.append(_line(frame.left, frame.down(y), frame.across(frame.x[1]), frame.down(y), "grid"))
        out.append(_text(frame.across(x), frame.down(frame.y[0]) + 16, _tick(x), "middle", "axis"))
        out.append(_text(frame.left - 7, frame.down(y) + 4, f"{y:.{digits}f}", "end", "axis"))
    return "".join(out)


def _tick(value: float) -> str:
    if value >= 1_000_000:
        return f"{value / 1_000_000:.0f}M"
    return f"{value:.2g}" if value < 100 else f"{value:.0f}"


def _axis_names(frame: _Frame, across: str, up: str) -> list[str]:
    middle = frame.top + frame.height / 2
    return [
        _text(frame.left + frame.width / 2, frame.top + frame.height + 36, across, "middle", "axis"),
        f'<text class="axis" text-anchor="middle" transform="translate(10 {middle:.1f}) rotate(-90)">'
        f"{escape(up)}</text>",
    ]


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(width: float, height: float, parts: Iterable[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{width:.0f}px" role="img" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )
