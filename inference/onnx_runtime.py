"""Runs a model folder's ONNX file with ONNX Runtime, on the CPU or a CUDA device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..data.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from .decoding import Floats, Ids, Logits
    from .model_folder import ModelFolder
    from .settings import ExtractSettings

_CUDA = "CUDAExecutionProvider"


def onnx_logits(folder: ModelFolder, settings: ExtractSettings) -> tuple[Logits, bool]:
    """Logits of a folder's ONNX file, and whether they are best computed in batches: on a GPU, and
    by a graph that takes a mask over texts of different lengths.

    Raises:
        ConfigError: cuda is asked for and this ONNX Runtime has none.
        ModelError: the file cannot be loaded.
    """
    import onnxruntime

    on_gpu = settings.device != "cpu" and _CUDA in onnxruntime.get_available_providers()
    if settings.device == "cuda" and not on_gpu:
        raise ConfigError(
            "this ONNX Runtime has no CUDA",
            advice="pip install onnxruntime-gpu, or use --tagger torch or --device cpu",
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = settings.threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that wait by spinning take the cores from the readers.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    providers = ([_CUDA] if on_gpu else []) + ["CPUExecutionProvider"]
    file = folder.onnx()
    try:
        session = onnxruntime.InferenceSession(
            str(file),
            options,
            providers=providers,
            # On a CPU the fused operator takes five times as long as the two that it replaces.
            disabled_optimizers=[] if on_gpu else ["SkipLayerNormFusion"],
        )
    except Exception as error:  # the library's own exceptions derive from Exception alone
        raise ModelError(f"{file.name} cannot be loaded ({error})", file=str(folder.path)) from error
    names = {i.name for i in session.get_inputs()}

    def run(ids: Ids, mask: Ids) -> Floats:
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (logits,) = session.run(["logits"], {k: v for k, v in feeds.items() if k in names})
        return np.asarray(logits)

    return run, on_gpu and "attention_mask" in names
