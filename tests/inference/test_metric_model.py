"""What the metric classifier may decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gongkai.inference.metric_model import load_metric_model
from gongkai.inference.metrics import Context, eras, metric_id
from gongkai.inference.model_folder import shipped_model
from gongkai.inference.types import Kind

_COUNT = Context("政府网站公开信息", "政府网站公开信息65条", ("主动公开",), "条", Kind.COUNT, False, 2013)


def test_a_share_of_a_thing_has_not_its_id() -> None:
    model = load_metric_model(shipped_model())
    assert model is not None
    assert model.decide(_COUNT)[0] == "channel.website"
    share = replace(_COUNT, phrase="政府网站公开信息占比65%", unit="%", kind=Kind.RATE)
    assert model.decide(share)[0] is None
    rate = Context("全文电子化率", "全文电子化率100%", ("主动公开",), "%", Kind.RATE, False, 2013)
    assert model.decide(rate)[0] == "electronic.rate"


def test_a_metric_of_later_reports_is_none_of_an_earlier_one() -> None:
    model = load_metric_model(shipped_model())
    assert model is not None
    made = Context(
        "制发行政规范性文件", "制发行政规范性文件4件", ("主动公开",), "件", Kind.COUNT, False, 2022
    )
    assert model.decide(made)[0] == "normative_doc.made"
    assert model.decide(replace(made, year=2018))[0] in ("normative.issued", "proactive.normative", None)
    assert eras()["normative_doc.made"][0] == 2019
    assert eras()["normative.issued"][1] == 2018


@pytest.mark.parametrize(
    ("metric", "phrase", "unit", "expected"),
    [
        ("总结计划", "总结计划4条", "条", "category.plan"),
        ("政策公文类信息", "政策公文类信息9条", "条", "category.policy"),
        ("政策文件", "政策文件9条", "条", "category.policy"),
        ("主动公开各类政策文件", "主动公开各类政策文件9条", "条", None),
        ("财务管理", "财务管理2条", "条", "category.finance"),
        ("专栏其他各类信息", "专栏其他各类信息5条", "条", "category.other"),
        ("部门动态信息", "部门动态信息3期", "期", "category.business"),
        ("信息", "本镇累计公开75条信息", "条", "proactive.total"),
        ("信息", "本镇专栏公开75条信息", "条", None),
        ("等方面信息", "主动公开涉及低保、供水、用地等方面信息70条", "条", "proactive.total"),
        ("复议机关责令重办", "1件被复议机关责令重办", "件", "review.corrected"),
        ("税务规章", "转载税务规章7部", "部", None),
    ],
)
def test_field_wide_wordings(metric: str, phrase: str, unit: str, expected: str | None) -> None:
    context = Context(metric, phrase, ("主动公开",), unit, Kind.COUNT, is_zero=False, year=2020)
    assert metric_id(context) == expected


def test_costs_that_were_not_charged_are_no_application() -> None:
    context = Context(
        "公开申请收取费用", "未对公开申请收取费用", ("依申请公开",), None, Kind.COUNT, True, 2020
    )
    assert metric_id(context) == "fee.amount"
