"""Crawls: a report a row, bad rows named, columns by name."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gongkai.data.document import Source
from gongkai.data.errors import ColumnError, GongkaiError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers import Columns, ReadOptions, read_bytes, read_path
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def _read(
    data: bytes, name: str, columns: Columns | None = None, **limits: int
) -> tuple[list[Source], list[GongkaiError]]:
    errors: list[GongkaiError] = []
    options = ReadOptions(columns or Columns.load())
    found = read_bytes(
        data, doc_id="x", name=name, limits=Limits(**limits), options=options, on_error=errors.append
    )
    return list(found), errors


def test_jsonl() -> None:
    lines = [
        {"id": 7, "text": "甲镇公开1条。", "title": "甲镇年报"},
        {"url": "http://b/", "html": "<title>乙</title><p>乙镇公开2条。</p>"},
        {"text": "丙镇公开3条。"},
    ]
    data = "\n".join(json.dumps(line) for line in lines).encode()
    for raw, name in [(data, "c.jsonl"), (gzip.compress(data), "c.jsonl.gz")]:
        sources, errors = _read(raw, name)
        assert [(s.doc_id, s.text, s.title, s.format) for s in sources] == [
            ("7", "甲镇公开1条。", "甲镇年报", "txt"),
            ("http://b/", "乙镇公开2条。\n", "乙", "html"),
            ("c-3", "丙镇公开3条。", None, "txt"),
        ]
        assert sources[1].path == f"{name}:2"
        assert errors == []


def test_bad_lines_are_named() -> None:
    data = (
        b'{"text": "a"\n[1]\n\n{"other": 1}\n{"text": "   "}\n'
        + b"[" * 100_000
        + b'\n{"text": "\xe5\x85\xac"}\n'
    )
    sources, errors = _read(data, "c.jsonl")
    assert [s.text for s in sources] == ["公"]
    assert [e.file for e in errors] == ["c.jsonl:1", "c.jsonl:2", "c.jsonl:4", "c.jsonl:5", "c.jsonl:6"]


def test_surrogates_survive() -> None:
    sources, _ = _read(b'{"text": "\\ud800\\u0000\xe5\x85\xac"}', "c.jsonl")
    assert sources[0].text == "\ud800\x00公"


def test_a_line_that_is_too_long_ends_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(b'{"text": "ok"}\n' + b'{"text": "' + b"a" * 100)
    errors: list[GongkaiError] = []
    assert len(list(read_path(path, limits=Limits(max_bytes=50), on_error=errors.append))) == 1
    assert [e.file for e in errors] == [f"{path}:2"]
    assert [e.kind for e in errors] == ["limit"]


def test_a_text_that_is_too_long_is_named() -> None:
    sources, errors = _read(b'{"text": "%s"}\n{"text": "b"}' % (b"a" * 30), "c.jsonl", max_characters=20)
    assert [s.text for s in sources] == ["b"]
    assert [e.kind for e in errors] == ["limit"]


def test_a_cut_gzip_gives_what_it_has() -> None:
    data = gzip.compress(b"".join(b'{"text": "%d"}\n' % i for i in range(9000)))[:-4000]
    sources, errors = _read(data, "c.jsonl.gz")
    assert sources
    assert [e.kind for e in errors][-1] == "unreadable"


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(
        pa.table({"uid": ["a", None], "body": ["甲镇公开1条。", "乙镇公开2条。"], "size": [1, 2]}), path
    )
    assert [(s.doc_id, s.text) for s in read_path(path, limits=Limits())] == [
        ("a", "甲镇公开1条。"),
        ("c-2", "乙镇公开2条。"),
    ]


def test_parquet_without_columns_names_those_it_has() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"size": [1]}), out)
    with pytest.raises(ColumnError, match="its columns are size; name yours with --text-column"):
        _read(out.getvalue(), "c.parquet")


def test_broken_parquet() -> None:
    with pytest.raises(ReadError, match="Parquet"):
        _read(b"PAR1 no", "c.parquet")


def test_warc() -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for url, kind, body in [
        ("http://a/", "text/html", "<p>甲镇公开1条。</p>"),
        ("http://b/", "image/png", "x"),
        ("http://c/", "text/html; charset=gbk", "<meta charset=gbk><p>丙镇公开3条。</p>"),
    ]:
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        payload = io.BytesIO(body.encode("gbk" if "gbk" in kind else "utf-8"))
        writer.write_record(writer.create_warc_record(url, "response", payload=payload, http_headers=headers))
    sources, errors = _read(out.getvalue(), "c.warc.gz")
    assert [(s.doc_id, s.text, s.path) for s in sources] == [
        ("c-1", "甲镇公开1条。\n", "http://a/"),
        ("c-2", "丙镇公开3条。\n", "http://c/"),
    ]
    assert errors == []


def test_broken_warc() -> None:
    with pytest.raises(ReadError, match="WARC"):
        _read(b"no warc at all", "c.warc")


def test_a_warc_record_without_an_address() -> None:
    data = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n"
    with pytest.raises(ReadError, match="WARC"):
        _read(data, "c.warc")


_NAMED = Columns.load().naming(text="正文", html=None, doc_id="编号")


def _crawl(name: str, rows: list[dict[str, str]]) -> bytes:
    if name.endswith(".parquet"):
        out = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows), out)
        return out.getvalue()
    if name.endswith(".jsonl"):
        return "\n".join(json.dumps(row) for row in rows).encode()
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, list(rows[0]), delimiter="\t" if name.endswith(".tsv") else ",")
    table.writeheader()
    table.writerows(rows)
    return written.getvalue().encode("gb18030" if name.startswith("gb") else "utf-8-sig")


@pytest.mark.parametrize("name", ["c.jsonl", "c.parquet", "c.csv", "gb.csv", "c.tsv"])
def test_named_columns(name: str) -> None:
    rows = [
        {"编号": "甲", "正文": '甲镇公开1条，\n“共”"1"条。', "text": "别的"},
        {"编号": "", "正文": "乙", "text": ""},
    ]
    sources, errors = _read(_crawl(name, rows), name, _NAMED)
    stem, last = Path(name).stem, 3 if name.endswith("sv") else 2
    assert [(s.doc_id, s.text) for s in sources] == [("甲", rows[0]["正文"]), (f"{stem}-{last}", "乙")]
    assert errors == []


@pytest.mark.parametrize("name", ["c.jsonl", "c.parquet", "c.csv"])
@pytest.mark.parametrize(
    ("wrong", "rows"), [("正文", {"编号": "1", "text": "甲"}), ("编号", {"url": "1", "正文": "甲"})]
)
def test_a_wrong_name_says_which_columns_there_are(name: str, wrong: str, rows: dict[str, str]) -> None:
    with pytest.raises(ColumnError) as caught:
        _read(_crawl(name, [rows] * 3), name, _NAMED)
    assert (caught.value.kind, caught.value.file) == ("column", name)
    assert caught.value.what == f"has no column {wrong!r}"
    assert f"its columns are {', '.join(rows)}" in caught.value.advice


def test_a_row_may_lack_a_named_column() -> None:
    lines = b'{"size": 1}\n{"other": 2}\n' + '{"编号": 3, "正文": "公开"}\n'.encode()
    sources, errors = _read(lines, "c.jsonl", _NAMED)
    assert [(s.doc_id, s.text) for s in sources] == [("3", "公开")]
    assert [e.file for e in errors] == ["c.jsonl:1", "c.jsonl:2"]


def test_html_by_its_named_column() -> None:
    columns = Columns.load().naming(text=None, html="page_source", doc_id=None)
    data = _crawl("c.csv", [{"url": "http://a/", "text": "导航", "page_source": "<p>甲镇公开1条。</p>"}])
    sources, _ = _read(data, "c.csv", columns)
    assert [(s.doc_id, s.text, s.format) for s in sources] == [("http://a/", "甲镇公开1条。\n", "html")]


def test_csv_without_known_columns_is_one_report() -> None:
    data = "指标名称,单位,2016年\n主动公开政府信息数,条,12\n".encode()
    sources, _ = _read(data, "c.csv")
    assert [(s.doc_id, s.text) for s in sources] == [("x", data.decode())]
    assert [s.text for s in _read(_crawl("c.csv", [{"url": "a", "content": "甲"}]), "c.csv")[0]] == ["甲"]


def test_csv_with_broken_rows() -> None:
    sources, errors = _read(b'id,text\n1,"a\nb"\n2\n3,c\rd,e\n\n4,e,f,g\n', "c.csv")
    assert [(s.doc_id, s.text) for s in sources] == [("1", "a\nb"), ("4", "e")]
    assert [(e.file, e.kind) for e in errors] == [("c.csv:3", "unreadable"), ("c.csv:4", "unreadable")]


def test_a_quote_that_stays_open_ends_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b'id,text\n1,a\n2,"b\n' + b"c,d\n" * 30)
    errors: list[GongkaiError] = []
    sources = list(read_path(path, limits=Limits(max_bytes=60), on_error=errors.append))
    assert [s.text for s in sources] == ["a"]
    assert [(e.file, e.kind) for e in errors] == [(f"{path}:3", "limit")]


def test_small_limits_of_a_crawl_are_not_the_process_s(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    (tmp_path / "a.csv").write_text("id,text\n1," + "甲" * 100 + "\n", encoding="utf-8")
    list(read_path(tmp_path / "a.csv", limits=Limits(max_bytes=60), on_error=lambda _: None))
    assert csv.field_size_limit() >= before
