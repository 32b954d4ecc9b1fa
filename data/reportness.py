"""Says whether a document is an information-disclosure annual report at all; in doubt it is."""

from __future__ import annotations

import re

from .document import Document
from .errors import EmptyInputError, NotAReportError

_SIGN = re.compile(r"公开|年报|行政(?:复议|诉讼)|依申请|政策解读|规范性文件|门户网站|政务微")
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百\d]+条", re.MULTILINE)
_LISTED = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[)）\]]?$")
_SAMPLE = 200_000
_RAREST = 3000  # characters of text for one word about disclosure; reports have one in 30 to 300
_FEWEST_ARTICLES = 8


def require_report(document: Document) -> None:
    """Let every text pass that speaks of disclosing information: excerpts and bare forms too.

    Raises:
        EmptyInputError: there is no text.
        NotAReportError: nothing in the text is about disclosure, or it is a law or a list of news.
    """
    file = document.source.path or document.doc_id
    text = document.view.text[:_SAMPLE]
    if not text.strip():
        raise EmptyInputError("holds no text", file=file)
    reason = _reason_against(document, text)
    if reason:
        raise NotAReportError(
            f"is no information-disclosure annual report ({reason})",
            file=file,
            advice="leave it out of the input",
        )


def _reason_against(document: Document, text: str) -> str | None:
    signs = len(_SIGN.findall(text))
    if signs * _RAREST < len(text) and not (document.title and signs):
        return "it does not speak of disclosure"
    if document.title:
        return None
    lines = [line for line in text.split("\n") if line.strip()]
    articles = len(_ARTICLE.findall(text))
    if articles >= _FEWEST_ARTICLES and articles > 0.25 * len(lines):
        return "it is a law in articles"
    listed = sum(bool(_LISTED.search(line)) for line in lines)
    if listed >= _FEWEST_ARTICLES and listed > 0.3 * len(lines) and not any("。" in line for line in lines):
        return "it is a list of titles and dates"
    return None
