"""Runs a checkpoint with torch and transformers: any token-classification model with these labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..data.errors import ConfigError, MissingDependencyError, ModelError
from .model_folder import shipped_model

if TYPE_CHECKING:
    from .decoding import Floats, Ids, Logits


def find_checkpoint(name: str | None, *, allow_download: bool) -> Path:
    """The local folder of a checkpoint: a path, the shipped one for None, or a hub name.

    Raises:
        MissingDependencyError: a hub name needs huggingface_hub.
        ModelError: the hub name is not in the local cache and downloads are not allowed, or fail.
    """
    if name is None:
        return shipped_model()
    if Path(name).exists():
        return Path(name)
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    except ImportError as error:
        raise MissingDependencyError(
            "a hub name needs huggingface_hub", advice="pip install 'gongkai[train]'"
        ) from error
    try:
        return Path(
            snapshot_download(
                name,
                local_files_only=not allow_download,
                allow_patterns=["*.json", "*.safetensors", "*.txt"],
            )
        )
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            "is neither a folder here nor a model in the local cache",
            file=name,
            advice="check the path, or set allow_download: true to fetch it from the hub",
        ) from error


def torch_logits(path: Path, device_name: str) -> Logits:
    """Logits of a checkpoint in safetensors on `cpu`, `cuda` or (`auto`) the better; no remote code.

    Raises:
        ConfigError: cuda is asked for and there is none.
        MissingDependencyError: torch or transformers is not installed.
        ModelError: the checkpoint cannot be loaded.
    """
    try:
        import torch
        from transformers import AutoModelForTokenClassification
    except ImportError as error:
        raise MissingDependencyError(
            "the torch tagger needs torch and transformers", advice="pip install 'gongkai[train]'"
        ) from error
    try:
        model = AutoModelForTokenClassification.from_pretrained(
            str(path),
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            dtype=torch.float32,
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"cannot be loaded ({error})", file=str(path)) from error
    if device_name == "cuda" and not torch.cuda.is_available():
        raise ConfigError("torch finds no CUDA device", advice="use --device cpu")
    device = torch.device("cuda" if device_name != "cpu" and torch.cuda.is_available() else "cpu")
    model.to(device).eval()

    def run(ids: Ids, mask: Ids) -> Floats:
        with torch.inference_mode():
            output = model(
                input_ids=torch.from_numpy(ids).to(device), attention_mask=torch.from_numpy(mask).to(device)
            )
        logits: Floats = output.logits.float().cpu().numpy()
        return logits

    return run
