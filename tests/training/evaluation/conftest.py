"""A model folder trained for a moment on the tiny corpus, evaluated once for all tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gongkai.annotations.convert import Annotated, load_corpus
from gongkai.training.evaluation.result import evaluate_folder
from gongkai.training.evaluation.settings import EvaluateSettings, shipped_settings
from gongkai.training.settings import load_settings
from gongkai.training.train import train
from gongkai.training.train_settings import TrainSettings

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def model(corpus: Path, base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model folder that finds some spans and misses others."""
    settings = load_settings(
        TrainSettings,
        ROOT / "configs" / "train" / "default.yaml",
        {
            "base": str(base),
            "corpus": corpus,
            "output": tmp_path_factory.mktemp("run"),
            "variation": None,
            "epochs": 8,
            "batch_size": 8,
            "learning_rate": 0.01,
            "threads": 1,
        },
    )
    return train(settings)


@pytest.fixture(scope="session")
def reports(corpus: Path) -> list[Annotated]:
    """A few of the tiny reports."""
    return load_corpus(corpus)[:6]


@pytest.fixture(scope="session")
def settings() -> EvaluateSettings:
    """The shipped settings with few draws."""
    return shipped_settings().model_copy(update={"draws": 50, "threads": 1})


@pytest.fixture(scope="session")
def result(model: Path, reports: list[Annotated], settings: EvaluateSettings) -> dict[str, Any]:
    """The evaluation that most tests look at."""
    return evaluate_folder(model, reports, settings, name="tiny")
