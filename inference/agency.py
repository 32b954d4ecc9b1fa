"""The agency whose report it is: from title, issuing body, form head or signature, else None."""

from __future__ import annotations

import re
from collections import Counter

from ..data.document import Document

_BODY = (
    r"(?:人民政府办公[厅室]|人民政府|政府办公[厅室]|街道办事处|办事处|管理委员会|管委会|委员会办公室|委员会|办公[厅室]|行政公署|行署"
    r"|[\u4e00-\u9fff]{0,14}(?:局|厅|委|署|院|校|大学|学院|中学|小学|医院|集团|公司|中心|总队|支队|大队|海关|银行|农场|林场|团场|兵团|站|所|处|社|馆|办|队|法院))"
)
_PLACE = r"[\u4e00-\u9fff]{2,24}?(?:省|自治区|市|州|盟|地区|县|旗|区|镇|乡|苏木|街道|新区|开发区|兵团|团场|农场)"
_NAME = rf"[\u4e00-\u9fff（）()]{{0,24}}?{_BODY}"
_YEAR = r"(?:(?:19|20)\d{2}(?:[-—至~](?:19|20)?\d{2})?|[一二][〇○零0O九一二三四五六七八]{3})\s*(?:学年度?|年度?)?"
_KIND = r"(?:关于)?(?:[开展做好]*)?(?:政府|政务|校务|院务|党务政务|依法|信息|行政)*(?:信息)?公开"
_TITLE = re.compile(rf"^(?P<name>[\u4e00-\u9fff（）()·]{{2,40}}?)(?:关于|\s)*{_YEAR}[^，。]{{0,10}}?{_KIND}")
_TITLE_LATE = re.compile(rf"^{_YEAR}(?P<name>[\u4e00-\u9fff（）()·]{{2,40}}?)(?:关于)?{_KIND}")
_TITLE_PLAIN = re.compile(rf"^(?P<name>[\u4e00-\u9fff（）()·]{{2,40}}?){_KIND}(?:工作)?(?:年度)?(?:工作)?(?:报告|年报|总结|统计)")
_FORM = re.compile(r"填报单位(?:\(盖章\)|（盖章）|\(公章\)|（公章）)?[:：]?\s*(?P<name>[\u4e00-\u9fff（）()]{3,40})")
_ISSUER = re.compile(r"(?:发布机构|发布单位|发文机关|公开主体|信息来源|公开机构|编制单位|编制机关|制作单位|单位名称)[:：\s|]*(?P<name>[\u4e00-\u9fff（）()]{3,40})")
_COMPILED = re.compile(rf"(?:由|现将|是)(?P<name>[\u4e00-\u9fff（）()]{{2,40}}?{_BODY})(?:根据|按照|依据|依照|编制|编写|组织|汇总|综合|结合|负责)")
_CONTACT = re.compile(rf"(?:请(?:直接)?与|请联系|联系(?:单位|部门|地址|人)?[:：为]?|请向|可与|与)(?P<name>[\u4e00-\u9fff（）()]{{2,40}}?{_BODY})(?:联系|咨询|反映|[,，（(]|联络)")
_SIGNATURE = re.compile(rf"^(?P<name>{_NAME})$")
_CLEAN_LEAD = re.compile(r"^(?:关于|印发|公布|发布|附件\d*|首页|当前位置|标题|名称|年度报告|\W)+")
_INNER = re.compile(r"(?:人民政府|政府)办公[厅室]$")
_GENERIC = re.compile(r"^(?:本|我|全|该|各|其|贵|市|县|区|省|州|镇|乡|局|委|政府|有关|相关|上级|国务院|中华人民共和国|部门|单位|全文|年度|现|政务|党政|镇党政|乡党政|县政府|市政府|区政府|信息公开|依申请)")
_NOT_A_NAME = re.compile(r"条例|报告|年度|工作|规定|通知|信息|公开|情况|栏目|网站|目录|指南|要求|总结")


