"""Comparing evaluations: nothing changes against itself, and a lost miss is mended, a new one broken."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from gongkai.data.errors import ConfigError
from gongkai.training.evaluation.compare import KINDS, compare, load_evaluation


def test_against_itself_nothing_changes(result: dict[str, Any]) -> None:
    same = compare(result, result)
    assert same.changes == ()
    assert same.notes == ()
    assert not any(same.broke[k] or same.mended[k] for k in KINDS)


def test_what_the_new_one_lacks_is_mended_and_what_it_adds_broke(result: dict[str, Any]) -> None:
    better = copy.deepcopy(result)
    gone = better["misses"]["spans"].pop(0)
    better["spans"]["strict"]["f1"] = 1.0
    better["calibration"]["spans"]["expected_error"] = 0.0
    forwards, backwards = compare(result, better), compare(better, result)
    assert len(forwards.mended["spans"]) == len(gone["missed"]) + len(gone["wrong"])
    assert forwards.broke["spans"] == []
    assert backwards.broke["spans"] == forwards.mended["spans"]
    assert {c.name for c in forwards.changes} == {"spans › strict", "calibration › spans › expected_error"}
    assert all(c.better for c in forwards.changes)
    assert not any(c.better for c in backwards.changes)


def test_a_changed_report_is_left_out_of_the_examples(result: dict[str, Any]) -> None:
    other = copy.deepcopy(result)
    report = other["misses"]["spans"][0]["report"]
    other["made"]["reports"][report] = "another"
    other["made"]["corpus"] = "another"
    other["misses"]["spans"] = []
    found = compare(other, result)
    assert "not the same" in found.notes[0]
    assert report not in {m["report"] for kind in KINDS for m in found.broke[kind]}


@pytest.mark.parametrize("text", ["", "[]", '{"made": {}}'])
def test_what_is_no_evaluation_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"old\.json"):
        load_evaluation(path)
