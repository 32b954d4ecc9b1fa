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
from .agency_fuller import fullest
from .agency_patterns import (
    BRANCH_OF,
    COMPILED,
    CONTACT,
    DATE_LINE,
    DESK,
    FORM,
    GENERIC,
    GROUP_OF,
    HEAD_LINE,
    INNER,
    INNER_PART,
    ISSUER,
    LEADS,
    LINE,
    MENTION,
    MINISTRY,
    NATIONAL,
    NOT_A_NAME,
    OFFICE_OF,
    OWN,
    PLACE,
    PLACE_BY_GROUP,
    PLACE_END,
    PLACED,
    REPORT_OF,
    REPORTER,
    SITE_OF,
    STAFF_LINE,
    STREET,
    SUBJECT,
    SUFFIX,
    TITLES,
    TOWN_OFFICE,
    VERBS,
    YEAR,
)


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
    start, end = fullest(text, (best.start, best.end), ((c.start, c.end) for c in candidates))
    name = text[start:end]
    if best.weight < _TITLE_WEIGHT and _speaks_for_government(document):
        inner = INNER.search(name)
        if (
            inner
            and len(name) - len(inner.group()) >= 3
            and re.search(rf"(?:{PLACE_END})$", name[: inner.start()])
        ):
            end = start + inner.start()
    if text[start:end].endswith("政府") and not text[start:end].endswith("人民政府"):
        end -= 2
    return _as_written(document, start, end) + _completion(document, text[start:end])


_TITLE_WEIGHT = 9.0
_TELLING = 4.6  # below it a mention needs a place or an institution in its name


def _candidates(document: Document) -> Iterator[_Candidate]:
    text = document.view.text
    low, high = document.view.local(*document.body)
    yield from _from_titles(document, text, low)
    for match in FORM.finditer(text):
        yield _cut(text, match, 8.0)
    for match in ISSUER.finditer(text[:8000]):
        issuer = _cut(text, match, 5.0)
        # A bare kind of body (`教育局`) may be any place's.
        placed = PLACED.search(text[issuer.start : issuer.end])
        yield issuer if placed else replace(issuer, weight=4.6)
    for match in COMPILED.finditer(text, low, min(high, low + 3000)):
        group = match.lastgroup or "of"
        # An office that says that it wrote the report may be an inner one.
        weight = _TELLING if group == "self" else 6.5
        yield _without_lead(text, _Candidate(match.start(group), match.end(group), weight))
    for match in PLACE_BY_GROUP.finditer(text, low, min(high, low + 3000)):
        yield _at(match, 6.5)
    for pattern in (REPORTER, REPORT_OF):
        for match in pattern.finditer(text, low, min(high, low + 1500)):
            yield _at(match, 6.0)
    for weight, first, last in ((4.5, low, min(high, low + 3000)), (4.0, max(low, high - 600), high)):
        for match in CONTACT.finditer(text, first, last):
            yield _at(match, 3.0 if DESK.search(match["name"]) else weight)
    for match in GROUP_OF.finditer(text, low, min(high, low + 4000)):
        yield _at(match, 3.2)
    for match in MENTION.finditer(text, low, min(high, low + 4000)):
        if not STAFF_LINE.search(text, low, match.start("name")):
            yield _at(match, 3.5 - (match.start() - low) / 4000)
    for match in SITE_OF.finditer(text, low, min(high, low + 4000)):
        yield _at(match, 2.2)
    for match in PLACE.finditer(text, low, min(high, low + 4000)):
        yield _at(match, 2.0 - (match.start() - low) / 4000)
    for match in SUBJECT.finditer(text, low, min(high, low + 4000)):
        yield _at(match, 3.4 - (match.start() - low) / 4000)
    for match in DATE_LINE.finditer(text, 0, low + 400):
        yield _at(match, 3.3)
    for match in HEAD_LINE.finditer(text, 0, low + 200):
        yield _at(match, 2.5)
    lines = list(re.finditer(r"[^\n]+", text[max(low, high - 400) : high]))
    for line in lines[-6:]:
        at = max(low, high - 400) + line.start()
        signed = LINE.match(line.group().strip())
        if signed and len(line.group()) <= 40:
            offset = at + line.group().index(signed["name"])
            yield _Candidate(offset, offset + len(signed["name"]), 5.5)


