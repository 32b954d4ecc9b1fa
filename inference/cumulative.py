"""Parts of a total of all years: `累计公开90条，其中政策类8条。2014年新增10条，其中政策类1条。`"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .types import Figure

_ALL_YEARS = re.compile(r"累计|历年|总计|建站以来|开通以来")
_PARTS = "category."


def year_only(texts: Sequence[str], figures: Sequence[Sequence[Figure]]) -> list[Figure]:
    """The figures of all sentences; kinds counted over all years lose their id where the year's own follow.

    `figures[i]` are those of the sentence `texts[i]`. Where a report counts its kinds once only, they are
    taken to be the year's.
    """
    out: list[Figure] = []
    for index, (text, found) in enumerate(zip(texts, figures, strict=True)):
        following = next((f for f in figures[index + 1 : index + 3] if any(_is_part(x) for x in f)), ())
        out += _without_parts(found) if _counts_all_years(text, found) and _is_years(following) else found
    return out


def _is_part(figure: Figure) -> bool:
    return (figure.metric_id or "").startswith(_PARTS)


def _counts_all_years(text: str, figures: Sequence[Figure]) -> bool:
    """Whether the sentence's first count is a total that was found to be no year's."""
    return bool(_ALL_YEARS.search(text)) and bool(figures) and figures[0].metric_id is None


def _is_years(figures: Sequence[Figure]) -> bool:
    return bool(figures) and figures[0].metric_id == "proactive.total"


def _without_parts(figures: Sequence[Figure]) -> list[Figure]:
    return [replace(f, metric_id=None) if _is_part(f) else f for f in figures]
