"""Documents: body, title, sections, sentences, and offsets that hold on any text."""

from __future__ import annotations

import itertools

import pytest
from gongkai.data.build import build_document, document_from_text
from gongkai.data.document import Document, Source
from hypothesis import given
from hypothesis import strategies as st

_PAGE = """首页 > 政务公开 > 年度报告
索引号：00123  发布机构：柳湾镇人民政府  发布日期：2015-03-02
柳湾镇2014年政府信息公开工作年度报告
【字体：大 中 小】 分享到：
浏览次数：3021
一、概述
2014年，柳湾镇稳步推进公开。
（一）加强领导。召开会议3次；出台制度2项。
1.培训工作情况。全年培训2次！
二、主动公开情况
主动公开信息318条。
久久国产精品无码|博彩娱乐城官网入口
三、依申请公开情况
未收到申请
柳湾镇人民政府
2015年3月2日
上一篇：柳湾镇2013年政府信息公开工作年度报告
相关链接
青石镇2014年政府信息公开工作年度报告
版权所有：柳湾镇党政办  陇ICP备123号
"""


def _texts(document: Document) -> list[str]:
    return [s.view.text for s in document.sentences]


def test_title_and_body() -> None:
    document = document_from_text("a", _PAGE)
    assert document.title is not None
    assert _PAGE[slice(*document.title)] == "柳湾镇2014年政府信息公开工作年度报告"
    body = _PAGE[slice(*document.body)]
    assert body.startswith("柳湾镇2014年")
    assert body.endswith("2015年3月2日")


def test_sentences_leave_the_page_out() -> None:
    texts = _texts(document_from_text("a", _PAGE))
    assert "主动公开信息318条。" in texts
    assert "未收到申请" in texts
    joined = "".join(texts)
    for furniture in ("浏览次数", "字体", "上一篇", "青石镇", "版权所有", "久久", "首页"):
        assert furniture not in joined


def test_the_issuing_body_is_found_outside_the_body() -> None:
    document = document_from_text("a", _PAGE)
    issuer = next(s for s in document.sentences if "发布机构" in s.view.text)
    assert issuer.view.text == "发布机构：柳湾镇人民政府"
    assert issuer.end <= document.body[0]


def test_sections_nest() -> None:
    document = document_from_text("a", _PAGE)
    found = [(s.level, s.heading, s.parent) for s in document.sections]
    assert found == [
        (1, "一、概述", None),
        (2, "（一）加强领导", 0),
        (3, "1.培训工作情况", 1),
        (1, "二、主动公开情况", None),
        (1, "三、依申请公开情况", None),
    ]
    overview = document.sections[0]
    assert overview.end == document.sections[3].start
    last = next(s for s in document.sentences if s.view.text.startswith("主动公开信息"))
    assert last.section == 3


def test_semicolons_do_not_part_sentences() -> None:
    assert "召开会议3次；出台制度2项。" in _texts(document_from_text("a", _PAGE))


def test_headings_that_run_into_text() -> None:
    document = document_from_text("a", "（一）加强领导。全年开会3次。\n1.财政信息公开情况。年内公开12条。")
    assert [(s.view.text, s.is_heading) for s in document.sentences] == [
        ("（一）加强领导。", True),
        ("全年开会3次。", False),
        ("1.财政信息公开情况。", True),
        ("年内公开12条。", False),
    ]


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("一、总体情况2024年，我局公开信息768条。", ["一、总体情况"]),
        ("前言。 一、概述 本学年度，我校稳步推进公开。", ["一、概述"]),
        ("第一部分 概述\n公开工作有序。\n一、做法\n开会3次。", ["第一部分概述", "一、做法"]),
        ("?。ㄒ唬┘娊M織領導。全年开会3次。", ["（一）娊M织领导"]),
        ("## 二、主动公开\n公开12条。", ["二、主动公开"]),
        ("1.全年共公开信息120条。\n2.主动公开数：52条。", []),
        ("三、2014年1月5日我局召开会议。", []),
    ],
)
def test_headings(text: str, headings: list[str]) -> None:
    assert [s.heading for s in document_from_text("a", text).sections] == headings


