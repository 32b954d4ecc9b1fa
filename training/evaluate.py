"""How well a tagger does on annotated reports: strict and lenient span F1, slices, calibration, misses."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from ..annotations.convert import Annotated, Span, to_bio
from ..annotations.markup import LABELS
from .calibrate import expected_error, outcomes, reliability
from .judge import Judged, JudgedReport, Predictor, judge, tagger_of
from .scores import DRAWS, Score, total, with_interval
from .slices import report_slices

NOTHING = "nothing"  # in the confusion: a span without a counterpart


def evaluate_model(
    folder: Path, corpus: Sequence[Annotated], *, threads: int = 2, seed: int = 1
) -> dict[str, Any]:
    """Evaluate the ONNX model of a folder on annotated reports; the result is ready for JSON."""
    tagger = tagger_of(folder, threads)
    result = evaluate(tagger, corpus, seed=seed)
    result["model"] = tagger.folder.digest
    result["threshold"] = tagger.folder.calibration.threshold
    return result


def evaluate(tagger: Predictor, corpus: Sequence[Annotated], *, seed: int = 1) -> dict[str, Any]:
    """Figures of any tagger on annotated reports, with bootstrap 95% intervals over reports."""
    began = time.perf_counter()
    judged = judge(tagger, corpus)
    seconds = time.perf_counter() - began
    characters = sum(len(a.report.text) for a in corpus)
    return span_figures(judged, seed=seed) | {
        "slices": _slices(judged),
        "characters_a_second": round(characters / seconds),
        "misses": list(span_misses(judged)),
    }


def span_figures(judged: Sequence[JudgedReport], *, seed: int = 1, draws: int = DRAWS) -> dict[str, Any]:
    """Strict and lenient figures, confusion and calibration of judged reports.

    `overlap` asks for the right label and any common character (type-only), `boundary` for exact
    ends whatever the label, `partial` gives half a match to any common character whatever the label.
    """

    def figures(match: Match, label: str | None = None) -> dict[str, object]:
        return with_interval([span_score(r.sentences, match, label) for r in judged], seed, draws)

    found = outcomes(judged)
    return {
        "reports": len(judged),
        "marks": sum(len(r.annotated.report.marks) for r in judged),
        "not_in_sentences": dict(Counter(lost.reason for r in judged for lost in r.lost)),
        "strict": figures(strict) | {"seqeval_f1": round(_seqeval(judged), 4)},
        "labels": {label: figures(strict, label) for label in LABELS.values()},
        "overlap": figures(_overlap),
        "boundary": figures(_boundary),
        "partial": figures(_partial),
        "confusion": _confusion(judged),
        "calibration": {
            "expected_error": round(expected_error(found.confidence, found.right), 4),
            "bins": reliability(found.confidence, found.right),
        },
    }


def overall(judged: Iterable[JudgedReport]) -> Score:
    """Strict score over all labels."""
    return total(span_score(r.sentences) for r in judged)


Match = Callable[[Sequence[Span], Sequence[Span]], float]
"""Annotated and found spans of one sentence to how many match."""


def strict(gold: Sequence[Span], found: Sequence[Span]) -> float:
    """The same ends and the same label."""
    return len(set(gold) & set(found))


def span_score(sentences: Iterable[Judged], match: Match = strict, label: str | None = None) -> Score:
    """Pooled score of sentences, of one label where it is given."""
    matched: float = 0
    found = gold = 0
    for sentence in sentences:
        theirs = [s for s, _ in sentence.found if label in (None, s.label)]
        ours = [s for s in sentence.gold if label in (None, s.label)]
        matched += match(ours, theirs)
        found += len(theirs)
        gold += len(ours)
    return Score(matched, found, gold)


def _boundary(gold: Sequence[Span], found: Sequence[Span]) -> float:
    return len({(s.start, s.end) for s in gold} & {(s.start, s.end) for s in found})


def _overlap(gold: Sequence[Span], found: Sequence[Span]) -> float:
    return len(_touching(gold, found, same_label=True))


def _partial(gold: Sequence[Span], found: Sequence[Span]) -> float:
    pairs = _touching(gold, found, same_label=False)
    return sum(1 if (a.start, a.end) == (b.start, b.end) else 0.5 for a, b in pairs)


def _touching(gold: Sequence[Span], found: Sequence[Span], *, same_label: bool) -> list[tuple[Span, Span]]:
    """One-to-one pairs with a common character, the longest common stretches first."""
    pairs = sorted(
        (
            (max(a.start, b.start) - min(a.end, b.end), a, b)
            for a in gold
            for b in found
            if a.start < b.end and b.start < a.end and (a.label == b.label or not same_label)
        ),
        key=lambda p: p,
    )
    out: list[tuple[Span, Span]] = []
    for _, a, b in pairs:
        if all(a != c and b != d for c, d in out):
            out.append((a, b))
    return out


def _seqeval(judged: Iterable[JudgedReport]) -> float:
    sentences = [s for r in judged for s in r.sentences if s.text]
    gold = [to_bio(len(s.text), s.gold) for s in sentences]
    found = [to_bio(len(s.text), [span for span, _ in s.found]) for s in sentences]
    return float(f1_score(gold, found, mode="strict", scheme=IOB2, zero_division=0))


def _confusion(judged: Iterable[JudgedReport]) -> dict[str, dict[str, int]]:
    """`[annotated label][found label]` over spans that touch, exact ends or not."""
    names = (*LABELS.values(), NOTHING)
    counts = {a: dict.fromkeys(names, 0) for a in names}
    for report in judged:
        for sentence in report.sentences:
            found = [s for s, _ in sentence.found]
            pairs = _touching(sentence.gold, found, same_label=False)
            for a, b in pairs:
                counts[a.label][b.label] += 1
            for a in set(sentence.gold) - {a for a, _ in pairs}:
                counts[a.label][NOTHING] += 1
            for b in set(found) - {b for _, b in pairs}:
                counts[NOTHING][b.label] += 1
    return counts


def _slices(judged: Sequence[JudgedReport]) -> dict[str, dict[str, dict[str, float]]]:
    ways = [report_slices(r.annotated.meta) for r in judged]
    return {
        name: {
            value: overall(part).as_dict() | {"reports": len(part)}
            for value in sorted({v for way in ways for v in way[name]})
            if (part := [r for r, way in zip(judged, ways, strict=True) if value in way[name]])
        }
        for name in ("era", "level", "script", "dirt")
    }


def span_misses(judged: Iterable[JudgedReport]) -> Iterable[dict[str, Any]]:
    """Every sentence with a missed or a wrong span; `at` is its interval in the report's text."""
    for report in judged:
        for sentence in report.sentences:
            found = {s for s, _ in sentence.found}
            missed, wrong = set(sentence.gold) - found, found - set(sentence.gold)
            if missed or wrong:
                yield {
                    "report": report.annotated.report_id,
                    "at": [sentence.sentence.start, sentence.sentence.end],
                    "text": sentence.text,
                    "missed": _readable(sentence, missed),
                    "wrong": _readable(sentence, wrong),
                }


def _readable(sentence: Judged, spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [
        {"start": s.start, "end": s.end, "label": s.label, "words": sentence.text[s.start : s.end]}
        for s in sorted(spans)
    ]
