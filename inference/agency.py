"""The agency whose report it is: from title, issuing body, form head, compiler or signature, else None.

Every mention of a public body in a telling place is a candidate with a weight; the places and
their order follow the record contract: title, issuing body's line, the form's 填报单位.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from ..data.document import Document

_HAN = r"[\u4e00-\u9fff]"
_SUFFIX = (
    r"人民政府办公[厅室]|人民政府|政府办公[厅室]|(?<=[省市县区乡镇旗州盟木])政府|街道办事处|地区办事处|办事处|管理委员会|管委会|行政公署|行署|委员会|大学|学院|学校|中学|小学|幼儿园|医院|卫生院|卫生所"
    r"|有限责任公司|有限公司|公司|集团|人民法院|法院|检察院|研究院|研究所|设计院|总队|支队|大队|中队|海关|银行|兵团|(?:第[一二三四五六七八九十]+)师|\d+团|[一二三四五六七八九十]+团|农场|林场|牧场|林业局|总局|分局|管理局|局|[民交水财司审商文教科建国住]?厅|署"
    r"|中心|总站|站|管理所|所|管理处|处|联合会|协会|供销合作社|档案馆|图书馆|博物馆|馆|党校|发改委|卫健委|卫计委|经信委|建委|农委|教委|国资委|住建委|交通委|规委|人社局"
    r"|政府办|办公[厅室]|编办|法制办|信访办|应急办|人防办|扶贫办|外侨办|政务服务办|指挥部|领导小组"
)
_PLACE_END = r"省|自治区|市|自治州|州|盟|地区|自治县|县|自治旗|旗|区|镇|乡|民族乡|苏木|街道"
_NAME = rf"{_HAN}(?:{_HAN}|[·（）()](?={_HAN})){{1,32}}?(?:{_SUFFIX})"
_YEAR = r"(?:(?:19|20)\d{2}(?:[-—–至~到/](?:19|20)?\d{2})?|[一二][〇○零0O九一二三四五六七八]{3})\s*(?:学年度?|年度?)?"
_KIND = r"(?:\s|第?[一二三四]季度|关于|开展|做好|贯彻|落实|实施|推进|政府|政务|校务|院务|园务|厂务|警务|检务|审务|司法|党务|办事|依法|信息|行政|法治|阳光|《.{0,18}》|工作)*公开"
_PAREN = r"(?:[（(][^）)]{2,30}[）)])?"
_TITLES = (
    re.compile(
        rf"^\W*(?P<name>{_HAN}[\u4e00-\u9fff、（）()·\d]{{1,38}}?){_PAREN}(?:关于|\s|-|—)*{_YEAR}(?:{_HAN}{{0,4}})(?={_KIND}){_KIND}"
    ),
    re.compile(
        rf"^\W*{_YEAR}(?:度)?(?P<name>{_HAN}[\u4e00-\u9fff、（）()·]{{1,38}}?){_PAREN}(?:关于)?{_KIND}[^，。]{{0,8}}(?:报告|年报|总结)"
    ),
    re.compile(
        rf"^\W*(?P<name>{_HAN}[\u4e00-\u9fff、（）()·]{{1,38}}?){_PAREN}(?:关于)?{_KIND}(?:工作)?(?:年度)?(?:工作)?(?:情况)?(?:报告|年报|总结|统计)"
    ),
)
_FORM = re.compile(
    r"填[报表](?:单位|机关)\s*(?:[(（](?:盖章|公章|章)[)）])?\s*[:：|]?\s*(?P<name>[\u4e00-\u9fff（）()]{3,40})"
)
_ISSUER = re.compile(
    r"(?:发布机构|发布单位|发布机关|发文机关|发文单位|公开主体|公开机构|编制单位|编制机关|制作单位|单位名称|公开责任部门|责任单位|信息所属单位)\s*[:：|\s]\s*(?P<name>[\u4e00-\u9fff（）()]{3,40})"
)
_VERBS = r"根据|按照|依据|依照|遵照|编制|编写|组织|汇总|综合|结合|负责|起草|制作|公布|发布|向社会|将|把|现将|对|认真|严格|坚持|高度|深入|紧紧|围绕|以|在|积极|全面|切实|进一步|共|主动|不断|通过|始终|持续|牢固|扎实|贯彻|办公室|政府信息公开|信息公开|政务公开|\d"
_LEAD = r"(?:^|[\s，,。；;：:！!？?“”\"（(《|、>]|由|与|现公布|公布|现将|联系|制作|请向|请与|是|为|或|致|代表|截至|以来|统计|通知|要求|规定|精神|》|〕|号)"
_MENTION = re.compile(rf"{_LEAD}(?P<name>{_NAME})(?=$|[\s，,。；;：:（(、|]|{_VERBS})", re.MULTILINE)
_SUBJECT = re.compile(
    rf"(?:(?:年度?|年来|以来|截至目前)[，,]?|^)(?P<name>{_NAME})(?!网|门户|公报)", re.MULTILINE
)
# A place as the subject of a sentence: it means its government, where nothing better is found.
_PLACE = re.compile(
    rf"(?:年度?[，,]?|^|[与打由])(?P<name>{_HAN}{{2,14}}?(?:市|县|旗|区|镇|乡|苏木|街道))(?=[，,]|{_VERBS}|严|紧|贯|继|把|党政|党委|推|加|按|未|没|开展|围)",
    re.MULTILINE,
)
_COMPILED = re.compile(
    rf"(?:由(?P<by>{_NAME})(?!网|门户|承担|牵头)|(?:现公布|公布|现将|制作|是)(?P<of>{_NAME})(?=[（(]|{_VERBS}|共同))"
)
_CONTACT = re.compile(
    rf"(?:请(?:直接)?与|联系(?:单位|部门|地址|人)?[:：为]?|请向|可与|与|向|至|到)(?P<name>{_NAME})"
)
_LINE = re.compile(rf"^\W*(?P<name>{_NAME}){_PAREN}\s*(?:{_YEAR})?\W*$")
_NOT_A_NAME = re.compile(
    r"、|疑问|报道|防封|负责|条例|报告|年度|规定|通知|信息|公开|情况|栏目|网站|目录|指南|要求|总结|首页|位置|上一|下一|如下|精神|各|等|有关|相关|我|本|该|全[市县区]|年|月|日"
)
_GENERIC = re.compile(
    r"^(?:[省市县区州旗镇乡盟]|国务院|中华人民共和国国务院|中共中央|党中央|[省市县区州旗镇乡]?(?:人民)?政府|上级|党政|政务|政府|行政机关|教育部|国办)"
    r"(?:办公[厅室]|人民政府|政府|委|局|厅|办|教育厅|教育局|政务公开)*(?:办公[厅室])?$|^(?:国务院|教育部)|^国家[\u4e00-\u9fff]{0,8}局$|^(?:党政|综合|信息|政务公开|政务服务)[^市县区]{0,6}$"
)
_LEADS = re.compile(
    r"(?:现将|兹将|现对|如有疑问|有疑问|若有疑问|请与|请打|请联系|请向|联系|咨询|和|特?此?向社会公布|现公布|公布|印发|发布|其中|关于|现就|附件\d*|首页|标题[:：]?|名称[:：]?|中共[\u4e00-\u9fff]{2,8}?委(?=[\u4e00-\u9fff]{4})|将|为|由|就是|系|按)+"
)
_INNER = re.compile(r"(?:(?:人民)?政府)?办公[厅室]$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A name in the document's view with the weight of the place where it stands."""

    start: int
    end: int
    weight: float


