"""What the metric classifier may decide."""

from __future__ import annotations

from dataclasses import replace

from gongkai.inference.metric_model import load_metric_model
from gongkai.inference.metrics import Context, eras
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
