"""Makes files of every format that the readers' tests read."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import docx
import pytest

Placed = tuple[float, float, str]  # x, y from the page's top left, words


def _pdf(pages: Sequence[tuple[Sequence[Placed], Sequence[tuple[float, float, float, float]]]]) -> bytes:
    """A PDF of 16-point Chinese text and ruled boxes, its glyphs named by a ToUnicode map."""
    glyphs: dict[str, int] = {}
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    streams = []
    for texts, boxes in pages:
        commands = [f"{x} {842 - y - h} {w} {h} re S" for x, y, w, h in boxes]
        for x, y, words in texts:
            codes = "".join(f"{glyphs.setdefault(c, len(glyphs) + 1):04x}" for c in words)
            commands.append(f"BT /F1 16 Tf {x} {842 - y - 14} Td <{codes}> Tj ET")
        streams.append("\n".join(commands).encode())
    mapping = "\n".join(f"<{code:04x}> <{ord(c):04x}>" for c, code in glyphs.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(glyphs)} beginbfchar\n{mapping}\nendbfchar endcmap end end"
    ).encode()
    unicode = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap))
    descriptor = add(
        b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 -200 1000 900] /Ascent 880 /Descent -120"
        b" /CapHeight 880 /ItalicAngle 0 /StemV 80 >>"
    )
    widths = " ".join(f"{code} [{500 if c.isascii() else 1000}]" for c, code in glyphs.items())
    inner = add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 /W [{widths}] /FontDescriptor {descriptor} 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>".encode()
    )
    font = add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [{inner} 0 R]"
        f" /ToUnicode {unicode} 0 R >>".encode()
    )
    kids = []
    parent = len(objects) + 2 * len(streams) + 1
    for stream in streams:
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(
            add(
                f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R"
                f" /Resources << /Font << /F1 {font} 0 R >> >> >>".encode()
            )
        )
    tree = add(f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>".encode())
    root = add(f"<< /Type /Catalog /Pages {tree} 0 R >>".encode())
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, xref)
    return bytes(out)


@pytest.fixture(scope="session")
def make_pdf() -> Callable[..., bytes]:
    """Pages of placed words and boxes (x, y, width, height) to the bytes of a PDF."""
    return _pdf


@pytest.fixture(scope="session")
def make_docx() -> Callable[..., bytes]:
    """A function that fills a Word document to its bytes."""

    def make(fill: Callable[[docx.document.Document], None]) -> bytes:
        document = docx.Document()
        fill(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def report() -> str:
    """A short report."""
    return (
        "柳湾镇人民政府2014年政府信息公开工作年度报告\n\n"
        "一、概述\n本报告的数据期限为2014年1月1日至12月31日。\n"
        "二、主动公开情况\n全年主动公开政府信息318条，其中网站公开290条。\n"
        "三、依申请公开情况\n（一）收到情况。全年收到申请2件，均已答复。未发生行政复议、行政诉讼。\n"
    )
