"""The learned link scorer: logistic regression over candidate pairs, decoded figure by figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ..data.errors import ModelError
from .link_features import candidates, pair_features
from .links import FIGURES, Linked, Spot, counted
from .types import Label

FILE = "links.npz"
# What follows a metric in a list of absent things.
_LISTED = re.compile(
    r"(?:的|方面|类|相关)?(?:情况|案件|事项|事件|行为|问题|现象|申请|事宜|件)*(?:的)?(?:发生|出现|产生|提出|提起)?"
    r"(?:[，。；、和及或与也亦均]|以及|$)"
)
_UNIT = 2  # characters that a unit between a number and its metric mostly has
SURE = 0.5  # the probability from which a pair is linked; the best pair is in any case


@dataclass(frozen=True)
class LinkModel:
    """`weights[vocabulary[feature]]` are added to `bias`: the log odds that a pair belongs together."""

    vocabulary: dict[str, int]
    weights: NDArray[np.float32]
    bias: float

    def probability(self, features: Sequence[str]) -> float:
        """The probability that a figure states a metric."""
        known = self.vocabulary.get
        rows = [row for f in features if (row := known(f)) is not None]
        logit = float(self.weights[rows].sum(dtype=np.float64)) + self.bias
        return float(1.0 / (1.0 + np.exp(-logit)))

    def relink(self, text: str, spots: Sequence[Spot], ruled: Sequence[Linked]) -> list[Linked]:
        """The rules' links of a sentence, decided again; units stay as the rules gave them.

        A figure takes its likeliest metric and those over `SURE` that stand beside it, without another
        figure between; its confidence is the least probability among them.
        """
        every = [s for s in spots if s.label == Label.METRIC]
        figures = [s for s in spots if s.label in FIGURES]
        by_figure = {linked.figure: linked for linked in ruled}
        out: list[Linked] = []
        for linked in ruled:
            metrics = counted(text, every) if linked.figure.label == Label.ZERO else every
            scored = [
                (self.probability(pair_features(text, linked.figure, m, figures, metrics, by_figure)), m)
                for m in candidates(linked.figure, metrics)
            ]
            if not scored:
                out.append(linked)
                continue
            chosen = _coordinated(text, scored, linked.figure, figures)
            if linked.figure.label == Label.ZERO:
                chosen = _of_one_list(text, chosen)
            sure = min(p for p, _ in chosen)
            out.append(replace(linked, metrics=tuple(m for _, m in chosen), confidence=sure))
        return out


def _coordinated(
    text: str, scored: Sequence[tuple[float, Spot]], figure: Spot, figures: Sequence[Spot]
) -> list[tuple[float, Spot]]:
    """The likeliest metric with its neighbours over `SURE`, in order.

    All of them stand on one side of the figure, but for one in brackets behind it:
    `不予公开2件（涉及商业秘密）`. Where both sides seem right, a noun right behind number and unit is what is
    counted: `科室公开发布3条任免信息`.
    """
    best = max(scored, key=lambda pair: pair[0])[1]
    behind = next((m for p, m in scored if m.start >= figure.end and p > SURE), None)
    if behind and figure.label == Label.COUNT:
        gap = text[figure.end : behind.start]
        if len(gap) <= _UNIT and gap.isalpha():
            best = behind
    out = []
    for probability, metric in scored:
        low, high = min(metric.end, best.end), max(metric.start, best.start)
        alone = not any(low <= f.start < high for f in figures if f is not figure)
        beside = (metric.start >= figure.end) == (best.start >= figure.end)
        bracketed = any(
            m.start >= figure.end and re.search(r"[（(][^）)]{0,6}$", text[figure.end : m.start])
            for m in (metric, best)
        )
        if metric is best or (probability > SURE and alone and (beside or bracketed)):
            out.append((probability, metric))
    return out


def _of_one_list(text: str, chosen: list[tuple[float, Spot]]) -> list[tuple[float, Spot]]:
    """Up to a metric that opens a statement of its own: `未收到申请，公开工作有序推进`."""
    for at, ((_, before), (_, metric)) in enumerate(pairwise(chosen), start=1):
        if "，" in text[before.end : metric.start] and not _LISTED.match(text, metric.end):
            return chosen[:at]
    return chosen


def load_link_model(folder: Path) -> LinkModel | None:
    """The link scorer of a model folder, None where it has none.

    Raises:
        ModelError: the file cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = str(arrays["vocabulary"]).split("\x1f")
            vocabulary = {name: index for index, name in enumerate(names)}
            return LinkModel(vocabulary, arrays["weights"].astype(np.float32), float(arrays["bias"]))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ModelError(f"{FILE} cannot be read ({error})", file=str(folder)) from error
