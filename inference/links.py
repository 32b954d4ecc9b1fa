"""Which METRIC and UNIT each figure of a sentence belongs to, by the order of spans and the words between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..data.document import Sentence
from .types import Label, Tag

FIGURES = frozenset({Label.COUNT, Label.RATE, Label.ZERO})


@dataclass(frozen=True, slots=True)
class Spot:
    """A tag with its interval in the sentence's view."""

    tag: Tag
    start: int
    end: int

    @property
    def label(self) -> Label:
        return self.tag.label


@dataclass(frozen=True, slots=True)
class Linked:
    """A figure with its metrics and unit; `unit` may come from a later member of its list.

    `confidence` is that of the link alone: 1 for a metric right beside its number, less
    for one carried over.
    """

    figure: Spot
    metrics: tuple[Spot, ...]
    unit: Spot | None
    confidence: float


_BREAK = re.compile(r"[，,。；;！!？?\n|]")
_LIST_JOINT = re.compile(r"^\s*(?:、|,|，|和|及|与|以及|/|;|；)\s*$")
_METRIC_JOINT = re.compile(r"^(?:类|的)?\s*(?:、|和|及|与|以及|或|或者|或被|,|，|/)?\s*(?:被|因|提起|申请)?$")
_EACH = re.compile(
    r"(?:各|各为|各有|各自|均|均为|均达|均达到|都|都是|都为|都达到|均达到了|均是|各达|各发布|各公开)$"
)
_RESPECTIVELY = re.compile(r"分别|依次|各自")
_SHARE = re.compile(r"占|比|同比|环比|较|增长|增加|减少|下降|上升|提高|增幅|[(（]$|百分|达到?$|为$")
_ABOUT = re.compile(r"^(?:工作|事项|事宜|方面)?(?:而|所)?(?:有关|相关|引起|引发|引致|导致)的?")


def locate(sentence: Sentence, tags: Sequence[Tag]) -> list[Spot]:
    """The tags of a sentence with their intervals in its view, in order."""
    spots = [Spot(tag, *sentence.view.local(tag.start, tag.end)) for tag in tags]
    return sorted((s for s in spots if s.end > s.start), key=lambda s: (s.start, s.end))


def link(text: str, spots: Sequence[Spot]) -> list[Linked]:
    """Link every COUNT, RATE and ZERO of a sentence; figures without a metric come with an empty tuple."""
    figures = [s for s in spots if s.label in FIGURES]
    metrics = [s for s in spots if s.label == Label.METRIC]
    units = {s.start: s for s in spots if s.label == Label.UNIT}
    out: dict[Spot, Linked] = {}
    claimed: set[Spot] = set()
    counted = [f for f in figures if f.label != Label.ZERO]
    for group in _lists(text, counted, units):
        out.update(_link_group(text, group, metrics, counted, out, claimed))
    for zero in (f for f in figures if f.label == Label.ZERO):
        chosen = _zero_metrics(text, zero, metrics, figures, claimed)
        claimed.update(chosen)
        out[zero] = Linked(zero, tuple(chosen), None, 1.0 if chosen else 0.0)
    linked = [out[f] for f in figures]
    return _carry_units(text, linked, units)


def counted(text: str, metrics: Sequence[Spot]) -> list[Spot]:
    """Without metrics that only say what the next one is about: `未收到与公开申请有关的投诉`."""
    out = []
    for metric, following in pairwise(metrics):
        gap = text[metric.end : following.start]
        if _BREAK.search(gap) or not _ABOUT.match(gap):
            out.append(metric)
    return [*out, *metrics[-1:]]


def _lists(text: str, figures: list[Spot], units: dict[int, Spot]) -> list[list[Spot]]:
    """Figures grouped into lists such as `5、3、2件`; most groups hold one figure."""
    groups: list[list[Spot]] = []
    for figure in figures:
        if groups:
            last = groups[-1][-1]
            end = units[last.end].end if last.end in units else last.end
            if last.label == figure.label and _LIST_JOINT.match(text[end : figure.start]):
                groups[-1].append(figure)
                continue
        groups.append([figure])
    return groups


def _link_group(
    text: str,
    group: list[Spot],
    metrics: list[Spot],
    figures: list[Spot],
    done: dict[Spot, Linked],
    claimed: set[Spot],
) -> dict[Spot, Linked]:
    run = _run_before(text, group[0].start, metrics)
    if (
        len(group) > 1
        and len(run) >= len(group)
        and _RESPECTIVELY.search(text[run[0].start : group[0].start])
    ):
        claimed.update(run[-len(group) :])
        return {f: Linked(f, (m,), None, 1.0) for f, m in zip(group, run[-len(group) :], strict=True)}
    out: dict[Spot, Linked] = {}
    for figure in group:
        chosen, confidence = _metrics_of(text, figure, metrics, figures, done | out, claimed)
        claimed.update(chosen)
        out[figure] = Linked(figure, tuple(chosen), None, confidence)
    return out


def _run_before(text: str, end: int, metrics: list[Spot]) -> list[Spot]:
    """The coordinated metrics that end before `end`: `行政复议、行政诉讼`."""
    before = [m for m in metrics if m.end <= end]
    run: list[Spot] = []
    for metric in reversed(before):
        if run and not _METRIC_JOINT.match(text[metric.end : run[0].start]):
            break
        if not run and re.search(r"[。；;]", text[metric.end : end]):
            break
        run.insert(0, metric)
    return run


