"""Trains the link scorer on the corpus's link marks: candidate pairs of gold spans."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from ..annotations.convert import Annotated
from ..annotations.markup import Mark
from ..data.build import build_document
from ..data.document import Source
from ..inference.link_features import candidates, pair_features
from ..inference.link_model import FILE
from ..inference.links import FIGURES, Spot, link, locate
from ..inference.types import Label
from .metrics import gold_tags

Pair = tuple[list[str], bool]


def pairs(annotated: Iterable[Annotated]) -> Iterator[Pair]:
    """The features of every figure with every candidate metric of its sentence, and whether they are linked."""
    for item in annotated:
        document = build_document(Source(item.report_id, item.report.text, "txt"))
        for sentence in document.sentences:
            tags = gold_tags(item.report, sentence)
            spots = locate(sentence, list(tags))
            yield from _pairs_of(sentence.view.text, spots, {s: tags[s.tag] for s in spots})


def _pairs_of(text: str, spots: Sequence[Spot], marks: dict[Spot, Mark]) -> Iterator[Pair]:
    metrics = [s for s in spots if s.label == Label.METRIC]
    figures = [s for s in spots if s.label in FIGURES]
    ruled = {linked.figure: linked for linked in link(text, spots)}
    for figure in figures:
        gold = {wanted.metric for wanted in marks[figure].links}
        near = candidates(figure, metrics)
        if any(marks[m].number in gold for m in near):
            for metric in near:
                features = pair_features(text, figure, metric, figures, metrics, ruled)
                yield features, marks[metric].number in gold


def train_links(annotated: Iterable[Annotated], folder: Path, *, strength: float, least: int) -> int:
    """Fit and write `links.npz`; returns how many pairs it learned from.

    Where no figure has a metric beside its own there is nothing to learn: nothing is written, 0 returned.

    Args:
        annotated: training reports.
        folder: the model folder.
        strength: inverse regularisation of the logistic regression.
        least: how often a feature must be seen to be kept.
    """
    found = list(pairs(annotated))
    rows, linked = [row for row, _ in found], [right for _, right in found]
    if len(set(linked)) < 2:
        return 0
    seen: dict[str, int] = {}
    for row in rows:
        for name in row:
            seen[name] = seen.get(name, 0) + 1
    vocabulary = {name: i for i, name in enumerate(sorted(n for n, c in seen.items() if c >= least))}
    indices = [[vocabulary[n] for n in row if n in vocabulary] for row in rows]
    pointers = np.cumsum([0, *(len(i) for i in indices)])
    flat = np.array([i for row in indices for i in row], dtype=np.int64)
    matrix = csr_matrix((np.ones(len(flat), np.float32), flat, pointers), shape=(len(rows), len(vocabulary)))
    model = LogisticRegression(C=strength, max_iter=400).fit(matrix, np.array(linked))
    path = folder / FILE
    aside = path.with_suffix(".tmp.npz")
    np.savez_compressed(
        aside,
        vocabulary=np.array("\x1f".join(vocabulary)),
        weights=model.coef_[0].astype(np.float16),
        bias=np.array(model.intercept_[0]),
    )
    os.replace(aside, path)
    return len(rows)
