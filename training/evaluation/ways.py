"""Records of annotated reports in three ways: the model alone, the rules alone, both together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...annotations.gold import gold_report
from ...data.build import build_document
from ...data.document import Document, Source
from ...inference.extractor import Extractor
from ...inference.records import to_json
from ..judge import JudgedReport
from ..record_calibration import is_right
from ..record_score import ReportScore, score_report

WAYS: dict[str, dict[str, str]] = {
    "model": {"tagger": "onnx", "fallback": "none"},
    "rules": {"tagger": "rules", "fallback": "rules"},
    "both": {"tagger": "onnx", "fallback": "rules"},
}
SHIPPED = "both"


@dataclass(frozen=True, slots=True)
class Scored:
    """One report's records in one way, beside the annotated ones.

    `agency` and `year` are the report's own as found. `records` are as the output contract writes them; `right[i]` says whether record i is right in
    every way that its confidence answers for.
    """

    report_id: str
    document: Document
    agency: str | None
    year: int | None
    records: Sequence[dict[str, Any]]
    gold: dict[str, Any]
    score: ReportScore
    right: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Run:
    """All reports in one way, and the seconds from text to records."""

    reports: Sequence[Scored]
    seconds: float


def extractors(folder: Path, threads: int) -> dict[str, Extractor]:
    """An extractor for each way.

    Raises:
        ModelError: the folder's model cannot be used.
    """
    return {
        name: Extractor.load(
            model=str(folder), threads=threads, tagger=options["tagger"], fallback=options["fallback"]
        )
        for name, options in WAYS.items()
    }


def run(extractor: Extractor, judged: Sequence[JudgedReport]) -> Run:
    """Extract and score every report; documents are read anew so that time counts all of it."""
    sources = [Source(r.annotated.report_id, r.annotated.report.text, "txt") for r in judged]
    began = time.perf_counter()
    extractions = [next(extractor.extract_documents([build_document(s)])) for s in sources]
    seconds = time.perf_counter() - began
    out = []
    for report, extraction in zip(judged, extractions, strict=True):
        gold = gold_report(report.annotated.report, report.annotated.report_id)
        records = [to_json(r) for r in extraction.records]
        right = [is_right(r, gold["records"]) for r in extraction.records]
        out.append(
            Scored(
                report.annotated.report_id,
                report.document,
                extraction.agency,
                extraction.year,
                records,
                gold,
                score_report(records, gold),
                right,
            )
        )
    return Run(out, seconds)
