"""Which metric a number belongs to, given gold spans in markup."""

from __future__ import annotations

import pytest
from gongkai.annotations.markup import parse
from gongkai.data.build import build_document
from gongkai.data.document import Source
from gongkai.inference.links import link, locate
from gongkai.inference.types import Finder, Label, Tag


@pytest.mark.parametrize(
    "marked",
    [
        "⟦M1|网站公开⟧⟦C1|5⟧⟦U|条⟧，⟦M2|微博公开⟧⟦C2|6⟧⟦U|条⟧。",
        "收到⟦C1|1⟧⟦U|件⟧⟦M1|公开申请⟧，⟦M2|办结⟧⟦C2|1⟧⟦U|件⟧。",
        "⟦M1|行政复议⟧、⟦M2|行政诉讼⟧各⟦C1+2|1⟧⟦U|件⟧。",
        "⟦M1|当面⟧、⟦M2|网上⟧、⟦M3|信函申请⟧分别为⟦C1/件|4⟧、⟦C2/件|3⟧、⟦C3|2⟧⟦U|件⟧。",
        "⟦M1|概况类⟧⟦C1|82⟧⟦U|条⟧，占⟦R1|8.4%⟧；⟦M2|政策类⟧⟦C2|9⟧⟦U|条⟧，占⟦R2|1%⟧。",
        "⟦Z1+2|未发生⟧⟦M1|行政复议⟧、⟦M2|行政诉讼⟧。",
        "⟦M1|行政复议⟧和⟦M2|行政诉讼⟧⟦Z1+2|均未出现⟧。",
        "⟦Z1|未收到⟧⟦M1|公开申请⟧，⟦M2|主动公开信息⟧⟦C2|7⟧⟦U|条⟧。",
        "设立⟦C1|1⟧⟦U|个⟧⟦M1|公开栏⟧、⟦C2|2⟧⟦U|名⟧⟦M2|信息员⟧。",
        "⟦C1+2|2⟧⟦U|件⟧⟦M1|不予公开⟧（⟦M2|不属条例所指政府信息⟧）。",
        "⟦M1|答复率⟧、⟦M2|满意率⟧均达⟦R1+2|100%⟧。",
        "⟦M3|专栏⟧登出⟦C1|2⟧⟦U|条⟧⟦M1|任免信息⟧、⟦C2|0⟧⟦U|条⟧⟦M2|收费信息⟧，⟦M3|专栏⟧⟦C3|2⟧⟦U|条⟧。",
        "⟦Z1|未收到⟧与⟦M2|信息公开⟧有关的⟦M1|信访举报⟧，⟦M2|信息公开⟧⟦C2|1⟧⟦U|条⟧。",
    ],
)
def test_links_of_gold_spans(marked: str) -> None:
    report = parse(marked)
    document = build_document(Source("x", report.text, "txt"))
    (sentence,) = document.sentences
    tags = [Tag(m.start, m.end, Label(m.label), 1.0, Finder.MODEL) for m in report.marks]
    numbers = {m.start: m.number for m in report.marks if m.number is not None}
    gold = {m.start: {k.metric for k in m.links} for m in report.marks if m.links}
    linked = link(sentence.view.text, locate(sentence, tags))
    assert {x.figure.tag.start: {numbers[m.tag.start] for m in x.metrics} for x in linked} == gold
    assert all(x.unit is not None for x in linked if x.figure.label == Label.COUNT)
