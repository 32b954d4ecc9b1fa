"""What to tag next: the unsure before the sure, no copies, and tasks that read back as reports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gongkai.annotations.exchange.entries import Entry
from gongkai.annotations.exchange.label_studio import dump_predictions
from gongkai.data.build import document_from_text
from gongkai.data.document import Sentence
from gongkai.inference.decoding import Prediction
from gongkai.inference.types import Finder, Label, Tag
from gongkai.training.selection import Candidate, candidate, choose, gram_vector, pre_tagged, select_paths

TEXT = "青禾县2012年政府信息公开工作年度报告\n一、概述\n全年主动公开政府信息{}条。收到申请{}件。\n"


class _Stub:
    """Sure of everything but of sentences that hold a sign; tags the first METRIC-like words and the number."""

    def __init__(self, sign: str) -> None:
        self.sign = sign

    def predict(self, sentences: Sequence[Sentence]) -> list[Prediction]:
        return [self._one(s) for s in sentences]

    def _one(self, sentence: Sentence) -> Prediction:
        text = sentence.view.text
        certainty = np.full(len(text), 0.4 if self.sign in text else 0.9, dtype=np.float32)
        tags = []
        for words, label in (("主动公开政府信息", Label.METRIC), ("35", Label.COUNT), ("条", Label.UNIT)):
            if words in text:
                at = text.index(words)
                tags.append(Tag(*sentence.view.span(at, at + len(words)), label, 0.9, Finder.MODEL))
        return Prediction(tuple(tags), certainty)


def _candidate(doc_id: str, text: str, uncertainty: float) -> Candidate:
    return Candidate(document_from_text(doc_id, text), (), uncertainty)


def test_uncertainty_is_the_mean_of_the_least_certain() -> None:
    document = document_from_text("a", TEXT.format(35, 7))
    unsure = sum("35" in s.view.text for s in document.sentences)
    expected = (0.6 * unsure + 0.1 * (len(document.sentences) - unsure)) / len(document.sentences)
    assert candidate(_Stub("35"), document).uncertainty == pytest.approx(expected)
    assert candidate(_Stub("35"), document_from_text("b", "")).uncertainty == 0


def test_the_unsure_come_first_and_copies_last() -> None:
    other = "本院公开诊疗项目价格与床位信息，设置公示栏，接受患者咨询。"
    third = "学校通过校务公开栏发布招生、收费与食堂采购情况。"
    given = [
        _candidate("sure", third, 0.1),
        _candidate("unsure", TEXT.format(35, 7), 0.5),
        _candidate("copy", TEXT.format(91, 4), 0.49),
        _candidate("middle", other, 0.3),
    ]
    assert [c.document.doc_id for c in choose(given, 4)] == ["unsure", "middle", "sure", "copy"]
    assert [c.document.doc_id for c in choose(given, 2)] == ["unsure", "middle"]
    assert choose([], 3) == []


def test_likeness_ignores_figures_and_blanks() -> None:
    one, same = gram_vector("公开 35 条"), gram_vector("公开1,925条".replace(",", ""))
    assert float(one @ same) == pytest.approx(1)
    assert float(one @ gram_vector("医院床位")) < 0.1
    assert gram_vector("").shape == one.shape


def test_a_pre_tagged_report_holds_tags_and_links() -> None:
    document = document_from_text("a/b c", TEXT.format(35, 7))
    entry = pre_tagged(candidate(_Stub("35"), document), {"a-b-c"})
    assert entry.report_id == "a-b-c-1"
    assert entry.report.text == document.text
    (figure,) = [m for m in entry.report.marks if m.links]
    metric = entry.report.metrics()[figure.links[0].metric]
    assert document.text[metric.start : metric.end] == "主动公开政府信息"
    (task,) = json.loads(dump_predictions([(entry, 0.4)], "m"))
    assert task["predictions"][0]["score"] == 0.4
    assert isinstance(entry, Entry)


def test_the_shipped_model_chooses_from_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT.format(35, 7), encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT.format(36, 8), encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(b"\x00\x01\x02")
    selection = select_paths([str(tmp_path)], 1)
    assert (selection.read, selection.chosen, len(selection.failures)) == (2, 1, 1)
    (task,) = json.loads(selection.tasks)
    assert task["data"]["text"].startswith("青禾县2012年")
    assert {"METRIC", "COUNT"} <= {
        r["value"]["labels"][0] for r in task["predictions"][0]["result"] if r["type"] == "labels"
    }
