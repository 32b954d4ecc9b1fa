"""One Label Studio task to an annotated report: regions, per-region fields and relations, all accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from ..markup import FIGURES, Link, Mark
from .entries import Entry, EntryError, make_entry
from .plain import checked, other_words


class _Result(BaseModel):
    model_config = ConfigDict(strict=True)
    type: str
    id: str = ""
    from_name: str = ""
    value: dict[str, Any] = {}
    from_id: str = ""
    to_id: str = ""
    labels: list[str] | None = None


class _Annotation(BaseModel):
    model_config = ConfigDict(strict=True)
    result: list[_Result] = []
    was_cancelled: bool | None = False


class _Data(BaseModel):
    model_config = ConfigDict(strict=True)
    text: str
    report_id: str | None = None
    meta: dict[str, Any] = {}


class _Task(BaseModel):
    model_config = ConfigDict(strict=True)
    id: int | str | None = None
    data: _Data
    annotations: list[_Annotation] = []


@dataclass(slots=True)
class _Region:
    """A region as it is gathered from its results."""

    mark: Mark
    links: list[Link] = field(default_factory=list)


def entry_of(value: object) -> tuple[Entry, Sequence[str]]:
    """The entry of a task's annotation, and warnings.

    Raises:
        EntryError: the task is not annotated, or more than once; or its regions make no report.
    """
    task = checked(_Task, value)
    done = [a for a in task.annotations if not a.was_cancelled]
    if len(done) != 1:
        raise EntryError(
            f"the task has {len(done)} annotations: keep one, or export each annotator's apart and compare them"
            if done
            else "the task is not annotated (or skipped)"
        )
    text = task.data.text
    faults: list[str] = []
    regions = _regions(text, done[0].result, faults)
    _fields(regions, done[0].result, faults)
    numbers = _numbers(regions)
    _relations(regions, numbers, done[0].result, faults)
    if faults:
        raise EntryError(*faults)
    marks = [
        replace(region.mark, number=numbers.get(name), links=tuple(region.links))
        for name, region in regions.items()
    ]
    report_id = task.data.report_id or (f"task-{task.id}" if task.id is not None else "")
    return make_entry(report_id, text, marks, task.data.meta)


def _regions(text: str, results: list[_Result], faults: list[str]) -> dict[str, _Region]:
    regions: dict[str, _Region] = {}
    for result in results:
        if result.type != "labels":
            continue
        start, end = result.value.get("start"), result.value.get("end")
        labels = result.value.get("labels")
        if type(start) is not int or type(end) is not int or not isinstance(labels, list) or len(labels) != 1:
            faults.append(
                f"region {result.id!r} needs a whole start, a whole end and one label: {result.value}"
            )
            continue
        words = result.value.get("text")
        if isinstance(words, str) and other_words(text, max(start, 0), max(end, 0), words):
            faults.append(
                f"{labels[0]} [{start}, {end}) says {words!r}, but the text there is {text[start:end]!r}"
            )
        if result.id in regions:
            faults.append(f"two regions have the id {result.id!r}")
        regions[result.id] = _Region(Mark(start, end, str(labels[0])))
    return regions


def _fields(regions: dict[str, _Region], results: list[_Result], faults: list[str]) -> None:
    """Year, unit, qualifier and standing into their regions' marks."""
    for result in results:
        if result.type in ("labels", "relation"):
            continue
        region = regions.get(result.id)
        found = _field(result)
        if found is None:
            faults.append(
                f"{result.type} {result.from_name!r} of region {result.id!r} is no field of the config"
            )
        elif region is None or region.mark.label not in FIGURES:
            faults.append(f"{result.from_name} is given for {result.id!r}, which is no figure")
        else:
            region.mark = replace(region.mark, **found)


def _field(result: _Result) -> dict[str, Any] | None:
    """What a per-region result says, or None for one that the config does not have."""
    number, words, choices = (result.value.get(key) for key in ("number", "text", "choices"))
    match result.from_name, result.type:
        case "year", "number" if isinstance(number, int | float) and number == int(number):
            return {"year": int(number)}
        case "unit", "textarea" if words in ([], [""]):
            return {}
        case "unit", "textarea" if isinstance(words, list) and len(words) == 1 and isinstance(words[0], str):
            return {"unit": words[0]}
        case "unit", "textarea" if isinstance(words, str):
            return {"unit": words}
        case "qualifier", "choices" if isinstance(choices, list) and len(choices) == 1:
            return {"qualifier": choices[0]}
        case "standing", "choices" if choices == ["optional"]:
            return {"optional": True}
    return None


def _numbers(regions: dict[str, _Region]) -> dict[str, int]:
    """The number of each METRIC region: its id's (`M3`) where it has one, else the next free."""
    metrics = sorted(
        (n for n, r in regions.items() if r.mark.label == "METRIC"), key=lambda n: regions[n].mark.start
    )
    kept = {
        n: int(n[1:])
        for n in metrics
        if n[:1] == "M" and n[1:].isascii() and n[1:].isdecimal() and len(n) < 8
    }
    free = iter(n for n in range(1, 2 * len(metrics) + 2) if n not in kept.values())
    return {name: kept[name] if name in kept else next(free) for name in metrics}


def _relations(
    regions: dict[str, _Region], numbers: dict[str, int], results: list[_Result], faults: list[str]
) -> None:
    for result in results:
        if result.type != "relation":
            continue
        figure, metric = result.from_id, result.to_id
        if figure in numbers:  # drawn the other way round: which end is the metric is plain
            figure, metric = metric, figure
        labels = result.labels or []
        if metric not in numbers or figure not in regions or regions[figure].mark.label not in FIGURES:
            faults.append(
                f"the relation {result.from_id!r} → {result.to_id!r} does not join a figure and a METRIC"
            )
        elif len(labels) > 1:
            faults.append(f"the relation {result.from_id!r} → {result.to_id!r} has several ids: {labels}")
        else:
            regions[figure].links.append(Link(numbers[metric], labels[0] if labels else None))
