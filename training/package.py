"""A tuned encoder as a model folder that ships: weights, int8 ONNX, calibration, card, manifest."""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..annotations.convert import Annotated
from ..data.errors import ModelError
from ..inference.model_folder import MANIFEST
from .calibrate import fit, outcomes
from .card import card
from .evaluate import evaluate_model, overall
from .export import copy_torch, export_onnx, quantise
from .files import new_folder, sha256, write_json, write_text
from .judge import judge, tagger_of
from .links import train_links
from .metrics import cases, train_metrics
from .record_calibration import calibrate_records
from .train_settings import TrainSettings

log = logging.getLogger(__name__)
INT8_COST = 0.002  # the strict dev F1 that int8 may cost
# Matrix products that stay in fp32 while int8 costs more: none, then the tag head, then a block too.
KEPT = (0, 2, 6)


def package(
    tuned: Path,
    target: Path,
    training: Sequence[Annotated],
    dev: Sequence[Annotated],
    settings: TrainSettings,
    made: dict[str, Any],
) -> Path:
    """Write the model folder of `tuned` weights; the whole folder appears at once.

    Args:
        tuned: folder of the fine-tuned torch weights.
        target: the model folder; one that stands there is replaced.
        training: reports that the metric classifier and the link scorer learn from (varied copies gained them nothing).
        dev: reports for calibration, for int8's cost and for the card.
        settings: risk, threads and the metric classifier's strength.
        made: what made the model (settings, corpus hash, …), for the manifest and the card.

    Raises:
        ModelError: int8 costs too much in every variant.
    """
    with new_folder(target) as folder:
        copy_torch(tuned, folder)
        curve = tuned.parent / "curve.json"
        if curve.is_file():  # of the run that made the weights, for evaluation's page
            shutil.copy(curve, folder)
        cost = _quantised(tuned, folder, dev, settings.threads)
        calibration = fit(outcomes(judge(tagger_of(folder, settings.threads), dev)), settings.risk)
        write_json(folder / "calibration.json", asdict(calibration) | {"risk": settings.risk})
        metrics = train_metrics(
            cases(training),
            cases(dev),
            folder,
            strength=settings.metric_strength,
            least=settings.metric_least,
        )
        count = train_links(training, folder, strength=settings.link_strength, least=settings.metric_least)
        log.info("link scorer: learned from %d pairs", count)
        log.info("metric classifier: dev F1 %.4f over ids", metrics["f1"])
        calibrate_records(folder, dev)
        evaluation = evaluate_model(folder, dev, threads=settings.threads)
        write_json(folder / MANIFEST, {"made": made, "int8": cost, "files": {}})
        describe(folder, {"dev": evaluation})
    return target


def describe(folder: Path, evaluations: dict[str, dict[str, Any]]) -> None:
    """Write the card from measured figures and seal the folder with its manifest."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    write_text(folder / "MODEL_CARD.md", card(manifest["made"], manifest["int8"], evaluations))
    seal(folder)


def seal(folder: Path) -> None:
    """Write the SHA-256 of every file of a model folder into its manifest."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    files = {p.name: sha256(p) for p in sorted(folder.iterdir()) if p.name not in (MANIFEST, "__init__.py")}
    write_json(folder / MANIFEST, manifest | {"files": files})


def _quantised(tuned: Path, folder: Path, dev: Sequence[Annotated], threads: int) -> dict[str, Any]:
    """Put `model.int8.onnx` into `folder`; returns what was measured on the way."""
    full, small = folder / "model.onnx", folder / "model.int8.onnx"
    difference = export_onnx(tuned, full)
    reference = overall(judge(tagger_of(folder, threads), dev)).f1
    for keep in KEPT:
        with tempfile.TemporaryDirectory(dir=folder.parent) as elsewhere:
            built = Path(elsewhere) / small.name
            quantise(full, built, keep)
            os.replace(built, small)
        f1 = overall(judge(tagger_of(folder, threads), dev)).f1
        log.info("int8 keeping the last %d products in fp32: dev F1 %.4f, fp32 %.4f", keep, f1, reference)
        if f1 >= reference - INT8_COST:
            full.unlink()
            return {
                "torch_difference": float(f"{difference:.2g}"),
                "fp32_f1": round(reference, 4),
                "int8_f1": round(f1, 4),
                "fp32_products": keep,
            }
    raise ModelError(
        f"int8 costs more than {INT8_COST} of dev F1 ({reference:.4f} to {f1:.4f})",
        file=str(folder),
        advice="train longer, or ship model.onnx",
    )
