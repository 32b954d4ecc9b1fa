"""Settings of an evaluation; `configs/evaluate.yaml` says what each one means."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from pydantic import Field, field_validator

from ..settings import Settings, load_settings


class Goals(Settings):
    """What figures are measured against."""

    spans: float = Field(ge=0, le=1)
    label: float = Field(ge=0, le=1)
    span_error: float = Field(ge=0, le=1)
    record_error: float = Field(ge=0, le=1)


class EvaluateSettings(Settings):
    """All of `configs/evaluate.yaml`."""

    seed: int
    draws: int = Field(ge=1)
    bins: int = Field(ge=2)
    threads: int = Field(ge=1)
    slice_least: int = Field(ge=1)
    examples: int = Field(ge=0)
    risk: float = Field(gt=0, lt=1)
    goals: Goals
    sections: dict[str, re.Pattern[str]]

    @field_validator("sections", mode="before")
    @classmethod
    def _compiled(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        try:
            return {name: re.compile(words) for name, words in value.items()}
        except (re.error, TypeError) as error:
            raise ValueError(f"is no mapping from names to patterns ({error})") from error


def shipped_settings() -> EvaluateSettings:
    """The settings that come with the package."""
    return load_settings(
        EvaluateSettings, Path(str(resources.files("gongkai.configs").joinpath("evaluate.yaml")))
    )
