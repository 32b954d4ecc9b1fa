"""Word: paragraphs with their automatic numbers, merged cells, insertions and deletions."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from docx.document import Document
from docx.oxml import parse_xml
from gongkai.data.document import Source
from gongkai.data.errors import LimitError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers.docx import read_docx
from gongkai.data.readers.input import Input
from gongkai.data.readers.numbering import chinese

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _read(data: bytes, **limits: int) -> Source:
    return read_docx(Input(data, "a.docx", "a"), Limits(**limits))


def test_paragraphs_and_tables_in_order(make_docx: Callable[..., bytes]) -> None:
    def fill(document: Document) -> None:
        document.core_properties.title = "年报"
        document.add_paragraph("一、概述")
        table = document.add_table(3, 3)
        for row, words in zip(
            table.rows, [("指标", "", "数"), ("收到", "件", "2"), ("", "件", "0")], strict=True
        ):
            for cell, word in zip(row.cells, words, strict=True):
                cell.text = word
        table.cell(0, 0).merge(table.cell(0, 1))
        table.cell(1, 0).merge(table.cell(2, 0))
        document.add_paragraph("以上。")

    source = _read(make_docx(fill))
    assert source.title == "年报"
    assert source.text.split("\n")[0] == "一、概述"
    assert source.text.endswith("以上。\n")
    (table,) = source.tables
    cells = [(c.text, c.row, c.column, c.row_span, c.column_span) for row in table.rows for c in row]
    assert cells == [
        ("指标", 0, 0, 1, 2),
        ("数", 0, 2, 1, 1),
        ("收到", 1, 0, 2, 1),
        ("件", 1, 1, 1, 1),
        ("2", 1, 2, 1, 1),
        ("件", 2, 1, 1, 1),
        ("0", 2, 2, 1, 1),
    ]
    for row in table.rows:
        for cell in row:
            assert source.text[cell.start : cell.end] == cell.text


def test_tracked_changes(make_docx: Callable[..., bytes]) -> None:
    def fill(document: Document) -> None:
        document.element.body.insert(
            0,
            parse_xml(
                f"<w:p {_W}><w:r><w:t>公开</w:t></w:r><w:del w:id='1'><w:r><w:delText>9</w:delText></w:r></w:del>"
                "<w:ins w:id='2'><w:r><w:t>12</w:t><w:tab/><w:t>条</w:t><w:br/><w:t>续</w:t></w:r></w:ins></w:p>"
            ),
        )

    assert _read(make_docx(fill)).text == "公开12\t条\n续\n"


def test_automatic_numbers(make_docx: Callable[..., bytes]) -> None:
    def fill(document: Document) -> None:
        root = document.part.numbering_part.element
        root.append(
            parse_xml(
                f"<w:abstractNum {_W} w:abstractNumId='77'>"
                "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>"
                "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='（%2）'/></w:lvl>"
                "</w:abstractNum>"
            )
        )
        root.append(parse_xml(f"<w:num {_W} w:numId='77'><w:abstractNumId w:val='77'/></w:num>"))
        for words, level in [("概述", 0), ("领导", 1), ("培训", 1), ("公开", 0), ("渠道", 1)]:
            properties = document.add_paragraph(words)._p.get_or_add_pPr()
            properties.append(
                parse_xml(f"<w:numPr {_W}><w:ilvl w:val='{level}'/><w:numId w:val='77'/></w:numPr>")
            )

    text = _read(make_docx(fill)).text
    assert text.split() == ["一、概述", "（一）领导", "（二）培训", "二、公开", "（一）渠道"]


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "零"), (7, "七"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五"), (100, "100")],
)
def test_chinese(value: int, words: str) -> None:
    assert chinese(value) == words


def test_a_table_of_paragraphs_is_text(make_docx: Callable[..., bytes]) -> None:
    def fill(document: Document) -> None:
        table = document.add_table(2, 2)
        table.cell(0, 1).text = "全年公开信息。" * 80

    source = _read(make_docx(fill))
    assert source.tables == ()
    assert "全年公开信息。" in source.text


def test_entities_are_not_expanded(make_docx: Callable[..., bytes]) -> None:
    data = make_docx(lambda document: document.add_paragraph("公开"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "word/document.xml":
                head, _, rest = body.partition(b"?>")
                body = (
                    head
                    + b'?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                    + rest.replace("公开".encode(), b"&x;")
                )
            new.writestr(name, body)
    assert "root:" not in _read(out.getvalue()).text


def test_a_bomb_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b" " * 5_000_000)
    with pytest.raises(LimitError, match="times its size"):
        _read(out.getvalue())
    with pytest.raises(LimitError, match="parts"):
        _read(out.getvalue(), max_members=0)


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b""])
def test_a_broken_package_says_so(data: bytes) -> None:
    with pytest.raises(ReadError):
        _read(data)


def test_a_zip_without_a_document_says_so() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "公开")
    with pytest.raises(ReadError, match="no Word document"):
        _read(out.getvalue())


def _changed(package: bytes, member: str, data: bytes) -> bytes:
    """A package with one part's bytes replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == member else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("member", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
@pytest.mark.parametrize("data", [b"", b"<a/>", b"<w:document", b"<a/><b/>", b"\x00\xff"])
def test_broken_parts_are_typed(make_docx: Callable[..., bytes], member: str, data: bytes) -> None:
    package = make_docx(lambda document: document.add_paragraph("公开12条。"))
    with pytest.raises(ReadError, match="is no Word document"):
        _read(_changed(package, member, data))


def test_broken_properties_cost_only_the_title(make_docx: Callable[..., bytes]) -> None:
    package = make_docx(lambda document: document.add_paragraph("公开12条。"))
    broken = _changed(
        package, "[Content_Types].xml", _types(package).replace(b"core-properties+xml", b"x+xml")
    )
    assert _read(broken).text == "公开12条。\n"


def _types(package: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read("[Content_Types].xml")
