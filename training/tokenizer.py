"""The character tokenizer: every digit, Latin letter and Chinese character is its own token.

It normalises nothing: it reads view text, which `data.cleaning` has normalised, and its offsets
are exact because each token is one character.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

PAD, UNK, CLS, SEP, MASK = SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
ALWAYS = (
    string.printable[:95]
    + "\n，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』…—－～·％￥〇○●◆■□△▲★☆※→↑↓①②③④⑤⑥⑦⑧⑨⑩㎡℃‰×÷±≥≤＋＝／＂＃＊｜　"
)


def vocabulary(texts: Iterable[str], required: Iterable[str], minimum: int, limit: int) -> list[str]:
    """Special tokens, then characters: those always there, those of `required`, then by frequency.

    Args:
        texts: running text; a character seen at least `minimum` times enters.
        required: texts whose every character enters (reports, term lists).
        limit: the most entries; the rarest characters of `texts` are left out first.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    entries = list(SPECIAL) + sorted(set(ALWAYS))
    known = set(entries)
    must = sorted({c for text in required for c in text} - known)
    entries += must
    known.update(must)
    frequent = sorted(
        (c for c, n in counts.items() if n >= minimum and c not in known), key=lambda c: (-counts[c], c)
    )
    return (entries + frequent)[:limit]


def build_tokenizer(entries: list[str]) -> PreTrainedTokenizerFast:
    """A fast tokenizer over `entries`, framed as `[CLS] text [SEP]`."""
    ids = {entry: index for index, entry in enumerate(entries)}
    backend = Tokenizer(WordLevel(ids, unk_token=UNK))
    backend.pre_tokenizer = Split(Regex(r"[\s\S]"), "isolated")
    backend.post_processor = TemplateProcessing(
        single=f"{CLS} $A {SEP}",
        pair=f"{CLS} $A {SEP} $B {SEP}",
        special_tokens=[(CLS, ids[CLS]), (SEP, ids[SEP])],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token=PAD,
        unk_token=UNK,
        cls_token=CLS,
        sep_token=SEP,
        mask_token=MASK,
        model_input_names=["input_ids", "attention_mask"],
    )
