"""One list from narrative and form figures: no figure twice unless the report states it twice."""

from __future__ import annotations

from collections.abc import Sequence

from .types import Figure


def merge(narrative: Sequence[Figure], forms: Sequence[Figure]) -> list[Figure]:
    """Form figures win over narrative ones that read the same characters to the same value."""
    kept: list[Figure] = list(forms)
    by_value: dict[float, list[Figure]] = {}
    for figure in forms:
        by_value.setdefault(float(figure.value), []).append(figure)
    seen: set[tuple[int, int, str, float]] = set()
    for figure in narrative:
        key = (figure.start, figure.end, figure.metric, float(figure.value))
        if key in seen:
            continue
        seen.add(key)
        same = by_value.get(float(figure.value), ())
        if not any(f.start < figure.end and figure.start < f.end for f in same):
            kept.append(figure)
    return sorted(kept, key=lambda f: (f.start, f.end))
