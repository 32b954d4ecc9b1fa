"""Shapes in which pages and converters leave the forms, one by one."""

from __future__ import annotations

from gongkai.data.build import build_document, document_from_text
from gongkai.data.document import Cell, Source, Table
from gongkai.inference.forms import read_forms
from gongkai.inference.forms.reading import form_intervals
from gongkai.inference.types import Figure, Kind

ROWS = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "三、本年度办理结果（一）予以公开",
    "（七）总计",
    "四、结转下年度继续办理",
)


def read(text: str) -> list[Figure]:
    return read_forms(document_from_text("report", text))


def values(text: str) -> dict[str | None, int | float]:
    return {figure.metric_id: figure.value for figure in read(text)}


def by_name(text: str) -> dict[str, Figure]:
    return {figure.metric: figure for figure in read(text)}


class TestApplication:
    def test_digits_without_a_blank_are_parted_by_the_sums(self) -> None:
        text = (
            "一、本年新收政府信息公开申请数量120030015二、上年结转政府信息公开申请数量2000002"
            "三、本年度办理结果（一）予以公开130030016（七）总计130030016四、结转下年度继续办理1000001\n"
        )
        found = values(text)
        assert found["application.new.person"] == 12
        assert found["application.new.nonprofit"] == 3
        assert found["application.new.total"] == 15
        assert found["application.carried_in.total"] == 2
        assert found["application.result_total.person"] == 13
        assert found["application.carried_out.total"] == 1

    def test_figures_printed_a_line_above_their_label(self) -> None:
        text = (
            "一、本年新收政府信息公开申请数量 5 0 0 0 0 0 5\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n"
            "（一）予以公开 2 0 0 0 0 0 2\n（二）部分公开（区分处理的，只计这一情 形，不\n1 0 0 0 0 0 1\n计其他情形）\n"
            "2 0 0 0 0 0 2\n1.属于国家秘密\n三\n、 2.其他法律行政法规禁止公开 0 0 0 0 0 0 0\n"
            "（七）总计 5 0 0 0 0 0 5\n四、结转下年度继续办理 0 0 0 0 0 0 0\n"
        )
        found = values(text)
        assert found["application.partial.person"] == 1
        assert found["application.refused.state_secret.person"] == 2
        assert found["application.refused.other_law.person"] == 0

    def test_padding_bars_of_merged_cells_are_no_cells(self) -> None:
        lines = ["申请人情况 |", "||||||||", "自然人 |", "总计 |", "|||||"]
        for row, total in zip(ROWS, (3, 0, 3, 3, 0), strict=True):
            lines += [f"{row} |", *["|"] * 6, f"{total} |", "||"]
        found = values("\n".join(lines))
        assert found == {
            "application.new.total": 3,
            "application.carried_in.total": 0,
            "application.granted.total": 3,
            "application.result_total.total": 3,
            "application.carried_out.total": 0,
        }

    def test_a_wrong_sum_is_given_as_printed_and_flagged(self) -> None:
        rows = [(4, 1, 0, 0, 0, 0, 9), (0,) * 7, (4, 1, 0, 0, 0, 0, 5), (4, 1, 0, 0, 0, 0, 5), (0,) * 7]
        text = "\n".join(f"{r} | " + " | ".join(map(str, v)) + " |" for r, v in zip(ROWS, rows, strict=True))
        new = [f for f in read(text) if f.metric_id and f.metric_id.startswith("application.new.")]
        assert [f.value for f in new] == [4, 1, 0, 0, 0, 0, 9]
        assert all(f.flags == ("row_sum",) and f.confidence < 0.95 for f in new)

    def test_one_placement_fits_the_column_sums(self) -> None:
        rows = (
            "3 | 2 | | | | | 5",
            "1 | | | | | | 1",
            "4 | 2 | | | | | 6",
            "4 | 2 | | | | | 6",
            "0 | 0 | 0 | 0 | 0 | 0 | 0",
        )
        text = "\n".join(f"{r} | {v} |" for r, v in zip(ROWS, rows, strict=True)).replace(
            "1 | | | | | | 1", "1 1"
        )
        carried = [f for f in read(text) if f.metric_id == "application.carried_in.person"]
        assert [(f.value, f.flags) for f in carried] == [(1, ())]

    def test_a_second_copy_of_the_table_is_read_too(self) -> None:
        table = "\n".join(f"{row} | 1 | 0 | 0 | 0 | 0 | 0 | 1 |" for row in ROWS)
        figures = read(f"{table}\n\n附件：统计表\n\n{table}\n")
        assert len(figures) == 2 * 7 * len(ROWS)

    def test_prose_about_applications_is_no_table(self) -> None:
        text = "全年予以公开 12 件，部分公开 3 件，属于国家秘密不予公开 1 件，重复申请 2 件，总计 18 件。\n"
        assert read(text) == []

    def test_prose_without_blanks_is_no_table(self) -> None:
        text = (
            "全年主动公开政府信息1,925条，其中政府网站公开政府信息1,100条，政务微博公开政府信息900条；收到申请12件，"
            "同意公开答复8件，行政处罚15件，行政许可30件，维持具体行政行为1件，被依法纠错0件。\n"
        )
        assert read(text) == []


