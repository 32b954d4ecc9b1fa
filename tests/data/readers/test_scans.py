"""Scans: refused with a hint, read where recognition is installed and asked for, never over the network."""

from __future__ import annotations

import io
import socket
import sys
from typing import NoReturn

import pytest
from gongkai.data.document import Source
from gongkai.data.errors import MissingDependencyError, ScanError
from gongkai.data.limits import Limits
from gongkai.data.readers import ReadOptions, read_bytes
from gongkai.data.readers import scans as reader
from gongkai.data.readers.input import Input
from PIL import Image, ImageDraw, ImageFont

_CHINESE = ("wqy-zenhei.ttc", "wqy-microhei.ttc", "NotoSansCJK-Regular.ttc", "simsun.ttc", "PingFang.ttc")


def _scan(*pages: list[tuple[int, int, str]], font: ImageFont.FreeTypeFont | None = None) -> bytes:
    """A PDF of pictures, 100 dots an inch, with words at places."""
    face = font or ImageFont.load_default(36)
    images = []
    for words in pages:
        image = Image.new("L", (827, 1169), 255)
        draw = ImageDraw.Draw(image)
        for x, y, text in words:
            draw.text((x, y), text, font=face, fill=0)
        images.append(image)
    out = io.BytesIO()
    images[0].save(out, "PDF", resolution=100, save_all=True, append_images=images[1:])
    return out.getvalue()


def _read(data: bytes, *, ocr: bool) -> Source:
    (source,) = read_bytes(data, doc_id="a", name="a.pdf", limits=Limits(), options=ReadOptions(ocr=ocr))
    return source


def test_without_recognition_the_error_names_the_extra() -> None:
    with pytest.raises(ScanError, match=r"a\.pdf: has no text layer.*gongkai\[ocr\]"):
        _read(_scan([(100, 100, "2014")]), ocr=False)


def test_recognition_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    reader._engine.cache_clear()
    with pytest.raises(MissingDependencyError, match=r"pip install 'gongkai\[ocr\]'"):
        reader.read_pdf_or_scan(Input(_scan([(100, 100, "2014")]), "a.pdf", "a"), Limits())


def test_lines_pages_and_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rapidocr")

    def refuse(*_: object) -> NoReturn:
        raise AssertionError("recognition must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    data = _scan(
        [(100, 200, "Report 2014"), (100, 300, "total"), (500, 300, "318")],
        [],
        [(100, 200, "Growth of 57.5 per cent")],
    )
    source = reader.read_pdf_or_scan(Input(data, "a.pdf", "a"), Limits())
    assert source.text == "Report 2014\ntotal  318\nGrowth of 57.5 per cent\n"
    assert source.format == "scan"
    assert [(source.text[p.start : p.end], p.page) for p in source.pages] == [
        ("Report 2014", 1),
        ("total  318", 1),
        ("Growth of 57.5 per cent", 3),
    ]
    x0, top, x1, bottom = source.pages[0].box
    assert (60, 135) < (x0, top) < (80, 160)
    assert x0 + 100 < x1 < 400
    assert top + 10 < bottom < 190


def test_a_scan_of_nothing() -> None:
    pytest.importorskip("rapidocr")
    with pytest.raises(ScanError, match="nothing is recognised"):
        _read(_scan([]), ocr=True)


def test_chinese() -> None:
    pytest.importorskip("rapidocr")
    for name in _CHINESE:
        try:
            font = ImageFont.truetype(name, 30)
            break
        except OSError:
            continue
    else:
        pytest.skip("needs a Chinese font")
    lines = ["柳湾镇2014年政府信息公开工作年度报告", "全年主动公开政府信息318条。"]
    data = _scan([(60, 100 + 80 * n, line) for n, line in enumerate(lines)], font=font)
    assert _read(data, ocr=True).text.splitlines() == lines
