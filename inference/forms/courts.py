"""Reads the table of reviews and lawsuits: three groups of four outcomes and their sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from math import prod

from .figures import FormCell
from .lexer import Atom
from .placement import Slot
from .runs import Figures, Segment, Words
from .spec import FormSpec

GROUPS, OUTCOMES = 3, 5
_HEADS = re.compile(r"未经复议直接起诉|复议后起诉")
_TITLE = re.compile(r"行政复议.{0,12}行政诉讼")
_OUTCOME = {
    "upheld": re.compile(r"结果维持"),
    "corrected": re.compile(r"结果纠正"),
    "other": re.compile(r"其他结果|其它结果"),
    "pending": re.compile(r"尚未审结"),
    "total": re.compile(r"总计|合计"),
}
_MOST_WORDS = 60  # letters between figures of one table: longer words are prose
_WINDOW = 200  # letters before the figures in which the head stands
_TITLE_REACH = 30  # letters between the title and the figures of a table without a head

_MOST_WAYS = 400
_USUAL = (0.4, 0.1, 0.3, 0.2)  # how often a figure stands under each outcome
_FILLED = {2: 0.3, 3: 0.15, 4: 0.05, 5: 0.5}  # how many cells a group keeps that keeps any
_ODD_ZERO = 0.3  # how often a zero is printed in a group that leaves other cells empty
_EMPTY_GROUP = (0.1, 0.4, 0.5)  # how often a group has none

Slots = list[Slot | None]


def read_courts(parts: Sequence[Segment], spec: FormSpec) -> list[tuple[list[FormCell], tuple[int, int]]]:
    """The cells of every such table, each with the interval that the table takes up."""
    tables: list[tuple[list[FormCell], tuple[int, int]]] = []
    index = 0
    while index < len(parts) - 1:
        words = parts[index]
        start = _head(parts, index) if isinstance(words, Words) else None
        if start is None or not isinstance(words, Words):
            index += 1
            continue
        last = _last_figures(parts, index)
        atoms = [
            atom for part in parts[index + 1 : last + 1] if isinstance(part, Figures) for atom in part.atoms
        ]
        cells = _place(atoms, words, start, spec)
        if cells:
            begin = words.span(start, start + 1)[0]
            tables.append((cells, (begin, max(cell.end for cell in cells))))
        index = last + 1
    return tables


def _head(parts: Sequence[Segment], index: int) -> int | None:
    """Where the table's head begins in the words before its first figures; None if there is none."""
    words, figures = parts[index], parts[index + 1]
    if not isinstance(words, Words) or not isinstance(figures, Figures):
        return None
    base = max(0, len(words.text) - _WINDOW)
    window = words.text[base:]
    if "复议" not in window:
        return None
    following = "".join(
        p.text for p in parts[index + 2 : index + 12] if isinstance(p, Words) and len(p.text) < _MOST_WORDS
    )
    outcomes = sum(bool(pattern.search(window)) for pattern in _OUTCOME.values())
    heads = list(_HEADS.finditer(window))
    titles = list(_TITLE.finditer(window))
    if heads:
        # Broken heads (结 结 其 尚 / 果 果 他 未) still have their characters.
        turned = outcomes == 1 and "结果纠正" in following
        if outcomes < 2 and not turned and sum(window.count(c) for c in "结果维持纠正审") < 8:
            return None
        before = [title.start() for title in titles if title.start() < heads[0].start()]
        return base + (before[-1] if before else heads[0].start())
    review = window.rfind("行政复议")
    if (
        _HEADS.search(following)
        and (outcomes >= 3 or (outcomes == 1 and "结果纠正" in following))
        and review >= 0
    ):
        return base + min(review, *(m.start() for p in _OUTCOME.values() for m in [p.search(window)] if m))
    if titles and len(window) - titles[-1].end() <= _TITLE_REACH and figures.count >= OUTCOMES:
        slots = [Slot(a.number, a.start, a.end) for a in figures.atoms if a.number is not None]
        if len(slots) == GROUPS * OUTCOMES and _all_hold(list(slots)):
            return base + titles[-1].start()
    return None


