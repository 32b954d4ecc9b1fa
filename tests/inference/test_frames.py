"""Frames in, frames out, under a real Spark: the local engine's records, bad rows as rows of errors."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from gongkai.data.errors import ConfigError
from gongkai.inference import frames, run
from gongkai.inference.outputs.rows import COLUMNS, Row, read_records

from .conftest import report_text

pd = pytest.importorskip("pandas")

WEATHER = "今天天气很好，我们去公园散步。\n" * 40
BAD = {"empty": "", "blank": " \n", "weather": WEATHER}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A local Spark of two cores."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "7").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {f"p{n:02}": report_text(n) for n in range(40)} | BAD


def local(folder: Path, texts: dict[str, str]) -> list[Row]:
    """The local engine's rows of these texts."""
    (folder / "in").mkdir()
    for name, text in texts.items():
        (folder / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
    out = folder / "out"
    run.extract_paths(
        [str(folder / "in")],
        output=out,
        format_name=None,
        config=None,
        overrides={"tagger": "rules"},
        workers=1,
    )
    return list(read_records(out / "records.jsonl"))


def split(rows: list[Any]) -> tuple[list[Row], dict[str, str]]:
    """Records, in the order of texts within an order of ids; kinds of errors by id."""
    records = [{c: row[c] for c in COLUMNS} for row in rows if row["error"] is None]
    assert all(row["metric"] is None and row["value"] is None for row in rows if row["error"] is not None)
    records.sort(key=lambda row: row["doc_id"])  # stable: a report's own records keep their order
    return records, {Path(row["doc_id"]).name: row["error"] for row in rows if row["error"] is not None}


def traced(batches: Iterator[Any]) -> Iterator[Any]:
    """What came out, with the process and how often it has loaded an extractor."""
    for frame in frames.extract_frames(batches, tagger="rules"):
        yield frame.assign(pid=os.getpid(), loads=frames._worker.cache_info().misses)


def test_spark_gives_the_local_records(spark: Any, texts: dict[str, str], tmp_path: Path) -> None:
    data = spark.createDataFrame(list(texts.items()), "id string, text string").repartition(6)
    schema = frames.SPARK_SCHEMA + ", pid bigint, loads bigint"
    # By value: Spark's workers cannot import a test.
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    rows = data.mapInPandas(traced, schema).collect()
    records, errors = split(rows)
    assert records == local(tmp_path, texts)
    assert errors == {"empty": "unreadable", "blank": "empty", "weather": "not-a-report"}
    assert {row["loads"] for row in rows} == {1}
    assert 1 <= len({row["pid"] for row in rows}) <= 2
    assert os.getpid() not in {row["pid"] for row in rows}


def test_spark_reads_files_of_any_format(spark: Any, reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run.extract_paths(
        [str(reports)], output=out, format_name=None, config=None, overrides={"tagger": "rules"}, workers=1
    )
    data = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(str(reports))
    extract = partial(frames.extract_frames, tagger="rules")
    records, errors = split(data.mapInPandas(extract, frames.SPARK_SCHEMA).collect())
    assert records == sorted(read_records(out / "records.jsonl"), key=lambda row: row["doc_id"])
    assert errors == {
        "empty.txt": "empty", "d.jsonl:91": "unreadable", "f.bin": "binary", "g.txt": "not-a-report",
    }  # fmt: skip
    # Spark leaves out h.txt, a file of no bytes, by itself.


def extracted(*given: Any, **settings: object) -> list[Row]:
    found = frames.extract_frames(given, tagger="rules", **settings)
    found = [row for f in found for row in f.to_dict("records")]
    return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in found]


def test_odd_rows_are_rows(texts: dict[str, str]) -> None:
    rows = extracted(
        pd.DataFrame({"id": [7, None, 9], "text": [texts["p01"]] * 3}),
        pd.DataFrame(
            {"url": ["http://a/", "b"], "text": [None, 2.5], "html": [f"<p>{texts['p02']}</p>", None]}
        ),
        pd.DataFrame({"path": ["c.txt", "d.txt"], "content": [texts["p03"].encode("gb18030"), None]}),
    )
    records, errors = [r for r in rows if r["error"] is None], [r for r in rows if r["error"] is not None]
    assert list(dict.fromkeys(r["doc_id"] for r in records)) == ["7", "9", "http://a/", "c"]
    assert [(r["doc_id"], r["error"]) for r in errors] == [
        ("row", "unreadable"), ("b", "unreadable"), ("d.txt", "unreadable"),
    ]  # fmt: skip
    assert errors[0]["error_what"] == "has no id; give it a doc_id"
    assert all(isinstance(r["year"], int) and isinstance(r["start"], int) for r in records)


def test_frames_without_a_column_are_refused() -> None:
    with pytest.raises(ConfigError, match="frames have the columns id, words"):
        extracted(pd.DataFrame({"id": ["a"], "words": ["b"]}))


def test_columns_that_settings_name(texts: dict[str, str]) -> None:
    frame = pd.DataFrame({"key": ["k1"], "id": ["other"], "正文": [texts["p01"]], "text": [texts["p02"]]})
    named = extracted(frame, text_column="正文", id_column="key")
    assert {row["doc_id"] for row in named} == {"k1"}
    shipped = extracted(pd.DataFrame({"id": ["k1"], "text": [texts["p01"]]}))
    assert [row["value"] for row in named] == [row["value"] for row in shipped]
    crawl = f'{{"key": "k1", "正文": {json.dumps(texts["p01"])}}}\n'.encode()
    file = pd.DataFrame({"path": ["c.jsonl"], "content": [crawl]})
    assert extracted(file, text_column="正文", id_column="key") == named
    with pytest.raises(ConfigError, match="frames have the columns id, text"):
        extracted(pd.DataFrame({"id": ["a"], "text": ["b"]}), text_column="正文")
