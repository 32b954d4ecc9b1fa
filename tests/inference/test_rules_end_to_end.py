"""Whole sentences through rules, links, ids and years."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gongkai.data.document import Document
from gongkai.inference.extractor import Extractor
from gongkai.inference.types import Qualifier, Record


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load(tagger="rules")


Facts = set[tuple[str | None, float, int | None]]


def records(extractor: Extractor, document: Document) -> tuple[Record, ...]:
    return next(extractor.extract_documents([document])).records


def facts(found: tuple[Record, ...]) -> Facts:
    return {(r.metric_id, float(r.value), r.year) for r in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全县未收到政府信息公开申请。", {("request.received", 0, 2016)}),
        (
            "全年没有因信息公开引发的行政复议和行政诉讼。",
            {("review.total", 0, 2016), ("litigation.total", 0, 2016)},
        ),
        ("行政复议、行政诉讼各1件。", {("review.total", 1, 2016), ("litigation.total", 1, 2016)}),
        ("2015年收到政府信息公开申请7件。", {("request.received", 7, 2015)}),
        ("主动公开信息，同上年相比增加9条业务信息。", {(None, 9, 2016)}),
        ("2009年3月起上网公开，配备了2名专职人员。", {("org.staff.full_time", 2, 2016)}),
        ("网站开通以来，截至2016年10月，主动公开政府信息530条。", {(None, 530, 2016)}),
        ("未对政府信息公开申请收取费用。", {("fee.amount", 0, 2016)}),
        ("公布了《2014年度决算》，收到政府信息公开申请7件。", {("request.received", 7, 2016)}),
        (
            "上年无结转，收到政府信息公开申请3件。",
            {("request.received", 3, 2016)},
        ),
        (
            "举办政务公开培训班3期，参加培训140人次。",
            {("training.sessions", 3, 2016), ("training.participants", 140, 2016)},
        ),
        ("办理人大代表建议43件、政协提案31件。", {("proposal.npc", 43, 2016), ("proposal.cppcc", 31, 2016)}),
        ("没有收取任何费用。", {("fee.amount", 0, 2016)}),
        ("因信息公开申请被提起行政复议案件共0件。", {("review.total", 0, 2016)}),
        (
            "行政复议案件9件，维持6件，撤回3件。",
            {("review.total", 9, 2016), ("review.upheld", 6, 2016), ("review.other", 3, 2016)},
        ),
        ("设立1个信息公开申请受理点。", {(None, 1, 2016)}),
        (
            "召开新闻发布会4场，其中主要负责人出席1场。",
            {("response.press", 4, 2016), ("response.press.leader", 1, 2016)},
        ),
        ("结转下年度继续办理2件。", {(None, 2, 2016)}),
        ("其中依申请公开信息31条。", {(None, 31, 2016)}),
        ("我委未接到有关信息公开方面的依申请公开。", {("request.received", 0, 2016)}),
        (
            "网站点击量由2015年的250万条次上升到475万条次。",
            {("site.visits", 2500000, 2015), ("site.visits", 4750000, 2016)},
        ),
        ("2012年至2016年累计主动公开政府信息236条。", {(None, 236, 2016)}),
        ("政府信息公开的收费和减免为零。", {("fee.amount", 0, 2016), (None, 0, 2016)}),
        ("未接到群众要求公开的信息。", {("request.received", 0, 2016)}),
        ("行政复议数量2件，举报投诉数量1件。", {("review.total", 2, 2016), ("complaint.total", 1, 2016)}),
        ("抖音公众号发布信息16条。", {(None, 16, 2016)}),
        ("规划总结等其它类信息41条。", {("category.other", 41, 2016)}),
    ],
)
def test_sentences(
    extractor: Extractor, document: Callable[[str], Document], text: str, expected: Facts
) -> None:
    assert facts(records(extractor, document("五、复议诉讼等情况\n" + text))) == expected


def test_a_share_hangs_on_the_count_before_it(
    extractor: Extractor, document: Callable[[str], Document]
) -> None:
    found = records(extractor, document("其中概况类信息82条，占总量的8.4%。"))
    assert [(r.metric, r.value, r.unit) for r in found] == [
        ("概况类信息", 82, "条"),
        ("概况类信息", 8.4, "%"),
    ]


def test_evidence_is_what_stands_in_the_text(
    extractor: Extractor, document: Callable[[str], Document]
) -> None:
    report = document("二、主動公開情況\n2016年共公開政府信息３，１２０條，較上年增長 12.5%。")
    found = records(extractor, report)
    assert [r.value for r in found] == [3120, 12.5]
    assert all(report.text[r.start : r.end] == r.text for r in found)


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("发放资料近400份。", 400, Qualifier.APPROX),
        ("发放资料超过400份。", 400, Qualifier.MIN),
        ("发放资料不到400份。", 400, Qualifier.MAX),
        ("发放资料400余份。", 400, Qualifier.APPROX),
        ("发放资料400份。", 400, Qualifier.EXACT),
        ("访问量达到2万人次以上。", 20000, Qualifier.MIN),
    ],
)
def test_qualifiers(
    extractor: Extractor, document: Callable[[str], Document], text: str, value: int, qualifier: Qualifier
) -> None:
    (record,) = records(extractor, document(text))
    assert (record.value, record.qualifier) == (value, qualifier)


def test_money_is_in_yuan(extractor: Extractor, document: Callable[[str], Document]) -> None:
    (record,) = records(extractor, document("投入专项资金15万元。"))
    assert (record.value, record.unit, str(record.kind)) == (150000, "元", "amount")


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("柳湾街道全年共受理咨询12人次。", ["咨询"]),
        ("为此配备了4名兼职工作人员负责公开工作。", ["兼职工作人员"]),
        ("每个局属单位设置1名联络员。", ["联络员"]),
        ("深入7个乡镇、16个社区。", ["乡镇", "社区"]),
        ("公开计划总结9条，在线访谈2期，现行有效文件8件。", ["公开计划总结", "在线访谈", "现行有效文件"]),
        ("发布公告3条，“双公示”信息“红黑榜”7条。", ["发布公告", "信息“红黑榜”"]),
        ("公开面、及时率均达到100%。", ["公开面", "及时率"]),
        ("我局（办）2016年共主动公开信息9条。", ["主动公开信息"]),
        ("1.机构类信息6条", ["机构类信息"]),
        ("全年主动公开35条，培训2次。", ["主动公开", "培训"]),
        ("分布在5个乡镇和9个站所。", ["乡镇", "站所"]),
        ("网上公开信息8条，所占比例40%。", ["网上公开信息", "网上公开信息"]),
        ("同意公开12件，占60%；部分公开8，占40%。", ["同意公开", "同意公开", "部分公开", "部分公开"]),
        ("学习贯彻五届四次全会，落实“惠农20条”。", []),
        ("做好保障、服务两篇文章，工作迈上了一个新的台阶，排名上升了3位。", []),
        ("未产生与行政复议、行政诉讼有关的费用。", ["费用"]),
        ("明确了1名兼职人员。", ["兼职人员"]),
        ("开辟了服务大厅、图书馆、档案馆3个公共查阅点。", ["公共查阅点"]),
        ("建立健全信息公开13项制度。", ["制度"]),
        ("在4个社区设立公开栏。", ["社区"]),
        ("对全县46个单位进行了2次检查。", ["单位", "检查"]),
        ("申请内容主要涉及征地拆迁（12件，占60%）、住房保障（5件）。", ["征地拆迁", "征地拆迁", "住房保障"]),
        ("三分之二的信息在网上发布。", ["信息"]),
        ("接待群众上千人次，日均3次。", ["接待群众", "日均"]),
        ("市县新设26个专门机构，另定1名信息人员。", ["专门机构", "信息人员"]),
        ("网站总数由26个减到1个。", ["网站", "网站"]),
        ("另有34件不存在。", ["不存在"]),
        ("组织全州66个公开主体参加测评。", ["公开主体"]),
        ("共建立开放94个信息查阅点。", ["信息查阅点"]),
        ("制定《审查办法》《考核办法》4个制度文件。", ["制度文件"]),
        ("办公室、督查科等7个科室各有一人经手。", ["科室"]),
        ("单位实施的33项审批事项全部上网。", ["审批事项"]),
        ("在主动公开的信息中与公众相关的事项8条。", ["公众相关的事项"]),
        ("在主动公开的120条信息中，政策类8条。", ["主动公开", "政策类"]),
        ("主动公开政府信息中，共有17条在网上。", ["主动公开政府信息"]),
        ("在中央主流媒体刊发新闻25篇。", ["中央主流媒体刊发新闻"]),
        ("青禾新区管委会共公布各类信息40条。", ["公布各类信息"]),
        ("本学年共发布消息80条。", ["发布消息"]),
        ("公开财政及“三公经费”信息2条。", ["公开财政及“三公经费”信息"]),
        ("未受理网上咨询业务。", ["网上咨询业务"]),
        ("未向政府信息公开申请人收取任何费用。", ["任何费用"]),
        ("网站点击量由2015年的250万次上升到475万次。", ["网站点击量", "网站点击量"]),
    ],
)
def test_what_is_counted(
    extractor: Extractor, document: Callable[[str], Document], text: str, metrics: list[str]
) -> None:
    assert [r.metric for r in records(extractor, document("一、概述\n" + text))] == metrics


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "5、因公开申请引起复议、诉讼的情况。无。",
            {("review.total", 0, 2016), ("litigation.total", 0, 2016)},
        ),
        ("（三）收费情况\n无。", {("fee.amount", 0, 2016)}),
        (
            "四、复议与诉讼\n均无此类情况。\n五、培训\n培训很实。",
            {("review.total", 0, 2016), ("litigation.total", 0, 2016)},
        ),
        ("六、存在的问题\n无。", set()),
        ("四、应诉方面的支出\n无。", set()),
        ("四、复议情况\n正在办理。\n无。", set()),
    ],
)
def test_a_negation_under_a_heading_is_of_what_the_heading_names(
    extractor: Extractor, document: Callable[[str], Document], text: str, expected: Facts
) -> None:
    assert facts(records(extractor, document(text))) == expected


def test_the_evidence_of_a_bare_negation_begins_in_its_heading(
    extractor: Extractor, document: Callable[[str], Document]
) -> None:
    read = document("四、行政复议情况\n无。")
    (record,) = records(extractor, read)
    assert record.text == read.text[record.start : record.end] == "行政复议情况\n无"
    assert (record.metric, record.unit, record.section) == ("行政复议", "件", "四、行政复议情况")
