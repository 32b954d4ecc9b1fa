"""Normalised characters that taggers read, with the way back to the decoded text.

One form for every sign, so that a small vocabulary is enough:
- traditional characters become simplified ones, compatibility forms their plain ones, one for one;
- digits, Latin letters, `%` and `.` are half-width;
- `，；：！？（）` are full-width, as Chinese typesetting has them, save in numbers (`1,234`, `10:25`)
  and addresses (`http://`);
- enclosed numbers open up (`㈠` → `（一）`), as do heading marks that a wrong decoding broke (`。ㄒ唬┘`);
- blanks beside Chinese characters, bracketed pinyin, invisible characters, soft line ends and
  the page numbers within a paragraph are gone. A hard line end is one `\\n`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .document import View
from .wraps import soft_breaks, split_lines

_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿ"
_TONELESS = r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])[aeiouü]{1,3}(?:ng?)?|er|ang?|ou)"
_HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_BLANK = r" \t\u3000\xa0\u1680\u2000-\u200a\u202f\u205f"
_SPECIAL = re.compile(
    rf"(?P<line>\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])"
    rf"|(?P<blank>[{_BLANK}]+)"
    r"|(?P<drop>[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U0001f000-\U0001faff]+)"
    rf"|(?P<pinyin>(?<=[{_HAN}])[(（](?:(?=[a-z]*[{_TONED}])[a-z{_TONED}\u0300-\u030c]{{1,7}}|{_TONELESS})[)）])"
    r"|(?P<wide>[㈠-㈩⑴-⒛])"
    r"|(?P<broken>[?？]?。(?P<mark>ㄒ唬|ǘ\ue46a?|ㄈ\ue40c?|ㄋ模|ㄎ澹|\ue7c9\ue294|ㄆ撸|ò耍|ň牛|ㄊ\ue17a?)[─-╿]?)"
)
_BROKEN = dict(zip("ㄒǘㄈㄋㄎ\ue7c9ㄆòňㄊ", "一二三四五六七八九十", strict=True))

_NUMBER_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_CLOCK = re.compile(r"(?<=\d)：(?=\d)|(?<=[A-Za-z])：(?=//)")
# A question mark before a Latin letter, or several within a line, is an address or a lost character.
_QUERY = re.compile(r"？(?=[A-Za-z])|(?<=[!-~])？(?=\d)|(?<!？)？{2,}+(?=[^\s？！”’」』）》】])")
_NUMBER_HEAD = re.compile(rf"[{_HAN}）)，。：；][ \u3000]?\d{{1,3}}$")
_NUMBER_TAIL = re.compile(
    r"\d{1,3}(?:\.\d+)?[ \u3000]?[条條件篇次个個名家项項人份期场場户起宗部万萬亿億元余餘多册冊]"
)
_YEAR_TAIL = re.compile(r"(?:19|20)\d\d")
# A page may end all its sentences with half-width stops; behind a numeral one marks a heading (`一.`).
_HALF_STOP = re.compile(
    r"(?<=[\u4e00-\u9fff）”》%])(?<![一二三四五六七八九十])\.(?=[\u4e00-\u9fff（“《 \n]|$)"
)
_CIRCLE_ZERO = re.compile(r"(?<=[一二三四五六七八九〇○Ｏ0O零])[○O](?=[一二三四五六七八九〇○O零年])")
# opencc keeps 著 alone: as a particle it is 着 in simplified script, in 显著 or 著名 it stays.
_PARTICLE = re.compile(r"(?<![显名专巨原编译论所])著(?![名作书称述录])")
# Nor does it change 覆, which is 复 in an answer or a review and stays in 覆盖.
_AGAIN = re.compile(r"(?<=[答回函批])覆(?!盖)|覆(?=议)")


@cache
def _table() -> dict[int, str]:
    """One character for one: compatibility forms, widths, then traditional to simplified."""
    import opencc

    table: dict[int, str] = {}
    folded = [*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0xFF01, 0xFF5F), 0xFE6A, 0xFE50, 0xFE52]
    for code in folded:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = plain
    han = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    simplified = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    table |= {ord(c): s for c, s in zip(han, simplified, strict=True) if c != s and len(s) == 1}
    for code in folded:
        if code in table:
            table[code] = table.get(ord(table[code]), table[code])
    table |= {ord(half): full for half, full in zip(",;:!?()", "，；：！？（）", strict=True)}
    table |= {ord(full): full for full in "，；：！？（）"}
    table |= {
        ord("｡"): "。",
        ord("､"): "、",
        ord("﹐"): "，",
        ord("﹑"): "、",
        ord("﹒"): ".",
        ord("﹪"): "%",
    }
    return table


@cache
def _opened(sign: str) -> str:
    """`㈠` → `（一）`, `⑴` → `（1）`, `⒈` → `1.`"""
    return unicodedata.normalize("NFKC", sign).replace("(", "（").replace(")", "）")


class _Writer:
    """Grows a view's characters together with where each stands in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def keep(self, start: int, end: int) -> None:
        """Take `[start, end)` of the text one character for one."""
        if start < end:
            self.pieces.append(self.text[start:end])
            self.starts.extend(range(start, end))
            self.ends.extend(range(start + 1, end + 1))

    def put(self, words: str, start: int, end: int) -> None:
        """Write words that stand for `[start, end)` of the text, all of them for all of it."""
        self.pieces.append(words)
        self.starts.extend([start] * len(words))
        self.ends.extend([end] * len(words))

    def view(self) -> View:
        """The characters in their one form."""
        words = "".join(self.pieces).translate(_table())
        words = _NUMBER_COMMA.sub(",", words)
        words = _CLOCK.sub(":", words)
        words = _QUERY.sub(lambda m: "?" * len(m.group()), words)
        if len(_HALF_STOP.findall(words)) > words.count("。"):
            words = _HALF_STOP.sub("。", words)
        words = _CIRCLE_ZERO.sub("〇", words)
        words = words.replace("计画", "计划")
        if "著" in words:
            words = _PARTICLE.sub("着", words)
        if "覆" in words:
            words = _AGAIN.sub("复", words)
        return View(words, tuple(self.starts), tuple(self.ends))


