"""Spreadsheets: sheets as tables, merged cells, numbers as shown."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from gongkai.data.errors import LimitError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers.input import Input
from gongkai.data.readers.sheets import read_xls, read_xlsx

_XLS = Path(__file__).parent.parent / "fixtures" / "form.xls"


def _book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["柳湾镇统计表", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(["指标", "单位", "数"])
    sheet.append(["收到申请数", "件", 12])
    sheet.append(["经费", "万元", 1.5])
    sheet.append(["公开率", None, 0.985])
    sheet["C5"].number_format = "0.0%"
    sheet.append(["本表由柳湾镇党政办公室填报，数据截至年底。"])
    sheet.append(["培训", "次", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx() -> None:
    source = read_xlsx(Input(_book(), "a.xlsx", "a"), Limits())
    table = source.tables[0]
    assert [[c.text for c in row] for row in table.rows] == [
        ["柳湾镇统计表"],
        ["指标", "单位", "数"],
        ["收到申请数", "件", "12"],
        ["经费", "万元", "1.5"],
        ["公开率", "", "98.5%"],
    ]
    assert table.rows[0][0].column_span == 3
    assert "\n本表由柳湾镇党政办公室填报，数据截至年底。\n" in source.text
    for row in table.rows:
        for cell in row:
            assert source.text[cell.start : cell.end] == cell.text


def test_formulas_are_not_shown_as_figures() -> None:
    assert "=1+1" not in read_xlsx(Input(_book(), "a.xlsx", "a"), Limits()).text


def test_xls() -> None:
    source = read_xls(Input(_XLS.read_bytes(), "a.xls", "a"), Limits())
    assert [[c.text for c in row] for row in source.tables[0].rows] == [
        ["柳湾镇政府信息公开情况统计表"],
        ["统计指标", "单位", "统计数"],
        ["主动公开政府信息数", "条", "318"],
        ["收到申请数", "件", "0"],
        ["专项经费", "万元", "1.5"],
        ["公开率", "", "98.5%"],
    ]


def test_too_many_cells() -> None:
    with pytest.raises(LimitError, match="cells"):
        read_xlsx(Input(_book(), "a.xlsx", "a"), Limits(max_cells=10))
    with pytest.raises(LimitError, match="cells"):
        read_xls(Input(_XLS.read_bytes(), "a.xls", "a"), Limits(max_cells=10))


def test_broken_workbooks() -> None:
    with pytest.raises(ReadError):
        read_xlsx(Input(b"PK\x03\x04", "a.xlsx", "a"), Limits())
    with pytest.raises(ReadError):
        read_xls(Input(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "a"), Limits())
