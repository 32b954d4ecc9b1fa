"""Every cell of generated forms, in every layout, with the kinds of dirt that real ones have."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from gongkai.annotations.formgen import KINDS, GeneratedForm, generate
from gongkai.annotations.formlayouts import DIRT, LAYOUTS
from gongkai.data.build import build_document, document_from_text
from gongkai.data.document import Document
from gongkai.data.limits import Limits
from gongkai.data.readers.html import read_html
from gongkai.data.readers.input import Input
from gongkai.inference.forms import form_intervals, read_forms

# What leaves every cell where the printed words or sums can find it.
HARMLESS = [
    (),
    ("dashes",),
    ("page_number",),
    ("glued_page",),
    ("lost_head",),
    ("lost_numbering",),
    ("broken_label",),
    ("collapsed_other",),
    ("split_page",),
    ("split_page", "collapsed_other", "lost_numbering"),
]


def as_document(form: GeneratedForm) -> Document:
    if form.format == "html":
        return build_document(read_html(Input(form.text.encode(), "form.html", "form"), Limits()))
    return document_from_text("form", form.text)


def cells(form: GeneratedForm) -> Counter[tuple[str, int | float]]:
    return Counter((cell.metric_id, cell.value) for cell in form.cells)


def told(kind: str, layout: str, dirt: tuple[str, ...]) -> bool:
    """Whether the text still tells every cell."""
    if dirt == ("dashes",) and layout in {"cell_lines", "one_line"}:
        return kind != "courts"  # blanks vanish and sums alone do not place what is left
    if layout == "glued":
        lossy = {"dashes", "lost_head", "glued_page", "split_page"}  # these run into the figures
        return kind in {"application", "statistical"} and not lossy & set(dirt)
    return True


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_is_read(kind: str, layout: str) -> None:
    for number, dirt in enumerate(HARMLESS):
        if not told(kind, layout, dirt):
            continue
        form = generate(kind, layout, seed=number, era=2019 + 2 * (number % 2), dirt=dirt)
        figures = read_forms(as_document(form))
        found = Counter((f.metric_id, f.value) for f in figures if f.metric_id)
        assert found == cells(form), (kind, layout, dirt)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["application", "courts"])
def test_lost_cells_never_shift_silently(kind: str, layout: str) -> None:
    for seed in range(3):
        form = generate(kind, layout, seed=seed, dirt=("empty_zeros", "lost_empty"))
        figures = read_forms(as_document(form))
        gold = cells(form)
        sure = Counter((f.metric_id, f.value) for f in figures if "placement" not in f.flags)
        assert not sure - gold, (layout, seed)
        assert all(f.confidence < 0.9 for f in figures if "placement" in f.flags)
        if layout != "glued":
            assert sorted(f.value for f in figures) == sorted(value for _, value in gold.elements())


def test_misspelt_labels_take_no_other_rows_place() -> None:
    right = total = 0
    for layout in LAYOUTS:
        for kind in ("application", "statistical"):
            form = generate(kind, layout, seed=5, dirt=("misspelt",))
            gold = cells(form)
            found = Counter((f.metric_id, f.value) for f in read_forms(as_document(form)) if f.metric_id)
            assert layout == "glued" or not found - gold, (layout, kind)
            right, total = right + sum((found & gold).values()), total + sum(gold.values())
    assert right / total > 0.95


@pytest.mark.parametrize("layout", LAYOUTS)
def test_evidence_goes_from_the_label_to_the_figure(layout: str) -> None:
    form = generate("application", layout, seed=3)
    document = as_document(form)
    for figure in read_forms(document):
        words = document.text[figure.start : figure.end]
        assert words.rstrip("。").endswith(str(figure.value))
        assert "".join(words.split()).startswith(figure.metric)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_intervals_cover_the_form_and_leave_the_prose(layout: str) -> None:
    document = as_document(generate("statistical", layout, seed=1))
    intervals = form_intervals(document)
    figures = read_forms(document)
    assert len(intervals) == 1
    start, end = intervals[0]
    assert all(start <= f.start < f.end <= end for f in figures)
    assert "以上为" not in document.text[start:end]


@pytest.mark.parametrize("seed", range(12))
def test_damaged_forms_give_figures_inside_the_text(seed: int) -> None:
    rng = random.Random(seed)
    dirt = tuple(d for d in DIRT if rng.random() < 0.2)
    form = generate(rng.choice(KINDS), rng.choice(LAYOUTS[:-1]), seed=seed, dirt=dirt)
    characters = list(form.text)
    for _ in range(40):
        at = rng.randrange(len(characters) - 1)
        if rng.random() < 0.5:
            del characters[at : at + rng.randrange(1, 9)]
        else:
            characters.insert(at, rng.choice("|\n\t 0123456789—/（）,-%万元条件无"))
    document = document_from_text("form", "".join(characters))
    intervals = form_intervals(document)
    for figure in read_forms(document):
        assert document.text[figure.start : figure.end].strip()
        assert figure.metric
        assert 0 < figure.confidence <= 1
        assert any(start <= figure.start and figure.end <= end for start, end in intervals)
