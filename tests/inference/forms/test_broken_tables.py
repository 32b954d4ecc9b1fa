"""Tables as pages leave them: heads torn, cells emptied, blanks and bars on lines of their own."""

from __future__ import annotations

import pytest
from gongkai.data.build import document_from_text
from gongkai.inference.forms import read_forms
from gongkai.inference.types import Figure

COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def read(text: str) -> list[Figure]:
    title = "青禾县水务局2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n"
    return read_forms(document_from_text("form", title + text))


def sure(figures: list[Figure]) -> dict[str | None, int | float]:
    return {f.metric_id: f.value for f in figures if f.metric_id and not f.flags}


def test_a_torn_head_still_tells_full_rows() -> None:
    text = "信息内容 |\n本年新 |\n本年新 |\n对外公开总数量 |\n规章 |\n3 |\n2 |\n17 |\n规范性文件 |\n6 |\n5 |\n41 |\n"
    assert sure(read(text)) == {
        "rules.newly_made": 3,
        "rules.published": 2,
        "rules.public_total": 17,
        "normative_doc.newly_made": 6,
        "normative_doc.published": 5,
        "normative_doc.public_total": 41,
    }


def test_the_last_cell_is_empty() -> None:
    text = "信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量 |\n规章 | 3 | 2 |  | |\n规范性文件 | 6 | | 41 |\n"
    assert sure(read(text)) == {
        "rules.newly_made": 3,
        "rules.published": 2,
        "normative_doc.newly_made": 6,
        "normative_doc.public_total": 41,
    }


def test_padding_makes_no_columns() -> None:
    text = "信息内容 | 本年处理决定数量 | | |\n行政许可 | 26 | | |\n信息内容 | 本年收费金额（单位：万元） | | |\n行政事业性收费 | 1.4 | | |\n"
    assert sure(read(text)) == {"licence.decisions": 26, "charge.amount": 14000}


def test_two_rows_under_their_heads_make_an_application_table() -> None:
    head = "".join(f"{words} |\n" for words in ("申请人情况", "法人或其他组织", "总计", *COLUMNS))
    rows = "一、本年新收政府信息公开申请数量 |\n" + "|\n" * 6 + "9 |\n||\n"
    rows += "二、上年结转政府信息公开申请数量 |\n2 |\n1 |\n0 |\n0 |\n0 |\n0 |\n3 |\n||\n"
    found = sure(read("三、收到和处理政府信息公开申请情况\n" + head + rows))
    assert found["application.new.total"] == 9
    assert found["application.carried_in.person"] == 2
    assert found["application.carried_in.business"] == 1
    assert found["application.carried_in.total"] == 3


def test_prose_about_two_rows_makes_no_table() -> None:
    text = "一、本年新收政府信息公开申请数量为 9 7 件。\n二、上年结转政府信息公开申请数量为 3 2 件。\n"
    assert not any((f.metric_id or "").startswith("application.") for f in read(text))


@pytest.mark.parametrize("blank", ["      ", "\xa0", "\u3000\u3000"])
def test_blanks_between_barred_cells_are_no_cells(blank: str) -> None:
    rows = [("规章", 3, 2, 17), ("规范性文件", 6, 5, 41)]
    head = ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")
    text = "".join("| \n" + "".join(f"   {cell}  |\n{blank}\n" for cell in row) for row in (head, *rows))
    found = sure(read(text))
    assert [found[f"rules.{c}"] for c in ("newly_made", "published", "public_total")] == [3, 2, 17]
    assert [found[f"normative_doc.{c}"] for c in ("newly_made", "published", "public_total")] == [6, 5, 41]


def test_a_line_of_blanks_after_every_cell_is_no_cell() -> None:
    cells = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数", "规章", "3", "2", "17"]
    cells += [
        "行政规范性文件",
        "6",
        "5",
        "41",
        "第二十条第（五）项",
        "信息内容",
        "本年处理决定数量",
        "行政许可",
        "8",
    ]
    found = sure(read("\n\xa0\xa0\n".join(cells) + "\n"))
    assert found["rules.in_force"] == 17
    assert found["normative_doc.repealed"] == 5
    assert found["licence.decisions"] == 8


def test_figures_with_units_in_traditional_script() -> None:
    text = "| 信息內容 | 採購項目數量 | 採購總金額 |\n| 政府集中採購 | 12個 | 3.5萬元 |\n"
    assert sure(read(text)) == {"procurement.items": 12, "procurement.amount": 35000}


STATISTICAL = [
    ("主动公开政府信息数", "条", 60),
    ("政府网站公开政府信息数", "条", 44),
    ("参加或举办新闻发布会总次数", "次", 3),
    ("政府网站在线访谈次数", "次", 7),
    ("其中：主要负责同志参加\n政府网站在线访谈次数", "次", 2),
    ("接受培训人员数", "人次", 81),
]


def test_a_label_broken_where_a_shorter_one_begins() -> None:
    text = "统计指标\n单位\n统计数\n" + "".join(f"{label}\n{unit}\n{n}\n" for label, unit, n in STATISTICAL)
    found = {f.metric_id: f.value for f in read(text)}
    assert found["response.interview"] == 7
    assert found["response.interview.leader"] == 2


def test_a_last_row_with_less_padding() -> None:
    rows = [f"{label.replace(chr(10), '')} | {unit} | {n} | | |\n" for label, unit, n in STATISTICAL]
    text = "统计指标 | 单位 | 统计数 | | |\n" + "".join(rows[:-1]) + rows[-1].replace("| | |", "|")
    found = read(text)
    assert len(found) == len(STATISTICAL)
    assert sure(found)["training.participants"] == 81


def test_a_blank_between_a_figure_and_its_unit() -> None:
    text = "| 信息内容 | 采购项目数量 | 采购总金额 |\n| 政府集中采购 | 12 个 | 3.5 万元 |\n"
    assert sure(read(text)) == {"procurement.items": 12, "procurement.amount": 35000}
