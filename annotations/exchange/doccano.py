"""doccano JSONL: entities and relations of its sequence-labelling projects, the rest as metadata.

doccano's own fields hold spans, labels and links (a relation's type is the metric id, or `of` where
there is none). It carries other keys of a line through as metadata, so the front matter stands in
`meta` and what a head says besides links in `attributes`, by the span's `start:end`. Its offsets
count code points: leave "Count grapheme clusters as one character" off. The older layouts
`"label": [[start, end, label]]` and `"labels"` are read too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Strict

from ..markup import FIGURES, Link, Mark
from .entries import Collector, Entry, EntryError, Format, Imported, exportable, make_entry
from .plain import checked, json_lines, json_value

NO_ID = "of"

_Span = Annotated[tuple[int, int, str], Strict(False)]  # a JSON list is no tuple to the strict


class _Entity(BaseModel):
    model_config = ConfigDict(strict=True)
    id: int
    label: str
    start_offset: int
    end_offset: int


class _Relation(BaseModel):
    model_config = ConfigDict(strict=True)
    from_id: int
    to_id: int
    type: str


class _Attributes(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    number: int | None = None
    year: int | None = None
    unit: str | None = None
    qualifier: str | None = None
    optional: bool = False


class _Line(BaseModel):
    model_config = ConfigDict(strict=True)
    id: int | str | None = None
    report_id: str | None = None
    text: str
    meta: dict[str, Any] = {}
    attributes: dict[str, _Attributes] = {}
    entities: list[_Entity] = []
    relations: list[_Relation] = []
    label: list[_Span] = []
    labels: list[_Span] = []


def dump(entries: Iterable[Entry]) -> str:
    """A line for each report.

    Raises:
        AnnotationError: an entry is not `exportable`.
    """
    first = 1  # doccano wants ids that are unique in the file
    lines = []
    for number, entry in enumerate(entries, 1):
        lines.append(json.dumps(_line(exportable(entry), number, first), ensure_ascii=False) + "\n")
        first += len(entry.report.marks)
    return "".join(lines)


def load(text: str, file: str) -> Imported:
    """The reports of a file; a line that is broken is a problem, the others are read."""
    collector = Collector(file)
    for number, line in json_lines(text):
        collector.read(number, line, partial(_entry, line))
    return collector.result()


def _line(entry: Entry, number: int, first: int) -> dict[str, Any]:
    marks = entry.report.marks
    ids = {m.number: first + at for at, m in enumerate(marks) if m.number is not None}
    links = [(first + at, link) for at, m in enumerate(marks) for link in m.links]
    return {
        "id": number,
        "text": entry.report.text,
        "entities": [
            {"id": first + at, "label": m.label, "start_offset": m.start, "end_offset": m.end}
            for at, m in enumerate(marks)
        ],
        "relations": [
            {"id": at, "from_id": figure, "to_id": ids[link.metric], "type": link.metric_id or NO_ID}
            for at, (figure, link) in enumerate(links, first)
        ],
        "report_id": entry.report_id,
        "meta": entry.report.meta,
        "attributes": {f"{m.start}:{m.end}": a for m in marks if (a := _attributes(m))},
    }


def _attributes(mark: Mark) -> dict[str, Any]:
    values = {
        "number": mark.number,
        "year": mark.year,
        "unit": mark.unit,
        "qualifier": mark.qualifier,
        "optional": mark.optional or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _entry(line: str) -> tuple[Entry, Sequence[str]]:
    found = checked(_Line, json_value(line))
    spans = [(e.id, e.start_offset, e.end_offset, e.label) for e in found.entities]
    spans += [(-at, *span) for at, span in enumerate((*found.label, *found.labels), 1)]
    numbers, warnings = _numbers(found, spans)
    marks = []
    for key, start, end, label in spans:
        own = found.attributes.get(f"{start}:{end}", _Attributes())
        figure = label in FIGURES
        marks.append(
            Mark(
                start,
                end,
                label,
                number=numbers.get(key),
                links=tuple(_links(found, key, numbers)) if figure else (),
                year=own.year if figure else None,
                unit=own.unit if figure else None,
                qualifier=own.qualifier if figure else None,
                optional=own.optional and figure,
            )
        )
    report_id = found.report_id or (str(found.id) if found.id is not None else "")
    entry, more = make_entry(report_id, found.text, marks, found.meta)
    return entry, warnings + more


def _numbers(found: _Line, spans: list[tuple[int, int, int, str]]) -> tuple[dict[int, int], list[str]]:
    """Metric numbers by entity id: those that the attributes keep, then the next free ones."""
    keys = [key for key, *_ in spans]
    if len(set(keys)) < len(keys):
        raise EntryError("two entities share an id")
    labels = {key: label for key, _, _, label in spans}
    faults = []
    for relation in found.relations:
        ends = (labels.get(relation.from_id), labels.get(relation.to_id))
        if ends[0] not in FIGURES or ends[1] != "METRIC":
            faults.append(
                f"a relation leads from {ends[0]} to {ends[1]}; it should from a figure to a METRIC"
            )
    if faults:
        raise EntryError(*faults)
    metrics = [
        (key, f"{start}:{end}")
        for key, start, end, label in sorted(spans, key=lambda s: s[1])
        if label == "METRIC"
    ]
    kept = {
        key: own.number for key, at in metrics if (own := found.attributes.get(at)) and own.number is not None
    }
    free = iter(n for n in range(1, 2 * len(spans) + 2) if n not in kept.values())
    places = {f"{start}:{end}" for _, start, end, _ in spans}
    warnings = [
        f"the attributes {own.model_dump(exclude_defaults=True)} of [{at}) belong to no span now"
        for at, own in found.attributes.items()
        if at not in places
    ]
    return {key: kept[key] if key in kept else next(free) for key, _ in metrics}, warnings


def _links(found: _Line, key: int, numbers: dict[int, int]) -> list[Link]:
    return [
        Link(numbers[r.to_id], None if r.type == NO_ID else r.type)
        for r in found.relations
        if r.from_id == key
    ]


DOCCANO = Format("doccano", ".jsonl", dump, load)