class TestCourts:
    def test_heads_broken_into_single_characters(self) -> None:
        text = (
            "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n结 结 其 尚\n结 结 其 尚 结 结 其 尚\n果 果 他 未\n总计 果 果 他 未 总 果 果"
            " 他 未 总\n维 纠 结 审\n维 纠 结 审 计 维 纠 结 审 计\n持 正 果 结\n持 正 果 结 持 正 果 结\n"
            "1 0 2 0 3 0 1 0 0 1 4 0 0 1 5\n"
        )
        found = values(text)
        assert found["review21.other"] == 2
        assert found["litigation21.direct.corrected"] == 1
        assert found["litigation21.after_review.total"] == 5

    def test_a_group_a_row(self) -> None:
        text = "结果维持 结果纠正 其他结果 尚未审结 总计\n行政复议 1 0 2 0 3\n行政诉讼 未经复议直接起诉 0 1 0 0 1\n复议后起诉 4 0 0 1 5\n"
        assert values(text)["litigation21.after_review.pending"] == 1

    def test_an_outcome_a_row_is_told_by_the_sums(self) -> None:
        text = "行政复议 未经复议直接起诉 复议后起诉\n结果维持 1 0 4\n结果纠正 0 1 0\n其他结果 2 0 0\n尚未审结 0 0 1\n总计 3 1 5\n"
        found = values(text)
        assert found["review21.upheld"] == 1
        assert found["litigation21.after_review.upheld"] == 4

    def test_without_a_head_the_sums_must_hold(self) -> None:
        title = "四、政府信息公开行政复议、行政诉讼情况\n"
        assert len(read(title + "1 0 2 0 3 0 1 0 0 1 4 0 0 1 5\n")) == 15
        assert read(title + "1 0 2 0 9 0 1 0 0 1 4 0 0 1 5\n") == []

    def test_a_page_number_amid_the_figures_is_left_out(self) -> None:
        text = "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n结果维持 结果纠正 其他结果 尚未审结 总计\n1 0 2 0 3\n7\n0 1 0 0 1 4 0 0 1 5\n"
        assert values(text)["litigation21.direct.corrected"] == 1


