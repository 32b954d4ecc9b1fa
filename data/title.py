"""Finds the report's title and the lines that name the body that issues it."""

from __future__ import annotations

import re

_SUBJECT = re.compile(r"(?:政府信息|政务|信息|政府|村务|校务|院务)?公开")
_KIND = re.compile(
    r"年度(?:工作)?(?:情况)?报告|年报|工作(?:情况)?(?:的)?(?:年度)?(?:报告|总结)|情况(?:的)?报告|(?:年度|工作)总结|报告$"
)
_YEAR = re.compile(r"(?:19|20)\d\d|[一二][〇○零0一二三四五六七八九]{3}")
_NOT_TITLE = re.compile(
    r"上一|下一|[>»›]|根据|按照|现将|如下|本报告|编制|。|^[一二三四五六七八九十]{1,3}、|^（|^关于(?:做好|印发|开展)|^标题：|^名称：|《[^》]*公开"
)
_ISSUER = re.compile(
    r"(?:发布(?:机构|单位|部门)|发文(?:机关|单位)|公开(?:机构|责任部门)|填报单位(?:（盖章）|（公章）)?|编制单位|信息来源|报送单位|制发机关)\s?：\s?"
    r"(?P<name>[^\s：，。|]{2,40}?)(?=\s|发布|发文|生成|日期|时间|公开|成文|文号|索引|名称|$|\||）)"
)


def title_score(words: str) -> int:
    """How much a line of the view looks like the report's title; 0 for not at all."""
    if not 6 <= len(words) <= 70 or _NOT_TITLE.search(words):
        return 0
    subject, kind = _SUBJECT.search(words), _KIND.search(words)
    if not subject or not kind:
        return 0
    return 2 + 2 * bool(_YEAR.search(words)) + bool(kind.end() >= len(words) - 3) + bool(subject.start() > 2)


def find_issuers(text: str) -> list[tuple[int, int]]:
    """View intervals of `label：name` where a page's index table or a form names its issuing body."""
    return [(m.start(), m.end("name")) for m in _ISSUER.finditer(text)]


def find_title(lines: list[tuple[int, int]], text: str, page_title: str | None) -> tuple[int, int] | None:
    """View interval of the title: the best line above the prose, the lowest of equals.

    Pages repeat the title in breadcrumbs and index tables; the one nearest to the text is its own.
    """
    best: tuple[int, int] | None = None
    best_score = prose_seen = 0
    for start, end in lines:
        words = text[start:end]
        score = title_score(words)
        if score:
            score += bool(page_title and words in page_title)
            if score > best_score or (score == best_score and not prose_seen):
                best, best_score = (start, end), score
        elif len(words) >= 40 and "。" in words:
            prose_seen += 1
            if prose_seen > (0 if best else 2):
                break
    return best
