"""A model folder on disk: found, checked against its manifest, its label scheme and calibration read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from ..data.errors import ModelError
from .decoding import BioScheme, Calibration

MANIFEST = "manifest.json"
ONNX_NAMES = ("model.int8.onnx", "model.onnx")


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A checked model folder; `digest` is the hash of its manifest (12 hex digits).

    `calibration` is of spans, `records` of whole records by who found them.
    """

    path: Path
    scheme: BioScheme
    calibration: Calibration
    digest: str
    records: dict[str, Calibration] = field(default_factory=dict)

    def onnx(self) -> Path:
        """The ONNX file to run, int8 before fp32.

        Raises:
            ModelError: the folder holds none.
        """
        for name in ONNX_NAMES:
            if (self.path / name).is_file():
                return self.path / name
        raise ModelError(
            "holds no ONNX model",
            file=str(self.path),
            advice="export it, or use --tagger torch for safetensors",
        )


def shipped_model() -> Path:
    """The folder of the model that comes with the package."""
    return Path(str(resources.files("gongkai.inference").joinpath("model")))


def open_model(path: Path) -> ModelFolder:
    """Check a model folder and read what inference needs of it.

    A folder without a manifest (a Hugging Face checkpoint) is taken as it is; one with a
    manifest must match it to the byte.

    Raises:
        ModelError: the folder is missing, half-written, tampered with or not of these labels.
    """
    if not path.is_dir():
        raise ModelError("is no model folder", file=str(path), advice="give a folder or a hub name")
    digest = _check(path)
    config = _read_json(path / "config.json")
    names = {int(index): name for index, name in (config.get("id2label") or {}).items()}
    try:
        scheme = BioScheme([names[index] for index in range(len(names))])
    except (KeyError, ValueError) as error:
        raise ModelError(
            f"its tags are not this project's ({error})",
            file=str(path),
            advice="see annotations/GUIDE.md for the labels",
        ) from error
    if not names:
        raise ModelError("config.json names no tags (id2label)", file=str(path))
    calibration = Calibration()
    records: dict[str, Calibration] = {}
    if (path / "calibration.json").is_file():
        values = _read_json(path / "calibration.json")
        for finder, knots in values.get("records", {}).items():
            records[finder] = Calibration(tuple(knots["raw"]), tuple(knots["right"]))
        calibration = Calibration(tuple(values["raw"]), tuple(values["right"]), float(values["threshold"]))
    return ModelFolder(path, scheme, calibration, digest, records)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ModelError(f"{path.name} cannot be read ({error})", file=str(path.parent)) from error
    if not isinstance(value, dict):
        raise ModelError(f"{path.name} is no JSON object", file=str(path.parent))
    return value


def _check(path: Path) -> str:
    manifest_path = path / MANIFEST
    if not manifest_path.is_file():
        if not (path / "config.json").is_file():
            raise ModelError(
                "holds neither manifest.json nor config.json", file=str(path), advice="is it half-written?"
            )
        return _hash(path / "config.json")[:12]
    for name, digest in _read_json(manifest_path).get("files", {}).items():
        file = path / name
        if Path(name).name != name or not file.is_file():
            raise ModelError(f"lacks {name}", file=str(path), advice="copy or train the model again")
        if _hash(file) != digest:
            raise ModelError(
                f"{name} is not what its manifest says",
                file=str(path),
                advice="it was changed or cut short: copy or train it again",
            )
    return _hash(manifest_path)[:12]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
