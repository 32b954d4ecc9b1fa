"""Mutated report-like files through the whole pipeline: records or one error each, never a crash."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from gongkai.data.limits import Limits
from gongkai.inference.batch_work import Failure, Piece, Report, Worker
from gongkai.inference.extractor import Extractor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import BODY, report_text

EXAMPLES = Path(__file__).parent.parent.parent / "data" / "examples"
SEEDS = [path.read_bytes() for path in sorted(EXAMPLES.iterdir())] + [
    report_text(3).encode("gb18030"),
    report_text(4).encode("utf-16"),
    (json.dumps({"id": "x", "text": report_text(5)}) + "\n").encode() * 3,
    f"<html><table><tr><td rowspan=9>{report_text(6)}</td><td>3</td></tr></table>".encode(),
]
SUFFIXES = (".txt", ".html", ".htm", ".md", ".jsonl", ".zip", ".mht", "")
BITS = [
    "⁣\x00", "\ud800", "９９９９９９９９９９９９９亿", "1e999", "-", "％", "|" * 50, "一、" * 30, "（", "2016年", "<table>", "</td>",
    "\u202e", "\r", "万" * 40, "0" * 400, "未" * 30, "&#x110000;", "&lt;" * 9, "百分之", "\n\n\n", "〇", "其中：", "合计", "１.",
]  # fmt: skip


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker(Extractor.load(tagger="rules"), Limits())


@st.composite
def mutated(draw: st.DrawFn) -> tuple[bytes, str]:
    """A seed's bytes with parts cut, doubled, swapped or overwritten, under some suffix."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 6))):
        at, size = draw(st.integers(0, len(data))), draw(st.integers(0, 300))
        match draw(st.integers(0, 3)):
            case 0:
                del data[at : at + size]
            case 1:
                data[at:at] = data[at : at + size] * draw(st.integers(1, 5))
            case 2:
                data[at : at + 4] = draw(st.binary(max_size=8))
            case _:
                data[at:at] = draw(st.sampled_from(BITS)).encode("utf-8", "surrogatepass")
    suffix = draw(st.sampled_from(SUFFIXES))
    if suffix == ".zip" and draw(st.booleans()):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("../../etc/x.txt", bytes(data))
        data = bytearray(packed.getvalue())
    return bytes(data), suffix


def check(worker: Worker, file: Path) -> None:
    """Every result is sound: a typed failure, or lines of JSON."""
    (done,) = worker.run([Piece(str(file))])
    if file.suffix not in (".jsonl", ".zip"):
        assert len(done.results) == 1
    for result in done.results:
        if isinstance(result, Failure):
            assert result.kind != "internal", result
            assert result.file
            assert result.what
        else:
            records = [json.loads(line) for line in result.lines.splitlines()]
            assert len(records) == result.count
            for record in records:
                evidence = record["evidence"]
                assert len(evidence["text"]) == evidence["end"] - evidence["start"] > 0


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=mutated())
def test_mutated_files(worker: Worker, tmp_path: Path, case: tuple[bytes, str]) -> None:
    file = tmp_path / f"case{case[1]}"
    file.write_bytes(case[0])
    check(worker, file)


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    parts=st.lists(
        st.one_of(st.sampled_from(BITS), st.sampled_from(BODY.splitlines()), st.text(max_size=30)),
        max_size=30,
    )
)
def test_texts_of_report_like_parts(worker: Worker, tmp_path: Path, parts: list[str]) -> None:
    file = tmp_path / "case.jsonl"
    file.write_text(
        json.dumps({"id": "x", "text": "青禾县2016年政府信息公开工作年度报告\n" + "".join(parts)}),
        encoding="utf-8",
    )
    check(worker, file)


@pytest.mark.parametrize(
    "text", ["1" * 20_000, "（" * 100_000, "一、" * 50_000, "公开信息1条，" * 3_000, "|1|2|\n" * 3_000]
)
def test_long_monotonous_texts_end(worker: Worker, tmp_path: Path, text: str) -> None:
    file = tmp_path / "case.txt"
    file.write_text("青禾县2016年政府信息公开工作年度报告\n" + text, encoding="utf-8")
    (done,) = worker.run([Piece(str(file))])
    (result,) = done.results
    assert isinstance(result, Report) or result.kind != "internal"
