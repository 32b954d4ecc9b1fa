"""Agreement figures against hand-made and independent ones, and every disagreement found."""

from __future__ import annotations

from collections import Counter

import pytest
from gongkai.annotations.agree import agree, kappa, table_of
from gongkai.annotations.exchange.entries import Entry
from gongkai.annotations.exchange.formats import entries
from gongkai.annotations.markup import Report, parse
from gongkai.annotations.splits import CORPUS
from gongkai.data.errors import AnnotationError
from hypothesis import given, settings
from hypothesis import strategies as st

from .reports import reports, rich

A = "第一行\n⟦A|我局⟧收到⟦C1=request.received|3⟧⟦U|件⟧⟦M1|申请⟧，⟦Y|去年⟧5件，共⟦C1|9⟧⟦U|件⟧。"
B = "第一行\n我局收到⟦C1=request.received|3⟧⟦U|件⟧⟦M1|申请⟧，⟦M2|去年⟧⟦C2|5⟧件，共⟦C2|9⟧⟦U|件。⟧"


def _agree(a: str, b: str) -> dict[str, str]:
    found = agree([Entry("a", parse(a))], [Entry("a", parse(b))])
    return {d.text: d.kind for d in found.disagreements}


def test_each_kind_of_disagreement_is_listed() -> None:
    assert _agree(A, B) == {"我局": "only a", "去年": "label", "5": "only b", "件": "boundary", "9": "link"}
    assert _agree(A, A.replace("request.received", "request.closed")) == {"3": "id"}


def test_lines_are_those_of_the_first_file() -> None:
    found = agree([Entry("a", parse("---\nyear: 2012\n---\n" + A))], [Entry("a", parse(B))])
    assert {d.line for d in found.disagreements} == {5}


def test_figures_by_hand() -> None:
    found = agree([Entry("a", parse(A))], [Entry("a", parse(B))])
    assert found.labels["COUNT"]["f1"] == 0.8  # 2 of 2 and 3
    assert found.labels["AGENCY"] == {"f1": 0.0, "overlap_f1": 0.0, "kappa": 0.0, "spans_a": 1, "spans_b": 0}
    assert found.labels["UNIT"]["overlap_f1"] == 1.0
    assert found.labels["RATE"]["f1"] == 1.0
    assert found.links == {"figures": 2, "same_metrics": 0.5, "same_ids": 1.0}


def test_kappa_of_a_published_example() -> None:
    # Two raters over 50 proposals: both yes 20, both no 15, split 5 and 10: po 0.70, pe 0.50.
    assert kappa(Counter({("y", "y"): 20, ("n", "n"): 15, ("y", "n"): 5, ("n", "y"): 10})) == pytest.approx(
        0.4
    )


@settings(deadline=None, max_examples=40)
@given(one=reports(), seed=st.randoms())
def test_kappa_is_that_of_scikit_learn(one: Report, seed: object) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    marks = tuple(m for m in one.marks if seed.random() < 0.7)  # type: ignore[attr-defined]
    other = Report(one.meta, one.text, marks)
    length = len(one.text.rstrip())
    sides = []
    for report in (one, other):
        labels = ["O"] * length
        for mark in report.marks:
            labels[mark.start : min(mark.end, length)] = [mark.label] * (min(mark.end, length) - mark.start)
        sides.append(labels)
    if len(set(sides[0]) | set(sides[1])) > 1:
        ours = agree([Entry("a", one)], [Entry("a", other)]).overall["kappa"]
        assert ours == pytest.approx(metrics.cohen_kappa_score(*sides), abs=1e-4)


@settings(deadline=None, max_examples=30)
@given(report=reports())
def test_a_report_agrees_with_itself(report: Report) -> None:
    found = agree([Entry("a", report)], [Entry("a", report)])
    assert found.disagreements == ()
    assert {found.overall[k] for k in ("f1", "overlap_f1", "kappa")} == {1.0}


def test_reports_in_one_alone_are_named() -> None:
    found = agree([Entry("a", rich()), Entry("b", rich())], [Entry("a", rich()), Entry("c", rich())])
    assert (found.reports, found.left_out) == (("a",), ("b", "c"))


def test_other_texts_are_told_with_the_place_and_the_rest_compared() -> None:
    first = [Entry("a", parse("一\n二")), Entry("b", rich())]
    found = agree(first, [Entry("a", parse("一\n三")), Entry("b", rich())])
    assert found.reports == ("b",)
    assert found.differing["a"].startswith("line 2: the texts differ from character 2")
    with pytest.raises(AnnotationError, match="a: line 2"):
        agree(first, [Entry("a", parse("一\n三"))])
    with pytest.raises(AnnotationError, match="no report is in both"):
        agree(first, [Entry("c", rich())])


@pytest.mark.parametrize(("folder", "reports"), [("second", 30), ("second2", 20)])
def test_the_published_figures_are_those_of_the_two_taggings(folder: str, reports: int) -> None:
    found = agree(entries([CORPUS]), entries([CORPUS.parent / folder]))
    assert len(found.reports) == reports
    assert table_of(found) in (CORPUS.parent.parent.parent / "docs" / "agreement.md").read_text(
        encoding="utf-8"
    )
