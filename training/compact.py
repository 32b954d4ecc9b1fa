"""Writes the small encoder as a compact ONNX graph: a quarter of the nodes that torch exports, the same logits.

At a sentence a run, the cost of starting a node rivals its arithmetic. The graph uses ONNX Runtime's
own operators for rotary positions and attention, and takes no attention mask: it reads texts of one
length at a time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper, parser
from torch import Tensor
from transformers import ModernBertConfig, PretrainedConfig

_HEAD = """
<ir_version: 9, opset_import: ["" : 18, "com.microsoft" : 1]>
tagger (int64[batch, length] input_ids) => (float[batch, length, tags] logits)
{{
    shape = Shape (input_ids)
    size = Gather <axis = 0> (shape, second)
    places = Range (zero, size, one)
    column = Unsqueeze (places, last)
    positions = Cast <to = 1> (column)
    angles = Mul (positions, frequencies)
    cosines = Cos (angles)
    sines = Sin (angles)
    embedded = Gather (embeddings_tok_embeddings, input_ids)
    x0 = LayerNormalization <axis = -1, epsilon = {epsilon}> (embedded, embeddings_norm)
"""
_LAYER = """
    {normed}
    qkv{i} = MatMul (n{i}, layers_{i}_attn_Wqkv)
    q{i}, k{i}, v{i} = Split <axis = -1, num_outputs = 3> (qkv{i})
    rq{i} = com.microsoft.RotaryEmbedding <num_heads = {heads}> (q{i}, start, cosines, sines)
    rk{i} = com.microsoft.RotaryEmbedding <num_heads = {heads}> (k{i}, start, cosines, sines)
    seen{i} = com.microsoft.MultiHeadAttention <num_heads = {heads}> (rq{i}, rk{i}, v{i})
    attended{i} = MatMul (seen{i}, layers_{i}_attn_Wo)
    between{i} = Add (x{i}, attended{i})
    m{i} = LayerNormalization <axis = -1, epsilon = {epsilon}> (between{i}, layers_{i}_mlp_norm)
    wide{i} = MatMul (m{i}, layers_{i}_mlp_Wi)
    open{i}, gate{i} = Split <axis = -1, num_outputs = 2> (wide{i})
    active{i} = com.microsoft.Gelu (open{i})
    gated{i} = Mul (active{i}, gate{i})
    narrow{i} = MatMul (gated{i}, layers_{i}_mlp_Wo)
    x{next} = Add (between{i}, narrow{i})
"""
_TAIL = """
    final = LayerNormalization <axis = -1, epsilon = {epsilon}> (x{layers}, final_norm)
    dense = MatMul (final, head_dense)
    warm = com.microsoft.Gelu (dense)
    head = LayerNormalization <axis = -1, epsilon = {epsilon}> (warm, head_norm)
    products = MatMul (head, classifier)
    logits = Add (products, classifier_bias)
}}
"""


def fits(config: PretrainedConfig) -> bool:
    """Whether the compact graph can express an encoder: ModernBERT, global, without biases, with GELU."""
    return (
        isinstance(config, ModernBertConfig)
        and set(config.layer_types) == {"full_attention"}
        and config.rope_parameters["full_attention"]["rope_type"] == "default"
        and not (config.attention_bias or config.mlp_bias or config.norm_bias or config.classifier_bias)
        and config.hidden_activation == config.classifier_activation == "gelu"
    )


def write_compact(config: ModernBertConfig, weights: dict[str, Tensor], target: Path) -> None:
    """Write the tagger's graph with input `input_ids` and output `logits`, batch and length left open.

    Args:
        config: one that `fits`.
        weights: the state of a `ModernBertForTokenClassification`, fp32.
        target: the ONNX file.
    """
    names = {"epsilon": config.norm_eps, "heads": config.num_attention_heads}
    body = [_HEAD.format(**names)]
    for i in range(config.num_hidden_layers):
        # The first layer has no norm of its own before attention.
        normed = f"LayerNormalization <axis = -1, epsilon = {config.norm_eps}> (x{i}, layers_{i}_attn_norm)"
        step = f"n{i} = {normed if i else 'Identity (x0)'}"
        body.append(_LAYER.format(i=i, next=i + 1, normed=step, **names))
    body.append(_TAIL.format(layers=config.num_hidden_layers, **names))
    model = parser.parse_model("".join(body))
    size = config.hidden_size // config.num_attention_heads
    theta = config.rope_parameters["full_attention"]["rope_theta"]
    constants = {
        "second": np.array(1, dtype=np.int64),
        "zero": np.array(0, dtype=np.int64),
        "one": np.array(1, dtype=np.int64),
        "last": np.array([1], dtype=np.int64),
        "start": np.array([0], dtype=np.int64),
        "frequencies": (theta ** -(np.arange(0, size, 2, dtype=np.float32) / size)).astype(np.float32),
    }
    used = {name for node in model.graph.node for name in node.input}
    for name, array in (constants | _arrays(weights)).items():
        if name in used:
            model.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
    onnx.save(model, target)


def _arrays(weights: dict[str, Tensor]) -> dict[str, NDArray[np.float32]]:
    """Weights under the graph's names; those of linear layers turned round, since x W comes first."""
    out = {}
    for key, tensor in weights.items():
        array = tensor.float().numpy()
        name = key.removeprefix("model.").removesuffix(".weight").replace(".", "_")
        out[name] = array.T if array.ndim == 2 and "embeddings" not in key else array
    return out
