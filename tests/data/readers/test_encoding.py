"""Decoding: believed marks, valid UTF-8, then whichever Chinese encoding reads as Chinese."""

from __future__ import annotations

import pytest
from gongkai.data.errors import BinaryInputError
from gongkai.data.readers.encoding import decode, plausibility
from hypothesis import given
from hypothesis import strategies as st

_TEXT = "柳湾镇2014年政府信息公开工作年度报告，全年主动公开信息318条。\n"
_TRADITIONAL = "柳灣鎮2014年政府信息公開工作年度報告，全年主動公開信息318條。\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (_TEXT, "utf-8"),
        (_TEXT, "utf-8-sig"),
        (_TEXT, "utf-16"),
        (_TEXT, "utf-16-le"),
        (_TEXT, "utf-16-be"),
        (_TEXT, "utf-32"),
        (_TEXT, "gb18030"),
        (_TEXT, "gbk"),
        (_TRADITIONAL, "gbk"),
        (_TRADITIONAL, "big5"),
        (_TRADITIONAL, "utf-8"),
        ("公开", "gbk"),
        ("条", "gbk"),
        ("收到申请2件", "gb18030"),
        ("收到申請2件", "big5"),
        ("plain", "ascii"),
    ],
)
def test_decode(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_line_ends_stay() -> None:
    assert decode("甲\r\n乙\r".encode()) == "甲\r\n乙\r"


def test_a_character_cut_at_the_end_changes_no_encoding() -> None:
    data = (_TEXT * 5).encode()[:-2]
    assert decode(data).startswith(_TEXT)


def test_a_wrong_declaration_does_not_mislead() -> None:
    assert decode(_TEXT.encode("gb18030"), declared="big5") == _TEXT
    assert decode(_TEXT.encode(), declared="gb2312") == _TEXT


def test_a_declaration_of_another_script_counts() -> None:
    text = "政府信息公開の年次報告書です。公開件数は三百件でした。"
    assert decode(text.encode("shift_jis"), declared="shift_jis") == text


@pytest.mark.parametrize("declared", ["nonsense", "base64", ""])
def test_an_unknown_declaration_is_passed_over(declared: str) -> None:
    assert decode(_TEXT.encode("gbk"), declared=declared) == _TEXT


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 200, b"\x89abc\x00\xff\xfe\x01" * 99]
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(BinaryInputError):
        decode(data)


def test_plausibility() -> None:
    assert plausibility(_TEXT) == 1.0
    assert plausibility(_TEXT.encode("gbk").decode("big5", "replace")) < 0.6
    assert plausibility("ascii") == 0.0


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except BinaryInputError:
        return
    assert len(text) <= len(data)


@given(
    st.text(
        alphabet=st.sampled_from("主动公开政府信息工作报告一二三条件0123，。\n"), min_size=12, max_size=80
    )
)
def test_gbk_reads_back(text: str) -> None:
    assert decode(text.encode("gbk")) == text
