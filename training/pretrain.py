"""Masked-character pretraining of the small encoder (half of the sequences by whole words), from nothing, resumable.

Masks whole words as in Cui et al., "Pre-Training with Whole Word Masking for Chinese BERT" (2021).
Every step's sequences and masks follow from the seed and the step's number, so a killed run that
resumes sees what an unbroken one would have seen.
"""

from __future__ import annotations

import json
import logging
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import ModernBertConfig, ModernBertForMaskedLM, PreTrainedTokenizerFast

from .files import new_folder, write_json, write_text
from .pretrain_settings import EncoderSettings, PretrainSettings
from .text import TERMS, encode, read_texts
from .tokenizer import build_tokenizer, vocabulary

log = logging.getLogger(__name__)
IGNORED = -100
HELD_OUT = 64  # sequences


class Sequences:
    """Draws training sequences from the corpora by share, and masks whole words in them."""

    def __init__(self, settings: PretrainSettings, tokenizer: PreTrainedTokenizerFast) -> None:
        self._settings = settings
        self._cls, self._sep = tokenizer.cls_token_id, tokenizer.sep_token_id
        self._mask, self._size = tokenizer.mask_token_id, len(tokenizer)
        self._inner = settings.sequence_length - 2
        ids = tokenizer.get_vocab()
        self._running: list[int] = []
        parts: list[tuple[NDArray[np.uint16], NDArray[np.bool_]]] = []
        shares: list[float] = []
        for corpus in settings.corpora:
            tokens, starts = encode(read_texts(corpus.path, corpus.sources), ids, tokenizer.unk_token_id)
            if len(tokens) > 100 * self._inner:
                parts.append((tokens, starts))
                # A corpus too small for its share is not learned by heart instead.
                shares.append(min(corpus.share, corpus.most_passes * len(tokens) / settings.token_budget))
                if not corpus.path.is_dir():
                    self._running.append(len(parts) - 1)
            log.info("%s %s: %d characters", corpus.path, " ".join(corpus.sources), len(tokens))
        self._parts, self._shares = parts, np.asarray(shares) / sum(shares)
        # The last hundredth of each corpus is held out.
        self._ends = [int(len(tokens) * 0.99) - self._inner for tokens, _ in parts]

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Input ids and labels of training step `step`, each (batch, length)."""
        random = np.random.default_rng((self._settings.seed, step))
        which = random.choice(len(self._parts), size=self._settings.batch_size, p=self._shares)
        return self._masked([(k, int(random.integers(0, max(1, self._ends[k])))) for k in which], random)

    def held_out(self) -> list[tuple[Tensor, Tensor]]:
        """The same held-out batches at every call, in equal parts from each running-text corpus."""
        random = np.random.default_rng((self._settings.seed, 0, 1))
        batches = []
        for _ in range(HELD_OUT // 8):
            which = random.choice(self._running, size=8)
            places = [
                (k, int(random.integers(self._ends[k], len(self._parts[k][0]) - self._inner))) for k in which
            ]
            batches.append(self._masked(places, random))
        return batches

    def _masked(self, places: list[tuple[int, int]], random: np.random.Generator) -> tuple[Tensor, Tensor]:
        inner = self._inner
        ids = np.stack([self._parts[k][0][at : at + inner] for k, at in places]).astype(np.int64)
        starts = np.stack([self._parts[k][1][at : at + inner] for k, at in places])
        # Single masked characters are the easier half: they lead a new encoder off the plateau.
        by_character = random.random((len(places), 1)) >= self._settings.whole_word_share
        words = np.cumsum(starts | by_character, axis=1, dtype=np.int64)
        hidden = (
            np.take_along_axis(random.random((len(places), inner + 1)), words, axis=1)
            < self._settings.mask_share
        )
        labels = np.where(hidden, ids, IGNORED)
        fate = random.random(ids.shape)
        ids = np.where(hidden & (fate < 0.8), self._mask, ids)
        ids = np.where(hidden & (fate >= 0.9), random.integers(5, self._size, ids.shape), ids)
        frame = np.full((len(places), 1), IGNORED)
        ids = np.concatenate([frame * 0 + self._cls, ids, frame * 0 + self._sep], axis=1)
        return torch.from_numpy(ids), torch.from_numpy(np.concatenate([frame, labels, frame], axis=1))


def learning_rate(progress: float, settings: PretrainSettings) -> float:
    """Linear warm-up, then a cosine to zero; `progress` runs from 0 to 1."""
    if progress < settings.warmup_share:
        return settings.learning_rate * (progress + 1e-3) / (settings.warmup_share + 1e-3)
    rest = (progress - settings.warmup_share) / (1 - settings.warmup_share)
    return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, rest)))


def new_encoder(
    settings: EncoderSettings, tokenizer: PreTrainedTokenizerFast, seed: int
) -> ModernBertForMaskedLM:
    """An untrained encoder: pre-norm, rotary positions, gated feed-forward, all layers global."""
    torch.manual_seed(seed)
    config = ModernBertConfig(
        vocab_size=len(tokenizer),
        hidden_size=settings.width,
        intermediate_size=settings.feed_forward,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        max_position_embeddings=settings.positions,
        layer_types=["full_attention"] * settings.layers,
        rope_parameters={"full_attention": {"rope_type": "default", "rope_theta": 10_000.0}},
        sparse_prediction=True,
        pad_token_id=tokenizer.pad_token_id,
        cls_token_id=tokenizer.cls_token_id,
        sep_token_id=tokenizer.sep_token_id,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
    )
    return ModernBertForMaskedLM(config)


def make_tokenizer(settings: PretrainSettings) -> PreTrainedTokenizerFast:
    """The tokenizer that the corpora's characters give; reports' and terms' characters all enter."""
    running = [c for c in settings.corpora if not c.path.is_dir()]
    reports = [text for c in settings.corpora if c.path.is_dir() for text in read_texts(c.path)]
    folder = TERMS.parent
    lists = [p.read_text(encoding="utf-8") for p in [*sorted(folder.glob("*.txt")), folder / "metrics.csv"]]
    texts = (text for c in running for text in read_texts(c.path, c.sources))
    return build_tokenizer(
        vocabulary(texts, reports + lists, settings.vocabulary.minimum, settings.vocabulary.limit)
    )


