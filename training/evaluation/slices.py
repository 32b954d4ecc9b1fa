"""Span and record figures by era, level, script, dirt, difficulty and section, with intervals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...data.document import Document
from ..evaluate import span_score
from ..judge import JudgedReport
from ..scores import Score, total, with_interval
from ..slices import report_slices
from .settings import EvaluateSettings
from .ways import Scored

BEFORE, OTHER = "(no heading yet)", "(other headings)"
MEASURES = ("spans", "core", "all")


@dataclass(slots=True)
class _Cell:
    """What one section of one report counts."""

    spans: Score = field(default_factory=Score)
    core: Score = field(default_factory=Score)
    all: Score = field(default_factory=Score)


def slice_figures(
    judged: Sequence[JudgedReport], scored: Sequence[Scored], settings: EvaluateSettings
) -> dict[str, dict[str, dict[str, Any]]]:
    """`[way of slicing][value]` to the number of reports and the figures of spans, core and all.

    A slice that fewer than `slice_least` reports fall into is left out.
    """
    parts: dict[str, dict[str, list[_Cell]]] = defaultdict(lambda: defaultdict(list))
    for report, records in zip(judged, scored, strict=True):
        cells = _cells(report, records, settings.sections)
        whole = _Cell(*(total(getattr(c, m) for c in cells.values()) for m in MEASURES))
        for name, values in report_slices(report.annotated.meta).items():
            for value in values:
                parts[name][value].append(whole)
        for value, cell in cells.items():
            parts["section"][value].append(cell)
    return {
        name: {
            value: {"reports": len(found)}
            | {
                m: with_interval([getattr(c, m) for c in found], settings.seed, settings.draws)
                for m in MEASURES
            }
            for value, found in sorted(values.items())
            if len(found) >= settings.slice_least
        }
        for name, values in parts.items()
    }


def section_name(document: Document, offset: int, patterns: Mapping[str, re.Pattern[str]]) -> str:
    """The kind of the outermost section over an offset, by the words of its heading."""
    for section in document.sections:
        if section.parent is None and section.start <= offset < section.end:
            return next((n for n, p in patterns.items() if p.search(section.heading)), OTHER)
    return BEFORE


def _cells(report: JudgedReport, scored: Scored, patterns: Mapping[str, re.Pattern[str]]) -> dict[str, _Cell]:
    document = report.document
    cells: dict[str, _Cell] = defaultdict(_Cell)
    for sentence in report.sentences:
        cell = cells[section_name(document, sentence.sentence.start, patterns)]
        cell.spans += span_score([sentence])
    golds = scored.gold["records"]
    where = [section_name(document, g["evidence"]["start"], patterns) for g in golds]
    own = [section_name(document, r["evidence"]["start"], patterns) for r in scored.records]
    for name, pairs, claims in (
        ("core", scored.score.core_pairs, [r["metric_id"] is not None for r in scored.records]),
        ("all", scored.score.all_pairs, [True] * len(scored.records)),
    ):
        counted = ("core",) if name == "core" else ("core", "open")
        for section, score in _record_scores(pairs, claims, golds, counted, where, own):
            cell = cells[section]
            setattr(cell, name, getattr(cell, name) + score)
    return cells


def _record_scores(
    pairs: Mapping[int, int],
    claims: Sequence[bool],
    golds: Sequence[Mapping[str, Any]],
    counted: Sequence[str],
    where: Sequence[str],
    own: Sequence[str],
) -> Iterable[tuple[str, Score]]:
    """One score for each gold record and each extra one, at its section; pairs count at the gold's."""
    hit = set(pairs.values())
    for index, gold in enumerate(golds):
        if gold["tier"] in counted:
            got = index in hit
            yield where[index], Score(int(got), int(got), 1)
    for index, claim in enumerate(claims):
        if claim and index not in pairs:
            yield own[index], Score(0, 1, 0)
