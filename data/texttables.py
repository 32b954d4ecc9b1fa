"""Finds tables that only the text shows: pipes, one cell a line, aligned columns."""

from __future__ import annotations

from .document import Table


def find_tables(text: str, stated: tuple[Table, ...]) -> tuple[Table, ...]:
    """Tables of a text outside those that its format states, in order, not overlapping."""
    return ()
