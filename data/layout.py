"""Says of each line of a page what it is, and where among them the report begins and ends."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from .document import Table, View
from .furniture import ends_report, is_furniture
from .sections import find_heading
from .wraps import PAGE_NUMBER

_DATE_LINE = re.compile(
    r"[（(]?(?:日期：|时间：)?(?:\d{4}|[一二][〇零一二三四五六七八九0]{3})[-/.年]?[\d一二三四五六七八九十]{1,3}[-/.月]?[\d一二三四五六七八九十]{1,3}日?(?: ?\d{1,2}:\d\d(?::\d\d)?)?[)）]?"
)
_SIGNATURE = re.compile(
    r"(?:政府|办公室|局|委|委员会|办|院|校|学校|大学|中学|小学|公司|中心|处|厅|会|部|站|所|队|社|馆|行|集团)(?:（.{1,6}）)?$|^附(?:件|表)|^联系|^（?此件|单位负责人|填报人|^注："
)
_FIGURE = re.compile(r"[\d,.]+(?:[%万条件篇次个名家项人份])?|[/—-]")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A hard line of the view, blanks at its edges left out; `start < end`."""

    start: int
    end: int
    in_table: bool
    figures: bool  # in a table that holds figures, unlike a page's index of the document
    furniture: bool
    prose: bool
    heading: bool
    ends_report: bool
    signature: bool

    @property
    def content(self) -> bool:
        """Whether the line alone shows that the report goes on."""
        return self.figures or (not self.furniture and (self.prose or self.heading))


def page_lines(view: View, tables: tuple[Table, ...]) -> list[PageLine]:
    """The lines of a view that hold anything, in order."""
    text = view.text
    counted = [_holds_figures(table) for table in tables]
    lines: list[PageLine] = []
    position = table = 0
    for words in text.split("\n"):
        start = position + len(words) - len(words.lstrip())
        end = position + len(words.rstrip())
        position += len(words) + 1
        if start >= end:
            continue
        while table < len(tables) and tables[table].end <= view.starts[start]:
            table += 1
        in_table = table < len(tables) and tables[table].start < view.ends[end - 1]
        if in_table:
            lines.append(PageLine(start, end, True, counted[table], False, False, False, False, False))
        else:
            lines.append(_line(view, start, end))
    return lines


def _holds_figures(table: Table) -> bool:
    figures = (cell for row in table.rows for cell in row if _FIGURE.fullmatch(cell.text))
    return sum(1 for _ in itertools.islice(figures, 2)) == 2


def _line(view: View, start: int, end: int) -> PageLine:
    words = view.text[start:end]
    # Some writers end no sentence with 。: a long line of several clauses is prose as well.
    prose = ("。" in words and len(words) >= 5) or (len(words) >= 40 and words.count("，") >= 2)
    furniture = is_furniture(words) or bool(_DATE_LINE.fullmatch(words) or PAGE_NUMBER.fullmatch(words))
    heading = not furniture and find_heading(view, start, end) is not None
    return PageLine(
        start,
        end,
        False,
        False,
        furniture,
        prose and not furniture,
        heading,
        ends_report(words),
        bool(_DATE_LINE.fullmatch(words)) or (len(words) < 40 and bool(_SIGNATURE.search(words))),
    )


def _under_heading(above: PageLine, line: PageLine) -> bool:
    return above.heading and not line.furniture


def body_lines(lines: list[PageLine], title: int | None) -> tuple[int, int]:
    """Half-open interval of the lines that are the report; furniture may still stand between them."""
    content = [
        i for i, line in enumerate(lines) if line.content or (i and _under_heading(lines[i - 1], line))
    ]
    if not content:
        content = [i for i, line in enumerate(lines) if not line.furniture]
        if not content:
            return 0, 0
    first = content[0]
    if title is not None:
        first = next(i for i, line in enumerate(lines) if line.start <= title < line.end)
    last = content[-1]
    for i in range(first + 1, last):
        if lines[i].ends_report and not any(line.content for line in lines[i + 1 : i + 40]):
            last = max((c for c in content if c < i), default=last)
            break
    stop = max(last, first) + 1
    while stop < len(lines) and lines[stop].signature and not lines[stop].ends_report:
        stop += 1
    return first, stop
