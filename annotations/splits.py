"""The frozen division of the corpus into train, dev and two test splits.

The writer's name decides first: `t1`, `t2` … wrote test and `u1`, `u2` … test2, apart from all else;
`d1`, `d2` … wrote for dev, so that choices are made on writers whom training never met. Of the others'
reports about an eighth, chosen by the hash of the id, is dev. `splits.json` pins every file's content.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..data.errors import AnnotationError
from .convert import Annotated, load_corpus
from .markup import parse

SPLITS = ("train", "dev", "test", "test2")
TESTS = frozenset({"test", "test2"})
_OF_WRITERS = {"t": "test", "u": "test2", "d": "dev"}
_SPECIAL = re.compile(r"([tud])\d+")
DEV_SHARE = 0.12
CORPUS = Path(__file__).parent / "corpus" / "reports"
FROZEN = Path(__file__).parent / "corpus" / "splits.json"


def split_of(report_id: str, meta: Mapping[str, Any]) -> str:
    """One of SPLITS; the same for the same id and writer, always."""
    special = _SPECIAL.fullmatch(str(meta.get("writer", "")))
    if special:
        return _OF_WRITERS[special[1]]
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


def load_paths(paths: Iterable[Path]) -> list[Annotated]:
    """The reports of files and folders.

    Raises:
        AnnotationError: a path cannot be read, holds no report or breaks the markup.
    """
    corpus: list[Annotated] = []
    for path in paths:
        if path.is_dir():
            corpus += load_corpus(path)
            continue
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise AnnotationError(f"cannot be read ({error})", file=str(path)) from error
        corpus.append(Annotated(path.stem, parse(source, file=str(path)), path))
    return corpus


def freeze(folder: Path = CORPUS, frozen: Path = FROZEN, *, changed_test: bool = False) -> None:
    """Write the split and the SHA-256 of every report.

    Args:
        folder: the reports.
        frozen: the file to write.
        changed_test: let the content of frozen test reports change.

    Raises:
        AnnotationError: a report would move into or out of a frozen test split or leave it, or
            changed in it; nothing is written.
    """
    entries = {
        a.report_id: {"split": split_of(a.report_id, a.meta), "sha256": _digest(a.path)}
        for a in load_corpus(folder)
    }
    old = _entries(frozen) if frozen.exists() else {}
    for report_id, before in old.items():
        now = entries.get(report_id, {"split": "nowhere"})
        if now["split"] != before["split"] and TESTS & {now["split"], before["split"]}:
            raise AnnotationError(
                f"{report_id} is frozen in {before['split']} and would move to {now['split']}",
                file=str(frozen),
                advice="give it a new id, or restore it",
            )
        if before["split"] in TESTS and now["sha256"] != before["sha256"] and not changed_test:
            raise AnnotationError(
                f"{report_id} is frozen in {before['split']} and changed",
                file=str(frozen),
                advice="restore it; or allow changed test reports, and evaluate all models again",
            )
    temporary = frozen.with_name(frozen.name + ".tmp")
    temporary.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, frozen)


def frozen_faults(folder: Path = CORPUS, frozen: Path = FROZEN) -> Iterator[tuple[str, str]]:
    """The id of each report that changed, came or went since the splits were frozen, and what it did."""
    entries = _entries(frozen)
    found = {p.stem: p for p in sorted(folder.glob("*.txt"))}
    for report_id in sorted(entries.keys() | found.keys()):
        if report_id not in found:
            yield report_id, f"frozen in {entries[report_id]['split']}, but its file is gone"
        elif report_id not in entries:
            yield report_id, f"not in {frozen.name}: freeze the splits again"
        elif entries[report_id]["sha256"] != _digest(found[report_id]):
            yield report_id, f"changed since it was frozen in {entries[report_id]['split']}"


def shared_origins(folder: Path = CORPUS) -> Iterator[tuple[str, str]]:
    """The id of each train or dev report that started from a page of a test report, and that report's id."""
    tested: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for item in load_corpus(folder):
        page = re.sub(r"^https?://|\.s?html?$|/$", "", str(item.meta.get("origin", "free")).lower())
        if page == "free":
            continue
        if split_of(item.report_id, item.meta) in TESTS:
            tested[page] = item.report_id
        else:
            others.append((item.report_id, page))
    for report_id, page in others:
        if page in tested:
            yield report_id, tested[page]


def _entries(frozen: Path) -> dict[str, dict[str, str]]:
    try:
        entries: dict[str, dict[str, str]] = json.loads(frozen.read_text(encoding="utf-8"))
        if all(e["split"] in SPLITS and e["sha256"] for e in entries.values()):
            return entries
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise AnnotationError(f"cannot be read ({error})", file=str(frozen), advice="freeze again") from error
    raise AnnotationError("names an unknown split", file=str(frozen), advice="freeze again")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
