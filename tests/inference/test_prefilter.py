"""The sentences that the model is not shown hold nothing."""

from __future__ import annotations

import pytest
from gongkai.annotations.convert import convert, load_corpus
from gongkai.annotations.splits import CORPUS, TESTS, split_of
from gongkai.data.build import document_from_text
from gongkai.inference.prefilter import LONGEST, can_hold, cut_long


def test_sentences_kept_from_the_model_hold_no_gold_figure() -> None:
    wanted = {"COUNT", "RATE", "ZERO"}
    held = turned_away = 0
    lost = []
    for annotated in load_corpus(CORPUS):
        if split_of(annotated.report_id, annotated.meta) in TESTS:
            continue
        for example in convert(annotated.report, annotated.report_id).examples:
            turned_away += not can_hold(example.text)
            if wanted & {span.label for span in example.spans}:
                held += 1
                if not can_hold(example.text):
                    lost.append((annotated.report_id, example.text))
    assert held > 1000
    assert turned_away > 500
    assert lost == []


@pytest.mark.parametrize(
    "text", ["公开三、四件", "不曾发生行政复议", "不向申请人收取费用", "占九成", "全部免费", "十余件"]
)
def test_odd_figures_pass(text: str) -> None:
    assert can_hold(text)


@pytest.mark.parametrize(
    "text", ["一、概述", "（二）进一步完善制度。", "2016年6月起施行", "成立领导小组，统一部署。"]
)
def test_numbering_and_set_phrases_do_not(text: str) -> None:
    assert not can_hold(text)


@pytest.mark.parametrize("part", ["公开信息1条，", "公", "1 "])
def test_long_sentences_are_cut_and_lose_nothing(part: str) -> None:
    document = document_from_text("r", part * 1500)
    longest = max(document.sentences, key=lambda s: len(s.view.text))
    pieces = list(cut_long(longest))
    assert len(pieces) > 1
    assert all(len(p.view.text) <= LONGEST for p in pieces)
    assert "".join(p.view.text for p in pieces) == longest.view.text
    assert [p.start for p in pieces] == sorted({p.start for p in pieces})
    assert (pieces[0].start, pieces[-1].end) == (longest.start, longest.end)
