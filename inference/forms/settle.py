"""Chooses among a table's possible placements by its column sums and its balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from .placement import WIDTH, Placed, Placement, sum_holds, vector

_MOST_STATES = 4000


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
        width = len(found[0])
        if len(found) == 1:
            placed[row] = Placed(found[0], (1.0,) * width, (True,) * width, sum_holds(found[0]))
            continue
        weight = shares.get(row) or [_prior(p, weights) for p in found]
        best = found[max(range(len(found)), key=lambda i: weight[i])]
        agreeing = [
            [w for w, p in zip(weight, found, strict=True) if w > 0 and p[column] == best[column]]
            for column in range(width)
        ]
        possible = sum(w > 0 for w in weight)
        placed[row] = Placed(
            best,
            tuple(sum(agree) / sum(weight) for agree in agreeing),
            tuple(len(agree) == possible for agree in agreeing),
            sum_holds(best),
            solved=row in shares,
        )
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
        _share_edges(rows, edge, target, shares, mass=weight * mass, weights=weights)
    return {name: values for name, values in shares.items() if sum(values) > 0} if reached else {}


def _share_edges(
    rows: Mapping[str, list[Placement]],
    edge: Mapping[str, list[tuple[Vector, float]]],
    target: Vector,
    shares: dict[str, list[float]],
    *,
    mass: float,
    weights: Sequence[float],
) -> None:
    for index, placement in enumerate(rows.get("result_total", [])):
        if vector(placement) == target:
            shares["result_total"][index] += mass * _prior(placement, weights)
    for i, (new, w_new) in enumerate(edge["new"]):
        for j, (carried_in, w_in) in enumerate(edge["carried_in"]):
            for k, (carried_out, w_out) in enumerate(edge["carried_out"]):
                if _subtract(_add(new, carried_in), carried_out) == target:
                    for name, index in (("new", i), ("carried_in", j), ("carried_out", k)):
                        if name in rows:
                            shares[name][index] += mass * w_new * w_in * w_out


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
