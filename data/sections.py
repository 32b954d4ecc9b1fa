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
    r"\d+(?:\.\d+)?[万亿余多]*(?:条|件|篇|次|人次|个|名|家|项|期|场|%|元|份|起|户)|\d月\d{1,2}日|[未没]|共[\d一二三四五六七八九十]"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_GLUED = 26
_HASHES = re.compile(r"#{1,6} ?")
_LONGEST = 42


# Words that end a heading which runs into its text without a sign (`一、总体情况2024年，…`), and what such text begins with.
_GLUED = re.compile(
    r"[^，。；：！？]{0,24}?(?:情况|概述|概况|问题|措施|打算|事项|方面|建设|工作|培训|费用|收费|减免|诉讼|申诉|复议|举报|监督|保障|平台|解读|公开|管理)"
    r"(?=(?:(?:19|20)\d\d年|[一二][〇零一二三四五六七八九]{3}年|[本我全今]|截至|未|没有|无|根据|按照|为|坚持|目前|一是|共|主要))"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in view characters `[start, end)`; what follows it on its line begins at `rest`."""

    start: int
    end: int
    rest: int
    rank: int  # 1 (第一部分) to 6 (①)


def find_heading(view: View, start: int, end: int) -> Heading | None:
    """The heading that view line `[start, end)` is or starts with; None where it is neither."""
    hashes = _HASHES.match(view.text, start, end)
    first = hashes.end() if hashes else start
    for rank, pattern in _MARKS:
        mark = pattern.match(view.text, first, end)
        if not mark:
            continue
        stop = _RUN_IN.search(view.text, mark.end(), end)
        words_end = stop.start() if stop else end
        words = view.text[mark.end() : words_end]
        if len(words) > _LONGEST or (_COUNTED.search(words) and len(words) > 12):
            return find_glued_heading(view, first, end)
        if not words.strip() or _COUNTED.search(words) or (stop is None and words.endswith(("；", "，"))):
            return None
        if stop is None or stop.end() == end:
            return Heading(first, words_end, end, rank)
        if view.text[stop.start()] == "：":
            # `三、咨询情况：全年…` runs in, `1.主动公开信息数：52条` is a statement, `一、年报：概述` one heading.
            if view.text[stop.end()].isdecimal():
                return None
            if "。" not in view.text[stop.end() : end]:
                return Heading(first, end, end, rank) if end - first <= _LONGEST else None
        return Heading(first, words_end, stop.end(), rank)
    return None


def find_glued_heading(view: View, start: int, end: int) -> Heading | None:
    """The heading that running text `[start, end)` begins with, where no sign parts the two.

    A blank that the view dropped parts them as well (`一、概述 本学年度，…`), as does the usual end of
    a heading before the usual beginning of a sentence (`一、总体情况2024年，…`).
    """
    for rank, pattern in _MARKS:
        mark = pattern.match(view.text, start, end)
        if not mark:
            continue
        words = _GLUED.match(view.text, mark.end(), end)
        stop = words.end() if words else _blank_after(view, mark.end(), end)
        return Heading(start, stop, stop, rank) if stop else None
    return None


def _blank_after(view: View, start: int, end: int) -> int | None:
    """Where a heading without signs ends at a blank of the document."""
    for at in range(start + 2, min(end, start + _LONGEST_GLUED)):
        if view.text[at] in "，。；：！？":
            return None
        # A wider gap is bracketed pinyin.
        if 1 <= view.starts[at] - view.ends[at - 1] <= 2 and not view.text[at - 1].isdecimal():
            year = _YEAR.match(view.text, at)
            return at if year or not view.text[at].isdecimal() else None
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
