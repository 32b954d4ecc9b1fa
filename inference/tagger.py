"""The model tagger: windows over sentences, ONNX Runtime or torch logits, decoding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..data.document import Sentence
from .decoding import Floats, Ids, Logits, Prediction, predict
from .encoder import Offsets, load_encoder
from .model_folder import ModelFolder, open_model, shipped_model
from .settings import ExtractSettings


class ModelTagger:
    """Tags sentences with a token-classification model; safe to use from one thread at a time."""

    def __init__(
        self, folder: ModelFolder, logits: Logits, settings: ExtractSettings, *, batch_characters: int
    ) -> None:
        """`batch_characters`: the most characters of a batch, padding included; 0 is one piece a batch."""
        self.folder = folder
        self._logits = logits
        self._settings = settings
        self._batch_characters = batch_characters
        self._encoder = load_encoder(folder.path / "tokenizer.json")

    def predict(self, sentences: Sequence[Sentence]) -> list[Prediction]:
        """Predictions in the order given; long sentences in windows, batches sorted by length inside."""
        return [
            predict(s, p, self.folder.scheme, self.folder.calibration)
            for s, p in zip(sentences, self._log_probabilities([s.view.text for s in sentences]), strict=True)
        ]

    def _log_probabilities(self, texts: list[str]) -> list[Floats]:
        pieces = [(i, a, b) for i, text in enumerate(texts) for a, b in self._windows(len(text))]
        order = sorted(range(len(pieces)), key=lambda k: pieces[k][2] - pieces[k][1])
        tags = len(self.folder.scheme.names)
        out: list[Floats] = [np.zeros((0, tags), dtype=np.float32)] * len(texts)
        weight: dict[int, Ids] = {}  # of texts in several windows, how far inside each character stood
        for batch in self._batches([pieces[k] for k in order]):
            for (i, a, b), scores in zip(batch, self._run([texts[i][a:b] for i, a, b in batch]), strict=True):
                length = len(texts[i])
                if b - a == length:
                    out[i] = scores
                    continue
                if i not in weight:
                    out[i] = np.zeros((length, tags), dtype=np.float32)
                    weight[i] = np.full(length, -1, dtype=np.int64)
                # Of two windows over a character, the one in which it stands further from the edge decides.
                inner = np.minimum(
                    np.arange(b - a) if a else b - a, np.arange(b - a)[::-1] if b < length else b - a
                )
                better = inner > weight[i][a:b]
                out[i][a:b][better] = scores[better]
                weight[i][a:b][better] = inner[better]
        return out

    def _windows(self, length: int) -> Iterator[tuple[int, int]]:
        size, step = self._settings.window, self._settings.window - self._settings.overlap
        start = 0
        while start + size < length:
            yield start, start + size
            start += step
        if length:
            yield start, length

    def _batches(self, pieces: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
        batch: list[tuple[int, int, int]] = []
        for piece in pieces:  # ascending lengths: the newest is the longest
            if batch and (len(batch) + 1) * (piece[2] - piece[1]) > self._batch_characters:
                yield batch
                batch = []
            batch.append(piece)
        if batch:
            yield batch

    def _run(self, texts: list[str]) -> list[Floats]:
        encodings = [self._encoder.encode(text) for text in texts]
        width = max(len(ids) for ids, _ in encodings)
        ids = np.zeros((len(texts), width), dtype=np.int64)
        mask = np.zeros((len(texts), width), dtype=np.int64)
        for row, (tokens, _) in enumerate(encodings):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        logits = self._logits(ids, mask).astype(np.float32)
        logits -= logits.max(axis=-1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        return [
            logits[row, 1 : len(text) + 1]
            if offsets is None
            else self._to_characters(logits[row], offsets, len(text))
            for row, ((_, offsets), text) in enumerate(zip(encodings, texts, strict=True))
        ]

    def _to_characters(self, tokens: Floats, offsets: Offsets, length: int) -> Floats:
        """A token's scores for its first character; the I- form of its tags for the others."""
        outside = self.folder.scheme.names.index("O")
        out = np.full((length, tokens.shape[1]), -20.0, dtype=np.float32)
        out[:, outside] = 0.0  # characters that no token covers (blanks) are outside
        inside = self.folder.scheme.inside
        for index, (start, end) in enumerate(offsets):
            if start == end:
                continue
            out[start] = tokens[index]
            if end - start > 1:
                rest = np.full(tokens.shape[1], -20.0, dtype=np.float32)
                np.maximum.at(rest, inside, tokens[index])
                out[start + 1 : end] = rest
        return out


def load_tagger(settings: ExtractSettings) -> ModelTagger:
    """The model tagger that the settings name.

    On a CPU, ONNX Runtime reads one sentence at a time. That is faster than batches, whose
    activations leave the cache, and it makes results a function of the sentence alone: dynamic
    int8 takes its scale from the whole batch.

    Raises:
        ModelError: the folder is missing, damaged or of other labels.
        MissingDependencyError: the torch tagger is asked for and torch is not installed.
        ConfigError: the device is not there.
    """
    if settings.tagger == "torch":
        from .torch_tagger import find_checkpoint, torch_logits

        path = find_checkpoint(settings.model, allow_download=settings.allow_download)
        folder = open_model(path)
        logits = torch_logits(path, settings.device)
        return ModelTagger(folder, logits, settings, batch_characters=settings.batch_characters)
    from .onnx_runtime import onnx_logits

    folder = open_model(Path(settings.model) if settings.model else shipped_model())
    logits, in_batches = onnx_logits(folder, settings)
    size = settings.batch_characters if in_batches else 0
    return ModelTagger(folder, logits, settings, batch_characters=size)
