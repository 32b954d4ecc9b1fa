"""Annotated reports as a `datasets.Dataset` of windows: token ids and tag ids, nothing truncated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datasets import Dataset
from transformers import PreTrainedTokenizerBase

from ..annotations.convert import TAGS, Example, to_bio
from ..data.errors import ConfigError

TAG_IDS = {tag: index for index, tag in enumerate(TAGS)}
IGNORED = -100


def windows(length: int, size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Half-open windows of at most `size` characters that cover `[0, length)`."""
    start = 0
    while start + size < length:
        yield start, start + size
        start += size - overlap
    yield start, length


def encode_window(
    text: str, tags: list[str], tokenizer: PreTrainedTokenizerBase, longest: int
) -> dict[str, list[int]]:
    """Token ids and tag ids of one window; a token carries its first character's tag.

    Raises:
        ConfigError: the tokenizer makes more than `longest` tokens of the window.
    """
    encoding = tokenizer(text, return_offsets_mapping=True, truncation=False, verbose=False)
    ids = list(encoding["input_ids"])
    if len(ids) > longest:
        raise ConfigError(
            f"a window of {len(text)} characters gives {len(ids)} tokens, over the encoder's {longest}",
            advice="set a smaller window in the training settings",
        )
    labels = [TAG_IDS[tags[start]] if end > start else IGNORED for start, end in encoding["offset_mapping"]]
    return {"input_ids": ids, "attention_mask": [1] * len(ids), "labels": labels}


def to_dataset(
    examples: Iterable[Example],
    tokenizer: PreTrainedTokenizerBase,
    *,
    window: int,
    overlap: int,
    longest: int,
) -> Dataset:
    """Columns `input_ids`, `attention_mask`, `labels`; one row a window.

    Raises:
        ConfigError: the tokenizer gives no offsets, or a window does not fit the encoder.
    """
    if not tokenizer.is_fast:
        raise ConfigError(
            "the base's tokenizer gives no character offsets", advice="use a base with a fast tokenizer"
        )
    rows = []
    for example in examples:
        if not example.text.strip():
            continue
        tags = to_bio(len(example.text), example.spans)
        for start, end in windows(len(example.text), window, overlap):
            rows.append(encode_window(example.text[start:end], tags[start:end], tokenizer, longest))
    return Dataset.from_list(rows)
