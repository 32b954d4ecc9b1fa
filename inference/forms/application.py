"""Reads the application table: seven columns of applicants over some twenty-five rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from .align import Assigned, all_hits, assign, lines_of
from .figures import FormCell
from .placement import WIDTH, Placed, candidates
from .runs import Figures, Hit, Labels, Segment, Words
from .settle import settle
from .spec import FormSpec, Row

_EDGE_ROWS = frozenset({"new", "carried_in", "result_total", "carried_out"})
_FAR_SEGMENTS = 16  # segments without a known row between two rows of one table
_FAR_LETTERS = 250
_NEAR = 60  # letters between a row's label and its figures
_LEAST_ROWS = 3
_LEAST_HEADS = 4  # heads of columns that show the table where few rows are left of it
_HEAD_REACH = 160  # letters before the first row in which the head stands


@dataclass(frozen=True, slots=True)
class Region:
    """Segments `[first, last]` of a table; its head and labels start at letter `start` of the first."""

    first: int
    last: int
    start: int


def read_application(
    parts: Sequence[Segment], spec: FormSpec
) -> list[tuple[list[FormCell], tuple[int, int]]]:
    """The cells of every application table, each with the interval that the table takes up."""
    labels = _all_labels(spec)
    return [_read(parts, region, spec) for region in _regions(parts, labels, spec)]


def _regions(parts: Sequence[Segment], labels: Labels, spec: FormSpec) -> list[Region]:
    anchors: list[tuple[int, list[Hit]]] = []
    for index, part in enumerate(parts[:-1]):
        following = parts[index + 1]
        if isinstance(part, Words) and isinstance(following, Figures) and _row_like(following):
            hits = labels.find(part)
            # Prose may name a row far from the figures: only labels near the run's end count.
            near = [hit for hit in hits if len(part.text) - hit.end <= _NEAR]
            if near:
                anchors.append((index, near))
    regions: list[Region] = []
    group: list[tuple[int, list[Hit]]] = []
    order = {row.id: at for at, row in enumerate(spec.application)}
    for index, hits in anchors:
        restarts = group and order[hits[-1].row.id] <= 1 and any(order[h[-1].row.id] > 2 for _, h in group)
        if group and (_far_apart(parts, group[-1][0], index) or restarts):
            regions.extend(_region(parts, group, labels, spec))
            group = []
        group.append((index, hits))
    regions.extend(_region(parts, group, labels, spec))
    return regions


def _far_apart(parts: Sequence[Segment], left: int, right: int) -> bool:
    letters = sum(len(part.text) for part in parts[left + 1 : right] if isinstance(part, Words))
    return right - left > _FAR_SEGMENTS or letters > _FAR_LETTERS


def _row_like(figures: Figures) -> bool:
    digits = max((len(a.value.digits) for a in figures.atoms if a.value), default=0)
    return figures.count >= 2 or len(figures.atoms) >= WIDTH or digits >= WIDTH


def _region(
    parts: Sequence[Segment], group: Sequence[tuple[int, list[Hit]]], labels: Labels, spec: FormSpec
) -> list[Region]:
    if not group or (len(group) < _LEAST_ROWS and not _headed(parts, *group[0], spec)):
        return []
    first, last = group[0][0], group[-1][0]
    while _continues(parts, last + 2, labels):
        last += 2
    while _continues(parts, first - 2, labels):
        first -= 2
    words = parts[first]
    if not isinstance(words, Words):
        return []
    hits = all_hits(labels, words) if first != group[0][0] else group[0][1]
    start = hits[0].start
    window = words.text[max(0, start - _HEAD_REACH) : start]
    heads = [at for head in spec.application_heads if (at := window.find(head)) >= 0]
    if heads:
        start = max(0, start - _HEAD_REACH) + min(heads)
    ahead = parts[first - 1] if first else None
    if isinstance(ahead, Figures) and not heads and len(ahead.atoms) >= WIDTH:
        first, start = first - 1, 0  # figures printed before their label
    return [Region(first, last + 1, start)]


def _headed(parts: Sequence[Segment], at: int, hits: Sequence[Hit], spec: FormSpec) -> bool:
    """Whether the heads of the columns stand right before a full row: then a row or two make a table."""
    words, figures = parts[at], parts[at + 1]
    if not isinstance(words, Words) or len(figures.atoms) < WIDTH:
        return False
    row = hits[-1].start  # 总计 and 其他 are heads too
    window = words.text[max(0, row - _HEAD_REACH) : row]
    return sum(head in window for head in spec.application_column_heads) >= _LEAST_HEADS


def _continues(parts: Sequence[Segment], at: int, labels: Labels) -> bool:
    """Whether the words at `at` resemble a row's label and figures follow: a misspelt row at the table's edge."""
    if not 0 <= at < len(parts) - 1:
        return False
    words, figures = parts[at], parts[at + 1]
    return (
        isinstance(words, Words)
        and isinstance(figures, Figures)
        and _row_like(figures)
        and any(len(words.text) - hit.end <= _NEAR for hit in all_hits(labels, words))
    )


def _read(parts: Sequence[Segment], region: Region, spec: FormSpec) -> tuple[list[FormCell], tuple[int, int]]:
    body = parts[region.first : region.last + 1]
    assigned = assign(lines_of(body, WIDTH), _fitting_labels(body, spec))
    found = {a.row.id: placements for a in assigned if (placements := candidates(a.line.atoms))}
    by_row = {a.row.id: a for a in assigned}
    detail = [row.id for row in spec.application if row.id in found and row.id not in _EDGE_ROWS]
    placed = settle(found, detail, spec.column_weights)
    columns_hold = _columns_hold(placed, detail)
    cells: list[FormCell] = []
    for row, placement in placed.items():
        cells.extend(
            _cells(by_row[row], placement, _doubtful(by_row[row], assigned, spec), columns_hold, spec)
        )
    first = body[0]
    start = (
        first.span(region.start, region.start + 1)[0] if isinstance(first, Words) else first.atoms[0].start
    )
    end = max((cell.end for cell in cells), default=start)
    return cells, (min([start, *(cell.start for cell in cells)]), end)


@cache
def _all_labels(spec: FormSpec) -> Labels:
    return Labels(spec.application, spec.likeness)


@cache
def _labels_of(spec: FormSpec, divided: bool) -> Labels:
    parent = next(row.id for row in spec.application if row.collapsed)
    kept = [
        row for row in spec.application if not (row.collapsed if divided else row.id.startswith(parent + "."))
    ]
    return Labels(kept, spec.likeness)


def _fitting_labels(body: Sequence[Segment], spec: FormSpec) -> Labels:
    """Labels with either the one row of other outcomes or its three parts, as the table has them."""
    text = "".join(part.text for part in body if isinstance(part, Words))
    divided = any(word in text for word in spec.divided_by)
    return _labels_of(spec, divided)


def _columns_hold(placed: dict[str, Placed], detail: Sequence[str]) -> bool:
    """Whether every column's results add up and balance with what came in and stays over."""
    if "result_total" not in placed:
        return False
    for column in range(WIDTH):
        values = {row: (slot.value if (slot := p.slots[column]) else 0) for row, p in placed.items()}
        if sum(values[row] for row in detail) != values["result_total"]:
            return False
        if {"new", "carried_out"} <= values.keys() and values["new"] + values.get("carried_in", 0) != values[
            "result_total"
        ] + values["carried_out"]:
            return False
    return True


