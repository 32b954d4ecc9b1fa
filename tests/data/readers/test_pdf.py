"""PDF: lines in reading order, ruled tables, aligned columns, pages and boxes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gongkai.data.build import build_document
from gongkai.data.document import Source
from gongkai.data.errors import LimitError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers.input import Input
from gongkai.data.readers.pdf import read_pdf

_GRID = [("收到申请数", "件", "12"), ("办结申请数", "件", "11"), ("复议数量", "件", "0")]


def _read(data: bytes, **limits: int) -> Source:
    return read_pdf(Input(data, "a.pdf", "a"), Limits(**limits))


def _grid(top: float) -> tuple[list[tuple[float, float, str]], list[tuple[float, float, float, float]]]:
    texts, boxes = [], []
    for row, words in enumerate(_GRID):
        for column, word in enumerate(words):
            x, y = 80 + 140 * column, top + 30 * row
            boxes.append((x, y, 140, 30))
            texts.append((x + 6, y + 7, word))
    return texts, boxes


@pytest.fixture(scope="module")
def source(make_pdf: Callable[..., bytes]) -> Source:
    texts, boxes = _grid(160)
    first = [
        (180, 80, "柳湾镇2014年年报"),
        (80, 120, "全年收到申请12件。"),
        *texts,
        (80, 300, "以上为附表。"),
    ]
    aligned = [
        (80, 80, "规章"),
        (300, 80, "0"),
        (80, 110, "规范性文件"),
        (300, 110, "3"),
        (80, 140, "许可"),
        (300, 140, "7"),
    ]
    return _read(make_pdf([(first, boxes), (aligned, [])]))


def test_reading_order(source: Source) -> None:
    lines = source.text.split("\n")
    assert lines[:3] == ["柳湾镇2014年年报", "全年收到申请12件。", "收到申请数\t件\t12"]
    assert lines[5] == "以上为附表。"


def test_ruled_tables(source: Source) -> None:
    (table,) = source.tables
    assert [tuple(c.text for c in row) for row in table.rows] == _GRID
    assert [(c.row, c.column) for c in table.rows[2]] == [(2, 0), (2, 1), (2, 2)]


def test_aligned_columns_become_a_table(source: Source) -> None:
    tables = build_document(source).tables
    assert [[c.text for c in row] for row in tables[1].rows] == [
        ["规章", "0"],
        ["规范性文件", "3"],
        ["许可", "7"],
    ]


def test_pages_and_boxes(source: Source) -> None:
    boxes = {source.text[b.start : b.end]: b for b in source.pages}
    assert boxes["全年收到申请12件。"].page == 1
    assert boxes["规章  0"].page == 2
    x0, top, x1, bottom = boxes["办结申请数"].box
    assert (80, 190) <= (x0, top) < (x1, bottom) <= (220, 221)


def test_boxes_behind_running_text_are_no_table(make_pdf: Callable[..., bytes]) -> None:
    lines = [
        "全年主动公开政府信息三百一十八条，",
        "其中网站公开二百九十条，公示栏公开",
        "二十八条，均在时限内公开完毕。",
    ]
    page = (
        [(80, 80 + 30 * i, line) for i, line in enumerate(lines)],
        [(75, 75 + 30 * i, 420, 30) for i in range(3)],
    )
    source = _read(make_pdf([page]))
    assert source.tables == ()
    assert source.text.split("\n")[:3] == lines


def test_a_scan_says_so(make_pdf: Callable[..., bytes]) -> None:
    with pytest.raises(ReadError, match="no text layer"):
        _read(make_pdf([([], [(80, 80, 100, 100)])]))


def test_too_many_pages(make_pdf: Callable[..., bytes]) -> None:
    with pytest.raises(LimitError, match="3 pages"):
        _read(make_pdf([([(80, 80, "公开")], [])] * 3), max_pages=2)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 nothing", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 9 0 R>>"]
)
def test_a_broken_file_says_so(data: bytes) -> None:
    with pytest.raises(ReadError):
        _read(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 595    ]"),
        (b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 595 /a ]"),
        (b"/MediaBox [0 0 595 842]", b"/MediaBoy [0 0 595 842]"),
        (b"/DescendantFonts", b"/DescendantFontz"),
    ],
)
def test_a_broken_page_is_typed(make_pdf: Callable[..., bytes], old: bytes, new: bytes) -> None:
    data = make_pdf([([(80, 80, "公开")], [])])
    assert old in data
    with pytest.raises(ReadError, match="page"):
        _read(data.replace(old, new))
