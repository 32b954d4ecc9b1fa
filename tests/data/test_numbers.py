"""Figures as reports write them."""

from __future__ import annotations

import cn2an
import pytest
from gongkai.data.numbers import Number, parse_chinese, parse_count, parse_rate, parse_year
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1925", Number(1925)),
        ("1,234", Number(1234)),
        ("１，２３４", Number(1234)),
        ("2.9万", Number(29000)),
        ("4600万", Number(46_000_000)),
        ("1亿2000万", Number(120_000_000)),
        ("3000多", Number(3000, True)),
        ("400余", Number(400, True)),
        ("二十余", Number(20, True)),
        ("十多", Number(10, True)),
        ("两", Number(2)),
        ("两万三千", Number(23000)),
        ("一百零五", Number(105)),
        ("一百五", Number(150)),
        ("十", Number(10)),
        ("廿六", Number(26)),
        ("三百六十五万", Number(3_650_000)),
        ("1 925", Number(1925)),
        ("0", Number(0)),
        ("12.50", Number(12.5)),
    ],
)
def test_counts(text: str, number: Number) -> None:
    assert parse_count(text) == number


@pytest.mark.parametrize("text", ["", "条", "几十", "数百", "1.2.3", "多", "12条", "9" * 5000, "亿" * 5000])
def test_no_counts(text: str) -> None:
    assert parse_count(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("11.2%", 11.2),
        ("100％", 100),
        ("3‰", 0.3),
        ("百分之百", 100),
        ("百分之九十八", 98),
        ("百分之八点五", 8.5),
        ("八成", 80),
        ("九成五", 95),
        ("五成半", 55),
        ("一半", 50),
        ("百分百", 100),
        ("三分之一", 33.3333),
        ("十分之三", 30),
    ],
)
def test_rates(text: str, value: float) -> None:
    assert parse_rate(text) == Number(value)


@pytest.mark.parametrize("text", ["", "成", "分之", "12", "零分之一"])
def test_no_rates(text: str) -> None:
    assert parse_rate(text) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2017年", 2017),
        ("2016年度", 2016),
        ("二〇一六年", 2016),
        ("二○一六年", 2016),
        ("二零一九年度", 2019),
        ("2016-2017学年", 2017),
        ("2015年1月", 2015),
        ("16年", 2016),
        ("今年", None),
        ("全年", None),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert parse_year(text) == year


@given(st.text(alphabet="0123456789.,，%‰０１一二十百千万亿两多余几成分之点半零〇 年-学", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    for number in (parse_count(text), parse_rate(text)):
        assert number is None or number.value >= 0
    year = parse_year(text)
    assert year is None or 1900 <= year < 2100


@given(st.integers(0, 99_999_999))
def test_chinese_numerals_of_a_library_read_back(value: int) -> None:
    assert parse_chinese(cn2an.an2cn(value, "low")) == value
    assert parse_chinese(cn2an.an2cn(value, "up")) == value


@pytest.mark.parametrize("text", ["两三", "七八", "3、4", "三五"])
def test_a_range_of_digits_has_no_value(text: str) -> None:
    assert parse_count(text) is None


def test_a_numeral_with_a_zero_is_no_range() -> None:
    assert parse_count("一〇五") == Number(105)
