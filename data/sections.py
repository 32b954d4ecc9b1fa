"""Finds headings by their marks and nests what stands under them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .document import Section, View

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_MARKS = (
    (1, re.compile(rf"第{_NUMERAL}(?:部分|章)[、：，]?")),
    (2, re.compile(rf"{_NUMERAL}[、.，：](?!.{{0,2}}[年月日])")),
    (3, re.compile(rf"（{_NUMERAL}）[、.]?")),
    (4, re.compile(r"\d{1,2}(?:、|\.(?!\d))")),
    (5, re.compile(r"（\d{1,2}）|\d{1,2}）")),
    (6, re.compile(r"[①-⑳]")),
)
_RUN_IN = re.compile(r"[。：]")
_COUNTED = re.compile(
    r"\d+(?:\.\d+)?[万亿余多]*(?:条|件|篇|次|人次|个|名|家|项|期|场|%|元|份|起|户)|[未没]|共[\d一二三四五六七八九十]"
)
_LONGEST = 42


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in view characters `[start, end)`; `run_in` when text follows it on its line."""

    start: int
    end: int
    rank: int  # 1 (第一部分) to 6 (①)
    run_in: bool


def find_heading(view: View, start: int, end: int) -> Heading | None:
    """The heading that view line `[start, end)` is or starts with; None where it is neither."""
    hashes = re.compile(r"#{1,6} ?").match(view.text, start, end)
    first = hashes.end() if hashes else start
    for rank, pattern in _MARKS:
        mark = pattern.match(view.text, first, end)
        if not mark:
            continue
        stop = _RUN_IN.search(view.text, mark.end(), end)
        words_end = stop.start() if stop else end
        words = view.text[mark.end() : words_end]
        if not words.strip() or len(words) > _LONGEST or _COUNTED.search(words):
            return None
        if stop is None and words.endswith(("；", "，")):
            return None
        run_in = stop is not None and stop.end() < end
        if run_in and stop is not None and view.text[stop.start()] == "：":
            # `三、咨询情况：全年…` runs in, `1.主动公开信息数：52条` is a statement, `一、年报：概述` one heading.
            if view.text[stop.end()].isdecimal():
                return None
            if "。" not in view.text[stop.end() : end]:
                return Heading(first, end, rank, False) if end - first <= _LONGEST else None
        return Heading(first, words_end, rank, run_in)
    return None


def nest(headings: list[Heading], view: View, end: int) -> tuple[Section, ...]:
    """Sections of the headings, in order; `end` is the document offset where the report ends."""
    base = 1 if any(h.rank == 1 for h in headings) else 2
    sections: list[Section] = []
    parents: list[int | None] = []
    stops = [end] * len(headings)
    open_: list[int] = []
    for i, heading in enumerate(headings):
        while open_ and headings[open_[-1]].rank >= heading.rank:
            stops[open_.pop()] = view.starts[heading.start]
        parents.append(open_[-1] if open_ else None)
        open_.append(i)
    for heading, parent, stop in zip(headings, parents, stops, strict=True):
        start = view.starts[heading.start]
        words = view.text[heading.start : heading.end].strip()
        sections.append(Section(start, max(start, stop), words, heading.rank - base + 1, parent))
    return tuple(sections)
