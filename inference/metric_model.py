"""The learned metric classifier: a sparse linear model over a figure's features, aliases among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ..data.errors import ModelError
from .metric_features import features
from .metrics import Context, eras, load_metrics
from .types import Kind

FILE = "metrics.npz"
NONE = "-"


@dataclass(frozen=True)
class MetricModel:
    """Multinomial logistic regression.

    `classes` are metric ids and NONE; `vocabulary` maps a feature to its row of `weights`, int8
    of shape `(features, classes)`, to be multiplied by `scale` (per class); `bias` is `(classes,)`.
    `threshold` is the probability under which a figure gets no id: a wrong id is worse than none.
    """

    classes: tuple[str, ...]
    vocabulary: dict[str, int]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    threshold: float

    def probabilities(self, context: Context) -> NDArray[np.float32]:
        """Probabilities of the classes, `(classes,)`."""
        known = self.vocabulary.get
        rows = [row for f in features(context) if (row := known(f)) is not None]
        logits = self.weights[rows].sum(axis=0, dtype=np.int32) * self.scale + self.bias
        odds = np.exp(logits - logits.max())
        result: NDArray[np.float32] = (odds / odds.sum()).astype(np.float32)
        return result

    def decide(self, context: Context) -> tuple[str | None, float]:
        """The metric_id, None where nothing fits surely enough, and the probability of that decision."""
        probabilities = self.probabilities(context)
        closed = _closed(self.classes, context.year)
        if closed:
            probabilities[list(closed)] = 0
            probabilities /= probabilities.sum()
        best = int(probabilities.argmax())
        probability = float(probabilities[best])
        name = self.classes[best]
        if name == NONE or (load_metrics()[name].kind == Kind.RATE) != (context.kind == Kind.RATE):
            return None, probability  # a share of a thing is not the thing itself
        if probability < self.threshold:
            return None, 1.0 - probability
        return name, probability


@lru_cache(maxsize=256)
def _closed(classes: tuple[str, ...], year: int | None) -> tuple[int, ...]:
    """The classes that no report of a year states: rules are counted as made from 2019 on, not before."""
    if year is None:
        return ()
    return tuple(
        index
        for index, name in enumerate(classes)
        if name in eras() and not eras()[name][0] <= year <= eras()[name][1]
    )


def load_metric_model(folder: Path) -> MetricModel | None:
    """The classifier of a model folder, None where it has none (a plain Hugging Face checkpoint).

    Raises:
        ModelError: the file cannot be read or names unknown metrics.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            classes = tuple(str(c) for c in arrays["classes"])
            vocabulary = {str(f): i for i, f in enumerate(str(arrays["vocabulary"]).split("\x1f"))}
            model = MetricModel(
                classes,
                vocabulary,
                arrays["weights"],
                arrays["scale"],
                arrays["bias"],
                float(arrays["threshold"]),
            )
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ModelError(f"{FILE} cannot be read ({error})", file=str(folder)) from error
    unknown = set(classes) - set(load_metrics()) - {NONE}
    if unknown:
        raise ModelError(f"{FILE} names unknown metrics {sorted(unknown)}", file=str(folder))
    return model
