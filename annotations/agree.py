"""Agreement of two taggings of the same reports: span F1, Cohen's kappa by character, and every disagreement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..data.errors import AnnotationError
from .exchange.entries import Entry
from .markup import FIGURES, LABELS, Mark, Report

OUTSIDE = "O"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place where two taggings differ; the line is the first tagging's, `a` and `b` what each says."""

    report_id: str
    line: int
    start: int
    end: int
    text: str
    kind: str  # "only a", "only b", "label", "boundary", "link" or "id"
    a: str
    b: str

    def __str__(self) -> str:
        return f"{self.report_id}:{self.line}: {self.kind}: {self.text!r}: {self.a or '-'} / {self.b or '-'}"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two taggings agree.

    `labels` and `overall` hold `f1` (spans with the same ends and label), `overlap_f1` (same label,
    any shared character), `kappa` (Cohen's, a character being one decision), `spans_a`, `spans_b`.
    `links` are shares among the figures that both tagged alike.
    """

    reports: tuple[str, ...]
    left_out: tuple[str, ...]
    differing: dict[str, str]
    overall: dict[str, float]
    labels: dict[str, dict[str, float]]
    links: dict[str, float]
    disagreements: tuple[Disagreement, ...]

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self)


def agree(first: Iterable[Entry], second: Iterable[Entry]) -> Agreement:
    """Compare the reports that both hold with the same text.

    Those that only one holds are `left_out`, those whose texts differ are in `differing`.

    Raises:
        AnnotationError: there is nothing to compare.
    """
    ours, theirs = ({e.report_id: e.report for e in part} for part in (first, second))
    common = sorted(ours.keys() & theirs.keys())
    differing = {i: what for i in common if (what := _difference(ours[i], theirs[i]))}
    pairs = [(i, ours[i], theirs[i]) for i in common if i not in differing]
    if not pairs:
        raise AnnotationError(
            "; ".join(f"{i}: {what}" for i, what in differing.items()) or "no report is in both",
            advice="the files' names are the reports' ids, and both sides tag the same text",
        )
    return Agreement(
        tuple(i for i, _, _ in pairs),
        tuple(sorted(ours.keys() ^ theirs.keys())),
        differing,
        _scores(pairs, None),
        {label: _scores(pairs, label) for label in LABELS.values()},
        _links(pairs),
        tuple(d for pair in pairs for d in _disagreements(*pair)),
    )


def _difference(a: Report, b: Report) -> str:
    """Where two texts differ, blanks at their end aside; empty if they do not."""
    one, other = a.text.rstrip(), b.text.rstrip()
    if one == other:
        return ""
    at = next(
        (n for n, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other))
    )
    return (
        f"line {a.line(at)}: the texts differ from character {at}: "
        f"{one[at : at + 20]!r} and {other[at : at + 20]!r}"
    )


def table_of(agreement: Agreement) -> str:
    """The figures as a Markdown table, reports and links under it."""
    lines = [
        "| label | span F1 | overlap F1 | kappa | spans A | spans B |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, row in {"all": agreement.overall, **agreement.labels}.items():
        lines.append(
            f"| {name} | {row['f1']:.3f} | {row['overlap_f1']:.3f} | {row['kappa']:.3f} "
            f"| {row['spans_a']:.0f} | {row['spans_b']:.0f} |"
        )
    links = agreement.links
    lines += [
        "",
        f"{len(agreement.reports)} reports. Of {links['figures']:.0f} figures that both tagged and linked, "
        f"{100 * links['same_metrics']:.1f}% link to the same metrics and {100 * links['same_ids']:.1f}% carry the same ids.",
    ]
    return "\n".join(lines)


_Pairs = Sequence[tuple[str, Report, Report]]


def _scores(pairs: _Pairs, label: str | None) -> dict[str, float]:
    matched = spans_a = spans_b = over_a = over_b = 0
    confusion: Counter[tuple[str, str]] = Counter()
    for _, a, b in pairs:
        mine, other = ([m for m in r.marks if label in (None, m.label)] for r in (a, b))
        matched += len(_keys(mine) & _keys(other))
        spans_a, spans_b = spans_a + len(mine), spans_b + len(other)
        over_a += sum(any(_overlap(m, o) and m.label == o.label for o in other) for m in mine)
        over_b += sum(any(_overlap(m, o) and m.label == o.label for m in mine) for o in other)
        length = len(a.text.rstrip())
        confusion.update(zip(_characters(length, mine), _characters(length, other), strict=True))
    total = spans_a + spans_b
    return {
        "f1": round(2 * matched / total, 4) if total else 1.0,
        "overlap_f1": round((over_a + over_b) / total, 4) if total else 1.0,
        "kappa": round(kappa(confusion), 4),
        "spans_a": spans_a,
        "spans_b": spans_b,
    }


def kappa(confusion: Counter[tuple[str, str]]) -> float:
    """Cohen's kappa of decisions `(a, b)` (Cohen 1960); 1 where chance alone explains all agreement."""
    total = sum(confusion.values())
    if not total:
        return 1.0
    observed = sum(n for (a, b), n in confusion.items() if a == b) / total
    of_a: Counter[str] = Counter()
    of_b: Counter[str] = Counter()
    for (a, b), n in confusion.items():
        of_a[a] += n
        of_b[b] += n
    chance = sum(of_a[label] * of_b[label] for label in of_a) / total**2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def _characters(length: int, marks: Iterable[Mark]) -> list[str]:
    out = [OUTSIDE] * length
    for mark in marks:
        out[mark.start : min(mark.end, length)] = [mark.label] * (min(mark.end, length) - mark.start)
    return out


def _keys(marks: Iterable[Mark]) -> set[tuple[int, int, str]]:
    return {(m.start, m.end, m.label) for m in marks}


def _overlap(one: Mark, other: Mark) -> bool:
    return one.start < other.end and other.start < one.end


def _links(pairs: _Pairs) -> dict[str, float]:
    figures = same_metric = same_id = 0
    for _, a, b in pairs:
        for mine, other in _same_figures(a, b):
            figures += 1
            same_metric += _same_metrics(_metrics(a, mine), _metrics(b, other))
            same_id += _ids(mine) == _ids(other)
    return {
        "figures": figures,
        "same_metrics": round(same_metric / figures, 4) if figures else 1.0,
        "same_ids": round(same_id / figures, 4) if figures else 1.0,
    }


def _same_figures(a: Report, b: Report) -> Iterator[tuple[Mark, Mark]]:
    """Figures that both tagged alike and linked."""
    others = {(m.start, m.end, m.label): m for m in b.marks if m.links}
    for mark in a.marks:
        other = others.get((mark.start, mark.end, mark.label))
        if mark.links and mark.label in FIGURES and other:
            yield mark, other


def _metrics(report: Report, mark: Mark) -> list[Mark]:
    """A figure's metrics in the order of the text."""
    metrics = report.metrics()
    return sorted({metrics[k.metric] for k in mark.links if k.metric in metrics}, key=lambda m: m.start)


def _same_metrics(one: Sequence[Mark], other: Sequence[Mark]) -> bool:
    """Whether two figures link to the same words, wherever each tagging has their edges."""
    return len(one) == len(other) and all(map(_overlap, one, other))


def _words(report: Report, marks: Iterable[Mark]) -> str:
    return " ".join(f"{report.text[m.start : m.end]!r}" for m in marks)


def _ids(mark: Mark) -> tuple[str, ...]:
    return tuple(sorted(k.metric_id or "" for k in mark.links))


def _disagreements(report_id: str, a: Report, b: Report) -> Iterator[Disagreement]:
    def found(mark: Mark, kind: str, mine: str, other: str) -> Disagreement:
        words = a.text[mark.start : mark.end]
        return Disagreement(report_id, a.line(mark.start), mark.start, mark.end, words, kind, mine, other)

    alone_a = [m for m in a.marks if (m.start, m.end, m.label) not in _keys(b.marks)]
    alone_b = [m for m in b.marks if (m.start, m.end, m.label) not in _keys(a.marks)]
    rest_b = list(alone_b)
    out = []
    for mark in alone_a:
        other = next((o for o in rest_b if _overlap(mark, o)), None)
        if other is None:
            out.append(found(mark, "only a", mark.label, ""))
            continue
        rest_b.remove(other)
        if mark.label == other.label:
            words = (a.text[mark.start : mark.end], a.text[other.start : other.end])
            out.append(found(mark, "boundary", *(f"{mark.label} {w!r}" for w in words)))
        else:
            out.append(found(mark, "label", mark.label, f"{other.label} {a.text[other.start : other.end]!r}"))
    out += [found(mark, "only b", "", mark.label) for mark in rest_b]
    for mark, other in _same_figures(a, b):
        mine, theirs = _metrics(a, mark), _metrics(b, other)
        if not _same_metrics(mine, theirs):
            out.append(found(mark, "link", _words(a, mine), _words(b, theirs)))
        elif _ids(mark) != _ids(other):
            out.append(found(mark, "id", " ".join(_ids(mark)), " ".join(_ids(other))))
    yield from sorted(out, key=lambda d: (d.start, d.end))
