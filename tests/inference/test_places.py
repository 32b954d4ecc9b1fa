"""Where records stand: the page and box of their evidence, and the flag of recognised text."""

from __future__ import annotations

from gongkai.data.document import PageBox, Source
from gongkai.inference.extractor import Extractor
from gongkai.inference.records import to_json

from .conftest import TITLE

_LINES = ["2016年，我局主动公开政府信息1925", "条，其中政府网站公开1100条。"]


def _source(form: str) -> Source:
    text, pages = TITLE, []
    for number, line in enumerate(_LINES):
        box = (50.0, 100.04 + 20 * number, 500.0 - 100 * number, 115.0 + 20 * number)
        pages.append(PageBox(len(text), len(text) + len(line), 1 + (form == "scan") * number, box))
        text += line + "\n"
    return Source("a", text, form, pages=tuple(pages))


def test_evidence_has_page_and_box() -> None:
    first, second = (
        to_json(r) for r in Extractor.load(tagger="rules").extract_source(_source("pdf")).records
    )
    assert first["evidence"]["text"].endswith("1925\n条")
    assert (first["evidence"]["page"], first["evidence"]["box"]) == (1, [50.0, 100.0, 500.0, 135.0])
    assert second["evidence"]["box"] == [50.0, 120.0, 400.0, 135.0]
    assert "ocr" not in first.get("flags", [])


def test_recognised_text_is_flagged_and_its_page_is_where_it_begins() -> None:
    first, second = (
        to_json(r) for r in Extractor.load(tagger="rules").extract_source(_source("scan")).records
    )
    assert (first["evidence"]["page"], first["evidence"]["box"]) == (1, [50.0, 100.0, 500.0, 115.0])
    assert second["evidence"]["page"] == 2
    assert "ocr" in first["flags"]
    assert "ocr" in second["flags"]


def test_text_has_no_page() -> None:
    source = Source("a", TITLE + "".join(_LINES), "txt")
    for record in Extractor.load(tagger="rules").extract_source(source).records:
        assert set(to_json(record)["evidence"]) == {"start", "end", "text"}
