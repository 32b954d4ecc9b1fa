"""The link scorer learns from link marks and decides sentences that the rules get wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gongkai.annotations.convert import Annotated
from gongkai.annotations.markup import parse
from gongkai.data.build import build_document, document_from_text
from gongkai.data.document import Source
from gongkai.data.errors import ModelError
from gongkai.inference.link_model import LinkModel, load_link_model
from gongkai.inference.links import link, locate
from gongkai.inference.types import Finder, Label, Tag
from gongkai.training.links import pairs, train_links
from gongkai.training.metrics import gold_tags

# In these reports a rate in brackets is of the whole named at the sentence's start, which the rules do not know.
REPORTS = [
    f"⟦M1|公开总数⟧⟦C1|{n}⟧⟦U|条⟧，⟦M2|网站⟧⟦C2|{m}⟧⟦U|条⟧（总数的⟦R1|{p}%⟧）。\n"
    for n, m, p in [(80, 40, 50), (90, 9, 10), (60, 15, 25), (50, 10, 20), (70, 7, 10), (30, 3, 11)]
]


def annotated(text: str) -> Annotated:
    return Annotated("x", parse(text), Path("x.txt"))


def test_every_figure_has_its_candidates() -> None:
    found = list(pairs([annotated(REPORTS[0])]))
    assert sum(linked for _, linked in found) == 3
    assert len(found) == 6  # three figures, two metrics


def test_the_scorer_learns_what_the_rules_do_not_know(tmp_path: Path) -> None:
    train_links([annotated(t) for t in REPORTS[:5]], tmp_path, strength=10.0, least=1)
    model = load_link_model(tmp_path)
    assert model is not None
    report = annotated(REPORTS[5]).report
    (sentence,) = build_document(Source("x", report.text, "txt")).sentences
    text = sentence.view.text
    spots = locate(sentence, list(gold_tags(report, sentence)))
    ruled = link(text, spots)
    learned = model.relink(text, spots, ruled)
    assert [text[m.start : m.end] for m in ruled[2].metrics] == ["网站"]
    assert [text[m.start : m.end] for m in learned[2].metrics] == ["公开总数"]
    assert [x.unit for x in learned] == [x.unit for x in ruled]
    assert all(0 < x.confidence <= 1 for x in learned)


def test_a_folder_without_scorer_has_none(tmp_path: Path) -> None:
    assert load_link_model(tmp_path) is None


def test_a_broken_scorer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "links.npz").write_bytes(b"PK\x03\x04 half")
    with pytest.raises(ModelError, match=r"links\.npz"):
        load_link_model(tmp_path)


def test_without_a_choice_nothing_is_learned(tmp_path: Path) -> None:
    only = annotated("⟦M1|公开总数⟧⟦C1|80⟧⟦U|条⟧。\n")
    assert train_links([only], tmp_path, strength=1.0, least=1) == 0
    assert not list(tmp_path.iterdir())


def test_a_figure_takes_no_metric_from_beyond_another_figure() -> None:
    text = "概况类82条，占信息8.4%；政策类96条，占信息9.8%。"
    found = document_from_text("r", text).sentences[0]
    words = {"概况类": 0, "政策类": text.index("政策类")}
    tags = [Tag(at, at + 3, Label.METRIC, 1.0, Finder.MODEL) for at in words.values()]
    tags += [
        Tag(text.index(n), text.index(n) + len(n), label, 1.0, Finder.MODEL)
        for n, label in (("82", Label.COUNT), ("8.4%", Label.RATE), ("96", Label.COUNT), ("9.8%", Label.RATE))
    ]
    spots = locate(found, tags)
    eager = LinkModel({}, np.zeros(0, dtype=np.float32), 5.0)  # would link every pair
    linked = eager.relink(found.view.text, spots, link(found.view.text, spots))
    assert [[m.start for m in item.metrics] for item in linked] == [[0], [0], [0], [0]]


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("本镇网页登载了3条任免信息。", ["本镇网页", "C3", "任免信息"], ["任免信息"]),
        ("供水等领域8项公开任务。", ["供水等领域", "C8", "公开任务"], ["公开任务"]),
        ("已答复来信，未发生复议和诉讼。", ["答复来信", "Z未发生", "复议", "诉讼"], ["复议", "诉讼"]),
        ("未收到申请，公开工作有序推进。", ["Z未收到", "申请", "公开工作"], ["申请"]),
        ("没有收取费用，减免也未发生。", ["Z没有收取", "费用", "减免"], ["费用", "减免"]),
        ("不予公开2件（商业秘密）。", ["不予公开", "C2", "商业秘密"], ["不予公开", "商业秘密"]),
    ],
)
def test_metrics_of_one_figure_stand_on_one_side_of_it(
    text: str, spans: list[str], expected: list[str]
) -> None:
    found = document_from_text("r", text).sentences[0]
    labels = {"C": Label.COUNT, "Z": Label.ZERO}
    tags = [
        Tag(text.index(w), text.index(w) + len(w), label, 1.0, Finder.MODEL)
        for w, label in ((s.lstrip("CZ"), labels.get(s[0], Label.METRIC)) for s in spans)
    ]
    spots = locate(found, tags)

    class Nearer(LinkModel):
        def probability(self, features: Sequence[str]) -> float:
            return 0.9 if any(f.startswith(("ZERO after", "COUNT after")) for f in features) else 0.8

    scorer = Nearer({}, np.zeros(0, dtype=np.float32), 0.0)
    (linked,) = scorer.relink(found.view.text, spots, link(found.view.text, spots))
    assert [text[m.start : m.end] for m in linked.metrics] == expected