def report_agency(document: Document) -> str | None:
    """The agency's name in the report's script, as full as the text allows; null rather than wrong."""
    lines = _head_lines(document)
    speaks_for_government = _speaks_for_government(document)
    titles = [t for t in [_title(document), *lines] if t]
    for line in titles:
        name = _from_title(line)
        if name:
            return _in_script(document, _complete(name, document))
    body = _body(document)
    for pattern in (_FORM, _COMPILED, _CONTACT, _ISSUER):
        for match in pattern.finditer(body if pattern is not _ISSUER else document.view.text[:6000]):
            name = _named(match["name"])
            if name and (pattern is not _CONTACT or not _GENERIC.match(name)):
                if speaks_for_government and pattern is not _FORM:
                    name = _INNER.sub("人民政府", name)
                return _in_script(document, _complete(name, document))
    signature = _signature(document)
    return _in_script(document, signature) if signature else None


def _title(document: Document) -> str | None:
    if document.title is None:
        return None
    start, end = document.view.local(*document.title)
    return document.view.text[start:end]


def _body(document: Document) -> str:
    start, end = document.view.local(*document.body)
    return document.view.text[start:end]


def _head_lines(document: Document) -> list[str]:
    """Short lines of the document's head that speak of disclosure: titles as pages repeat them."""
    start, end = document.view.local(*document.body)
    text = document.view.text
    lines = text[start : min(end, start + 1500)].split("\n") + text[: min(start, 3000)].split("\n")
    return [line.strip() for line in lines if "公开" in line and 6 <= len(line.strip()) <= 60]


def _from_title(line: str) -> str | None:
    line = _CLEAN_LEAD.sub("", line)
    for pattern in (_TITLE, _TITLE_LATE, _TITLE_PLAIN):
        match = pattern.match(line)
        if match:
            name = _named(match["name"])
            if name:
                return name
    return None


def _named(name: str) -> str | None:
    name = _CLEAN_LEAD.sub("", name).rstrip("的关于在")
    name = re.sub(r"^(?:中共[\u4e00-\u9fff]{2,8}委)?", "", name)
    name = re.sub(r"[（(](?:盖章|公章|章)[）)]$", "", name)
    if len(name) < 3 or _NOT_A_NAME.search(name) or _GENERIC.match(name):
        return None
    if re.search(rf"(?:{_BODY}|{_PLACE})$", name) or re.search(rf"{_PLACE}$", name):
        return name
    return None


def _complete(name: str, document: Document) -> str:
    """A place alone means its government; a street its office."""
    if name.endswith("街道"):
        return name + "办事处"
    if re.search(r"(?:省|自治区|市|州|盟|县|旗|镇|乡|苏木)$", name) or re.search(r"[\u4e00-\u9fff]{2,}区$", name) and not re.search(
        r"(?:开发区|园区|新区|管理区|景区|保护区|示范区|保税区|林区)$", name
    ):
        return name + ("行政公署" if name.endswith(("盟", "地区")) else "人民政府")
    if name.endswith("地区"):
        return name + "行政公署"
    if name.endswith("政府") and not name.endswith("人民政府"):
        return name[:-2] + "人民政府"
    return name


def _speaks_for_government(document: Document) -> bool:
    """Whether the report says 我县, 全市 …: then an office compiles it for its government."""
    words = Counter(re.findall(r"(?:我|全)(?:省|市|县|区|旗|盟|州|镇|乡)", _body(document)))
    offices = len(re.findall(r"(?:我|本)(?:办|厅|局|委)", _body(document)))
    return sum(words.values()) > offices


def _signature(document: Document) -> str | None:
    lines = [line.strip() for line in _body(document).split("\n") if line.strip()]
    for line in reversed(lines[-6:]):
        match = _SIGNATURE.match(line)
        if match and 4 <= len(line) <= 30:
            return _named(match["name"])
    return None


def _in_script(document: Document, name: str) -> str:
    """The name in the document's own characters, blanks and bracketed pinyin left out."""
    found = document.view.text.find(name)
    if found < 0:
        # A completed name: take what stands in the text, then the completion in the same script.
        stem = re.sub(r"(?:人民政府|办事处|行政公署)$", "", name)
        found = document.view.text.find(stem)
        if found < 0 or stem == name:
            return name
        tail = name[len(stem) :]
        return _original(document, found, found + len(stem)) + _tail_in_script(document, tail)
    return _original(document, found, found + len(name))


def _original(document: Document, start: int, end: int) -> str:
    view = document.view
    return "".join(document.text[view.starts[i] : view.ends[i]] for i in range(start, end)).replace("\u3000", "").replace(" ", "")


def _tail_in_script(document: Document, tail: str) -> str:
    found = document.view.text.find(tail)
    return _original(document, found, found + len(tail)) if found >= 0 else tail
