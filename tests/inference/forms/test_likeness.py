"""Short cuts give what the long way gives: likeness, pieces of labels, sums of placements."""

from __future__ import annotations

import random
from difflib import SequenceMatcher
from itertools import product

import pytest
from gongkai.inference.forms.likeness import Alike, Pieces
from gongkai.inference.forms.placement import WIDTH, Placement, Slot, vector
from gongkai.inference.forms.settle import settle
from gongkai.inference.forms.spec import load_spec

LABELS = [label for row in load_spec().statistical for label in row.labels]
WEIGHTS = load_spec().column_weights


def texts(seed: int) -> list[str]:
    """Labels with characters lost, doubled and swapped, and words that are none."""
    rng = random.Random(seed)
    made = ["", "县", "全县各乡镇收到来信"]
    for _ in range(60):
        letters = list(rng.choice(LABELS))
        for _ in range(rng.randrange(5)):
            at = rng.randrange(len(letters))
            letters[at : at + 1] = rng.choice([[], [letters[at]] * 2, [rng.choice("公开数情况一")]])
            letters = letters or ["数"]
        made.append("".join(letters))
    return made


@pytest.mark.parametrize("least", [0.6, 0.78, 0.85])
def test_no_label_that_is_like_enough_is_passed_over(least: float) -> None:
    alike = Alike(LABELS)
    for text in texts(1):
        found = dict(alike.ratios(text, least))
        for at, label in enumerate(LABELS):
            ratio = SequenceMatcher(None, label, text, autojunk=False).ratio()
            assert found.get(at, ratio) == ratio
            assert at in found or ratio < least


def test_pieces_cover_as_the_longest_common_blocks_do() -> None:
    pieces = Pieces(LABELS, shortest=6)
    for text in texts(2):
        for label, share in zip(LABELS, pieces.covers(text), strict=True):
            blocks = SequenceMatcher(None, label, text, autojunk=False).get_matching_blocks()
            whole = sum(b.size for b in blocks if b.size >= 4) / len(label)
            assert share == (whole if len(label) >= 6 else 0.0)


def placement(*values: int) -> Placement:
    row = (*values, sum(values))
    return tuple(Slot(value, at, at + 1) if value else None for at, value in enumerate(row))


@pytest.mark.parametrize("seed", range(8))
def test_shares_are_those_of_all_ways_in_which_the_columns_add_up(seed: int) -> None:
    rng = random.Random(seed)

    def some(count: int) -> list[Placement]:
        return [placement(*(rng.choice((0, 0, 1, 2)) for _ in range(WIDTH - 1))) for _ in range(count)]

    true = some(3)
    total = placement(*(sum(column) for column in zip(*map(vector, true), strict=True)))
    rows = {
        name: [found, *some(2)] for name, found in zip(("granted", "partial", "other"), true, strict=True)
    }
    parts = list(rows)
    placed = settle({**rows, "result_total": [total]}, parts, WEIGHTS)
    ways = [
        way
        for way in product(*(range(len(found)) for found in rows.values()))
        if all(
            sum(vector(rows[part][at])[column] for part, at in zip(parts, way, strict=True))
            == vector(total)[column]
            for column in range(WIDTH - 1)
        )
    ]
    assert ways
    for index, part in enumerate(parts):
        possible = {rows[part][way[index]] for way in ways}
        assert placed[part].slots in possible
        assert all(placed[part].sure) == (len(possible) == 1)


def test_counts_that_are_none_are_not_added_up() -> None:
    odd = [placement(1, 0, 0, 0, 0, 0), placement(0, 1, 0, 0, 0, 0)]
    broken = [tuple(Slot(1.5, 0, 1) if slot else None for slot in row) for row in odd]
    placed = settle({"granted": broken, "result_total": [odd[0]]}, ["granted"], WEIGHTS)
    assert not placed["granted"].solved
    assert not all(placed["granted"].sure)