class TestProactive:
    def test_heads_cut_short_are_told_by_the_one_that_is_whole(self) -> None:
        text = "第二十条第（一）项 | ||||\n信息内容 | 本年新 | 本年新 | 对外公开总数量 | |\n规章 | 1 | 2 | 7 | |\n规范性文件 | 4 | 5 | 9 | |\n"
        found = values(text)
        assert found["rules.newly_made"] == 1
        assert found["normative_doc.public_total"] == 9

    def test_money_takes_the_heads_unit(self) -> None:
        head = "第二十条第（八）项\n信息内容 | 本年收费金额（单位：{}） |\n行政事业性收费 | 12.5 |\n"
        assert values(head.format("万元"))["charge.amount"] == 125_000
        assert values(head.format("元"))["charge.amount"] == 12.5

    def test_a_purchase_states_its_own_unit(self) -> None:
        text = "第二十条第（九）项\n信息内容\n采购项目数量\n采购总金额\n政府集中采购\n8\n160.5万元\n"
        found = values(text)
        assert found == {"procurement.items": 8, "procurement.amount": 1_605_000}

    def test_columns_without_a_metric_have_none(self) -> None:
        text = "第二十条第（五）项\n信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量 |\n行政许可 | 30 | -2 | 514 |\n"
        figures = read(text)
        assert [(f.metric_id, f.value) for f in figures] == [
            (None, 30),
            (None, -2),
            ("licence.decisions", 514),
        ]

    def test_a_note_in_a_cell_is_no_cell(self) -> None:
        text = (
            "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | 3 | 5（其中修订 2 件） | 40 |\n"
        )
        found = values(text)
        assert (found["rules.made"], found["rules.repealed"], found["rules.in_force"]) == (3, 5, 40)

    def test_cells_that_fell_out_of_their_rows(self) -> None:
        text = (
            "第二十条第（一）项\n6\n（其中修订 1 件）\n9\n（含自然失效 4 件）\n信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n"
            "| 规章 | 2 | 80 |\n| 行政规范性文件 | 3 | 90 |\n"
        )
        figures = {f.metric_id: f for f in read(text)}
        assert figures["rules.in_force"].value == 80
        assert figures["normative_doc.repealed"].value == 9
        assert "placement" in figures["rules.repealed"].flags

    def test_dashes_and_blanks_give_nothing(self) -> None:
        text = "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | / | — | |\n行政规范性文件 | 0 | | 3 |\n"
        assert values(text) == {"normative_doc.made": 0, "normative_doc.in_force": 3}


class TestStatistical:
    FORM = (
        "政府信息公开情况统计表\n统计指标 | 单位 | 统计数 |\n（一）主动公开政府信息数 | 条 | 1,215 |\n三、行政复议数量 | 件 | 4 |\n"
        "（二）被依法纠错数 | 件 | 1 |\n四、行政诉讼数量 | 件 | 2 |\n（二）被依法纠错数 | 件 | 0 |\n"
        "六、依申请公开信息收取的费用 | 万元 | 0.3 |\n其中：电话咨询接听数 | 次 | 17 |\n"
    )

    def test_rows_of_the_same_name_go_by_their_group(self) -> None:
        found = values(self.FORM)
        assert found["review.corrected"] == 1
        assert found["litigation.corrected"] == 0

    def test_money_is_in_yuan(self) -> None:
        fee = by_name(self.FORM)["依申请公开信息收取的费用"]
        assert (fee.value, fee.unit, fee.kind) == (3000, "元", Kind.AMOUNT)

    def test_an_unknown_row_has_no_metric(self) -> None:
        row = by_name(self.FORM)["电话咨询接听数"]
        assert (row.metric_id, row.value, row.unit) == (None, 17, "次")

    def test_serial_numbers_codes_and_totals_since_ever(self) -> None:
        text = (
            "指标名称 | 计量单位 | 代码 | 本年度 | 历年累计 |\n主动公开信息数 | 条 | 01 | 50 | 310 |\n当面申请数 | 件 | 02 | 4 | 9 |\n"
            "传真申请数 | 件 | 03 | 0 | 2 |\n网上申请数 | 件 | 04 | 7 | 20 |\n信函申请数 | 件 | 05 | 1 | 3 |\n"
        )
        found = values(text)
        assert found["proactive.total"] == 50
        assert found["request.received.online"] == 7
        cumulative = [f for f in read(text) if "cumulative" in f.flags]
        assert [(f.metric_id, f.value) for f in cumulative] == [(None, v) for v in (310, 9, 2, 20, 3)]

    def test_serial_numbers_a_line_each(self) -> None:
        rows = ("主动公开政府信息数", "当面申请数", "传真申请数", "网络申请数", "信函申请数")
        lines = ["序号", "统计指标", "单位", "统计数"]
        for number, row in enumerate(rows, start=1):
            lines += [str(number), row, "件", str(10 * number)]
        assert list(values("\n".join(lines)).values()) == [10, 20, 30, 40, 50]

    def test_heads_that_name_years(self) -> None:
        text = "2015年度报告\n指标 | 单位 | 2015年 | 2014年 |\n" + "".join(
            f"{row} | 件 | {n} | {n + 1} |\n"
            for n, row in enumerate(("收到申请数", "当面申请数", "传真申请数", "信函申请数"))
        )
        figures = read(text)
        assert [(f.year, f.value) for f in figures[:2]] == [(2015, 0), (2014, 1)]

    def test_traditional_characters(self) -> None:
        rows = ("收到申請數", "申請答覆數", "同意公開答覆數", "其它方式公開政府信息數")
        text = "統計指標 | 單位 | 統計數 |\n" + "".join(f"{row} | 件 | 3 |\n" for row in rows)
        assert list(values(text)) == [
            "request.received",
            "request.answered",
            "request.answered.granted",
            "channel.other",
        ]

    def test_units_in_the_label(self) -> None:
        rows = ("当面申请数（件）", "传真申请数（件）", "网络申请数（件）", "政府信息公开专项经费（万元）")
        text = "统计指标 | 数量 |\n" + "".join(f"{row} | 2 |\n" for row in rows)
        assert by_name(text)["政府信息公开专项经费"].value == 20_000