def _metrics_of(
    text: str,
    figure: Spot,
    metrics: list[Spot],
    figures: list[Spot],
    done: dict[Spot, Linked],
    claimed: set[Spot],
) -> tuple[list[Spot], float]:
    before = [m for m in metrics if m.end <= figure.start]
    nearest = before[-1] if before else None
    last = max((f for f in figures if f.end <= figure.start), key=lambda f: f.end, default=None)
    gap = text[nearest.end : figure.start] if nearest else ""
    direct = nearest is not None and not _BREAK.search(gap) and (last is None or last.end <= nearest.start)
    after = _metric_after(text, figure, metrics, figures)
    if after and nearest in claimed and re.match(r"^\s*(?:[、和及与]|(?:进行|开展|组织)了?$)", gap):
        return after, 1.0  # `1个公开栏、2名信息员`: in such a list the metric follows its number
    if after and _opens_list(text, figure, after[-1], figures):
        return after, 1.0
    if direct and nearest is not None:
        none = text[figure.start : figure.end] in ("0", "零")
        if none or _EACH.search(re.sub(r"[\s\d]", "", gap)):
            return _run_before(text, figure.start, metrics), 1.0
        if figure.label != Label.RATE or not _is_share_of(text, nearest, last):
            return [nearest], 1.0
    if after:
        return after, 0.97
    carries = figure.label == Label.RATE or not direct
    named = last is not None and last in done and done[last].metrics
    if carries and last is not None and named and "。" not in text[last.end : figure.start]:
        own = nearest is not None and nearest.end > last.start and nearest not in claimed
        if not own or figure.label == Label.RATE:
            return list(done[last].metrics), 0.9
    if nearest is not None:
        return [nearest], 0.8 if nearest not in claimed else 0.7
    following = [
        m for m in metrics if m.start >= figure.end and not re.search(r"[。；;]", text[figure.end : m.start])
    ]
    return (following[:1], 0.6) if following else ([], 0.0)


def _opens_list(text: str, figure: Spot, metric: Spot, figures: list[Spot]) -> bool:
    """`登出2条任免信息、0条收费信息`: the metric right behind a number, and the next number behind that."""
    following = next((f for f in figures if f.start >= metric.end), None)
    return (
        following is not None
        and text[metric.end : following.start].strip() == "、"
        and metric.start - figure.end <= 2
    )


def _is_share_of(text: str, metric: Spot, last: Spot | None) -> bool:
    """`占主动公开信息总量的8.4%`: the metric named inside the share is the whole, not the part."""
    return last is not None and bool(re.search(r"占[^，。；]{0,6}$", text[last.end : metric.start]))


def _metric_after(text: str, figure: Spot, metrics: list[Spot], figures: list[Spot]) -> list[Spot]:
    """`收到1件申请`: the metric that follows number and unit directly, with one in brackets behind it."""
    for index, metric in enumerate(metrics):
        if metric.start < figure.end:
            continue
        gap = text[figure.end : metric.start]
        if len(gap) > 8 or _BREAK.search(gap) or gap.startswith("）"):
            return []
        following = next((f for f in figures if f.start >= metric.end), None)
        if (
            following
            and not _BREAK.search(text[metric.end : following.start])
            and "、" not in text[metric.end : following.start]
        ):
            return [] if len(gap) > 3 else [metric]
        out = [metric]
        if index + 1 < len(metrics):
            second = metrics[index + 1]
            inside = text[metric.end : second.start]
            if re.match(r"^[(（][^)）]{0,6}$", inside) and not any(
                f.start >= second.end and re.match(r"^[^)）]*$", text[second.end : f.start]) for f in figures
            ):
                out.append(second)
        return out
    return []


def _zero_metrics(
    text: str, zero: Spot, metrics: list[Spot], figures: list[Spot], claimed: set[Spot]
) -> list[Spot]:
    limit = min(
        (f.start for f in figures if f.label == Label.ZERO and f.start > zero.start), default=len(text)
    )
    stop = re.search(r"[。；;]", text[zero.end : limit])
    limit = zero.end + stop.start() if stop else limit
    metrics = counted(text, metrics)
    after = [m for m in metrics if zero.end <= m.start < limit and m not in claimed]
    if after:
        return after
    floor = max((f.end for f in figures if f.end <= zero.start), default=0)
    before = [m for m in metrics if floor <= m.start and m.end <= zero.start and m not in claimed]
    if before:
        run = _run_before(text, zero.start, before)
        return run or before[-1:]
    inside = [m for m in metrics if m.end <= zero.start]
    return inside[-1:]


def _carry_units(text: str, linked: list[Linked], units: dict[int, Spot]) -> list[Linked]:
    """Give each count the unit right after it, or that of the list's later member."""
    out: list[Linked] = []
    for index, item in enumerate(linked):
        unit = None
        if item.figure.label == Label.COUNT:
            unit = _unit_at(text, item.figure.end, units)
            if unit is None:
                unit = _unit_of_list(text, linked, index, units)
        out.append(replace(item, unit=unit))
    return out


def _unit_at(text: str, end: int, units: dict[int, Spot]) -> Spot | None:
    if end in units:
        return units[end]
    # 多, 余 and 以上 may stand between number and unit where a tagger left them out of the number.
    for width in (1, 2):
        if end + width in units and re.fullmatch(r"[余多几 ]|以上|左右", text[end : end + width]):
            return units[end + width]
    return None


def _unit_of_list(text: str, linked: list[Linked], index: int, units: dict[int, Spot]) -> Spot | None:
    for before, after in zip(linked[index:], linked[index + 1 :], strict=False):
        if after.figure.label != Label.COUNT or not _LIST_JOINT.match(
            text[before.figure.end : after.figure.start]
        ):
            return None
        unit = _unit_at(text, after.figure.end, units)
        if unit:
            return unit
    return None
