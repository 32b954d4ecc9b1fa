"""Cells of generated forms that are read right, by layout and dirt, and those that are silently wrong.

    python benchmarks/forms.py --seeds 5

A cell is right where metric and value are; silently wrong where it is not and no flag says so.
"""

from __future__ import annotations

import argparse
from collections import Counter

from gongkai.annotations.formgen import KINDS, GeneratedForm, generate
from gongkai.annotations.formlayouts import LAYOUTS
from gongkai.data.build import build_document, document_from_text
from gongkai.data.document import Document
from gongkai.data.limits import Limits
from gongkai.data.readers.html import read_html
from gongkai.data.readers.input import Input
from gongkai.inference.forms import read_forms

DIRT: dict[str, tuple[str, ...]] = {
    "clean": (),
    "dashes": ("dashes",),
    "split page": ("split_page",),
    "page number": ("page_number",),
    "glued page": ("glued_page",),
    "no head": ("lost_head",),
    "no numbering": ("lost_numbering",),
    "broken label": ("broken_label",),
    "misspelt": ("misspelt",),
    "empty zeros": ("empty_zeros",),
    "lost cells": ("empty_zeros", "lost_empty"),
}


def document_of(form: GeneratedForm) -> Document:
    """The generated form as the readers give it."""
    if form.format == "html":
        return build_document(read_html(Input(form.text.encode(), "form.html", "form"), Limits()))
    return document_from_text("form", form.text)


def score(form: GeneratedForm) -> tuple[int, int, int]:
    """Gold cells, cells read right, cells silently wrong."""
    gold = Counter((cell.metric_id, cell.value) for cell in form.cells)
    figures = [f for f in read_forms(document_of(form)) if f.metric_id]
    found = Counter((f.metric_id, f.value) for f in figures)
    sure = Counter((f.metric_id, f.value) for f in figures if not f.flags)
    return gold.total(), (gold & found).total(), (sure - gold).total()


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    print("| layout | " + " | ".join(DIRT) + " |")
    print("| --- |" + " --- |" * len(DIRT))
    for layout in LAYOUTS:
        shown = []
        for dirt in DIRT.values():
            total = right = wrong = 0
            for kind in KINDS:
                for seed in range(seeds):
                    form = generate(kind, layout, seed=seed, era=2019 + 2 * (seed % 2), dirt=dirt)
                    cells = score(form)
                    total, right, wrong = total + cells[0], right + cells[1], wrong + cells[2]
            shown.append(f"{right / total:.3f}" + (f" ({wrong} wrong)" if wrong else ""))
        print(f"| {layout} | " + " | ".join(shown) + " |", flush=True)


if __name__ == "__main__":
    main()
