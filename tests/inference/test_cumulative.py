"""Kinds of published information that are counted over all years and again for the report's own."""

from __future__ import annotations

from dataclasses import replace

from gongkai.inference.cumulative import year_only
from gongkai.inference.types import Figure, Finder, Kind, Qualifier

_TOTAL = Figure(0, 1, "公开信息", None, 90, "条", Qualifier.EXACT, Kind.COUNT, Finder.MODEL, 0.9)
_KIND = replace(_TOTAL, metric="政策类", metric_id="category.policy", value=8)
_YEARS_TOTAL = replace(_TOTAL, metric_id="proactive.total", value=10)
_TEXTS = ["建站以来累计公开信息90条，其中政策类8条。", "本年新增10条，其中政策类1条。"]


def ids(texts: list[str], figures: list[list[Figure]]) -> list[str | None]:
    return [f.metric_id for f in year_only(texts, figures)]


def test_kinds_of_all_years_have_no_id_where_the_years_own_follow() -> None:
    assert ids(_TEXTS, [[_TOTAL, _KIND], [_YEARS_TOTAL, _KIND]]) == [
        None,
        None,
        "proactive.total",
        "category.policy",
    ]


def test_kinds_counted_once_are_the_years() -> None:
    assert ids(_TEXTS[:1], [[_TOTAL, _KIND]]) == [None, "category.policy"]
    assert ids(_TEXTS, [[_TOTAL, _KIND], [_YEARS_TOTAL]]) == [None, "category.policy", "proactive.total"]


def test_a_total_that_is_the_years_keeps_its_kinds() -> None:
    assert ids(_TEXTS, [[_YEARS_TOTAL, _KIND], [_YEARS_TOTAL, _KIND]])[1] == "category.policy"
    plain = ["公开信息90条，其中政策类8条。", _TEXTS[1]]
    assert ids(plain, [[_TOTAL, _KIND], [_YEARS_TOTAL, _KIND]])[1] == "category.policy"
