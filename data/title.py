"""Finds the report's title and the lines that name the body that issues it."""

from __future__ import annotations

import re

_SUBJECT = re.compile(r"公开")
_KIND = re.compile(
    r"年度(?:工作)?(?:情况)?报告|年度公开报告|年报|工作(?:情况)?(?:的)?(?:年度)?(?:报告|总结|小结)"
    r"|(?:情况|公开)(?:的)?报告|(?:年度|工作)(?:总结|小结)|报告$|公开情况$"
)
_YEAR = re.compile(r"(?:19|20)\d\d|[一二][〇零0一二三四五六七八九]{3}")
_NOT_TITLE = re.compile(
    r"[|｜]|上一|下一|[>»›]|根据|按照|现将|如下|本(?:年度)?报告|编制|。|^[一二三四五六七八九十]{1,3}(?:、|(?=政府|政务|主动|依申请|信息))|^（|^\d{1,2}[、.]"
    r"|关于(?:做好|印发|开展|报送|认真|切实)|《[^》]*公开"
    # The headings of a report's parts, unnumbered.
    r"|^(?:政府|政务)?(?:信息)?(?:主动公开|依申请公开)(?:政府信息|政务信息|信息)?(?:工作)?(?:的)?(?:办理)?情况$"
)
_LABEL = re.compile(r"^(?:[•·●|｜]\s?)?(?:标题|名称|信息名称|文件名称|中文名|题名)：\s?|^[•·●|｜]\s?")
_TAIL = re.compile(
    r"(?:年度?公?开?报告|年报|工作报告|情况报告|的报告|报告|总结|小结|情况)(?:（[^（）]{1,12}）)?"
)
_OPENING = re.compile(
    r"(?!根据|按照|依照|依据|遵照|现将|为|本|现|由)[^，。；：、]{4,40}?公开[^，。；：]{0,12}?(?:年度报告|工作报告|情况报告|年报|报告|总结)"
)
_ISSUER = re.compile(
    r"(?:发布(?:机构|单位|部门)|发文(?:机关|单位)|公开(?:机构|主体|责任部门)|填报单位(?:（盖章）|（公章）)?|编制(?:单位|机关)"
    r"|信息来源|报送单位|制发机关)\s?：\s?(?P<name>[^\s：，。|]{2,40}?)"
    r"(?=\s|发布|发文|生成|日期|时间|公开|成文|文号|索引|名称|浏览|点击|字体|$|\||）)",
    re.MULTILINE,
)
_LONGEST = 70


def find_title(lines: list[tuple[int, int]], text: str, page_title: str | None) -> tuple[int, int] | None:
    """View interval of the title: the best line above the prose, the lowest of equals.

    Pages repeat the title in breadcrumbs and index tables; the one nearest to the text is its own.
    Where no line is the title, the first paragraph may open with it.
    """
    best: tuple[int, int] | None = None
    best_score = prose = 0
    first_prose: tuple[int, int] | None = None
    for line_start, line_end in lines:
        start, end = _bare(text, line_start, line_end)
        words = text[start : min(end, start + _LONGEST + 1)]
        score = title_score(words)
        if score:
            trimmed = _trim(text, start, end)
            score += bool(page_title and text[slice(*trimmed)] in page_title)
            if score > best_score or (score == best_score and not prose):
                best, best_score = trimmed, score
        elif end - start >= 10 and "。" in text[start:end]:
            first_prose = first_prose or (start, end)
            prose += 1
            if prose > (0 if best else 2):
                break
    if best is None and first_prose is not None:
        opening = _OPENING.match(text, first_prose[0], min(first_prose[1], first_prose[0] + 80))
        return opening.span() if opening and _YEAR.search(opening.group()) else None
    return best


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """The line without the pipes that converters put around a title which stood in a table."""
    while start < end and text[start] in "|｜ ":
        start += 1
    while start < end and text[end - 1] in "|｜ ":
        end -= 1
    return start, end


def title_score(words: str) -> int:
    """How much a line of the view looks like the report's title; 0 for not at all."""
    if not 6 <= len(words) <= _LONGEST or _NOT_TITLE.search(words):
        return 0
    subject, kind = _SUBJECT.search(words), _KIND.search(words)
    if not subject or not kind:
        return 0
    labelled = bool(_LABEL.match(words))
    return (
        4
        + 4 * bool(_YEAR.search(words))
        + 2 * (kind.end() >= len(words) - 3)
        + 2 * (subject.start() > 6)
        - labelled
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The title without a label before it and what a page puts behind it (`.docx`, a site's name, a date)."""
    label = _LABEL.match(text[start:end])
    if label:
        start += label.end()
    tails = list(_TAIL.finditer(text, start, end))
    return start, tails[-1].end() if tails else end


def find_issuers(text: str) -> list[tuple[int, int]]:
    """View intervals of `label：name` where a page's index table or a form names its issuing body."""
    return [(m.start(), m.end("name")) for m in _ISSUER.finditer(text)]
