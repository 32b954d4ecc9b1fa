"""Numbers that are figures are found; look-alikes are not."""

from __future__ import annotations

import pytest
from gongkai.inference.rule_numbers import find_numbers


def words(text: str) -> list[tuple[str, str]]:
    return [(text[n.start : n.end], text[slice(*n.unit)] if n.unit else "") for n in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共公开信息1,925条", [("1,925", "条")]),
        ("印制明白纸3000多份", [("3000多", "份")]),
        ("访问量达2.9万人次", [("2.9万", "人次")]),
        ("投入经费4600万元", [("4600万", "元")]),
        ("召开专题会议两次", [("两", "次")]),
        ("占总数的8.4%", [("8.4%", "")]),
        ("按时办结率百分之百", [("百分之百", "")]),
        ("其中1.机构设置5；2.规章40；3.其他信息2。", [("5", ""), ("40", ""), ("2", "")]),
        ("机构设置9、政策法规25、其他12。", [("9", ""), ("25", ""), ("12", "")]),
        ("占一半以上", [("一半", "")]),
        ("月度计划12个", [("12", "个")]),
        ("为三个区县办理3件", [("3", "件")]),
        ("分别为5、3、2件", [("5", ""), ("3", ""), ("2", "件")]),
    ],
)
def test_figures_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2016年3月5日印发通知",
        "依照国办发〔2016〕80号文件",
        "自收到之日起20个工作日内答复",
        "拨打12345热线",
        "通过网站、96128、微博等渠道公开",
        "四元区政府门户网站",
        "电话0917-3261234",
        "在全市排名第5名",
        "全年365天不间断值守",
        "坚持五公开要求",
        "根据条例第二十条",
        "统计期限为201312月31日",
        "信息分为8类",
        "每周至少更新2次",
        "力争明年公开500条",
    ],
)
def test_look_alikes_are_left_out(text: str) -> None:
    assert words(text) == []
