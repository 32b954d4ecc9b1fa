"""Text for pretraining as arrays: token ids and the places where jieba says that a word starts."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import jieba
import numpy as np
from numpy.typing import NDArray

from ..annotations.splits import load_split
from ..data.cleaning import normalise
from ..data.errors import ConfigError

TERMS = Path(__file__).parent.parent / "configs" / "terms.txt"


def read_texts(path: Path, sources: tuple[str, ...] = ()) -> Iterator[str]:
    """Normalised texts of a `.jsonl.gz` (field `text`) or of a folder of annotated reports.

    Of a folder only the train split is read, so that dev and test stay unseen.

    Raises:
        ConfigError: the path is neither.
    """
    if path.is_dir():
        for annotated in load_split(path, "train"):
            yield normalise(annotated.report.text).text
        return
    if not path.exists():
        raise ConfigError("no such corpus", file=str(path), advice="name a .jsonl.gz or a folder of reports")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if not sources or entry["source"] in sources:
                yield normalise(entry["text"]).text


@cache
def word_cutter() -> jieba.Tokenizer:
    """jieba with this field's terms."""
    cutter = jieba.Tokenizer()
    cutter.initialize()
    for term in TERMS.read_text(encoding="utf-8").splitlines():
        if term and not term.startswith("#"):
            cutter.add_word(term, freq=100_000)
    return cutter


def encode(
    texts: Iterable[str], ids: dict[str, int], unknown: int
) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """One long array of token ids and, of the same length, whether a word starts there."""
    tokens: list[int] = []
    starts: list[bool] = []
    cutter = word_cutter()
    for text in texts:
        for line in re.split(r"\n+", text):
            for word in cutter.cut(line.strip() + "\n"):
                tokens.extend(ids.get(c, unknown) for c in word)
                starts.append(True)
                starts.extend([False] * (len(word) - 1))
    return np.asarray(tokens, dtype=np.uint16), np.asarray(starts, dtype=np.bool_)