def report_agency(document: Document) -> str | None:
    """The agency's name in the report's script, as full as the text allows; None rather than wrong."""
    text = document.view.text
    best: _Candidate | None = None
    score = 0.0
    candidates = [
        c
        for c in map(partial(_extended, text), _candidates(document))
        if _is_name(text[c.start : c.end], c.weight)
    ]
    own = _own_kind(document)
    for candidate in candidates:
        if (
            candidate.weight < _TITLE_WEIGHT - 3
            and own
            and not own.search(text[candidate.start : candidate.end])
        ):
            continue
        name = _stem(text[candidate.start : candidate.end])
        support = sum(
            0.3 for c in candidates if c is not candidate and _stem(text[c.start : c.end]).endswith(name)
        )
        if candidate.weight + min(support, 1.2) > score:
            best, score = candidate, candidate.weight + min(support, 1.2)
    if best is None:
        return None
    start, end = _fuller(text, best, candidates)
    name = text[start:end]
    if best.weight < _TITLE_WEIGHT and _speaks_for_government(document):
        inner = _INNER.search(name)
        if (
            inner
            and len(name) - len(inner.group()) >= 3
            and re.search(rf"(?:{_PLACE_END})$", name[: inner.start()])
        ):
            end = start + inner.start()
    if text[start:end].endswith("政府") and not text[start:end].endswith("人民政府"):
        end -= 2
    return _as_written(document, start, end) + _completion(document, text[start:end])


