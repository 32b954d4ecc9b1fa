"""Finds the numbers of a sentence that can be figures: counts with units, rates; the look-alikes masked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..data.numbers import parse_count, parse_rate
from .lexicon import load_lexicon


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a sentence's view: `[start, end)`, its unit's interval (empty if none), rate or count."""

    start: int
    end: int
    unit: tuple[int, int] | None
    is_rate: bool

    @property
    def stop(self) -> int:
        """Where the number with its unit ends."""
        return self.unit[1] if self.unit else self.end


_ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_COUNT = rf"(?:{_ARABIC})(?:[余多几]?[百千万亿]+(?:\d+[百千万])*)?[余多几]?"
_CHINESE = r"[一二三四五六七八九十百千两零〇][一二三四五六七八九十百千万亿两零〇]*[余多几]?[万亿]?"
_RATE = (
    rf"(?:{_ARABIC})[余多]?[%‰]|百分之百|百分百|百分之[一二三四五六七八九十百零点两\d.]+"
    r"|(?<=[占近达约过])(?:一半|半数)|(?:一半|半数)(?=以上|左右)"
    r"|[一二三四五六七八九]成[五半]?(?![立为员功果效分品本长绩就])|[二三四五六七八九十]分之[一二三四五六七八九]"
)

# Numbers that look like figures and are none; the first group of each is what is masked.
_LOOKALIKES = [
    r"(?:https?://|www\.)[\w./?=&%#:-]+",
    r"[\w.+-]+[@#][\w-]+(?:\.[\w-]+)+",
    r"《[^》]{0,80}》?",
    r"(?:19|20)?\d{2}(?:[-—~至到、]+(?:19|20)?\d{2})?学?年(?:度|底|末|初|来|以来|间)?",
    r"[一二][〇○零九一二三四五六七八]{3}年度?",
    r"(?:19|20)\d{2}[-./]\d{1,2}(?:[-./]\d{1,2})?",
    r"\d{1,2}月(?:份|底|末|初|\d{1,2}日)?",
    r"(?:19|20)\d{2,6}(?:月\d{0,2})?日",
    r"\d{1,2}日(?!报)",
    r"\d{1,2}:\d{2}(?::\d{2})?",
    r"[〔\[(【〖]\s*(?:19|20)\d{2}\s*[〕\])】〗]\s*第?\d*号?",
    r"第[\d一二三四五六七八九十百零〇]+(?:[条款项章届次期名位批个号类页至、]|$)",
    r"\d+(?:-\d+)?号(?:楼|令|文|院|线|公告|窗口)?",
    r"(?<!\d)0\d{2,3}[-—－]\d{7,8}(?:[-—转]\d+)?|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)[2-8]\d{6,7}(?![\d条件次篇人元个])",
    r"(?:邮编|邮政编码|电话|传真|联系方式|QQ)(?:号码)?[:：为是]?[\d\-—–()（）转/、]{6,}|(?:邮编|邮政编码|QQ)[:：为是]?\d+|(?:地址|邮箱)[:：][^，。；)）]{0,30}",
    r"(?<!\d)1[02]\d{3}(?:政府|市民|便民|公开|政务|服务|税务|纳税|投诉|举报|监督)*(?:热线|平台|专线|电话|系统|便民)",
    r"(?<=[、“])96\d{3}(?=[、”])",
    r"[一二三四五六七八九十](?:元|台|堂|支|起|本|张|户|块)(?=[区县市镇乡村路]|街道)",
    r"(?<!\d)123\d{2}(?!\d|[条件次篇人元个])|(?<!\d)110(?!\d|[条件次篇人元个%])",
    r"\d+(?:个|多个|余个)?(?:工作日|自然日|交易日|小时|分钟|秒|天|个月|周(?:内|年)|日内|年内|年期)(?:以内|之内|内)?",
    r"[一二三四五六七八九十两]+(?:个工作日|个月|小时|分钟|天|周年|日内)(?:以内|之内|内)?",
    r"每(?:年|半年|季度?|个?月|周|日|天|个?星期|两周|两个月)[^，。；]{0,10}?\d+(?:次|期|条|篇|个|场)(?:以上)?",
    r"每(?:年|半年|季度?|个?月|周|日|天|星期)[^，。；]{0,10}?[一二两三四五六]+(?:次|期|条|篇|场)(?:以上)?",
    r"(?:分为|分成|划分为|归为|共分|细分为)[^，。；]{0,12}?[\d一二三四五六七八九十]+个?(?:大类|小类|类别|类|部分|大项|方面|种|级|块|大块|板块|栏目)?",
    r"[\d一二三四五六七八九十]+个?(?:大类|小类|方面|部分|大项|大板块|板块|环节|步骤|层面|领域|类别|类(?!次)|种|级|层|大方面|阶段)",
    r"(?:得分|评分|得|以|考核|满分)(?:为|达)?\d+(?:\.\d+)?分",
    r"\d+(?:\.\d+)?分(?!之)",
    r"(?:全[省市县区国盟州]|综合|考核)?排(?:名|在|位)[^，。；]{0,12}?第?[\d一二三四五六七八九十]+(?:名|位)?",
    r"前[\d一二三四五六七八九十]+(?:名|位|强)|[\d]+强",
    r"(?:中央|省委|市委)?[一\d]号文件",
    r"[\d一二三四五六七八九十]+(?:公开|公示|公经费|公”|严|统一|务公开|到位|个一|化|微|站式|网通|把手|岗|审|校|微一端|定方案|农|同步|率一度)",
    r"[三五七九]个(?:统一|必须|一律|到位)",
    r"\d+[×xX*]\d+|\d+[A-Za-z]+\d*|[A-Za-z]+\d+",
    r"(?:十[一二三四五六七八九]|二十)(?:大|届)[一二三四五六七中全会]*|十[一二三四五]五",
    r"(?:^|(?<=[。；：:，]))[(（]?\d{1,2}[.、)）．](?!\d)",
    r"[(（][一二三四五六七八九十\d]{1,3}[)）]",
    r"[一二三四五六七八九十](?:是|要|方面|来|则)",
    r"(?:一)(?:些|批|系列|定|般|直|致|体|律|样|旦|切|线|点|贯|起|同|流|级|类|种|经|次性|方面|部分|如既往|对一|站|张网|张表|份子|个季度|个时期|项重要|项长期|项系统|项政治|年一|网|门|窗|件事|步|度|举|手|并|时)",
    r"(?:[上下本这那哪某每同另第任各]|另外|其中)一(?:个|项|次|步|年|名|条|件|家|位|期|批|类)",
    r"[一二三四五六七八九十\d]+届(?:[一二三四五六七八九十\d]+(?:次|中))?",
    r"[“\"][^”\"，。]{1,12}?\d+条[”\"]",
    r"[一二三四五六七八九十两\d]+篇(?:大)?文章|一个(?:崭?新|良好|重要|重大|完整|统一|健康|有力)的",
    r"(?:前进|上升|提升|提高|跃升|进步|后退|下降)了?[\d一二两三四五六七八九十]+(?:名|位|个名次|个位次)",
    r"两(?:会|级|委|学一做|办|侧|岸|地|者|方面|个维护|个确立|个毫不|不愁|个责任|项改革)",
    r"(?:三|四|五|六|七|八|九|十)(?:公|进|级|定|大|务|型|家|位一体|类人员|项机制|项制度|项职能|个自信|个意识|个全面|个中心|到|支一扶|支队伍|个服务|个办法)",
    r"\d+(?:级|度|期工程|大类|大项)",
    r"[\d一二三四五六七八九十]+岁",
    r"\d+(?:版|型|系列)(?!面)",
    r"(?:责任|标准|版本|规划|行动|工程|计划)\d+(?:\.\d+)*(?![\d条件个项份篇次名家部])",
]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    lexicon = load_lexicon()
    counts = re.compile(rf"(?P<number>{_COUNT})(?P<unit>(?:{lexicon.units})(?!分点))?")
    chinese = re.compile(rf"(?P<number>{_CHINESE})(?P<unit>(?:{lexicon.chinese_numeral_units}))")
    lookalikes = re.compile("|".join(f"(?:{p})" for p in _LOOKALIKES))
    one_verb = re.compile(rf"(?:{lexicon.one_needs_verb})[^，。；]{{0,12}}$")
    return counts, chinese, re.compile(_RATE), lookalikes, one_verb


