"""Links between figures and metrics, and the ids of metrics, each given what comes before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...data.document import Sentence
from ...inference.extractor import Extractor
from ...inference.forms import form_intervals
from ...inference.link_model import LinkModel
from ...inference.links import link, locate
from ...inference.metric_model import MetricModel
from ...inference.metrics import Context, metric_id
from ...inference.types import Tag
from ..judge import JudgedReport
from ..metrics import Case, cases, gold_tags
from ..scores import Score, total, with_interval

Interval = tuple[int, int]
Pair = tuple[Interval, Interval]
"""A figure and a metric, both in a sentence's view."""

Tagged = tuple[Sentence, Sequence[Tag]]


@dataclass(frozen=True, slots=True)
class Linking:
    """One sentence's annotated and found links; those of optional figures are in neither."""

    sentence: Sentence
    gold: frozenset[Pair]
    found: frozenset[Pair]


def linked_by_gold(report: JudgedReport, scorer: LinkModel | None) -> list[Linking]:
    """Links of the annotated spans; the rules make them where there is no `scorer`."""
    return [
        linking(report, s, list(gold_tags(report.annotated.report, s)), scorer) for s in narrative(report)
    ]


def linked_by(report: JudgedReport, tagged: Iterable[Tagged], scorer: LinkModel | None) -> list[Linking]:
    """Links of an extractor's own spans."""
    return [linking(report, sentence, tags, scorer) for sentence, tags in tagged]


def tagged_by(report: JudgedReport, extractor: Extractor) -> list[Tagged]:
    """The narrative sentences of a report with an extractor's tags."""
    sentences = narrative(report)
    return list(zip(sentences, extractor.tag(sentences), strict=True))


def narrative(report: JudgedReport) -> list[Sentence]:
    """The sentences that no form consumed: forms bring their own links."""
    forms = form_intervals(report.document)
    return [s for s in report.document.sentences if not any(a < s.end and s.start < b for a, b in forms)]


def linking(
    report: JudgedReport, sentence: Sentence, tags: Sequence[Tag], scorer: LinkModel | None
) -> Linking:
    """Annotated links of a sentence beside those that the linker makes of `tags`."""
    text, spots = sentence.view.text, locate(sentence, tags)
    ruled = link(text, spots)
    metrics = report.annotated.report.metrics()
    gold: set[Pair] = set()
    optional: set[Interval] = set()
    for mark in report.annotated.report.marks:
        if not (sentence.start <= mark.start and mark.end <= sentence.end):
            continue
        figure = sentence.view.local(mark.start, mark.end)
        if mark.optional:
            optional.add(figure)
            continue
        for target in mark.links:
            metric = metrics.get(target.metric)
            if metric is not None:
                # A metric of another sentence is out of the linker's reach: a miss, in no view place.
                inside = sentence.start <= metric.start and metric.end <= sentence.end
                place = sentence.view.local(metric.start, metric.end) if inside else (-1, target.metric)
                gold.add((figure, place))
    found = {
        ((linked.figure.start, linked.figure.end), (metric.start, metric.end))
        for linked in (scorer.relink(text, spots, ruled) if scorer else ruled)
        for metric in linked.metrics
        if (linked.figure.start, linked.figure.end) not in optional
    }
    return Linking(sentence, frozenset(gold), frozenset(found))


def link_figures(reports: Sequence[Sequence[Linking]], seed: int, draws: int) -> dict[str, object]:
    """Exact link F1: both ends of a link must be right to the character."""
    return with_interval([total(map(_link_score, report)) for report in reports], seed, draws)


def link_misses(report_id: str, linkings: Iterable[Linking]) -> Iterator[dict[str, Any]]:
    """Every figure whose metrics differ: its words, the annotated and the found metrics."""
    for item in linkings:
        text = item.sentence.view.text
        for figure in sorted({f for f, _ in item.gold ^ item.found}):
            sides = [sorted(m for f, m in side if f == figure) for side in (item.gold, item.found)]
            gold, got = ([_words(text, m) for m in side] for side in sides)
            yield {
                "report": report_id,
                "at": [item.sentence.start, item.sentence.end],
                "text": text,
                "figure": _words(text, figure),
                "gold": gold,
                "got": got,
            }


def id_figures(
    reports: Sequence[JudgedReport], model: MetricModel | None, seed: int, draws: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Accuracy of metric_id given the annotated links, by the classifier and by the alias table; misses.

    The misses are the classifier's, or the alias table's where the model folder has no classifier.
    """
    given = [(r.annotated.report_id, _required(cases([r.annotated]))) for r in reports]
    deciders: dict[str, Decide] = {"aliases": metric_id}
    if model is not None:
        deciders["model"] = lambda context: model.decide(context)[0]
    figures = {
        name: _accuracy([part for _, part in given], decide, seed, draws) for name, decide in deciders.items()
    }
    chosen = deciders.get("model", metric_id)
    return figures, [miss for name, part in given for miss in _id_misses(name, part, chosen)]


Decide = Callable[[Context], str | None]


def _required(found: Iterable[Case]) -> list[Case]:
    return [c for c in found if not c.figure.optional]


def _accuracy(reports: Sequence[Sequence[Case]], decide: Decide, seed: int, draws: int) -> dict[str, Any]:
    pairs = [[(c.metric_id, decide(c.context)) for c in part] for part in reports]
    right = [Score(sum(a == b for a, b in part), len(part), len(part)) for part in pairs]
    named = [Score(*_counts(part)) for part in pairs]
    pooled = with_interval(right, seed, draws)
    return {
        "accuracy": pooled["f1"],
        "interval": pooled["interval"],
        "cases": pooled["gold"],
        "ids": with_interval(named, seed, draws),
    }


def _counts(pairs: Iterable[tuple[str | None, str | None]]) -> tuple[int, int, int]:
    """Right, given and annotated ids; a figure rightly without one counts nowhere."""
    kept = list(pairs)
    return (
        sum(a is not None and a == b for a, b in kept),
        sum(b is not None for _, b in kept),
        sum(a is not None for a, _ in kept),
    )


def _id_misses(report_id: str, part: Iterable[Case], decide: Decide) -> Iterator[dict[str, Any]]:
    for case in part:
        got = decide(case.context)
        if got == case.metric_id:
            continue
        text, view = case.sentence.view.text, case.sentence.view
        yield {
            "report": report_id,
            "at": [case.sentence.start, case.sentence.end],
            "text": text,
            "figure": _words(text, view.local(case.figure.start, case.figure.end)),
            "metric": _words(text, view.local(case.metric.start, case.metric.end)),
            "gold": case.metric_id,
            "got": got,
        }


def _link_score(item: Linking) -> Score:
    return Score(len(item.gold & item.found), len(item.found), len(item.gold))


def _words(text: str, place: Interval) -> dict[str, Any]:
    """Words with their interval in the sentence; a metric of another sentence has none."""
    if place[0] < 0:
        return {"start": None, "end": None, "words": f"metric {place[1]}, in another sentence"}
    return {"start": place[0], "end": place[1], "words": text[place[0] : place[1]]}
