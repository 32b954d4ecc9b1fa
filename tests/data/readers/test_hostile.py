"""Files made to exhaust a reader: each ends as a typed error, soon."""

from __future__ import annotations

import gzip
import io
import itertools
import random
import tarfile
import time
import zipfile
from collections.abc import Callable

import pytest
from gongkai.data.errors import GongkaiError, LimitError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers import read_bytes
from gongkai.data.readers.registry import HTML, is_guarded

_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_ENTITIES = '<!DOCTYPE d [<!ENTITY a "公开公开">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
)


def _zip(*members: tuple[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members:
            package.writestr(name, data)
    return out.getvalue()


def _failure(data: bytes, name: str, **limits: int) -> tuple[list[str], list[GongkaiError]]:
    """The texts that were read before a file was given up, and what was said."""
    errors: list[GongkaiError] = []
    texts: list[str] = []
    try:
        for source in read_bytes(
            data, doc_id="a", name=name, limits=Limits(**limits), on_error=errors.append
        ):
            texts.append(source.text)
    except GongkaiError as error:
        errors.append(error)
    return texts, errors


def test_archives_within_an_archive_share_one_budget() -> None:
    text = ("公开信息一条。\n" * 1500).encode()
    inner = _zip(*((f"{n}.txt", text) for n in range(20)))
    outer = _zip(*((f"{n}.zip", inner) for n in range(20)))
    texts, errors = _failure(outer, "a.zip", max_bytes=200_000, max_inflation=50)
    assert len(texts) < 40  # of 400
    assert [type(error) for error in errors] == [LimitError]
    assert errors[0].file == "a.zip"
    texts, errors = _failure(outer, "a.zip", max_members=30)
    assert len(texts) < 30
    assert [(error.kind, error.file) for error in errors] == [("limit", "a.zip")]


def _workbook(sheet: str, head: str = "") -> bytes:
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts = {"xl/workbook.xml": "sheet.main+xml", "xl/worksheets/sheet1.xml": "worksheet+xml"}
    types = "".join(f'<Override PartName="/{p}" ContentType="{kinds}{k}"/>' for p, k in parts.items())
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006/"

    def relation(kind: str, target: str) -> str:
        inside = f'<Relationship Id="r1" Type="{links}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{packages}relationships">{inside}</Relationships>'

    return _zip(
        (
            "[Content_Types].xml",
            f'<Types xmlns="{packages}content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        ),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            f'<workbook {_SPACE} xmlns:r="{links}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        ),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", f"{head}<worksheet {_SPACE}>{sheet}</worksheet>"),
    )


_ROW = '<sheetData><row r="1"><c r="A1"><v>{}</v></c></row></sheetData>'


def test_the_workbook_of_these_tests_is_sound() -> None:
    pytest.importorskip("openpyxl")
    assert _failure(_workbook(_ROW.format(12)), "a.xlsx") == (["12\n"], [])


@pytest.mark.parametrize(
    "sheet",
    [
        "<sheetData>"
        + "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 450_000))
        + "</sheetData>",
        '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        _ROW.format(1) + '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ],
    ids=["rows", "corner", "merged"],
)
def test_workbooks_of_too_many_cells(sheet: str) -> None:
    pytest.importorskip("openpyxl")
    _, (error,) = _failure(_workbook(sheet), "a.xlsx", max_inflation=10_000, seconds=20)
    assert isinstance(error, LimitError)
    assert "cells" in error.what


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("data", [b"", b"<a/>", b"<worksheet", b"\x00\xff"])
def test_broken_parts_of_a_workbook_are_typed(part: str, data: bytes) -> None:
    pytest.importorskip("openpyxl")
    with zipfile.ZipFile(io.BytesIO(_workbook(_ROW.format(12)))) as archive:
        members = [(name, data if name == part else archive.read(name)) for name in archive.namelist()]
    texts, (error,) = _failure(_zip(*members), "a.xlsx", seconds=20)
    assert texts == []
    assert isinstance(error, ReadError)
    assert "breaks its parser" not in error.what


def test_entities_of_a_workbook_are_refused() -> None:
    pytest.importorskip("openpyxl")
    cell = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData>'
    _, (error,) = _failure(_workbook(cell, _ENTITIES + "]>"), "a.xlsx", seconds=20)
    assert isinstance(error, ReadError)


@pytest.mark.parametrize(
    "entity", [_ENTITIES + "]>", '<!DOCTYPE d [<!ENTITY j SYSTEM "file:///etc/passwd">]>']
)
def test_entities_of_a_word_document_stay_unexpanded(make_docx: Callable[..., bytes], entity: str) -> None:
    package = make_docx(lambda document: document.add_paragraph("公开MARK条。"))
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    at = dict(members)["word/document.xml"].index(b"<w:document")
    changed = [
        (n, d[:at] + entity.encode() + d[at:].replace(b"MARK", b"&j;") if n == "word/document.xml" else d)
        for n, d in members
    ]
    texts, errors = _failure(_zip(*changed), "a.docx", seconds=20)
    assert "".join(texts) in ("公开条。\n", "公开\n", "")
    assert bool(texts) != bool(errors)


@pytest.mark.parametrize("page", ["<p " + "a " * 60_000, "<b>" * 4_000], ids=["attributes", "tags"])
def test_pages_that_take_long_are_read_under_guard(page: str) -> None:
    assert is_guarded(HTML, page.encode())
    assert not is_guarded(HTML, b"<p>12</p>" * 300)


def _pdf(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, each) for n, each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Size 9 /Root 1 0 R >>\n%%EOF"


_ROOT = b"<< /Type /Catalog /Pages 2 0 R >>"
_ONE = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 5 0 R >>"
_FORM = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources %s /Length 11 >>\nstream\n/F Do /F Do\nendstream"


@pytest.mark.parametrize(
    "objects",
    [
        (
            _ROOT,
            b"<< /Type /Pages /Count 1 /Kids [2 0 R 3 0 R 2 0 R] >>",
            b"<< /Type /Pages /Kids [2 0 R 3 0 R] >>",
        ),
        (_ROOT, _ONE, b"<< /Type /Page /Parent 3 0 R /MediaBox 5 0 R /Contents 4 0 R >>", b"4 0 R", b"5 0 R"),
        (_ROOT, _ONE, _PAGE, b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream", b"5 0 R"),
        (
            _ROOT,
            _ONE,
            _PAGE,
            b"<< /Length 5 >>\nstream\n/F Do\nendstream",
            b"<< /XObject << /F 6 0 R >> >>",
            _FORM % b"5 0 R",
        ),
        (_ROOT, b"[" * 100_000),
        (_ROOT, b"<< /Type /Pages /Count 9 /Kids [" + b"3 0 R " * 40_000 + b"] >>", b"<< /Type /Page >>"),
    ],
    ids=["kids", "references", "length", "forms", "nesting", "one page often"],
)
def test_loops_of_a_pdf_end(objects: tuple[bytes, ...]) -> None:
    texts, (error,) = _failure(_pdf(*objects), "a.pdf", seconds=4)
    assert texts == []
    assert isinstance(error, ReadError)
    assert error.file == "a.pdf"


def test_copies_of_a_slow_document_end_in_time() -> None:
    endless = _pdf(_ROOT, _ONE, b"<< /Type /Page /Parent 3 0 R /MediaBox 5 0 R >>", b"4 0 R", b"5 0 R")
    data = endless
    for level in ("pdf", "zip", "zip"):
        data = _zip(*((f"{n}.{level}", data) for n in range(6)))
    started = time.monotonic()
    texts, errors = _failure(data, "copies.zip", seconds=1)
    assert time.monotonic() - started < 30  # of the 216 s of all copies
    assert texts == []
    assert len(errors) < 30
    assert {type(error) for error in errors} == {LimitError}
    assert all(error.file != "copies.zip" for error in errors[:-1])
    assert str(errors[-1]).startswith("copies.zip: takes longer than")


def _tar(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


_BLANK = bytes(random.Random(1).choices(b" \n", k=800_000))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tar.gz", _tar(("a.png", bytes(100_000_000)), ("b.txt", "公开一条。".encode()))),
        ("a.jsonl.gz", gzip.compress(_BLANK + b'{"text": "a"}')),
        ("a.jsonl", b'{"text": "a"}\n' * 50),
        ("a.zip", _zip(*((f"{n}.txt", "a") for n in range(50)))),
    ],
)
def test_what_is_passed_over_takes_time_too(name: str, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = itertools.count()
    monkeypatch.setattr("gongkai.data.readers.budget.monotonic", lambda: float(next(looks)))
    texts, errors = _failure(data, name, seconds=3, archive_seconds=1)
    assert len(texts) < 10
    assert [(error.kind, error.file, error.what) for error in errors] == [
        ("limit", name, "takes longer than 3 s to read")
    ]
    assert _failure(data, name, seconds=100_000)[1] == []


def test_what_is_done_with_a_report_takes_no_time_of_its_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("gongkai.data.readers.budget.monotonic", lambda: now)
    data = _zip(*((f"{n}.txt", "a") for n in range(5)))
    for _ in read_bytes(data, doc_id="a", name="a.zip", limits=Limits()):
        now += 1e6
    assert now == 5e6
