"""Puts a row's figures into its columns; where cells were lost, the printed sums decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from .lexer import Atom

WIDTH = 7
"""Columns of the application table: six kinds of applicants and their sum."""
_MOST_SPLITS = 64


class Slot(NamedTuple):
    """A figure in a column: its value and where it stands."""

    value: int | float
    start: int
    end: int


Placement = tuple[Slot | None, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row's placement. `shares[i]` is how likely column i is right; `sure[i]` that nothing else fits.

    `solved` tells that the table's sums decided.
    """

    slots: Placement
    shares: tuple[float, ...]
    sure: tuple[bool, ...]
    sum_holds: bool
    solved: bool = False


def vector(placement: Placement) -> tuple[int | float, ...]:
    """The values before the total, an empty cell as 0."""
    return tuple(slot.value if slot else 0 for slot in placement[:-1])


def sum_holds(placement: Placement) -> bool:
    """Whether the last column is the sum of the others."""
    return placement[-1] is not None and abs(sum(vector(placement)) - placement[-1].value) < 1e-9


def candidates(atoms: Sequence[Atom], width: int = WIDTH) -> list[Placement]:
    """All placements of a row's figures that its own sum allows; where none does, the plain one.

    A row with a cell for every column has one candidate, whatever its sum; digits that ran together and
    cannot be parted have none.
    """
    slots: list[Slot | None] = [
        Slot(atom.value.number, atom.start, atom.end)
        if atom.value and atom.value.number is not None
        else None
        for atom in atoms
    ]
    figures = [slot for slot in slots if slot]
    if len(slots) == width and (figures == slots or sum_holds(tuple(slots))):
        return [tuple(slots)]
    if _ran_together(atoms) and len(figures) > 1:
        return []
    found: list[Placement] = []
    if len(slots) > width:
        found = _shortened(slots, width)
        if found:
            return found
    if len(figures) == width:
        return [tuple(figures)]
    if len(figures) > width:
        found = [p for p in combinations(figures, width) if sum_holds(p)]
        return _distinct(found) or [tuple(figures[:width])]
    if len(figures) == 1 and any(atom.glued for atom in atoms):
        return _unglued(atoms, width)
    if len(slots) == width:
        return [tuple(slots)]  # its own sum fails, but every cell is there
    return list(_spread(figures, width))


def _ran_together(atoms: Sequence[Atom]) -> bool:
    """Whether no blank parts the figures from each other, or one begins with a needless zero."""
    leading_zero = any(
        a.glued and a.value and len(a.value.digits) > 1 and a.value.digits[0] == "0" for a in atoms
    )
    return leading_zero or any(atom.glued for atom in atoms[1:])


def _shortened(slots: Sequence[Slot | None], width: int) -> list[Placement]:
    """Too many cells: first the blanks at the edges go, then any that leave a row whose sum holds."""
    extra = len(slots) - width
    for left in range(extra + 1):
        right = extra - left
        dropped = [*slots[:left], *(slots[len(slots) - right :] if right else [])]
        kept = tuple(slots[left : len(slots) - right])
        if not any(dropped) and sum_holds(kept):
            return [kept]
    if not any(slots[width:]) and slots[width - 1] and not any(slots[: width - 1]):
        return [tuple(slots[:width])]  # only the total is there, and padding after it
    if extra <= 3:
        return _distinct(
            [
                kept
                for kept in combinations(slots, width)
                if sum_holds(kept)
                and sum(s is not None for s in kept) >= sum(s is not None for s in slots) - extra
            ]
        )
    return []


def _distinct(found: list[Placement]) -> list[Placement]:
    by_values: dict[tuple[int | float | None, ...], Placement] = {}
    for placement in found:
        by_values.setdefault(tuple(slot.value if slot else None for slot in placement), placement)
    most = max((sum(v is not None for v in values) for values in by_values), default=0)
    return [p for values, p in by_values.items() if sum(v is not None for v in values) == most]


def _spread(figures: Sequence[Slot], width: int) -> Iterator[Placement]:
    """Fewer figures than columns: all ways to leave columns empty, the last figure being the total."""
    if not figures:
        return
    total_holds = len(figures) > 1 and abs(sum(s.value for s in figures[:-1]) - figures[-1].value) < 1e-9
    parts = figures[:-1] if total_holds or len(figures) == width else figures
    for columns in combinations(range(width - 1), min(len(parts), width - 1)):
        placement: list[Slot | None] = [None] * width
        for column, slot in zip(columns, parts, strict=False):
            placement[column] = slot
        if total_holds:
            placement[-1] = figures[-1]
        yield tuple(placement)


def _unglued(atoms: Sequence[Atom], width: int) -> list[Placement]:
    """Digits run together: the splits into a full row whose sum holds."""
    atom = next(a for a in atoms if a.is_figure)
    digits = atom.value.digits if atom.value else ""
    if not digits.isdigit() or not width <= len(digits) <= 5 * width or atom.end - atom.start != len(digits):
        return []
    found: list[Placement] = []

    def go(position: int, end: int, left: int, row: list[Slot]) -> None:
        """Part `digits[position:end]` into the rest of the row, whose values add up to `left`."""
        wanted = width - 1 - len(row)
        if len(found) >= _MOST_SPLITS or end - position < wanted:
            return
        if wanted == 0:
            if position == end and left == 0:
                found.append((*row, Slot(int(digits[end:]), atom.start + end, atom.end)))
            return
        longest = 1 if digits[position] == "0" else end - position - (wanted - 1)
        for length in range(1, longest + 1):
            value = int(digits[position : position + length])
            if value > left:
                break
            slot = Slot(value, atom.start + position, atom.start + position + length)
            go(position + length, end, left - value, [*row, slot])

    for end in range(width - 1, len(digits)):
        if digits[end] != "0" or end == len(digits) - 1:
            go(0, end, int(digits[end:]), [])
    return found
