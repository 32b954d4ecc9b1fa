"""The engine of checks, and the checks that are shipped."""

from __future__ import annotations

import pytest
from gongkai.data.errors import ConfigError
from gongkai.inference.checks import CheckResult, CheckStatus, failed_records, run_checks
from gongkai.inference.checkspec import load_checks, parse_checks
from gongkai.inference.types import Figure, Finder, Kind, Qualifier

APPLICANTS = ("person", "business", "research", "nonprofit", "legal", "org_other")
CONFIG = "rate_tolerance: 0.1\nrate_reach: 60\nlists: {part: [a, b]}\nchecks:\n"


def figure(
    metric_id: str | None,
    value: float,
    *,
    table: bool = True,
    year: int | None = None,
    kind: Kind = Kind.COUNT,
    qualifier: Qualifier = Qualifier.EXACT,
    metric: str = "指标",
    at: int = 0,
) -> Figure:
    finder = Finder.TABLE if table else Finder.MODEL
    return Figure(at, at + 5, metric, metric_id, value, "件", qualifier, kind, finder, 0.9, year)


def outcome(results: list[CheckResult], check_id: str) -> CheckResult:
    (result,) = [r for r in results if r.id == check_id]
    return result


def one(kind: str, left: str, right: str, figures: list[Figure], extra: str = "") -> CheckResult:
    spec = parse_checks(
        f"{CONFIG}  - {{id: c, title: t, kind: {kind}, left: [{left}], right: [{right}]{extra}}}\n"
    )
    (result,) = run_checks(figures, spec=spec, report_year=2020)
    return result


def test_a_sum_that_holds_and_one_that_does_not() -> None:
    figures = [figure("whole", 5), figure("part.a", 2), figure("part.b", 3)]
    held = one("equal", "whole", "'part.{part}'", figures, ", over: [part]")
    assert (held.status, held.records, held.left, held.right) == (CheckStatus.PASS, (0, 1, 2), 5, 5)
    broken = one("equal", "whole", "'part.{part}'", [figure("whole", 6), *figures[1:]], ", over: [part]")
    assert broken.status is CheckStatus.FAIL
    assert failed_records([held, broken]) == {0: ("c",), 1: ("c",), 2: ("c",)}


@pytest.mark.parametrize(
    ("whole", "status"),
    [(2, CheckStatus.PASS), (3, CheckStatus.UNJUDGED), (1, CheckStatus.FAIL)],
)
def test_an_empty_cell_counts_as_none_but_proves_nothing(whole: int, status: CheckStatus) -> None:
    figures = [figure("whole", whole), figure("part.a", 2)]
    assert one("equal", "whole", "'part.{part}'", figures, ", over: [part]").status is status


def test_rounded_figures_and_missing_sides_are_unjudged() -> None:
    rounded = [figure("whole", 5, qualifier=Qualifier.APPROX), figure("other", 7)]
    assert one("equal", "whole", "other", rounded).status is CheckStatus.UNJUDGED
    assert one("equal", "whole", "other", [figure("whole", 5)]).status is CheckStatus.UNJUDGED
    assert one("equal", "whole", "other", []).status is CheckStatus.UNJUDGED


def test_bounds() -> None:
    figures = [figure("left", 5), figure("right", 4)]
    assert one("at_most", "left", "right", figures).status is CheckStatus.FAIL
    assert one("at_least", "left", "right", figures).status is CheckStatus.PASS


def test_each_copy_of_a_form_is_judged() -> None:
    spec = parse_checks(f"{CONFIG}  - {{id: c, title: t, kind: equal, left: [w], right: [p]}}\n")
    figures = [figure("w", 1, at=0), figure("p", 1, at=9), figure("w", 2, at=100), figure("p", 3, at=109)]
    results = run_checks(figures, spec=spec)
    assert [(r.status, r.records) for r in results] == [
        (CheckStatus.PASS, (0, 1)),
        (CheckStatus.FAIL, (2, 3)),
    ]


