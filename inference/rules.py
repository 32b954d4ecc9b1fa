"""The rule tagger: finds the same spans as the model, alone; the fallback where the model is unsure."""

from __future__ import annotations

from collections.abc import Sequence

from ..data.document import Sentence
from .rule_metrics import find_metrics
from .rule_names import find_agencies, find_years
from .rule_numbers import Found, find_numbers
from .rule_zeros import find_zeros
from .types import Finder, Label, Tag

Interval = tuple[int, int]

# One raw value for all rule spans: a model's calibration maps it to the share of records that are right;
# with the rules alone, where no calibration is at hand, it is a round guess and stays as it is.
RULE_CONFIDENCE = 0.8


class RuleTagger:
    """Tags sentences by the lexicon and patterns of this package; needs no model."""

    def tag(self, sentences: Sequence[Sentence]) -> list[list[Tag]]:
        """Tags of each sentence, in text order and free of overlaps, in document offsets."""
        return [self._tag(sentence) for sentence in sentences]

    def _tag(self, sentence: Sentence) -> list[Tag]:
        text = sentence.view.text
        numbers = find_numbers(text)
        zeros = find_zeros(text)
        spans: list[tuple[Interval, Label]] = []
        for statement in zeros:
            spans.append((statement.words, Label.ZERO))
            spans.extend((metric, Label.METRIC) for metric in statement.metrics)
        taken = [interval for interval, _ in spans]
        numbers = [n for n in numbers if not _overlaps((n.start, n.stop), taken)]
        spans.extend(_number_spans(numbers))
        if numbers:
            spans.extend((metric, Label.METRIC) for metric in find_metrics(text, numbers))
        years = [(interval, Label.YEAR) for interval in find_years(text)]
        agencies = [(interval, Label.AGENCY) for interval in find_agencies(text)]
        return [
            Tag(*sentence.view.span(*interval), label, RULE_CONFIDENCE, Finder.RULE)
            for interval, label in _without_overlaps(spans + years + agencies)
        ]


def _number_spans(numbers: list[Found]) -> list[tuple[Interval, Label]]:
    out: list[tuple[Interval, Label]] = []
    for number in numbers:
        out.append(((number.start, number.end), Label.RATE if number.is_rate else Label.COUNT))
        if number.unit:
            out.append((number.unit, Label.UNIT))
    return out


def _overlaps(interval: Interval, others: list[Interval]) -> bool:
    return any(s < interval[1] and interval[0] < e for s, e in others)


def _without_overlaps(spans: list[tuple[Interval, Label]]) -> list[tuple[Interval, Label]]:
    """Earlier entries win: figures before metrics before years before agencies."""
    kept: list[tuple[Interval, Label]] = []
    for interval, label in spans:
        if interval[0] < interval[1] and not _overlaps(interval, [k for k, _ in kept]):
            kept.append((interval, label))
    return sorted(kept)
