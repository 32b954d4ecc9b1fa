"""What is exported computes what torch computes, by the compact graph and by torch's own exporter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from gongkai.annotations.convert import TAGS
from gongkai.training.compact import fits
from gongkai.training.export import export_onnx, quantise
from gongkai.training.pretrain import new_encoder
from gongkai.training.pretrain_settings import EncoderSettings
from gongkai.training.tokenizer import build_tokenizer, vocabulary
from transformers import AutoConfig, AutoModelForTokenClassification


def tuned(folder: Path, **changes: object) -> Path:
    """An untrained tagger, its norms and biases away from one and zero so that a lost one shows."""
    tokenizer = build_tokenizer(vocabulary([], ["青禾县主动公开信息"], 1, 500))
    size = EncoderSettings(layers=2, width=32, heads=2, feed_forward=48, positions=512)
    new_encoder(size, tokenizer, seed=1).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    names = dict(enumerate(TAGS))
    config = AutoConfig.from_pretrained(
        folder, id2label=names, label2id={n: i for i, n in names.items()}, **changes
    )
    torch.manual_seed(2)
    model = AutoModelForTokenClassification.from_config(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    model.save_pretrained(folder)
    return folder


def inputs_of(path: Path) -> list[str]:
    return [i.name for i in onnx.load(path).graph.input]


def test_compact_graph_is_the_encoder(tmp_path: Path) -> None:
    folder = tuned(tmp_path / "tuned")
    assert fits(AutoConfig.from_pretrained(folder))
    assert export_onnx(folder, tmp_path / "model.onnx") < 1e-3
    assert inputs_of(tmp_path / "model.onnx") == ["input_ids"]
    operators = {n.op_type for n in onnx.load(tmp_path / "model.onnx").graph.node}
    assert {"MultiHeadAttention", "RotaryEmbedding"} <= operators


@pytest.mark.parametrize(
    "changes",
    [
        {"attention_bias": True},
        {"mlp_bias": True},
        {"norm_bias": True},
        {"classifier_bias": True},
        {"hidden_activation": "relu"},
        {"layer_types": ["full_attention", "sliding_attention"]},
    ],
)
def test_other_encoders_do_not_fit(tmp_path: Path, changes: dict[str, object]) -> None:
    assert not fits(AutoConfig.from_pretrained(tuned(tmp_path / "tuned"), **changes))


def test_other_encoders_are_exported_by_torch(tmp_path: Path) -> None:
    folder = tuned(tmp_path / "tuned", mlp_bias=True)
    assert export_onnx(folder, tmp_path / "model.onnx") < 1e-3
    assert inputs_of(tmp_path / "model.onnx") == ["input_ids", "attention_mask"]


def test_int8_stays_near(tmp_path: Path) -> None:
    folder = tuned(tmp_path / "tuned")
    export_onnx(folder, tmp_path / "model.onnx")
    quantise(tmp_path / "model.onnx", tmp_path / "model.int8.onnx")
    kinds = {n.op_type for n in onnx.load(tmp_path / "model.int8.onnx").graph.node}
    assert "MatMulInteger" in kinds
    ids = np.random.default_rng(1).integers(5, 20, (1, 40))
    full, small = (
        onnxruntime.InferenceSession(tmp_path / name).run(None, {"input_ids": ids})[0]
        for name in ("model.onnx", "model.int8.onnx")
    )
    assert 0 < np.abs(full - small).max() < 0.2 * np.abs(full).max()
