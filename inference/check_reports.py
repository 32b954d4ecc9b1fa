"""`gongkai check` and `gongkai view`: a report's failed sums told, its records shown on a page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ..data.errors import NotAReportError, ReadError
from ..data.limits import Limits
from ..data.readers import read_path
from .checks import CheckResult, CheckStatus
from .extractor import Extraction, Extractor
from .inputs import expand


def check_paths(names: Sequence[str], *, show_passed: bool, tagger: str | None) -> bool:
    """Print each report's checks on standard output; True where all were read and none failed.

    Raises:
        ConfigError: a setting is wrong.
        ModelError: the model cannot be used.
    """
    extractor = Extractor.load(tagger=tagger)
    sound = True
    for name in expand(names):
        try:
            for source in read_path(Path(name), limits=Limits()):
                sound &= _tell(extractor.extract_source(source), show_passed=show_passed)
        except ReadError as error:
            print(f"gongkai: {error}", file=sys.stderr)
            sound = False
    return sound


def _tell(extraction: Extraction, *, show_passed: bool) -> bool:
    counts = {status: sum(c.status is status for c in extraction.checks) for status in CheckStatus}
    head = f"{extraction.document.doc_id}\t{extraction.agency or '?'} {extraction.year or '?'}"
    print(head + "\t" + ", ".join(f"{counts[s]} {s.value}" for s in CheckStatus))
    for check in extraction.checks:
        if check.status is CheckStatus.FAIL or (show_passed and check.status is CheckStatus.PASS):
            print(f"  {check.status.value}\t{check.title}\t{_sides(check)}")
            for index in check.records:
                record = extraction.records[index]
                words = " ".join(record.text.split())
                print(f"    [{record.start}:{record.end}]\t{record.metric_id}\t{record.value}\t{words[:60]}")
    return not counts[CheckStatus.FAIL]


def _sides(check: CheckResult) -> str:
    return f"{check.left} / {check.right}" if check.left is not None else ""


def view_report(path: Path, output: Path, *, tagger: str | None) -> None:
    """Write one report's page.

    Raises:
        ReadError: the file cannot be read, is no report or holds several.
        ConfigError, ModelError: as for an extraction.
    """
    from .outputs.page import make_page
    from .sinks import write_atomically

    sources = list(read_path(path, limits=Limits()))
    if len(sources) != 1:
        raise NotAReportError(f"holds {len(sources)} texts", file=str(path), advice="give one report")
    write_atomically(output, make_page(Extractor.load(tagger=tagger).extract_source(sources[0])))
