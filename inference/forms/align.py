"""Cuts figures into rows and assigns the rows to a form's, in the form's order, by labels nearby."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .lexer import Atom
from .runs import Figures, Hit, Labels, Segment, Words
from .spec import Row

_BAD_SUM, _ODD_WIDTH, _BROKEN_LINE = 2.0, 3.0, 0.5
_SKIPPED_ATOM, _SKIPPED_FIGURE = 1.5, 4.0
_SHORTEST_LABEL = 5
_LONGEST_LABEL = 60  # letters of words that may be a misspelt label
_MOST_LINES = 200
_ROW_SKIPPED, _FIGURES_SKIPPED = 0.3, 6.0


@dataclass(slots=True)
class Line:
    """Figures that make one row of a form, with the words before and after them."""

    atoms: list[Atom]
    before: Words | None
    after: Words | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """A row of the form with its figures; `hit` is its label in `words`, if it was found."""

    row: Row
    line: Line
    words: Words | None
    hit: Hit | None
    score: float


def split_rows(atoms: Sequence[Atom], width: int) -> list[list[Atom]]:
    """Rows of `width` cells whose last is the sum of the others, as far as figures and lines allow."""
    count = len(atoms)
    per_line: dict[int, int] = {}
    for atom in atoms:
        per_line[atom.line] = per_line.get(atom.line, 0) + 1
    multiple = any(n > 1 for n in per_line.values())
    best: list[tuple[float, int, bool]] = [(0.0, 0, False)] + [(float("inf"), 0, False)] * count

    def offer(end: int, cost: float, start: int, kept: bool) -> None:
        if cost < best[end][0] - 1e-9:
            best[end] = (cost, start, kept)

    for start in range(count):
        cost = best[start][0]
        # A page number has its line to itself.
        lone = count > 1 and per_line[atoms[start].line] == 1
        offer(start + 1, cost + (_SKIPPED_ATOM if lone else _SKIPPED_FIGURE), start, False)
        if start + width <= count:
            block = atoms[start : start + width]
            breaks = sum(a.line != b.line for a, b in pairwise(block)) if multiple else 0
            penalty = (0 if _adds_up(block) else _BAD_SUM) + _BROKEN_LINE * breaks
            offer(start + width, cost + penalty, start, True)
        if start == 0 or atoms[start - 1].line != atoms[start].line:
            for end in range(start + 1, min(count, start + width + 3) + 1):
                if end - start != width and (end == count or atoms[end].line != atoms[end - 1].line):
                    offer(end, cost + _ODD_WIDTH, start, True)
    rows: list[list[Atom]] = []
    end = count
    while end:
        _, start, kept = best[end]
        if kept and any(atom.is_figure for atom in atoms[start:end]):
            rows.append(list(atoms[start:end]))
        end = start
    return rows[::-1]


def _adds_up(block: Sequence[Atom]) -> bool:
    numbers = [atom.number or 0 for atom in block]
    return block[-1].is_figure and abs(sum(numbers[:-1]) - numbers[-1]) < 1e-9


def lines_of(region: Sequence[Segment], width: int) -> list[Line]:
    """The rows of figures of a region, each with its neighbouring words."""
    lines: list[Line] = []
    for index, segment in enumerate(region):
        if not isinstance(segment, Figures):
            continue
        before = region[index - 1] if index else None
        after = region[index + 1] if index + 1 < len(region) else None
        rows = split_rows(segment.atoms, width)
        for at, row in enumerate(rows):
            lines.append(
                Line(
                    row,
                    before if at == 0 and isinstance(before, Words) else None,
                    after if at == len(rows) - 1 and isinstance(after, Words) else None,
                )
            )
    return lines


def all_hits(labels: Labels, words: Words) -> list[Hit]:
    """Labels as written and, in the words between them, cells or lines that resemble one."""
    hits = labels.find(words)
    found = list(hits)
    for first, last in words.cells():
        start = first
        for hit in [*(hit for hit in hits if first < hit.end and hit.start < last), None]:
            end = hit.start if hit else last
            if _SHORTEST_LABEL <= end - start <= _LONGEST_LABEL:
                likened = labels.liken(words, start, end)
                found.extend([likened] if likened else [])
            start = hit.end if hit else last
    return sorted(found, key=lambda hit: hit.start)


def assign(lines: Sequence[Line], labels: Labels) -> list[Assigned]:
    """The likeliest assignment of rows of figures to the form's rows, both in order.

    A label on the figures' own line, or right before them, weighs most; a label in the next
    words or a piece of a broken label weighs less; figures without any take the row that is left.
    """
    rows, lines = labels.rows, lines[:_MOST_LINES]
    hits: dict[int, list[Hit]] = {}
    for line in lines:
        for words in (line.before, line.after):
            if words and id(words) not in hits:
                hits[id(words)] = all_hits(labels, words)
    scored = [_score_line(line, labels, hits) for line in lines]
    table = [[float("-inf")] * (len(rows) + 1) for _ in range(len(lines) + 1)]
    move: list[list[str]] = [[""] * (len(rows) + 1) for _ in range(len(lines) + 1)]
    table[0][0] = 0.0
    for k, (costs, moves) in enumerate(zip(table, move, strict=True)):
        for j in range(len(rows)):
            if costs[j] - _ROW_SKIPPED > costs[j + 1]:
                costs[j + 1], moves[j + 1] = costs[j] - _ROW_SKIPPED, "row"
        if k == len(lines):
            break
        following, following_moves = table[k + 1], move[k + 1]
        skip = _FIGURES_SKIPPED if len(lines[k].atoms) > 2 else 1.0
        for j, here in enumerate(costs):
            if here - skip > following[j]:
                following[j], following_moves[j] = here - skip, "figures"
            if j < len(rows) and here + scored[k][j][0] > following[j + 1]:
                following[j + 1], following_moves[j + 1] = here + scored[k][j][0], "both"
    assigned: list[Assigned] = []
    k, j = len(lines), max(range(len(rows) + 1), key=lambda column: table[len(lines)][column])
    while move[k][j]:
        if move[k][j] == "row":
            j -= 1
        elif move[k][j] == "figures":
            k -= 1
        else:
            k, j = k - 1, j - 1
            score, words, hit = scored[k][j]
            assigned.append(Assigned(rows[j], lines[k], words, hit, score))
    return assigned[::-1]


def _score_line(
    line: Line, labels: Labels, hits: Mapping[int, list[Hit]]
) -> list[tuple[float, Words | None, Hit | None]]:
    before = hits[id(line.before)] if line.before else []
    after = hits[id(line.after)] if line.after else []
    covers_before = labels.pieces.covers(_unhit(line.before, before)[-120:])
    covers_after = labels.pieces.covers(_unhit(line.after, after)[:60])
    first_line, last_line = line.atoms[0].line, line.atoms[-1].line
    own_line = bool(before and line.before and line.before.line(before[-1].end - 1) == first_line)
    last = {hit.row.id: at for at, hit in enumerate(before)}
    scores: list[tuple[float, Words | None, Hit | None]] = []
    for row, cover_before, cover_after in zip(labels.rows, covers_before, covers_after, strict=True):
        score, words, found = 0.5, None, None
        at = last.get(row.id)
        if at is not None:
            words, found = line.before, before[at]
            behind = len(before) - 1 - at
            score = (10.0 + 2.0 * own_line if behind == 0 else max(1.0, 4.0 - behind)) * found.likeness
        elif before:
            score = -12.0 if own_line else -3.0
        if found is None:
            score += 6.0 * cover_before
        if after and after[0].row is row:
            following = line.after is not None and line.after.line(after[0].start) == last_line
            score += 3.0 if not following else 2.0
            if found is None:
                words, found = line.after, after[0]
        elif found is None:
            score += 2.0 * cover_after
        scores.append((score, words, found))
    return scores


def _unhit(words: Words | None, hits: Sequence[Hit]) -> str:
    if words is None:
        return ""
    kept, position = [], 0
    for hit in hits:
        kept.append(words.text[position : hit.start])
        position = hit.end
    kept.append(words.text[position:])
    return "".join(kept)
