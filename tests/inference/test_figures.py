"""From given tags to figures: 累计 that means the year, and two pieces of one metric."""

from __future__ import annotations

import pytest
from gongkai.data.build import build_document
from gongkai.data.document import Source
from gongkai.inference.figures import figures_of
from gongkai.inference.types import Figure, Finder, Label, Tag

_HEAD = "青禾县水务局2021年政府信息公开工作年度报告\n\n一、主动公开\n"


def figures(sentence: str, *marked: tuple[str, Label]) -> list[Figure]:
    document = build_document(Source("x", _HEAD + sentence, "txt"))
    tags, at = [], len(_HEAD)
    for words, label in marked:
        start = document.text.index(words, at)
        at = start + len(words)
        tags.append(Tag(start, at, label, 1.0, Finder.MODEL))
    last = document.sentences[-1]
    return figures_of(document, last, tags, 2021)


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("2021年，局里", "proactive.total"),
        ("我局全年", "proactive.total"),
        ("自2008年有网站以来，局里", None),
        ("历年", None),
        ("2018年至2021年", None),
        ("截至2021年底，已", None),
    ],
)
def test_what_was_done_in_all_is_the_years_only_where_the_year_is_named(
    lead: str, expected: str | None
) -> None:
    (figure,) = figures(
        f"{lead}累计向社会公开政府信息96条。",
        ("累计向社会公开政府信息", Label.METRIC),
        ("96", Label.COUNT),
        ("条", Label.UNIT),
    )
    assert figure.metric_id == expected
    assert figure.metric == "累计向社会公开政府信息"


def test_two_pieces_of_what_is_counted_give_one_figure() -> None:
    marked = [
        ("政务微博", Label.METRIC),
        ("微博发布信息", Label.METRIC),
        ("58", Label.COUNT),
        ("条", Label.UNIT),
    ]
    found = figures("2021年通过政务微博、微博发布信息58条。", *marked)
    assert [(f.value, f.metric_id) for f in found] == [(58, "channel.weibo")]