_BARE_BEFORE = re.compile(
    r"(?:为|是|达|达到|共|计|数|量|率|占|约|近|超|超过|突破|余|、|分别|[:：]|超过了|共有|仅)$"
)
_BARE_AFTER = re.compile(r"$|[，。；、)）(（]|(?:和|及|以上|左右|余|以内)")
_NOT_A_UNIT = {
    "人": re.compile(r"民|员|才|大|事|均|口|社|力|物(?!次)|文"),
    "个": re.compile(r"工作日|月|方面|部分|百分点|小时|环节|一|大类|类"),
    "次": re.compile(r"日|年|会议?第|于"),
    "名": re.compile(r"称|单|录|列|义"),
    "家": re.compile(r"庭|长|园"),
    "部": re.compile(r"门|署|委|队|分"),
    "面": re.compile(r"向|对|积|上"),
    "点": re.compile(r"\d|击|钟|多|半|至|前|后"),
    "对": re.compile(r"外|于|标|照|应"),
    "所": re.compile(r"有|需|属|在|谓"),
    "本": re.compile(r"级|年|市|县|区|局|镇|乡|单位|部门|身|地|条例"),
    "支": re.compile(r"出|部|持"),
    "字": re.compile(r"第|号"),
    "单": re.compile(r"位"),
    "起": re.compile(r"来|到|草|诉"),
    "通": re.compile(r"过|知|报|信|告|用"),
    "面向": re.compile(r"$^"),
    "期": re.compile(r"间|限|满"),
    "处": re.compile(r"理|于|罚|置|室|长|级"),
    "组": re.compile(r"织|成|建|长"),
    "版": re.compile(r"本"),
    "集": re.compile(r"中|体|团"),
    "项": re.compile(r"目(?=建设方)"),
    "台": re.compile(r"湾|账|北"),
    "场": re.compile(r"所(?!次)|地|镇"),
    "条": re.compile(r"例|款|规定|第"),
    "例": re.compile(r"如|行|外"),
    "批": re.compile(r"准|复|示"),
    "页": re.compile(r"$^"),
    "头": re.compile(r"$^"),
    "把": re.compile(r"手|握|关"),
    "口": re.compile(r"$^"),
    "元": re.compile(r"旦|素"),
    "则": re.compile(r"$^"),
    "张": re.compile(r"$^"),
    "份": re.compile(r"$^"),
}


