"""Fusion: sure models decide alone, unsure ones are completed, metrics in pieces become whole."""

from __future__ import annotations

import numpy as np
from gongkai.data.build import document_from_text
from gongkai.data.document import Sentence
from gongkai.inference.decoding import Calibration, Prediction
from gongkai.inference.fusion import fuse
from gongkai.inference.types import Finder, Label, Tag

TEXT = "网站更新栏目12个，微信推送34条。"


def sentence(text: str = TEXT) -> Sentence:
    (only,) = document_from_text("r", text).sentences
    return only


def tag(of: Sentence, words: str, label: Label, finder: Finder, confidence: float = 0.9) -> Tag:
    start = of.view.text.index(words)
    return Tag(*of.view.span(start, start + len(words)), label, confidence, finder)


def fused(
    of: Sentence, model: dict[str, Label], rules: dict[str, Label], certainty: float
) -> list[tuple[str, Label, Finder]]:
    prediction = Prediction(
        tuple(tag(of, words, label, Finder.MODEL) for words, label in model.items()),
        np.full(len(of.view.text), certainty, dtype=np.float32),
    )
    found = [tag(of, words, label, Finder.RULE) for words, label in rules.items()]
    out = fuse(of, prediction, found, Calibration(), 0.5)
    return [(of.view.text[slice(*of.view.local(t.start, t.end))], t.label, t.finder) for t in out]


RULES = {"网站更新栏目": Label.METRIC, "12": Label.COUNT, "个": Label.UNIT}


def test_a_sure_model_decides_alone() -> None:
    assert fused(sentence(), {}, RULES, 0.9) == []


def test_rules_add_what_an_unsure_model_has_not() -> None:
    assert fused(sentence(), {}, RULES, 0.2) == [
        ("网站更新栏目", Label.METRIC, Finder.RULE),
        ("12", Label.COUNT, Finder.RULE),
        ("个", Label.UNIT, Finder.RULE),
    ]


def test_the_model_keeps_its_own_figures_and_gets_its_metrics_channel() -> None:
    model = {
        "更新栏目": Label.METRIC,
        "12": Label.COUNT,
        "个": Label.UNIT,
        "微信推送": Label.METRIC,
        "34": Label.COUNT,
    }
    out = fused(sentence(), model, RULES, 0.2)
    assert ("网站更新栏目", Label.METRIC, Finder.MODEL) in out
    assert ("34", Label.COUNT, Finder.MODEL) in out
    assert {finder for _, _, finder in out} == {Finder.MODEL}


def test_words_that_name_no_channel_are_not_added() -> None:
    of = sentence("镇里认真公开信息8条。")
    model = {"公开信息": Label.METRIC, "8": Label.COUNT}
    rules = {"认真公开信息": Label.METRIC, "8": Label.COUNT}
    assert ("公开信息", Label.METRIC, Finder.MODEL) in fused(of, model, rules, 0.2)


def test_only_the_unsure_clause_is_completed() -> None:
    of = sentence()
    certainty = np.full(len(of.view.text), 0.9, dtype=np.float32)
    certainty[: of.view.text.index("，")] = 0.2
    both = RULES | {"微信推送": Label.METRIC, "34": Label.COUNT}
    rules = [tag(of, words, label, Finder.RULE) for words, label in both.items()]
    out = fuse(of, Prediction((), certainty), rules, Calibration(), 0.5)
    assert [of.view.text[slice(*of.view.local(t.start, t.end))] for t in out] == ["网站更新栏目", "12", "个"]


def test_pieces_of_a_metric_become_one() -> None:
    touching = {"网站": Label.METRIC, "更新栏目": Label.METRIC, "12": Label.COUNT}
    held = {"网站": Label.METRIC, "栏目": Label.METRIC, "12": Label.COUNT}
    for pieces, rules in ((touching, {}), (held, RULES)):
        out = fused(sentence(), pieces, rules, 0.9)
        assert [words for words, _, _ in out] == ["网站更新栏目", "12"]


