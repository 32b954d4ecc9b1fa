"""Finds, for each number of a sentence, the words that say what is counted."""

from __future__ import annotations

import re
from functools import cache

from .lexicon import load_lexicon
from .rule_names import YEAR
from .rule_numbers import Found

Interval = tuple[int, int]

_STRONG = '，,。；;：:！!？?（）()“”"|\n'
_TOTAL_WORDS = re.compile(
    r"(?<!收)(?<!接)(?:(?:和|及)?所?占(?:的)?(?:比例|比重|比)|总数|总量|总计|合计|累计|共计|数量|的数量|总人次|总额|总次数|共|达|约|为|是|分别|各|有|了|数为|的|等|也|(?<![日月年])均|近|超过|超|突破|不少于|不低于|至少|达到|已达|高达|多达|仅|只|(?<![统会审设预估])计|：|:|已|就|即)+$"
)
_PART = re.compile(
    r"^(?:占|所占|比例|比重|较|比|同比|环比|增长|增加|减少|下降|上升|提高|率|增幅|降低|与去年|与上年|同期|总量|年均|分别|平均)"
)
_MAX_METRIC = 30
# Words whose first characters are no lead words, verbs or frames of their own.
_WHOLE = r"(?:在线|在编|在职|在岗|现行|现场|现代|计划|计生|及时[率性度]|即时|共同|共享|共青团|有效|有关|有针对|中国|中央|中共|中小|中心|内容|内部|内设|为民|已主动公开|主要负责|主要领导|对外贸易|由于|组织机构)"
# Who acts, before what was done: `某街道共收到申请`, `档案馆全年共接收文件`; a channel belongs to the metric.
_ACTOR = re.compile(
    r"[^，。：；网微报栏台号\d]{0,16}?(?:政府|[局委办](?:[（(][\u4e00-\u9fff]{1,4}[)）])?|办公室|办事处|委员会|管委会|(?<![全内干])部|[两三四]级|街道|[镇乡县市区旗州盟]|苏木|机关|单位|部门|学校|医院|公司|大学|学院|馆|中心|街)"
    rf"(?:{YEAR.pattern})?(?:(?:共计|累计|共)(?=[收接受办主公发召举开答处新制印回组有配设])|(?=(?:收到|受理|接到|发生)))"
)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lexicon = load_lexicon()
    frames = re.compile(
        rf"(?:(?!(?<=[览问击读播])量|(?<=[统会审设预估])计|(?<=[日月年])均)(?:{lexicon.frames_before}))+$"
    )
    leads = re.compile(
        rf"^(?:(?!{_WHOLE})(?:{lexicon.lead_words}|{YEAR.pattern}"
        r"|(?:本|我|全|该)(?:街道|苏木|机关|单位|[省市县区旗盟州镇乡局委办厅院校](?:[（(][\u4e00-\u9fff]{1,4}[)）])?)"
        r"|(?:19|20)\d{2}(?=共|累计)|\d{1,2}[.、](?!\d)|[（(][一二三四五六七八九十\d]{1,2}[)）]|[,，、]))+"
    )
    verbs = re.compile(
        rf"^(?!{_WHOLE})(?:共|已|均|还|新|再)?(?P<verb>{lexicon.frame_verbs})(?:了|过|有|到|的)*(?:[、和及](?:{lexicon.frame_verbs}))?"
    )
    return frames, leads, verbs


