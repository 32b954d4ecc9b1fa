"""Cuts view lines into sentences: up to 。！？ with the closing signs behind them, or the line's end."""

from __future__ import annotations

import re

_END = re.compile(r"[。！？]+[”’」』）》】]*")
_BLANKS = " \t"


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """View intervals of the sentences in line `[start, end)`, without blanks at their edges."""
    found: list[tuple[int, int]] = []
    position = start
    for match in _END.finditer(text, start, end):
        _add(text, position, match.end(), found)
        position = match.end()
    _add(text, position, end, found)
    return found


def _add(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    while start < end and text[start] in _BLANKS:
        start += 1
    while start < end and text[end - 1] in _BLANKS:
        end -= 1
    if start < end and any(c.isalnum() for c in text[start:end]):
        found.append((start, end))
