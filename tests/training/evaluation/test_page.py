"""The page: nothing from elsewhere, report text escaped, misses coloured, plots well-formed."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from gongkai.annotations.convert import load_corpus
from gongkai.cli import app
from gongkai.training.evaluation import plots
from gongkai.training.evaluation.compare import compare
from gongkai.training.evaluation.examples import Piece, Shown, pieces
from gongkai.training.evaluation.page import page, spread
from gongkai.training.evaluation.result import evaluate_folder
from gongkai.training.evaluation.settings import EvaluateSettings
from gongkai.training.evaluation.summary import goals
from typer.testing import CliRunner


def test_the_page_is_whole_and_asks_for_nothing(result: dict[str, Any]) -> None:
    html = page(result, None, examples=5)
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#)|url\(|@import", html)
    assert html.count("<article") == sum(
        min(5, len(m))
        for m in (
            result["misses"]["records"]["both"],
            *(result["misses"][k] for k in ("spans", "links", "metric_ids")),
        )
    )
    for svg in re.findall(r"<svg.*?</svg>", html, re.S):
        ElementTree.fromstring(svg)
    assert "What changed" not in html


def test_text_of_reports_is_escaped(result: dict[str, Any]) -> None:
    sly = copy.deepcopy(result)
    sly["made"]["name"] = "<script>x</script>"
    for miss in sly["misses"]["spans"]:
        miss["report"] = "<b>report</b>"
    html = page(sly, None, examples=5)
    assert "<script>x" not in html
    assert "<b>report" not in html
    assert "&lt;b&gt;report" in html


def test_what_changed_is_on_the_page(result: dict[str, Any]) -> None:
    old = copy.deepcopy(result)
    old["spans"]["strict"]["f1"] = 0.0
    old["misses"]["spans"] = []
    html = page(result, compare(old, result), examples=5)
    assert "spans › strict" in html
    assert "Broke: spans" in html


def test_goals_follow_their_figures(result: dict[str, Any]) -> None:
    good = copy.deepcopy(result)
    good["spans"]["strict"]["f1"] = good["goals"]["spans"]
    good["calibration"]["spans"]["expected_error"] = good["goals"]["span_error"]
    assert {g.what: g.met for g in goals(good)}["Span F1, strict"]
    good["spans"]["strict"]["f1"] -= 0.001
    good["calibration"]["spans"]["expected_error"] += 0.001
    met = {g.what: g.met for g in goals(good)}
    assert not met["Span F1, strict"]
    assert not met["Span calibration error"]
    for kind in ("core", "all"):
        for way in ("model", "rules", "both"):
            good["records"][way][kind]["f1"] = 0.9
    met = {g.what: g.met for g in goals(good)}
    assert met["Record F1 core, model"]  # at least as good as the rules
    assert not met["Record F1 core, both"]  # but together they must be better


def test_marks_are_coloured_and_far_text_is_cut() -> None:
    text = "前" * 200 + "公开五条" + "后" * 200
    found = pieces(text, [(202, 203, "COUNT", ""), (200, 203, "METRIC", "tip")])
    assert [p.kind for p in found if p.kind] == ["METRIC"]
    assert found[0] == found[-1] == Piece("…")
    assert Piece("公开五", "METRIC", "tip") in found
    assert "".join(p.words for p in found[1:-1]) in text


def test_examples_are_spread_over_their_causes() -> None:
    items = [Shown("r", (0, 1), ("common",), ())] * 9 + [Shown("r", (0, 1), ("rare",), ())]
    assert sorted(s.tags[0] for s in spread(items, lambda s: s.tags[0], 4)) == ["common"] * 3 + ["rare"]


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_plots_of_extreme_values_stay_inside(value: float) -> None:
    dot = plots.Dot("model", value, value, value)
    bins = [{"from": 0.0, "spans": 3, "confidence": value, "right": value}]
    curve = [{"threshold": 0.5, "accepted_share": 1.0, "wrong_share": value}]
    figures = {
        "curve": curve,
        "accepted": 1,
        "accepted_share": 1.0,
        "wrong": 1,
        "wrong_share": value,
        "threshold": 0.5,
    }
    for svg in (
        plots.intervals([("<name>", [dot])], width=300, label_width=80),
        plots.reliability(bins, "model"),
        plots.risk_curve(figures, 0.02),
        plots.learning_curve([(1, value), (2, value)], "epoch", "F1"),
    ):
        root = ElementTree.fromstring(svg)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        circles = [e for e in root.iter() if e.tag.endswith("circle")]
        assert circles
        for circle in circles:
            assert 0 <= float(circle.attrib["cx"]) <= width
            assert 0 <= float(circle.attrib["cy"]) <= height


def test_the_command_writes_both_and_compares(model: Path, corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for path in sorted(corpus.iterdir())[:2]:
        (folder / path.name).write_bytes(path.read_bytes())
    command = ["evaluate", str(model), str(folder), "-o", str(tmp_path / "out")]
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    old = tmp_path / "out" / "evaluation.json"
    second = CliRunner().invoke(app, [*command, "--compare", str(old)])
    assert "0 examples broke, 0 mended" in second.output
    assert "What changed" in (tmp_path / "out" / "evaluation.html").read_text(encoding="utf-8")


def test_wrong_usage_is_2(model: Path, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["evaluate", str(model), "no-such-split"]).exit_code == 2
    assert CliRunner().invoke(app, ["evaluate", str(tmp_path), "dev", "-o", str(tmp_path)]).exit_code == 2


def test_a_report_without_figures_gives_a_page(
    model: Path, settings: EvaluateSettings, tmp_path: Path
) -> None:
    (tmp_path / "bare.txt").write_text(
        "---\nagency: 青禾县教育局\nyear: 2012\n---\n本局照章办事。\n", encoding="utf-8"
    )
    result = evaluate_folder(model, load_corpus(tmp_path), settings, name="bare")
    assert result["records"]["both"]["all"]["gold"] == 0
    assert "bare: 1 report<" in page(result, None, examples=5)
