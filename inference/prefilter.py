"""What of a document the tagger reads: sentences of bounded length that can hold a figure or an absence.

A test holds it to the corpus: no sentence with a gold COUNT, RATE or ZERO may be turned away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..data.document import Sentence

LONGEST = 1000
"""Characters of a sentence; a text without full stops would otherwise cost the square of its length."""

_SIGN = re.compile(
    r"\d|[一二三四五六七八九十百千两零〇几半]|[未无没尚免]|不(?:存在|曾|涉)|不.{0,10}收|[%‰成]|为零"
)
# Words with such a sign that state no figure: dates, numbering, set phrases.
_IDLE = re.compile(
    r"(?:19|20)\d\d年|\d+月(?:\d+日)?|〔\d+〕\d+号|[一二三四五六七八九十]+[、是)）]|^\s*[(（]?\d+[)）.、]"
    r"|第[一二三四五六七八九十\d]+[条次章款届项]?|进一步|统一|一[步些律定般致直贯并体线种]|一系列|一方面|[另每]一|唯一|之一"
    r"|十[八九]大|[一二三四]十大|三公|五公开|两微|几[个方年]|半年|未来|无法|无纸|无偿|尚(?:需|有|不|待|存)"
    r"|成[立果员效本为熟绩]|[完形组达促生构制]成|零距离|百姓|千家万户"
)


def can_hold(text: str) -> bool:
    """Whether a sentence's view text may state a figure or an absence."""
    return _SIGN.search(_IDLE.sub("", text)) is not None


def cut_long(sentence: Sentence) -> Iterator[Sentence]:
    """The sentence, cut behind clause signs where it is longer than `LONGEST`."""
    start, text = 0, sentence.view.text
    while len(text) - start > LONGEST:
        sign = max(text.rfind(s, start + LONGEST // 2, start + LONGEST) for s in "；;，,、 ")
        end = sign + 1 if sign >= 0 else start + LONGEST
        yield _part(sentence, start, end)
        start = end
    yield _part(sentence, start, len(text)) if start else sentence


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    view = sentence.view.slice(start, end)
    return Sentence(view.starts[0], view.ends[-1], view, sentence.section, sentence.is_heading)
