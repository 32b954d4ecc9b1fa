"""The settings of an extraction: read from YAML, validated, hashed."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..data.errors import ConfigError
from ..data.readers import Columns, ReadOptions

# What changes the pace of a run and not its records.
_WITHOUT_EFFECT = {"threads", "task_files", "task_bytes"}


class ExtractSettings(BaseModel):
    """See `configs/extract.yaml` for what each setting means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tagger: Literal["onnx", "torch", "rules"]
    fallback: Literal["rules", "none"]
    model: str | None
    allow_download: bool
    threshold: float | None = Field(ge=0, le=1)
    batch_characters: int = Field(ge=64)
    window: int = Field(ge=32)
    overlap: int = Field(ge=0)
    threads: int = Field(ge=1)
    device: Literal["cpu", "cuda", "auto"]
    task_files: int = Field(ge=1)
    task_bytes: int = Field(ge=1)
    text_column: str | None = Field(min_length=1)
    html_column: str | None = Field(min_length=1)
    id_column: str | None = Field(min_length=1)
    ocr: bool

    def reading(self) -> ReadOptions:
        """What is chosen about reading."""
        columns = Columns.load().naming(text=self.text_column, html=self.html_column, doc_id=self.id_column)
        return ReadOptions(columns, self.ocr)

    def digest(self) -> str:
        """A short hash of the resolved settings, as outputs carry it."""
        text = json.dumps(self.model_dump(exclude=_WITHOUT_EFFECT), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def load_settings(path: Path | None = None, **overrides: object) -> ExtractSettings:
    """The shipped settings, overridden by a YAML file and then by keyword arguments that are not None.

    Raises:
        ConfigError: the file is no YAML mapping, or a value is unknown or out of range.
    """
    default = resources.files("gongkai.configs").joinpath("extract.yaml").read_text(encoding="utf-8")
    values = yaml.safe_load(default)
    if path is not None:
        try:
            given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ConfigError(f"is no readable YAML ({error})", file=str(path)) from error
        if not isinstance(given, dict):
            raise ConfigError("is no mapping", file=str(path), advice="write 'key: value' lines")
        values |= given
    values |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return ExtractSettings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"setting {name!r}: {first['msg']}",
            file=str(path) if path else None,
            advice="see configs/extract.yaml",
        ) from error
