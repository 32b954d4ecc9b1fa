"""Fuller names of a body that a report also calls by a shorter one: its county, its place in full."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .agency_patterns import HAN, JOINTLY, PLACE_END, SUFFIX

_LEVELS = "省市县区旗州盟"
# `市财政局`, `州文体广电局`: a body of the place that the reader is taken to know.
_LEVEL_ONLY = re.compile(rf"(?P<level>[{_LEVELS}])(?P<rest>{HAN}{{2,}})")
# `巴州人民政府`: the everyday name of an autonomous prefecture.
_SHORT_PREFECTURE = re.compile(rf"(?P<stem>{HAN}{{1,4}})州(?P<rest>人民政府(?:办公[厅室])?)")


def is_fuller(other: str, name: str, base: str) -> bool:
    """Whether `other` names the body `base` more fully than `name`, the fullest name of it so far, does."""
    if len(other) <= len(name):
        return False
    before = other.removesuffix(base) if other.endswith(base) else None
    if before and re.search(rf"(?:{PLACE_END})$", before):
        return True
    if _LEVEL_ONLY.fullmatch(base) and (
        (before and re.fullmatch(rf"{HAN}{{1,12}}", before)) or _abbreviates(base, other)
    ):
        return True
    if not re.search(rf"(?:{SUFFIX})$", base) and re.search(
        rf"(?:^|[{PLACE_END[0]}市县区旗州盟]){re.escape(base)}(?:人民政府|管理委员会|管委会|办事处)$", other
    ):
        return True
    return base.endswith("管委会") and other == base[:-3] + "管理委员会"


def _abbreviates(name: str, other: str) -> bool:
    """Whether `市城管局` is short for `X市城市管理局`: same level and end, nearly the same beginning, same order."""
    short = _LEVEL_ONLY.fullmatch(name)
    if short is None:
        return False
    full = re.fullmatch(rf"{HAN}{{1,11}}?{short['level']}(?P<rest>{HAN}+)", other)
    if full is None or re.match(rf"(?!城市|城镇|社区){HAN}{{1,4}}(?:市|县|区|旗|镇|乡)", full["rest"]):
        return False
    rest = full["rest"]
    return short["rest"][0] in rest[:2] and rest[-1] == short["rest"][-1] and _is_within(short["rest"], rest)


def _is_within(short: str, full: str) -> bool:
    """Whether the characters of `short` stand in `full` in their order."""
    left = iter(full)
    return all(sign in left for sign in short)


def prefecture_in_full(name: str, text: str) -> tuple[int, int] | None:
    """Where the text names the autonomous prefecture whose government's everyday name this is."""
    short = _SHORT_PREFECTURE.fullmatch(name)
    if short is None:
        return None
    full = re.search(rf"{re.escape(short['stem'])}{HAN}{{1,14}}?自治州{short['rest']}", text)
    return full.span() if full else None


def _from_place(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a verb before the place: `紧抓青禾市` stands once in the text, `青禾市` more often."""
    place = re.match(rf"{HAN}{{2,12}}?[{_LEVELS}]", text[start:end])
    if place is None:
        return start, end
    words = place.group()
    tails = [words[i:] for i in range(len(words) - 2)]
    best = max(tails, key=lambda tail: (text.count(tail), len(tail)))
    return start + words.index(best), end


def _with_partner(text: str, start: int, end: int) -> tuple[int, int]:
    """The names of both bodies where two compiled the report: `由X局、Y局共同编制`."""
    both = re.search(rf"(?<=由){re.escape(text[start:end])}{JOINTLY}", text)
    return both.span() if both else (start, end)


def fullest(text: str, base: tuple[int, int], others: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The longest mention of the body at `base`, with the body that it reports together with."""
    name = text[slice(*base)]
    chosen = base
    for other in others:
        if is_fuller(text[slice(*other)], text[slice(*chosen)], name):
            chosen = other
    if chosen != base and _LEVEL_ONLY.fullmatch(name):
        chosen = _from_place(text, *chosen)
    return prefecture_in_full(text[slice(*chosen)], text) or _with_partner(text, *chosen)
