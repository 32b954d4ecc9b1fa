"""Crawls: a report a row, bad rows named, columns by name."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gongkai.data.document import Source
from gongkai.data.errors import ConfigError, GongkaiError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers import Columns, read_bytes, read_path
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def _read(
    data: bytes, name: str, columns: Columns | None = None, **limits: int
) -> tuple[list[Source], list[GongkaiError]]:
    errors: list[GongkaiError] = []
    found = read_bytes(
        data, doc_id="x", name=name, limits=Limits(**limits), columns=columns, on_error=errors.append
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
    with pytest.raises(ReadError, match="its columns are size"):
        _read(out.getvalue(), "c.parquet")
    columns = Columns(id=(), text=("正文",), html=())
    out = io.BytesIO()
    pq.write_table(pa.table({"正文": ["公开"]}), out)
    assert [s.text for s in _read(out.getvalue(), "c.parquet", columns)[0]] == ["公开"]


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


def test_columns_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "columns.yaml"
    path.write_text("id: [编号]\ntext: [正文]\nhtml: []\n")
    assert Columns.load(path) == Columns(("编号",), ("正文",), ())
    path.write_text("text: [正文]\n")
    with pytest.raises(ConfigError, match="names no columns"):
        Columns.load(path)
