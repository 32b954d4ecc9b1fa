"""Evaluation and calibration on outcomes whose right answers can be counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gongkai.annotations.convert import Span, convert, load_corpus
from gongkai.data.document import Sentence
from gongkai.inference.decoding import Prediction
from gongkai.inference.types import Finder, Label, Tag
from gongkai.training.calibrate import Outcomes, choose_threshold, expected_error, fit, upper_bound
from gongkai.training.evaluate import evaluate


class Oracle:
    """Finds what is annotated, but for one label, which it misses."""

    def __init__(self, spans: dict[str, tuple[Span, ...]], blind: str | None) -> None:
        self._spans, self._blind = spans, blind

    def predict(self, sentences: Sequence[Sentence]) -> list[Prediction]:
        return [
            Prediction(
                tuple(
                    Tag(*s.view.span(x.start, x.end), Label(x.label), 0.9, Finder.MODEL)
                    for x in self._spans[s.view.text]
                    if x.label != self._blind
                ),
                np.ones(len(s.view.text), dtype=np.float32),
            )
            for s in sentences
        ]


@pytest.mark.parametrize("blind", [None, "UNIT"])
def test_evaluation_counts_what_was_missed(corpus: Path, blind: str | None) -> None:
    reports = load_corpus(corpus)[:5]
    spans = {e.text: e.spans for a in reports for e in convert(a.report, a.report_id).examples}
    result = evaluate(Oracle(spans, blind), reports)
    total = sum(
        len(e) for a in reports for e in [[s for x in convert(a.report, "x").examples for s in x.spans]]
    )
    units = 10 if blind else 0
    assert result["strict"]["gold"] == total
    assert result["strict"]["found"] == total - units
    assert result["strict"]["precision"] == 1
    assert result["strict"]["f1"] == pytest.approx(result["strict"]["seqeval_f1"], abs=1e-4)
    assert result["labels"]["UNIT"]["f1"] == (0 if blind else 1)
    assert bool(result["misses"]) == bool(blind)
    low, high = result["strict"]["interval"]
    assert low <= result["strict"]["f1"] <= high


def _outcomes(count: int, wrong_below: float) -> Outcomes:
    random = np.random.default_rng(0)
    confidence = random.random(count)
    right = (confidence > wrong_below) | (random.random(count) < confidence)
    return Outcomes(confidence, right, np.ones(count, dtype=bool))


def test_calibration_lowers_the_expected_error_on_new_outcomes() -> None:
    random = np.random.default_rng(1)
    raw = random.random(4000)
    right = random.random(4000) < raw**3  # overconfident
    half = np.arange(4000) % 2 == 0
    calibration = fit(Outcomes(raw[half], right[half], np.ones(2000, dtype=bool)), risk=0.02)
    assert list(calibration.raw) == sorted(calibration.raw)
    assert list(calibration.right) == sorted(calibration.right)
    calibrated = np.array([calibration.apply(c) for c in raw[~half]])
    assert expected_error(calibrated, right[~half]) < 0.04 < expected_error(raw[~half], right[~half])


def test_threshold_keeps_the_risk_on_new_outcomes() -> None:
    found, fresh = _outcomes(3000, 0.6), _outcomes(9000, 0.6)
    threshold = choose_threshold(found.confidence, found, risk=0.02)
    accepted = fresh.confidence >= threshold
    assert accepted.mean() > 0.2
    assert (~fresh.right[accepted]).mean() <= 0.02


def test_too_few_outcomes_leave_confidence_as_it_is() -> None:
    calibration = fit(_outcomes(10, 0.5), risk=0.02)
    assert calibration.apply(0.3) == pytest.approx(0.3)


def test_upper_bound_is_the_rule_of_three_at_no_misses() -> None:
    # With no miss in n, the exact bound at 90% is 1 - 0.1 ** (1 / n).
    assert upper_bound(0, 100) == pytest.approx(1 - 0.1 ** (1 / 100))
    assert upper_bound(5, 5) == 1
