"""Tables, panels and pages hold what the records hold, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
import resource
from pathlib import Path
from typing import Any

import pytest
from gongkai.data.document import Source
from gongkai.data.errors import ConfigError, ReadError
from gongkai.inference.extractor import Extraction, Extractor
from gongkai.inference.outputs.convert import convert_records
from gongkai.inference.outputs.files import plain, write_rows
from gongkai.inference.outputs.page import make_page
from gongkai.inference.outputs.panel import make_panel
from gongkai.inference.outputs.rows import COLUMNS, flatten, read_records
from gongkai.inference.records import to_json

from .conftest import Run

TEXT = """青禾县水务局2016年政府信息公开工作年度报告
一、主动公开情况
2016年，我局主动公开政府信息1,925条，其中政府网站公开2,100条，微博公开<b>30</b>条。
二、依申请公开情况
未收到政府信息公开申请。
"""


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    return Extractor.load(tagger="rules").extract_source(Source("qinghe", TEXT, "txt"))


@pytest.fixture
def records(extraction: Extraction, tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    lines = [json.dumps(to_json(r), ensure_ascii=False) for r in extraction.records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def row(**values: Any) -> dict[str, Any]:
    base = dict.fromkeys(COLUMNS) | {
        "doc_id": "a", "agency": "青禾县水务局", "year": 2016, "metric": "申请", "metric_id": "request.received",
        "value": 1.0, "qualifier": "exact", "kind": "count", "start": 0, "end": 2, "source": "model", "confidence": 0.9,
    }  # fmt: skip
    return base | values


def test_every_format_holds_the_same_rows(records: Path, tmp_path: Path) -> None:
    duckdb, parquet, openpyxl = (pytest.importorskip(n) for n in ("duckdb", "pyarrow.parquet", "openpyxl"))
    expected = list(read_records(records))
    for suffix in (".csv", ".parquet", ".xlsx", ".duckdb"):
        assert convert_records(records, tmp_path / f"out{suffix}", panel=False) == len(expected) > 2
    assert parquet.read_table(tmp_path / "out.parquet").to_pylist() == expected
    with duckdb.connect(str(tmp_path / "out.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT text FROM records").fetchall() == [(r["text"],) for r in expected]
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [c.value for c in sheet["F"]][1:] == [r["value"] for r in expected]
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [r["metric"] for r in csv.DictReader(file)] == [r["metric"] for r in expected]


def test_the_panel_takes_the_table_and_keeps_the_other_value() -> None:
    panel = make_panel([row(value=7.0, confidence=1.0), row(value=8.0, source="table", confidence=0.5)])
    assert panel.rows == [{"agency": "青禾县水务局", "year": 2016, "request.received": 8.0}]
    assert [r["value"] for r in panel.alternates] == [7.0]


def test_the_panel_takes_the_exact_figure() -> None:
    panel = make_panel([row(value=3000.0, qualifier="approx", confidence=1.0), row(value=3012.0)])
    assert panel.rows[0]["request.received"] == 3012.0


def test_records_without_id_year_or_agency_stay_out_of_the_panel() -> None:
    assert make_panel([row(metric_id=None), row(year=None), row(agency=None)]).rows == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert str(plain(text)).startswith("'") or not str(plain(text)).startswith(("=", "+", "-", "@"))


def test_surrogates_and_control_characters_survive_writing(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    rows = [row(text="坏\ud800字\x00符", metric="=SUM(A1)")]
    for suffix in (".csv", ".parquet", ".xlsx"):
        assert write_rows(rows, COLUMNS, tmp_path / f"out{suffix}") == 1


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\.parquet"):
        write_rows([row()], COLUMNS, tmp_path / "out.sas")
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_is_no_record_is_named(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"doc_id": "a"}\n', encoding="utf-8")
    with pytest.raises(ReadError, match="line 1"):
        list(read_records(path))


def test_flatten_keeps_every_column(extraction: Extraction) -> None:
    flat = flatten(to_json(extraction.records[0]))
    assert list(flat) == list(COLUMNS)
    assert flat["text"] == extraction.records[0].text


def test_the_page_shows_text_records_and_the_failed_check(extraction: Extraction) -> None:
    page = make_page(extraction)
    assert "&lt;b&gt;30&lt;/b&gt;" in page
    assert "<b>30</b>" not in page
    assert page.count("<tr id=") == len(extraction.records)
    assert 'class="failed"' in page  # 2,100 on the website of 1,925 in all
    assert "http" not in page.split("<body>")[1].replace("http-equiv", "")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx", ".duckdb"])
def test_a_full_disk_leaves_nothing_and_is_told(suffix: str, tmp_path: Path, gongkai: Run) -> None:
    line = {"doc_id": "d", "metric": "公开", "value": 1, "evidence": {"start": 0, "end": 1, "text": "字"}}
    records = tmp_path / "records.jsonl"
    lines = [json.dumps(line | {"doc_id": f"d{n * 7919 % 100003}"}) + "\n" for n in range(3000)]
    records.write_text("".join(lines), encoding="utf-8")
    out = tmp_path / "out" / f"table{suffix}"
    assert gongkai("convert", records, "-o", out).returncode == 0
    size = out.stat().st_size // 2
    out.unlink()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    full = gongkai(
        "convert", records, "-o", out,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, limit)),
    )  # fmt: skip
    assert full.returncode == 1
    # What openpyxl says behind it, as it is cleared away, is its own.
    assert full.stderr.startswith(f"gongkai: {out}: cannot be written".encode())
    assert list(out.parent.iterdir()) == []