def normalise(text: str) -> View:
    """The normalised view of a text, in time linear in its length."""
    writer = _Writer(text)
    position = 0
    for start, end in soft_breaks(split_lines(text)):
        _write_part(writer, position, start)
        if _is_latin(text, start - 1) and _is_latin(text, end):
            writer.put(" ", start, end)
        position = end
        while position < len(text) and text[position] in " \t\u3000\xa0":
            position += 1
    _write_part(writer, position, len(text))
    return writer.view()


def _write_part(writer: _Writer, position: int, stop: int) -> None:
    """Write `[position, stop)` of the text, a soft line end or the text's end behind it."""
    text = writer.text
    for match in _SPECIAL.finditer(text, position, stop):
        start, end = match.span()
        writer.keep(position, start)
        position = end
        kind = match.lastgroup
        if kind == "line":
            writer.put("\n", start, end)
        elif kind == "blank":
            if _keeps_blank(text, start, end):
                writer.put(" ", start, end)
        elif kind == "wide":
            writer.put(_opened(match.group()), start, end)
        elif kind in ("broken", "mark"):
            writer.put(f"（{_BROKEN[match['mark'][0]]}）", start, end)
    writer.keep(position, stop)


def _is_latin(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isascii() and text[at].isalpha()


def _keeps_blank(text: str, start: int, end: int) -> bool:
    """Whether a run of blanks parts words: between Latin words or figures, or wide enough for a column."""
    if start == 0 or end == len(text):
        return False
    before, after = text[start - 1], text[end]
    if before in "\n\r\x0b\x0c\x85\u2028\u2029" or after in "\n\r\x0b\x0c\x85\u2028\u2029":
        return False
    run = text[start:end]
    if "\t" in run or sum(2 if c == "\u3000" else 1 for c in run) >= 4:
        return True
    if before.isdigit() and after.isdigit() and _splits_number(text, start, end):
        return False
    return before.isascii() and after.isascii()


def _splits_number(text: str, start: int, end: int) -> bool:
    """Whether a blank stands within a figure: `信息1 925条`, `网站 4 8 条`; not before a year."""
    if end - start != 1:
        return False
    head = _NUMBER_HEAD.search(text[max(0, start - 8) : start])
    tail = _NUMBER_TAIL.match(text[end : end + 12])
    return bool(head and tail and not _YEAR_TAIL.match(tail.group()))
