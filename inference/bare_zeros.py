"""Absences stated by a heading and one word under it: `五、行政复议、行政诉讼情况` and then `无。`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..data.document import Document, Sentence
from .figures import heading_chain
from .metric_model import MetricModel
from .metrics import Context, load_metrics, metric_id
from .rule_zeros import heading_targets
from .rules import RULE_CONFIDENCE
from .types import Figure, Finder, Kind, Qualifier

_BARE = re.compile(
    r"(?:均|暂|尚|皆|全年|本年度|截至目前|目前)*(?:无|没有|未发生|未产生|未出现|未收到)(?:此类|此项|该类|这类|相关|上述|以上|类似)?"
    r"(?:情况|情形|事项|案件|问题|内容)?(?:发生|出现|产生)?[。.]?"
)


def bare_zeros(
    document: Document, sentences: Sequence[Sentence], year: int | None, metrics: MetricModel | None
) -> Iterator[Figure]:
    """The zeros of those of `sentences` that are nothing but a negation under a heading which names what there was none of."""
    read = {s.start for s in sentences}
    for heading, sentence in pairwise(document.sentences):
        if sentence.start not in read or sentence.section is None or sentence.section != heading.section:
            continue
        if heading.start != document.sections[sentence.section].start:
            continue
        if _BARE.fullmatch(sentence.view.text):
            yield from _figures(document, heading, sentence, year, metrics)


def _figures(
    document: Document, heading: Sentence, sentence: Sentence, year: int | None, metrics: MetricModel | None
) -> Iterator[Figure]:
    text = heading.view.text
    chain = heading_chain(document, sentence.section)
    for start, end in heading_targets(text):
        words = text[start:end]
        context = Context(words, words, chain, None, Kind.COUNT, is_zero=True, year=year)
        found, sure = metrics.decide(context) if metrics else (metric_id(context), 1.0)
        canonical = load_metrics()[found] if found else None
        first = heading.view.span(start, end)[0]
        yield Figure(
            first,
            sentence.view.span(0, len(sentence.view.text.rstrip("。.")))[1],
            metric=re.sub(r"\s+", "", document.text[slice(*heading.view.span(start, end))]),
            metric_id=found,
            value=0,
            unit=canonical.unit if canonical else None,
            qualifier=Qualifier.EXACT,
            kind=canonical.kind if canonical else Kind.COUNT,
            finder=Finder.RULE,
            confidence=RULE_CONFIDENCE * sure,
            section=chain[-1] if chain else None,
        )
