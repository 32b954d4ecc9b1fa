"""Which line ends belong to the page only: soft wraps of hard-wrapped text, and page numbers between them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What ends a line in decoded text; the same set as `str.splitlines`."""

PAGE_NUMBER = re.compile(
    r"(?:[-—–－―─]{1,3}\s*\d{1,4}\s*[-—–－―─]{1,3}"
    r"|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}"
    r"|[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?)"
)
"""A line that is nothing but a page number: `— 1 —`, `-2-`, `第3页共5页`, `3/5`."""

HEADING_MARK = re.compile(
    r"第[一二三四五六七八九十]{1,3}(?:部分|章|节)"
    r"|[一二三四五六七八九十]{1,3}\s*[、.．，,：:]"
    r"|[(（]\s*[一二三四五六七八九十]{1,3}\s*[)）]"
    r"|[(（]\s*\d{1,2}\s*[)）]"
    r"|\d{1,2}\s*(?:、|[.．](?!\d))"
    r"|[㈠-㈩⑴-⒇①-⑳⒈-⒛]"
    r"|#{1,6}\s|附(?:件|表|录)|表[一二三四五六七八九十\d]"
)
_BARE_MARK = re.compile(r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]")
_CLOSERS = "”’」』）)》】\"'"
_SENTENCE_END = re.compile(rf"[。！？!?][{_CLOSERS}]*$|(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}[)）\]]?$")
_TABLE_LINE = re.compile(r"[|｜┃│\t]|\S {4,}\S")
_TITLE_TAIL = re.compile(
    r"(?:政府|政务)?(?:信息)?(?:公开)?(?:工作)?(?:年度(?:工作)?报告|年報|年报|年度(?:工作)?報告)$"
)
_TITLE_HEAD = re.compile(r"(?:信息|信息公开|信息公開|政务公开|政務公開|公开|公開|工作)$")
_BODY_NAME = re.compile(
    r"[\u4e00-\u9fff（）()]{2,26}(?:政府|办公[室厅廳]|局|委|委员会|委員會|厅|廳|院|校|大学|大學|中心|处|處|所|站|街道|镇|鎮|乡|鄉|县|縣|市|区|區)"
)
_YEAR_TITLE = re.compile(
    r"(?:19|20)\d\d\s?年度?.{0,4}(?:政府信息|政务|政務|信息)?公[开開].{0,6}(?:报告|報告|年报|年報)"
)
_WHOLE_HEADING = re.compile(
    rf"(?:{HEADING_MARK.pattern}).{{2,36}}(?:情况|情況|措施|问题|問題|工作|建设|建設|方面|打算|事项|事項)$"
)

_SPLIT_WORD = re.compile(
    r"\d,\d\n\d\d|,\d\d\n\d|信\n息|政\n[府务務]|[政信]府?息?\n公[开開]|公\n[开開众眾]|申\n[请請]|行\n政|[复復]\n[议議]|[诉訴]\n[讼訟]|网\n站|網\n站"
    r"|政府\n信息|主[动動]\n公|人\n[员員次]|情\n[况況]|[条條]\n例|工\n作|微\n[信博]|规范\n性|[万亿]\n元"
)
_WITHIN_PROSE = re.compile(r"[，。；]|,(?!\d{3})|;")
_STARTS_AFRESH = re.compile(
    r"[一二三四五六七八九十]是|首先|其次|再次|最后|第[一二三四五六七八九十]|[—●•·◆■★※▪○◎>-]|注[:：]|(?:19|20)\d\d\s?年|全年|本年|我[省市县縣区區局委办辦镇鎮乡鄉校院旗]|根据|按照"
)
_COUNTED = re.compile(r"\d\s?[条條件篇次个個名家项項人份期场場户起宗部万%]")
_FIGURE_LINE = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
_COUNTED_UNIT = (
    r"(?:[万亿萬億]?[余多餘]?(?:人次|批次|家次|[条條件篇次个個名家项項人份期场場户起宗部册冊批元]))"
)
_COUNT_LINE = re.compile(rf"(?:\d[\d,]*(?:\.\d+)?{_COUNTED_UNIT}){{1,2}}")
# No line of a page begins with these but where mark-up broke the one before.
_STOP = re.compile(r"[，。；、！？）”]|[,;](?!\d)")
_YEAR_HEAD = re.compile(r"(?:^|[^\d.])(?:19|20)\d\d$")
_UNIT_AND_PROSE = re.compile(
    r"(?:[条條件篇次个個名家项項人份期场場户起宗部万亿元余多]{1,3}|%)?[，。；、,;）)].|[条條件篇次个個名家项項人份期场場].{3,}[，。；,]"
)

