"""Settings of fine-tuning; `configs/train/default.yaml` says what each one means."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from .settings import Settings


class TrainSettings(Settings):
    """All of `configs/train/*.yaml` but the variation."""

    base: str
    corpus: Path
    output: Path
    window: int = Field(ge=32)
    overlap: int = Field(ge=0)
    batch_size: int = Field(ge=1)
    epochs: float = Field(gt=0)
    learning_rate: float = Field(gt=0)
    warmup_share: float = Field(ge=0, lt=1)
    weight_decay: float = Field(ge=0)
    dropout: float = Field(ge=0, lt=1)
    label_smoothing: float = Field(ge=0, lt=1)
    patience: int = Field(ge=1)
    average_last: int = Field(ge=0)
    variation: Path | None
    copies: int = Field(ge=0)
    evaluation_batch_size: int = Field(ge=1)
    precision: Literal["fp32", "bf16"]
    threads: int = Field(ge=1)
    seed: int
    risk: float = Field(gt=0, lt=1)
    metric_strength: float = Field(gt=0)
    link_strength: float = Field(gt=0)
    metric_least: int = Field(ge=1)