def _from_titles(document: Document, text: str, low: int) -> Iterator[_Candidate]:
    """Names in title lines, in the line before a title that has none, and in titles over two lines."""
    if document.title is not None:
        start, end = document.view.local(*document.title)
        yield from _in_title(text, start, end, _TITLE_WEIGHT + 1.0)
    # Of a path of links (`首页 > 年报 > …`) each step is a line of its own.
    lines = [
        (m.start() + a, m.end() + a)
        for a, b in ((max(0, low - 1500), low), (low, low + 2500))
        for m in re.finditer(r"[^\n>»]+", text[a:b])
    ]
    for index, (start, end) in enumerate(lines):
        line = text[start:end]
        if (
            "公开" in line
            and re.search(r"报告|年报|总结|情况|成绩单|汇报", line)
            and re.search(YEAR + "|统计表|公开报告|年度报告", line)
        ):
            # What precedes the body may list other agencies' reports.
            found = list(_in_title(text, start, end, _TITLE_WEIGHT if start >= low else 4.7))
            yield from found
        if "公开" in line and re.search(r"报告|年报|总结", line) and end - start < 40:
            for near in (index - 1, index - 2, index + 1):
                if 0 <= near < len(lines) and (match := LINE.match(text[slice(*lines[near])])):
                    at = text.index(match["name"], lines[near][0])
                    yield _Candidate(at, at + len(match["name"]), 8.5)


def _in_title(text: str, start: int, end: int, weight: float) -> Iterator[_Candidate]:
    for pattern in TITLES:
        match = pattern.match(text[start:end])
        if match:
            first = match.start("name")
            name = re.sub(r"(?:关于|的|在|发布|公布)+$", "", match["name"])
            found = _Candidate(start + first, start + first + len(name), weight)
            yield _without_lead(text, found)
            return


def _at(match: re.Match[str], weight: float) -> _Candidate:
    return _without_lead(match.string, _Candidate(match.start("name"), match.end("name"), weight))


def _without_lead(text: str, candidate: _Candidate) -> _Candidate:
    """Without the words that lead to it, and without `及其办公室` behind it."""
    alone = text.find("及其", candidate.start + 2, candidate.end)
    if alone >= 0:
        candidate = replace(candidate, end=alone)
    lead = LEADS.match(text[candidate.start : candidate.end])
    return replace(candidate, start=candidate.start + lead.end()) if lead else candidate


def _cut(text: str, match: re.Match[str], weight: float) -> _Candidate:
    """A name after a label, cut where the next label begins."""
    stop = re.search(
        rf"^.*?(?:{SUFFIX})(?=$|[^\u4e00-\u9fff]|审核|负责|填表|填报|单位|发布|公开|文号|日期|主题|索引)",
        match["name"],
    )
    return _Candidate(
        match.start("name"), match.start("name") + (stop.end() if stop else len(match["name"])), weight
    )


def _is_name(name: str, weight: float) -> bool:
    if weight < _TELLING and (
        not PLACED.search(name) or re.match(r"[全我各本市县区省]|及|和|在|对|向", name)
    ):
        return False
    if weight >= _TITLE_WEIGHT and (MINISTRY.match(name) or STREET.match(name)):
        return True
    if weight > _TELLING and NATIONAL.match(name):
        return True
    if weight < _TITLE_WEIGHT - 1 and INNER_PART.search(name) and not PLACED.search(name):
        return False
    if len(name) < 3 or NOT_A_NAME.search(name) or GENERIC.match(name):
        return False
    return bool(re.search(rf"(?:{SUFFIX}|{PLACE_END}|开发区|园区|新区|新城|景区|委|办)$", name))


def _stem(name: str) -> str:
    return re.sub(r"(?:人民政府|政府)?(?:办公[厅室])?$", "", name) or name


def _completion(document: Document, name: str) -> str:
    """A place alone means its government; a street its office. In the report's script."""
    tail = ""
    if name.endswith("街"):
        tail = "道办事处"
    elif name.endswith("街道"):
        tail = "办事处"
    elif name.endswith(("开发区", "园区", "新区", "景区", "新城", "示范区", "保税区", "管理区")):
        tail = "管理委员会"
    elif name.endswith(("盟", "地区")):
        tail = "行政公署"
    elif re.search(rf"(?:{PLACE_END})$", name):
        tail = "人民政府"
    found = document.view.text.find(tail) if tail else -1
    return _as_written(document, found, found + len(tail)) if found >= 0 else tail


def _own_kind(document: Document) -> re.Pattern[str] | None:
    """What the reporter calls itself (我局, 我镇), as what its name must hold; None if it never does."""
    start, end = document.view.local(*document.body)
    said = re.findall(rf"[我本]({'|'.join(OWN)})(?!级|地|市场|身)", document.view.text[start:end])
    if not said:
        return None
    return re.compile(OWN[Counter(said).most_common(1)[0][0]])


def _extended(text: str, candidate: _Candidate) -> _Candidate:
    """Offices and branches named after their body are the body's; a town's own office is the town."""
    name = text[candidate.start : candidate.end]
    branch = BRANCH_OF.match(text, candidate.end) if name.endswith("局") else None
    if branch and not NOT_A_NAME.search(branch.group()) and not re.search(VERBS, branch.group()):
        return replace(candidate, end=branch.end())
    town = TOWN_OFFICE.search(name)
    if town and town.start() >= 3:
        return replace(candidate, end=candidate.start + town.start())
    tail = OFFICE_OF.match(text, candidate.end) if name.endswith("人民政府") else None
    if tail is None or NOT_A_NAME.search(tail.group()) or re.search(VERBS, tail.group()[:-3]):
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