_SHORTEST_PROSE = 24
_LONGEST_WRAP = 120
_SHORTEST_WRAP = 36
_SLACK = 10  # a line may end early: an indent, punctuation that starts no line, words that do not break


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text without its line end: offsets of what is left when blanks are stripped."""

    start: int
    end: int
    stop: int  # where the line ends before its line end, blanks included
    next: int  # where the next line starts
    text: str  # stripped

    @property
    def width(self) -> int:
        """Columns on the page: two for a Chinese character, one for a Latin one."""
        return (len(self.text.encode("utf-8", "surrogatepass")) + len(self.text)) // 2


def split_lines(text: str) -> list[Line]:
    """The lines of a text, in order; a final line end opens no further line."""
    lines: list[Line] = []
    position = 0
    for match in LINE_END.finditer(text):
        lines.append(_line(text, position, match.start(), match.end()))
        position = match.end()
    if position < len(text):
        lines.append(_line(text, position, len(text), len(text)))
    return lines


def _line(text: str, start: int, stop: int, following: int) -> Line:
    words = text[start:stop]
    stripped = words.strip()
    first = start + (len(words) - len(words.lstrip()) if stripped else 0)
    return Line(first, first + len(stripped), stop, following, stripped)


def soft_breaks(lines: list[Line]) -> list[tuple[int, int]]:
    """Intervals of the text to drop so that wrapped paragraphs read on, in order, without overlap.

    An interval covers a line end and, where a paragraph runs over a page, the page number.
    Lines of tables, headings and one-cell-a-line columns keep their line ends.
    """
    widths = [line.width for line in lines]
    margin = _margin(lines, widths)
    found: list[tuple[int, int]] = []
    for i, line in enumerate(lines):
        if not line.text or PAGE_NUMBER.fullmatch(line.text):
            continue
        following = _following(lines, i)
        if following is not None and (
            _reads_on(line, lines[following], widths[i], margin) or _splits_figure(lines, i)
        ):
            found.append((line.stop, lines[following - 1].next))
    return found


def _reads_on(line: Line, after: Line, width: int, margin: int | None) -> bool:
    """Whether a paragraph runs over the end of `line` into `after`."""
    words, rest = line.text, after.text
    if _splits_title(line, after):
        return True
    if _BARE_MARK.fullmatch(words) and not HEADING_MARK.match(rest):
        return True
    if _breaks_off(words, rest):
        return True
    if _SENTENCE_END.search(words) or _TABLE_LINE.search(words) or _TABLE_LINE.search(rest):
        return False
    if _SPLIT_WORD.search(f"{words[-3:]}\n{rest[:2]}"):
        return True
    if HEADING_MARK.match(rest) or _WHOLE_HEADING.match(words):
        return False
    if margin is not None and margin - _SLACK <= width <= margin + 4:
        return True
    # Without a margin to go by, prose that stops short in prose.
    return (
        _SHORTEST_PROSE <= width <= _LONGEST_WRAP
        and words[-1] not in ":：；;"
        and bool(_WITHIN_PROSE.search(words) and _WITHIN_PROSE.search(rest))
        and not (HEADING_MARK.match(words) and "。" not in words and not _COUNTED.search(words))
        and not _STARTS_AFRESH.match(rest)
    )


def _breaks_off(words: str, rest: str) -> bool:
    """Whether mark-up around a few words ended a line: the next begins with a stop, or with a year's 年."""
    if _TABLE_LINE.search(words) or _TABLE_LINE.search(rest):
        return False
    if _YEAR_HEAD.search(words) and rest.startswith("年"):
        return True
    return bool(_STOP.match(rest)) and words[-1] not in "。！？；"


def _splits_figure(lines: list[Line], i: int) -> bool:
    """Whether mark-up broke a sentence around its figure: words, a line `1925`, a line `条，其中…`.

    The figure's line may hold its unit: words, a line `53期`, a line that goes on with the sentence.
    """
    for at in (i, i - 1):
        if at < 0 or at + 2 >= len(lines):
            continue
        before, figure, after = (line.text for line in lines[at : at + 3])
        if len(before) <= 3 or _SENTENCE_END.search(before):
            continue
        if _FIGURE_LINE.fullmatch(figure):
            numbering = after.startswith("、") and before[-1] in ":：；;"
            return bool(_UNIT_AND_PROSE.match(after)) and not HEADING_MARK.match(before) and not numbering
        if _COUNT_LINE.fullmatch(figure) and before[-1] not in ":：；;":
            # Cells of a table hold no sentence.
            return bool(_STOP.match(after) or (_WITHIN_PROSE.search(before) and _WITHIN_PROSE.search(after)))
    return False


def _following(lines: list[Line], i: int) -> int | None:
    """Index of the line that the paragraph would go on with: the next, or the one after a page number."""
    j = i + 1
    passed_page = False
    while j < len(lines) and j <= i + 4:
        words = lines[j].text
        if PAGE_NUMBER.fullmatch(words):
            passed_page = True
        elif words:
            # Blank lines part paragraphs, save around a page number.
            return j if j == i + 1 or passed_page else None
        j += 1
    return None


def _splits_title(line: Line, after: Line) -> bool:
    """A title over two lines: broken before its last words, or the body's name above the rest."""
    words = line.text
    if len(words) >= 60:
        return False
    if _TITLE_HEAD.search(words) and _TITLE_TAIL.fullmatch(after.text):
        return True
    return bool(len(words) < 30 and _BODY_NAME.fullmatch(words) and _YEAR_TITLE.fullmatch(after.text))


def _margin(lines: list[Line], widths: list[int]) -> int | None:
    """The width that the text is wrapped at, in columns; None for text that is not hard-wrapped."""
    wide = [w for w in widths if w >= _SHORTEST_WRAP]
    if len(wide) < 4:
        return None
    counts = Counter(wide)
    margin = max(counts, key=lambda w: (sum(counts[w - d] for d in range(_SLACK + 1)), w))
    near = [i for i, w in enumerate(widths) if margin - _SLACK <= w <= margin]
    open_ended = sum(not _SENTENCE_END.search(lines[i].text) for i in near)
    wider = sum(w > margin + 6 for w in wide)
    if wider > 0.1 * len(near) or len(near) < 0.5 * len(wide) or open_ended < 0.6 * len(near):
        return None
    return margin