def pretrain(settings: PretrainSettings) -> Path:
    """Train, or go on where `output/checkpoint` stands; returns `output/encoder`.

    Writes `curve.jsonl`: tokens seen, minutes, training and held-out masked loss (nats), rate.
    """
    torch.set_num_threads(settings.threads)
    checkpoint = settings.output / "checkpoint"
    state: dict[str, Any] = {"step": 0, "seconds": 0.0}
    if checkpoint.exists():
        tokenizer = PreTrainedTokenizerFast.from_pretrained(checkpoint)
        model = ModernBertForMaskedLM.from_pretrained(checkpoint)
        state = json.loads((checkpoint / "state.json").read_text(encoding="utf-8"))
    else:
        tokenizer = make_tokenizer(settings)
        model = new_encoder(settings.encoder, tokenizer, settings.seed)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": settings.weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=settings.learning_rate,
        betas=(0.9, 0.98),
        fused=True,
    )
    if checkpoint.exists():
        optimizer.load_state_dict(torch.load(checkpoint / "optimizer.pt", weights_only=True))
    log.info("%d parameters, vocabulary %d", model.num_parameters(), len(tokenizer))
    _run(settings, model, optimizer, tokenizer, state)
    with new_folder(settings.output / "encoder") as folder:
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        write_json(folder / "pretraining.json", settings.model_dump(mode="json") | {"state": state})
    return settings.output / "encoder"


def _run(
    settings: PretrainSettings,
    model: ModernBertForMaskedLM,
    optimizer: torch.optim.Optimizer,
    tokenizer: PreTrainedTokenizerFast,
    state: dict[str, Any],
) -> None:
    data = Sequences(settings, tokenizer)
    _trim_curve(settings, state)
    held_out = data.held_out()
    per_step = settings.batch_size * settings.sequence_length
    began = time.monotonic() - state["seconds"]
    saved = time.monotonic()
    losses: list[float] = []
    model.train()
    while True:
        tokens = state["step"] * per_step
        state["seconds"] = time.monotonic() - began
        progress = tokens / settings.token_budget
        if settings.minutes_budget is not None:
            progress = max(progress, state["seconds"] / 60 / settings.minutes_budget)
        if progress >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(progress, settings)
        ids, labels = data.batch(state["step"])
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        state["step"] += 1
        tokens += per_step
        if tokens // settings.evaluate_tokens != (tokens - per_step) // settings.evaluate_tokens:
            _note(settings, state, model, held_out, losses, learning_rate(progress, settings))
            losses = []
        for mark in settings.snapshot_tokens:
            if tokens - per_step < mark <= tokens:
                with new_folder(settings.output / f"at-{mark}") as folder:
                    model.save_pretrained(folder)
                    tokenizer.save_pretrained(folder)
        if time.monotonic() - saved > settings.checkpoint_minutes * 60:
            _checkpoint(settings, model, optimizer, tokenizer, state)
            saved = time.monotonic()
    _checkpoint(settings, model, optimizer, tokenizer, state)


def _note(
    settings: PretrainSettings,
    state: dict[str, Any],
    model: ModernBertForMaskedLM,
    held_out: list[tuple[Tensor, Tensor]],
    losses: list[float],
    rate: float,
) -> None:
    with torch.no_grad():
        kept = [model(input_ids=ids, labels=labels).loss.item() for ids, labels in held_out]
    entry = {
        "tokens": state["step"] * settings.batch_size * settings.sequence_length,
        "minutes": round(state["seconds"] / 60, 2),
        "loss": round(float(np.mean(losses)), 4),
        "held_out": round(float(np.mean(kept)), 4),
        "rate": round(rate, 7),
    }
    settings.output.mkdir(parents=True, exist_ok=True)
    with (settings.output / "curve.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    log.info("%s", entry)


def _trim_curve(settings: PretrainSettings, state: dict[str, Any]) -> None:
    """Drop the points that a killed run noted after its last checkpoint: they will come again."""
    path = settings.output / "curve.jsonl"
    if path.is_file():
        tokens = state["step"] * settings.batch_size * settings.sequence_length
        kept = [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if json.loads(line)["tokens"] <= tokens
        ]
        write_text(path, "".join(line + "\n" for line in kept))


def _checkpoint(
    settings: PretrainSettings,
    model: ModernBertForMaskedLM,
    optimizer: torch.optim.Optimizer,
    tokenizer: PreTrainedTokenizerFast,
    state: dict[str, Any],
) -> None:
    with new_folder(settings.output / "checkpoint") as folder:
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        torch.save(optimizer.state_dict(), folder / "optimizer.pt")
        write_json(folder / "state.json", state)
