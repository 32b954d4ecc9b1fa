"""`gongkai extract` as a process: exit codes, streams, pipes, formats."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run, command, report_text

RULES = ("--tagger", "rules", "--workers", "1")


@pytest.fixture
def one(tmp_path: Path) -> Path:
    path = tmp_path / "one.txt"
    path.write_text(report_text(7), encoding="utf-8")
    return path


def lines(data: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in data.splitlines()]


def test_only_records_on_standard_output(one: Path, tmp_path: Path, gongkai: Run) -> None:
    missing = tmp_path / "missing.txt"
    done = gongkai("extract", missing, one, *RULES, cwd=tmp_path)
    assert done.returncode == 1
    assert {line["doc_id"] for line in lines(done.stdout)} == {"one"}
    (error,) = done.stderr.decode().splitlines()
    assert error.startswith(f"gongkai: {missing}: ")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["errors.jsonl", "one.txt"]
    (failure,) = lines((tmp_path / "errors.jsonl").read_bytes())
    assert failure["file"] == str(missing)


def test_standard_input_equals_a_file(one: Path, gongkai: Run) -> None:
    piped = gongkai("extract", "-", *RULES, input=one.read_bytes())
    named = gongkai("extract", one, *RULES)
    assert piped.returncode == named.returncode == 0
    assert piped.stdout.replace(b'"stdin"', b'"one"') == named.stdout
    assert named.stderr == b""


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "parquet"),
        ("-o", "x.csv", "--format", "jsonl"),
        ("--workers", "0"),
        ("--tagger", "magic"),
        ("-", "-"),
    ],
)
def test_wrong_usage(words: tuple[str, ...], one: Path, tmp_path: Path, gongkai: Run) -> None:
    done = gongkai("extract", one, *words, cwd=tmp_path, input=b"")
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early(reports: Path) -> None:
    for workers in ("1", "2"):
        process = subprocess.Popen(
            command("extract", reports, "--tagger", "rules", "--workers", workers),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        json.loads(process.stdout.readline())
        process.stdout.close()
        complaints = process.stderr.read()
        process.stderr.close()
        assert process.wait(timeout=60) == 0
        assert complaints == b""


def test_named_columns_of_a_crawl(tmp_path: Path, gongkai: Run) -> None:
    crawl, out = tmp_path / "crawl.jsonl", tmp_path / "out"
    rows = [{"key": f"k{n}", "正文": report_text(n), "text": report_text(n + 9)} for n in range(3)]
    crawl.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert gongkai("extract", crawl, *RULES, "-o", out).returncode == 0
    shipped = lines((out / "records.jsonl").read_bytes())
    named = ("--text-column", "正文", "--id-column", "key")
    assert gongkai("extract", crawl, *RULES, "-o", out, *named).returncode == 0
    records = lines((out / "records.jsonl").read_bytes())
    assert {r["doc_id"] for r in records} == {"k0", "k1", "k2"}
    assert records[0]["evidence"] != shipped[0]["evidence"]
    read = gongkai("read", crawl, "--text-column", "正文")
    assert read.stdout.decode() == "".join(row["正文"] for row in rows)


def test_a_wrong_column_is_told(one: Path, tmp_path: Path, gongkai: Run) -> None:
    crawl, out = tmp_path / "crawl.jsonl", tmp_path / "out"
    crawl.write_text(json.dumps({"key": 1, "text": report_text(1)}) + "\n", encoding="utf-8")
    done = gongkai("extract", crawl, one, *RULES, "-o", out, "--text-column", "body")
    assert done.returncode == 1
    (failure,) = lines((out / "errors.jsonl").read_bytes())
    assert failure == {
        "file": str(crawl),
        "kind": "column",
        "what": "has no column 'body'",
        "advice": "its columns are key, text; name one of these",
    }
    assert {r["doc_id"] for r in lines((out / "records.jsonl").read_bytes())} == {"one"}
    assert gongkai("read", crawl, "--html-column", "page").returncode == 1


def test_formats_hold_the_same_records(one: Path, tmp_path: Path, gongkai: Run) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    records = lines(gongkai("extract", one, *RULES).stdout)
    printed = gongkai("extract", one, *RULES, "--format", "csv").stdout.decode()
    rows = list(csv.DictReader(io.StringIO(printed, newline="")))
    assert gongkai("extract", one, *RULES, "-o", tmp_path / "x.parquet").returncode == 0
    table = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert [r["metric"] for r in records] == [r["metric"] for r in rows] == [r["metric"] for r in table]
    assert [r["value"] for r in records] == [float(r["value"]) for r in rows] == [r["value"] for r in table]


def test_another_format_into_the_same_folder(reports: Path, tmp_path: Path, gongkai: Run) -> None:
    out = tmp_path / "out"
    gongkai("extract", reports / "a", *RULES, "-o", out, "--format", "csv")
    first = (out / "records.csv").read_bytes()
    for _ in range(2):
        gongkai("extract", reports / "a", *RULES, "-o", out)
        gongkai("extract", reports / "a", *RULES, "-o", out, "--format", "csv")
    assert (out / "records.csv").read_bytes() == first
    gongkai("extract", reports / "a", *RULES, "-o", tmp_path / "plain")
    assert (out / "records.jsonl").read_bytes() == (tmp_path / "plain" / "records.jsonl").read_bytes()


def test_no_formula_nul_or_half_surrogate_breaks_a_table(tmp_path: Path, gongkai: Run) -> None:
    text = report_text(9).replace("主动公开政府信息", "主动公开\x00政府\ud83d信息").replace("一、", "=1+1|")
    crawl = tmp_path / "crawl.jsonl"
    crawl.write_text(json.dumps({"id": "=cmd()", "text": text}) + "\n", encoding="utf-8")
    done = gongkai("extract", crawl, *RULES)
    assert done.returncode == 0, done.stderr
    records = lines(done.stdout)
    assert records
    for record in records:
        evidence = record["evidence"]
        assert isinstance(evidence, dict)
        assert text[evidence["start"] : evidence["end"]] == evidence["text"]
    printed = gongkai("extract", crawl, *RULES, "--format", "csv").stdout.decode()
    rows = list(csv.reader(io.StringIO(printed, newline="")))
    assert len(rows) == len(records) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert gongkai("extract", crawl, *RULES, "--format", "table").returncode == 0


def test_help_stays_light() -> None:
    script = (
        "import sys; from gongkai import cli; from typer.testing import CliRunner; "
        "r = CliRunner().invoke(cli.app, ['extract', '--help']); assert 'Example:' in r.output; "
        "print([m for m in ('numpy', 'onnxruntime', 'torch', 'opencc', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"[]\n"


def test_a_device_that_is_not_there(one: Path, tiny_model: Path, gongkai: Run) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("there is one")
    done = gongkai("extract", one, "--device", "cuda", "--model", tiny_model)
    assert done.returncode == 2
    assert b"--device cpu" in done.stderr
