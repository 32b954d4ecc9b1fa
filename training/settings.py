"""Settings of training runs: YAML files checked by pydantic, with errors that name the file."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ..data.errors import ConfigError

Model = TypeVar("Model", bound="Settings")


class Settings(BaseModel):
    """A settings group: unknown keys are errors and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def load_settings(kind: type[Model], path: Path, overrides: dict[str, object] | None = None) -> Model:
    """Read `kind` from a YAML file, `overrides` winning over the file.

    Raises:
        ConfigError: the file is missing, is no YAML mapping, or a key is unknown or out of range.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise ConfigError("cannot be read", file=str(path), advice="give a settings file") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"is no YAML ({error})", file=str(path)) from error
    if not isinstance(raw, dict):
        raise ConfigError("is no mapping", file=str(path), advice="write 'key: value' lines")
    try:
        return kind.model_validate(raw | (overrides or {}))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{where}: {first['msg']}", file=str(path)) from error
