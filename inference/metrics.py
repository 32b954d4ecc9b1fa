"""Which canonical metric a figure states: an ordered alias table over its words and context."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from ..data.errors import ConfigError
from .types import Kind


@dataclass(frozen=True, slots=True)
class Canonical:
    """One line of `configs/metrics.csv`."""

    metric_id: str
    name: str
    unit: str
    kind: Kind
    form: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Context:
    """What the alias rules look at; all words normalised.

    `phrase` is the figure's clause, metric included; `before` and `after` the sentence's words
    around metric and figure; `headings` those it stands under, outermost first; `year` is the
    report's; `previous` is the id of the sentence's figure before this one.
    """

    metric: str
    phrase: str
    headings: tuple[str, ...]
    unit: str | None
    kind: Kind
    is_zero: bool
    year: int | None
    before: str = ""
    after: str = ""
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """One rule of the alias table."""

    metric_id: str | None
    metric: re.Pattern[str] | None
    phrase: re.Pattern[str] | None
    without: re.Pattern[str] | None
    section: re.Pattern[str] | None
    before: re.Pattern[str] | None
    units: frozenset[str] | None
    kind: Kind | None
    zero: bool | None
    first_year: int
    last_year: int

    def admits(self, kind: Kind, is_zero: bool, unit: str | None, year: int | None) -> bool:
        """Whether the rule may decide on figures of a kind and unit in a report of a year."""
        # A stated absence has no unit of its own: 没有收取费用 may be an amount's zero, never a rate's.
        if self.kind is not None and kind != self.kind and (not is_zero or self.kind == Kind.RATE):
            return False
        if self.zero is not None and is_zero != self.zero:
            return False
        if self.units is not None and not is_zero and (unit or "") not in self.units:
            return False
        return self.first_year <= (year or 2016) <= self.last_year

    def reads(self, context: Context) -> bool:
        """Whether the words are those that the rule asks for."""
        if self.metric and not self.metric.search(context.metric):
            return False
        if self.phrase and not self.phrase.search(context.phrase):
            return False
        if self.before and not self.before.search(context.before):
            return False
        if self.without and self.without.search(context.phrase):
            return False
        return not self.section or any(self.section.search(h) for h in context.headings)


@cache
def load_metrics() -> dict[str, Canonical]:
    """The canonical metrics by id."""
    text = resources.files("gongkai.configs").joinpath("metrics.csv").read_text(encoding="utf-8")
    return {
        row["metric_id"]: Canonical(
            row["metric_id"],
            row["official_name"],
            row["unit"],
            Kind(row["kind"]),
            row["form"],
            row["parent"] or None,
        )
        for row in csv.DictReader(text.splitlines())
    }


@cache
def load_aliases() -> tuple[Alias, ...]:
    """The alias table, in the order in which it decides.

    Raises:
        ConfigError: a rule names an unknown metric or its pattern does not compile.
    """
    text = resources.files("gongkai.configs").joinpath("aliases.yaml").read_text(encoding="utf-8")
    return tuple(_alias(rule) for rule in yaml.safe_load(text)["rules"])


def _alias(rule: dict[str, Any]) -> Alias:
    def pattern(name: str) -> re.Pattern[str] | None:
        try:
            return re.compile(rule[name]) if name in rule else None
        except re.error as error:
            raise ConfigError(
                f"{name} {rule[name]!r} is no pattern ({error})", file="aliases.yaml"
            ) from error

    if rule["id"] is not None and rule["id"] not in load_metrics():
        raise ConfigError(f"unknown metric_id {rule['id']!r}", file="aliases.yaml", advice="see metrics.csv")
    kind = rule.get("kind", "count")
    return Alias(
        metric_id=rule["id"],
        metric=pattern("metric"),
        phrase=pattern("phrase"),
        without=pattern("not"),
        section=pattern("section"),
        before=pattern("before"),
        units=frozenset(rule["units"]) if "units" in rule else None,
        kind=None if kind == "any" else Kind(kind),
        zero=rule.get("zero"),
        first_year=rule.get("from", 0),
        last_year=rule.get("until", 9999),
    )


@cache
def eras() -> dict[str, tuple[int, int]]:
    """The first and the last report year of each metric that has alias rules."""
    out: dict[str, tuple[int, int]] = {}
    for alias in load_aliases():
        if alias.metric_id is not None:
            first, last = out.get(alias.metric_id, (alias.first_year, alias.last_year))
            out[alias.metric_id] = (min(first, alias.first_year), max(last, alias.last_year))
    return out


@lru_cache(maxsize=4096)
def _admitted(kind: Kind, is_zero: bool, unit: str | None, year: int | None) -> tuple[Alias, ...]:
    return tuple(alias for alias in load_aliases() if alias.admits(kind, is_zero, unit, year))


def metric_id(context: Context) -> str | None:
    """The id of the first alias rule that fits, None where none does: a wrong id is worse than none."""
    for alias in _admitted(context.kind, context.is_zero, context.unit, context.year):
        if alias.reads(context):
            return alias.metric_id
    return None
