"""Agency and year from titles, compilers, forms and signatures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gongkai.data.build import build_document
from gongkai.data.document import Document, Source
from gongkai.inference.agency import report_agency
from gongkai.inference.extractor import Extractor
from gongkai.inference.years import report_year

BODY = "\n一、概述\n{}全年共公开信息20条。\n二、存在问题\n公开意识有待加强。\n"


@pytest.mark.parametrize(
    ("head", "agency"),
    [
        ("青禾县2014年政府信息公开工作年度报告", "青禾县人民政府"),
        ("青禾县水务局2014年度政府信息公开年报", "青禾县水务局"),
        ("白杨街道2014年政府信息公开工作年度报告", "白杨街道办事处"),
        ("2014年乌兰布拉格苏木政府信息公开工作年度报告", "乌兰布拉格苏木人民政府"),
        ("青禾县水务局\n2014年政府信息公开工作年度报告", "青禾县水务局"),
        ("2014年政府信息公开工作年度报告\n本报告由青禾县水务局根据条例要求编制。", "青禾县水务局"),
        (
            "2014年政府信息公开工作年度报告\n本报告由青禾县人民政府办公室编制，反映我县情况，全县各乡镇提供数据。",
            "青禾县人民政府",
        ),
        ("2014年度信息公開工作年度報告\n本報告由靑禾縣人民政府編制。", "靑禾縣人民政府"),
        ("如有疑问，请与杨树镇党政办公室联系。", "杨树镇人民政府"),
        ("本报告由青禾市公安局河东分局编制。", "青禾市公安局河东分局"),
        ("青禾县工业和信息化局2014年政府信息公开工作年度报告", "青禾县工业和信息化局"),
        ("日川县本溪镇人民政府\n2014年政府信息公开工作年度报告", "日川县本溪镇人民政府"),
        ("我镇成立了杨树镇政务公开领导小组。", "杨树镇人民政府"),
        ("交通运输部2014年政府信息公开工作年度报告", "交通运输部"),
        ("向社会公开2014年度镇政府信息公开年度报告。", None),
        ("【2014】青禾县水务局2014年政府信息公开工作年度报告", "青禾县水务局"),
        ("水利部发布2014年政府信息公开工作报告", "水利部"),
        ("青禾县桥头镇人民政府关于公布\n桥头镇2014年政府信息公开年度报告", "青禾县桥头镇人民政府"),
        ("根据条例规定，县安监局编制了2014年度报告。", "县安监局"),
        (
            "市气象局2014年政府信息公开工作报告\n紧抓青禾市气象局权责清单，落实青禾市要求。",
            "青禾市气象局",
        ),
        ("现发布青禾市教育局2014年政府信息公开工作年度报告。", "青禾市教育局"),
        ("本报告由河东区柳荫街道编制。\n联系：柳荫街道办事处办公室。", "河东区柳荫街道办事处"),
        ("本报告由青禾县政务公开领导小组办公室编制。请与青禾县政务服务中心联系。", "青禾县人民政府"),
        ("部门领导：李四 青禾新区管委会宣传局局长 88880000", None),
        ("区交通局2014年度政府信息公开年报\n资料由青禾区交通局提供。", "青禾区交通局"),
        (
            "2014年度市城管局政府信息公开年报\n现发布《青禾市城市管理局2014年度报告》，请与青禾市城市管理局联系。",
            "青禾市城市管理局",
        ),
        ("乌兰藏族自治州人民政府\n本报告由乌兰州人民政府编制。", "乌兰藏族自治州人民政府"),
        ("本报告由青禾市国家税务局、青禾市地方税务局共同编制。", "青禾市国家税务局、青禾市地方税务局"),
        ("我局在青禾县林业局门户网站开设专栏。", "青禾县林业局"),
        ("青禾县红旗园艺场2014年政府信息公开工作年度报告", "青禾县红旗园艺场"),
        ("首页 > 公开年报 > 青禾县水务局2014年政府信息公开工作年度报告", "青禾县水务局"),
        ("依据条例，青禾县水务局撰写了2014年信息公开年度报告。请与青禾县档案馆联系。", "青禾县水务局"),
        ("现将桥头镇2014年度政府信息公开工作报告如下。", "桥头镇人民政府"),
        ("青禾市人民政府\n二〇一五年三月\n我市公开情况如下。", "青禾市人民政府"),
        ("稿件由一位副局长审定，由拟稿处编制。", None),
        ("现将青禾地区行政公署及其办公室2014年信息公开工作报告如下。", "青禾地区行政公署"),
        ("青禾县桥头镇\n桥头镇2014年政府信息公开年度报告", "青禾县桥头镇人民政府"),
        ("发布机构：卫生健康委员会\n青禾市人口计生委2014年度政府信息公开工作报告", "青禾市人口计生委"),
        ("办公室由镇政府办公室主任兼任。2014年以来桥头镇认真公开信息。", "桥头镇人民政府"),
        ("官网由青禾县大数据中心负责维护。2014年，青禾县司法局认真公开信息。", "青禾县司法局"),
        ("本报告由青禾市商务委员会编制。", "青禾市商务委员会"),
        ("2014年青禾县水务局\n政府信息公开年报\n由青禾县水务分局编制。", "青禾县水务局"),
        ("公报标题青禾县水务局2014年政府信息公开工作年度报告", "青禾县水务局"),
        ("《国家粮食局2014年政府信息公开工作年度报告》发布", "国家粮食局"),
        (
            "市房管局2014年政府信息公开年度报告\n2015-01-20 14:48 青禾市住房保障和房屋管理局\n",
            "青禾市住房保障和房屋管理局",
        ),
        ("南屏街2014年政府信息公开工作年度报告", "南屏街道办事处"),
        ("一、概述\n2014年，修订《青禾市水务局政府网站发布办法》。", "青禾市水务局"),
        ("一、概述\n建立青禾市粮食局文件公开审查制度。", "青禾市粮食局"),
        ("大部分县市水务局均以省局网站为依托。", None),
        ("2014年，在青禾省教育厅关心下，学院编辑学院院报。", None),
    ],
)
def test_agency(head: str, agency: str | None) -> None:
    assert report_agency(build_document(Source("x", head + BODY.format(""), "txt"))) == agency


def test_no_agency_is_better_than_a_wrong_one() -> None:
    text = "2014年政府信息公开工作年度报告" + BODY.format("按照国务院办公厅要求，")
    assert report_agency(build_document(Source("x", text, "txt"))) is None


def test_another_places_body_is_no_fuller_name() -> None:
    text = "市财政局2014年度政府信息公开报告\n与青禾市河东区财政局核对。" + BODY.format("")
    assert report_agency(build_document(Source("x", text, "txt"))) == "市财政局"


def test_a_parts_heading_without_its_comma_is_no_title() -> None:
    text = "本报告由青禾县粮食局编制的2009年度报告。\n一 概 述\n我局配备2名兼职人员。\n二 政府信息主动公开情况\n公开20条。\n"
    document = build_document(Source("x", text, "txt"))
    assert document.title is None
    assert report_agency(document) == "青禾县粮食局"


@pytest.mark.parametrize(
    ("head", "year"),
    [
        ("青禾县2014年政府信息公开工作年度报告\n发布时间：2015-03-01", 2014),
        ("青禾县政府信息公开工作年度报告\n统计期限自2013年1月1日起至2013年12月31日止。", 2013),
        ("青禾县二○一一年政府信息公开工作报告", 2011),
        ("青禾学院2014-2015学年信息公开年度报告", 2015),
        ("青禾学院2014—2015学年度信息公开工作报告", 2015),
        ("2014年，我局公开2013年度信息公开报告。2014年工作平稳。", 2014),
    ],
)
def test_report_year(head: str, year: int) -> None:
    assert report_year(build_document(Source("x", head + BODY.format(""), "txt"))).year == year


def test_a_conflict_of_title_and_period_is_flagged() -> None:
    head = "青禾县2014年政府信息公开工作年度报告\n统计期限自2015年1月1日起至2015年12月31日止。"
    found = report_year(build_document(Source("x", head + BODY.format(""), "txt")))
    assert found.conflict
    assert found.year == 2014


def test_a_school_year_agrees_with_the_period_that_begins_it() -> None:
    head = "青禾学院2014—2015学年信息公开工作报告\n统计期限为2014年9月1日至2015年8月31日。"
    found = report_year(build_document(Source("x", head + BODY.format(""), "txt")))
    assert (found.year, found.conflict) == (2015, False)


def test_what_is_put_off_to_next_year_dates_nothing(document: Callable[[str], Document]) -> None:
    text = "二、依申请公开\n收到政府信息公开申请9件，余2件转2017年度办理，引发行政复议1件。"
    found = next(Extractor.load(tagger="rules").extract_documents([document(text)])).records
    assert {r.year for r in found} == {2016}


def test_a_school_period_is_its_later_year() -> None:
    head = "青禾学院信息公开报告\n数据自2018年9月1日至2019年8月31日。"
    assert report_year(build_document(Source("x", head + BODY.format(""), "txt"))).year == 2019


def test_plans_of_the_next_year_are_no_figures(document: Callable[[str], Document]) -> None:
    extractor = Extractor.load(tagger="rules")
    report = document("一、概述\n2017年计划培训3次，发布信息500条。2016年发布信息20条。")
    values = {r.value for r in next(extractor.extract_documents([report])).records}
    assert values == {20}


def test_a_year_before_all_reports_breaks_nothing() -> None:
    text = "现将青禾县2003年政府信息公开工作情况报告如下：共公开信息20条。"
    assert report_year(build_document(Source("x", text, "txt"))).year == 2003


def test_a_difference_from_last_year_is_this_years(document: Callable[[str], Document]) -> None:
    text = (
        "青禾县2012年政府信息公开工作年度报告\n一、概述\n主动公开政府信息35条，和2011年的30条比，多了5条。\n"
    )
    found = next(Extractor.load(tagger="rules").extract_documents([document(text)])).records
    assert {r.value: r.year for r in found if r.value in (35, 5)} == {35: 2012, 5: 2012}
