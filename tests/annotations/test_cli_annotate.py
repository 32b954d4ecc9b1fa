"""The commands end with 0 for success, 1 for data that failed, 2 for wrong usage, and write what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gongkai.cli import app
from typer.testing import CliRunner, Result

from .reports import RICH

BAD = RICH.replace("⟦C3=", "⟦C9=")


def _run(*words: object) -> Result:
    return CliRunner().invoke(app, ["annotate", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(RICH, encoding="utf-8")
    return folder


def test_validate_names_file_and_line(folder: Path) -> None:
    bad = folder / "b.txt"
    bad.write_text(BAD, encoding="utf-8")
    result = _run("validate", bad)
    assert result.exit_code == 1
    line = BAD[: BAD.index("⟦C9=")].count("\n") + 1
    assert f"{bad}:{line}: link to M9, which does not exist" in result.stdout


def test_validate_passes_the_shipped_corpus() -> None:
    result = _run("validate")
    assert (result.exit_code, result.stdout) == (0, "")


def test_stats_as_json_and_as_tables(folder: Path) -> None:
    counted = json.loads(_run("stats", folder, "--json").stdout)
    assert (counted["reports"], counted["spans"]) == (1, RICH.count("⟦"))
    assert set(counted["splits"]) == {"train", "dev", "test", "test2"}
    assert f"| spans | {RICH.count('⟦')} |" in _run("stats", folder).stdout


def test_coverage_fails_where_rows_are_missed(folder: Path) -> None:
    result = _run("stats", folder, "--coverage")
    assert result.exit_code == 1
    assert "missed size: reports composed: 1 of 320" in result.stdout


@pytest.mark.parametrize("name", ["label-studio", "doccano", "conll", "jsonl"])
def test_export_and_import(folder: Path, tmp_path: Path, name: str) -> None:
    assert _run("export", name, folder, "-o", tmp_path / "out").exit_code == 0
    assert _run("export", name, folder).stdout == (tmp_path / "out").read_text(encoding="utf-8")
    result = _run("import", name, tmp_path / "out", "-o", tmp_path / "in")
    assert result.exit_code == 0
    assert json.loads(_run("agree", folder, tmp_path / "in", "--json").stdout)["disagreements"] == []


def test_a_broken_import_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("{\n", encoding="utf-8")
    result = _run("import", "jsonl", tmp_path / "in.jsonl", "-o", tmp_path / "in")
    assert result.exit_code == 1
    assert "in.jsonl:1: is no JSON" in result.stderr
    assert (tmp_path / "in" / "rejected.jsonl").read_text(encoding="utf-8") == "{\n"


def test_wrong_usage_ends_with_two(folder: Path, tmp_path: Path) -> None:
    assert _run("export", "brat", folder).exit_code == 2
    assert _run("import", "brat", folder, "-o", tmp_path).exit_code == 2
    assert _run("validate", tmp_path).exit_code == 2


def test_agree_lists_disagreements(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RICH.replace("⟦Y|全年⟧", "全年"), encoding="utf-8")
    result = _run("agree", folder / "a.txt", tmp_path / "a.txt")
    assert result.exit_code == 0
    assert "a:8: only a: '全年': YEAR / -" in result.stdout
