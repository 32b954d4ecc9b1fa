"""Every fault of a report is named with the line on which it stands in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongkai.annotations.splits import CORPUS, FROZEN, freeze, frozen_faults, shared_origins
from gongkai.annotations.validate import Fault, validate_file, validate_paths
from gongkai.data.errors import AnnotationError

HEAD = """---
agency: 青禾县教育局
year: 2012
level: county
region: 甘肃
script: simplified
dirt:
  - breadcrumb
  - share_bar
hard: []
origin: free
writer: w1
---
"""
FIRST = HEAD.count("\n") + 1


def _faults(tmp_path: Path, body: str) -> list[Fault]:
    file = tmp_path / "a.txt"
    file.write_text(HEAD + body, encoding="utf-8")
    return [f for f in validate_file(file)[1] if f.fatal]


def test_a_sound_report_has_no_fault(tmp_path: Path) -> None:
    assert _faults(tmp_path, "⟦Y|2012年⟧⟦M1|答复⟧⟦C1=request.answered|3⟧⟦U|件⟧。\n") == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("⟦M1|答复⟧⟦C1|3件⟧", "unit inside COUNT"),
        ("⟦M1|答复⟧⟦C1| 3⟧", "stray blank"),
        ("⟦M1|答复，⟧⟦C1|3⟧", "stray blank or sign"),
        ("⟦M1|答复⟧⟦C1+2|3⟧", "link to M2"),
        ("⟦M1|答复⟧⟦C|3⟧", "links to no metric"),
        ("⟦M1|答复⟧三件", "no figure links to M1"),
        ("⟦M1|答复⟧⟦M1|办结⟧⟦C1|3⟧", "M1 stands twice"),
        ("⟦M1|答复⟧⟦C1=request.anwered|3⟧", "unknown metric_id"),
        ("⟦M1|答复⟧⟦C1=electronic.rate|3⟧", "cannot carry"),
        ("⟦M1|答复⟧⟦C1|若干⟧", "is no number"),
        ("⟦M1|答复⟧⟦C1|3、4⟧", "is a range or a list"),
        ("⟦M1|占比⟧⟦R1|很高⟧", "is no rate"),
        ("⟦Y|春天⟧", "names no year"),
        ("⟦M1|支出⟧⟦C1|3⟧⟦U|万元⟧", "holds part of the number"),
        ("⟦X|答复⟧", "unknown label"),
        ("⟦M1|答⟦C1|3⟧复⟧", "do not nest or overlap"),
        ("⟦M1|答复⟧⟦C1|3", "a stray ⟦"),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, line: str, what: str) -> None:
    faults = _faults(tmp_path, f"无标注\n\n{line}\n完\n")
    told = [f for f in faults if what in f.what]
    assert told
    assert {f.line for f in told} == {FIRST + 2}


@pytest.mark.parametrize("words", ["今年", "本学年", "2016-2017学年度", "二○一六年"])
def test_a_year_may_be_named_by_its_words(tmp_path: Path, words: str) -> None:
    assert _faults(tmp_path, f"⟦Y|{words}⟧⟦M1|答复⟧⟦C1|3⟧⟦U|件⟧\n") == []


def test_all_slips_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    faults = _faults(tmp_path, "⟦X|一⟧\n⟦Mx|二⟧\n⟦C1~huge|3⟧\n三⟧\n")
    assert [f.line for f in faults] == [FIRST, FIRST + 1, FIRST + 2, FIRST + 3]


@pytest.mark.parametrize("source", ["---\nagency: 甲\n没有结尾", "---\n- 甲\n---\n", "---\na: [\n---\n"])
def test_broken_front_matter_is_a_fault(tmp_path: Path, source: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(source, encoding="utf-8")
    assert [f.line for f in validate_file(file)[1]] == [1]


def test_missing_front_matter_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("一\n", encoding="utf-8")
    assert any("lacks 'agency'" in f.what for f in validate_file(file)[1])


def test_files_that_cannot_be_read_are_faults(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff")
    checked = validate_paths([tmp_path, tmp_path / "none.txt"])
    assert checked.files == 2
    assert all("cannot be read" in f.what for f in checked.faults)
    (tmp_path / "empty").mkdir()
    with pytest.raises(AnnotationError, match="holds no report"):
        validate_paths([tmp_path / "empty"])


def test_the_shipped_corpus_follows_the_guide_and_its_splits_hold() -> None:
    assert [str(f) for f in validate_paths().faults if f.fatal] == []


def test_the_frozen_file_names_every_report() -> None:
    assert list(frozen_faults(CORPUS, FROZEN)) == []


def _report(folder: Path, name: str, writer: str, words: str = "") -> Path:
    file = folder / f"{name}.txt"
    file.write_text(HEAD.replace("writer: w1", f"writer: {writer}") + f"无{words}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(("writer", "split"), [("t1", "test"), ("u1", "test2")])
def test_a_frozen_test_report_neither_moves_nor_changes_nor_goes(
    tmp_path: Path, writer: str, split: str
) -> None:
    folder, frozen = tmp_path / "reports", tmp_path / "splits.json"
    folder.mkdir()
    _report(folder, "a", writer)
    _report(folder, "b", "w1")
    freeze(folder, frozen)
    before = frozen.read_bytes()
    _report(folder, "a", "w1")
    with pytest.raises(AnnotationError, match=f"a is frozen in {split} and would move to"):
        freeze(folder, frozen)
    _report(folder, "a", writer, "新")
    assert list(frozen_faults(folder, frozen)) == [("a", f"changed since it was frozen in {split}")]
    with pytest.raises(AnnotationError, match=f"a is frozen in {split} and changed"):
        freeze(folder, frozen)
    (folder / "a.txt").unlink()
    with pytest.raises(AnnotationError, match="would move to nowhere"):
        freeze(folder, frozen, changed_test=True)
    _report(folder, "a", writer)
    _report(folder, "b", writer)
    with pytest.raises(AnnotationError, match="b is frozen in"):
        freeze(folder, frozen)
    assert frozen.read_bytes() == before
    _report(folder, "b", "w1", "新")
    _report(folder, "a", writer, "新")
    freeze(folder, frozen, changed_test=True)
    assert list(frozen_faults(folder, frozen)) == []


@pytest.mark.parametrize("source", ["{", "[]", '{"a": {}}', '{"a": {"split": "x", "sha256": "0"}}'])
def test_a_broken_frozen_file_is_named(tmp_path: Path, source: str) -> None:
    frozen = tmp_path / "splits.json"
    frozen.write_text(source, encoding="utf-8")
    with pytest.raises(AnnotationError, match=r"splits\.json"):
        list(frozen_faults(CORPUS, frozen))


def test_no_report_starts_from_a_test_reports_page(tmp_path: Path) -> None:
    def put(name: str, origin: str) -> None:
        meta = HEAD.replace("origin: free", f"origin: {origin}").replace("writer: w1", f"writer: {name[:2]}")
        (tmp_path / f"{name}.txt").write_text(meta + "⟦Y|2012年⟧。\n", encoding="utf-8")

    put("t1-001", "https://a.example/Report.html")
    put("w1-001", "http://a.example/report.shtml")
    put("w1-002", "http://b.example/report.html")
    put("w1-003", "free")
    put("t1-002", "free")
    assert list(shared_origins(tmp_path)) == [("w1-001", "t1-001")]