_TITLE_WEIGHT = 9.0
_TELLING = 4.6  # below it a mention needs a place or an institution in its name
_PLACED = re.compile(
    rf"^{_HAN}{{1,12}}?(?:省|市|县|旗|区|州|盟|镇|乡|苏木|街道|师|团|林场|农场)|(?:大学|学院|医院|公司|集团|中学)$"
)


def _candidates(document: Document) -> Iterator[_Candidate]:
    text = document.view.text
    low, high = document.view.local(*document.body)
    yield from _from_titles(document, text, low)
    for match in _FORM.finditer(text):
        yield _cut(text, match, 8.0)
    for match in _ISSUER.finditer(text[:8000]):
        yield _cut(text, match, 5.0)
    for match in _COMPILED.finditer(text, low, min(high, low + 3000)):
        group = "by" if match["by"] else "of"
        yield _without_lead(text, _Candidate(match.start(group), match.end(group), 6.5))
    for match in _CONTACT.finditer(text, low, min(high, low + 3000)):
        yield _at(match, 4.5)
    for match in _CONTACT.finditer(text, max(low, high - 600), high):
        yield _at(match, 4.0)
    for match in _MENTION.finditer(text, low, min(high, low + 4000)):
        yield _at(match, 3.5 - (match.start() - low) / 4000)
    for match in _PLACE.finditer(text, low, min(high, low + 4000)):
        yield _at(match, 2.0 - (match.start() - low) / 4000)
    for match in _SUBJECT.finditer(text, low, min(high, low + 4000)):
        yield _at(match, 3.0 - (match.start() - low) / 4000)
    lines = list(re.finditer(r"[^\n]+", text[max(low, high - 400) : high]))
    for line in lines[-6:]:
        at = max(low, high - 400) + line.start()
        signed = _LINE.match(line.group().strip())
        if signed and len(line.group()) <= 40:
            offset = at + line.group().index(signed["name"])
            yield _Candidate(offset, offset + len(signed["name"]), 5.5)


def _from_titles(document: Document, text: str, low: int) -> Iterator[_Candidate]:
    """Names in title lines, in the line before a title that has none, and in titles over two lines."""
    if document.title is not None:
        start, end = document.view.local(*document.title)
        yield from _in_title(text, start, end, _TITLE_WEIGHT + 1.0)
    lines = [
        (m.start() + a, m.end() + a)
        for a, b in ((max(0, low - 1500), low), (low, low + 2500))
        for m in re.finditer(r"[^\n]+", text[a:b])
    ]
    for index, (start, end) in enumerate(lines):
        line = text[start:end]
        if (
            "公开" in line
            and re.search(r"报告|年报|总结|情况", line)
            and re.search(_YEAR + "|统计表|公开报告|年度报告", line)
        ):
            # What precedes the body may list other agencies' reports.
            found = list(_in_title(text, start, end, _TITLE_WEIGHT if start >= low else 4.0))
            yield from found
        if "公开" in line and re.search(r"报告|年报|总结", line) and end - start < 40:
            for near in (index - 1, index - 2, index + 1):
                if 0 <= near < len(lines) and (match := _LINE.match(text[slice(*lines[near])])):
                    at = text.index(match["name"], lines[near][0])
                    yield _Candidate(at, at + len(match["name"]), 8.5)


def _in_title(text: str, start: int, end: int, weight: float) -> Iterator[_Candidate]:
    for pattern in _TITLES:
        match = pattern.match(text[start:end])
        if match:
            first = match.start("name")
            name = re.sub(r"(?:关于|的|在)+$", "", match["name"])
            found = _Candidate(start + first, start + first + len(name), weight)
            yield _without_lead(text, found)
            return


def _at(match: re.Match[str], weight: float) -> _Candidate:
    return _without_lead(match.string, _Candidate(match.start("name"), match.end("name"), weight))


def _without_lead(text: str, candidate: _Candidate) -> _Candidate:
    lead = _LEADS.match(text[candidate.start : candidate.end])
    return replace(candidate, start=candidate.start + lead.end()) if lead else candidate


def _cut(text: str, match: re.Match[str], weight: float) -> _Candidate:
    """A name after a label, cut where the next label begins."""
    stop = re.search(
        rf"^.*?(?:{_SUFFIX})(?=$|[^\u4e00-\u9fff]|审核|负责|填表|填报|单位|发布|公开|文号|日期|主题|索引)",
        match["name"],
    )
    return _Candidate(
        match.start("name"), match.start("name") + (stop.end() if stop else len(match["name"])), weight
    )


