"""The report's year, and the year that a figure is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..data.document import Document
from ..data.numbers import parse_year
from .links import Linked, Spot
from .types import Label

_YEAR = r"((?:19|20)\d{2}(?:年?[-—–~至到/](?:19|20)?\d{2})?\s*(?:学年|年)|[一二][〇○零0O九一二三四五六七八]{3}\s*年)"
_TITLE = re.compile(
    _YEAR
    + r"[^，。；\n]{0,30}?(?:信息公开|政务公开|校务公开|院务公开|公开)[^，。；\n]{0,16}?(?:报告|年报|总结|情况)"
)
_TITLE_AFTER = re.compile(
    r"(?:信息公开|政务公开|公开)[^，。；\n]{0,16}?(?:报告|年报)[^，。；\n]{0,4}?[(（]?" + _YEAR
)
_PERIOD = re.compile(r"(?:期限|时限|期间|统计|数据|报告期)[^。；\n]{0,24}?" + _YEAR)
_FORM = re.compile(r"[(（]\s*((?:19|20)\d{2})\s*年?度?\s*[)）]")
_ANY = re.compile(_YEAR)
_SCHOOL_YEAR = re.compile(r"(?:19|20)\d{2}年?[-—–~至到/]+(?:19|20)?\d{2}\s*学年")


@dataclass(frozen=True, slots=True)
class ReportYear:
    """The report's year, None where nothing names it, and whether title and period disagree."""

    year: int | None
    conflict: bool = False


def report_year(document: Document) -> ReportYear:
    """The year of the title or of the statistical period, never that of publication."""
    text = document.view.text
    low, high = document.view.local(*document.body)
    body = text[low:high]
    title = _title_year(document)
    period = _school_period(body[:3000]) or _first(_PERIOD, body[:3000])
    head = _first(_TITLE, body[:1500]) or _first(_TITLE_AFTER, body[:1500]) or _first(_TITLE, text[:3000])
    if title is None:
        title = head
        if head is not None and period is None:
            # Running text names other years' reports too; what it speaks of most decides.
            counts = _own_years(body)
            title = max([head, *counts], key=lambda year: counts[year])
    if title is not None and title - 1 == period and _SCHOOL_YEAR.search(body[:3000]):
        period = title  # a school year begins in the calendar year before the one it is named for
    if title is not None and period is not None and title != period:
        # A title's typing error is rarer than a period copied from last year's report, except
        # where the text itself sides with the period.
        counts = _years_named(body)
        winner = period if counts[period] > 2 * counts[title] else title
        return ReportYear(winner, conflict=True)
    named = title or period
    if named is None:
        named = _form_year(body) or _most_named(body)
    return ReportYear(named)


def _title_year(document: Document) -> int | None:
    if document.title is None:
        return None
    start, end = document.view.local(*document.title)
    words = document.view.text[start:end]
    return _first(_TITLE, words) or _first(_ANY, words)


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return parse_year(match.group(1)) if match else None


# September to August, however it is written, is the later year's school year.
_SCHOOL_PERIOD = re.compile(
    r"(?:19|20)\d{2}年[89]月(?:\d{1,2}日)?(?:起|开始)?[至到—–~-]+((?:19|20)\d{2})年[78]月"
)


def _school_period(text: str) -> int | None:
    match = _SCHOOL_PERIOD.search(text)
    return int(match.group(1)) if match else None


def _form_year(text: str) -> int | None:
    match = _FORM.search(text)
    return int(match.group(1)) if match else None


def _years_named(text: str) -> Counter[int]:
    return Counter(y for m in _ANY.findall(text) if (y := parse_year(m)) is not None and 2006 < y < 2100)


# What a report says of its own year: not titles of decrees, dates, what is put off to next year, plans.
_ELSEWHERE = re.compile(
    r"《[^》]*》|〔[^〕]*〕|(?:19|20)\d{2}年\d{1,2}月\d{1,2}日"
    r"|[一二][〇○零0O九一二三四五六七八]{3}年[一二三四五六七八九十]+月|(?:转|转入|结转|至|到|明年|力争)(?:19|20)\d{2}年"
)
_PLANS = re.compile(
    r"\n[^\n]{0,12}(?:存在的?问题|主要问题|下一步|工作打算|改进(?:措施|情况)|努力方向)[^\n]{0,20}\n"
)