def _doubtful(assigned: Assigned, everything: Sequence[Assigned], spec: FormSpec) -> bool:
    """Whether a row without a label could as well be a neighbour that has no figures."""
    if assigned.score >= 2.0:
        return False
    order = [row.id for row in spec.application]
    taken = {a.row.id for a in everything}
    at = order.index(assigned.row.id)
    neighbours: list[Row] = [*spec.application[max(0, at - 1) : at], *spec.application[at + 1 : at + 2]]
    return any(row.id not in taken and not row.collapsed for row in neighbours)


def _cells(
    assigned: Assigned, placed: Placed, doubtful: bool, columns_hold: bool, spec: FormSpec
) -> list[FormCell]:
    words, hit = assigned.words, assigned.hit
    label_span = words.span(hit.start, hit.end) if words and hit else None
    level = spec.confidence
    cells = []
    for column, slot in enumerate(placed.slots):
        if slot is None:
            continue
        flags: list[str] = []
        metric_id: str | None = f"application.{assigned.row.id}.{spec.application_columns[column]}"
        if not placed.sure[column]:
            confidence = min(level.guessed, placed.shares[column])
            flags.append("placement")
            if placed.shares[column] < level.least:
                metric_id = None
        elif not any(placed.slots[:-1]):
            confidence = level.plain  # only the total is printed: nothing adds up, and nothing is wrong
        elif placed.sum_holds:
            confidence = level.solved if placed.solved and not columns_hold else level.checked
        else:
            confidence = level.sum_fails
            flags.append("row_sum")
        if hit is not None and hit.likeness < 1 and not columns_hold:
            confidence = min(confidence, level.likened)
            flags.append("label")
        if doubtful:
            confidence = min(confidence, level.likened if columns_hold else level.doubtful)
            flags.append("placement")
        start, end = slot.start, slot.end
        if label_span:
            start, end = min(label_span[0], start), max(label_span[1], end) if label_span[0] > start else end
        cells.append(
            FormCell(
                metric=assigned.row.name,
                metric_id=metric_id,
                number=slot.value,
                printed_unit=None,
                start=start,
                end=end,
                at=slot.start,
                confidence=confidence,
                flags=tuple(dict.fromkeys(flags)),
            )
        )
    return cells
