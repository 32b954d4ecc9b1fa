"""Decodes the bytes of Chinese texts: byte order marks, declared charsets, then by how common the characters are."""

from __future__ import annotations

import codecs
import re
from functools import cache

from ..errors import BinaryInputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
_SAMPLE = 200_000
_PLAUSIBLE = 0.6
_PUNCTUATION = "，。、；：？！（）《》“”‘’—…·　〔〕【】％「」『』"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text of bytes; line ends stay as they are, a byte order mark goes.

    UTF-8 is believed wherever it is valid. GB18030 and Big5 can read each other's bytes, so the
    one that gives more of the characters that Chinese texts are made of wins.

    Args:
        declared: the charset that the document itself states, if it does.

    Raises:
        BinaryInputError: the bytes are text in no encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    wide = _utf16(data)
    if wide:
        return data.decode(wide, "replace")
    text = _utf8(data)
    if text is None:
        text = _chinese(data, declared)
    if text is None:
        text = _guessed(data)
    if text is None or len(_CONTROL.findall(text[:_SAMPLE])) > 0.02 * len(text[:_SAMPLE]) + 2:
        raise BinaryInputError("holds bytes that are text in no known encoding", advice=_ADVICE)
    return text


_ADVICE = "save it as UTF-8 text, or give it the suffix of its format"


def plausibility(text: str) -> float:
    """Share of a text's non-ASCII characters that are everyday Chinese ones, from 0 to 1."""
    foreign = [c for c in text if c > "\x7f"]
    if not foreign:
        return 0.0
    common = _common()
    return sum(c in common for c in foreign) / len(foreign)


@cache
def _common() -> frozenset[str]:
    """The 3,755 characters of GB 2312 level 1 with their traditional forms, and Chinese punctuation."""
    level1 = b"".join(
        bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF) if (a, b) < (0xD7, 0xFA)
    )
    simplified = level1.decode("gb2312")
    import opencc

    traditional = opencc.OpenCC("s2t").convert("\n".join(simplified))
    return frozenset(simplified + traditional + _PUNCTUATION) - {"\n"}


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its ASCII, such as line ends and digits, is NUL."""
    sample = data[: _SAMPLE // 4]
    if len(data) < 8 or len(data) % 2 or b"\x00" not in sample:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = sample[: len(sample) // 2 * 2].decode(encoding)
        except UnicodeDecodeError:
            continue
        foreign = sum(c > "\x7f" for c in text)
        if "\x00" not in text and (plausibility(text) >= _PLAUSIBLE or not foreign):
            return encoding
    return None


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        # Crawlers cut files within a character and glue pages; a few lost bytes make no other encoding.
        lost = text.count("\ufffd")
        whole = sum(c > "\x7f" for c in text[:_SAMPLE]) - text[:_SAMPLE].count("\ufffd")
        return text if whole > 20 * min(lost, 10**9) and plausibility(text[:_SAMPLE]) >= _PLAUSIBLE else None


def _chinese(data: bytes, declared: str | None) -> str | None:
    encodings = ["gb18030", "big5hkscs"]
    named = _ALIASES.get((declared or "").lower(), (declared or "").lower())
    if named and named not in encodings and _known(named):
        encodings.append(named)
    best, best_score = None, 0.0
    for encoding in encodings:
        text = data[:_SAMPLE].decode(encoding, "replace")
        score = plausibility(text) - 2 * text.count("\ufffd") / max(1, len(text)) + 0.05 * (encoding == named)
        if score > best_score + 1e-9:
            best, best_score = encoding, score
    if best is None or best_score < _PLAUSIBLE:
        return None
    return data.decode(best, "replace")


def _known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding)._is_text_encoding
    except LookupError:
        return False


def _guessed(data: bytes) -> str | None:
    import charset_normalizer

    match = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    return data.decode(match.encoding, "replace") if match else None
