"""An evaluation holds together: what its parts count agrees, twice the same, every miss with its text."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from gongkai.annotations.convert import Annotated
from gongkai.data.errors import ConfigError
from gongkai.training.evaluation.result import evaluate_folder
from gongkai.training.evaluation.settings import EvaluateSettings


def test_everything_but_the_speed_is_the_same_again(
    result: dict[str, Any], model: Path, reports: list[Annotated], settings: EvaluateSettings
) -> None:
    again = evaluate_folder(model, reports, settings, name="tiny")
    assert result["speed"].keys() == again["speed"].keys()
    untimed = [json.dumps({k: v for k, v in r.items() if k != "speed"}) for r in (result, again)]
    assert untimed[0] == untimed[1]


def test_slices_of_sections_add_up_to_the_whole(result: dict[str, Any]) -> None:
    sections = result["slices"]["section"].values()
    for measure, whole in (
        ("spans", result["spans"]["strict"]),
        ("core", result["records"]["both"]["core"]),
        ("all", result["records"]["both"]["all"]),
    ):
        for count in ("matched", "found", "gold"):
            assert sum(s[measure][count] for s in sections) == whole[count], (measure, count)


def test_misses_account_for_the_figures(result: dict[str, Any]) -> None:
    strict, misses = result["spans"]["strict"], result["misses"]
    assert sum(len(m["missed"]) for m in misses["spans"]) == strict["gold"] - strict["matched"]
    assert sum(len(m["wrong"]) for m in misses["spans"]) == strict["found"] - strict["matched"]
    for way, row in result["records"].items():
        missed = [m for m in misses["records"][way] if m["gold"] and "all" in m["hurts"]]
        assert len(missed) >= row["all"]["gold"] - row["all"]["matched"]
    ids = result["metric_ids"]["model"]
    assert len(misses["metric_ids"]) == round((1 - ids["accuracy"]) * ids["cases"])


def test_offsets_of_misses_cut_out_their_words(result: dict[str, Any], reports: list[Annotated]) -> None:
    texts = {a.report_id: a.report.text for a in reports}
    seen = 0
    for miss in result["misses"]["records"]["both"]:
        start, end = miss["at"]
        assert texts[miss["report"]][start:end] == miss["text"]
        for side in (miss["gold"], miss["got"]):
            if side is not None:
                seen += 1
                assert str(side["metric"]) in miss["text"]
                assert 0 <= side["start"] < side["end"] <= len(miss["text"])
    for miss in result["misses"]["spans"]:
        for span in (*miss["missed"], *miss["wrong"]):
            seen += 1
            assert miss["text"][span["start"] : span["end"]] == span["words"]
    assert seen


def test_annotated_links_are_all_found(result: dict[str, Any]) -> None:
    # The tiny reports state figures beside their metrics: given the spans, no link can be missed.
    assert result["links"]["annotated spans"]["f1"] == 1
    assert result["misses"]["links"] == []


def test_accepted_figures_lie_on_the_risk_curve(result: dict[str, Any]) -> None:
    risk = result["calibration"]["risk"]
    shares = [p["accepted_share"] for p in risk["curve"]]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert 0 <= risk["accepted"] <= risk["figures"]
    assert risk["wrong_share"] <= risk["bound"]


def test_a_broken_curve_is_an_error(
    model: Path, reports: list[Annotated], settings: EvaluateSettings, tmp_path: Path
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(model, copy)
    (copy / "manifest.json").unlink()  # which would refuse the changed file before anyone read it
    (copy / "curve.json").write_text('{"loss": 1}', encoding="utf-8")
    with pytest.raises(ConfigError, match="no list of points"):
        evaluate_folder(copy, reports[:1], settings, name="tiny")


def test_each_report_has_its_line(result: dict[str, Any], reports: list[Annotated]) -> None:
    rows = {row["report"]: row for row in result["reports"]}
    assert rows.keys() == {a.report_id for a in reports}
    assert sum(row["figures"] for row in rows.values()) == result["records"]["both"]["all"]["gold"]
    agencies = [row["agency"]["got"] in row["agency"]["gold"] for row in rows.values()]
    assert sum(agencies) / len(rows) == pytest.approx(result["records"]["both"]["agency_accuracy"], abs=1e-4)


def test_the_learning_curve_comes_with_the_model(result: dict[str, Any]) -> None:
    assert max(point.get("eval_f1", 0) for point in result["curve"]) > 0
