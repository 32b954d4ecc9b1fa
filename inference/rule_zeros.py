"""Finds stated absences: the words that say there was none, and the metrics they hold for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .lexicon import load_lexicon

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ZeroStatement:
    """A negation and the metrics under it, all intervals of the sentence's view."""

    words: Interval
    metrics: tuple[Interval, ...]


_DISCLOSURE = r"(?:政府|政务|依申请|信息|公开|相关|公民|书面|网上|网络|当面|信函|传真|电话)"
_REQUEST = (
    r"(?:公民、?法人(?:和|或|或者|、)其他组织)?(?:要求|提出|申请)?(?:获取|公开)?(?:各类|相关|有关)?(?:依申请公开)?(?:政府|政务|校务|院务)?信息(?:依申请公开|依公开申请|公开)?(?:的)?(?:书面)?申请(?:件|表|书|事项|公开)?"
    r"|依申请公开(?:政府|政务)?(?:信息)?(?:的)?(?:申请|件|事项|信息|要求|情况|业务)?|(?:政府|政务)?信息依申请公开(?:申请)?|公开申请|书面申请|网上申请|任何申请|申请(?:公开)?(?:政府)?信息|要求公开的(?:政府)?信息"
)
_TARGETS = [
    ("review", r"行政复[议义]|(?<!行政)复议(?:案件|申请|事项)?"),
    ("litigation", r"行政诉讼|(?<!行政)诉讼|应诉"),
    ("appeal", r"(?:行政)?申诉"),
    ("complaint", r"举报投诉|投诉举报|投诉(?:、|和|及|或)?举报|举报(?:、|和|及|或)?投诉|举报|投诉"),
    (
        "fee",
        r"(?:检索|复制|邮寄|处理|任何|信息公开|信息处理)*费用|收费(?:项目|情况|事项|行为|现象)?|信息(?:公开)?处理费|工本费",
    ),
    ("waiver", r"费用减免|减免(?:(?:相关|有关)?费用|情况)?"),
    ("refused", r"不予公开(?:的)?(?:情况|政府信息|信息)?|拒绝公开"),
    ("request", _REQUEST),
    ("bare_request", r"(?:书面|当面|网上|网络|信函|电子|口头)?申请(?:件|表|人|函|书)?(?![行复提起赔开公])"),
    (
        "consult",
        r"(?:网上|网络|现场|电话|来电|来访|群众|公民)*咨询(?:业务|事项|件)?(?!处理|服务|热线|电话|情况|台|点)",
    ),
    ("leak", r"失泄密(?:事件|现象|问题)?|泄密(?:事件|事故)?"),
]
_NOT_REQUEST_BEFORE = re.compile(r"(?:因|由于|针对|有关|涉及|就|因为|关于|对|因公民)[^，,。；;]{0,16}$")
_NOT_REQUEST_AFTER = re.compile(
    r"^人(?!提|申请)|^(?:工作)?(?:而|所|被|的)?(?:引起|引发|提起|提出|产生|导致|发生|申请|工作|事宜)?(?:的)?(?:行政)?(?:复议|诉讼|申诉|投诉|举报|争议|费|收费|检索)"
)
_RECEIVED = re.compile(r"(?:收到|接到|受理|接收)(?:过|任何)?$")
_NUMBERING = re.compile(r"^[（(]?[\d一二三四五六七八九十]+[）)]?[、.．]?")
_CLAUSE_END = re.compile(r"(?:的?(?:情况|事项|案件))?(?:[。；，]|$)")
_STOP = re.compile(
    r"[。；;！!？?]|但|不过|仅|只收到|，(?:共|其中|主动|办结|答复|收到|均|及时|按|并(?:按|及时)|通过|全年共)"
)
# Nouns under 无 and 没有 that a report counts; a bare 无 before anything else is no statement of zero.
_WEAK = frozenset(
    {
        "无",
        "没有",
        "没",
        "未",
        "未有",
        "未对",
        "未因",
        "没有因",
        "无任何",
        "没有任何",
        "未被",
        "没有被",
        "未向",
        "没有向",
        "不存在",
        "未涉及",
        "暂无",
        "尚无",
        "均无",
        "并无",
        "无人",
        "均没有",
    }
)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lexicon = load_lexicon()
    negation = re.compile(rf"(?:{lexicon.negations})")
    targets = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _TARGETS))
    after = re.compile(
        r"(?:情况|案件|事项|的情况|数量|事件|件|类案件)?(?:，)?(?:目前|全年|均|都|也|本年度|今年|年内|暂|尚|当前|至今|截至目前)*(?P<words>"
        r"(?:均|都|尚|暂|也|全部)?(?:未收到|没有收到|未发生|没有发生|未出现|未产生|没有产生|未接到|没有|未有|无|为零|为0|是零)(?!\d|条|件))"
    )
    return negation, targets, after