def find_metrics(text: str, numbers: list[Found]) -> list[Interval]:
    """Metric intervals in text order; a number whose metric was named before gets none of its own."""
    metrics: list[Interval] = []
    floor = 0  # where the previous figure, with its metric, ends
    for index, number in enumerate(numbers):
        if number.start < floor:  # the number stands inside a metric that follows another number
            continue
        ceiling = numbers[index + 1].start if index + 1 < len(numbers) else len(text)
        before = _metric_before(text, floor, number.start)
        if not number.is_rate and (before is None or _points_on(text, floor, number)):
            after = _metric_after(text, number.stop, ceiling)
            if after is not None:
                metrics.append(after)
                floor = after[1]
                continue
        if before is None and not number.is_rate:
            before = (
                _verb_alone(text, floor, number.start, _TELLING_VERBS)
                or _metric_of_last_clause(text, floor, number.start)
                or _verb_alone(text, floor, number.start, _FRAMING_ONLY - _EMPTY_VERBS)
            )
        if before is None and number.is_rate and text.startswith("的", number.stop):
            before = _metric_after(text, number.stop, ceiling)  # `八成的信息在网上公开`
        if before is not None:
            metrics.extend(_members(text, before, number))
        floor = number.stop
    return metrics


_SHARED = re.compile(r"分别|依次|各|均|都")
_LITIGANTS = re.compile(r"复议|诉讼|申诉|举报|投诉")


def _members(text: str, metric: Interval, number: Found) -> list[Interval]:
    """The members of a coordinated metric where the words say that each has a number of its own."""
    start, end = metric
    between = text[end : number.start]
    none = text[number.start : number.end] in ("0", "零")
    if not (_SHARED.search(between) or (none and len(_LITIGANTS.findall(text[start:end])) > 1)):
        return [metric]
    parts: list[Interval] = []
    at = start
    for joint in re.finditer(r"、|和(?!谐)|以?及(?!时|格)|与(?!会)|或", text[start:end]):
        parts.append((at, start + joint.start()))
        at = start + joint.end()
    parts.append((at, end))
    parts = [(a, b) for a, b in parts if b - a >= 1]
    if any(b - a < 2 for a, b in parts) and not _SHARED.search(between):
        return [metric]
    return parts


# Where something happens, or what it is about: no metric, if one follows the number.
_SETTING = re.compile(
    r"^(?:其中|并|先后|共)?(?:在|向|从|面向|围绕|涵盖|针对)[^，。]{1,14}$|(?:领域|方面|环节|工作中|活动中|期间|范围内)$"
)


# What these verbs set up, name or take in follows the number, as does the next member of a list.
_POINTER = re.compile(
    r"(?:配备|配置|配齐|新设|增设|设立|设置|设有|安排|指定|确定|另定|选定|选派|聘请|抽调|开辟|开设|召开|举办|举行|收到|接到|受理|购置|明确|落实|现有|建立|建成|开放|组织|全[省市县区州旗镇乡]|督促|邀请|走访|深入|到|所属|下属|下辖|分布在|分布于|来自)(?:了|有|过)?(?:近|约|共)?$|[^，。；、]、$|对其中$|的$"
)


# Nouns that are counted in persons and bodies; a list of names ends in 等 or 》 before their number.
_COUNTED_NOUN = re.compile(
    r"(?:专职|兼职|全职|工作人员|处室|科室|子栏目|部门|(?:公共|信息)?查阅点|(?:信息)?(?:申请)?受理点|制度|机制)"
)
_LIST_END = re.compile(r"(?:等|》|、[^，。；、]{2,14}(?<!和)(?<!共计))$")


def _points_on(text: str, floor: int, number: Found) -> bool:
    end = number.start
    words = text[_clause_start(text, floor, end) : end]
    if _POINTER.search(words) or _COUNTED_NOUN.match(text, number.stop):
        return True
    if (
        number.unit
        and _LIST_END.search(words)
        and text[slice(*number.unit)] in ("个", "家", "名", "位", "项")
    ):
        return True
    return bool(_SETTING.search(words)) and not re.search(r"公开|发布|收到|受理|办|信息", words)


_QUOTED_KIND = re.compile(r"(?:等|类|方面)?(?:信息|经费)")


