"""Reports pass, excerpts too; what is clearly something else is refused."""

from __future__ import annotations

import pytest
from gongkai.data.build import document_from_text, require_report
from gongkai.data.errors import EmptyInputError, NotAReportError

_LAW = "\n".join(f"第{n}条 行政机关公开政府信息，应当遵循公正、公平的要求。" for n in "一二三四五六七八九十")
_NEWS = "\n".join(f"柳湾镇召开政务公开推进会之{n} 2014-03-{n:02}" for n in range(1, 20))
_NOVEL = "那年冬天，雪下得很大，他推开门，看见院子里站着一个陌生人。" * 80
_CODE = "def main():\n    return [x for x in range(10)]\n" * 30


@pytest.mark.parametrize(
    "text",
    [
        "二、主动公开情况\n全年主动公开政府信息318条。",
        "件，占20.8%。\n三、咨询处理\n全年接受咨询18人次。\n同意公开5件。",
        "收到申请数\n件\n0\n申请办结数\n件\n0\n行政复议数量\n件\n0\n",
        "柳湾卫生院2015年信息公开工作小结\n公示栏换了六期。",
    ],
)
def test_reports_and_excerpts_pass(text: str) -> None:
    require_report(document_from_text("a", text))


@pytest.mark.parametrize("text", [_LAW, _NEWS, _NOVEL, _CODE], ids=["law", "news", "novel", "code"])
def test_others_are_refused(text: str) -> None:
    with pytest.raises(NotAReportError, match="a: is no information-disclosure annual report"):
        require_report(document_from_text("a", text))


def test_nothing_is_refused_as_empty() -> None:
    with pytest.raises(EmptyInputError):
        require_report(document_from_text("a", "\u3000\n"))
