"""Turns the linked tags of a sentence into figures: value, qualifier, kind, year, metric_id, evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..data.document import Document, Sentence
from ..data.numbers import Number, parse_count, parse_rate
from .link_model import LinkModel
from .links import Linked, Spot, link, locate
from .metric_model import MetricModel
from .metrics import Context, load_metrics, metric_id
from .types import Figure, Finder, Kind, Label, Qualifier, Tag
from .years import figure_year

_MONEY = re.compile(r"^(?:人民币)?(?:元|美元|港元|圆)$")
_MULTIPLIER = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8, "千": 10**3, "百": 100}
# Before a number that is no year's total: what it is more than last year, and what all years came to.
_NO_TOTAL = re.compile(
    r"(?:比|较|同|与|和)(?:去年|上年|上一年|前一年|往年|同期|20\d\d年)[^。；\n]{0,14}(?:增加|减少|增长|净增|增|减|多|少|下降|上升)了?$"
    r"|(?:施行|实施|颁布|开通|运行|建[站成])以来，?(?:截至|截止)[^。；\n]{0,50}$"
)
_CLAUSE_BREAK = "，,。；;：:！!？?\n|"
_BEFORE = (
    (Qualifier.MIN, re.compile(r"(?:超过了?|突破了?|不少于|不低于|超|逾|至少|多于|高于|不下)$")),
    (Qualifier.MAX, re.compile(r"(?:不到|不足|至多|低于|少于|不超过|最多|不高于)$")),
    (Qualifier.APPROX, re.compile(r"(?:大?约|近|将近|接近|大概|大致|约为|约有|约计|上)$")),
)
_AFTER = (
    (Qualifier.MIN, re.compile(r"^(?:以上|之多)")),
    (Qualifier.MAX, re.compile(r"^(?:以内|以下|之内)")),
    (Qualifier.APPROX, re.compile(r"^(?:左右|上下|余|多|许)")),
)
# 累计 under a word for the report's year only says "in all"; behind these it runs over years.
_THIS_YEAR = r"(?:今年|全年|年内|当年|本年|本学年|年度|{year}年度?)[^。；\n]{{0,60}}$"
_ALL_YEARS = re.compile(r"截至|截止|历年|以来|至今|上年|去年|自.{1,12}起|20\d\d年?[至到—~～-]+(?:20)?\d\d")


def figures_of(
    document: Document,
    sentence: Sentence,
    tags: Sequence[Tag],
    report_year: int | None,
    metrics: MetricModel | None = None,
    links: LinkModel | None = None,
) -> list[Figure]:
    """The figures of a sentence, in the order of their numbers.

    `metrics` decides the metric_id and `links` the links where they are given; the alias table
    and the rules alone otherwise.
    """
    text = sentence.view.text
    spots = locate(sentence, tags)
    headings = heading_chain(document, sentence.section)
    out: list[Figure] = []
    previous: str | None = None
    ruled = link(text, spots)
    for linked in links.relink(text, spots, ruled) if links else ruled:
        number = _number(text, linked)
        if number is None:
            continue
        decided: dict[str | int, Figure] = {}
        for metric in linked.metrics:
            context = context_of(text, linked, metric, spots, headings, report_year, previous)
            found, sure = metrics.decide(context) if metrics else (metric_id(context), 1.0)
            if _NO_TOTAL.search(text, 0, linked.figure.start):
                found = None
            previous = found or previous
            # Two pieces of what is counted give one figure, on the later of them.
            decided[found or metric.start] = _figure(
                document, sentence, linked, metric, number, context, (found, sure), spots
            )
        out += decided.values()
    return out


def context_of(
    text: str,
    linked: Linked,
    metric: Spot,
    spots: Sequence[Spot],
    headings: tuple[str, ...],
    report_year: int | None,
    previous: str | None,
) -> Context:
    """What decides on the metric_id of a figure."""
    unit, kind = _unit_and_kind(text, linked)
    low = min(metric.start, linked.figure.start)
    high = max(metric.end, linked.unit.end if linked.unit else linked.figure.end)
    words, phrase = text[metric.start : metric.end], _phrase(text, linked, metric, spots)
    if "累计" in phrase and _of_the_year(text[: linked.figure.start], report_year):
        words, phrase = words.removeprefix("累计"), phrase.replace("累计", "", 1)
    return Context(
        metric=words,
        phrase=phrase,
        headings=headings,
        unit=unit,
        kind=kind,
        is_zero=linked.figure.label == Label.ZERO,
        year=report_year,
        before=text[max(0, low - 40) : low],
        after=text[high : high + 16],
        previous=previous,
    )


def _of_the_year(before: str, report_year: int | None) -> bool:
    """Whether the words before a figure name the report's year and nothing that runs over years."""
    pattern = _THIS_YEAR.format(year=report_year or "本")
    return re.search(pattern, before) is not None and not _ALL_YEARS.search(before)


def heading_chain(document: Document, index: int | None) -> tuple[str, ...]:
    """The headings over a sentence, outermost first."""
    chain: list[str] = []
    while index is not None:
        section = document.sections[index]
        chain.append(section.heading)
        index = section.parent
    return tuple(reversed(chain))