def _clause_start(text: str, floor: int, end: int) -> int:
    start = end
    depth = 0
    while start > floor:
        sign = text[start - 1]
        kind = "“" not in text[start:end] and _QUOTED_KIND.match(text, start)
        if sign == "”" and (start == end or kind):  # a quoted name
            start = max(floor, text.rfind("“", floor, start) + 1)
        elif sign in ")）":  # words in brackets right before the number belong to the metric's tail
            depth += 1
        elif sign in "(（" and depth:
            depth -= 1
        elif sign in "：:" and start == end:
            pass
        elif not depth and sign in _STRONG:
            break
        start -= 1
    return start


_MANY = frozenset("百千万")


def _metric_before(text: str, floor: int, end: int) -> Interval | None:
    if text[end : end + 1] in _MANY and text[floor:end].endswith("上"):
        end -= 1  # `上千人次`
    start = _clause_start(text, floor, end)
    if start == end and text[floor:start].endswith("（"):  # `征地拆迁（12件，占60%）`
        return _trim(text, _clause_start(text, floor, start - 1), start - 1)
    return _trim(text, start, end)


# `点击量由2011年的250万次升至…`: the year is no part of what is counted.
_FROM_YEAR = re.compile(rf"(?<=..)(?:由|从)(?:{YEAR.pattern})$")
# `在主动公开的信息中，政策类8条`: what the counted kind is a part of.
_AMONG = re.compile(
    r"(?:主动|网上|全部)*公开的?(?:政府|政务)?信息(?:当?中|里)[，,]?(?:属于|属|有关|涉及)?(?=[\u4e00-\u9fff]{4})"
    r"|[\u4e00-\u9fff]{2,14}?主要(?:涉及|包括)(?=[\u4e00-\u9fff]{2})"
)
_AMONG_END = re.compile(r"(?<=信息)当?中$")


def _bare(text: str, start: int, end: int) -> Interval:
    """The words without what leads up to them and what frames the number behind them."""
    frames, leads, _ = _patterns()
    while start < end:
        piece = text[start:end]
        if (match := frames.search(piece)) or (match := _TOTAL_WORDS.search(piece)):
            end = start + match.start()
        elif piece[-1] in " 、,，：:的占由":
            end -= 1
        elif (match := _FROM_YEAR.search(piece)) or (match := _AMONG_END.search(piece)):
            end = start + match.start()
        elif (match := _AMONG.match(piece)) or (match := leads.match(piece)):
            start += match.end()
        elif piece[0] in " 、,，：:和及）":
            start += 1
        else:
            break
    return start, end


def _trim(text: str, start: int, end: int) -> Interval | None:
    _, _, verbs = _patterns()
    bracket = re.search(r"[（(][^）)]*[）)]$", text[start:end])
    if bracket:
        end = start + bracket.start()
    start, end = _bare(text, start, end)
    actor = _ACTOR.match(text, start, end)
    if actor and end - actor.end() >= 2:
        start, end = _bare(text, actor.end(), end)
    if end - start < 1 or _PART.match(text[start:end]):
        return None
    agency = re.match(
        r"[\u4e00-\u9fff]{2,12}?(?:人民政府|办公室|办事处|委员会|局)(?=[^网门站长属机内])", text[start:end]
    )
    if agency and end - start - agency.end() >= 4:
        start, end = _bare(text, start + agency.end(), end)
    verb = verbs.match(text[start:end])
    if verb:
        rest = text[start + verb.end() : end]
        if len(rest) >= 2 and rest[0] not in "率量数":
            if verb.group("verb") in _STRIPPED:
                start += verb.end()
        elif not rest and verb.group("verb") in _FRAMING_ONLY:
            return None
    if end - start > _MAX_METRIC:
        start = _last_phrase(text, start, end)
    return (start, end) if end > start and re.search(r"[\u4e00-\u9fffA-Za-z]", text[start:end]) else None