def test_narrative_against_table() -> None:
    figures = [figure("in_text", 12, table=False), figure("in_table", 12)]
    assert one("same", "in_text", "in_table", figures).status is CheckStatus.PASS
    figures = [figure("in_text", 17, table=False), figure("in_table", 95)]
    result = one("same", "in_text", "in_table", figures)
    assert (result.status, result.left, result.right) == (CheckStatus.FAIL, 17, 95)
    assert one("same", "in_text", "in_table", figures[1:]).status is CheckStatus.UNJUDGED


def test_this_year_against_last() -> None:
    figures = [figure("in", 7), figure("out", 7, year=2019)]
    assert one("equal", "in", "out@-1", figures).status is CheckStatus.PASS
    assert one("equal", "in", "out@-1", [figure("in", 7), figure("out", 7)]).status is CheckStatus.UNJUDGED


def test_a_share_belongs_to_the_figure_of_its_metric() -> None:
    part = figure("part", 82, table=False, metric="概况类信息", at=10)
    whole = figure("whole", 975, table=False, at=0)
    share = figure(None, 8.4, table=False, metric="概况类信息", kind=Kind.RATE, at=16)
    assert one("share", "part", "whole", [part, whole, share]).status is CheckStatus.PASS
    wrong = figure(None, 9.4, table=False, metric="概况类信息", kind=Kind.RATE, at=16)
    assert one("share", "part", "whole", [part, whole, wrong]).status is CheckStatus.FAIL
    other = figure(None, 9.4, table=False, metric="其他类信息", kind=Kind.RATE, at=16)
    assert one("share", "part", "whole", [part, whole, other]).status is CheckStatus.UNJUDGED


def test_a_fall_may_be_stated_without_its_sign() -> None:
    figures = [
        figure("n", 80, table=False, metric="申请", at=0),
        figure("n", 100, table=False, metric="申请", year=2019, at=30),
        figure(None, 20, table=False, metric="申请", kind=Kind.RATE, at=20),
    ]
    assert one("growth", "n", "n@-1", figures).status is CheckStatus.PASS


def application_row(row: str, counts: tuple[int, ...]) -> list[Figure]:
    cells = [figure(f"application.{row}.{a}", n) for a, n in zip(APPLICANTS, counts, strict=True)]
    return [*cells, figure(f"application.{row}.total", sum(counts))]


def test_the_shipped_checks_judge_the_application_table() -> None:
    figures = [
        *application_row("new", (5, 1, 0, 0, 0, 0)),
        *application_row("carried_in", (1, 0, 0, 0, 0, 0)),
        *application_row("granted", (4, 1, 0, 0, 0, 0)),
        *application_row("result_total", (4, 1, 0, 0, 0, 0)),
        *application_row("carried_out", (2, 0, 0, 0, 0, 0)),
    ]
    results = run_checks(figures)
    assert outcome(results, "application.row.new").status is CheckStatus.PASS
    assert outcome(results, "application.balance.person").status is CheckStatus.PASS
    assert outcome(results, "application.column.business").status is CheckStatus.PASS
    assert outcome(results, "court.row.review21").status is CheckStatus.UNJUDGED
    figures[0] = figure("application.new.person", 6)
    failed = {r.id for r in run_checks(figures) if r.status is CheckStatus.FAIL}
    assert failed == {"application.row.new", "application.balance.person"}


def test_every_metric_that_a_check_names_exists() -> None:
    from gongkai.inference.forms.spec import load_spec

    named = {operand.metric_id for check in load_checks().checks for operand in (*check.left, *check.right)}
    assert named <= set(load_spec().metrics)


@pytest.mark.parametrize(
    "check",
    [
        "{id: c, title: t, kind: odd, left: [a], right: [b]}",
        "{id: c, title: t, kind: equal, left: [a]}",
        "{id: c, title: t, kind: equal, left: ['{lost}'], right: [b]}",
        "{id: c, title: t, kind: equal, left: [a], right: [b]}\n  - {id: c, title: t, kind: equal, left: [a], right: [b]}",
        "{id: c",
    ],
)
def test_a_wrong_check_is_named(check: str) -> None:
    with pytest.raises(ConfigError, match=r"checks\.yaml"):
        parse_checks(f"{CONFIG}  - {check}\n")
