"""Broken import files: each fault with its line, every sound report read, every other kept as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gongkai.annotations.exchange.entries import Entry, Format
from gongkai.annotations.exchange.formats import FORMATS, format_named, import_file
from gongkai.annotations.markup import parse
from gongkai.data.errors import AnnotationError
from hypothesis import given, settings
from hypothesis import strategies as st

from ..reports import rich

LINES = pytest.mark.parametrize("name", ["jsonl", "doccano"])


def _three(name: str) -> str:
    return FORMATS[name].dump(Entry(i, rich()) for i in "abc")


@LINES
def test_a_broken_line_is_named_and_kept(name: str, tmp_path: Path) -> None:
    lines = _three(name).splitlines()
    lines[1] = lines[1][:200]
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    imported = import_file(file, FORMATS[name], tmp_path / "out")
    assert [e.report_id for e in imported.entries] == ["a", "c"]
    assert str(imported.problems[0]).startswith(f"{file}:2: is no JSON")
    assert (tmp_path / "out" / "rejected.jsonl").read_text(encoding="utf-8") == lines[1] + "\n"


def test_a_broken_label_studio_file_keeps_its_tail(tmp_path: Path) -> None:
    whole = _three("label-studio")
    at = whole.index('"report_id": "b"')
    file = tmp_path / "in.json"
    file.write_text(whole[:at], encoding="utf-8")
    imported = import_file(file, FORMATS["label-studio"], tmp_path / "out")
    assert [e.report_id for e in imported.entries] == ["a"]
    assert imported.problems[0].line == 3
    kept = (tmp_path / "out" / "rejected.json").read_text(encoding="utf-8")
    assert whole.split("\n")[2][:100] in kept


def test_a_broken_conll_row_is_named_and_the_report_kept(tmp_path: Path) -> None:
    lines = _three("conll").split("\n")
    row = next(n for n, line in enumerate(lines) if "I-METRIC" in line)
    lines[row] = lines[row].replace("I-METRIC", "I-NOTHING")
    file = tmp_path / "in.conll"
    file.write_text("\n".join(lines), encoding="utf-8")
    imported = import_file(file, FORMATS["conll"], tmp_path / "out")
    assert [e.report_id for e in imported.entries] == ["b", "c"]
    assert any(f"line {row + 1}:" in p.what for p in imported.problems)
    (tmp_path / "mended.conll").write_text(
        (tmp_path / "out" / "rejected.conll").read_text(encoding="utf-8").replace("I-NOTHING", "I-METRIC"),
        encoding="utf-8",
    )
    again = import_file(tmp_path / "mended.conll", FORMATS["conll"], tmp_path / "again")
    assert again.entries == (Entry("a", rich()),)


def _overlapping(name: str) -> str:
    if name == "jsonl":
        marks = [{"start": 0, "end": 3, "label": "COUNT"}, {"start": 2, "end": 4, "label": "UNIT"}]
        return json.dumps({"report_id": "a", "text": "1234条", "marks": marks})
    if name == "doccano":
        return json.dumps({"id": 1, "text": "1234条", "label": [[0, 3, "COUNT"], [2, 4, "UNIT"]]})
    values: list[dict[str, Any]] = [
        {"start": 0, "end": 3, "labels": ["COUNT"]},
        {"start": 2, "end": 4, "labels": ["UNIT"]},
    ]
    result = [
        {"id": str(n), "type": "labels", "from_name": "label", "value": v} for n, v in enumerate(values)
    ]
    return json.dumps([{"id": 1, "data": {"text": "1234条"}, "annotations": [{"result": result}]}])


@pytest.mark.parametrize("name", ["jsonl", "doccano", "label-studio"])
def test_overlaps_are_reported_and_nothing_is_dropped(name: str) -> None:
    source = _overlapping(name)
    imported = FORMATS[name].load(source, "x")
    assert imported.entries == ()
    (problem,) = imported.problems
    assert problem.what == "COUNT [0, 3) '123' overlaps UNIT [2, 4) '34'"
    assert problem.raw is not None
    assert json.loads(problem.raw) in (
        json.loads(source),
        json.loads(source)[0] if source[0] == "[" else None,
    )


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ({"report_id": "../a", "text": "1", "marks": []}, "is no report id"),
        ({"report_id": "a", "text": "1", "marks": [{"start": 0, "end": 2, "label": "COUNT"}]}, "is no span"),
        ({"report_id": "a", "text": "1", "marks": [{"start": 0, "end": 1, "label": "SUM"}]}, "unknown label"),
        (
            {"report_id": "a", "text": "1", "marks": [{"start": 0, "end": 1, "label": "COUNT", "text": "2"}]},
            "says '2'",
        ),
        ({"report_id": "a", "text": "1⟦", "marks": []}, "the text holds ⟦"),
        (
            {
                "report_id": "a",
                "text": "甲乙",
                "marks": [{"start": n, "end": n + 1, "label": "METRIC", "number": 1} for n in (0, 1)],
            },
            "M1 stands 2 times",
        ),
        ({"report_id": "a", "text": "1\ud800", "marks": []}, "cannot be written"),
        (
            {
                "report_id": "a",
                "text": "1",
                "marks": [{"start": 0, "end": 1, "label": "COUNT", "unit": "a/b"}],
            },
            "cannot be written",
        ),
        ({"report_id": "a", "text": "1", "marks": [], "spans": []}, "spans"),
        (
            {"report_id": "a", "text": "1", "marks": [{"start": "0", "end": 1, "label": "COUNT"}]},
            "marks.0.start",
        ),
    ],
)
def test_what_the_markup_cannot_hold_is_refused(line: dict[str, Any], what: str) -> None:
    imported = FORMATS["jsonl"].load(json.dumps(line), "x")
    assert imported.entries == ()
    assert what in imported.problems[0].what


def test_deep_nesting_is_a_fault_not_a_crash() -> None:
    deep = "[" * 200_000
    for format_ in FORMATS.values():
        assert format_.load(deep, "x").entries == ()
        assert format_.load(deep, "x").problems


def test_an_id_that_stands_twice_is_reported() -> None:
    one = FORMATS["jsonl"].dump([Entry("a", rich())])
    imported = FORMATS["jsonl"].load(one + one, "x")
    assert len(imported.entries) == 1
    assert (imported.problems[0].line, imported.problems[0].raw) == (2, one.strip("\n"))


def test_carriage_returns_move_the_marks_with_them(tmp_path: Path) -> None:
    text = "一\r\n收到3件\r二"
    line = {"report_id": "a", "text": text, "marks": [{"start": 5, "end": 6, "label": "COUNT", "text": "3"}]}
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(line), encoding="utf-8")
    imported = import_file(file, FORMATS["jsonl"], tmp_path / "out")
    assert not imported.problems[0].fatal
    report = parse((tmp_path / "out" / "a.txt").read_text(encoding="utf-8"))
    (mark,) = report.marks
    assert report.text == "一\n收到3件\n二"
    assert report.text[mark.start : mark.end] == "3"


def test_another_report_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("老的", encoding="utf-8")
    file = tmp_path / "in.jsonl"
    file.write_text(FORMATS["jsonl"].dump([Entry("a", rich()), Entry("b", rich())]), encoding="utf-8")
    with pytest.raises(AnnotationError, match="exists and differs"):
        import_file(file, FORMATS["jsonl"], tmp_path)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "老的"
    assert not (tmp_path / "b.txt").exists()
    assert import_file(file, FORMATS["jsonl"], tmp_path, replace=True).problems == ()


def test_a_foreign_conll_file_is_one_report(tmp_path: Path) -> None:
    file = tmp_path / "other.conll"
    file.write_text("2012年 B-YEAR\n收 O\n\n到 O\n3 B-COUNT\n5 I-COUNT\n件 B-UNIT\n\n", encoding="utf-8")
    (entry,) = import_file(file, FORMATS["conll"], tmp_path / "out").entries
    assert entry.report_id == "other"
    assert entry.report.text == "2012年收\n到35件"
    assert [(m.label, entry.report.text[m.start : m.end]) for m in entry.report.marks] == [
        ("YEAR", "2012年"),
        ("COUNT", "35"),
        ("UNIT", "件"),
    ]


def test_attributes_of_a_span_that_moved_are_told() -> None:
    line = json.loads(FORMATS["doccano"].dump([Entry("a", rich())]))
    line["attributes"]["0:1"] = {"year": 2011}
    imported = FORMATS["doccano"].load(json.dumps(line), "x")
    assert imported.entries == (Entry("a", rich()),)
    assert "belong to no span" in str(imported.problems[0])


def test_a_link_to_nothing_is_told() -> None:
    marks = [{"start": 0, "end": 1, "label": "COUNT", "links": [{"metric": 7}]}]
    imported = FORMATS["jsonl"].load(json.dumps({"report_id": "a", "text": "1", "marks": marks}), "x")
    assert len(imported.entries) == 1
    assert "link to M7" in str(imported.problems[0])


def test_two_annotators_are_not_mixed() -> None:
    (task,) = json.loads(FORMATS["label-studio"].dump([Entry("a", rich())]))
    task["annotations"] *= 2
    imported = FORMATS["label-studio"].load(json.dumps([task]), "x")
    assert imported.entries == ()
    assert "2 annotations" in imported.problems[0].what


def test_a_link_to_nothing_is_not_exported() -> None:
    report = parse("⟦C3|5⟧件")
    for format_ in FORMATS.values():
        with pytest.raises(AnnotationError, match="M3"):
            format_.dump([Entry("a", report)])


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(AnnotationError, match="label-studio, doccano, conll, jsonl"):
        format_named("brat")


def test_bytes_that_are_no_text_name_the_line(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\n\n\xff")
    format_: Format = FORMATS["jsonl"]
    with pytest.raises(AnnotationError, match="line 3: is no UTF-8"):
        import_file(file, format_, tmp_path)


@pytest.mark.parametrize("source", ["", "[1, 2", "[] {}", "7"])
def test_what_is_no_list_of_tasks_is_told(source: str) -> None:
    imported = FORMATS["label-studio"].load(source, "x")
    assert imported.entries == ()
    assert imported.problems


def test_a_list_that_ends_early_after_a_whole_task_is_told() -> None:
    source = FORMATS["label-studio"].dump([Entry("a", rich()), Entry("b", rich())])
    imported = FORMATS["label-studio"].load(source[: source.rindex(",\n")], "x")
    assert [e.report_id for e in imported.entries] == ["a"]
    assert "not closed" in imported.problems[0].what


@pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_damage_anywhere_is_told_and_the_rest_is_read(format_: Format, data: st.DataObject) -> None:
    whole = format_.dump([Entry("a", rich()), Entry("b", rich())])
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    put = data.draw(st.text(st.sampled_from('{}[]",:\\#\n\tB-ICOUNT0159条 '), max_size=6))
    damaged = whole[:start] + put + whole[end:]
    imported = format_.load(damaged, "x")
    assert len(imported.entries) == 2 or imported.problems
    for problem in imported.problems:
        assert 1 <= problem.line <= damaged.count("\n") + 1
    if start > whole.index("b", whole.index("report_id", whole.index("report_id") + 9)):
        assert Entry("a", rich()) in imported.entries
