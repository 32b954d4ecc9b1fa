"""Trains the metric classifier on the corpus's link marks: a sparse linear model, int8 on disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..annotations.convert import Annotated
from ..annotations.markup import Mark, Report
from ..data.build import build_document
from ..data.document import Document, Sentence, Source
from ..inference.figures import context_of, heading_chain
from ..inference.links import link, locate
from ..inference.metric_features import features
from ..inference.metric_model import FILE, NONE
from ..inference.metrics import Context
from ..inference.types import Finder, Label, Tag
from ..inference.years import report_year


@dataclass(frozen=True, slots=True)
class Case:
    """A figure's context and its right metric_id, and the marks that it was made from."""

    context: Context
    metric_id: str | None
    sentence: Sentence
    figure: Mark
    metric: Mark


def gold_tags(report: Report, sentence: Sentence) -> dict[Tag, Mark]:
    """A report's marks inside a sentence, as tags of full confidence."""
    return {
        Tag(mark.start, mark.end, Label(mark.label), 1.0, Finder.MODEL): mark
        for mark in report.marks
        if sentence.start <= mark.start and mark.end <= sentence.end
    }


def cases(annotated: Iterable[Annotated]) -> Iterator[Case]:
    """The linked figures of narrative sentences: gold spans, gold links, gold ids."""
    for item in annotated:
        document = build_document(Source(item.report_id, item.report.text, "txt"))
        year = report_year(document).year
        for sentence in document.sentences:
            yield from _cases_of(item.report, document, sentence, year)


def _cases_of(report: Report, document: Document, sentence: Sentence, year: int | None) -> Iterator[Case]:
    tags = gold_tags(report, sentence)
    text = sentence.view.text
    spots = locate(sentence, list(tags))
    marks = {spot: tags[spot.tag] for spot in spots}
    by_number = {m.number: s for s, m in marks.items() if m.number is not None}
    headings = heading_chain(document, sentence.section)
    previous: str | None = None
    for linked in link(text, spots):
        for gold in marks[linked.figure].links:
            metric = by_number.get(gold.metric)
            if metric is None:
                continue
            context = context_of(text, linked, metric, spots, headings, year, previous)
            yield Case(context, gold.metric_id, sentence, marks[linked.figure], marks[metric])
            previous = gold.metric_id or previous


def train_metrics(
    train: Iterable[Case], dev: Iterable[Case], folder: Path, *, strength: float, least: int
) -> dict[str, float]:
    """Fit, choose the threshold on dev by F1 over ids, write `metrics.npz`; returns the dev figures.

    Args:
        strength: inverse regularisation of the logistic regression.
        least: how often a feature must be seen in training to be kept.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    train, dev = list(train), list(dev)
    seen: dict[str, int] = {}
    rows = [features(case.context) for case in train]
    for row in rows:
        for name in row:
            seen[name] = seen.get(name, 0) + 1
    vocabulary = {name: i for i, name in enumerate(sorted(n for n, c in seen.items() if c >= least))}

    def matrix(many: list[list[str]]) -> csr_matrix:
        indices = [[vocabulary[n] for n in row if n in vocabulary] for row in many]
        pointers = np.cumsum([0, *(len(i) for i in indices)])
        flat = np.array([i for row in indices for i in row], dtype=np.int64)
        return csr_matrix(
            (np.ones(len(flat), dtype=np.float32), flat, pointers), shape=(len(many), len(vocabulary))
        )

    labels = [case.metric_id or NONE for case in train]
    model = LogisticRegression(C=strength, max_iter=300, tol=1e-3)
    model.fit(matrix(rows), labels)
    scale = np.abs(model.coef_).max(axis=1) / 127.0
    weights = np.rint(model.coef_ / scale[:, None]).astype(np.int8).T
    arrays = {
        "classes": np.array(model.classes_),
        "weights": np.ascontiguousarray(weights),
        "scale": scale.astype(np.float32),
        "bias": model.intercept_.astype(np.float32),
    }
    logits = (
        matrix([features(c.context) for c in dev]) @ (weights.astype(np.float32) * arrays["scale"])
        + arrays["bias"]
    )
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    threshold, report = _choose(odds / odds.sum(axis=1, keepdims=True), list(model.classes_), dev)
    path = folder / FILE
    aside = path.with_suffix(".tmp.npz")
    np.savez_compressed(
        aside, **arrays, vocabulary=np.array("\x1f".join(vocabulary)), threshold=np.array(threshold)
    )
    os.replace(aside, path)
    return report | {"features": float(len(vocabulary)), "cases": float(len(train))}


def _choose(probabilities: np.ndarray, classes: list[str], dev: list[Case]) -> tuple[float, dict[str, float]]:
    best = (0.0, {"f1": -1.0})
    wanted = sum(c.metric_id is not None for c in dev)
    top = probabilities.argmax(axis=1)
    sure = probabilities.max(axis=1)
    for threshold in np.arange(0.2, 0.95, 0.05):
        given = [
            classes[t] if s >= threshold and classes[t] != NONE else None
            for t, s in zip(top, sure, strict=True)
        ]
        right = sum(g is not None and g == c.metric_id for g, c in zip(given, dev, strict=True))
        claimed = sum(g is not None for g in given)
        f1 = 2 * right / max(1, claimed + wanted)
        if f1 > best[1]["f1"]:
            figures = {"f1": f1, "precision": right / max(1, claimed), "recall": right / max(1, wanted)}
            best = (float(threshold), figures | {"threshold": float(threshold)})
    return best
