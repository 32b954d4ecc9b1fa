"""Calibrates a record's confidence: of the narrative records given 0.9 on dev, nine in ten are right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

from ..annotations.convert import Annotated
from ..annotations.gold import gold_report
from ..data.build import build_document
from ..data.document import Source
from ..inference.extractor import Extractor
from ..inference.types import Finder, Kind, Record
from .files import write_json

_BINS = 15  # at least
_PER_BIN = 60  # records; more bins tell the doubtful ones apart
_LEAST = 60  # records below which a finder has one share for all its records
_PRIOR = 5.0  # how many records of all finders that share counts beside the finder's own
_TOUCH = 2  # characters that two pieces of evidence must share to be about the same


def calibrate_records(folder: Path, dev: Sequence[Annotated]) -> None:
    """Fit a map for each finder on dev and write it under `records` of the folder's calibration.

    A record is right where year, value and metric_id are the annotated ones and the evidence overlaps.
    """
    path = folder / "calibration.json"
    calibration: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    calibration["records"] = {}
    write_json(path, calibration)  # so that the extractor below gives raw confidences
    extractor = Extractor.load(model=str(folder))
    outcomes: dict[Finder, list[tuple[float, bool]]] = {Finder.MODEL: [], Finder.RULE: []}
    for item in dev:
        document = build_document(Source(item.report_id, item.report.text, "txt"))
        extraction = next(extractor.extract_documents([document]))
        gold = gold_report(item.report, item.report_id)["records"]
        for record in extraction.records:
            if record.source in outcomes:
                outcomes[record.source].append((record.confidence, is_right(record, gold)))
    pooled = [pair for pairs in outcomes.values() for pair in pairs]
    everyone = share_right(pooled, 0.5, 2)
    for finder, pairs in outcomes.items():
        if len(pairs) >= _LEAST:
            knots = fit_map(pairs)
        else:
            flat = share_right(pairs, everyone, _PRIOR)
            knots = [(0.0, flat), (1.0, flat)]
        calibration["records"][finder.value] = {"raw": [k[0] for k in knots], "right": [k[1] for k in knots]}
    write_json(path, calibration)


def is_right(record: Record, gold: Iterable[dict[str, Any]]) -> bool:
    """Whether an annotated record says the same of the same words; optional ones count."""
    return any(
        g["year"] == record.year
        and abs(g["value"] - record.value) <= 1e-6 * max(1.0, abs(g["value"]))
        and g["metric_id"] == record.metric_id
        and (g["kind"] == "rate") == (record.kind is Kind.RATE)
        and min(record.end, g["evidence"]["end"]) - max(record.start, g["evidence"]["start"]) >= _TOUCH
        for g in gold
    )


def share_right(pairs: Sequence[tuple[float, bool]], prior: float, weight: float) -> float:
    """The share of right records, drawn towards `prior` as if `weight` more had been seen."""
    return round((sum(right for _, right in pairs) + prior * weight) / (len(pairs) + weight), 4)


def fit_map(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Knots `(raw, share right)` of a monotone map from 0 to 1, by isotonic regression over equal bins."""
    if len(pairs) < 2 * _BINS:
        return [(0.0, 0.0), (1.0, 1.0)]
    values = np.array(sorted(pairs), dtype=float)
    bins = np.array_split(values, max(_BINS, len(values) // _PER_BIN))
    raw = [float(b[:, 0].mean()) for b in bins]
    share = [(float(b[:, 1].sum()) + 1) / (len(b) + 2) for b in bins]  # no bin claims certainty
    right = IsotonicRegression(y_min=0, y_max=1).fit_transform(
        raw, share, sample_weight=[len(b) for b in bins]
    )
    knots = {round(a, 4): round(float(b), 4) for a, b in zip(raw, right, strict=True)}
    first, last = min(knots), max(knots)
    return sorted(({0.0: knots[first]} | knots | {1.0: knots[last]}).items())
