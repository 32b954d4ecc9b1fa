"""A record's confidence: a monotone map where there are many records, one share where there are few."""

from __future__ import annotations

import numpy as np
import pytest
from gongkai.training.record_calibration import fit_map, share_right


def test_the_map_gives_back_the_share_that_was_right() -> None:
    random = np.random.default_rng(7)
    raw = random.uniform(0.2, 1.0, 4000)
    right = random.random(4000) < raw**2
    knots = fit_map(list(zip(raw.tolist(), right.tolist(), strict=True)))
    at, share = zip(*knots, strict=True)
    assert list(share) == sorted(share)
    for confidence in (0.4, 0.6, 0.8, 0.95):
        assert np.interp(confidence, at, share) == pytest.approx(confidence**2, abs=0.07)


def test_too_few_records_give_no_map() -> None:
    assert fit_map([(0.9, True)] * 10) == [(0.0, 0.0), (1.0, 1.0)]


def test_few_records_count_beside_what_all_show() -> None:
    wrong = [(0.9, False)] * 6
    assert share_right(wrong, 0.92, 5.0) == pytest.approx(0.92 * 5 / 11, abs=1e-4)
    assert share_right([], 0.92, 5.0) == 0.92
    assert share_right([(0.5, True)] * 1000, 0.0, 5.0) > 0.99
