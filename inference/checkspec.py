"""Loads the checks of `configs/checks.yaml` and writes out those that stand for many."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

import yaml

from ..data.errors import ConfigError

_PLACE = re.compile(r"\{(\w+)\}")


class CheckKind(StrEnum):
    """How the two sides of a check are compared."""

    EQUAL = "equal"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    SAME = "same"
    SHARE = "share"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class Operand:
    """A metric of the report's year, or of the year `years_back` before."""

    metric_id: str
    years_back: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `needs_all`: without every figure it cannot be judged, else a lacking part counts as 0."""

    id: str
    title: str
    kind: CheckKind
    left: tuple[Operand, ...]
    right: tuple[Operand, ...]
    only_tables: bool
    needs_all: bool


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """All checks and how nearly a printed rate must be met."""

    checks: tuple[Check, ...]
    rate_tolerance: float
    rate_reach: int


@cache
def load_checks() -> CheckSpec:
    """The shipped checks."""
    text = resources.files("gongkai.configs").joinpath("checks.yaml").read_text(encoding="utf-8")
    return parse_checks(text)


def parse_checks(text: str) -> CheckSpec:
    """The checks that a YAML text declares.

    Raises:
        ConfigError: a check lacks a field, names an unknown kind or list, or an id comes twice.
    """
    try:
        config: dict[str, Any] = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(
            f"is no YAML: {error}", file="checks.yaml", advice="mend the line it names"
        ) from error
    checks = [check for entry in config["checks"] for check in _write_out(entry, config["lists"])]
    ids = [check.id for check in checks]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise ConfigError(
            f"check ids come twice: {', '.join(twice)}", file="checks.yaml", advice="rename one"
        )
    return CheckSpec(tuple(checks), float(config["rate_tolerance"]), int(config["rate_reach"]))


def _write_out(entry: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> list[Check]:
    try:
        kind = CheckKind(entry["kind"])
        own = {**lists, **entry.get("each", {})}
        over = entry.get("over", [])
        names = dict.fromkeys(
            name for text in (entry["id"], *entry["left"], *entry["right"]) for name in _PLACE.findall(text)
        )
        free = [name for name in names if name not in over]
        checks = []
        for values in product(*(own[name] for name in free)):
            filled = dict(zip(free, values, strict=True))
            checks.append(
                Check(
                    id=entry["id"].format(**filled),
                    title=entry["title"],
                    kind=kind,
                    left=_operands(entry["left"], filled, over, own),
                    right=_operands(entry["right"], filled, over, own),
                    only_tables=entry.get("scope") == "table",
                    needs_all=bool(entry.get("needs_all", False)),
                )
            )
    except (KeyError, ValueError) as error:
        name = entry.get("id", "a check")
        raise ConfigError(
            f"check {name} is wrong: {error}", file="checks.yaml", advice="see the comment at its head"
        ) from error
    return checks


def _operands(
    texts: Sequence[str],
    filled: Mapping[str, str],
    over: Sequence[str],
    lists: Mapping[str, Sequence[str]],
) -> tuple[Operand, ...]:
    operands = []
    for text in texts:
        summed = [name for name in _PLACE.findall(text) if name in over]
        for values in product(*(lists[name] for name in summed)):
            name = text.format(**filled, **dict(zip(summed, values, strict=True)))
            metric_id, _, back = name.partition("@-")
            operands.append(Operand(metric_id, int(back or 0)))
    return tuple(operands)
