"""The normalised view: one form for every sign, and a way back that always holds."""

from __future__ import annotations

import pytest
from gongkai.data.cleaning import normalise
from gongkai.data.document import View
from hypothesis import given, settings
from hypothesis import strategies as st

_DIRT = "公开信息政府 　\t\n\r\u200b\u00ad\x00\ud800(（)）,，:：;；?？.。12３４%％㈠⑴⒈ㄒ唬┘kāi(kāi)(zhong)當實〇○|-—"
anything = st.text(st.one_of(st.sampled_from(_DIRT), st.characters()), max_size=200)


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("主動公開（１，２３４）條", "主动公开（1,234）条"),
        ("共公开1，234条,办结5，3，2件", "共公开1,234条，办结5，3，2件"),
        ("2025 年 1 月 31 日", "2025年1月31日"),
        ("统　计　指　标", "统计指标"),
        ("信息公開(kāi)和報(bào)告", "信息公开和报告"),
        ("學(xue)校對清單中(zhong)的", "学校对清单中的"),
        ("安装APP(ios)与门户(PC)", "安装APP（ios）与门户（PC）"),
        ("㈠加强领导⑵落实⒊", "（一）加强领导（2）落实3."),
        ("?。ㄒ唬┘强", "（一）强"),
        ("?。ǘ┖强", "（二）强"),
        ("见 http://a.cn/x?id=3 页", "见http://a.cn/x?id=3页"),
        ("时间10:25,电话:110", "时间10:25，电话：110"),
        ("二○一六年", "二〇一六年"),
        ("一.概述\n全县公开5条.办结2件.", "一.概述\n全县公开5条。办结2件。"),
        ("公\u200b开\u00ad信\x00息\ud800", "公开信息"),
        ("信息1 925条", "信息1925条"),
        ("较 2015 2016年", "较2015 2016年"),
        ("我縣著眼長遠，成效顯著", "我县着眼长远，成效显著"),
        ("答覆3件，行政覆議1件，覆蓋全鄉", "答复3件，行政复议1件，覆盖全乡"),
        ("⽂⼯", "文工"),
        ("是否公开?是的", "是否公开？是的"),
        ("进一步确??h政府", "进一步确??h政府"),
        ("A B 类", "A B类"),
        ("行政处罚\t12", "行政处罚 12"),
        ("满意😀度", "满意度"),
        ("甲\r\n乙\x85丙", "甲\n乙\n丙"),
    ],
)
def test_normalise(text: str, view: str) -> None:
    assert normalise(text).text == view


def test_the_way_back() -> None:
    text = "信息公開(kāi)1 925 條"
    view = normalise(text)
    start = view.text.index("公开")
    assert text[slice(*view.span(start, start + 2))] == "公開"
    start = view.text.index("1925")
    assert text[slice(*view.span(start, start + 4))] == "1 925"
    assert view.text[slice(*view.local(2, 4))] == "公开"


def test_wide_sign_stands_for_all_its_characters() -> None:
    view = normalise("㈠概述")
    assert view.span(0, 3) == (0, 1)
    assert view.span(1, 4) == (0, 2)


@given(anything)
def test_offsets_are_valid_and_in_order(text: str) -> None:
    view = normalise(text)
    assert isinstance(view, View)
    assert list(view.starts) == sorted(view.starts)
    assert list(view.ends) == sorted(view.ends)
    assert all(0 <= a < b <= len(text) for a, b in zip(view.starts, view.ends, strict=True))


@given(anything)
def test_digits_and_chinese_characters_survive(text: str) -> None:
    plain = [c for c in text if c in "公开信息政府12"]
    assert [c for c in normalise(text).text if c in "公开信息政府12"] == [
        c for c in normalise("".join(text)).text if c in "公开信息政府12"
    ]
    assert len([c for c in normalise(text).text if c in "公开信息政府"]) >= sum(
        c in "公开信息政府" for c in plain
    )


@settings(max_examples=50)
@given(anything)
def test_slices_agree_with_the_whole(text: str) -> None:
    view = normalise(text)
    for i in range(0, len(view.text), 7):
        part = view.slice(i, i + 5)
        assert part.text == view.text[i : i + 5]
        if part.text:
            assert part.span(0, len(part.text)) == view.span(i, i + len(part.text))


def test_a_view_of_unequal_lengths_is_refused() -> None:
    with pytest.raises(ValueError, match="one start and one end"):
        View("ab", (0,), (1,))


def test_an_empty_interval_has_no_span() -> None:
    with pytest.raises(ValueError, match="no interval"):
        normalise("甲乙").span(1, 1)
