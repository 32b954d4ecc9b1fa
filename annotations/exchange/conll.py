"""CoNLL columns: a character, its BIO tag and, on B- lines, its mark's head; safe for blanks and line ends.

    # report_id = w1-001
    # meta = {"agency": "青禾县人民政府"}
    收	O	-
    到	O	-
    3	B-COUNT	C1=request.received
    \\u000a	O	-

Blanks, control characters, `#` and `\\` are written as `\\uXXXX` or `\\UXXXXXXXX`, so that a reader
that splits at blanks is safe. An empty line follows each line of the text; in files with
`# report_id` it means nothing. Files of other tools are read as well: two columns, several
characters a token, no comments; an empty line is then a line end, and the file's name is the id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePath

from ...data.errors import AnnotationError
from ..convert import Span, to_bio
from ..markup import LABELS, Mark, head_of, mark_of
from .entries import Collector, Entry, EntryError, Format, Imported, exportable, make_entry
from .plain import json_value

_NAME = "# report_id = "
_META = "# meta = "
_NO_HEAD = "-"
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


@dataclass(slots=True)
class _Block:
    """The lines of one report, and the line of the file that the first of them is."""

    line: int
    lines: list[str] = field(default_factory=list)


def dump(entries: Iterable[Entry]) -> str:
    """The columns of all reports.

    Raises:
        AnnotationError: an entry is not `exportable`.
    """
    return "".join(f"{line}\n" for entry in entries for line in _lines(exportable(entry)))


def load(text: str, file: str) -> Imported:
    """The reports of a file; one with a broken line is a problem, the others are read."""
    collector = Collector(file)
    for block in _blocks(text):
        if block.lines[0].startswith(_NAME):
            build = partial(_entry, block)
        else:
            build = partial(_foreign, block, PurePath(file).stem)
        collector.read(block.line, "\n".join(block.lines), build)
    return collector.result()


def _lines(entry: Entry) -> Iterator[str]:
    report = entry.report
    tags = to_bio(len(report.text), [Span(m.start, m.end, m.label) for m in report.marks])
    heads = {m.start: _escape(head_of(m)) for m in report.marks}
    yield _NAME + entry.report_id
    yield _META + json.dumps(report.meta, ensure_ascii=False)
    for at, (character, tag) in enumerate(zip(report.text, tags, strict=True)):
        yield f"{_escape(character)}\t{tag}\t{heads.get(at, _NO_HEAD)}"
        if character == "\n":
            yield ""
    yield ""


def _escape(words: str) -> str:
    return "".join(
        (f"\\U{ord(c):08x}" if ord(c) > 0xFFFF else f"\\u{ord(c):04x}")
        if c.isspace() or c in "\\#" or not c.isprintable()
        else c
        for c in words
    )


def _unescape(words: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)), words)


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block(1)
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.startswith(_NAME):
            if any(map(str.strip, block.lines)):
                yield block
            block = _Block(number)
        block.lines.append(line.removesuffix("\r"))
    if any(map(str.strip, block.lines)):
        yield block


def _entry(block: _Block) -> tuple[Entry, Sequence[str]]:
    meta: object = None
    rows: list[tuple[int, str]] = []
    for number, line in enumerate(block.lines[1:], block.line + 1):
        if line.startswith(_META):
            if meta is not None:
                raise EntryError(
                    f"line {number}: a second front matter: is a '{_NAME.strip()}' line missing?"
                )
            meta = json_value(line.removeprefix(_META))
        elif line.startswith("# "):
            raise EntryError(f"line {number}: {line[:40]!r} is no line of this format")
        elif line.strip():
            rows.append((number, line))
    meta = {} if meta is None else meta
    if not isinstance(meta, dict):
        raise EntryError("the front matter after '# meta =' is no mapping")
    text, marks = _read(rows)
    return make_entry(block.lines[0].removeprefix(_NAME).strip(), text, marks, meta)


def _foreign(block: _Block, report_id: str) -> tuple[Entry, Sequence[str]]:
    lines = [
        (number, line if line.strip() else "\\u000a O")
        for number, line in enumerate(block.lines, block.line)
        if not line.startswith(("# ", "-DOCSTART-"))
    ]
    while lines and lines[-1][1] == "\\u000a O":
        lines.pop()
    text, marks = _read(lines)
    return make_entry(report_id, text, marks, {})


def _read(rows: Iterable[tuple[int, str]]) -> tuple[str, list[Mark]]:
    """Text and marks of numbered rows.

    Raises:
        EntryError: a row has a wrong column, or an I- tag continues nothing.
    """
    faults: list[str] = []
    tokens: list[str] = []
    marks: list[Mark] = []
    length = 0
    open_label = ""
    for number, row in rows:
        columns = row.split()
        try:
            token = _unescape(columns[0])
        except (ValueError, OverflowError):
            faults.append(f"line {number}: {columns[0]!r} escapes no character")
            continue
        tag, head = (columns[1], (*columns[2:], _NO_HEAD)[0]) if len(columns) in (2, 3) else ("", "")
        prefix, _, label = tag.partition("-")
        if tag != "O" and (prefix not in ("B", "I") or label not in LABELS.values()):
            faults.append(f"line {number}: {row!r} is no row of token, BIO tag and head")
        elif prefix == "I" and open_label != label:
            faults.append(f"line {number}: {tag} continues no {label}")
        elif prefix == "B":
            try:
                marks.append(_mark(_unescape(head), length, length + len(token), label))
            except AnnotationError as error:
                faults.append(f"line {number}: {error}")
        elif prefix == "I" and marks:
            marks[-1] = replace(marks[-1], end=length + len(token))
        open_label = label
        tokens.append(token)
        length += len(token)
    if faults:
        raise EntryError(*faults)
    return "".join(tokens), marks


def _mark(head: str, start: int, end: int, label: str) -> Mark:
    if head == _NO_HEAD:
        return Mark(start, end, label)
    mark = mark_of(head, start, end)
    if mark.label != label:
        raise AnnotationError(f"the head {head!r} is no {label}'s")
    return mark


CONLL = Format("conll", ".conll", dump, load)