class TestOtherTables:
    def test_counts_and_shares_of_a_label(self) -> None:
        text = (
            "青禾县2011年政府信息公开工作年度报告\n一、概述\n现公布如下，全文共五个部分，请予监督。\n"
            "类别 | 数量（条） | 占比 |\n机构概况类 | 40 | 80% |\n其他类 | 10 | 20% |\n"
        )
        found = [(f.metric, f.value, f.unit, f.kind) for f in read(text)]
        assert found == [
            ("机构概况类", 40, "条", Kind.COUNT),
            ("机构概况类", 80, "%", Kind.RATE),
            ("其他类", 10, "条", Kind.COUNT),
            ("其他类", 20, "%", Kind.RATE),
        ]

    def test_what_a_page_says_of_itself_is_no_figure(self) -> None:
        assert (
            read(
                "索引号 | 0144-2018-95 | 信息数量 | 7 |\n发布机构 | 县政府办 | 文号 | 12 |\n名称 | 年报 | 页数 | 3 |\n"
            )
            == []
        )

    def test_telephones_and_dates_are_no_figures(self) -> None:
        text = "单位 | 联系电话 | 受理数量（件） |\n县政府办 | 8215432 | 6 |\n县财政局 | 8215433 | 2 |\n"
        assert sorted(f.value for f in read(text)) == [2, 6]


def test_a_row_that_the_agency_added_to_a_table() -> None:
    text = (
        "第二十条第（一）项\n信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量 |\n"
        "规范性文件 | 29 | 5 | 38 |\n其他主动公开文件 | 12 | 9 | 21 |\n"
    )
    assert [f.metric_id for f in read(text)[3:]] == [None, None, None]
    assert [f.value for f in read(text)[3:]] == [12, 9, 21]


def test_merged_cells_of_a_stated_table() -> None:
    rows = [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "1", "", "8"],
        ["行政规范性文件", "0", "2", "5"],
    ]
    text, cells = "", []
    for number, row in enumerate(rows):
        placed = []
        for column, words in enumerate(row):
            placed.append(Cell(len(text), len(text) + len(words), words, number, column))
            text += words + "\t"
        cells.append(tuple(placed))
        text += "\n"
    source = Source("form", text, "html", tables=(Table(0, len(text) - 1, tuple(cells)),))
    found = {f.metric_id: f.value for f in read_forms(build_document(source))}
    assert found == {
        "rules.made": 1,
        "rules.in_force": 8,
        "normative_doc.made": 0,
        "normative_doc.repealed": 2,
        "normative_doc.in_force": 5,
    }


def test_running_text_before_a_small_form_is_no_part_of_it() -> None:
    text = (
        "青禾市统计局2011年政府信息公开年度报告\n"
        "（一）按统计数据一类，全年公开统计数据96条，统计分析43条。\n"
        "（二）编印《统计提要》12期。\n"
        "附：政府信息公开情况统计表\n指标名称 | 单位 | 数量\n主动公开信息数 | 条 | 178\n收到申请数 | 件 | 4\n"
        "行政复议数 | 件 | 0\n行政诉讼数 | 件 | 0\n"
    )
    ((start, _),) = form_intervals(document_from_text("report", text))
    assert start >= text.index("附：")
