"""Figures to records: the report's agency and year filled in, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..data.document import Document
from .types import Figure, Record


def make_records(
    document: Document, figures: Iterable[Figure], *, agency: str | None, year: int | None
) -> list[Record]:
    """Records in the order of the report's text."""
    return [
        Record(
            doc_id=document.doc_id,
            agency=agency,
            year=figure.year if figure.year is not None else year,
            metric=figure.metric,
            metric_id=figure.metric_id,
            value=figure.value,
            unit=figure.unit,
            qualifier=figure.qualifier,
            kind=figure.kind,
            section=figure.section,
            start=figure.start,
            end=figure.end,
            text=document.text[figure.start : figure.end],
            source=figure.finder,
            confidence=round(min(1.0, max(0.0, figure.confidence)), 4),
            flags=figure.flags,
        )
        for figure in sorted(figures, key=lambda f: (f.start, f.end))
    ]


def to_json(record: Record) -> dict[str, Any]:
    """A record as the output contract writes it; `flags` is added where there are any."""
    line: dict[str, Any] = {
        "doc_id": record.doc_id,
        "agency": record.agency,
        "year": record.year,
        "metric": record.metric,
        "metric_id": record.metric_id,
        "value": record.value,
        "unit": record.unit,
        "qualifier": str(record.qualifier),
        "kind": str(record.kind),
        "section": record.section,
        "evidence": {"start": record.start, "end": record.end, "text": record.text},
        "source": str(record.source),
        "confidence": record.confidence,
    }
    if record.flags:
        line["flags"] = list(record.flags)
    return line
