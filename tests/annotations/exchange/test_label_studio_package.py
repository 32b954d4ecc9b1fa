"""The shipped labelling config and the exported tasks against the real label-studio-sdk and its converter.

The package pulls numpy down, so it lives in an environment of its own: name that environment's
interpreter in `GONGKAI_LABEL_STUDIO_PYTHON`.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from gongkai.annotations.exchange.entries import Entry
from gongkai.annotations.exchange.formats import FORMATS, entries
from gongkai.annotations.exchange.label_studio import CONFIG, dump_predictions
from gongkai.annotations.splits import CORPUS

from ..reports import rich

PYTHON = os.environ.get("GONGKAI_LABEL_STUDIO_PYTHON") or (
    sys.executable if importlib.util.find_spec("label_studio_sdk") else None
)
PROGRAM = """
import json, sys
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface
config, tasks_file, out = sys.argv[1:]
interface = LabelInterface(open(config, encoding="utf-8").read())
interface.validate()
errors = []
for task in json.load(open(tasks_file, encoding="utf-8")):
    done = task.pop("annotations", []) + task.pop("predictions", [])
    assert len(done) == 1 and interface.validate_task(task), task["id"]
    assert interface.validate_annotation(done[0]), task["id"]
    prediction = {"model_version": "m", "score": 0.5, "result": done[0]["result"]}
    errors += interface.validate_prediction(prediction, return_errors=True)
    broken = json.loads(json.dumps(prediction))
    broken["result"][0]["value"]["labels"] = ["NONSENSE"]
    assert interface.validate_prediction(broken, return_errors=True), "the check does not check"
for name in ("JSON", "JSON_MIN"):
    Converter(config=open(config, encoding="utf-8").read(), project_dir=None).convert(
        tasks_file, f"{out}/{name}", name, is_dir=False
    )
json.dump(errors, open(f"{out}/errors.json", "w"))
"""
needs_package = pytest.mark.skipif(
    PYTHON is None, reason="label-studio-sdk: name its python in GONGKAI_LABEL_STUDIO_PYTHON"
)


def _given() -> list[Entry]:
    return [Entry("a", rich()), *entries(sorted(CORPUS.glob("w1-00*.txt"))[:5])]


def _convert(tasks: str, folder: Path) -> Path:
    (folder / "tasks.json").write_text(tasks, encoding="utf-8")
    assert PYTHON is not None
    subprocess.run(
        [PYTHON, "-c", PROGRAM, CONFIG, folder / "tasks.json", folder], check=True, cwd=folder, timeout=300
    )
    assert json.loads((folder / "errors.json").read_text(encoding="utf-8")) == []
    return folder


@needs_package
def test_the_package_takes_our_tasks_and_gives_them_back(tmp_path: Path) -> None:
    folder = _convert(FORMATS["label-studio"].dump(_given()), tmp_path)
    again = FORMATS["label-studio"].load((folder / "JSON" / "result.json").read_text(encoding="utf-8"), "x")
    assert again.problems == ()
    assert list(again.entries) == _given()


@needs_package
def test_the_converter_reads_the_spans_that_we_meant(tmp_path: Path) -> None:
    folder = _convert(FORMATS["label-studio"].dump(_given()), tmp_path)
    tasks = json.loads((folder / "JSON_MIN" / "result.json").read_text(encoding="utf-8"))
    for task, entry in zip(tasks, _given(), strict=True):
        found = [(r["start"], r["end"], r["labels"][0], r["text"]) for r in task["label"]]
        text = entry.report.text
        assert found == [(m.start, m.end, m.label, text[m.start : m.end]) for m in entry.report.marks]
        assert (task["report_id"], task["meta"]) == (entry.report_id, entry.report.meta)


@needs_package
def test_predictions_are_valid_for_the_config(tmp_path: Path) -> None:
    tasks = dump_predictions([(entry, 0.5) for entry in _given()], "model")
    (tmp_path / "tasks.json").write_text(tasks, encoding="utf-8")
    assert all("annotations" not in task for task in json.loads(tasks))
    program = PROGRAM.partition('for name in ("JSON"')[0] + "assert errors == [], errors"
    assert PYTHON is not None
    subprocess.run(
        [PYTHON, "-c", program, CONFIG, tmp_path / "tasks.json", tmp_path], check=True, timeout=300
    )


def test_the_config_offers_every_metric_and_label() -> None:
    config = CONFIG.read_text(encoding="utf-8")
    metrics = CONFIG.parent.parent.parent / "configs" / "metrics.csv"
    with metrics.open(encoding="utf-8", newline="") as file:
        missing = [
            r["metric_id"]
            for r in csv.DictReader(file)
            if f'<Relation value="{r["metric_id"]}"/>' not in config
        ]
    assert missing == []
    for label in ("AGENCY", "YEAR", "METRIC", "COUNT", "UNIT", "RATE", "ZERO"):
        assert f'<Label value="{label}"' in config