def test_two_metrics_stay_two() -> None:
    of = sentence("网站、微信共发布12条。")
    model = {"网站": Label.METRIC, "微信": Label.METRIC, "12": Label.COUNT}
    assert [w for w, _, _ in fused(of, model, {"网站、微信共发布": Label.METRIC}, 0.9)] == [
        "网站",
        "微信",
        "12",
    ]
    apart = sentence()
    pieces = {"网站": Label.METRIC, "栏目": Label.METRIC, "12": Label.COUNT}
    assert [w for w, _, _ in fused(apart, pieces, {}, 0.9)] == ["网站", "栏目", "12"]


def test_a_lone_character_is_no_metric_where_the_model_is_unsure() -> None:
    model = {"网": Label.METRIC, "12": Label.COUNT}
    assert ("网站更新栏目", Label.METRIC, Finder.RULE) in fused(sentence(), model, RULES, 0.2)
    assert fused(sentence(), model, RULES, 0.9)[0] == ("网", Label.METRIC, Finder.MODEL)


def test_the_rules_give_a_unit_that_the_model_left_out() -> None:
    out = fused(sentence(), {"更新栏目": Label.METRIC, "12": Label.COUNT}, RULES, 0.2)
    assert ("个", Label.UNIT, Finder.RULE) in out


def test_a_list_that_the_model_took_for_one_metric_is_parted() -> None:
    of = sentence("网站类、微信类分别为12条、34条。")
    model = {"网站类、微信类": Label.METRIC, "12": Label.COUNT, "34": Label.COUNT}
    rules = {"网站类": Label.METRIC, "微信类": Label.METRIC}
    prediction = Prediction(
        tuple(tag(of, words, label, Finder.MODEL, 0.3) for words, label in model.items()),
        np.full(len(of.view.text), 0.9, dtype=np.float32),
    )
    found = [tag(of, words, label, Finder.RULE) for words, label in rules.items()]
    out = fuse(of, prediction, found, Calibration(), 0.5)
    words = [of.view.text[slice(*of.view.local(t.start, t.end))] for t in out]
    assert words == ["网站类", "微信类", "12", "34"]


def test_list_signs_at_the_edge_of_a_metric_go() -> None:
    of = sentence("同意、不同意共12件。")
    model = {"同意、": Label.METRIC, "不同意": Label.METRIC, "12": Label.COUNT}
    assert [w for w, _, _ in fused(of, model, {}, 0.9)] == ["同意", "不同意", "12"]


def test_a_metric_is_not_widened_over_a_list() -> None:
    of = sentence("设门户网站、社区公开栏12处。")
    model = {"公开栏": Label.METRIC, "12": Label.COUNT}
    out = fused(of, model, {"门户网站、社区公开栏": Label.METRIC, "12": Label.COUNT}, 0.2)
    assert [w for w, _, _ in out] == ["公开栏", "12"]


def test_a_metric_cut_at_a_bracket_becomes_whole() -> None:
    of = sentence("文件类（含图解、长图）信息8条，发布会（通气会）2场。")
    model = {
        "图解、长图）信息": Label.METRIC,
        "8": Label.COUNT,
        "发布会（通气会": Label.METRIC,
        "2": Label.COUNT,
    }
    words = [w for w, label, _ in fused(of, model, {}, 0.9) if label == Label.METRIC]
    assert words == ["文件类（含图解、长图）信息", "发布会（通气会）"]


def test_a_negation_that_negates_nothing_is_none() -> None:
    of = sentence("申请均已受理，未发生复议。")
    model = {"申请": Label.METRIC, "均": Label.ZERO, "未发生": Label.ZERO, "复议": Label.METRIC}
    assert [w for w, label, _ in fused(of, model, {}, 0.9) if label == Label.ZERO] == ["未发生"]
