"""Limits come from the shipped file; a file of one's own changes some."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongkai.data.errors import ConfigError
from gongkai.data.limits import Limits


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "read.yaml").write_text("max_pages: 7\n")
    limits = Limits.load(tmp_path / "read.yaml")
    assert limits.max_pages == 7
    assert limits.max_bytes == Limits().max_bytes


@pytest.mark.parametrize(
    "text", ["max_pags: 7", "max_pages: 0", "max_pages: many", "- 1", "max_pages: true", "a: ["]
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "read.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"read\.yaml"):
        Limits.load(tmp_path / "read.yaml")
