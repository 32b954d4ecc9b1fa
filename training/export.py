"""Tuned weights to what ships: fp16 safetensors, int8 ONNX, checked against the torch model.

An encoder like our own becomes the compact graph, any other what torch exports. The embedding table and the linear layers are quantised by ONNX Runtime's dynamic int8; the last ones
stay in fp32 where int8 costs F1.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModelForTokenClassification, AutoTokenizer, PreTrainedModel

from ..data.errors import ModelError
from .compact import fits, write_compact
from .files import write_text

log = logging.getLogger(__name__)
FP32_BOUND = 1e-3  # largest logit difference between torch and ONNX fp32 that passes


class _Logits(nn.Module):
    """The tagger as a function of two tensors."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        logits: Tensor = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits


def export_onnx(tuned: Path, target: Path) -> float:
    """Write fp32 ONNX with dynamic batch and length; returns the largest logit difference to torch.

    Raises:
        ModelError: the difference is over `FP32_BOUND`.
    """
    model = AutoModelForTokenClassification.from_pretrained(tuned, dtype=torch.float32).eval()
    if fits(model.config):
        write_compact(model.config, model.state_dict(), target)
    else:
        _write_exported(model, target)
    worst = 0.0
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    masked = len(session.get_inputs()) > 1
    for shape in ((1, 2), (3, 17), (5, 200)):
        ids, mask = _probe(model.config.vocab_size, shape, masked=masked)
        with torch.inference_mode():
            expected = model(
                input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)
            ).logits.numpy()
        feeds = {"input_ids": ids} | ({"attention_mask": mask} if masked else {})
        (found,) = session.run(["logits"], feeds)
        worst = max(worst, float(np.abs(expected - found)[mask.astype(bool)].max()))
    if worst > FP32_BOUND:
        raise ModelError(
            f"ONNX differs from torch by {worst:.2g}", file=str(tuned), advice="try another torch version"
        )
    return worst


def _write_exported(model: PreTrainedModel, target: Path) -> None:
    ids, mask = _probe(model.config.vocab_size, (3, 17))
    batch, length = torch.export.Dim("batch", min=1, max=4096), torch.export.Dim("length", min=2, max=2048)
    program = torch.onnx.export(
        _Logits(model).eval(),
        (torch.from_numpy(ids), torch.from_numpy(mask)),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_shapes={"input_ids": {0: batch, 1: length}, "attention_mask": {0: batch, 1: length}},
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    if program is None:
        raise ModelError("torch exported no program", file=str(target), advice="use torch 2.9 or later")
    program.save(str(target))


def _probe(
    vocabulary: int, shape: tuple[int, int], *, masked: bool = True
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Random ids and a mask whose rows end at different places, or at the same where nothing masks."""
    random = np.random.default_rng(shape)
    ids = random.integers(5, vocabulary, shape)
    mask = np.ones(shape, dtype=np.int64)
    for row in range(1, shape[0] if masked else 1):
        mask[row, shape[1] - row * shape[1] // (2 * shape[0]) :] = 0
    return ids, mask


def quantise(source: Path, target: Path, keep: int = 0) -> None:
    """Dynamic int8 of an fp32 ONNX file; the last `keep` matrix products with weights stay fp32."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        graph = onnx.load(str(prepared)).graph
        weights = {tensor.name for tensor in graph.initializer}
        products = [n.name for n in graph.node if n.op_type in ("MatMul", "Gemm") and n.input[1] in weights]
        temporary = target.with_name(target.name + ".tmp")
        quantize_dynamic(
            str(prepared),
            str(temporary),
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=products[len(products) - keep :],
            # Shape inference knows nothing of ONNX Runtime's own operators.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        os.replace(temporary, target)


def copy_torch(tuned: Path, target: Path) -> None:
    """Config, tokenizer and fp16 safetensors of a tuned folder into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "tokenizer_config.json"):
        shutil.copyfile(tuned / name, target / name)
    # Written without indentation, the vocabulary takes half the room.
    tokenizer = json.loads((tuned / "tokenizer.json").read_text(encoding="utf-8"))
    write_text(target / "tokenizer.json", json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")))
    weights = load_file(tuned / "model.safetensors")
    save_file(
        {k: v.half() if v.is_floating_point() else v for k, v in weights.items()},
        target / "model.safetensors",
        metadata={"format": "pt"},
    )
    AutoTokenizer.from_pretrained(target)  # a tokenizer that does not load must not ship
