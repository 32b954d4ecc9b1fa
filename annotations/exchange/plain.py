"""Plain JSONL: one report a line, marks with offsets `[start, end)` in characters of `text`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ..markup import Link, Mark
from .entries import Collector, Entry, EntryError, Format, Imported, exportable, make_entry

Model = TypeVar("Model", bound=BaseModel)


class _Link(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    metric: int
    metric_id: str | None = None


class _Mark(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    start: int
    end: int
    label: str
    text: str | None = None
    number: int | None = None
    links: list[_Link] = []
    year: int | None = None
    unit: str | None = None
    qualifier: str | None = None
    optional: bool = False


class _Report(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    report_id: str
    text: str
    meta: dict[str, Any] = {}
    marks: list[_Mark]


def dump(entries: Iterable[Entry]) -> str:
    """A line for each report.

    Raises:
        AnnotationError: an entry is not `exportable`.
    """
    return "".join(f"{json.dumps(_line(exportable(e)), ensure_ascii=False)}\n" for e in entries)


def load(text: str, file: str) -> Imported:
    """The reports of a file; a line that is broken is a problem, the others are read."""
    collector = Collector(file)
    for number, line in json_lines(text):
        collector.read(number, line, partial(_entry, line))
    return collector.result()


def json_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, numbered from 1; only \\n ends a line, as JSON strings may hold others."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.strip():
            yield number, line.removesuffix("\r")


def json_value(source: str) -> Any:
    """What JSON says.

    Raises:
        EntryError: it is none, or too deep.
    """
    try:
        return json.loads(source)
    except (ValueError, RecursionError) as error:
        raise EntryError(f"is no JSON ({error})") from error


def checked(model: type[Model], value: object) -> Model:
    """A value as its model.

    Raises:
        EntryError: it is none; one fault for each field that is wrong.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise EntryError(
            *(f"{'.'.join(map(str, e['loc'])) or 'the entry'}: {e['msg']}" for e in error.errors())
        ) from error


def other_words(text: str, start: int, end: int, words: str) -> bool:
    """Whether `words` are others than those at `[start, end)`, blanks aside, which some tools change."""
    return "".join(text[start:end].split()) != "".join(words.split())


def _line(entry: Entry) -> dict[str, Any]:
    report = entry.report
    return {
        "report_id": entry.report_id,
        "text": report.text,
        "meta": report.meta,
        "marks": [_mark(report.text, m) for m in report.marks],
    }


def _mark(text: str, mark: Mark) -> dict[str, Any]:
    values: dict[str, Any] = {
        "start": mark.start,
        "end": mark.end,
        "label": mark.label,
        "text": text[mark.start : mark.end],
        "number": mark.number,
        "links": [_without_none({"metric": k.metric, "metric_id": k.metric_id}) for k in mark.links] or None,
        "year": mark.year,
        "unit": mark.unit,
        "qualifier": mark.qualifier,
        "optional": mark.optional or None,
    }
    return _without_none(values)


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _entry(line: str) -> tuple[Entry, Sequence[str]]:
    found = checked(_Report, json_value(line))
    wrong = [
        f"{m.label} [{m.start}, {m.end}) says {m.text!r}, but the text there is {found.text[m.start : m.end]!r}"
        for m in found.marks
        if m.text is not None and found.text[max(0, m.start) : max(0, m.end)] != m.text
    ]
    if wrong:
        raise EntryError(*wrong)
    marks = [
        Mark(
            m.start,
            m.end,
            m.label,
            number=m.number,
            links=tuple(Link(k.metric, k.metric_id) for k in m.links),
            year=m.year,
            unit=m.unit,
            qualifier=m.qualifier,
            optional=m.optional,
        )
        for m in found.marks
    ]
    return make_entry(found.report_id, found.text, marks, found.meta)


PLAIN = Format("jsonl", ".jsonl", dump, load)