def _number(text: str, linked: Linked) -> Number | None:
    words = text[linked.figure.start : linked.figure.end]
    if linked.figure.label == Label.ZERO:
        return Number(0)
    if linked.figure.label == Label.RATE:
        return parse_rate(words)
    number = parse_count(words)
    if number is None:
        return None
    unit = text[linked.unit.start : linked.unit.end] if linked.unit else ""
    factor = 1
    while unit and unit[0] in _MULTIPLIER:  # a tagger may have left 万 with the unit
        factor *= _MULTIPLIER[unit[0]]
        unit = unit[1:]
    if factor == 1:
        return number
    value = number.value * factor
    return Number(int(value) if value == int(value) else value, number.approx)


def _figure(
    document: Document,
    sentence: Sentence,
    linked: Linked,
    metric: Spot,
    number: Number,
    context: Context,
    decided: tuple[str | None, float],
    spots: Sequence[Spot],
) -> Figure:
    text = sentence.view.text
    found, sure = decided
    unit, kind = context.unit, context.kind
    if context.is_zero and found is not None:
        unit, kind = load_metrics()[found].unit, load_metrics()[found].kind
    parts = [linked.figure, metric, *([linked.unit] if linked.unit else [])]
    return Figure(
        *sentence.view.span(*_evidence(text, linked, metric, spots)),
        metric=_as_written(document, sentence, metric),
        metric_id=found,
        value=number.value,
        unit=unit,
        qualifier=_qualifier(text, linked, number),
        kind=kind,
        finder=Finder.MODEL if linked.figure.tag.finder == Finder.MODEL else Finder.RULE,
        confidence=min(p.tag.confidence for p in parts) * linked.confidence * sure,
        year=figure_year(text, linked, spots, context.year),
        section=context.headings[-1] if context.headings else None,
    )


def _unit_and_kind(text: str, linked: Linked) -> tuple[str | None, Kind]:
    if linked.figure.label == Label.RATE:
        return "%", Kind.RATE
    if linked.unit is None:
        return None, Kind.COUNT
    unit = text[linked.unit.start : linked.unit.end].lstrip("".join(_MULTIPLIER)).rstrip("（(【[")
    if _MONEY.match(unit):
        return "元", Kind.AMOUNT
    return unit or None, Kind.COUNT


def _qualifier(text: str, linked: Linked, number: Number) -> Qualifier:
    if linked.figure.label == Label.ZERO:
        return Qualifier.EXACT
    before = text[max(0, linked.figure.start - 5) : linked.figure.start]
    end = linked.unit.end if linked.unit else linked.figure.end
    afters = (text[end : end + 4], text[linked.figure.end : linked.figure.end + 4])
    for qualifier, pattern in _BEFORE:
        if pattern.search(before):
            return qualifier
    for qualifier, pattern in _AFTER:
        if any(pattern.match(after) for after in afters):
            return qualifier
    return Qualifier.APPROX if number.approx else Qualifier.EXACT


def _evidence(text: str, linked: Linked, metric: Spot, spots: Sequence[Spot]) -> tuple[int, int]:
    """From the metric to the unit; a carried-over metric leaves its figure's own clause as evidence."""
    figure = linked.figure
    end = figure.end
    if linked.unit is not None and linked.unit.start - figure.end <= 2:
        end = linked.unit.end
    if figure.label == Label.ZERO and metric.start >= figure.end:
        return figure.start, metric.end
    if metric.start >= figure.end:
        return _frame_start(text, figure.start, spots), max(end, metric.end)
    between = [
        s for s in spots if s.label in (Label.COUNT, Label.RATE) and metric.end <= s.start < figure.start
    ]
    if between and figure.label != Label.ZERO:
        start = between[-1].end
        for sign in range(figure.start - 1, start - 1, -1):
            if text[sign] in _CLAUSE_BREAK:
                start = sign + 1
                break
        while start < figure.start and text[start] in "、和及,， 条件篇次个":
            start += 1
        return min(start, figure.start), end
    return metric.start, end


def _frame_start(text: str, start: int, spots: Sequence[Spot]) -> int:
    """The verb before a number whose metric follows belongs to what states it: `收到1件…`."""
    floor = max((s.end for s in spots if s.end <= start), default=0)
    match = re.search(r"[\u4e00-\u9fff]{2}(?:了|到)?$", text[floor:start])
    return floor + match.start() if match else start


def _phrase(text: str, linked: Linked, metric: Spot, spots: Sequence[Spot]) -> str:
    """The clause around figure and metric, cut at neighbouring figures' own words."""
    low = min(metric.start, linked.figure.start)
    high = max(metric.end, linked.unit.end if linked.unit else linked.figure.end)
    start = low
    while start > 0 and text[start - 1] not in _CLAUSE_BREAK:
        start -= 1
    start = max(
        [start, *(s.end for s in spots if s.label in (Label.COUNT, Label.RATE, Label.UNIT) and s.end <= low)]
    )
    return text[start:high]


def _as_written(document: Document, sentence: Sentence, metric: Spot) -> str:
    """The metric's own characters with the blanks and line ends that broke it left out."""
    start, end = sentence.view.span(metric.start, metric.end)
    words = re.sub(r"\s+", "", document.text[start:end])
    return words or sentence.view.text[metric.start : metric.end]
