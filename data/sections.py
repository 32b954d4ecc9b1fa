"""Finds headings by their marks and nests what stands under them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .document import Section, View

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_MARKS = (
    (1, re.compile(rf"第{_NUMERAL}(?:部分|章)[、：，]?")),
    (2, re.compile(rf"{_NUMERAL}[、.，：](?![年月日])")),
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
_LEAD = re.compile(r"(?:#{1,6} ?|[?？◆●•■▲★※◎▪]+ ?)")
_BARE_NUMERAL = re.compile(_NUMERAL)
# A heading without a number, such as reports of schools and converters' outlines have.
_PLAIN = re.compile(
    r"[^\s，。；：！？、\d%|]{0,18}(?:公开|申请|复议|诉讼|收费|总体|基本|工作|解读|评议|主要|其他|需要)[^\s，。；：！？\d%|]{0,14}"
    r"(?:情况|概述|概况|措施|事项|打算|问题)|引言|概述|前言"
)
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
    rank: int  # 1 (第一部分) to 6 (①); 0 for one without a number


def find_heading(view: View, start: int, end: int) -> Heading | None:
    """The heading that view line `[start, end)` is or starts with; None where it is neither."""
    lead = _LEAD.match(view.text, start, end)
    first = lead.end() if lead else start
    for rank, pattern in _MARKS:
        mark = pattern.match(view.text, first, end)
        if mark:
            return _numbered(view, first, mark.end(), end, rank)
    if _PLAIN.fullmatch(view.text, first, end):
        return Heading(first, end, end, 0)
    numeral = _BARE_NUMERAL.match(view.text, first, end)
    if numeral and _PLAIN.fullmatch(view.text, numeral.end(), end) and _gap(view, numeral.end()):
        return Heading(first, end, end, 2)  # 二 主动公开情况
    return None


def _numbered(view: View, first: int, after_mark: int, end: int, rank: int) -> Heading | None:
    stop = _RUN_IN.search(view.text, after_mark, min(end, after_mark + _LONGEST + 1))
    words_end = stop.start() if stop else end
    words = view.text[after_mark : min(words_end, after_mark + _LONGEST + 1)]
    if len(words) > _LONGEST or (_COUNTED.search(words) and len(words) > 12):
        return find_glued_heading(view, first, end)
    if not words.strip() or _COUNTED.search(words) or (stop is None and words.endswith(("；", "，"))):
        return None
    if stop is None or stop.end() == end:
        return Heading(first, words_end, end, rank)
    if view.text[stop.start()] == "：":
        # `三、咨询情况：全年…` runs in, `1.主动公开信息数：52条` is a statement, `一、年报：概述` one heading.
        if view.text[stop.end()].isdecimal() and not _YEAR.match(view.text, stop.end()):
            return None
        if "。" not in view.text[stop.end() : end]:
            return Heading(first, end, end, rank) if end - first <= _LONGEST else None
    return Heading(first, words_end, stop.end(), rank)


def find_glued_heading(view: View, start: int, end: int) -> Heading | None:
    """The heading that running text `[start, end)` begins with, where no sign parts the two.

    A blank that the view dropped parts them as well (`一、概述 本学年度，…`), as does the usual end of
    a heading before the usual beginning of a sentence (`一、总体情况2024年，…`).
    """
    for rank, pattern in _MARKS:
        mark = pattern.match(view.text, start, end)
        if not mark:
            continue
        if _PLAIN.fullmatch(view.text, mark.end(), end):
            return Heading(start, end, end, rank)
        words = _GLUED.match(view.text, mark.end(), end)
        stop = words.end() if words else _blank_after(view, mark.end(), end)
        if stop and _COUNTED.search(view.text, mark.end(), stop):
            return None  # an item with its figure (`3.其他信息12条 …`), no heading
        return Heading(start, stop, stop, rank) if stop else None
    return None


def _blank_after(view: View, start: int, end: int) -> int | None:
    """Where a heading without signs ends at a blank of the document."""
    for at in range(start + 2, min(end, start + _LONGEST_GLUED)):
        if view.text[at] in "，。；：！？":
            return None
        if _gap(view, at) and not view.text[at - 1].isdecimal():
            year = _YEAR.match(view.text, at)
            return at if year or not view.text[at].isdecimal() else None
    return None


def _gap(view: View, at: int) -> bool:
    """Whether the view dropped a blank before character `at`; a wider gap is bracketed pinyin."""
    return at < len(view.text) and 1 <= view.starts[at] - view.ends[at - 1] <= 2


def nest(headings: list[Heading], view: View, end: int) -> tuple[Section, ...]:
    """Sections of the headings, in order; `end` is the document offset where the report ends."""
    # What has no number is a heading of its own where no other is, else it stands below 一、.
    numbered = any(h.rank == 2 for h in headings)
    headings = [replace(h, rank=3 if numbered else 2) if h.rank == 0 else h for h in headings]
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
