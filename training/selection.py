"""Which raw reports to tag next: those on which the model is unsure, and that differ from one another.

Uncertainty sampling (Lewis and Gale 1994) with a greedy penalty for likeness, as in maximal marginal
relevance (Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ..annotations.exchange.entries import Entry, EntryError, make_entry
from ..annotations.exchange.label_studio import dump_predictions
from ..annotations.markup import FIGURES, Link, Mark
from ..data.build import build_document, require_report
from ..data.document import Document, Sentence
from ..data.errors import ReadError
from ..data.limits import Limits
from ..data.readers import read_path
from ..inference.decoding import Prediction
from ..inference.inputs import expand
from ..inference.links import link, locate
from ..inference.settings import load_settings
from ..inference.tagger import load_tagger
from .judge import Predictor

Vectors = NDArray[np.float32]

_GRAM = 3
_BUCKETS = 2**13


@dataclass(frozen=True, slots=True)
class Candidate:
    """A raw report, pre-tagged, and how unsure the model is of it.

    `uncertainty` is the mean over its sentences of one minus the certainty of the sentence's least
    certain character: about the share of sentences with something to learn from.
    """

    document: Document
    predictions: tuple[Prediction, ...]
    uncertainty: float


@dataclass(frozen=True, slots=True)
class Selection:
    """A Label Studio file with the chosen reports, how many were chosen of how many, and what failed."""

    tasks: str
    chosen: int
    read: int
    failures: tuple[str, ...]


def select_paths(names: Sequence[str], count: int, model: str | None = None) -> Selection:
    """Choose `count` of the raw reports that names (files, folders, globs) stand for.

    Raises:
        ModelError: the model cannot be used.
    """
    tagger = load_tagger(load_settings(tagger="onnx", model=model, fallback="none"))
    failures: list[str] = []
    candidates = [candidate(tagger, d) for d in _documents(names, failures)]
    chosen = choose(candidates, count)
    tagged: list[tuple[Entry, float]] = []
    taken: set[str] = set()
    for one in chosen:
        try:
            entry = pre_tagged(one, taken)
        except EntryError as error:
            failures.append(f"{one.document.doc_id}: {error}")
            continue
        taken.add(entry.report_id)
        tagged.append((entry, round(1 - one.uncertainty, 4)))
    tasks = dump_predictions(tagged, tagger.folder.digest)
    return Selection(tasks, len(tagged), len(candidates), tuple(failures))


def _documents(names: Sequence[str], failures: list[str]) -> Iterator[Document]:
    """The reports that can be read; the others leave a line in `failures`."""
    for file in expand(names):
        try:
            for source in read_path(Path(file), limits=Limits()):
                document = build_document(source)
                require_report(document)
                yield document
        except ReadError as error:
            failures.append(str(error))


def candidate(tagger: Predictor, document: Document) -> Candidate:
    """Tag a document and say how unsure the model is."""
    predictions = tuple(tagger.predict(document.sentences))
    least = [float(1 - p.certainty.min()) for p in predictions if len(p.certainty)]
    return Candidate(document, predictions, float(np.mean(least)) if least else 0.0)


def choose(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    """Greedily the most uncertain reports, each weighed by its distance to the nearest one chosen."""
    vectors = [gram_vector(c.document.view.text) for c in candidates]
    uncertainty = np.array([c.uncertainty for c in candidates])
    distance = np.ones(len(candidates))
    chosen: list[int] = []
    while len(chosen) < min(count, len(candidates)):
        gain = uncertainty * distance
        gain[chosen] = -1.0
        best = int(gain.argmax())
        chosen.append(best)
        # Copies of a chosen report have distance 0: they come last.
        distance = np.minimum(distance, [1 - float(v @ vectors[best]) for v in vectors])
    return [candidates[i] for i in chosen]


def gram_vector(text: str) -> Vectors:
    """Hashed character 3-gram frequencies (square roots, unit length); digits are all alike."""
    plain = re.sub(r"\d+", "0", re.sub(r"\s+", "", text))
    grams = [crc32(plain[i : i + _GRAM].encode()) % _BUCKETS for i in range(max(1, len(plain) - _GRAM + 1))]
    vector = np.sqrt(np.bincount(grams, minlength=_BUCKETS)).astype(np.float32)
    return vector / np.linalg.norm(vector)


def pre_tagged(one: Candidate, taken: set[str]) -> Entry:
    """The candidate as an annotated report, its figures linked but without ids, for a person to mend.

    Raises:
        EntryError: the markup cannot hold its text.
    """
    marks: list[Mark] = []
    for sentence, prediction in zip(one.document.sentences, one.predictions, strict=True):
        marks += _marks(sentence, prediction, len(marks))
    name = re.sub(r"[^\w.\-]+", "-", one.document.doc_id).strip("-._")[-150:].lstrip("-._") or "report"
    report_id = next(i for n in range(len(taken) + 1) if (i := name if not n else f"{name}-{n}") not in taken)
    entry, _ = make_entry(report_id, one.document.text, marks, {"origin": one.document.doc_id})
    return entry


def _marks(sentence: Sentence, prediction: Prediction, before: int) -> list[Mark]:
    """The sentence's tags with links; metric numbers start after the `before` marks of the report."""
    view = sentence.view
    numbers = {(t.start, t.end): before + n for n, t in enumerate(prediction.tags, 1) if t.label == "METRIC"}
    links: dict[tuple[int, int], tuple[Link, ...]] = {}
    for linked in link(view.text, locate(sentence, prediction.tags)):
        figure = view.span(linked.figure.start, linked.figure.end)
        metrics = [numbers.get(view.span(m.start, m.end)) for m in linked.metrics]
        links[figure] = tuple(Link(n) for n in metrics if n is not None)
    return [
        Mark(
            t.start,
            t.end,
            t.label.value,
            number=numbers.get((t.start, t.end)),
            links=links.get((t.start, t.end), ()) if t.label in FIGURES else (),
        )
        for t in prediction.tags
    ]
