"""Says whether a document is an information-disclosure annual report at all; in doubt it is."""

from __future__ import annotations

import re

from .document import Document
from .errors import EmptyInputError, NotAReportError

_SIGNS = re.compile(
    r"(?:政府信息|政务|信息|事务|校务|院务|厂务|村务|财务|党务|主动|依法?申请|重点领域|办事|全面|推进|结果|决策)公开"
    r"|公开(?:政府|政务|各类)?信息|信息公开|年度报告|年报|公开(?:指南|目录|栏|条例|申请)|行政(?:复议|诉讼)|依申请"
    r"|政策解读|规范性文件|门户网站|政务(?:微博|微信|新媒体)|新闻发布会|申请(?:办结|答复)"
)


def require_report(document: Document) -> None:
    """Let every text pass that speaks of disclosing information; excerpts and forms without a title too.

    Raises:
        EmptyInputError: there is no text.
        NotAReportError: nothing in the text is about disclosure.
    """
    text = document.view.text
    if not text.strip():
        raise EmptyInputError("holds no text", file=document.source.path or document.doc_id)
    signs = {m.group() for m in _SIGNS.finditer(text, 0, 200_000)}
    if "信息公开" in signs or "政务公开" in signs or "依申请公开" in text or len(signs) >= 2:
        return
    raise NotAReportError(
        "is no information-disclosure annual report",
        file=document.source.path or document.doc_id,
        advice="leave it out of the input",
    )
