"""How much a reader takes on: bytes, pages, archive members, inflation, depth and time."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from .errors import ConfigError


@cache
def _shipped() -> dict[str, int]:
    file = resources.files(__package__.rpartition(".")[0] + ".configs").joinpath("read.yaml")
    values: dict[str, int] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return values


def _default(name: str) -> Any:
    return field(default_factory=partial(lambda key: _shipped()[key], name))


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one input; what is left out comes from `configs/read.yaml`, which explains each."""

    max_bytes: int = _default("max_bytes")
    max_archive_bytes: int = _default("max_archive_bytes")
    max_characters: int = _default("max_characters")
    max_pages: int = _default("max_pages")
    max_cells: int = _default("max_cells")
    max_members: int = _default("max_members")
    max_inflation: int = _default("max_inflation")
    max_depth: int = _default("max_depth")
    max_memory: int = _default("max_memory")
    seconds: int = _default("seconds")
    archive_seconds: int = _default("archive_seconds")

    @classmethod
    def load(cls, path: Path) -> Limits:
        """The shipped limits with those of a YAML file in their place.

        Raises:
            ConfigError: the file is no mapping of limits to whole numbers above zero.
        """
        try:
            values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ConfigError(f"cannot be read ({error})", file=str(path)) from error
        known = [f.name for f in fields(cls)]
        if not isinstance(values, dict) or not all(
            key in known and type(value) is int and value > 0 for key, value in values.items()
        ):
            raise ConfigError(
                "holds something other than limits and whole numbers above zero",
                file=str(path),
                advice="the limits are " + ", ".join(known),
            )
        return cls(**values)
