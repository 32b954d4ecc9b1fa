"""Variation changes words, never marks; the same seed gives the same report."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongkai.annotations.convert import load_corpus
from gongkai.annotations.markup import Report, parse, render
from gongkai.annotations.validate import check
from gongkai.training.settings import load_settings
from gongkai.training.variation import VariationSettings, vary

ROOT = Path(__file__).parent.parent.parent
KNOBS = "places years numbers units synonyms headings traditional signs blanks furniture".split()


@pytest.fixture(scope="module")
def shipped() -> VariationSettings:
    return load_settings(VariationSettings, ROOT / "configs" / "train" / "variation.yaml")


@pytest.fixture(scope="module")
def report(corpus: Path) -> Report:
    return load_corpus(corpus)[0].report


@pytest.mark.parametrize("seed", range(25))
def test_labels_stay_right(report: Report, shipped: VariationSettings, seed: int) -> None:
    varied = vary(report, shipped, seed)
    assert [(m.label, m.number, m.links) for m in varied.marks] == [
        (m.label, m.number, m.links) for m in report.marks
    ]
    assert [str(fault) for fault in check(varied, "x") if fault.fatal] == []
    assert parse(render(varied)).marks == varied.marks


def test_same_seed_same_report(report: Report, shipped: VariationSettings) -> None:
    assert vary(report, shipped, 5) == vary(report, shipped, 5)
    assert len({vary(report, shipped, seed).text for seed in range(10)}) > 5


def test_nothing_changes_where_every_chance_is_zero(report: Report, shipped: VariationSettings) -> None:
    assert vary(report, shipped.model_copy(update=dict.fromkeys(KNOBS, 0.0)), 1).text == report.text


def test_a_place_changes_everywhere_at_once(report: Report, shipped: VariationSettings) -> None:
    alone = shipped.model_copy(update=dict.fromkeys(KNOBS, 0.0) | {"places": 1.0})
    varied = vary(report, alone, 2)
    assert "青禾县" not in varied.text
    assert str(varied.meta["agency"]) in varied.text


def test_years_shift_together(report: Report, shipped: VariationSettings) -> None:
    alone = shipped.model_copy(update=dict.fromkeys(KNOBS, 0.0) | {"years": 1.0})
    varied = vary(report, alone, 3)
    named = {varied.text[m.start : m.end] for m in varied.marks if m.label == "YEAR"}
    assert named == {f"{varied.meta['year']}年"}
