"""The inline markup of tagged reports: spans and links a person can read, lossless to offsets.

    ---
    agency: 青禾县人民政府
    year: 2012
    ---
    ⟦Y|2012年⟧，⟦A|全县⟧共⟦M1|主动公开政府信息⟧⟦C1=proactive.total|1925⟧⟦U|条⟧。
    ⟦Z2=review.total+3=litigation.total|未发生⟧⟦M2|行政复议⟧、⟦M3|行政诉讼⟧。

Heads: `A` agency, `Y` year, `U` unit, `M<n>` metric n, and the figures `C` (count), `R` (rate),
`Z` (stated zero). A figure's head is its letter, then links `<n>[=metric_id]` joined by `+` (none
where a report was tagged without links), then optional marks: `@2016` another year than the
report's, `/件` the unit's words where none stands right after the number, `~min` a qualifier that
its words give, `?` a record that is optional. Metric numbers are unique in a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..data.errors import AnnotationError

OPEN, CLOSE = "⟦", "⟧"
LABELS = {"A": "AGENCY", "Y": "YEAR", "M": "METRIC", "C": "COUNT", "U": "UNIT", "R": "RATE", "Z": "ZERO"}
LETTERS = {label: letter for letter, label in LABELS.items()}
FIGURES = frozenset({"COUNT", "RATE", "ZERO"})

_MARK = re.compile(r"⟦([^⟦⟧|]*)\|([^⟦⟧]*)⟧")
_FIGURE = re.compile(
    r"(?P<links>(?:\d+(?:=[a-z0-9_.]+)?(?:\+\d+(?:=[a-z0-9_.]+)?)*)?)"
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
    first_line: int = field(default=1, compare=False, repr=False)  # of the text in its file

    def line(self, at: int) -> int:
        """The line of the file on which character `at` of the text stands."""
        return self.first_line + self.text.count("\n", 0, at)

    def metrics(self) -> dict[int, Mark]:
        """The METRIC marks by number."""
        return {m.number: m for m in self.marks if m.number is not None}


@dataclass(frozen=True, slots=True)
class Slip:
    """A place where a file breaks the markup."""

    line: int
    what: str


def parse(source: str, *, file: str | None = None) -> Report:
    """Read a report in markup.

    Raises:
        AnnotationError: the front matter is no mapping, a mark is unclosed or its head is wrong;
            the message gives the line.
    """
    report, slips = read_markup(source)
    if slips:
        raise AnnotationError(
            f"line {slips[0].line}: {slips[0].what}",
            file=file,
            advice="a mark reads ⟦head|words⟧; see annotations/GUIDE.md",
        )
    return report


def read_markup(source: str) -> tuple[Report, tuple[Slip, ...]]:
    """What can be read of a report in markup, and every place that cannot; a bad mark is read as words."""
    slips: list[Slip] = []
    try:
        meta, body, first_line = _front_matter(source)
    except AnnotationError as error:
        return Report({}, "", ()), (Slip(1, error.what),)
    marks: list[Mark] = []
    plain: list[str] = []
    length = position = 0
    for match in _MARK.finditer(body):
        before = body[position : match.start()]
        slips += _strays(before, first_line + body.count("\n", 0, position))
        plain.append(before)
        length += len(before)
        head, words = match.groups()
        try:
            marks.append(mark_of(head, length, length + len(words)))
        except AnnotationError as error:
            slips.append(Slip(first_line + body.count("\n", 0, match.start()), error.what))
        plain.append(words)
        length += len(words)
        position = match.end()
    slips += _strays(body[position:], first_line + body.count("\n", 0, position))
    plain.append(body[position:])
    return Report(meta, "".join(plain), tuple(marks), first_line), tuple(slips)


def render(report: Report) -> str:
    """The markup of a report; `parse(render(report)) == report`."""
    out: list[str] = []
    if report.meta or report.text.startswith(("---\n", "\ufeff")):
        out.append(f"---\n{_yaml(report.meta)}---\n")
    position = 0
    for mark in report.marks:
        out.append(report.text[position : mark.start])
        out.append(f"{OPEN}{head_of(mark)}|{report.text[mark.start : mark.end]}{CLOSE}")
        position = mark.end
    out.append(report.text[position:])
    return "".join(out)


class _Loader(yaml.SafeLoader):
    """Plain YAML whose dates stay words, so that front matter is JSON too."""


_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _yaml(meta: dict[str, Any]) -> str:
    written = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False)
    if yaml.load(written, _Loader) == meta:  # noqa: S506 - see _Loader
        return written
    # Rare line separators do not survive unescaped.
    return yaml.safe_dump(meta, sort_keys=False)


def _front_matter(source: str) -> tuple[dict[str, Any], str, int]:
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    if not source.startswith("---\n"):
        return {}, source, 1
    head, closed, body = source[4:].partition("\n---\n")
    if not closed:
        raise AnnotationError("front matter is not closed: end it with a line '---'")
    try:
        meta = yaml.load(head, _Loader) or {}  # noqa: S506 - a SafeLoader that knows less
    except (yaml.YAMLError, RecursionError) as error:
        raise AnnotationError(f"front matter is no YAML ({error})") from error
    if not isinstance(meta, dict):
        raise AnnotationError("front matter is no mapping: write 'key: value' lines")
    return meta, body, head.count("\n") + 4


def _strays(text: str, line: int) -> Iterator[Slip]:
    for match in re.finditer(f"[{OPEN}{CLOSE}]", text):
        at = line + text.count("\n", 0, match.start())
        near = text[max(0, match.start() - 10) :][:30]
        yield Slip(at, f"a stray {match.group()} near {near!r}: marks close, and do not nest or overlap")


def mark_of(head: str, start: int, end: int) -> Mark:
    """The mark that a head such as `C1=proactive.total/条` writes.

    Raises:
        AnnotationError: the head is none.
    """

    def wrong(why: str) -> AnnotationError:
        return AnnotationError(f"{why} in the mark head {head!r}")

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
        raise wrong("no links and marks such as C1=proactive.total/条")
    links = []
    for part in filter(None, match["links"].split("+")):
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


def head_of(mark: Mark) -> str:
    """The head of a mark: `M1`, `Z2=review.total+3=litigation.total`, `C4@2011/件~approx?`."""
    head = LETTERS[mark.label]
    if mark.number is not None:
        return f"{head}{mark.number}"
    head += "+".join(f"{k.metric}={k.metric_id}" if k.metric_id else str(k.metric) for k in mark.links)
    head += f"@{mark.year}" if mark.year is not None else ""
    head += f"/{mark.unit}" if mark.unit else ""
    head += f"~{mark.qualifier}" if mark.qualifier else ""
    return head + ("?" if mark.optional else "")
