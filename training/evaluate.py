"""How well a tagger does on annotated reports: strict and lenient span F1, slices, calibration, misses."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from ..annotations.convert import Annotated, Span, to_bio
from ..annotations.markup import LABELS
from .calibrate import expected_error, outcomes
from .judge import Judged, JudgedReport, Predictor, judge, tagger_of

ERAS = ((2013, "to 2013"), (2018, "2014-2018"), (2020, "2019-2020"), (9999, "2021 on"))


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of counted matches."""

    matched: int
    found: int
    gold: int

    def as_dict(self) -> dict[str, float]:
        """The three figures, rounded, and the counts."""
        return {
            "precision": round(self.matched / self.found, 4) if self.found else 0.0,
            "recall": round(self.matched / self.gold, 4) if self.gold else 0.0,
            "f1": round(self.f1, 4),
            "gold": self.gold,
            "found": self.found,
        }

    @property
    def f1(self) -> float:
        """2·matched / (found + gold); 0 where there is nothing."""
        return 2 * self.matched / (self.found + self.gold) if self.found + self.gold else 0.0


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
    found = outcomes(judged)
    characters = sum(len(a.report.text) for a in corpus)
    return {
        "reports": len(judged),
        "marks": sum(len(r.annotated.report.marks) for r in judged),
        "not_in_sentences": dict(Counter(lost.reason for r in judged for lost in r.lost)),
        "strict": overall(judged).as_dict()
        | {"seqeval_f1": round(_seqeval(judged), 4), "interval": interval(judged, seed)},
        "labels": {
            label: _score(judged, _strict, label).as_dict() | {"interval": interval(judged, seed, label)}
            for label in LABELS.values()
        },
        "overlap": _score(judged, _overlap).as_dict(),
        "boundary": _score(judged, _boundary).as_dict(),
        "slices": _slices(judged),
        "calibration": {
            "expected_error": round(expected_error(found.confidence, found.right), 4),
            "bins": _reliability(found.confidence, found.right),
        },
        "characters_a_second": round(characters / seconds),
        "misses": list(_misses(judged)),
    }


def overall(judged: Iterable[JudgedReport]) -> Score:
    """Strict score over all labels."""
    return _score(judged, _strict)


def interval(
    judged: Sequence[JudgedReport], seed: int, label: str | None = None, draws: int = 1000
) -> list[float]:
    """95% bootstrap interval of the strict F1, reports drawn with replacement."""
    counts = np.array([[s.matched, s.found, s.gold] for s in (_score([r], _strict, label) for r in judged)])
    random = np.random.default_rng(seed)
    sums = counts[random.integers(0, len(counts), (draws, len(counts)))].sum(axis=1)
    f1 = 2 * sums[:, 0] / np.maximum(1, sums[:, 1] + sums[:, 2])
    return [round(float(v), 4) for v in np.percentile(f1, [2.5, 97.5])]


def _score(
    judged: Iterable[JudgedReport],
    match: Callable[[list[Span], list[Span]], int],
    label: str | None = None,
) -> Score:
    matched = found = gold = 0
    for report in judged:
        for sentence in report.sentences:
            theirs = [s for s, _ in sentence.found if label in (None, s.label)]
            ours = [s for s in sentence.gold if label in (None, s.label)]
            matched += match(ours, theirs)
            found += len(theirs)
            gold += len(ours)
    return Score(matched, found, gold)


def _strict(gold: list[Span], found: list[Span]) -> int:
    return len(set(gold) & set(found))


def _boundary(gold: list[Span], found: list[Span]) -> int:
    return len({(s.start, s.end) for s in gold} & {(s.start, s.end) for s in found})


def _overlap(gold: list[Span], found: list[Span]) -> int:
    """Spans of the right label that touch an annotated one, each annotated one taken once."""
    free = list(gold)
    matched = 0
    for span in found:
        hit = next(
            (g for g in free if g.label == span.label and g.start < span.end and span.start < g.end), None
        )
        if hit is not None:
            free.remove(hit)
            matched += 1
    return matched


def _seqeval(judged: Iterable[JudgedReport]) -> float:
    sentences = [s for r in judged for s in r.sentences if s.text]
    gold = [to_bio(len(s.text), s.gold) for s in sentences]
    found = [to_bio(len(s.text), [span for span, _ in s.found]) for s in sentences]
    return float(f1_score(gold, found, mode="strict", scheme=IOB2, zero_division=0))


def _slices(judged: Sequence[JudgedReport]) -> dict[str, dict[str, dict[str, float]]]:
    def era(r: JudgedReport) -> str:
        year = r.annotated.meta.get("year")
        return next(name for last, name in ERAS if year <= last) if isinstance(year, int) else "unknown"

    ways: dict[str, Callable[[JudgedReport], str]] = {
        "era": era,
        "level": lambda r: str(r.annotated.meta.get("level")),
        "script": lambda r: str(r.annotated.meta.get("script")),
        "dirt": lambda r: "dirty" if r.annotated.meta.get("dirt") else "clean",
    }
    return {
        name: {
            value: overall(part).as_dict() | {"reports": len(part)}
            for value in sorted({way(r) for r in judged})
            if (part := [r for r in judged if way(r) == value])
        }
        for name, way in ways.items()
    }


def _reliability(confidence: Any, right: Any, bins: int = 10) -> list[dict[str, float]]:
    edges = np.linspace(0, 1, bins + 1)
    which = np.clip(np.digitize(confidence, edges) - 1, 0, bins - 1)
    return [
        {
            "from": round(float(edges[b]), 2),
            "spans": int((which == b).sum()),
            "confidence": round(float(confidence[which == b].mean()), 4),
            "right": round(float(right[which == b].mean()), 4),
        }
        for b in range(bins)
        if (which == b).any()
    ]


def _misses(judged: Iterable[JudgedReport]) -> Iterable[dict[str, Any]]:
    for report in judged:
        for sentence in report.sentences:
            found = {s for s, _ in sentence.found}
            missed, wrong = set(sentence.gold) - found, found - set(sentence.gold)
            if missed or wrong:
                yield {
                    "report": report.annotated.report_id,
                    "text": sentence.text,
                    "missed": _readable(sentence, missed),
                    "wrong": _readable(sentence, wrong),
                }


def _readable(sentence: Judged, spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [
        {"start": s.start, "end": s.end, "label": s.label, "words": sentence.text[s.start : s.end]}
        for s in sorted(spans)
    ]