def _own_years(text: str) -> Counter[int]:
    plans = _PLANS.search(text)
    return _years_named(_ELSEWHERE.sub(" ", text[: plans.start()] if plans else text))


def _most_named(text: str) -> int | None:
    counts = _own_years(text) or _years_named(text)
    return counts.most_common(1)[0][0] if counts else None


_THIS = frozenset("今年 全年 年内 年度 本年 本年度 当年 全年度 一年来 今年以来 年度内".split())
_LAST = frozenset("去年 上年 上年度 上一年 上一年度 去年同期 上年同期".split())
_GROWN = re.compile(r"(?:多|少|增|减|升|降|增[长加多]|减少|下降|上升|提高)了?$")
_COMPARED = re.compile(r"(?:比|较|同|与|于|对比|相比|环比|同比)\s*$")


_PERIOD_END = re.compile(r"[至到—–~-]+(?P<year>(?:19|20)\d{2})年")
# `由2011年的250万次升至475万次`: only the first number is the older year's.
_RISEN = re.compile(r"\d.*(?:到|至|为|达)")


_BEGUN = re.compile(r"(?:\d{1,2}月(?:\d{1,2}日)?)起")


def figure_year(text: str, linked: Linked, spots: Sequence[Spot], report: int | None) -> int | None:
    """The year that a figure is about, None where it is the report's own.

    A year named in the figure's clause before the number counts; else the nearest before it in
    the sentence. A year that is only compared with (`较2011年增长`) dates nothing but a number
    that follows it directly (`较2011年的30条`).
    """
    years = [s for s in spots if s.label == Label.YEAR and s.end <= linked.figure.start]
    grown = bool(_GROWN.search(text[: linked.figure.start]))
    for spot in reversed(years):
        words = text[spot.start : spot.end]
        gap = text[spot.end : linked.figure.start]
        value = _resolve(words, report)
        period = _PERIOD_END.match(text, spot.end)
        if period:
            value = int(period["year"])  # several years' figure is that of the last
        if value is None:
            continue
        if _in_title(text, spot):
            continue  # `《2015年度决算》`: what a document is about dates no figure
        if _BEGUN.match(text, spot.end):
            continue  # `2009年3月起上网公开`: since when it has been so dates no figure
        if re.match(r"度?(?:无|没有|未)?结转", text[spot.end :]) or re.search(
            r"转入?$|结转至?$|延至$|推迟到$", text[: spot.start]
        ):
            continue  # what was carried over, or put off to next year, is this year's load
        if re.search(r"(?:由|从)$", text[: spot.start]) and _RISEN.search(gap):
            continue
        if grown and report is not None and value < report:
            return None  # `和2011年的30条比，多了5条`: a difference is this year's
        compared = bool(_COMPARED.search(text[: spot.start]))
        if compared and not re.fullmatch(r"(?:同期|度|全年)?的?(?:总数|总量)?(?:为|是)?", gap):
            continue
        if re.match(r"\s*\d{0,2}月", gap) and re.search(
            r"(?:截至|截止|自|从|起)", text[max(0, spot.start - 4) : spot.start]
        ):
            return None
        if re.search(r"(?:截至|截止|自|从|起|到)$", text[max(0, spot.start - 3) : spot.start]):
            return None
        return None if value == report else value
    return None


def _in_title(text: str, spot: Spot) -> bool:
    """Whether a year stands inside the marks of a document's title."""
    return text.rfind("《", 0, spot.start) > text.rfind("》", 0, spot.start) and "》" in text[spot.end :]


_INTENT = re.compile(r"计划|将|拟|力争|争取|打算|确保|目标|预计|继续")


def is_planned(text: str, figure: int | None, report: int | None) -> bool:
    """Whether a sentence speaks of what a year after the report's is to bring."""
    return figure is not None and report is not None and figure > report and bool(_INTENT.search(text))


def _resolve(words: str, report: int | None) -> int | None:
    named = parse_year(words)
    if named is not None:
        return named
    if report is None:
        return None
    if words in _THIS:
        return report
    if words in _LAST:
        return report - 1
    if words == "前年":
        return report - 2
    return None
