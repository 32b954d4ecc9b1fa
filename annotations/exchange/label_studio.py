"""Label Studio JSON: regions, relations and per-region fields of the shipped labelling config.

`label_studio.xml` is the config. A link is a relation from the figure to its metric whose label is
the metric id; year, unit, qualifier and standing are fields of the figure's region; a metric's
number is its region's id (`M3`), and regions drawn in Label Studio get the next free one. The front
matter travels in the task's data. Offsets count code points, as in Label Studio since 1.5.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..markup import Mark
from .entries import Collector, Entry, Format, Imported, exportable
from .label_studio_tasks import entry_of

CONFIG = Path(__file__).with_name("label_studio.xml")


def dump(entries: Iterable[Entry]) -> str:
    """A JSON list of annotated tasks.

    Raises:
        AnnotationError: an entry is not `exportable`.
    """
    return _listed([task(exportable(e), number) for number, e in enumerate(entries, 1)])


def dump_predictions(entries: Iterable[tuple[Entry, float]], model: str) -> str:
    """A JSON list of tasks that a model pre-tagged, each with its score, for people to mend."""
    tasks = []
    for number, (entry, score) in enumerate(entries, 1):
        made = task(exportable(entry), number)
        (annotation,) = made.pop("annotations")
        made["predictions"] = [{"model_version": model, "score": score, "result": annotation["result"]}]
        tasks.append(made)
    return _listed(tasks)


def load(text: str, file: str) -> Imported:
    """The annotated tasks of a file; a broken one is a problem, the others are read."""
    collector = Collector(file)
    text = text.removeprefix("\ufeff")
    decoder = json.JSONDecoder()
    at = _skip(text, 0, "")
    listed = text.startswith("[", at)
    at = _skip(text, at, "[")
    while at < len(text) and not (listed and text[at] == "]"):
        line = text.count("\n", 0, at) + 1
        try:
            value, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            what = f"is no JSON ({error.msg}); nothing from the task on line {line} on was read"
            collector.broken(error.lineno, what, text[at:])
            return collector.result()
        except (ValueError, RecursionError) as error:
            collector.broken(line, f"is no JSON ({error}); nothing from here on was read", text[at:])
            return collector.result()
        collector.read(line, text[at:end], partial(entry_of, value))
        at = _skip(text, end, ",")
    if not text.strip() or (listed and _skip(text, at, "]") < len(text)):
        collector.broken(text.count("\n", 0, at) + 1, "is no list of tasks", text[at:])
    elif listed and at == len(text):
        collector.broken(text.count("\n") + 1, "the list of tasks is not closed: is the file whole?", "")
    return collector.result()


def task(entry: Entry, number: int) -> dict[str, Any]:
    """One task with one annotation."""
    report = entry.report
    names = [f"M{m.number}" if m.number is not None else f"S{at}" for at, m in enumerate(report.marks, 1)]
    result = [r for m, name in zip(report.marks, names, strict=True) for r in _regions(report.text, m, name)]
    for mark, name in zip(report.marks, names, strict=True):
        for link in mark.links:
            result.append(
                {
                    "type": "relation",
                    "from_id": name,
                    "to_id": f"M{link.metric}",
                    "direction": "right",
                    "labels": [link.metric_id] if link.metric_id else [],
                }
            )
    return {
        "id": number,
        "data": {"text": report.text, "report_id": entry.report_id, "meta": report.meta},
        "annotations": [{"id": number, "result": result}],
    }


def _regions(text: str, mark: Mark, name: str) -> list[dict[str, Any]]:
    def region(field: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        place = {"start": mark.start, "end": mark.end}
        return {"id": name, "from_name": field, "to_name": "text", "type": kind, "value": place | value}

    words = text[mark.start : mark.end]
    out = [region("label", "labels", {"text": words, "labels": [mark.label]})]
    if mark.year is not None:
        out.append(region("year", "number", {"number": mark.year}))
    if mark.unit:
        out.append(region("unit", "textarea", {"text": [mark.unit]}))
    if mark.qualifier:
        out.append(region("qualifier", "choices", {"choices": [mark.qualifier]}))
    if mark.optional:
        out.append(region("standing", "choices", {"choices": ["optional"]}))
    return out


def _listed(tasks: Sequence[dict[str, Any]]) -> str:
    return _wrap([json.dumps(t, ensure_ascii=False) for t in tasks])


def _wrap(raws: Sequence[str]) -> str:
    return "[\n" + ",\n".join(raws) + "\n]\n"


def _skip(text: str, at: int, sign: str) -> int:
    """The place after blanks, one `sign` if it stands there, and blanks again."""
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    if sign and at < len(text) and text[at] == sign:
        return _skip(text, at + 1, "")
    return at


LABEL_STUDIO = Format("label-studio", ".json", dump, load, _wrap)
