"""From annotations to a model folder: variation, fine-tuning, packaging; and retraining with new reports."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..annotations.convert import Annotated, Example, convert, load_corpus
from ..annotations.splits import split_of
from ..data.errors import ConfigError, ModelError
from .evaluate import evaluate_model
from .files import new_folder
from .finetune import finetune
from .package import package
from .settings import load_settings
from .train_settings import TrainSettings
from .variation import VariationSettings, vary

log = logging.getLogger(__name__)


def train(
    settings: TrainSettings,
    resume_from: Path | None = None,
    add: Sequence[Path] = (),
    *,
    replace_worse: bool = False,
    about: dict[str, Any] | None = None,
) -> Path:
    """Fine-tune, package, and return the model folder `settings.output/model`.

    Args:
        settings: see `configs/train/default.yaml`.
        resume_from: a model folder to start from instead of `settings.base`.
        add: folders of further annotated reports, trained on beside the corpus.
        replace_worse: write the folder even if `resume_from` does better on dev.
        about: facts for the card (`about`, `data`, `commands`, `failures`) beside those known here.

    Raises:
        ConfigError: the corpus has no train or no dev report.
        AnnotationError: an annotated report breaks the markup.
        ModelError: the base or `resume_from` cannot be loaded, or the new model is worse than it.
    """
    corpus = load_corpus(settings.corpus)
    added = [a for folder in add for a in load_corpus(folder)]
    training = [a for a in corpus if split_of(a.report_id, a.meta) == "train"] + added
    dev = [a for a in corpus if split_of(a.report_id, a.meta) == "dev"]
    if not training or not dev:
        raise ConfigError("holds no training or no dev report", file=str(settings.corpus))
    base = str(resume_from) if resume_from else settings.base
    reports = training + varied_reports(training, settings)
    tuned = finetune(settings, base, plain_examples(reports), plain_examples(dev), settings.output)
    made = _made(settings, base, training, dev) | (about or {})
    candidate = package(tuned.folder, settings.output / "candidate", training, dev, settings, made)
    if resume_from and not replace_worse:
        _refuse_worse(candidate, resume_from, dev, settings.threads)
    with new_folder(settings.output / "model") as folder:
        shutil.copytree(candidate, folder, dirs_exist_ok=True)
    return settings.output / "model"


def plain_examples(corpus: Sequence[Annotated]) -> list[Example]:
    """The sentences of reports as they stand."""
    examples: list[Example] = []
    for annotated in corpus:
        converted = convert(annotated.report, annotated.report_id)
        examples.extend(converted.examples)
        if converted.lost:
            log.info("%s: %d marks in no sentence", annotated.report_id, len(converted.lost))
    return examples


def varied_reports(corpus: Sequence[Annotated], settings: TrainSettings) -> list[Annotated]:
    """The seeded copies of reports with other figures, places, words and dirt; ids `ID+0`, `ID+1`, …"""
    if settings.variation is None:
        return []
    variation = load_settings(VariationSettings, settings.variation)
    copies = []
    for annotated in corpus:
        for copy in range(settings.copies):
            seed = int.from_bytes(
                hashlib.sha256(f"{settings.seed}/{copy}/{annotated.report_id}".encode()).digest()[:8]
            )
            varied = vary(annotated.report, variation, seed)
            copies.append(replace(annotated, report_id=f"{annotated.report_id}+{copy}", report=varied))
    return copies


def corpus_digest(corpus: Sequence[Annotated]) -> str:
    """SHA-256 over the ids and files of reports."""
    digest = hashlib.sha256()
    for annotated in corpus:
        digest.update(annotated.report_id.encode() + b"\0" + annotated.path.read_bytes())
    return digest.hexdigest()


def _made(
    settings: TrainSettings, base: str, training: Sequence[Annotated], dev: Sequence[Annotated]
) -> dict[str, Any]:
    resolved = settings.model_dump(mode="json", exclude={"output", "corpus", "base", "variation", "threads"})
    marks = sum(len(a.report.marks) for a in training)
    return {
        "about": [f"base: {Path(base).name}", f"settings: `{json.dumps(resolved, sort_keys=True)}`"],
        "data": {
            "training reports": f"{len(training)} ({marks} marks), SHA-256 {corpus_digest(training)[:16]}",
            "dev reports": f"{len(dev)}, SHA-256 {corpus_digest(dev)[:16]}",
        },
        "commands": [
            "gongkai pretrain configs/pretrain.yaml",
            "gongkai train configs/train/default.yaml",
        ],
    }


def _refuse_worse(candidate: Path, old: Path, dev: Sequence[Annotated], threads: int) -> None:
    """Compare on dev; both tag the same reports with their ONNX models."""
    new_f1, old_f1 = (evaluate_model(m, dev, threads=threads)["strict"]["f1"] for m in (candidate, old))
    log.info("dev F1: new %.4f, old %.4f", new_f1, old_f1)
    if new_f1 < old_f1:
        raise ModelError(
            f"the new model is worse on dev ({new_f1:.4f} beside {old_f1:.4f}) and was not put in place",
            file=str(candidate),
            advice="add reports or train longer, or force it",
        )
