"""Figures to records: the report's agency and year filled in, in the order of the text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ..data.document import Document, PageBox
from .types import Figure, Record


def make_records(
    document: Document, figures: Iterable[Figure], *, agency: str | None, year: int | None
) -> list[Record]:
    """Records in the order of the report's text."""
    places = sorted(document.source.pages, key=lambda place: place.start)
    starts = [place.start for place in places]
    return [
        _placed(
            places,
            starts,
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
            ),
        )
        for figure in sorted(figures, key=lambda f: (f.start, f.end))
    ]


def _placed(places: Sequence[PageBox], starts: Sequence[int], record: Record) -> Record:
    """A record with the page where its evidence begins, and the box around what of it stands there."""
    first = max(0, bisect_right(starts, record.start) - 1)
    found = [p for p in places[first : bisect_left(starts, record.end)] if p.end > record.start]
    if not found:
        return record
    boxes = [p.box for p in found if p.page == found[0].page]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    box = (min(lefts), min(tops), max(rights), max(bottoms))
    return replace(record, page=found[0].page, box=box)


def to_json(record: Record) -> dict[str, Any]:
    """A record as the output contract writes it; page, box and flags are added where there are any."""
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
    if record.page is not None and record.box is not None:
        line["evidence"] |= {"page": record.page, "box": [round(x, 1) for x in record.box]}
    if record.flags:
        line["flags"] = list(record.flags)
    return line
