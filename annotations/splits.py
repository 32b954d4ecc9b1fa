"""The frozen division of the corpus into train, dev and test.

Reports whose writer's name starts with `t` were written apart and are the test split; of the rest
about an eighth, chosen by the hash of the id, is dev. `splits.json` pins every file's content.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..data.errors import AnnotationError
from .convert import Annotated, load_corpus

SPLITS = ("train", "dev", "test")
DEV_SHARE = 0.12
CORPUS = Path(__file__).parent / "corpus" / "reports"
FROZEN = Path(__file__).parent / "corpus" / "splits.json"


def split_of(report_id: str, meta: Mapping[str, Any]) -> str:
    """`train`, `dev` or `test`; the same for the same id and writer, always."""
    if str(meta.get("writer", "")).startswith("t"):
        return "test"
    digest = hashlib.sha256(report_id.encode()).digest()
    return "dev" if int.from_bytes(digest[:4]) / 2**32 < DEV_SHARE else "train"


def load_split(folder: Path, split: str) -> list[Annotated]:
    """The reports of one split.

    Raises:
        AnnotationError: there is no such split, or no report in it.
    """
    if split not in SPLITS:
        raise AnnotationError(f"no split {split!r}", file=str(folder), advice=f"choose {', '.join(SPLITS)}")
    chosen = [a for a in load_corpus(folder) if split_of(a.report_id, a.meta) == split]
    if not chosen:
        raise AnnotationError(f"holds no {split} report", file=str(folder))
    return chosen


def freeze(folder: Path = CORPUS, frozen: Path = FROZEN) -> None:
    """Write the split and the SHA-256 of every report."""
    entries = {
        a.report_id: {"split": split_of(a.report_id, a.meta), "sha256": _digest(a.path)}
        for a in load_corpus(folder)
    }
    temporary = frozen.with_name(frozen.name + ".tmp")
    temporary.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, frozen)


def frozen_faults(folder: Path = CORPUS, frozen: Path = FROZEN) -> Iterator[str]:
    """One line for each report that changed, came or went since the splits were frozen."""
    entries = json.loads(frozen.read_text(encoding="utf-8"))
    found = {a.report_id: a for a in load_corpus(folder)}
    for report_id in sorted(entries.keys() | found.keys()):
        if report_id not in found:
            yield f"{report_id}: frozen, but its file is gone"
        elif report_id not in entries:
            yield f"{report_id}: not in {frozen.name}; freeze the splits again"
        elif entries[report_id]["sha256"] != _digest(found[report_id].path):
            yield f"{report_id}: changed since the splits were frozen"
        elif entries[report_id]["split"] != split_of(report_id, found[report_id].meta):
            yield f"{report_id}: its split changed"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