# Verbs that alone say nothing of what is counted: the metric follows the number.
_FRAMING_ONLY = frozenset(
    "覆盖 涵盖 惠及 辐射 收到 接到 接收 接受 受理 召开 举办 举行 开展 组织 组织开展 参加 设立 设置 设有 设 开设 建立 配备 配置 安排 投入 新增 增加 增设 完成 "
    "涉及 含 含有 拥有 有 为 共 计 发布 公开 公布 主动公开 印发 制发 制作 编印 编发 发放 张贴 悬挂 处理 办理 回复 回应 答复 更新 推送 刊登 "
    "刊发 报送 转发 产生 发生 作出 做出 出台 制定 提供 聘请 购置 撰写 起草 清理 废止 承办 共有 收到了 接待 征集 收集 培训 审查 梳理 整改 公示 "
    "上传 录入 登载 发送 下发 解答 建成 建设 出版 发行 审核 进行 形成 获得 实现 给予 查处".split()
)

# Verbs that say it all where no noun stands with them: `主动公开35条，培训2次`.
_TELLING_VERBS = frozenset("主动公开 培训 答复 回复 办结".split())

_EMPTY_VERBS = frozenset(
    "覆盖 涵盖 惠及 辐射 涉及 含 含有 拥有 有 为 共 计 共有 设 设有 形成 实现 进行 增加 新增 增设 获得".split()
)

# Verbs that say nothing of what is counted even where a noun follows them: 召开会议, 收到申请.
_STRIPPED = frozenset(
    "收到 接到 接收 受理 承办 召开 举办 举行 开展 组织 组织开展 参加 设立 设置 设有 设 开设 建立 建成 配备 配置 安排 新增 完成 拥有 有 印发 "
    "制发 编印 编发 发放 张贴 悬挂 给予 作出 做出 产生 发生 形成 进行 提供 获得 聘请 撰写 含 含有 涉及 处理 办理 为 共 计".split()
)


def _last_phrase(text: str, start: int, end: int) -> int:
    """The start of the last phrase of an overlong metric: after its last verb or comma-like sign."""
    lexicon = load_lexicon()
    cut = start
    for match in re.finditer(rf"(?:{lexicon.frame_verbs}|、)", text[start : end - 2]):
        cut = start + match.end()
    return cut if end - cut <= _MAX_METRIC else end - _MAX_METRIC


_AFTER = re.compile(
    r"^(?:的)?(?P<words>[\u4e00-\u9fffA-Za-z《》“”\d]{2,30}?)(?=$|[，,。；;、：:（()）|\n]|并|均|全部|进行|占|已|分别|都|其中|和|及|共|达|负责|专门|承担|从事|担任|设置|具体|兼职负责|各有|参加|设立|建立|开设|(?<!存)(?<!现)在(?!线|职|编|岗|建|册))"
)


def _metric_after(text: str, start: int, ceiling: int) -> Interval | None:
    match = _AFTER.match(text[start : max(start, ceiling)])
    if not match:
        return None
    words = match["words"]
    if re.match(r"(?:以上|左右|以内|以下|之多|不等|次|余|多)|(?:专门|具体)$|\S{0,6}信息中$", words):
        return None
    if re.match(
        r"(?:占|较|比|同比|增长|上升|下降|增加|减少|提高|降低|为|和|及|与|并|均|全部|进行|都|已|按|在|由|对|，|是|含|完成|办结)",
        words,
    ):
        return None
    return start + match.start("words"), start + match.end("words")


def _metric_of_last_clause(text: str, floor: int, end: int) -> Interval | None:
    """The metric named one comma earlier: `办理依申请公开，共3件`."""
    here = _clause_start(text, floor, end)
    if here - 1 <= floor or text[here - 1] not in "，,：:":
        return None
    return _trim(text, _clause_start(text, floor, here - 1), here - 1)


def _verb_alone(text: str, floor: int, end: int, telling: frozenset[str]) -> Interval | None:
    """A verb that stands for its metric, nothing else being named: `推送8条`."""
    start, end = _bare(text, _clause_start(text, floor, end), end)
    verb = _patterns()[2].match(text[start:end])
    if verb is None or start + verb.end() < end or verb.group("verb") not in telling:
        return None
    return start + verb.start("verb"), start + verb.end("verb")
