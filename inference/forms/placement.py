"""Puts a row's figures into its columns; where cells were lost, the printed sums decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

from .lexer import Atom

WIDTH = 7
"""Columns of the application table: six kinds of applicants and their sum."""
_MOST_STATES = 4000
_MOST_SPLITS = 64


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure in a column: its value and where it stands."""

    value: int | float
    start: int
    end: int


Placement = tuple[Slot | None, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row's placement; `sure[i]` tells whether column i is beyond doubt, `solved` that sums decided."""

    slots: Placement
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

    A row with a cell for every column has one candidate, whatever its sum.
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
    if len(figures) == 1 and (splits := _unglued(atoms, width)):
        return splits
    if len(slots) == width:
        return [tuple(slots)]  # its own sum fails, but every cell is there
    return list(_spread(figures, width))


def _shortened(slots: Sequence[Slot | None], width: int) -> list[Placement]:
    """Too many cells: first the blanks at the edges go, then any that leave a row whose sum holds."""
    extra = len(slots) - width
    for left in range(extra + 1):
        right = extra - left
        dropped = [*slots[:left], *(slots[len(slots) - right :] if right else [])]
        kept = tuple(slots[left : len(slots) - right])
        if not any(dropped) and sum_holds(kept):
            return [kept]
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

    def go(position: int, row: list[Slot]) -> None:
        if len(found) >= _MOST_SPLITS:
            return
        if len(row) == width - 1:
            last = digits[position:]
            if last == str(sum(int(s.value) for s in row)):
                found.append((*row, Slot(int(last), atom.start + position, atom.end)))
            return
        longest = 1 if digits[position] == "0" else len(digits) - position - (width - 1 - len(row))
        for length in range(1, longest + 1):
            slot = Slot(
                int(digits[position : position + length]),
                atom.start + position,
                atom.start + position + length,
            )
            go(position + length, [*row, slot])

    go(0, [])
    return found


def settle(
    rows: Mapping[str, list[Placement]],
    parts: Sequence[str],
    weights: Sequence[float],
) -> dict[str, Placed]:
    """Chooses each row's placement by the column sums.

    Args:
        rows: candidates by row id, `new`, `carried_in`, `result_total`, `carried_out` among them.
        parts: ids of the rows that add up to `result_total`.
        weights: how likely a lone figure stands in each column before the total.
    """
    shares: dict[str, list[float]] = {}
    if any(len(found) > 1 for found in rows.values()):
        shares = _shares(rows, [part for part in parts if part in rows], weights)
    placed: dict[str, Placed] = {}
    for row, found in rows.items():
        if len(found) == 1:
            placed[row] = Placed(found[0], (True,) * len(found[0]), sum_holds(found[0]))
            continue
        consistent = row in shares
        weight = shares.get(row) or [_prior(p, weights) for p in found]
        total = sum(weight) or 1.0
        best = max(range(len(found)), key=lambda i: weight[i])
        sure = tuple(
            sum(w for w, p in zip(weight, found, strict=True) if p[c] == found[best][c]) >= 0.999 * total
            for c in range(len(found[best]))
        )
        placed[row] = Placed(found[best], sure, sum_holds(found[best]), solved=consistent)
    return placed


def _prior(placement: Placement, weights: Sequence[float]) -> float:
    # A zero says little about its column; a small exponent keeps the order without outvoting the rest.
    return prod(w if slot.value else w**0.1 for slot, w in zip(placement, weights, strict=False) if slot)


Vector = tuple[int | float, ...]


def _add(a: Vector, b: Vector) -> Vector:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _subtract(a: Vector, b: Vector) -> Vector:
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _shares(
    rows: Mapping[str, list[Placement]], parts: Sequence[str], weights: Sequence[float]
) -> dict[str, list[float]]:
    """Weight of each candidate over all ways in which every column adds up; empty where none does."""
    zero: Vector = (0,) * (WIDTH - 1)
    edge = {
        name: [(vector(p), _prior(p, weights)) for p in rows[name]] if name in rows else [(zero, 1.0)]
        for name in ("new", "carried_in", "carried_out")
    }
    # Targets: what the result rows add up to, by the balance; weighted by all ways to reach it.
    balance: dict[Vector, float] = {}
    for new, w_new in edge["new"]:
        for carried_in, w_in in edge["carried_in"]:
            for carried_out, w_out in edge["carried_out"]:
                target = _subtract(_add(new, carried_in), carried_out)
                balance[target] = balance.get(target, 0.0) + w_new * w_in * w_out
    totals = [(vector(p), _prior(p, weights)) for p in rows.get("result_total", [])]
    balanced = "new" in rows
    targets = (
        [t for t, _ in totals if not balanced or t in balance] or [t for t, _ in totals] or list(balance)
    )
    targets = list(dict.fromkeys(targets))
    shares = {name: [0.0] * len(found) for name, found in rows.items()}
    reached = False
    for target in targets[:40]:
        weight = balance.get(target, 1.0 if not balanced else 1e-6) * (
            sum(w for t, w in totals if t == target) if totals else 1.0
        )
        inner = _part_shares(rows, parts, target, weights)
        if inner is None:
            continue
        reached = True
        mass, by_part = inner
        for name, values in by_part.items():
            for index, value in enumerate(values):
                shares[name][index] += weight * value
        _share_edges(rows, edge, target, weight * mass, shares, weights)
    return {name: values for name, values in shares.items() if sum(values) > 0} if reached else {}


def _share_edges(
    rows: Mapping[str, list[Placement]],
    edge: Mapping[str, list[tuple[Vector, float]]],
    target: Vector,
    weight: float,
    shares: dict[str, list[float]],
    weights: Sequence[float],
) -> None:
    for index, placement in enumerate(rows.get("result_total", [])):
        if vector(placement) == target:
            shares["result_total"][index] += weight * _prior(placement, weights)
    for i, (new, w_new) in enumerate(edge["new"]):
        for j, (carried_in, w_in) in enumerate(edge["carried_in"]):
            for k, (carried_out, w_out) in enumerate(edge["carried_out"]):
                if _subtract(_add(new, carried_in), carried_out) == target:
                    for name, index in (("new", i), ("carried_in", j), ("carried_out", k)):
                        if name in rows:
                            shares[name][index] += weight * w_new * w_in * w_out


def _part_shares(
    rows: Mapping[str, list[Placement]], parts: Sequence[str], target: Vector, weights: Sequence[float]
) -> tuple[float, dict[str, list[float]]] | None:
    """Forward and backward sums over the parts' candidates that add up to the target; None where none do."""
    options = [[(vector(p), _prior(p, weights)) for p in rows[part]] for part in parts]
    zero: Vector = (0,) * (WIDTH - 1)
    forward: list[dict[Vector, float]] = [{zero: 1.0}]
    for option in options:
        states: dict[Vector, float] = {}
        for state, mass in forward[-1].items():
            for step, weight in option:
                following = _add(state, step)
                if all(x <= t for x, t in zip(following, target, strict=True)):
                    states[following] = states.get(following, 0.0) + mass * weight
        if not states or len(states) > _MOST_STATES:
            return None
        forward.append(states)
    if target not in forward[-1]:
        return None
    backward: dict[Vector, float] = {target: 1.0}
    by_part: dict[str, list[float]] = {}
    for index in range(len(parts) - 1, -1, -1):
        shares = [0.0] * len(options[index])
        states = {}
        for state, mass in backward.items():
            for at, (step, weight) in enumerate(options[index]):
                before = _subtract(state, step)
                if before in forward[index]:
                    shares[at] += forward[index][before] * weight * mass
                    states[before] = states.get(before, 0.0) + mass * weight
        by_part[parts[index]] = shares
        backward = states
    return forward[-1][target], by_part
