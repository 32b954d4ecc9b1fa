"""Every format gives back exactly the reports that it was given, links and front matter included."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gongkai.annotations.exchange.entries import Entry, Format
from gongkai.annotations.exchange.formats import FORMATS, export, import_file
from gongkai.annotations.markup import Report, parse, render
from gongkai.annotations.splits import CORPUS
from hypothesis import HealthCheck, given, settings

from ..reports import reports, rich

EACH = pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)


@EACH
def test_a_rich_report_comes_back(format_: Format) -> None:
    given_ = (Entry("a", rich()), Entry("b", Report({}, "没有标注。", ())))
    imported = format_.load(format_.dump(given_), "x")
    assert imported.entries == given_
    assert imported.problems == ()


@EACH
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(report=reports())
def test_any_report_comes_back(format_: Format, report: Report) -> None:
    imported = format_.load(format_.dump([Entry("a", report)]), "x")
    assert imported.problems == ()
    assert imported.entries == (Entry("a", report),)


@settings(deadline=None)
@given(report=reports())
def test_the_markup_itself_is_lossless(report: Report) -> None:
    assert parse(render(report)) == report


@EACH
def test_corpus_files_survive_the_way_out_and_in(format_: Format, tmp_path: Path) -> None:
    files = sorted(CORPUS.glob("w*-00*.txt"))[:12]
    (tmp_path / "out").write_text(export(files, format_), encoding="utf-8")
    imported = import_file(tmp_path / "out", format_, tmp_path / "in")
    assert imported.problems == ()
    for file in files:
        again = parse((tmp_path / "in" / file.name).read_text(encoding="utf-8"))
        assert again == parse(file.read_text(encoding="utf-8"))


def test_conll_rows_have_three_columns_at_any_blank() -> None:
    lines = FORMATS["conll"].dump([Entry("a", rich())]).split("\n")
    rows = [line.split() for line in lines if line and not line.startswith("# ")]
    assert {len(row) for row in rows} == {3}
    assert len(rows) == len(rich().text)


def test_label_studio_relations_carry_the_ids() -> None:
    (task,) = json.loads(FORMATS["label-studio"].dump([Entry("a", rich())]))
    results = task["annotations"][0]["result"]
    relations = [r for r in results if r["type"] == "relation"]
    assert len(relations) == sum(len(m.links) for m in rich().marks)
    assert ["review.total"] in [r["labels"] for r in relations]
