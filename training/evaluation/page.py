"""The evaluation as one self-contained HTML page: figures, plots and coloured examples of misses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..evaluate import NOTHING
from . import plots
from .compare import Comparison
from .examples import FIELDS, Shown, shown
from .slices import MEASURES
from .summary import goals
from .ways import WAYS

_NAMES = {"model": "model alone", "rules": "rules alone", "both": "both together"}
_LOWEST = 10  # reports listed for their low figures
_CURVES = (  # of a learning curve's points: what goes across, what goes up, their names on the axes
    ("tokens", "eval_f1", "tokens read", "dev F1"),
    ("epoch", "eval_f1", "epoch", "dev F1"),
    ("tokens", "loss", "tokens read", "loss"),
    ("epoch", "loss", "epoch", "training loss"),
)


def page(result: Mapping[str, Any], comparison: Comparison | None, *, examples: int) -> str:
    """The page of an evaluation; of each kind of miss it shows `examples`, spread over its causes."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = figure
    environment.filters["thousands"] = lambda value: f"{value:,}"
    return environment.get_template(
        "page.html"
    ).render(
        r=result,
        made=result["made"],
        goals=goals(result),
        names=_NAMES,
        labels=label_rows(result["spans"]),
        plots={name: Markup(svg) for name, svg in _plots(result).items()},  # noqa: S704, built and escaped here
        slices=[(name, Markup(svg)) for name, svg in _slice_plots(result["slices"])],  # noqa: S704
        curves=[Markup(svg) for svg in _curves(result["curve"])],  # noqa: S704
        lowest=sorted(result["reports"], key=lambda row: (row["all"], row["report"]))[:_LOWEST],
        misnamed=list(_misnamed(result["reports"])),
        wrong_ids=_wrong_ids(result["misses"]["metric_ids"]),
        nothing=NOTHING,
        fields=FIELDS,
        misses=_misses(result["misses"], examples),
        comparison=comparison,
        broke=_compared(comparison.broke, examples) if comparison else [],
        mended=_compared(comparison.mended, examples) if comparison else [],
    )


def figure(value: float | None, digits: int = 3) -> str:
    """A figure of fixed width, a dash for none."""
    return "–" if value is None else f"{value:.{digits}f}"


def label_rows(spans: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For each label its figures and what became of its spans: exact, wrong ends, wrong label, missed, extra."""
    rows = []
    for label, row in spans["labels"].items():
        confusion = spans["confusion"][label]
        touched = sum(n for name, n in confusion.items() if name not in (label, NOTHING))
        rows.append(
            {
                "label": label,
                **row,
                "ends": confusion[label] - row["matched"],
                "label_wrong": touched,
                "missed": confusion[NOTHING],
                "extra": spans["confusion"][NOTHING][label],
            }
        )
    return rows


def _plots(result: Mapping[str, Any]) -> dict[str, str]:
    records, calibration = result["records"], result["calibration"]
    return {
        "records": plots.intervals(
            [(kind, [_dot(way, records[way][kind]) for way in WAYS]) for kind in ("core", "all")],
            width=640,
            label_width=60,
        ),
        "labels": plots.intervals(
            [(label, [_dot(f"l-{label}", row)]) for label, row in result["spans"]["labels"].items()],
            width=400,
            label_width=80,
        ),
        "spans": plots.reliability(calibration["spans"]["bins"], "model"),
        "confidence": plots.reliability(calibration["records"]["bins"], "both"),
        "risk": plots.risk_curve(calibration["risk"], result["goals"]["risk"]),
    }


def _slice_plots(slices: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, values in slices.items():
        rows = [
            (f"{value} · {row['reports']}", [_dot(m, row[m]) for m in MEASURES])
            for value, row in sorted(values.items(), key=_by_reports if name != "era" else None)
        ]
        if rows:
            yield name, plots.intervals(rows, width=440, label_width=175)


def _misnamed(reports: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str, str]]:
    """Reports whose agency or year is wrong: report, annotated, found."""
    for row in reports:
        agency, year = row["agency"], row["year"]
        if agency["got"] not in agency["gold"]:
            yield row["report"], "；".join(map(str, agency["gold"])), str(agency["got"] or "–")
        if year["got"] != year["gold"]:
            yield row["report"], str(year["gold"]), str(year["got"] or "–")


def _by_reports(part: tuple[str, Mapping[str, Any]]) -> tuple[int, str]:
    return -part[1]["reports"], part[0]


def _curves(points: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    for across, up, x_name, y_name in _CURVES:
        found = [(float(p[across]), float(p[up])) for p in points if across in p and up in p]
        if len(found) > 1:
            yield plots.learning_curve(found, x_name, y_name)


def _dot(series: str, row: Mapping[str, Any]) -> plots.Dot:
    low, high = row["interval"]
    return plots.Dot(series, row["f1"], low, high)


def _wrong_ids(misses: Iterable[Mapping[str, Any]], most: int = 12) -> list[tuple[str, str, int]]:
    """The commonest wrong ids: annotated, got, how often."""
    pairs = Counter((m["gold"] or "none", m["got"] or "none") for m in misses)
    ordered = sorted(pairs.items(), key=lambda p: (-p[1], p[0]))
    return [(gold, got, count) for (gold, got), count in ordered[:most]]


def _misses(misses: Mapping[str, Any], limit: int) -> list[tuple[str, int, list[Shown]]]:
    listed: Iterable[tuple[str, str, Sequence[Mapping[str, Any]]]] = (
        ("Records of both together", "records", misses["records"]["both"]),
        ("Spans of the model", "spans", misses["spans"]),
        ("Links of annotated spans", "links", misses["links"]),
        ("Ids of annotated links", "metric_ids", misses["metric_ids"]),
    )
    return [
        (title, len(all_), spread([shown(kind, m) for m in all_], lambda s: s.tags[0], limit))
        for title, kind, all_ in listed
    ]


def _compared(
    kinds: Mapping[str, Sequence[Mapping[str, Any]]], limit: int
) -> list[tuple[str, int, list[Shown]]]:
    titles = {"records": "records", "spans": "spans", "links": "links", "metric_ids": "ids"}
    return [
        (titles[kind], len(all_), [shown(kind, m) for m in all_[:limit]])
        for kind, all_ in kinds.items()
        if all_
    ]


def spread(items: Sequence[Shown], key: Callable[[Shown], str], limit: int) -> list[Shown]:
    """At most `limit` items, taken in turn from each group so that no common cause hides the rare ones."""
    groups: dict[str, list[Shown]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    turns = [(turn, name, item) for name, group in groups.items() for turn, item in enumerate(group)]
    chosen = sorted(turns, key=lambda t: (t[0], t[1]))[:limit]
    return [item for _, _, item in sorted(chosen, key=lambda t: (t[1], t[0]))]
