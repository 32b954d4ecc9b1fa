"""Finds the years of a sentence, words that stand for one, and the names of agencies."""

from __future__ import annotations

import re

Interval = tuple[int, int]

YEAR = re.compile(
    r"(?:19|20)\d{2}(?:年?[-—~至](?:19|20)?\d{2})?(?:学年度?|年度?(?![上下]?半年))(?!\d)|[一二][〇○零九一二三四五六七八]{3}年度?"
    r"|去年同期|上年同期|今年以来|本学?年度|本学年|上一?年度?|去年|今年|全年度?|年内|本年|当年|历年|一年来|年度内"
)
_AGENCY = re.compile(
    r"(?:本|我|全|该)(?:省|市|县|区|旗|盟|州|镇|乡|街道|苏木|局|委|办|厅|院|校|中心|站|所|队|场|公司|集团|处|社|分局|机关|单位|部门|系统|兵团|师|团|学院|大学|医院|管委会|地区|行署|开发区)"
    r"|(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,18}?(?:人民政府办公[厅室]|人民政府|管理委员会|管委会|街道办事处|委员会|办公室|局|厅|中心)(?=$|[，,。；;、在共全年主\d]|[12]\d{3}年)"
)


def find_years(text: str) -> list[Interval]:
    """Years and words that stand for one, as the label guide has them."""
    out = []
    for match in YEAR.finditer(text):
        before, after = text[: match.start()], text[match.end() : match.end() + 1]
        if before.endswith(("〔", "[", "《")) or (after and after in "》]〕"):
            continue
        out.append(match.span())
    return out


def find_agencies(text: str) -> list[Interval]:
    """The reporting agency's names in a sentence."""
    return [m.span() for m in _AGENCY.finditer(text) if m.end() - m.start() <= 24]
