"""All figures and misses of a model folder on annotated reports, as one JSON-ready mapping."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ... import __version__
from ...annotations.convert import Annotated
from ...data.errors import ConfigError
from ...inference.link_model import load_link_model
from ...inference.metric_model import load_metric_model
from ...inference.model_folder import shipped_model
from ..calibrate import outcomes
from ..evaluate import span_figures, span_misses, span_score
from ..files import sha256
from ..judge import JudgedReport, judge, tagger_of
from ..scores import with_interval
from .confidence import fused, record_calibration, risk
from .links import id_figures, link_figures, link_misses, linked_by, linked_by_gold, tagged_by
from .misses import record_misses
from .settings import EvaluateSettings
from .slices import slice_figures
from .ways import SHIPPED, Run, Scored, extractors, run

CURVE = "curve.json"


def evaluate_folder(
    folder: Path, corpus: Sequence[Annotated], settings: EvaluateSettings, *, name: str
) -> dict[str, Any]:
    """Evaluate a model folder on reports; everything but `speed` is the same for the same inputs.

    Args:
        folder: a model folder as `gongkai train` writes it.
        corpus: annotated reports.
        settings: seed, draws, bins, …; see `configs/evaluate.yaml`.
        name: what the reports are called (a split's name).

    Raises:
        ModelError: the model cannot be used.
        ConfigError: `curve.json` in the folder is no list.
    """
    seed, draws = settings.seed, settings.draws
    tagger = tagger_of(folder, settings.threads)
    judged = judge(tagger, corpus)
    ways = extractors(folder, settings.threads)
    runs = {way: run(extractor, judged) for way, extractor in ways.items()}
    tagged = {way: [tagged_by(r, extractor) for r in judged] for way, extractor in ways.items()}
    scorer = load_link_model(folder) or load_link_model(shipped_model())
    by_gold = [linked_by_gold(r, scorer) for r in judged]
    classifier = load_metric_model(folder) or load_metric_model(shipped_model())
    ids, missed_ids = id_figures(judged, classifier, seed, draws)
    characters = sum(len(a.report.text) for a in corpus)
    reports = {a.report_id: sha256(a.path)[:12] for a in corpus}
    spans = span_figures(judged, seed=seed, draws=draws)
    return {
        "made": {
            "version": __version__,
            "model": tagger.folder.digest,
            "settings": _digest(
                [
                    settings.model_dump(mode="json"),
                    ways[SHIPPED].settings.model_dump(exclude={"model", "threads"}),
                ]
            ),
            "corpus": _digest(reports),
            "name": name,
            "reports": reports,
            "characters": characters,
        },
        "spans": {k: v for k, v in spans.items() if k != "calibration"},
        "records": {way: _records(done, settings) for way, done in runs.items()},
        "links": {
            "annotated spans, by rules": link_figures([linked_by_gold(r, None) for r in judged], seed, draws),
            "annotated spans": link_figures(by_gold, seed, draws),
            **{
                f"spans of {way}": link_figures(
                    [
                        linked_by(r, t, None if way == "rules" else scorer)
                        for r, t in zip(judged, tagged[way], strict=True)
                    ],
                    seed,
                    draws,
                )
                for way in runs
            },
        },
        "metric_ids": ids,
        "slices": slice_figures(judged, runs[SHIPPED].reports, settings),
        "reports": _reports(judged, runs[SHIPPED].reports),
        "calibration": {
            "spans": spans["calibration"],
            "records": record_calibration(runs[SHIPPED].reports, settings.bins),
            "risk": risk(outcomes(judged), tagger.folder.calibration.threshold)
            | {"fused": fused(list(zip(judged, tagged[SHIPPED], strict=True)))},
        },
        "speed": _speed(runs, characters, settings.threads),
        "curve": _curve(folder),
        "goals": settings.goals.model_dump() | {"risk": settings.risk},
        "misses": {
            "spans": list(span_misses(judged)),
            "links": [
                m
                for r, part in zip(judged, by_gold, strict=True)
                for m in link_misses(r.annotated.report_id, part)
            ],
            "metric_ids": missed_ids,
            "records": {way: list(record_misses(done.reports)) for way, done in runs.items()},
        },
    }


def _records(done: Run, settings: EvaluateSettings) -> dict[str, Any]:
    scores = [r.score for r in done.reports]
    right = {
        "agency_accuracy": [s.agency for s in scores],
        "year_accuracy": [s.year for s in scores],
    }
    return {
        "core": with_interval([s.core for s in scores], settings.seed, settings.draws),
        "all": with_interval([s.all for s in scores], settings.seed, settings.draws),
    } | {name: round(sum(values) / len(values), 4) for name, values in right.items()}


def _reports(judged: Sequence[JudgedReport], scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """Each report's figures, and its agency and year beside those found."""
    return [
        {
            "report": records.report_id,
            "spans": round(span_score(report.sentences).f1, 4),
            "core": round(records.score.core.f1, 4),
            "all": round(records.score.all.f1, 4),
            "figures": records.score.all.gold,
            "agency": {
                "gold": [records.gold["agency"], *records.gold["agency_alt"]],
                "got": records.agency,
            },
            "year": {"gold": records.gold["report_year"], "got": records.year},
        }
        for report, records in zip(judged, scored, strict=True)
    ]


def _speed(runs: Mapping[str, Run], characters: int, threads: int) -> dict[str, Any]:
    """Characters a second from text to records, loading apart."""
    return {
        "threads": threads,
        "cores": os.cpu_count(),
        "characters_a_second": {way: round(characters / done.seconds) for way, done in runs.items()},
    }


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _curve(folder: Path) -> list[dict[str, Any]]:
    """The learning curve that lies in the model folder, if any."""
    path = folder / CURVE
    if not path.is_file():
        return []
    try:
        curve = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(f"is no JSON ({error})", file=str(path)) from error
    if not isinstance(curve, list) or not all(isinstance(point, dict) for point in curve):
        raise ConfigError("is no list of points", file=str(path), advice="take it away, or train again")
    return curve