def _last_figures(parts: Sequence[Segment], index: int) -> int:
    """The last figures of the table: prose or fifteen figures end it."""
    last, count = index + 1, 0
    for at in range(index + 1, len(parts)):
        part = parts[at]
        if isinstance(part, Words):
            if count >= GROUPS * OUTCOMES or len(part.text) > _MOST_WORDS or _ends_table(part):
                break
        else:
            if count and count + part.count > GROUPS * OUTCOMES + 2:
                break
            count += part.count
            last = at
    return last


def _ends_table(words: Words) -> bool:
    return bool(re.search(r"[。；]", "".join(a.text for a in words.atoms))) or bool(
        re.match(r"^[五六]?存在.{0,6}问题|^五", words.text)
    )


def _place(atoms: Sequence[Atom], words: Words, start: int, spec: FormSpec) -> list[FormCell]:
    width = GROUPS * OUTCOMES
    slots: Slots = [Slot(a.number, a.start, a.end) if a.number is not None else None for a in atoms]
    figures = [slot for slot in slots if slot]
    level, shares, sure = spec.confidence, [1.0] * width, [True] * width
    placed = _full(slots, figures, width)
    solved = placed is None
    if placed is None:
        ways = _unglued(atoms) or (_ways(figures, width) if len(figures) < width else [])
        if not ways:
            return []
        placed = ways[0][1]
        total = sum(weight for weight, _ in ways)
        shares = [sum(w for w, way in ways if way[c] == placed[c]) / total for c in range(width)]
        sure = [all(way[c] == placed[c] for _, way in ways) for c in range(width)]
    heads = _head_spans(words, start)
    cells = []
    for column, slot in enumerate(placed):
        if slot is None:
            continue
        group, outcome = divmod(column, OUTCOMES)
        group_id = list(spec.court_groups)[group]
        outcome_id = list(spec.court_columns)[outcome]
        confidence, flags = _judged(placed[group * OUTCOMES : (group + 1) * OUTCOMES], spec)
        metric_id: str | None = f"{group_id}.{outcome_id}"
        if solved:
            confidence = level.solved if sure[column] else min(level.guessed, shares[column])
            flags = () if sure[column] else ("placement",)
            metric_id = metric_id if shares[column] >= level.least else None
        head = heads.get((group, outcome_id))
        cells.append(
            FormCell(
                metric=spec.court_columns[outcome_id],
                metric_id=metric_id,
                number=slot.value,
                printed_unit=None,
                start=head if head is not None and head < slot.start else slot.start,
                end=slot.end,
                at=slot.start,
                confidence=confidence,
                flags=flags,
            )
        )
    return cells


def _judged(group: Slots, spec: FormSpec) -> tuple[float, tuple[str, ...]]:
    """The confidence and flags of a group's cells by their sum, which a total alone does not have."""
    if _holds(group):
        return spec.confidence.checked, ()
    if not any(group[:-1]):
        return spec.confidence.plain, ()
    return spec.confidence.sum_fails, ("row_sum",)


def _full(slots: Slots, figures: list[Slot], width: int) -> Slots | None:
    """The placement where there is a cell for every column; None where cells were lost."""
    options: list[Slots] = []
    if len(slots) == width:
        options.append(slots)
    if len(figures) == width:
        options.append(list(figures))
    extra = len(slots) - width
    if extra > 0:
        options.extend(
            [slots[left : left + width] for left in range(extra + 1) if not _any(slots, left, width)]
        )
    if width < len(figures) <= width + 2:
        kept = [list[Slot | None](some) for some in combinations(figures, width)]
        options.extend([some for some in kept if _all_hold(some)][:1])
    turned = [
        [option[row * GROUPS + group] for group in range(GROUPS) for row in range(OUTCOMES)]
        for option in options
    ]
    for option in (*options, *turned):
        if _all_hold(option):
            return option
    return options[0] if options else None


