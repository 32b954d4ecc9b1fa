"""Reads HTML: text with its blocks as lines, data tables with merged cells, hidden parts left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..document import Source
from ..limits import Limits
from .encoding import decode
from .input import Input
from .writer import GridCell, TextWriter, holds_data

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^<\?xml[^>]{0,100}encoding=[\"']([A-Za-z0-9_-]{2,20})")
_DROPPED = frozenset(
    "script style noscript template iframe object embed svg canvas audio video select option datalist textarea"
    " button head meta link base math".split()
)
_BLOCKS = frozenset(
    "p div section article main header footer nav aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot"
    " tr td th caption form fieldset blockquote pre center address figure figcaption hr body html title".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPAN_LIMIT = 60


def read_html(item: Input, limits: Limits) -> Source:
    """The page's text as a reader sees it.

    A table whose cells hold tables or long paragraphs only lays the page out: its cells become blocks.

    Raises:
        BinaryInputError: the bytes are no text.
        LimitError: text or tables are over a limit.
    """
    head = item.data[:8192]
    declared = _CHARSET.search(head) or _XML_CHARSET.search(head)
    markup = decode(item.data, declared=declared[1].decode() if declared else None)
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(markup)
    writer = TextWriter(limits)
    root = tree.body or tree.root
    if root is not None:
        _walk(root, writer, _layout_tables(tree))
    heading = tree.css_first("title")
    title = " ".join(heading.text().split()) if heading is not None else None
    return item.source(writer.text(), "html", title=title or None, tables=tuple(writer.tables))


def _layout_tables(tree: Any) -> set[int]:
    """Ids of the tables that hold tables."""
    found: set[int] = set()
    for table in tree.css("table"):
        above = table.parent
        while above is not None and above.tag != "table":
            above = above.parent
        if above is not None:
            found.add(above.mem_id)
    return found


def _walk(root: Any, writer: TextWriter, layout: set[int]) -> None:
    """Write a tree in document order; an explicit stack, since hostile pages nest deeper than Python recurses."""
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        tag = _tag(node)
        if leaving:
            _leave(tag, writer)
            continue
        if tag == "-text":
            writer.flow(node.text_content or "")
            continue
        if tag == "br":
            writer.line_end()
            continue
        if tag in _DROPPED or tag.startswith(("-", "_", "!")) or _hidden(node):
            continue
        if tag == "table" and node.mem_id not in layout:
            cells = _data_cells(node)
            if cells is not None:
                writer.table(cells)
                continue
        if tag in _BLOCKS:
            _leave(tag, writer)
        stack.append((node, True))
        children = list(_children(node))
        stack.extend((child, False) for child in reversed(children))


def _tag(node: Any) -> str:
    """A node's name; broken mark-up makes nodes that have none, which are left out like comments."""
    return node.tag or "-"


def _leave(tag: str, writer: TextWriter) -> None:
    if tag in _BLOCKS:
        writer.line_end()


def _children(node: Any) -> Iterator[Any]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _hidden(node: Any) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _data_cells(table: Any) -> list[GridCell] | None:
    """The cells of a table that holds data; None for one that lays out the page."""
    cells: list[GridCell] = []
    taken: set[tuple[int, int]] = set()
    number = 0
    for row in table.css("tr"):
        if _hidden(row):
            continue
        column = 0
        seen = False
        for node in _children(row):
            if node.tag not in ("td", "th"):
                continue
            seen = True
            while (number, column) in taken:
                column += 1
            words = "" if _hidden(node) else _cell_words(node)
            down, right = _span(node, "rowspan"), _span(node, "colspan")
            taken.update((number + i, column + j) for i in range(down) for j in range(right))
            cells.append(GridCell(words, number, column, down, right))
            column += right
        number += seen
    return cells if holds_data(cells) else None


def _span(node: Any, name: str) -> int:
    value = (node.attributes.get(name) or "1").strip()
    return max(1, min(int(value), _SPAN_LIMIT)) if value.isdecimal() and len(value) < 6 else 1


def _cell_words(cell: Any) -> str:
    pieces: list[str] = []
    stack = list(reversed(list(_children(cell))))
    while stack:
        node = stack.pop()
        tag = _tag(node)
        if tag == "-text":
            pieces.append(node.text_content or "")
        elif tag not in _DROPPED and not tag.startswith(("-", "_", "!")) and not _hidden(node):
            if tag == "br" or tag in _BLOCKS:
                pieces.append(" ")
            stack.extend(reversed(list(_children(node))))
    return " ".join("".join(pieces).split(" ")).strip()