def test_a_part_above_the_sections_shifts_their_levels() -> None:
    document = document_from_text("a", "第一部分 概述\n公开工作有序。\n一、做法\n开会3次。")
    assert [s.level for s in document.sections] == [1, 2]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("柳湾镇2014年政府信息公开年报.docx\n一、概述\n公开有序。", "柳湾镇2014年政府信息公开年报"),
        ("标题：柳湾镇2014年信息公开年报\n一、概述\n公开有序。", "柳湾镇2014年信息公开年报"),
        (
            "柳湾大学2015-2016学年信息公开工作报告,统计自9月1日起,到次年8月31日止,由校办编写完成并公布。",
            "柳湾大学2015-2016学年信息公开工作报告",
        ),
        (
            "柳湾镇2014年政府信息公开工作年度报告 | ||\n|\n一、概述\n公开有序。",
            "柳湾镇2014年政府信息公开工作年度报告",
        ),
        ("根据条例编制2014年政府信息公开年度报告。\n一、概述\n公开有序。", None),
    ],
)
def test_titles(text: str, title: str | None) -> None:
    document = document_from_text("a", text)
    assert (document.title and text[slice(*document.title)]) == title


def test_a_spam_word_does_not_cost_a_figure() -> None:
    text = "一、概述\n为加强领导，博彩平台入口成立小组，修订制度5项。"
    assert "修订制度5项" in "".join(_texts(document_from_text("a", text)))


def test_table_text_is_no_sentence() -> None:
    text = "二、主动公开情况\n公开有序。\n统计指标\n单位\n统计数\n公开数\n条\n215\n收到数\n件\n0\n答复数\n件\n0\n"
    document = document_from_text("a", text)
    assert len(document.tables) == 1
    assert "215" not in "".join(_texts(document))
    assert document.tables[0].section == 0


def test_an_empty_text_gives_an_empty_document() -> None:
    document = document_from_text("a", " \n")
    assert (document.body, document.title, document.sentences, document.tables) == ((0, 0), None, (), ())


_LINES = st.sampled_from(
    [
        *_PAGE.split("\n"),
        "条",
        "0",
        "| 公开数 | 3 |",
        "公开数  3  4",
        "— 1 —",
        "",
        "公开\u3000(kāi)\ud800",
        "㈠公开",
    ]
)
pages = st.one_of(st.lists(_LINES, max_size=30).map("\n".join), st.text(max_size=300))


@given(pages)
def test_offsets_hold_on_any_text(text: str) -> None:
    document = build_document(Source("a", text, "txt"))
    size = len(text)
    assert 0 <= document.body[0] <= document.body[1] <= size
    for sentence in document.sentences:
        assert 0 <= sentence.start < sentence.end <= size
        assert sentence.view.starts[0] == sentence.start
        assert sentence.view.ends[-1] == sentence.end
        assert sentence.section is None or 0 <= sentence.section < len(document.sections)
    for left, right in itertools.pairwise(document.sentences):
        assert left.end <= right.start or left.view.ends[-1] <= right.view.ends[0]
    for section in document.sections:
        assert 0 <= section.start <= section.end <= size
        assert section.parent is None or document.sections[section.parent].level < section.level
    for table in document.tables:
        assert 0 <= table.start <= table.end <= size
        for cell in itertools.chain.from_iterable(table.rows):
            assert table.start <= cell.start <= cell.end <= table.end


@given(pages)
def test_a_document_is_the_same_each_time(text: str) -> None:
    assert document_from_text("a", text) == document_from_text("a", text)


def test_half_width_stops_cost_no_text() -> None:
    text = "本局按规定编制报告,内容真实,数据完整,如有疑问,请与本局办公室联系,电话见网站首页下方所列.\n一.概述\n公开信息30条,其中:\n1.机构类信息6条;\n2.动态类信息24条. 通过公开栏公开9条.\n"
    document = document_from_text("x", text)
    assert document.body[0] == 0
    assert [s.heading for s in document.sections] == ["一.概述"]
    assert sum("条" in s.view.text for s in document.sentences) == 4