def _any(slots: Slots, left: int, width: int) -> bool:
    return any(slots[:left]) or any(slots[left + width :])


def _holds(group: Slots) -> bool:
    last = group[-1]
    return last is not None and abs(sum(s.value for s in group[:-1] if s) - last.value) < 1e-9


def _all_hold(slots: Slots) -> bool:
    groups = [slots[g * OUTCOMES : (g + 1) * OUTCOMES] for g in range(GROUPS)]
    return all(_holds(group) or not any(group) for group in groups)


def _ways(figures: Sequence[Slot], width: int) -> list[tuple[float, Slots]]:
    """All ways to leave cells empty so that each group's last figure is the sum of the others, with weights.

    The likeliest come first: earlier groups filled before later ones, and usual outcomes before rare ones.
    """
    ways: list[tuple[float, Slots]] = []

    def go(position: int, done: Slots, weight: float) -> None:
        if len(ways) >= _MOST_WAYS:
            return
        if len(done) == width:
            if position == len(figures):
                ways.append((weight, done))
            return
        for count in range(2, min(OUTCOMES, len(figures) - position) + 1):
            *parts, total = figures[position : position + count]
            if abs(sum(s.value for s in parts) - total.value) > 1e-9:
                continue
            for columns in combinations(range(OUTCOMES - 1), count - 1):
                group: Slots = [None] * OUTCOMES
                for column, slot in zip(columns, parts, strict=True):
                    group[column] = slot
                group[-1] = total
                odd = 1.0 if count == OUTCOMES else _ODD_ZERO ** sum(s.value == 0 for s in parts)
                go(position + count, [*done, *group], weight * _FILLED[count] * _share(columns) * odd)
        go(position, [*done, *([None] * OUTCOMES)], weight * _EMPTY_GROUP[len(done) // OUTCOMES])

    go(0, [], 1.0)
    return sorted(ways, key=lambda entry: -entry[0])


def _share(columns: tuple[int, ...]) -> float:
    """How likely so many figures stand under these outcomes rather than others."""
    all_ways = sum(prod(_USUAL[c] for c in way) for way in combinations(range(OUTCOMES - 1), len(columns)))
    return prod(_USUAL[column] for column in columns) / all_ways


def _unglued(atoms: Sequence[Atom]) -> list[tuple[float, Slots]]:
    """Fifteen figures run together: the splits in which each group's last is the sum of the others."""
    figures = [atom for atom in atoms if atom.is_figure]
    if len(figures) != 1:
        return []
    atom, ways = figures[0], list[tuple[float, Slots]]()
    digits = atom.value.digits if atom.value else ""
    if len(digits) < GROUPS * OUTCOMES or atom.end - atom.start != len(digits):
        return []

    def go(position: int, done: Slots, left: int) -> None:
        if len(ways) >= _MOST_WAYS:
            return
        if len(done) == GROUPS * OUTCOMES:
            if position == len(digits):
                ways.append((1.0, done))
            return
        closing = len(done) % OUTCOMES == OUTCOMES - 1
        longest = 1 if digits[position : position + 1] == "0" else 4
        for length in range(1, min(longest, len(digits) - position) + 1):
            value = int(digits[position : position + length])
            if closing and value != left:
                continue
            slot = Slot(value, atom.start + position, atom.start + position + length)
            go(position + length, [*done, slot], 0 if closing else left + value)

    go(0, [], 0)
    return ways


def _head_spans(words: Words, start: int) -> dict[tuple[int, str], int]:
    """Where each column's head begins, for as many groups as the head spells out."""
    heads: dict[tuple[int, str], int] = {}
    for outcome, pattern in _OUTCOME.items():
        for group, match in enumerate(pattern.finditer(words.text, start)):
            if group < GROUPS:
                heads[group, outcome] = words.span(match.start(), match.end())[0]
    return heads
