"""Reports to examples and back: spans keep their words, BIO is lossless, nothing goes missing unseen."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongkai.annotations.convert import Span, convert, from_bio, load_corpus, to_bio
from gongkai.annotations.markup import parse
from gongkai.annotations.splits import freeze, frozen_faults, split_of
from gongkai.data.errors import AnnotationError
from hypothesis import given
from hypothesis import strategies as st

MARKED = """---
agency: 青禾县教育局
year: 2012
---
⟦A|青禾县教育局⟧⟦Y|2012年⟧政府信息公开工作年度报告
一、主动公开情况
⟦Y|2012年⟧，⟦A|我局⟧共⟦M1|主动公開信息⟧⟦C1=proactive.total|１９２５⟧⟦U|條⟧，其中⟦M2|微信⟧⟦C2|8 0⟧⟦U|條⟧。
⟦Z3=review.total|未发生⟧⟦M3|行政复议⟧。
"""


def test_spans_hold_the_marked_words_normalised() -> None:
    report = parse(MARKED)
    converted = convert(report, "x")
    words = [(s.label, e.text[s.start : s.end]) for e in converted.examples for s in e.spans]
    assert ("METRIC", "主动公开信息") in words
    assert ("COUNT", "1925") in words
    assert ("UNIT", "条") in words
    assert len(words) + len(converted.lost) == len(report.marks)


def test_marks_in_a_table_are_listed_as_lost() -> None:
    rows = "\n".join(f"|指标{n}|⟦M{n}|条目{n}⟧|⟦C{n}|{n}⟧|" for n in range(1, 6))
    report = parse(f"某县2012年政府信息公开工作年度报告\n一、情况\n报告如下。\n{rows}\n以上。\n")
    converted = convert(report, "x")
    kept = sum(len(e.spans) for e in converted.examples)
    assert kept + len(converted.lost) == len(report.marks)
    assert all(lost.words for lost in converted.lost)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 4), st.sampled_from(["AGENCY", "COUNT"])), max_size=8
    )
)
def test_bio_is_lossless(steps: list[tuple[int, int, str]]) -> None:
    spans, position = [], 0
    for gap, length, label in steps:
        spans.append(Span(position + gap, position + gap + length, label))
        position += gap + length
    assert from_bio(to_bio(position + 2, spans)) == spans


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        to_bio(5, [Span(0, 3, "COUNT"), Span(2, 4, "UNIT")])


def test_a_stray_inside_tag_is_outside() -> None:
    assert from_bio(["O", "I-COUNT", "B-UNIT", "I-COUNT"]) == [Span(2, 3, "UNIT")]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="holds no report"):
        load_corpus(tmp_path)


def test_test_writers_are_test_and_the_rest_is_mostly_train() -> None:
    assert split_of("w1-001", {"writer": "t2"}) == "test"
    assert split_of("w1-001", {"writer": "u1"}) == "test2"
    assert {split_of(f"x-{n}", {"writer": "d3"}) for n in range(50)} == {"dev"}
    assert {split_of(f"x-{n}", {"writer": "tang"}) for n in range(50)} == {"train", "dev"}
    splits = [split_of(f"w1-{n:03}", {"writer": "w1"}) for n in range(1000)]
    assert 0.08 < splits.count("dev") / 1000 < 0.16
    assert "test" not in splits


def test_frozen_splits_notice_every_change(tmp_path: Path) -> None:
    folder, frozen = tmp_path / "reports", tmp_path / "splits.json"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(MARKED, encoding="utf-8")
    freeze(folder, frozen)
    assert list(frozen_faults(folder, frozen)) == []
    (folder / "a.txt").write_text(MARKED.replace("我局", "本局"), encoding="utf-8")
    (folder / "b.txt").rename(folder / "c.txt")
    assert [report_id for report_id, _ in frozen_faults(folder, frozen)] == ["a", "b", "c"]
