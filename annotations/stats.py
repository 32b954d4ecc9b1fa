"""Counts of an annotated corpus: reports, spans and figures, by split, label, era, level and the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import mean, median
from typing import Any

from .convert import Annotated
from .markup import FIGURES, LABELS
from .splits import SPLITS, split_of

ERAS = {"2008-2013": (0, 2013), "2014-2018": (2014, 2018), "2019+": (2019, 9999)}
LENGTHS = (400, 2000)
"""Characters of a report as planned: from, to."""


def stats(corpus: Sequence[Annotated]) -> dict[str, Any]:
    """The counts, ready for JSON. A figure is a COUNT, RATE or ZERO span; a record is one link of one."""
    lengths = [len(a.report.text) for a in corpus]
    return {
        **sums(corpus),
        "records": sum(len(m.links) for a in corpus for m in a.report.marks),
        "metric_ids": len({k.metric_id for a in corpus for m in a.report.marks for k in m.links} - {None}),
        "characters": {
            "total": sum(lengths),
            "mean": round(mean(lengths)) if lengths else 0,
            "median": round(median(lengths)) if lengths else 0,
            "shorter": sum(n < LENGTHS[0] for n in lengths),
            "longer": sum(n > LENGTHS[1] for n in lengths),
        },
        "origins": {
            "address": sum(has_address(a) for a in corpus),
            "free": sum(not has_address(a) for a in corpus),
        },
        "labels": dict(Counter(m.label for a in corpus for m in a.report.marks).most_common()),
        "splits": {name: sums(part) for name, part in grouped(corpus, split_name, SPLITS).items()},
        "eras": {name: sums(part) for name, part in grouped(corpus, era, ERAS).items()},
        **{f"{key}s": _by_field(corpus, key) for key in ("level", "script", "region", "year", "writer")},
        "labels_by_split": {
            name: {
                label: sum(m.label == label for a in part for m in a.report.marks)
                for label in LABELS.values()
            }
            for name, part in grouped(corpus, split_name, SPLITS).items()
        },
        "dirt": _tags(corpus, "dirt"),
        "hard": _tags(corpus, "hard"),
    }


def sums(corpus: Iterable[Annotated]) -> dict[str, int]:
    """Reports, spans and figures."""
    part = list(corpus)
    marks = [m for a in part for m in a.report.marks]
    return {"reports": len(part), "spans": len(marks), "figures": sum(m.label in FIGURES for m in marks)}


def grouped(
    corpus: Iterable[Annotated], key: Callable[[Annotated], str], names: Iterable[str] = ()
) -> dict[str, list[Annotated]]:
    """The reports by key: the names given first, in their order, empty or not; then others, sorted."""
    groups: dict[str, list[Annotated]] = {name: [] for name in names}
    for annotated in sorted(corpus, key=key):
        groups.setdefault(key(annotated), []).append(annotated)
    return groups


def split_name(annotated: Annotated) -> str:
    """The split of a report."""
    return split_of(annotated.report_id, annotated.meta)


def era(annotated: Annotated) -> str:
    """The era of a report's year; the first if it has none."""
    year = annotated.meta.get("year")
    known = year if isinstance(year, int) else 0
    return next(name for name, (first, last) in ERAS.items() if first <= known <= last)


def has_address(annotated: Annotated) -> bool:
    """Whether a report started from a public page."""
    return str(annotated.meta.get("origin", "")).startswith(("http://", "https://"))


def _by_field(corpus: Sequence[Annotated], key: str) -> dict[str, dict[str, int]]:
    groups = grouped(corpus, lambda a: str(a.meta.get(key)))
    return {name: sums(part) for name, part in groups.items()}


def _tags(corpus: Iterable[Annotated], key: str) -> dict[str, int]:
    """How many reports name each word of a list in their front matter."""
    lists = (a.meta.get(key) for a in corpus)
    found = Counter(word for words in lists if isinstance(words, list) for word in {str(w) for w in words})
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
