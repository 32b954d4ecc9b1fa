"""The counts are those of the reports, the plan's gaps are named, and the data card is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongkai.annotations.card import BEGIN, CARD, END, card_figures, write_card
from gongkai.annotations.convert import Annotated, load_corpus
from gongkai.annotations.coverage import FEATURES, Count, Row, cover, load_plan
from gongkai.annotations.markup import parse
from gongkai.annotations.splits import CORPUS
from gongkai.annotations.stats import stats
from gongkai.data.errors import AnnotationError

from .reports import RICH, rich


def _annotated(report_id: str, **meta: object) -> Annotated:
    report = rich()
    return Annotated(
        report_id, type(report)({**report.meta, **meta}, report.text, report.marks), Path(report_id)
    )


CORPUS_OF_THREE = [
    _annotated("a", writer="w1", year=2010, level="county", origin="http://x", dirt=["spam"]),
    _annotated("b", writer="t1", year=2016, level="county", origin="free"),
    _annotated("c", writer="t1", year=2019, level="school", origin="free", dirt=["spam", "spam", "cut"]),
]


def test_counts_add_up() -> None:
    counted = stats(CORPUS_OF_THREE)
    marks = RICH.count("⟦")
    assert (counted["reports"], counted["spans"]) == (3, 3 * marks)
    assert sum(counted["labels"].values()) == 3 * marks
    for key in ("splits", "eras", "levels", "years", "writers"):
        assert sum(part["spans"] for part in counted[key].values()) == 3 * marks, key
    assert counted["splits"]["test"]["reports"] == 2
    assert {name: part["reports"] for name, part in counted["eras"].items()} == {
        "2008-2013": 1,
        "2014-2018": 1,
        "2019+": 1,
    }
    assert counted["origins"] == {"address": 1, "free": 2}
    assert counted["dirt"] == {"spam": 2, "cut": 1}
    assert counted["records"] == 3 * sum(len(m.links) for m in rich().marks)
    assert sum(sum(part.values()) for part in counted["labels_by_split"].values()) == 3 * marks


@pytest.mark.parametrize(
    ("count", "found"),
    [
        (Count(total="spans"), 3 * RICH.count("⟦")),
        (Count(split="test"), 2),
        (Count(field={"level": "county"}), 2),
        (Count(years=(2010, 2016)), 2),
        (Count(address=True), 1),
        (Count(tags=("spa",)), 2),
        (Count(pattern="增长"), 3),
        (Count(unmarked="16"), 0),
        (Count(unmarked="#1"), 3),
        (Count(feature="shared_zero", split="test"), 2),
    ],
)
def test_a_row_counts_what_it_says(count: Count, found: int) -> None:
    (covered,) = cover(CORPUS_OF_THREE, [Row(axis="x", what="x", minimum=found + 1, count=count)])
    assert covered.found == found
    assert covered.missed


@pytest.mark.parametrize(
    ("feature", "yes", "no"),
    [
        ("shared_zero", "⟦Z1+2|无⟧⟦M1|复议⟧、⟦M2|诉讼⟧", "⟦Z1|无⟧⟦M1|复议⟧"),
        ("shared_count", "⟦M1|复议⟧、⟦M2|诉讼⟧各⟦C1+2|1⟧件", "⟦M1|复议⟧⟦C1|1⟧件"),
        ("number_before_metric", "收到⟦C1|3⟧件⟦M1|申请⟧", "⟦M1|申请⟧⟦C1|3⟧件"),
        ("far_metric", f"⟦M1|申请⟧{'的' * 40}⟦C1|3⟧", f"⟦M1|申请⟧{'的' * 39}⟦C1|3⟧"),
        ("several_figures", "⟦M1|申请⟧⟦C1|3⟧⟦C1|4⟧⟦R1|5%⟧", "⟦M1|申请⟧⟦C1|3⟧⟦R1|5%⟧"),
        ("count_and_share", "⟦M1|申请⟧⟦C1|3⟧⟦R1|5%⟧", "⟦M1|申请⟧⟦C1|3⟧⟦C1|5⟧"),
        ("chinese_numerals", "⟦M1|申请⟧⟦C1|三⟧", "⟦M1|申请⟧⟦C1|3万⟧"),
        ("broken_metric", "⟦M1|申\n请⟧⟦C1|3⟧", "⟦M1|申请⟧⟦C1|3⟧"),
        ("money", "⟦M1|费⟧⟦C1|3⟧⟦U|元⟧", "⟦M1|费⟧⟦C1|3⟧⟦U|件⟧"),
    ],
)
def test_features_see_what_they_name(feature: str, yes: str, no: str) -> None:
    assert FEATURES[feature](parse(yes))
    assert not FEATURES[feature](parse(no))


def test_the_plan_names_its_gaps_and_no_others() -> None:
    rows = cover(load_corpus(CORPUS), load_plan())
    assert {(r.row.axis, r.row.what) for r in rows if r.missed} == {
        (r.row.axis, r.row.what) for r in rows if r.row.gap
    }


def test_what_was_promised_of_the_corpus_holds() -> None:
    rows = {r.row.what: r for r in cover(load_corpus(CORPUS), load_plan()) if r.row.axis == "size"}
    for what in ("reports composed", "reports in test", "spans", "reports with an origin address"):
        assert not rows[what].missed


def test_the_card_holds_the_counts_of_the_corpus() -> None:
    assert card_figures() in CARD.read_text(encoding="utf-8")


def test_writing_the_card_leaves_the_rest(tmp_path: Path) -> None:
    card = tmp_path / "CARD.md"
    card.write_text(f"上\n{BEGIN}\n旧\n{END}\n下\n", encoding="utf-8")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.txt").write_text(RICH, encoding="utf-8")
    write_card(card, tmp_path / "reports")
    text = card.read_text(encoding="utf-8")
    assert text.startswith(f"上\n{BEGIN}\n")
    assert text.endswith(f"{END}\n下\n")
    assert "旧" not in text
    card.write_text("上\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="lacks"):
        write_card(card, tmp_path / "reports")


@pytest.mark.parametrize(
    "source",
    [
        "- {axis: a}",
        "3",
        "- {axis: a, what: b, minimum: 1, count: {feature: none}}",
        "- {axis: a, what: b, minimum: 1, count: {pattern: '('}}",
    ],
)
def test_a_broken_plan_is_named(tmp_path: Path, source: str) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(source, encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"plan\.yaml"):
        load_plan(plan)