# Plans and targets are no figures; the words stand in the number's own clause.
_PLAN = re.compile(
    r"(?:力争|争取|(?<!规划)(?<!工作)(?<!年度)(?<!月度)计划(?!总结|类|生育|单列|信息|公开|性|、|和|执行)|拟(?!制|定|稿)|预计|目标|确保|要求|不得少于|原则上|明年|(?<!结转)(?<!结转至)(?<!结转到)下一?年度?|下一步|将(?=[^，。；]{0,12}(?:达到|不少于|超过|突破|新增|完成)))[^，,。；;]{0,24}$"
)


# Members of a list that names each kind with its bare number: `机构5、规章40、其他2`, `1.机构5；2.规章40`.
_LISTED = re.compile(
    r"(?:(?<![\d.])\d{1,2}[.、]|(?<![^、，；：。\n ]))(?!其中)[\u4e00-\u9fff]{2,16}(?P<number>\d+)(?=[、；，。]|$)"
)
_LIST_LEAST = 3

# With a Chinese numeral these count parts of a plan more often than anything reported.
_VAGUE_UNITS = frozenset({"个", "条", "项", "块", "处", "批", "起", "轮"})


def find_numbers(text: str) -> list[Found]:
    """The numbers of a sentence that can be figures, in order; look-alikes are left out."""
    counts, chinese, rates, lookalikes, one_verb = _patterns()
    masked = [(m.start(), m.end()) for m in lookalikes.finditer(text) if m.end() > m.start()]
    found: list[Found] = []

    def is_free(start: int, end: int) -> bool:
        return not any(s < end and start < e for s, e in masked)

    for match in rates.finditer(text):
        plan = _PLAN.search(text[max(0, match.start() - 32) : match.start()])
        if not plan and is_free(*match.span()) and parse_rate(match.group()) is not None:
            found.append(Found(match.start(), match.end(), None, True))
    taken = [(f.start, f.end) for f in found]
    bare_list = [m.span("number") for m in _LISTED.finditer(text)]
    for match in counts.finditer(text):
        start, end = match.span("number")
        if not is_free(start, end) or any(s < end and start < e for s, e in taken):
            continue
        if _PLAN.search(text[max(0, start - 32) : start]):
            continue
        if parse_count(match["number"]) is None:
            continue
        unit = _unit(text, match)
        listed = len(bare_list) >= _LIST_LEAST and (start, end) in bare_list
        if unit is None and not listed and not _bare_is_figure(text, start, end):
            continue
        found.append(Found(start, end, unit, False))
    taken = [(f.start, f.stop) for f in found]
    for match in chinese.finditer(text):
        start, end = match.span("number")
        unit = _unit(text, match)
        if unit is None or not is_free(start, end) or any(s < end and start < e for s, e in taken):
            continue
        if start and text[start - 1] in "第每某任同另各初数几":
            continue
        vague = match["number"] == "一" or match["unit"] in _VAGUE_UNITS
        if vague and not one_verb.search(text[max(0, start - 16) : start]):
            continue
        if parse_count(match["number"]) is not None:
            found.append(Found(start, end, unit, False))
    return sorted(found, key=lambda f: f.start)


def _unit(text: str, match: re.Match[str]) -> tuple[int, int] | None:
    unit = match["unit"]
    if not unit:
        return None
    start, end = match.span("unit")
    stop_word = _NOT_A_UNIT.get(unit)
    if stop_word and stop_word.match(text, end):
        return None
    return start, end


def _bare_is_figure(text: str, start: int, end: int) -> bool:
    """A number without a unit is a figure where words frame it as one: 为, 达, a list."""
    before, after = text[max(0, start - 4) : start], text[end : end + 3]
    if re.match(r"，占(?:总|比|全|\d)", text[end:]) and re.search(r"[\u4e00-\u9fff]$", before):
        return True  # a forgotten unit in a list of kinds: `部分公开67，占4.6%`
    if text[start:end].startswith("0") and end - start > 1 and "." not in text[start:end]:
        return False  # a code, not a quantity
    return bool(_BARE_BEFORE.search(before)) and bool(_BARE_AFTER.match(after))
