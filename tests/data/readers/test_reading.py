"""Which reader takes what, and what every failure says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from gongkai.data.errors import BinaryInputError, EmptyInputError, LimitError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers import Columns, read_bytes, read_path
from gongkai.data.readers.input import Input
from gongkai.data.readers.registry import container_of, reader_name
from gongkai.data.readers.sandbox import Sandbox

_FIXTURES = Path(__file__).parent.parent / "fixtures"


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "公开")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reader"),
    [
        ("a.txt", b"text", "plain:read_text"),
        ("a.md", b"# text", "plain:read_text"),
        ("a", b"text", "plain:read_text"),
        ("a.txt", b"  <!DOCTYPE html><p>", "html:read_html"),
        ("a.doc", b"<html><body>", "html:read_html"),
        ("a.shtml", b"text", "html:read_html"),
        ("a.doc", b"MIME-Version: 1.0\nContent-Type: multipart/related; x", "mht:read_mht"),
        ("a.bin", b"%PDF-1.7", "pdf:read_pdf"),
        ("a.pdf", b"text", "plain:read_text"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "office:read_office"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "sheets:read_xls"),
        ("a.rtf", b"{\\rtf1", "office:read_office"),
        ("a.docx", _zip("word/document.xml"), "docx:read_docx"),
        ("a.doc", _zip("[Content_Types].xml"), "docx:read_docx"),
        ("a.xlsx", _zip("xl/workbook.xml"), "sheets:read_xlsx"),
        ("a.odt", _zip("mimetype"), "office:read_office"),
    ],
)
def test_reader_by_bytes_then_suffix(name: str, data: bytes, reader: str) -> None:
    assert container_of(name, data, Columns.load()) is None
    assert reader_name(Input(data, name, "a")) == reader


@pytest.mark.parametrize(
    ("name", "data", "container"),
    [
        ("a.zip", _zip("word/a.txt"), "zip"),
        ("a", _zip("a.txt"), "zip"),
        ("a.tgz", b"", "tar"),
        ("a.jsonl.gz", b"\x1f\x8b", "jsonl"),
        ("a.txt.gz", b"\x1f\x8b", "gzip"),
        ("a.parquet", b"", "parquet"),
        ("a.warc.gz", b"\x1f\x8b", "warc"),
    ],
)
def test_containers(name: str, data: bytes, container: str) -> None:
    assert container_of(name, data, Columns.load()) == container


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf\n", b"\x00\x00"])
def test_empty_input(data: bytes) -> None:
    with pytest.raises(EmptyInputError, match=r"^a\.txt: "):
        list(read_bytes(data, doc_id="a", name="a.txt", limits=Limits()))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n", b"Rar!\x1a", b"\x7fELF", b"7z\xbc\xaf\x27\x1c"])
def test_formats_that_hold_no_report(data: bytes) -> None:
    with pytest.raises(BinaryInputError, match="is a"):
        list(read_bytes(data, doc_id="a", limits=Limits()))


def test_a_page_without_words_is_empty() -> None:
    with pytest.raises(EmptyInputError, match="holds no text"):
        list(read_bytes(b"<html><script>x</script></html>", doc_id="a", limits=Limits()))


def test_a_path_gives_its_stem_as_id(tmp_path: Path) -> None:
    path = tmp_path / "2014.年报.txt"
    path.write_bytes("公开\r\n".encode("gbk"))
    (source,) = read_path(path, limits=Limits())
    assert (source.doc_id, source.text, source.format, source.path) == (
        "2014.年报",
        "公开\r\n",
        "txt",
        str(path),
    )


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_path_that_cannot_be_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReadError, match="cannot be opened"):
        list(read_path(tmp_path / name, limits=Limits()))


def test_too_big(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 20)
    with pytest.raises(LimitError, match="20 bytes"):
        list(read_path(path, limits=Limits(max_bytes=10)))
    with pytest.raises(LimitError, match="10 bytes"):
        list(read_bytes(b"a" * 20, doc_id="a", limits=Limits(max_bytes=10)))
    with pytest.raises(LimitError, match="10 characters"):
        list(read_path(path, limits=Limits(max_characters=10)))


def test_mht() -> None:
    data = (
        b"From: <saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
        b"--B\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<p>=E5=85=AC=E5=BC=80</p>\r\n--B--\r\n"
    )
    (source,) = read_bytes(data, doc_id="a", name="a.mht", limits=Limits())
    assert source.text == "公开\n"
    with pytest.raises(ReadError, match="without HTML"):
        list(read_bytes(b"MIME-Version: 1.0\n\ntext", doc_id="a", name="a.mht", limits=Limits()))


def test_guarded_readers_give_what_they_give_alone(make_docx: Callable[..., bytes], tmp_path: Path) -> None:
    from gongkai.data.readers.docx import read_docx

    data = make_docx(lambda document: document.add_table(2, 2).cell(1, 1).__setattr__("text", "公开\ud7ff12"))
    item = Input(data, "a.docx", "a")
    (source,) = read_bytes(data, doc_id="a", name="a.docx", limits=Limits())
    assert source == read_docx(item, Limits())
    assert [s.format for s in read_path(_FIXTURES / "form.xls", limits=Limits())] == ["xls"]


def test_the_sandbox_outlives_its_parsers() -> None:
    sandbox = Sandbox()
    try:
        with pytest.raises(ReadError, match="no readable PDF"):
            sandbox.read("pdf:read_pdf", Input(b"%PDF-1.7", "a.pdf", "a"), Limits())
        with pytest.raises(ReadError, match="breaks its parser"):
            sandbox.read("pdf:no_such_reader", Input(b"", "a.pdf", "a"), Limits())
        with pytest.raises(LimitError, match="memory"):
            sandbox.read(
                "plain:read_text", Input(b"a" * 60_000_000, "a", "a"), Limits(max_memory=150_000_000)
            )
        assert sandbox.read("plain:read_text", Input("公\x00".encode(), "a", "a"), Limits()).text == "公\x00"
    finally:
        sandbox.close()


def test_the_sandbox_ends_a_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    sandbox = Sandbox()
    try:
        with pytest.raises(LimitError, match="1 s"):
            sandbox.read("office:read_office", Input(b"{\\rtf1}", "a.doc", "a"), Limits(seconds=1))
    finally:
        sandbox.close()


def test_the_sandbox_imports_nothing_that_lies_beside_the_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_docx: Callable[..., bytes]
) -> None:
    for name in ("re.py", "json.py", "docx.py", "lxml.py"):
        (tmp_path / name).write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    data = make_docx(lambda document: document.add_paragraph("公开"))
    sandbox = Sandbox()
    try:
        assert sandbox.read("docx:read_docx", Input(data, "a.docx", "a"), Limits()).text == "公开\n"
    finally:
        sandbox.close()
