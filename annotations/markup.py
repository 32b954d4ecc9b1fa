"""The inline markup of tagged reports: spans and links a person can read, lossless to offsets.

    ---
    agency: 青禾县人民政府
    year: 2012
    ---
    ⟦Y|2012年⟧，⟦A|全县⟧共⟦M1|主动公开政府信息⟧⟦C1=proactive.total|1925⟧⟦U|条⟧。
    ⟦Z2=review.total+3=litigation.total|未发生⟧⟦M2|行政复议⟧、⟦M3|行政诉讼⟧。

Heads: `A` agency, `Y` year, `U` unit, `M<n>` metric n, and the figures `C` (count), `R` (rate),
`Z` (stated zero). A figure's head is its letter, then links `<n>[=metric_id]` joined by `+`, then
optional marks: `@2016` another year than the report's, `/件` the unit's words where none stands
right after the number, `~min` a qualifier that its words give, `?` a record that is optional.
Metric numbers hold within one line group (up to the next blank line) or the whole report: they
are unique in a report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..data.errors import AnnotationError

OPEN, CLOSE = "⟦", "⟧"
LABELS = {"A": "AGENCY", "Y": "YEAR", "M": "METRIC", "C": "COUNT", "U": "UNIT", "R": "RATE", "Z": "ZERO"}
LETTERS = {label: letter for letter, label in LABELS.items()}
FIGURES = frozenset({"COUNT", "RATE", "ZERO"})
QUALIFIERS = ("exact", "approx", "min", "max")

_MARK = re.compile(r"⟦([^⟦⟧|]*)\|([^⟦⟧]*)⟧")
_FIGURE = re.compile(
    r"(?P<links>\d+(?:=[a-z0-9_.]+)?(?:\+\d+(?:=[a-z0-9_.]+)?)*)"
    r"(?P<marks>(?:@\d{4}|/[^@~?/]+|~(?:approx|min|max)|\?)*)$"
)
_MARKS = re.compile(r"@(?P<year>\d{4})|/(?P<unit>[^@~?/]+)|~(?P<qualifier>approx|min|max)|(?P<optional>\?)")


@dataclass(frozen=True, slots=True)
class Link:
    """A figure's link to a metric: its number in the report and the metric_id, if one fits."""

    metric: int
    metric_id: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotated span, `[start, end)` in the plain text, with what its head says."""

    start: int
    end: int
    label: str
    number: int | None = None  # of a METRIC
    links: tuple[Link, ...] = ()  # of a figure
    year: int | None = None
    unit: str | None = None
    qualifier: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """An annotated report: front matter, plain text, marks in the order of the text."""

    meta: dict[str, Any] = field(hash=False)
    text: str
    marks: tuple[Mark, ...]

    def metrics(self) -> dict[int, Mark]:
        """The METRIC marks by number."""
        return {m.number: m for m in self.marks if m.number is not None}


def parse(source: str, *, file: str | None = None) -> Report:
    """Read a report in markup.

    Raises:
        AnnotationError: the front matter is no mapping, a mark is unclosed or its head is wrong;
            the message gives the line.
    """
    meta, body, first_line = _front_matter(source, file)
    marks: list[Mark] = []
    plain: list[str] = []
    length = position = 0
    for match in _MARK.finditer(body):
        before = body[position : match.start()]
        _check_plain(before, first_line + body.count("\n", 0, position), file)
        plain.append(before)
        length += len(before)
        line = first_line + body.count("\n", 0, match.start())
        head, words = match.groups()
        marks.append(_mark(head, length, length + len(words), file, line))
        plain.append(words)
        length += len(words)
        position = match.end()
    _check_plain(body[position:], first_line + body.count("\n", 0, position), file)
    plain.append(body[position:])
    return Report(meta, "".join(plain), tuple(marks))


def render(report: Report) -> str:
    """The markup of a report; `parse(render(report)) == report`."""
    out: list[str] = []
    if report.meta:
        out.append("---\n" + yaml.safe_dump(report.meta, allow_unicode=True, sort_keys=False) + "---\n")
    position = 0
    for mark in report.marks:
        out.append(report.text[position : mark.start])
        out.append(f"{OPEN}{_head(mark)}|{report.text[mark.start : mark.end]}{CLOSE}")
        position = mark.end
    out.append(report.text[position:])
    return "".join(out)


def _front_matter(source: str, file: str | None) -> tuple[dict[str, Any], str, int]:
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    if not source.startswith("---\n"):
        return {}, source, 1
    head, closed, body = source[4:].partition("\n---\n")
    if not closed:
        raise AnnotationError("front matter is not closed", file=file, advice="end it with a line '---'")
    try:
        meta = yaml.safe_load(head) or {}
    except yaml.YAMLError as error:
        raise AnnotationError(f"front matter is no YAML ({error})", file=file) from error
    if not isinstance(meta, dict):
        raise AnnotationError("front matter is no mapping", file=file, advice="write 'key: value' lines")
    return meta, body, head.count("\n") + 4


def _check_plain(text: str, line: int, file: str | None) -> None:
    for sign in (OPEN, CLOSE):
        if sign in text:
            at = line + text.count("\n", 0, text.index(sign))
            raise AnnotationError(
                f"line {at}: a stray {sign} near {text[max(0, text.index(sign) - 10) :][:30]!r}",
                file=file,
                advice="a mark reads ⟦head|words⟧ and marks do not nest",
            )


def _mark(head: str, start: int, end: int, file: str | None, line: int) -> Mark:
    def wrong(why: str) -> AnnotationError:
        return AnnotationError(f"line {line}: {why} in the mark head {head!r}", file=file)

    label = LABELS.get(head[:1])
    if label is None:
        raise wrong("unknown label")
    rest = head[1:]
    if label == "METRIC":
        if not rest.isdecimal():
            raise wrong("a metric needs a number (M1)")
        return Mark(start, end, label, number=int(rest))
    if label not in FIGURES:
        if rest:
            raise wrong("nothing may follow the letter")
        return Mark(start, end, label)
    match = _FIGURE.match(rest)
    if not match:
        raise wrong("a figure reads <links><marks>, such as C1=proactive.total/条")
    links = []
    for part in match["links"].split("+"):
        number, _, metric_id = part.partition("=")
        links.append(Link(int(number), metric_id or None))
    marks: dict[str, str] = {}
    for found in _MARKS.finditer(match["marks"]):
        marks.update({k: v for k, v in found.groupdict().items() if v})
    return Mark(
        start,
        end,
        label,
        links=tuple(links),
        year=int(marks["year"]) if "year" in marks else None,
        unit=marks.get("unit"),
        qualifier=marks.get("qualifier"),
        optional="optional" in marks,
    )


def _head(mark: Mark) -> str:
    head = LETTERS[mark.label]
    if mark.number is not None:
        return f"{head}{mark.number}"
    head += "+".join(f"{k.metric}={k.metric_id}" if k.metric_id else str(k.metric) for k in mark.links)
    head += f"@{mark.year}" if mark.year is not None else ""
    head += f"/{mark.unit}" if mark.unit else ""
    head += f"~{mark.qualifier}" if mark.qualifier else ""
    return head + ("?" if mark.optional else "")
