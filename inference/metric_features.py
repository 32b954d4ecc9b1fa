"""What the metric classifier sees of a figure: n-grams of its words and headings, unit, era, neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from .metrics import Context, metric_id


def features(context: Context) -> list[str]:
    """The binary features of a figure, each once, in a stable order."""
    alias = metric_id(context)
    return list(dict.fromkeys((*_own(context, alias), *_of_headings(context.headings[-2:], alias))))


@lru_cache(maxsize=4096)
def _of_headings(headings: tuple[str, ...], alias: str | None) -> tuple[str, ...]:
    """What the headings give: most of a figure's features, and the same for all figures of a section."""
    out: list[str] = []
    for depth, heading in enumerate(reversed(headings)):
        for gram in _bigrams(heading[:24]):
            out += (f"h{depth}{gram}", f"h{gram} alias={alias}")
    return tuple(out)


def _own(context: Context, alias: str | None) -> Iterator[str]:
    unit, kind = context.unit or "-", str(context.kind)
    metric = f"^{context.metric}$"
    yield f"alias={alias}"
    yield f"unit={unit}"
    yield f"kind={kind} zero={context.is_zero}"
    yield f"alias={alias} unit={unit} zero={context.is_zero}"
    yield f"previous={context.previous}"
    yield f"previous={context.previous} alias={alias}"
    yield f"metric={context.metric}"
    yield f"metric={context.metric} unit={unit}"
    era = 0 if context.year is None else 1 if context.year < 2014 else 2 if context.year < 2019 else 3
    yield f"era={era}"
    yield f"era={era} alias={alias}"
    for size in (1, 2, 3, 4):
        yield from (f"m{metric[i : i + size]}" for i in range(len(metric) - size + 1))
    for gram in _bigrams(metric):
        yield f"m{gram}/{unit}"
        yield f"m{gram}<{context.previous}"
    for size in (2, 3):
        yield from (f"p{context.phrase[i : i + size]}" for i in range(len(context.phrase) - size + 1))
    yield from (f"b{gram}" for gram in _bigrams(context.before))
    yield from (f"a{gram}" for gram in _bigrams(context.after[:10]))
    yield f"lead{context.before[-3:]}"
    yield f"tail{context.after[:2]}"


def _bigrams(text: str) -> Iterator[str]:
    return (text[i : i + 2] for i in range(len(text) - 1))
