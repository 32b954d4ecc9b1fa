"""Seeds for fuzzing, made of the shipped examples, and how each format comes apart and together again."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import docx
import openpyxl
from common import EXAMPLES
from gongkai.data.document import Source
from gongkai.data.limits import Limits
from gongkai.data.readers import read_path
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Parts = list[bytes]
_TAGS = re.compile(rb"(<[^<>]{0,400}>|[\xe3-\xe9][\x80-\xbf]{2})")
_PDF_TOKENS = re.compile(rb"(\d+ \d+ obj|endobj|stream\n|endstream|<<|>>|/\w+|\[|\]|\d+ \d+ R|\d+)")
_LENGTH = re.compile(rb"Content-Length: \d+")


@dataclass(frozen=True, slots=True)
class Format:
    """A format to fuzz: its file name, its seeds, and the parts that a mutation works on."""

    name: str
    seeds: Callable[[], Parts]
    split: Callable[[bytes], Parts]
    join: Callable[[Parts], bytes]


def _sources() -> list[Source]:
    return [s for file in sorted(EXAMPLES.iterdir()) for s in read_path(file, limits=Limits())]


def _texts() -> Parts:
    texts = [s.text[:3000] for s in _sources()]
    return [text.encode(e) for text in texts for e in ("utf-8", "gb18030", "utf-16")]


def _pages() -> Parts:
    written = [f.read_bytes()[:12_000] for f in sorted(EXAMPLES.glob("*.html"))]
    tables = "<table><tr><td rowspan=2>合计</td><td colspan=3>12</td></tr><tr><th>件<td>0</table>" * 3
    return [*written, f"<html><title>年报</title><div hidden>x</div>{tables}<p>公开12条".encode()]


def _word() -> Parts:
    found = []
    for source in _sources():
        document = docx.Document()
        for line in source.text.splitlines()[:25]:
            document.add_paragraph(line, style="List Number" if line.startswith("一") else None)
        table = document.add_table(4, 4)
        table.cell(0, 0).merge(table.cell(1, 1)).text = "合计"
        table.cell(2, 2).text = "12"
        out = io.BytesIO()
        document.save(out)
        found.append(_lean(out.getvalue()))
    return found


def _workbooks() -> Parts:
    book = openpyxl.Workbook()
    for row in (["指标", "单位", 2016], ["主动公开", "条", 12.5], ["占", None, 0.084], ["=SUM(C2:C3)"]):
        book.active.append(row)
    book.active.merge_cells("A4:B5")
    book.create_sheet("二").append(["全年公开政府信息12条。"])
    out = io.BytesIO()
    book.save(out)
    return [_lean(out.getvalue())]


def _lean(package: bytes) -> bytes:
    """A package without the large parts that no reader looks at."""
    parts = _unpack(package)
    return _pack([p for p in parts if len(p) < 60_000])


def _unpack(package: bytes) -> Parts:
    """Members as `name NUL bytes`; a mutation may have left nothing to unpack."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            return [m.filename.encode() + b"\0" + archive.read(m) for m in archive.infolist()[:40]]
    except Exception:
        return [package]


def _pack(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            name, _, data = part.partition(b"\0")
            archive.writestr(name.decode("utf-8", "replace")[:200] or "x", data)
    return out.getvalue()


def _archives() -> Parts:
    texts, pages = _texts(), _pages()
    inner = _pack([b"a.txt\0" + texts[0], b"b.html\0" + pages[0]])
    crawl = b"c.jsonl\0" + _lines()[0]
    return [_pack([b"a.txt\0" + texts[1], b"dir/in.zip\0" + inner, crawl]), inner]


def _lines() -> Parts:
    rows = [{"id": n, "text": s.text[:1500], "title": s.title} for n, s in enumerate(_sources())]
    pages = [{"url": "http://a/", "html": page[:3000].decode("utf-8", "replace")} for page in _pages()]
    return [b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in (*rows, *pages))]


def _tables() -> Parts:
    rows = ['"' + s.text[:800].replace('"', '""') + '"' for s in _sources()]
    return [("id,text,size\n" + "".join(f"{n},{row},1\n" for n, row in enumerate(rows))).encode(e) for e in ("utf-8", "gb18030")]  # fmt: skip


def _warc() -> Parts:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    for number, page in enumerate(_pages()):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"http://a/{number}", "response", payload=io.BytesIO(page[:4000]), http_headers=headers
        )
        writer.write_record(record)
    return [out.getvalue()]


def _join_warc(records: Parts) -> bytes:
    """Records whose lengths are right again: else all mutations would break at the first."""
    mended = []
    for record in records:
        head, gap, body = record.partition(b"\r\n\r\n")
        length = b"Content-Length: %d" % len(body.removesuffix(b"\r\n\r\n"))
        mended.append(_LENGTH.sub(length, head, count=1) + gap + body)
    return b"".join(mended)


def _pdf() -> Parts:
    """A page of words named by a ToUnicode map, rulings around them."""
    cells = [(80 + 90 * c, 600 - 30 * r, 4 * r + c) for r in range(3) for c in range(4)]
    content = "".join(
        f"{x} {y} 90 30 re S BT /F1 12 Tf {x + 6} {y + 9} Td <{n % 4 + 1:04x}{n % 3 + 1:04x}> Tj ET\n"
        for x, y, n in cells
    ).encode()
    cmap = b"1 begincodespacerange <0000> <ffff> endcodespacerange\n4 beginbfchar <0001> <516c> <0002> <5f00> <0003> <0031> <0004> <4ef6> endbfchar"  # fmt: skip
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 /W [1 [500 900]] /FontDescriptor 8 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
        b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 -200 1000 900] /Ascent 880 /Descent -120 >>",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, each) for n, each in enumerate(objects, 1))
    return [b"%PDF-1.7\n" + body + b"trailer << /Size 9 /Root 1 0 R >>\n%%EOF"]


def _by(pattern: re.Pattern[bytes]) -> Callable[[bytes], Parts]:
    return lambda data: [part for part in pattern.split(data) if part]


_GLUE = b"".join
_BY_LINE = _by(re.compile(rb"(?<=\n)"))
FORMATS = {
    "text": Format("a.txt", _texts, _BY_LINE, _GLUE),
    "html": Format("a.html", _pages, _by(_TAGS), _GLUE),
    "docx": Format("a.docx", _word, _unpack, _pack),
    "xlsx": Format("a.xlsx", _workbooks, _unpack, _pack),
    "pdf": Format("a.pdf", _pdf, _by(_PDF_TOKENS), _GLUE),
    "zip": Format("a.zip", _archives, _unpack, _pack),
    "jsonl": Format("a.jsonl", _lines, _BY_LINE, _GLUE),
    "csv": Format("a.csv", _tables, _BY_LINE, _GLUE),
    "warc": Format("a.warc", _warc, _by(re.compile(rb"(?=WARC/1\.0\r\n)")), _join_warc),
}


def words_of(part: bytes) -> Parts:
    """A part's own parts: tags, words and characters."""
    return [word for word in _TAGS.split(part) if word]
