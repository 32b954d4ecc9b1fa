"""What belongs to the page and what to the report."""

from __future__ import annotations

import pytest
from gongkai.data.furniture import ends_report, is_furniture, is_spam


@pytest.mark.parametrize(
    "words",
    [
        "首页>政务公开>年度报告>正文",
        "当前位置：首页",
        "索引号：000123/2014-00012",
        "【字体：大中小】打印分享",
        "发布时间：2014-03-02",
        "浏览次数：3021",
        "{{title}}",
        "上一篇：柳湾镇2013年年报",
        "•公文生成日期：2014-03-20",
        "function share(){}",
        "陇ICP备123号",
    ],
)
def test_furniture(words: str) -> None:
    assert is_furniture(words)


@pytest.mark.parametrize(
    "words",
    [
        "一、主动公开情况",
        "来源于群众的建议有3条，均已办理。",
        "全年主动公开政府信息318条。",
        "首页公开信息120条，栏目更新45次，专题报道6篇",
        "未收到申请",
        "",
    ],
)
def test_report(words: str) -> None:
    assert not is_furniture(words)


@pytest.mark.parametrize(
    ("words", "spam"),
    [
        ("久久国产精品无码五月天|成人视频", True),
        ("ดูหนังออนไลน์ฟรี", True),
        ("本镇开展网络博彩专项整治12次，查处案件3件。", False),
        ("開展賭博整治", False),
    ],
)
def test_spam(words: str, spam: bool) -> None:
    assert is_spam(words) is spam


def test_lines_below_the_text() -> None:
    assert ends_report("上一篇：某报告")
    assert not ends_report("六、存在的问题")
