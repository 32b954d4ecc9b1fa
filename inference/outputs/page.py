"""One report as a self-contained page: its text with coloured spans, its records, failed checks on top."""

from __future__ import annotations

import html
import itertools
from collections.abc import Sequence
from importlib import resources

from ..checks import CheckResult, CheckStatus
from ..extractor import Extraction
from ..types import Record

_SIGNS = {"approx": "≈", "min": "≥", "max": "≤"}


def make_page(extraction: Extraction) -> str:
    """The page's HTML; it loads nothing from anywhere."""
    template = resources.files("gongkai.inference.outputs").joinpath("page.html").read_text(encoding="utf-8")
    title = f"{extraction.agency or extraction.document.doc_id} {extraction.year or ''}".strip()
    parts = {
        "title": html.escape(title),
        "summary": _summary(extraction),
        "checks": _checks(extraction.checks, extraction.records),
        "text": _text(extraction.document.text, extraction.records),
        "records": "\n".join(_row(i, record) for i, record in enumerate(extraction.records)),
    }
    for name, part in parts.items():
        template = template.replace("{{" + name + "}}", part)
    return template


def _summary(extraction: Extraction) -> str:
    counts = {s: sum(r.source == s for r in extraction.records) for s in ("table", "model", "rule")}
    passed = sum(c.status is CheckStatus.PASS for c in extraction.checks)
    failed = sum(c.status is CheckStatus.FAIL for c in extraction.checks)
    words = [f"{len(extraction.records)} records"]
    words += [f"{count} by {name}" for name, count in counts.items() if count]
    words += [f"{passed} checks passed, {failed} failed"]
    words += list(extraction.flags)
    return html.escape(" · ".join(words))


def _checks(checks: Sequence[CheckResult], records: Sequence[Record]) -> str:
    rows = []
    for check in checks:
        if check.status is CheckStatus.FAIL:
            links = " ".join(
                f'<a href="#r{i}" data-record="{i}">{html.escape(records[i].metric)}</a>'
                for i in check.records
            )
            rows.append(
                f"<li><b>{html.escape(check.title)}</b>: {check.left} ≠ {check.right} <small>{links}</small></li>"
            )
    return f'<ul class="failed">{"".join(rows)}</ul>' if rows else ""


def _text(text: str, records: Sequence[Record]) -> str:
    """The text cut at every edge of an evidence; a piece names all records that it states."""
    edges = sorted({0, len(text), *(r.start for r in records), *(r.end for r in records)})
    by_start: dict[int, list[int]] = {}
    for index, record in enumerate(records):
        for edge in edges:
            if record.start <= edge < record.end:
                by_start.setdefault(edge, []).append(index)
    out: list[str] = []
    for start, end in itertools.pairwise(edges):
        piece = html.escape(text[start:end])
        owners = by_start.get(start)
        if owners:
            source = records[owners[-1]].source
            names = " ".join(map(str, owners))
            piece = f'<mark class="{source}" data-records="{names}">{piece}</mark>'
        out.append(piece)
    return "".join(out)


def _row(index: int, record: Record) -> str:
    value = f"{_SIGNS.get(str(record.qualifier), '')}{record.value:,}"
    flags = (
        f'<span class="flag" title="{html.escape(", ".join(record.flags))}">⚑</span>' if record.flags else ""
    )
    cells = (
        html.escape(record.metric) + flags,
        html.escape(value),
        html.escape(record.unit or ""),
        html.escape(record.metric_id or ""),
        str(record.year or ""),
        f'<span class="dot {record.source}"></span>{record.source}',
        f"{record.confidence:.2f}",
    )
    return f'<tr id="r{index}" data-record="{index}">' + "".join(f"<td>{c}</td>" for c in cells) + "</tr>"
