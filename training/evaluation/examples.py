"""Misses as the page shows them: coloured pieces of text, and a small table of what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_AROUND = 45  # characters kept on either side of what is coloured
FIELDS = ("metric", "metric_id", "value", "unit", "year", "kind")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters; `kind` is the class that colours them, empty for plain text, `tip` says why."""

    words: str
    kind: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One reading of a sentence: whose it is, and its pieces."""

    who: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A field's value and whether the other side has another."""

    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A miss on the page; `tags` are what it can be filtered by, the first one its group.

    `note` says what is wrong with a record; `rows` are its fields, annotated and found.
    """

    report: str
    at: tuple[int, int]
    tags: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""
    rows: tuple[tuple[str, tuple[Cell, ...]], ...] = ()


Mark = tuple[int, int, str, str]
"""Start, end, class and tip of characters to colour."""


def shown(kind: str, miss: Mapping[str, Any]) -> Shown:
    """A miss of `evaluation.json`; `kind` is the name of the list that it stands in."""
    return {"spans": _span, "records": _record, "links": _link, "metric_ids": _metric_id}[kind](miss)


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """The text with its marks coloured, cut to what lies around them; of two that overlap the first stays."""
    kept: list[Mark] = []
    for mark in sorted(marks):
        if not kept or mark[0] >= kept[-1][1]:
            kept.append(mark)
    first = max(0, kept[0][0] - _AROUND) if kept else 0
    last = min(len(text), kept[-1][1] + _AROUND) if kept else min(len(text), 2 * _AROUND)
    out = [Piece("…")] if first else []
    for start, end, kind, tip in kept:
        if first < start:
            out.append(Piece(text[first:start]))
        out.append(Piece(text[start:end], kind, tip))
        first = end
    if first < last:
        out.append(Piece(text[first:last]))
    if last < len(text):
        out.append(Piece("…"))
    return tuple(out)


def _span(miss: Mapping[str, Any]) -> Shown:
    lines = tuple(
        Line(
            who,
            pieces(miss["text"], [(s["start"], s["end"], f"l-{s['label']}", s["label"]) for s in miss[side]]),
        )
        for side, who in (("missed", "annotated"), ("wrong", "found"))
        if miss[side]
    )
    labels = tuple(dict.fromkeys(s["label"] for s in (*miss["missed"], *miss["wrong"])))
    return Shown(miss["report"], _at(miss), labels, lines)


def _record(miss: Mapping[str, Any]) -> Shown:
    gold, got = miss["gold"], miss["got"]
    lines = tuple(
        Line(who, pieces(miss["text"], [(side["start"], side["end"], kind, who)]))
        for side, who, kind in ((gold, "annotated", "gold"), (got, "found", "got"))
        if side is not None and not (who == "found" and gold and _place(gold) == _place(got))
    )
    rows = tuple(
        (who, _cells(side, other))
        for side, other, who in ((gold, got, "annotated"), (got, gold, "found"))
        if side is not None
    )
    note = [miss["why"], "hurts " + " and ".join(miss["hurts"])]
    if gold and gold["tier"] != "core":
        note.append(f"annotated as {gold['tier']}")
    if got:
        note.append(f"{got['source']}, confidence {got['confidence']:.2f}")
    tags = (miss["why"], *miss["hurts"])
    return Shown(miss["report"], _at(miss), tags, lines, " · ".join(note), rows)


def _link(miss: Mapping[str, Any]) -> Shown:
    figure = miss["figure"]
    lines = []
    for side, who in (("gold", "annotated"), ("got", "found")):
        marks = [(figure["start"], figure["end"], "figure", "figure")]
        marks += [(m["start"], m["end"], side, "its metric") for m in miss[side] if m["start"] is not None]
        lines.append(Line(who, pieces(miss["text"], marks)))
    tag = "missed" if not miss["got"] else "extra" if not miss["gold"] else "other metric"
    return Shown(miss["report"], _at(miss), (tag,), tuple(lines))


def _metric_id(miss: Mapping[str, Any]) -> Shown:
    figure, metric = miss["figure"], miss["metric"]
    marks = [
        (figure["start"], figure["end"], "figure", "figure"),
        (metric["start"], metric["end"], "gold", "metric"),
    ]
    gold, got = (miss[side] or "none" for side in ("gold", "got"))
    tag = "no id given" if miss["got"] is None else "needless id" if miss["gold"] is None else "wrong id"
    lines = (
        Line("text", pieces(miss["text"], marks)),
        Line("id", (Piece(gold, "gold"), Piece(", given "), Piece(got, "got"))),
    )
    return Shown(miss["report"], _at(miss), (tag,), lines, tag)


def _cells(side: Mapping[str, Any], other: Mapping[str, Any] | None) -> tuple[Cell, ...]:
    return tuple(
        Cell("–" if side[f] is None else str(side[f]), other is not None and side[f] != other[f])
        for f in FIELDS
    )


def _place(side: Mapping[str, Any]) -> Sequence[int]:
    return side["start"], side["end"]


def _at(miss: Mapping[str, Any]) -> tuple[int, int]:
    start, end = miss["at"]
    return start, end
