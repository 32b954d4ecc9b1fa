"""Fine-tuning end to end on a tiny encoder: it learns, resumes to the same weights, ships and is checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from gongkai.annotations.convert import load_corpus
from gongkai.annotations.splits import load_split, split_of
from gongkai.data.errors import ConfigError, ModelError
from gongkai.inference.model_folder import open_model
from gongkai.training.finetune import checkpoints, finetune
from gongkai.training.train import plain_examples, train, varied_reports
from gongkai.training.train_settings import TrainSettings
from safetensors.torch import load_file


def test_train_learns_ships_and_refuses_a_worse_model(
    settings: TrainSettings, corpus: Path, base: Path, tmp_path: Path
) -> None:
    good = train(settings.model_copy(update={"epochs": 12}))
    names = {p.name for p in good.iterdir()}
    assert {
        "config.json",
        "tokenizer.json",
        "model.safetensors",
        "model.int8.onnx",
        "calibration.json",
    } <= names
    opened = open_model(good)
    assert opened.scheme.names[:3] == ("O", "B-AGENCY", "I-AGENCY")
    card = (good / "MODEL_CARD.md").read_text(encoding="utf-8")
    dev_reports = sum(split_of(a.report_id, a.meta) == "dev" for a in load_corpus(corpus))
    assert f"### dev: {dev_reports} reports" in card
    curve = json.loads((settings.output / "curve.json").read_text(encoding="utf-8"))
    f1 = [entry["eval_f1"] for entry in curve if "eval_f1" in entry]
    assert max(f1) > 0.6

    # One step at a rate that wrecks the weights gives a worse model: it must not take the place of the good one.
    wrecked = settings.model_copy(update={"output": tmp_path / "worse", "epochs": 1, "learning_rate": 3.0})
    with pytest.raises(ModelError, match="worse on dev"):
        train(wrecked, resume_from=good, add=[corpus])
    assert not (tmp_path / "worse" / "model").exists()


def test_a_changed_file_breaks_the_seal(settings: TrainSettings) -> None:
    model = train(settings.model_copy(update={"epochs": 1}))
    with (model / "calibration.json").open("a", encoding="utf-8") as file:
        file.write(" ")
    with pytest.raises(ModelError, match=r"calibration\.json"):
        open_model(model)


def test_resumed_equals_unbroken(settings: TrainSettings, corpus: Path, tmp_path: Path) -> None:
    reports = load_split(corpus, "train")
    examples = plain_examples(reports + varied_reports(reports, settings))
    dev = plain_examples(load_split(corpus, "dev"))
    unbroken = finetune(settings, settings.base, examples, dev, tmp_path / "unbroken")
    # A run killed in its last epoch leaves the checkpoints of the epochs before.
    shutil.copytree(tmp_path / "unbroken", tmp_path / "killed")
    shutil.rmtree(tmp_path / "killed" / "tuned")
    shutil.rmtree(checkpoints(tmp_path / "killed" / "run")[-1])
    resumed = finetune(settings, settings.base, examples, dev, tmp_path / "killed")
    expected, found = (load_file(t.folder / "model.safetensors") for t in (unbroken, resumed))
    assert expected.keys() == found.keys()
    assert all(expected[name].equal(found[name]) for name in expected)
    assert resumed.dev_f1 == unbroken.dev_f1


def test_an_unfinished_run_with_other_settings_is_not_continued(
    settings: TrainSettings, corpus: Path
) -> None:
    examples = plain_examples(load_split(corpus, "train"))
    dev = plain_examples(load_split(corpus, "dev"))
    finetune(settings.model_copy(update={"epochs": 1}), settings.base, examples, dev, settings.output)
    with pytest.raises(ConfigError, match="other settings"):
        finetune(settings, settings.base, examples, dev, settings.output)


def test_a_missing_base_is_named(settings: TrainSettings, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        finetune(settings, str(tmp_path / "nowhere"), [], [], tmp_path / "out")
