"""The data card's figures: written between two marks of `corpus/CARD.md`, so that they cannot rot."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.errors import AnnotationError
from .convert import load_corpus
from .coverage import Covered, cover, load_plan
from .splits import CORPUS
from .stats import stats

CARD = Path(__file__).parent / "corpus" / "CARD.md"
BEGIN, END = "<!-- counts: written by `gongkai annotate freeze` -->", "<!-- end of counts -->"
_GROUPS = {
    "splits": "Split",
    "eras": "Era",
    "levels": "Level",
    "scripts": "Script",
    "regions": "Region",
    "writers": "Brief",
}


def write_card(card: Path = CARD, folder: Path = CORPUS) -> None:
    """Bring the card's figures up to date.

    Raises:
        AnnotationError: the card lacks the marks between which they stand.
    """
    text = card.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise AnnotationError(f"lacks {BEGIN} or {END}", file=str(card), advice="restore both lines")
    temporary = card.with_name(card.name + ".tmp")
    temporary.write_text(f"{before}{BEGIN}\n\n{card_figures(folder)}\n\n{END}{after}", encoding="utf-8")
    os.replace(temporary, card)


def card_figures(folder: Path = CORPUS) -> str:
    """What stands between the marks of a card that is up to date."""
    corpus = load_corpus(folder)
    rows = cover(corpus, load_plan())
    missed = [row for row in rows if row.missed]
    return "\n\n".join(
        [
            table_of(stats(corpus)),
            f"Of the {len(rows)} rows of the coverage plan (`coverage.yaml`), {len(missed)} are missed:",
            _missed(missed),
        ]
    )


def table_of(counted: Mapping[str, Any]) -> str:
    """The counts as Markdown."""
    characters, origins = counted["characters"], counted["origins"]
    out = [
        _table(
            ("What", "Count"),
            [
                ("reports", counted["reports"]),
                ("spans", counted["spans"]),
                ("figures (COUNT, RATE, ZERO)", counted["figures"]),
                ("gold records (links)", counted["records"]),
                ("metric ids in use", counted["metric_ids"]),
                ("characters", characters["total"]),
                ("characters a report: mean, median", f"{characters['mean']}, {characters['median']}"),
                (
                    "reports under 400, over 2,000 characters",
                    f"{characters['shorter']}, {characters['longer']}",
                ),
                ("started from a public page's address", origins["address"]),
                ("written freely", origins["free"]),
            ],
        ),
        _table(
            ("Label", "Spans", *counted["labels_by_split"]),
            [
                (label, n, *(part[label] for part in counted["labels_by_split"].values()))
                for label, n in counted["labels"].items()
            ],
        ),
    ]
    for key, title in _GROUPS.items():
        rows = [(name, *part.values()) for name, part in counted[key].items()]
        out.append(_table((title, "Reports", "Spans", "Figures"), rows))
    years = ", ".join(f"{year}: {part['reports']}" for year, part in counted["years"].items())
    return "\n\n".join([*out, f"Reports by year: {years}."])


def _table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _missed(rows: Sequence[Covered]) -> str:
    return _table(
        ("Axis", "What", "Planned", "There", "Why"),
        [(r.row.axis, r.row.what, r.row.minimum, r.found, r.row.gap or "") for r in rows],
    )
