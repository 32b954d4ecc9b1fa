"""Writes out the numbers that Word generates for list paragraphs (`一、`, `（二）`, `3.`)."""

from __future__ import annotations

import re
from typing import Any

_NUMERALS = "零一二三四五六七八九"
_PLACE = re.compile(r"%(\d)")


class Numbering:
    """Counts the list paragraphs of one document, in order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[str, list[int]] = {}
        self._style_numbers: dict[str, tuple[str, int]] = {}
        from docx.opc.constants import RELATIONSHIP_TYPE

        part = next(
            (r.target_part for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.NUMBERING),
            None,
        )
        if part is None:
            return
        root = part.element
        abstract = {a.get(_w("abstractNumId")): a for a in root.findall(_w("abstractNum"))}
        for number in root.findall(_w("num")):
            target = number.find(_w("abstractNumId"))
            shape = abstract.get(target.get(_w("val"))) if target is not None else None
            for level in shape.findall(_w("lvl")) if shape is not None else []:
                key = (number.get(_w("numId")), _whole(level.get(_w("ilvl"))))
                self._levels[key] = (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    _whole(_value(level, "start"), 1),
                )
        for style in document.styles.element.findall(_w("style")):
            found = _number_of(style.find(_w("pPr")))
            if found:
                self._style_numbers[style.get(_w("styleId"))] = found

    def mark(self, paragraph: Any) -> str:
        """The number that stands before a paragraph, empty for none."""
        properties = paragraph.find(_w("pPr"))
        if properties is None:
            return ""
        style = properties.find(_w("pStyle"))
        found = _number_of(properties)
        if found is None and style is not None:
            found = self._style_numbers.get(style.get(_w("val")))
        if found is None or found not in self._levels:
            return ""
        number, level = found
        counts = self._counts.setdefault(number, [])
        for at in range(len(counts), level + 1):
            counts.append(self._start(number, at) - (1 if at == level else 0))
        counts[level] += 1
        del counts[level + 1 :]
        form, shape, _ = self._levels[found]
        if form == "bullet":
            return ""
        return _PLACE.sub(lambda m: self._written(number, int(m[1]) - 1, counts), shape)

    def _start(self, number: str, level: int) -> int:
        return self._levels.get((number, level), ("", "", 1))[2]

    def _written(self, number: str, level: int, counts: list[int]) -> str:
        if not 0 <= level < len(counts):
            return ""
        form = self._levels.get((number, level), ("decimal", "", 1))[0]
        if "hinese" in form or form in ("japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand"):
            return chinese(counts[level])
        return str(counts[level])


def chinese(value: int) -> str:
    """A whole number from 0 to 99 in Chinese numerals, a larger one in digits."""
    if not 0 <= value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    if tens == 0:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _value(parent: Any, name: str) -> str | None:
    child = parent.find(_w(name))
    return None if child is None else child.get(_w("val"))


def _whole(text: str | None, default: int = 0) -> int:
    return int(text) if text is not None and text.isdecimal() else default


def _number_of(properties: Any) -> tuple[str, int] | None:
    """The list and level that paragraph properties name."""
    if properties is None:
        return None
    number = properties.find(_w("numPr"))
    if number is None:
        return None
    name = _value(number, "numId")
    return None if name in (None, "0") else (str(name), _whole(_value(number, "ilvl")))
