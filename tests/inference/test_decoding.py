"""Decoding: the likeliest valid tags, whole numbers, confidence by the weakest character."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from gongkai.data.build import document_from_text
from gongkai.inference.decoding import BioScheme, Calibration, predict
from gongkai.inference.types import Label

NAMES = ("O", "B-METRIC", "I-METRIC", "B-COUNT", "I-COUNT")
SCHEME = BioScheme(NAMES)


def valid(path: tuple[int, ...]) -> bool:
    names = [NAMES[tag] for tag in path]
    for before, name in zip(["O", *names], names, strict=False):
        if name.startswith("I-") and before[2:] != name[2:]:
            return False
    return True


@pytest.mark.parametrize("seed", range(20))
def test_viterbi_is_the_best_of_all_valid_sequences(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(5, len(NAMES))).astype(np.float32)
    best = max(
        (p for p in product(range(len(NAMES)), repeat=5) if valid(p)),
        key=lambda p: sum(scores[i, tag] for i, tag in enumerate(p)),
    )
    assert tuple(SCHEME.decode(scores)) == best


@pytest.mark.parametrize("name", ["X-COUNT", "B-NOTHING", "COUNT"])
def test_unknown_tags_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="unknown tag"):
        BioScheme(("O", name))


def spans(text: str, tagged: dict[int, str], sure: float = 0.9) -> list[tuple[str, Label]]:
    """What `predict` makes of a sentence whose characters are O but for some."""
    (sentence,) = document_from_text("r", text).sentences
    rest = np.log((1 - sure) / (len(NAMES) - 1))
    scores = np.full((len(sentence.view.text), len(NAMES)), rest, dtype=np.float32)
    for position in range(len(scores)):
        scores[position, NAMES.index(tagged.get(position, "O"))] = np.log(sure)
    found = predict(sentence, scores, SCHEME, Calibration()).tags
    return [(sentence.view.text[slice(*sentence.view.local(t.start, t.end))], t.label) for t in found]


@pytest.mark.parametrize(
    ("text", "at", "number"),
    [
        ("公开信息1,925条。", 6, "1,925"),
        ("公开信息1925条。", 4, "1925"),
        ("投入经费15万元。", 4, "15万"),
        ("点击1.2亿次。", 2, "1.2亿"),
        ("访问2千余人。", 2, "2千"),
    ],
)
def test_a_number_touched_is_taken_whole(text: str, at: int, number: str) -> None:
    assert spans(text, {at: "B-COUNT"}) == [(number, Label.COUNT)]


def test_a_metric_gives_way_to_the_number_that_it_tore() -> None:
    tagged = {0: "B-METRIC", 1: "I-METRIC", 2: "I-METRIC", 3: "B-COUNT"}
    assert spans("公开12条。", tagged) == [("公开", Label.METRIC), ("12", Label.COUNT)]


def test_confidence_is_that_of_the_weakest_character() -> None:
    (sentence,) = document_from_text("r", "公开12条。").sentences
    shares = np.full((6, len(NAMES)), 0.01)
    for position, (tag, share) in enumerate([(1, 0.9), (2, 0.6), (3, 0.95), (4, 0.8), (0, 0.96), (0, 0.96)]):
        shares[position, tag] = share
    scale = Calibration((0.0, 1.0), (0.0, 0.5))
    tags = predict(sentence, np.log(shares).astype(np.float32), SCHEME, scale).tags
    assert [round(t.confidence, 3) for t in tags] == [0.3, 0.4]
