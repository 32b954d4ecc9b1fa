"""What all formats share: entries, problems with their lines, and reports built from foreign spans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from ...data.errors import AnnotationError
from ..markup import LABELS, Mark, Report, parse, render

_ID = re.compile(r"[^\W_][\w.\-]{0,199}")


@dataclass(frozen=True, slots=True)
class Entry:
    """An annotated report and its id (its file's name without suffix)."""

    report_id: str
    report: Report


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a line of an import file.

    A `fatal` one keeps its entry out of the import; `raw` is then that entry as the file has it.
    """

    file: str
    line: int
    what: str
    fatal: bool = True
    raw: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'' if self.fatal else 'warning: '}{self.what}"


@dataclass(frozen=True, slots=True)
class Imported:
    """The sound entries of an import file, and every problem found in it."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """A format of other tools: `dump(entries)` writes a file's text, `load(text, file)` reads one.

    `wrap` makes a file of the raw entries that an import kept out.
    """

    name: str
    suffix: str
    dump: Callable[[Iterable[Entry]], str]
    load: Callable[[str, str], Imported]
    wrap: Callable[[Sequence[str]], str] = lambda raws: "".join(f"{raw}\n" for raw in raws)


class EntryError(Exception):
    """An entry that cannot become a report; `faults` says why, all of it."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


class Collector:
    """Gathers the entries and problems of one import file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._entries: dict[str, Entry] = {}
        self._problems: list[Problem] = []

    def read(self, line: int, raw: str, build: Callable[[], tuple[Entry, Sequence[str]]]) -> None:
        """Take the entry and warnings that `build` gives, or keep `raw` with what it says is wrong."""
        try:
            entry, warnings = build()
            if entry.report_id in self._entries:
                raise EntryError(f"report {entry.report_id!r} stands twice in the file")
        except EntryError as error:
            for number, fault in enumerate(error.faults):
                self._problems.append(Problem(self._file, line, fault, raw=None if number else raw))
            return
        self._entries[entry.report_id] = entry
        self._problems += [Problem(self._file, line, what, fatal=False) for what in warnings]

    def broken(self, line: int, what: str, raw: str) -> None:
        """Note a stretch of the file that cannot be read at all."""
        self._problems.append(Problem(self._file, line, what, raw=raw))

    def result(self) -> Imported:
        """All that was gathered."""
        return Imported(tuple(self._entries.values()), tuple(self._problems))


def make_entry(
    report_id: str, text: str, marks: Iterable[Mark], meta: Mapping[str, Any]
) -> tuple[Entry, list[str]]:
    """The entry of foreign spans, and warnings; metrics without a number get the next free one.

    Raises:
        EntryError: spans overlap, leave the text or have an unknown label, or the markup cannot
            hold the text or a mark. All such faults are listed, none is dropped.
    """
    faults = (
        [] if _ID.fullmatch(report_id) else [f"{report_id!r} is no report id: use letters, digits, - _ ."]
    )
    ordered = sorted(marks, key=lambda m: (m.start, m.end))
    for mark in ordered:
        if mark.label not in LABELS.values():
            faults.append(f"unknown label {mark.label!r} at [{mark.start}, {mark.end})")
        if not 0 <= mark.start < mark.end <= len(text):
            faults.append(f"{mark.label} [{mark.start}, {mark.end}) is no span of {len(text)} characters")
    faults += overlaps(text, ordered)
    numbers = Counter(m.number for m in ordered if m.number is not None)
    faults += [f"M{number} stands {times} times" for number, times in numbers.items() if times > 1]
    faults += [f"the text holds {sign}, which the markup needs for itself" for sign in "⟦⟧" if sign in text]
    if faults:
        raise EntryError(*faults)
    unknown = sorted({k.metric for m in ordered for k in m.links} - numbers.keys())
    warnings = [f"figures link to M{number}, which does not exist" for number in unknown]
    if "\r" in text:
        text, ordered = _one_line_end(text, ordered)
        warnings.append("its line ends \\r\\n or \\r were written as \\n")
    report = Report(dict(meta), text, tuple(_numbered(ordered)))
    _must_survive(report)
    return Entry(report_id, report), warnings


def overlaps(text: str, ordered: Sequence[Mark]) -> list[str]:
    """A line for each pair of marks, sorted by start, that share a character."""
    found = []
    open_marks: list[Mark] = []
    for mark in ordered:
        open_marks = [m for m in open_marks if m.end > mark.start]
        found += [f"{_named(text, m)} overlaps {_named(text, mark)}" for m in open_marks]
        open_marks.append(mark)
    return found


def exportable(entry: Entry) -> Entry:
    """The entry, if other formats can hold it.

    Raises:
        AnnotationError: two metrics share a number, a link leads nowhere, or the front matter
            holds what JSON cannot.
    """
    numbers = [m.number for m in entry.report.marks if m.number is not None]
    for mark in entry.report.marks:
        for link in mark.links:
            if link.metric not in numbers:
                raise AnnotationError(
                    f"links to M{link.metric}, which does not exist",
                    file=entry.report_id,
                    advice="see gongkai annotate validate",
                )
    if len(set(numbers)) < len(numbers):
        raise AnnotationError(
            "two metrics share a number", file=entry.report_id, advice="see gongkai annotate validate"
        )
    if not _is_json(entry.report.meta):
        raise AnnotationError(
            "its front matter holds more than words, numbers, lists and mappings", file=entry.report_id
        )
    return entry


def _is_json(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) for k in value) and all(map(_is_json, value.values()))
    if isinstance(value, list):
        return all(map(_is_json, value))
    if isinstance(value, float):
        return isfinite(value)
    return value is None or isinstance(value, str | int | bool)


def _named(text: str, mark: Mark) -> str:
    return f"{mark.label} [{mark.start}, {mark.end}) {text[mark.start : mark.end]!r}"


def _one_line_end(text: str, marks: Sequence[Mark]) -> tuple[str, list[Mark]]:
    """The text with \\n alone, and the marks moved with it: a file in text mode holds no other."""

    def moved(at: int) -> int:
        return at - text.count("\r\n", 0, at)

    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain, [replace(m, start=moved(m.start), end=moved(m.end)) for m in marks]


def _numbered(marks: Sequence[Mark]) -> list[Mark]:
    taken = {m.number for m in marks}
    free = iter(n for n in range(1, len(marks) + len(taken) + 2) if n not in taken)
    return [replace(m, number=next(free)) if m.label == "METRIC" and m.number is None else m for m in marks]


def _must_survive(report: Report) -> None:
    """Refuse what would not read back as it is, whatever the reason."""
    try:
        source = render(report)
        source.encode()
        same = parse(source) == report
    except (AnnotationError, UnicodeEncodeError) as error:
        raise EntryError(f"cannot be written in the markup ({error})") from error
    if not same:
        raise EntryError("cannot be written in the markup: a mark or the front matter would change")
