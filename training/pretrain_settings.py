"""Settings of pretraining: `configs/pretrain.yaml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from .settings import Settings


class CorpusSettings(Settings):
    """Where text comes from; `share` is relative to the other corpora's."""

    path: Path
    sources: tuple[str, ...] = ()
    share: float = Field(gt=0)
    most_passes: float = Field(20, gt=0)


class VocabularySettings(Settings):
    """Characters seen at least `minimum` times, at most `limit` entries."""

    minimum: int = Field(ge=1)
    limit: int = Field(ge=300)


class EncoderSettings(Settings):
    """Size of the encoder."""

    layers: int = Field(ge=1)
    width: int = Field(ge=8)
    heads: int = Field(ge=1)
    feed_forward: int = Field(ge=8)
    positions: int = Field(ge=128)


class PretrainSettings(Settings):
    """All of `configs/pretrain.yaml`."""

    output: Path
    corpora: tuple[CorpusSettings, ...] = Field(min_length=1)
    vocabulary: VocabularySettings
    encoder: EncoderSettings
    mask_share: float = Field(gt=0, lt=1)
    whole_word_share: float = Field(ge=0, le=1)
    sequence_length: int = Field(ge=8)
    batch_size: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    warmup_share: float = Field(ge=0, lt=1)
    token_budget: int = Field(ge=1)
    minutes_budget: float | None = None
    checkpoint_minutes: float = Field(gt=0)
    evaluate_tokens: int = Field(ge=1)
    snapshot_tokens: tuple[int, ...] = ()
    threads: int = Field(ge=1)
    seed: int
