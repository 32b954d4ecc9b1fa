"""Reads tables that are none of the official forms: labels with figures behind them, heads over figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...data.document import Cell, Document
from ..metrics import Context, metric_id
from ..types import Kind
from .figures import FormCell
from .lexer import squeeze
from .spec import FormSpec, bare
from .values import MONEY, UNIT, UNITS, Value, parse_cell

_PAGE_FURNITURE = re.compile(
    r"索引号|发布机构|发文日期|生成日期|发布日期|文号|主题分类|有效性|组配分类|信息来源|浏览|点击|下载"
)
_NO_COUNT = re.compile(r"电话|传真|邮编|邮政编码|日期|时间|序号|编号|代码|网址|地址|得分|排名|名次|分值|年份")
_COUNTED = re.compile(r"数|量|条|件|次|篇|金额|经费|费用|合计|总计|占比|比例|比重")
_UNIT_IN_WORDS = re.compile(rf"[(（](?:单位[:：]?)?(?P<unit>{UNITS})[)）]")
_SHARE = re.compile(r"占比|比例|百分比|比重")
_MOST_FIGURES = 120
_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class _Part:
    """A cell with its words squeezed; `value` is None for words."""

    start: int
    end: int
    text: str
    value: Value | None
    column: int

    @property
    def is_figure(self) -> bool:
        """Whether the cell holds a number or a stated zero."""
        return self.value is not None and self.value.number is not None

    @property
    def is_label(self) -> bool:
        """Whether the words may name what a row or column counts."""
        return self.value is None and 1 < len(self.text) <= _LONGEST_LABEL and not UNIT.match(self.text)


def read_others(
    document: Document, taken: Sequence[tuple[int, int]], spec: FormSpec, report_year: int | None
) -> list[tuple[list[FormCell], tuple[int, int]]]:
    """The figures of the document's tables outside the intervals that the forms take up."""
    read: list[tuple[list[FormCell], tuple[int, int]]] = []
    for table in document.tables:
        outside = not document.body[0] <= table.start < document.body[1]
        if outside or any(start < table.end and table.start < end for start, end in taken):
            continue
        rows = [row for cells in table.rows if (row := _row(document, cells))]
        if _PAGE_FURNITURE.search("".join(part.text for row in rows for part in row)):
            continue
        heading = document.sections[table.section].heading if table.section is not None else ""
        cells = _cells(rows, heading, spec, report_year)
        if 0 < len(cells) <= _MOST_FIGURES:
            read.append((cells, (table.start, table.end)))
    return read


def _row(document: Document, cells: Sequence[Cell]) -> list[_Part]:
    row: list[_Part] = []
    for cell in cells:
        text, starts, ends = squeeze(document, cell.start, cell.end)
        if text:
            row.append(_Part(starts[0], ends[-1], text, parse_cell(text), cell.column))
    return row


def _cells(
    rows: Sequence[Sequence[_Part]], heading: str, spec: FormSpec, report_year: int | None
) -> list[FormCell]:
    first = next((i for i, row in enumerate(rows) if any(part.is_figure for part in row)), len(rows))
    heads = {part.column: part for row in rows[:first] for part in row if part.value is None}
    cells: list[FormCell] = []
    for row in rows[first:]:
        label = next((part for part in row if part.is_label), None)
        figures = [part for part in row if part.is_figure and (label is None or part.start > label.start)]
        counts = [part for part in figures if not _is_share(part, heads)]
        has_share = len(counts) < len(figures)  # what has a share is counted
        for figure in figures:
            # One figure a row is the label's; of several, each is its head's too. A share is the label's.
            head = heads.get(figure.column)
            names = [label, head] if len(counts) > 1 and figure in counts else [label or head]
            unit = "%" if _is_share(figure, heads) else _unit(figure, row, head, label)
            cell = _cell(figure, [n for n in names if n], unit, counted=has_share)
            if cell is not None:
                cells.append(_with_metric(cell, heading, spec, report_year))
    return cells


def _is_share(part: _Part, heads: dict[int, _Part]) -> bool:
    head = heads.get(part.column)
    return bool(part.value and part.value.unit == "%") or bool(head and _SHARE.search(head.text))


def _unit(figure: _Part, row: Sequence[_Part], head: _Part | None, label: _Part | None) -> str | None:
    """The figure's unit: its own, its row's, its head's, its label's."""
    if figure.value and figure.value.unit:
        return figure.value.unit
    beside = next((part.text for part in row if part.value is None and UNIT.match(part.text)), None)
    if beside:
        return beside
    for words in (head, label):
        if words and (stated := _UNIT_IN_WORDS.search(words.text)):
            return stated["unit"]
    return None


def _cell(figure: _Part, names: Sequence[_Part], unit: str | None, *, counted: bool) -> FormCell | None:
    """The cell, if its names say that something is counted; its id is still to be found."""
    words = "".join(part.text for part in names)
    if not names or figure.value is None or figure.value.number is None or _NO_COUNT.search(words):
        return None
    if unit is None and not counted and not _COUNTED.search(words):
        return None
    return FormCell(
        metric=" ".join(bare(part.text) or part.text for part in names),
        metric_id=None,
        number=figure.value.number,
        printed_unit=unit,
        start=min(figure.start, names[0].start if names[0].end <= figure.start else figure.start),
        end=figure.end,
        at=figure.start,
        confidence=0.0,
    )


def _with_metric(cell: FormCell, heading: str, spec: FormSpec, report_year: int | None) -> FormCell:
    kind = (
        Kind.RATE if cell.printed_unit == "%" else Kind.AMOUNT if cell.printed_unit in MONEY else Kind.COUNT
    )
    found = None
    if kind is not Kind.RATE:
        words = cell.metric.replace(" ", "")
        unit = "元" if kind is Kind.AMOUNT else cell.printed_unit
        found = metric_id(Context(words, words, (heading,), unit, kind, cell.number == 0, report_year))
    return FormCell(
        metric=cell.metric,
        metric_id=found,
        number=cell.number,
        printed_unit=cell.printed_unit,
        start=cell.start,
        end=cell.end,
        at=cell.at,
        confidence=spec.confidence.other_table,
    )
