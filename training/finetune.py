"""Fine-tuning an encoder for tagging with transformers' Trainer, resumable to the same weights."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from safetensors.torch import load_file
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
    EarlyStoppingCallback,
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Trainer,
    TrainingArguments,
    set_seed,
)

from ..annotations.convert import TAGS, Example
from ..data.errors import ConfigError, ModelError
from ..inference.decoding import BioScheme
from .examples import IGNORED, TAG_IDS, to_dataset
from .files import new_folder, write_json
from .train_settings import TrainSettings

log = logging.getLogger(__name__)
_DROPOUTS = (
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "attention_dropout",
    "embedding_dropout",
    "mlp_dropout",
    "classifier_dropout",
)


@dataclass(frozen=True, slots=True)
class Tuned:
    """The outcome: the folder of the weights and their strict dev F1 (0 to 1)."""

    folder: Path
    dev_f1: float


def load_base(base: str, dropout: float) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """An encoder with a fresh (or, for a tuned one, its own) tag head, and its tokenizer.

    Raises:
        ModelError: there is no such folder or hub model, or it cannot be loaded.
    """
    try:
        config = AutoConfig.from_pretrained(
            base, num_labels=len(TAGS), id2label=dict(enumerate(TAGS)), label2id=TAG_IDS
        )
        for name in _DROPOUTS:
            if hasattr(config, name):
                setattr(config, name, dropout)
        model = AutoModelForTokenClassification.from_pretrained(base, config=config, dtype=torch.float32)
        tokenizer = AutoTokenizer.from_pretrained(base, use_fast=True)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"cannot be loaded as an encoder ({error})", file=base, advice="give a local folder or a hub name"
        ) from error
    return model, tokenizer


def strict_f1(prediction: EvalPrediction) -> dict[str, float]:
    """Strict IOB2 F1 of `(windows, tokens, tags)` logits after constrained decoding."""
    logits, labels = prediction.predictions, prediction.label_ids
    scheme = BioScheme(TAGS)
    truth, guessed = [], []
    for row, gold in zip(np.asarray(logits), np.asarray(labels), strict=True):
        kept = gold != IGNORED
        scores: NDArray[np.float32] = row[kept].astype(np.float32)
        scores -= np.logaddexp.reduce(scores, axis=1, keepdims=True)
        truth.append([TAGS[t] for t in gold[kept]])
        guessed.append([TAGS[t] for t in scheme.decode(scores)])
    return {"f1": float(f1_score(truth, guessed, mode="strict", scheme=IOB2, zero_division=0))}


def finetune(
    settings: TrainSettings, base: str, train: Sequence[Example], dev: Sequence[Example], output: Path
) -> Tuned:
    """Train on `train`, choose on `dev`; a killed run goes on from its last epoch.

    Writes `output/run` (checkpoints), `output/tuned` and `output/curve.json`.

    Raises:
        ConfigError: `output` holds a run with other settings.
    """
    torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    _claim(output, settings, base)
    model, tokenizer = load_base(base, settings.dropout)
    # A tokenizer with marks around the text takes some of the encoder's positions.
    longest = min(getattr(model.config, "max_position_embeddings", 512), 8192)
    sets = [
        to_dataset(part, tokenizer, window=settings.window, overlap=settings.overlap, longest=longest)
        for part in (train, dev)
    ]
    arguments = TrainingArguments(
        output_dir=str(output / "run"),
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.evaluation_batch_size,
        num_train_epochs=settings.epochs,
        learning_rate=settings.learning_rate,
        warmup_steps=settings.warmup_share,
        lr_scheduler_type="linear",
        weight_decay=settings.weight_decay,
        label_smoothing_factor=settings.label_smoothing,
        train_sampling_strategy="group_by_length",
        eval_strategy="epoch",
        save_strategy="epoch",
        logging_strategy="epoch",
        save_total_limit=max(settings.average_last, 1) + 1,
        load_best_model_at_end=True,
        metric_for_best_model="f1",
        greater_is_better=True,
        restore_callback_states_from_checkpoint=True,
        bf16=settings.precision == "bf16",
        seed=settings.seed,
        data_seed=settings.seed,
        dataloader_pin_memory=torch.cuda.is_available(),
        disable_tqdm=True,
        report_to="none",
    )
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=sets[0],
        eval_dataset=sets[1],
        processing_class=tokenizer,
        data_collator=DataCollatorForTokenClassification(tokenizer),
        compute_metrics=strict_f1,
        callbacks=[EarlyStoppingCallback(early_stopping_patience=settings.patience)],
    )
    found = checkpoints(output / "run")
    trainer.train(resume_from_checkpoint=str(found[-1]) if found else None)
    best = float(trainer.state.best_metric or 0.0)
    best = max(best, _try_average(trainer, sets[1], output / "run", settings.average_last, best))
    with new_folder(output / "tuned") as folder:
        trainer.save_model(str(folder))
        tokenizer.save_pretrained(folder)
    write_json(output / "curve.json", trainer.state.log_history)
    return Tuned(output / "tuned", best)


def checkpoints(run: Path) -> list[Path]:
    """Finished checkpoints of a run, oldest first."""
    found = [p for p in run.glob("checkpoint-*") if (p / "trainer_state.json").is_file()]
    return sorted(found, key=lambda p: int(re.sub(r"\D", "", p.name)))


def _try_average(trainer: Trainer, dev: Dataset, run: Path, count: int, best: float) -> float:
    """Load the mean weights of the last checkpoints if they do better on dev; returns their F1."""
    last = checkpoints(run)[-count:] if count > 1 else []
    if len(last) < 2:
        return 0.0
    chosen = {k: v.detach().clone() for k, v in trainer.model.state_dict().items()}
    loaded = [load_file(p / "model.safetensors") for p in last]
    mean = {k: torch.stack([weights[k].float() for weights in loaded]).mean(0) for k in loaded[0]}
    trainer.model.load_state_dict(mean, strict=False)
    f1 = trainer.evaluate(dev)["eval_f1"]
    log.info("mean of the last %d epochs: dev F1 %.4f, best epoch %.4f", len(last), f1, best)
    if f1 < best:
        trainer.model.load_state_dict(chosen)
    return float(f1)


def _claim(output: Path, settings: TrainSettings, base: str) -> None:
    asked = settings.model_dump(mode="json", exclude={"threads"}) | {"base": base}
    note = output / "settings.json"
    if (
        checkpoints(output / "run")
        and note.is_file()
        and json.loads(note.read_text(encoding="utf-8")) != asked
    ):
        raise ConfigError(
            "holds an unfinished run with other settings",
            file=str(output),
            advice="finish it, or name another output",
        )
    write_json(note, asked)
