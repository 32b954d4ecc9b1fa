"""Reads figures as reports write them: Arabic, full-width, Chinese, multiplied, rounded, rates."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "两": 2, "俩": 2, "兩": 2}
_DIGITS |= {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_CHINESE = "".join(_DIGITS) + "".join(_SMALL) + "廿卅"
_LONGEST = 30  # characters; longer runs of digits are account numbers or attacks, no figures
_APPROX_INSIDE = re.compile(r"[多余餘几幾来]")


@dataclass(frozen=True, slots=True)
class Number:
    """A value in base units and whether its own words make it approximate (`3000多`)."""

    value: int | float
    approx: bool = False


def tidy(value: Decimal) -> int | float:
    """An int where the value is whole, else the nearest float."""
    return int(value) if value == value.to_integral_value() else float(value)


def parse_chinese(text: str) -> Decimal | None:
    """Value of a Chinese numeral such as `一百零五`, `二十`, `两万三千`, `二〇一六`; None if it is none."""
    if not 0 < len(text) <= _LONGEST or any(
        c not in _DIGITS and c not in _SMALL and c not in _LARGE and c not in "廿卅" for c in text
    ):
        return None
    text = text.replace("廿", "二十").replace("卅", "三十")
    if all(c in _DIGITS for c in text):
        return Decimal(int("".join(str(_DIGITS[c]) for c in text)))
    total = section = 0
    digit: int | None = None
    last_unit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
            if digit == 0:
                last_unit = 0  # 一百零五 is 105, where 一百五 is 150
        elif c in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[c]
            last_unit, digit = _SMALL[c], None
        else:
            section += digit or 0
            total = (total + section) * _LARGE[c] if _LARGE[c] > total else total + section * _LARGE[c]
            section, digit, last_unit = 0, None, _LARGE[c]
    if digit is not None:
        section += digit * (last_unit // 10 if last_unit > 10 else 1)
    return Decimal(total + section)


def parse_count(text: str) -> Number | None:
    """Value of a COUNT span: `1925`, `1,234`, `2.9万`, `3000多`, `二十余`, `两`, `1亿2000万`; None if none."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\s,]", "", plain)
    approx = bool(_APPROX_INSIDE.search(plain))
    if plain.startswith(("几", "幾", "数", "數")):  # 几十, 数百: the words give a scale, no value
        return None
    plain = _APPROX_INSIDE.sub("", plain)
    if not 0 < len(plain) <= _LONGEST:
        return None
    if len(plain) > 1 and all(c in _DIGITS and _DIGITS[c] for c in plain):  # 两三, 七八: a range, no value
        return None
    chinese = parse_chinese(plain)
    if chinese is not None:
        return Number(tidy(chinese), approx)
    total, rest = Decimal(0), plain
    pattern = re.compile(rf"(\d+(?:\.\d+)?)([{''.join(_SMALL)}{''.join(_LARGE)}]*)")
    position = 0
    while position < len(rest):
        match = pattern.match(rest, position)
        if not match or (position and not match.group(2) and rest[position - 1] not in "千万亿百十萬億"):
            return None
        try:
            part = Decimal(match.group(1))
        except InvalidOperation:
            return None
        for c in match.group(2):
            part *= _SMALL.get(c) or _LARGE[c]
        total += part
        position = match.end()
    return Number(tidy(total), approx)


_TENTHS = re.compile(rf"^([{_CHINESE}]{{1,2}})成([{_CHINESE}半])?$")
_FRACTION = re.compile(r"^(.+?)分之(.+)$")


_WORDS = {"一半": 50, "半数": 50, "半數": 50, "百分百": 100}


def parse_rate(text: str) -> Number | None:
    """Value in per cent of a RATE span: `11.2%`, `百分之百`, `八成`, `三分之一`, `一半`, `3‰`; None if none."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\s,]", "", plain)
    approx = bool(re.search(r"[多余餘]", plain))
    plain = re.sub(r"[多余餘]", "", plain)
    if plain.endswith(("%", "‰")):
        number = parse_count(plain[:-1])
        if number is None:
            return None
        value = Decimal(str(number.value)) / (10 if plain.endswith("‰") else 1)
        return Number(tidy(value), approx or number.approx)
    if plain in _WORDS:
        return Number(_WORDS[plain])
    if match := _TENTHS.match(plain):
        whole = parse_chinese(match.group(1))
        half = (
            Decimal(5)
            if match.group(2) == "半"
            else (parse_chinese(match.group(2)) if match.group(2) else Decimal(0))
        )
        if whole is None or half is None:
            return None
        return Number(tidy(whole * 10 + half), approx)
    if match := _FRACTION.match(plain):
        below, above = _fraction_part(match.group(1)), _fraction_part(match.group(2))
        if not below or above is None:
            return None
        value = above / below * 100
        return Number(tidy(value.quantize(Decimal("0.0001")).normalize()), approx)
    return None


def _fraction_part(text: str) -> Decimal | None:
    if text == "百":
        return Decimal(100)
    if text == "千":
        return Decimal(1000)
    whole, point, decimals = text.partition("点")
    if point:  # 百分之八点五
        left = _fraction_part(whole)
        right = parse_chinese(decimals)
        return (
            None
            if left is None or right is None
            else Decimal(f"{left}.{''.join(str(_DIGITS[c]) for c in decimals if c in _DIGITS)}")
        )
    number = parse_count(text)
    return None if number is None else Decimal(str(number.value))


_YEAR = re.compile(r"(?:19|20)\d\d")
_SCHOOL_YEAR = re.compile(r"(?:19|20)\d\d年?[-—–~至到/](?:19|20)\d\d")
_CHINESE_YEAR = re.compile(r"[一二][〇○零0O九一二三四五六七八]{3}")


def parse_year(text: str) -> int | None:
    """The year that a YEAR span names outright (`2017年`, `二○一六年度`, `2016-2017学年`); None for `今年`."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = [int(y) for y in _YEAR.findall(plain)]
    if not found:
        for match in _CHINESE_YEAR.findall(plain):
            digits = "".join("0" if c in "〇○零0O" else str(_DIGITS[c]) for c in match)
            if digits.startswith(("19", "20")):
                found.append(int(digits))
    if not found:
        short = re.match(r"^(\d\d)年", plain)
        return 2000 + int(short.group(1)) if short and 0 < int(short.group(1)) < 40 else None
    # A school year, written out or as 2024-2025年度, is its later year.
    return max(found) if "学年" in plain or _SCHOOL_YEAR.search(plain) else found[0]