def _is_name(name: str, weight: float) -> bool:
    if weight < _TELLING and (
        not _PLACED.search(name) or re.match(r"[全我各本市县区省]|及|和|在|对|向", name)
    ):
        return False
    if len(name) < 3 or _NOT_A_NAME.search(name) or _GENERIC.match(name):
        return False
    return bool(re.search(rf"(?:{_SUFFIX}|{_PLACE_END}|开发区|园区|新区|新城|景区|委|办)$", name))


def _stem(name: str) -> str:
    return re.sub(r"(?:人民政府|政府)?(?:办公[厅室])?$", "", name) or name


def _fuller(text: str, best: _Candidate, candidates: list[_Candidate]) -> tuple[int, int]:
    """The longest mention of the same body: with its county before it, its 人民政府 behind it."""
    name = text[best.start : best.end]
    chosen = best
    for candidate in candidates:
        other = text[candidate.start : candidate.end]
        longer = len(other) > chosen.end - chosen.start
        before = other.removesuffix(name) if other.endswith(name) else None
        if (
            (longer and before and re.search(rf"(?:{_PLACE_END})$", before))
            or (
                longer
                and not re.search(rf"(?:{_SUFFIX})$", name)
                and re.search(
                    rf"(?:^|[{_PLACE_END[0]}市县区旗州盟]){re.escape(name)}(?:人民政府|管理委员会|管委会|办事处)$",
                    other,
                )
            )
            or (longer and name.endswith("管委会") and other == name[:-3] + "管理委员会")
        ):
            chosen = candidate
    return chosen.start, chosen.end


def _completion(document: Document, name: str) -> str:
    """A place alone means its government; a street its office. In the report's script."""
    tail = ""
    if name.endswith("街道"):
        tail = "办事处"
    elif name.endswith(("开发区", "园区", "新区", "景区", "新城", "示范区", "保税区", "管理区")):
        tail = "管理委员会"
    elif name.endswith(("盟", "地区")):
        tail = "行政公署"
    elif re.search(rf"(?:{_PLACE_END})$", name):
        tail = "人民政府"
    found = document.view.text.find(tail) if tail else -1
    return _as_written(document, found, found + len(tail)) if found >= 0 else tail


_OWN = {
    "局": "局|总队|中心",
    "委": "委",
    "厅": "厅",
    "镇": "镇",
    "乡": "乡",
    "街道": "街道|办事处",
    "苏木": "苏木",
    "县": "县",
    "旗": "旗",
    "校": "大学|学院|学校|中学|小学|幼儿园",
    "院": "院",
    "公司": "公司|集团",
    "市": "市|办公",
    "区": "区|办公",
    "州": "州|办公",
    "省": "省|办公",
}


def _own_kind(document: Document) -> re.Pattern[str] | None:
    """What the reporter calls itself (我局, 我镇), as what its name must hold; None if it never does."""
    start, end = document.view.local(*document.body)
    said = re.findall(rf"[我本]({'|'.join(_OWN)})(?!级|地|市场|身)", document.view.text[start:end])
    if not said:
        return None
    return re.compile(_OWN[Counter(said).most_common(1)[0][0]])


_OFFICE_OF = re.compile(
    rf"{_HAN}{{2,14}}?(?:办公室|办事处|局|委员会|中心)(?=$|[\s，,。；;：:（(《“]|{_VERBS})"
)


def _extended(text: str, candidate: _Candidate) -> _Candidate:
    """`X人民政府地方志办公室`: an office named after its government is the office."""
    name = text[candidate.start : candidate.end]
    tail = _OFFICE_OF.match(text, candidate.end) if name.endswith("人民政府") else None
    if tail is None or _NOT_A_NAME.search(tail.group()) or re.search(_VERBS, tail.group()[:-3]):
        return candidate
    return replace(candidate, end=tail.end())


def _speaks_for_government(document: Document) -> bool:
    """Whether the report says 我县, 全市 …: then an office compiles it for its government."""
    start, end = document.view.local(*document.body)
    body = document.view.text[start:end]
    places = len(re.findall(r"(?:我|全)(?:省|市|县|区|旗|盟|州|镇|乡)", body))
    offices = len(re.findall(r"(?:我|本)(?:办|厅|局|委)", body))
    return places > offices


def _as_written(document: Document, start: int, end: int) -> str:
    """The document's own characters, without blanks and bracketed pinyin."""
    view = document.view
    return (
        "".join(document.text[view.starts[i] : view.ends[i]] for i in range(start, end))
        .replace("\u3000", "")
        .replace(" ", "")
    )
