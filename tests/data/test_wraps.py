"""Soft line ends join, hard ones stay."""

from __future__ import annotations

import pytest
from gongkai.data.cleaning import normalise

_WRAPPED = """一、总体情况
2023年，柳湾镇把政务公开作为转变作风的抓手，细化任务清
单，压实各站所责任，全年召开调度会4次，开展专项检查2次，
推动公开工作从有形覆盖走向有效覆盖，群众获得感不断增强，
— 1 —
全镇通过网站、公众号等渠道发布信息1 215条，比上年增长一
成多。
（一）主动公开方面
在政府网站发布信息860条，在公众号发布信息355条，解读
材料12篇，图解材料7篇，累计阅读量3.2万人次，回应群众留
言48条，办结率100%。
"""


def test_a_paragraph_reads_on_over_lines_and_pages() -> None:
    text = normalise(_WRAPPED).text
    assert "细化任务清单，压实" in text
    assert "不断增强，全镇通过" in text
    assert "— 1 —" not in text
    assert "比上年增长一成多。\n（一）主动公开方面\n在政府网站" in text


def test_headings_and_ends_of_sentences_keep_their_line_ends() -> None:
    lines = normalise(_WRAPPED).text.strip().split("\n")
    assert [line[:4] for line in lines] == ["一、总体", "2023", "（一）主", "在政府网"]


@pytest.mark.parametrize(
    "text",
    [
        "统计指标\n单位\n统计数\n主动公开政府信息数\n条\n215\n收到申请数\n件\n0\n",
        "一、概述\n二、主动公开\n三、依申请公开\n",
        "| 收到申请数 | 件 | 257 |\n| 网络申请数 | 件 | 112 |\n",
        "召开会议3次\n举办培训2期\n发放手册500册\n",
        "主动公开政府信息数\n28条\n微博公开政府信息数\n5条\n收到申请数\n3件\n",
        "全年工作如下，公开的有：\n28条\n其中，网站20条。\n",
    ],
)
def test_cells_and_short_lines_are_not_joined(text: str) -> None:
    assert normalise(text).text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        (
            "柳湾镇人民政府\n2014年政府信息公开年度报告\n一、概述\n",
            "柳湾镇人民政府2014年政府信息公开年度报告",
        ),
        ("柳湾镇2014年政府信息公开\n工作年度报告\n", "柳湾镇2014年政府信息公开工作年度报告"),
        ("全年主动公开政府信\n息数28条，其中网站20条。", "主动公开政府信息数28条"),
        ("2017年，全镇共公开信息\n1925\n条，其中网站1100条。", "共公开信息1925条，其中"),
        ("2017年，县局网站登出\n53期\n抽检通报，涉及食品26种。", "登出53期抽检通报，"),
        ("年内转发通报\n2.6万期\n，县里另编简报\n15期\n。", "转发通报2.6万期，县里另编简报15期。"),
        ("登记目录\n34批952个\n，其余在办。", "登记目录34批952个，其余"),
        ("（一）内容\n2014\n年度共公开18条。", "（一）内容\n2014年度共公开18条"),
        ("公开形式有：\n1\n、互联网", "\n1、互联网"),
        ("主动公开4,3\n92条，全部上网。", "主动公开4,392条"),
        ("更新Open\nData栏目，办理信件，完善机制等多项工作任务顺利\n推进，成效明显。", "顺利推进"),
    ],
)
def test_broken_words_join_anywhere(text: str, joined: str) -> None:
    assert joined in normalise(text).text


def test_a_paragraph_a_line_is_left_alone() -> None:
    text = "\n".join(f"第{i}段讲的是柳湾镇公开工作的第{i}个方面" + "内容很多" * i for i in range(5, 25))
    assert normalise(text).text.count("\n") == text.count("\n")
