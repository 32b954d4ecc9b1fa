"""Character probabilities to tags: valid BIO by constrained Viterbi, whole numbers, span confidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..data.document import Sentence
from .types import Finder, Label, Tag

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]
Logits = Callable[[Ids, Ids], Floats]
"""`(input_ids, attention_mask)`, both `(batch, tokens)`, to `(batch, tokens, tags)` logits."""

_NUMBER = re.compile(r"\d+(?:[,，.]\d+)*(?: ?[百千万亿]+)?")


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model's tags of one sentence and, for each view character, the probability of its tag."""

    tags: tuple[Tag, ...]
    certainty: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """A monotone map from a raw confidence to the share of such cases that are right.

    `raw` and `right` are its knots, ascending; `threshold` is the calibrated confidence under
    which the fallback decides (spans only).
    """

    raw: tuple[float, ...] = (0.0, 1.0)
    right: tuple[float, ...] = (0.0, 1.0)
    threshold: float = 0.5

    def apply(self, confidence: float) -> float:
        """Calibrated confidence of a raw one."""
        return float(np.interp(confidence, self.raw, self.right))


class BioScheme:
    """The tags of a model, `O, B-X, I-X, …`, and which may follow which."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names[i]` is the tag of logit i.

        Raises:
            ValueError: a tag is neither O nor B-/I- of a known label.
        """
        self.names = tuple(names)
        self.labels: list[Label | None] = []
        self.begins: list[bool] = []
        for name in names:
            prefix, _, label = name.partition("-")
            if name != "O" and (prefix not in ("B", "I") or label not in Label.__members__):
                raise ValueError(f"unknown tag {name!r}")
            self.labels.append(None if name == "O" else Label[label])
            self.begins.append(prefix == "B")
        count = len(names)
        self.allowed = np.ones((count, count), dtype=bool)
        for after, name in enumerate(names):
            if name.startswith("I-"):
                for before in range(count):
                    self.allowed[before, after] = self.labels[before] == self.labels[after]
        self.starts = np.array([not n.startswith("I-") for n in names])
        self.inside = np.arange(count)
        for index, name in enumerate(names):
            if name.startswith("B-"):
                self.inside[index] = self.names.index("I-" + name[2:])

    def decode(self, log_probabilities: Floats) -> NDArray[np.intp]:
        """The likeliest valid tag sequence for `(characters, tags)` log probabilities."""
        best: NDArray[np.intp] = log_probabilities.argmax(axis=1)
        if len(best) == 0 or (self.starts[best[0]] and self.allowed[best[:-1], best[1:]].all()):
            return best  # the unconstrained optimum is valid, so it is the constrained one
        score = np.where(self.starts, log_probabilities[0], -np.inf)
        back = np.zeros(log_probabilities.shape, dtype=np.intp)
        forbidden = np.where(self.allowed, 0.0, -np.inf)
        for step in range(1, len(log_probabilities)):
            ways = score[:, None] + forbidden
            back[step] = ways.argmax(axis=0)
            score = ways.max(axis=0) + log_probabilities[step]
        path = np.empty(len(log_probabilities), dtype=np.intp)
        path[-1] = score.argmax()
        for step in range(len(path) - 1, 0, -1):
            path[step - 1] = back[step, path[step]]
        return path


def predict(
    sentence: Sentence, log_probabilities: Floats, scheme: BioScheme, calibration: Calibration
) -> Prediction:
    """Decode one sentence; `log_probabilities` is `(len(view.text), tags)`."""
    path = scheme.decode(log_probabilities)
    certainty = np.exp(log_probabilities[np.arange(len(path)), path]).astype(np.float32)
    tags = []
    for start, end, label in _whole_numbers(sentence.view.text, _spans(path, scheme)):
        confidence = calibration.apply(float(certainty[start:end].min()))
        tags.append(Tag(*sentence.view.span(start, end), label, confidence, Finder.MODEL))
    return Prediction(tuple(tags), certainty)


def _spans(path: NDArray[np.intp], scheme: BioScheme) -> list[tuple[int, int, Label]]:
    out: list[tuple[int, int, Label]] = []
    for position, tag in enumerate(path.tolist()):
        label = scheme.labels[tag]
        if label is None:
            continue
        if scheme.begins[tag] or not out or out[-1][1] != position or out[-1][2] != label:
            out.append((position, position + 1, label))
        else:
            out[-1] = (out[-1][0], position + 1, label)
    return out


def _whole_numbers(text: str, spans: list[tuple[int, int, Label]]) -> list[tuple[int, int, Label]]:
    """Grow COUNT and RATE spans to the whole of each number that they touch; others give way."""
    grown: list[tuple[int, int, Label]] = []
    for start, end, label in spans:
        low, high = _grow(text, start, end) if label in (Label.COUNT, Label.RATE) else (start, end)
        if grown and grown[-1][1] > low:
            before = grown.pop()
            if before[2] == label:
                low = before[0]
            elif before[0] < low:
                grown.append((before[0], low, before[2]))
        grown.append((low, max(high, low + 1), label))
    return grown


def _grow(text: str, start: int, end: int) -> tuple[int, int]:
    touched = [m.span() for m in _NUMBER.finditer(text) if m.start() < end and start < m.end()]
    return min([start, *(a for a, _ in touched)]), max([end, *(b for _, b in touched)])
