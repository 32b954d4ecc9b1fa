"""Seeded variation of annotated reports by program; every label stays right by construction.

A report is taken apart into pieces, each plain text or the words of one mark. Changes rewrite words
of pieces, never their borders, and the offsets are counted afresh when the pieces are joined.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import opencc
from pydantic import Field

from ..annotations.markup import Mark, Report
from .settings import Settings

DIVISIONS = Path(__file__).parent.parent / "configs" / "divisions.txt"
_SUFFIXES = ("街道", "自治县", "省", "市", "县", "区", "旗", "镇", "乡")
_PLACE = re.compile(rf"^[一-鿿]{{1,6}}?(?:{'|'.join(_SUFFIXES)})")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s?[年-]|[〕\]）)]|\d{2,4}月)")
_HAN_YEAR = re.compile(r"二[〇○零O0][〇○零O0一二][〇○零O0一二三四五六七八九](?=年)")
_HAN = "〇一二三四五六七八九"
_HEADING = re.compile(r"(?m)^([ \t\u3000]*)([一二三四五六七八九十]{1,2})、")
_HEADINGS: tuple[Callable[[str, int], str], ...] = (
    lambda han, n: f"（{han}）",
    lambda han, n: f"{n}、",
    lambda han, n: f"{n}.",
    lambda han, n: f"第{han}部分 ",
    lambda han, n: f"{han}.",
    lambda han, n: f"{han} ",
)
_SIGN = re.compile(r"[，。；、：,:;]")
_SWAPS = {
    "，": "；,、。",
    "。": "；，.",
    "；": "，。;、",
    "、": "，, ",
    "：": ":，",
    ",": "，",
    ":": "：",
    ";": "；",
}


class VariationSettings(Settings):
    """All of `configs/train/variation.yaml`."""

    places: float = Field(ge=0, le=1)
    years: float = Field(ge=0, le=1)
    numbers: float = Field(ge=0, le=1)
    units: float = Field(ge=0, le=1)
    synonyms: float = Field(ge=0, le=1)
    headings: float = Field(ge=0, le=1)
    traditional: float = Field(ge=0, le=1)
    signs: float = Field(ge=0, le=1)
    blanks: float = Field(ge=0, le=1)
    furniture: float = Field(ge=0, le=1)
    year_shift: int = Field(ge=0)
    unit_classes: tuple[tuple[str, ...], ...]
    zero_words: tuple[tuple[str, ...], ...]
    metric_words: tuple[tuple[str, ...], ...]
    furniture_lines: tuple[str, ...]


@dataclass(slots=True)
class _Piece:
    """Plain text (`mark` is None) or the words of a mark."""

    words: str
    mark: Mark | None = None


def vary(report: Report, settings: VariationSettings, seed: int) -> Report:
    """A changed copy of a report with the same marks in the same order; the same for the same seed."""
    chance = random.Random(seed)
    pieces = _take_apart(report)
    meta = dict(report.meta)
    if chance.random() < settings.places:
        _places(pieces, meta, chance)
    if chance.random() < settings.years:
        _years(pieces, meta, chance, settings.year_shift)
    for piece in pieces:
        if piece.mark is None:
            piece.words = _SIGN.sub(lambda m: _sign(m.group(), chance, settings.signs), piece.words)
        else:
            piece.words = _marked(piece.mark.label, piece.words, chance, settings)
    if chance.random() < settings.headings:
        _headings(pieces, chance)
    if chance.random() < settings.furniture:
        _furniture(pieces, meta, chance, settings.furniture_lines)
    if chance.random() < settings.blanks:
        for piece in pieces:
            piece.words = re.sub(
                r"(?<=[一-鿿])(?=[一-鿿])", lambda _: " " if chance.random() < 0.02 else "", piece.words
            )
    if chance.random() < settings.traditional:
        for piece in pieces:
            piece.words = _traditional().convert(piece.words)
    return _join(pieces, meta)


def _take_apart(report: Report) -> list[_Piece]:
    pieces: list[_Piece] = []
    position = 0
    for mark in report.marks:
        pieces.append(_Piece(report.text[position : mark.start]))
        pieces.append(_Piece(report.text[mark.start : mark.end], mark))
        position = mark.end
    pieces.append(_Piece(report.text[position:]))
    return pieces


def _join(pieces: list[_Piece], meta: dict[str, object]) -> Report:
    marks: list[Mark] = []
    length = 0
    for piece in pieces:
        if piece.mark is not None:
            marks.append(replace(piece.mark, start=length, end=length + len(piece.words)))
        length += len(piece.words)
    return Report(meta, "".join(p.words for p in pieces), tuple(marks))


@cache
def _divisions() -> dict[str, tuple[str, ...]]:
    """Suffix → real names that end in it."""
    names: dict[str, list[str]] = {s: [] for s in _SUFFIXES}
    for line in DIVISIONS.read_text(encoding="utf-8").splitlines():
        for name in [] if line.startswith("#") else line.split():
            names[next(s for s in _SUFFIXES if name.endswith(s))].append(name)
    return {s: tuple(n) for s, n in names.items()}


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _places(pieces: list[_Piece], meta: dict[str, object], chance: random.Random) -> None:
    """Every place that opens an AGENCY mark becomes another of its kind, the same one everywhere."""
    new: dict[str, str] = {}
    for piece in pieces:
        if piece.mark is None or piece.mark.label != "AGENCY":
            continue
        match = _PLACE.match(piece.words)
        if not match or len(match.group()) < 3 or match.group()[0] in "我全本各该":
            continue
        suffix = next(s for s in _SUFFIXES if match.group().endswith(s))
        if match.group() not in new and _divisions()[suffix]:
            new[match.group()] = chance.choice(_divisions()[suffix])
    if not new:
        return
    found = re.compile("|".join(re.escape(w) for w in sorted(new, key=len, reverse=True)))
    for piece in pieces:
        piece.words = found.sub(lambda m: new[m.group()], piece.words)
    meta["agency"] = found.sub(lambda m: new[m.group()], str(meta.get("agency") or "")) or None


def _years(pieces: list[_Piece], meta: dict[str, object], chance: random.Random, most: int) -> None:
    """All years of the report shift by the same number, within 2008 to 2025."""
    year = meta.get("year")
    if not isinstance(year, int):
        return
    lowest = max(-most, 2008 - year)
    shift = chance.randint(lowest, max(lowest, min(most, 2025 - year)))
    meta["year"] = year + shift
    for piece in pieces:
        if piece.mark is not None and piece.mark.year is not None:
            piece.mark = replace(piece.mark, year=piece.mark.year + shift)
        if piece.mark is None or piece.mark.label in ("YEAR", "METRIC"):
            bare = piece.mark is not None and piece.mark.label == "YEAR"
            pattern = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)") if bare else _YEAR
            piece.words = pattern.sub(lambda m: str(int(m.group()) + shift), piece.words)
            piece.words = _HAN_YEAR.sub(lambda m: _han_year(m.group(), shift), piece.words)


def _han_year(words: str, shift: int) -> str:
    digits = "".join(str(_HAN.index("〇" if c in "○零O0" else c)) for c in words)
    return "".join(_HAN[int(d)] for d in str(int(digits) + shift))


def _marked(label: str, words: str, chance: random.Random, settings: VariationSettings) -> str:
    if label in ("COUNT", "RATE") and chance.random() < settings.numbers:
        return _number(words, chance)
    if label == "UNIT" and chance.random() < settings.units:
        return _other(words, settings.unit_classes, chance)
    if label == "ZERO" and chance.random() < settings.synonyms:
        return _other(words, settings.zero_words, chance)
    if label == "METRIC" and chance.random() < settings.synonyms:
        for group in settings.metric_words:
            for word in sorted(group, key=len, reverse=True):
                if word in words and len(word) >= 2:
                    return words.replace(word, chance.choice(group), 1)
    return words


def _other(words: str, groups: tuple[tuple[str, ...], ...], chance: random.Random) -> str:
    fitting = [g for g in groups if words in g]
    return chance.choice(chance.choice(fitting)) if fitting else words


def _number(words: str, chance: random.Random) -> str:
    """Another number in the same style: its signs, multiplier and words stay where they are."""
    if not re.search(r"\d", words):
        if len(words) <= 2 and set(words) <= set("一二两三四五六七八九"):
            return "".join(
                chance.choice("二三四五六七八九" if len(words) > 1 else "一两三四五六七八九") for _ in words
            )
        return words

    def digits(match: re.Match[str]) -> str:
        old = match.group()
        if match.start() and words[match.start() - 1] in ".．":
            return "".join(chance.choice("0123456789") for _ in old)
        if words[match.end() : match.end() + 1] in (",", "，") or (
            match.start() and words[match.start() - 1] in ",，"
        ):
            length = len(old)
        else:
            length = max(1, len(old) + chance.choice((-1, 0, 0, 0, 1)))
        if "%" in words or "％" in words:
            length = min(length, 2)
        head = chance.choice(
            "0123456789" if match.start() and words[match.start() - 1] in ",，" else "123456789"
        )
        if length == 1 and len(words) == 1 and chance.random() < 0.15:
            head = "0"
        return head + "".join(chance.choice("0123456789") for _ in range(length - 1))

    return re.sub(r"\d+", digits, words)


def _sign(sign: str, chance: random.Random, share: float) -> str:
    if chance.random() >= share:
        return sign
    kind = chance.random()
    if kind < 0.3:
        return ""
    return sign * 2 if kind < 0.4 else chance.choice(_SWAPS.get(sign, sign))


def _headings(pieces: list[_Piece], chance: random.Random) -> None:
    style = chance.choice(_HEADINGS)
    numerals = ["十" if n == 10 else ("十" + _HAN[n - 10] if n > 10 else _HAN[n]) for n in range(1, 20)]

    def renumber(match: re.Match[str]) -> str:
        han = match.group(2)
        return match.group(1) + style(han, numerals.index(han) + 1) if han in numerals else match.group()

    for index, piece in enumerate(pieces):
        if piece.mark is None:
            fresh = index == 0 or piece.words.startswith("\n")
            # A piece that follows a mark on the same line does not begin a line.
            head, body = ("", piece.words) if fresh else piece.words.partition("\n")[::2]
            if not fresh and "\n" in piece.words:
                head += "\n"
            piece.words = head + _HEADING.sub(renumber, body)


def _furniture(
    pieces: list[_Piece], meta: dict[str, object], chance: random.Random, lines: tuple[str, ...]
) -> None:
    def some(count: int) -> str:
        chosen = chance.sample(lines, min(count, len(lines)))
        fill = {
            "agency": meta.get("agency") or "",
            "year": meta.get("year") or "",
            "count": chance.randint(10, 9999),
        }
        return "".join(line.format(**fill) + "\n" for line in chosen)

    pieces[0].words = some(chance.randint(1, 4)) + pieces[0].words
    pieces[-1].words = pieces[-1].words.rstrip("\n") + "\n" + some(chance.randint(1, 3))
