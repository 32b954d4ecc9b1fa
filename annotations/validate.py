"""Checks an annotated report against the guide: one clear line for each fault, with its line number."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..data.errors import AnnotationError
from ..data.numbers import parse_count, parse_rate, parse_year
from .markup import FIGURES, Mark, Report, read_markup
from .splits import CORPUS, frozen_faults, shared_origins

LEVELS = ("province", "prefecture", "county", "township", "department", "school", "hospital", "enterprise")
SCRIPTS = ("simplified", "traditional")
REQUIRED = ("agency", "year", "level", "region", "script", "origin", "writer")
RELATIVE_YEARS = frozenset(
    "今年 全年 年内 年度 年度内 同年 本學年 本學年度 上学年 下学年 全学年 学年 学年度 本学年 本学年度 本年 本年度 当年 当年度 全年度 一年来 去年 上年 上年度 上一年 上一年度 去年同期 上年同期 "
    "前年 明年 历年 今年以来 往年 同期 報告年度 报告年度 下年度 下一年 下一年度 次年 當年 年內 歷年 該年 该年 该年度".split()
)
_UNIT_TAIL = re.compile(r"[条條件次篇个個名家项項人期份场場元]$")
_LOOSE_FIGURE = re.compile(
    r"(\d[\d,，.]*万?[余多]?)\s?(条|件|篇|次|人次|个|名|家|项|期|份|场|条次|條|個|項|場)"
)
_RANGE = re.compile(r"\d\s*[-—~～至到、/]\s*\d")
_EDGE = " \t\n\u3000，。；：、,;:"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file; `fatal` ones break the guide, the others deserve a look."""

    file: str
    line: int
    what: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'' if self.fatal else 'warning: '}{self.what}"


@cache
def metric_kinds() -> dict[str, str]:
    """metric_id → kind of the canonical metrics."""
    path = Path(__file__).parent.parent / "configs" / "metrics.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["metric_id"]: row["kind"] for row in csv.DictReader(file)}


def validate_file(path: Path) -> tuple[Report | None, list[Fault]]:
    """Parse and check one file; one that does not parse gives no report, and what breaks it as faults."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [Fault(str(path), 1, f"cannot be read ({error})")]
    report, slips = read_markup(source)
    faults = [Fault(str(path), slip.line, slip.what) for slip in slips]
    if slips:
        return None, faults
    return report, list(check(report, str(path)))


@dataclass(frozen=True, slots=True)
class Checked:
    """How many files were checked, and all their faults."""

    files: int
    faults: tuple[Fault, ...]


def validate_paths(paths: Iterable[Path] | None = None) -> Checked:
    """Check the files and folders named; by default the shipped corpus, and that its splits still hold.

    Raises:
        AnnotationError: a folder holds no report, or `splits.json` cannot be read.
    """
    faults: list[Fault] = []
    files = 0
    for path in [CORPUS] if paths is None else paths:
        found = sorted(path.glob("*.txt")) if path.is_dir() else [path]
        if not found:
            raise AnnotationError(
                "holds no report (*.txt)", file=str(path), advice="name the folder of reports"
            )
        files += len(found)
        faults += [fault for file in found for fault in validate_file(file)[1]]
    if paths is None:
        faults += [Fault(str(CORPUS / f"{name}.txt"), 1, what) for name, what in frozen_faults()]
        faults += [
            Fault(str(CORPUS / f"{name}.txt"), 1, f"started from the page of {tested}, a test report")
            for name, tested in shared_origins()
        ]
    return Checked(files, tuple(faults))


def check(report: Report, file: str) -> Iterator[Fault]:
    """All faults of a parsed report, with the lines of its file."""

    def fault(at: int, what: str, *, fatal: bool = True) -> Fault:
        return Fault(file, report.line(at), what, fatal)

    yield from (Fault(file, 1, what) for what in _meta_faults(report))
    linked = {link.metric for mark in report.marks for link in mark.links}
    numbers: set[int] = set()
    for mark in report.marks:
        words = report.text[mark.start : mark.end]
        for what in _span_faults(mark, words):
            yield fault(mark.start, what)
        if mark.label in FIGURES and not mark.links:
            yield fault(mark.start, f"{mark.label} {words} links to no metric")
        if mark.number is not None:
            if mark.number in numbers:
                yield fault(mark.start, f"M{mark.number} stands twice: {words}")
            if mark.number not in linked:
                yield fault(mark.start, f"no figure links to M{mark.number} {words}: link it or unmark it")
            numbers.add(mark.number)
    for mark in report.marks:
        for link in mark.links:
            if link.metric not in numbers:
                yield fault(mark.start, f"link to M{link.metric}, which does not exist")
            yield from (fault(mark.start, what) for what in _id_faults(mark, link.metric_id))
    covered = [(m.start, m.end) for m in report.marks]
    for match in _LOOSE_FIGURE.finditer(report.text):
        if not any(s < match.end(1) and match.start(1) < e for s, e in covered):
            yield fault(match.start(), f"unmarked number {match.group()}: is it no figure?", fatal=False)


def _meta_faults(report: Report) -> Iterator[str]:
    for key in REQUIRED:
        if key not in report.meta:
            yield f"front matter lacks {key!r}"
    if not isinstance(report.meta.get("year"), int):
        yield "front matter: year must be a whole number"
    if report.meta.get("level") not in LEVELS:
        yield f"front matter: level must be one of {', '.join(LEVELS)}"
    if report.meta.get("script") not in SCRIPTS:
        yield f"front matter: script must be one of {', '.join(SCRIPTS)}"


def _span_faults(mark: Mark, words: str) -> Iterator[str]:
    if not words:
        yield f"empty {mark.label}"
        return
    if words[0] in _EDGE or words[-1] in _EDGE:
        yield f"stray blank or sign at the edge of {mark.label} {words!r}"
    if mark.label == "COUNT":
        if len(words) > 1 and _UNIT_TAIL.search(words):
            yield f"unit inside COUNT {words!r}"
        elif _RANGE.search(words):
            yield f"COUNT {words!r} is a range or a list: no single number"
        elif parse_count(words) is None:
            yield f"COUNT {words!r} is no number"
    elif mark.label == "RATE" and parse_rate(words) is None:
        yield f"RATE {words!r} is no rate"
    elif mark.label == "UNIT" and (re.search(r"\d", words) or words.startswith(("万", "亿", "萬", "億"))):
        yield f"UNIT {words!r} holds part of the number (4600万 is COUNT, 元 is UNIT)"
    elif mark.label == "YEAR" and parse_year(words) is None and words not in RELATIVE_YEARS:
        yield f"YEAR {words!r} names no year"


def _id_faults(mark: Mark, metric_id: str | None) -> Iterator[str]:
    if metric_id is None or mark.label not in FIGURES:
        return
    kind = metric_kinds().get(metric_id)
    if kind is None:
        yield f"unknown metric_id {metric_id!r}"
    elif (mark.label == "RATE") != (kind == "rate") and mark.label != "ZERO":
        yield f"{mark.label} cannot carry {metric_id!r}, whose kind is {kind}"
