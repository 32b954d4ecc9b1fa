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


# A row's six counts packed into one number, 33 bits each, so that rows are added in one step. The
# guards are the bits above each count: a subtraction that takes one away went below zero.
_BITS = 33
_GUARDS = sum(1 << (_BITS * column + _BITS - 1) for column in range(WIDTH - 1))
_LARGEST = 10**8  # an addition of all rows stays below the guards


def _packed(placement: Placement) -> int | None:
    """The counts before the total as one number; None where one is no count of applications."""
    packed = 0
    for value in reversed(vector(placement)):
        if not isinstance(value, int) or not 0 <= value <= _LARGEST:
            return None
        packed = packed << _BITS | value
    return packed


def _within(part: int, whole: int) -> bool:
    return ((whole | _GUARDS) - part) & _GUARDS == _GUARDS


_Options = list[tuple[int, float]]


def _options(rows: Mapping[str, list[Placement]], weights: Sequence[float]) -> dict[str, _Options] | None:
    """Each row's candidates as packed counts with their weights."""
    options: dict[str, _Options] = {}
    for row, found in rows.items():
        options[row] = []
        for placement in found:
            packed = _packed(placement)
            if packed is None:
                return None
            options[row].append((packed, _prior(placement, weights)))
    return options


def _shares(
    rows: Mapping[str, list[Placement]], parts: Sequence[str], weights: Sequence[float]
) -> dict[str, list[float]]:
    """Weight of each candidate over all ways in which every column adds up; empty where none does."""
    options = _options(rows, weights)
    if options is None:
        return {}
    edge = {name: options.get(name, [(0, 1.0)]) for name in ("new", "carried_in", "carried_out")}
    # Targets: what the result rows add up to, by the balance; weighted by all ways to reach it.
    balance: dict[int, float] = {}
    for new, w_new in edge["new"]:
        for carried_in, w_in in edge["carried_in"]:
            for carried_out, w_out in edge["carried_out"]:
                if _within(carried_out, new + carried_in):
                    target = new + carried_in - carried_out
                    balance[target] = balance.get(target, 0.0) + w_new * w_in * w_out
    totals = options.get("result_total", [])
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
        inner = _part_shares([options[part] for part in parts], target)
        if inner is None:
            continue
        reached = True
        mass, by_part = inner
        for name, values in zip(parts, by_part, strict=True):
            for index, value in enumerate(values):
                shares[name][index] += weight * value
        for index, (total, w_total) in enumerate(totals):
            if total == target:
                shares["result_total"][index] += weight * mass * w_total
        _share_edges(edge, target, shares, weight * mass)
    return {name: values for name, values in shares.items() if sum(values) > 0} if reached else {}


def _share_edges(
    edge: Mapping[str, _Options], target: int, shares: dict[str, list[float]], mass: float
) -> None:
    for i, (new, w_new) in enumerate(edge["new"]):
        for j, (carried_in, w_in) in enumerate(edge["carried_in"]):
            for k, (carried_out, w_out) in enumerate(edge["carried_out"]):
                if new + carried_in - carried_out == target:
                    for name, index in (("new", i), ("carried_in", j), ("carried_out", k)):
                        if name in shares:
                            shares[name][index] += mass * w_new * w_in * w_out


def _part_shares(parts: Sequence[_Options], target: int) -> tuple[float, list[list[float]]] | None:
    """Forward and backward sums over the parts' candidates that add up to the target; None where none do."""
    forward: list[dict[int, float]] = [{0: 1.0}]
    guarded = target | _GUARDS
    for options in parts:
        states: dict[int, float] = {}
        for state, mass in forward[-1].items():
            for step, weight in options:
                following = state + step
                if (guarded - following) & _GUARDS == _GUARDS:  # `_within`, millions of times
                    states[following] = states.get(following, 0.0) + mass * weight
        if not states or len(states) > _MOST_STATES:
            return None
        forward.append(states)
    if target not in forward[-1]:
        return None
    backward: dict[int, float] = {target: 1.0}
    by_part: list[list[float]] = []
    for options, before in zip(reversed(parts), reversed(forward[:-1]), strict=True):
        shares = [0.0] * len(options)
        states = {}
        for state, mass in backward.items():
            for at, (step, weight) in enumerate(options):
                earlier = state - step
                if earlier in before:
                    shares[at] += before[earlier] * weight * mass
                    states[earlier] = states.get(earlier, 0.0) + mass * weight
        by_part.append(shares)
        backward = states
    return forward[-1][target], by_part[::-1]