def find_zeros(text: str) -> list[ZeroStatement]:
    """Stated absences of a sentence, in order; a metric belongs to one statement only."""
    negation, targets, after = _patterns()
    statements: list[ZeroStatement] = []
    used: set[int] = set()
    for match in negation.finditer(text):
        if match.start() in used or (
            text[: match.start()].endswith(("从", "毫", "并非", "有")) and match.group() == "无"
        ):
            continue
        scope_end = _scope_end(text, match.end())
        following = negation.search(text, match.end())
        while (
            following
            and following.start() < scope_end
            and not _has_target(targets, text, match.end(), following.start())
        ):
            following = negation.search(text, following.end())
        if following and following.start() < scope_end:
            scope_end = following.start()
        metrics = _targets_in(text, match.end(), scope_end, strict=match.group() in _WEAK)
        if metrics:
            statements.append(ZeroStatement(match.span(), tuple(metrics)))
            used.update(range(match.start(), scope_end))
            continue
    for match in after.finditer(text):
        start, end = match.span("words")
        if start in used:
            continue
        metrics = _targets_before(text, match.start(), used)
        if metrics:
            statements.append(ZeroStatement((start, end), tuple(metrics)))
            used.update(range(metrics[0][0], end))
    return sorted(statements, key=lambda s: s.words)


def heading_targets(text: str) -> list[Interval]:
    """What a heading says that its part is about, of what may be absent: `因信息公开申请行政复议的情况`."""
    number = _NUMBERING.match(text)
    found = _targets_in(text, number.end() if number else 0, len(text), strict=False)
    # `复议方面的支出`: no costs say nothing of the reviews themselves.
    return [(start, end) for start, end in found if not re.search(r"^[^、]{0,6}(?:支出|经费)", text[end:])]


def _has_target(targets: re.Pattern[str], text: str, start: int, end: int) -> bool:
    return targets.search(text, start, end) is not None


def _scope_end(text: str, start: int) -> int:
    stop = _STOP.search(text, start)
    return stop.start() if stop else len(text)


def _targets_in(text: str, start: int, end: int, *, strict: bool) -> list[Interval]:
    _, targets, _ = _patterns()
    out: list[Interval] = []
    kinds: list[str | None] = []
    last = start
    for match in targets.finditer(text, start, end):
        gap = text[last : match.start()]
        if not out and len(gap) > (24 if strict else 40):
            break
        if (
            "，" in gap
            and (out or strict)
            and not re.search(r"，(?:也|或|和|以及|亦)?(?:未|没|无|被|因|提起)", gap)
            and len(gap) > 12
        ):
            break
        if match.lastgroup == "bare_request" and (out or len(gap) > 12):
            continue
        if match.lastgroup in ("request", "bare_request") and _is_modifier(
            text, match.start(), match.end(), start
        ):
            continue
        if re.search(r"\d(?:条|件|次|元)?", gap) or re.match(r"\d", text[match.end() : match.end() + 1]):
            break
        out.append(match.span())
        kinds.append(match.lastgroup)
        last = match.end()
    # `未产生与复议、诉讼有关的费用`: what the costs would have come from was not counted.
    if "fee" in kinds and re.search(
        r"(?:有关|相关)的?(?:\w{0,6})?$", text[start : out[kinds.index("fee")][0]]
    ):
        return [m for m, kind in zip(out, kinds, strict=True) if kind == "fee"]
    return out


def _is_modifier(text: str, start: int, end: int, scope: int) -> bool:
    """`因政府信息公开申请提起行政复议`: the request only says what the review is about."""
    if _NOT_REQUEST_AFTER.match(text[end:]):
        return True
    if _RECEIVED.search(text[:scope]) and _CLAUSE_END.match(text, end):
        return False  # `未接到有关信息公开方面的申请。`: nothing else is there to be received
    return bool(_NOT_REQUEST_BEFORE.search(text[max(0, scope - 4) : start]))


def _targets_before(text: str, end: int, used: set[int]) -> list[Interval]:
    """Metrics before a negation that follows them: `行政复议、行政诉讼均未发生`."""
    _, targets, _ = _patterns()
    start = max(text.rfind(sign, 0, max(0, end - 1)) for sign in "。；;，,：:") + 1
    found = [m for m in targets.finditer(text, start, end) if m.start() not in used]
    kept = [
        m.span()
        for m in found
        if not (m.lastgroup in ("request", "bare_request") and _is_modifier(text, m.start(), m.end(), start))
    ]
    return kept if kept and end - kept[-1][1] <= 8 else []
