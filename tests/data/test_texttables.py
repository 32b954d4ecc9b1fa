"""Tables that only the text shows."""

from __future__ import annotations

import pytest
from gongkai.data.build import document_from_text


def _rows(text: str) -> list[list[list[str]]]:
    return [[[c.text for c in row] for row in t.rows] for t in document_from_text("a", text).tables]


_FORM = [
    ["统计指标", "单位", "统计数"],
    ["一、公开", "", ""],
    ["（一）主动公开数", "条", "215"],
    ["其中：规范性文件数", "条", "0"],
    ["收到申请数", "件", "0"],
]


def test_pipes_with_a_cell_a_line() -> None:
    lines = "".join(f"{cell} |\n" if cell else "|\n" for row in _FORM for cell in row)
    assert _rows("附表\n" + lines) == [_FORM]


def test_markdown_rows() -> None:
    text = "| 指标 | 单位 | 数值 |\n| --- | --- | --- |\n| 收到申请数 | 件 | 257 |\n| 办结 |  | 249 |\n"
    assert _rows(text) == [[["指标", "单位", "数值"], ["收到申请数", "件", "257"], ["办结", "", "249"]]]


def test_one_cell_a_line() -> None:
    text = "正文结束。\n统计指标\n单位\n统计数\n主动公开数\n条\n215\n规范性文件数\n条\n0\n收到申请数\n件\n0\n以上。\n"
    assert _rows(text) == [
        [
            ["统计指标", "单位", "统计数"],
            ["主动公开数", "条", "215"],
            ["规范性文件数", "条", "0"],
            ["收到申请数", "件", "0"],
        ]
    ]


@pytest.mark.parametrize("gap", ["\t", "    ", "  "])
def test_aligned_columns(gap: str) -> None:
    text = "\n".join(
        gap.join(row) for row in [["信息内容", "制发", "废止"], ["规章", "0", "0"], ["规范性文件", "3", "1"]]
    )
    assert _rows(text) == [[["信息内容", "制发", "废止"], ["规章", "0", "0"], ["规范性文件", "3", "1"]]]


def test_figures_behind_a_label() -> None:
    text = "一、本年新收申请数量 95 0 0 0 0 0 95\n二、上年结转申请数量 0 0 0 0 0 0 0\n（一）予以公开 50 0 0 0 0 0 50\n"
    (table,) = _rows(text)
    assert table[0] == ["一、本年新收申请数量", "95", "0", "0", "0", "0", "0", "95"]
    assert [len(row) for row in table] == [8, 8, 8]


def test_fragments_between_rows_are_kept() -> None:
    text = "| 1.属于国家秘密 | 4 | 0 |\n|---|---|---|\n（四）无\n法提供\n| 2.没有现成信息 | 47 | 1 |\n| 3.其他 | 2 | 0 |\n"
    (table,) = _rows(text)
    assert ["（四）无"] in table
    assert ["法提供"] in table


def test_cells_are_where_they_say() -> None:
    text = "| 收到 申請數 |  257 |\n|---|---|\n| 办结 | 249 |\n"
    document = document_from_text("a", text)
    for row in document.tables[0].rows:
        for cell in row:
            assert text[cell.start : cell.end].replace(" ", "") in ("收到申請數", "257", "办结", "249")
    assert document.tables[0].rows[0][0].text == "收到申请数"


@pytest.mark.parametrize(
    "text",
    [
        "全年公开信息318条。\n未收到申请。\n",
        "首页 | 公开 | 服务 | 互动\n柳湾镇公开信息318条。\n",
        "单位负责人：周宁    审核人：何静    填报人：孟凡\n",
        "3\n柳湾镇公开信息318条。\n4\n收到申请2件。\n",
    ],
)
def test_no_table(text: str) -> None:
    assert _rows(text) == []
