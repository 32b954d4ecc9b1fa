"""Runs an extraction from the command line's names to its outputs: records out, errors told."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from importlib import resources
from pathlib import Path

from .. import __version__
from ..data.errors import ConfigError
from ..data.limits import Limits
from .batch import Planner, run_journaled
from .batch_folder import locked, writing
from .batch_journal import INDEX, JOURNAL, KEPT, RECORDS, Index, Journal, Kept
from .batch_pool import InlinePool, Pool, ProcessPool, Task
from .batch_work import Failure, Worker
from .extractor import Extractor
from .inputs import expand
from .sinks import file_format, open_sink, publish, write_atomically

STATE = ".gongkai"
ERRORS = "errors.jsonl"
RUN = "run.json"


@dataclass(frozen=True, slots=True)
class Output:
    """Where a run writes; `state` keeps its progress and, in an output folder, stays for the next run."""

    records: Path
    errors: Path
    run: Path | None
    state: Path

    @classmethod
    def of(cls, path: Path, format_name: str | None) -> Output:
        """The places of an output folder (existing, or a name without suffix) or of a single file.

        Raises:
            ConfigError: the format is unknown, or the suffix says another.
        """
        name = file_format(path, format_name)
        if path.is_dir() or not path.suffix:
            return cls(path / f"records.{name}", path / ERRORS, path / RUN, path / STATE)
        if path.suffix != f".{name}":
            raise ConfigError(
                f"is named {path.suffix} and wanted as {name}", file=str(path), advice=f"name it .{name}"
            )
        return cls(path, path.with_name(ERRORS), None, path.with_name(f".{path.name}{STATE}"))


def extract_paths(
    names: Sequence[str],
    *,
    output: Path | None,
    format_name: str | None,
    config: Path | None,
    overrides: dict[str, object],
    workers: int | None = None,
) -> int:
    """Extract all inputs; returns how many failed. `workers`: processes, by default one a core.

    Raises:
        ConfigError: a setting, the format or the output is wrong.
        ModelError: the model cannot be used.
        OutputError: the output cannot be written; the same call goes on where this one stopped.
    """
    extractor = Extractor.load(config, **overrides)
    limits = Limits()
    settings = extractor.settings
    planner = Planner(limits, settings.reading(), settings.task_files, settings.task_bytes)
    worker = Worker(extractor, limits)
    wanted = workers or os.cpu_count() or 1
    pool: Pool = InlinePool(worker)
    if wanted > 1:
        pool = ProcessPool(wanted, (config, overrides, limits), worker)
    with closing(pool):
        if output is None:
            return _print(planner.plan(expand(names)), pool, format_name)
        return _write(Output.of(output, format_name), run_key(extractor), names, planner, pool)


def _print(planned: Iterator[Task | Kept], pool: Pool, format_name: str | None) -> int:
    sink = open_sink(format_name)
    failures: list[Failure] = []
    for results in pool.run(planned):
        if isinstance(results, Kept):
            continue
        for result in (r for done in results for r in done.results):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                sink.write(result)
    tell(failures)
    if failures:
        with writing(Path(ERRORS)):
            write_atomically(Path(ERRORS), error_lines(failures))
    return len(failures)


def _write(
    place: Output, key: dict[str, str | None], names: Sequence[str], planner: Planner, pool: Pool
) -> int:
    with locked(place.state):
        index = _records(place, json.dumps(key, sort_keys=True), names, planner, pool)
        failed = _conclude(place, index, key)
    if not place.run:
        with writing(place.state):
            shutil.rmtree(place.state)
    return failed


def _records(place: Output, key: str, names: Sequence[str], planner: Planner, pool: Pool) -> Index:
    index = Index(place.state / INDEX)
    if not (place.state / JOURNAL).exists():
        _publish(place, index)  # a run before may have been killed between its last two steps
    before = index.find(place.records, place.state / KEPT)
    kept = index.kept(key) if before else {}
    with (
        Journal(place.state, key) as journal,
        before.open("rb") if before else nullcontext() as records,
        _progress() as advance,
    ):
        planner = replace(planner, journal=journal, kept=kept)
        own = (place.records, place.errors, place.state, *([place.run] if place.run else []))
        for finished in run_journaled(journal, planner.plan(expand(names, exclude=own)), pool, records):
            advance(finished)
        journal.finish()
    _publish(place, index)
    return index


def _publish(place: Output, index: Index) -> None:
    """Put a finished run's records where they belong, if that is still to be done."""
    finished = index.find(place.state / RECORDS)
    if finished is None:
        return
    with writing(place.records):
        if place.records.suffix == ".jsonl":
            os.replace(finished, place.records)
        else:
            with _aside(place, place.records) as aside:
                publish(finished, aside)
            os.replace(finished, place.state / KEPT)


@contextmanager
def _aside(place: Output, target: Path) -> Iterator[Path]:
    """Where to write a file that then becomes the target, whole.

    It lies in the run's own folder: what a killed run leaves there the next one clears away.
    """
    folder = place.state / "aside"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder / target.name
        with (folder / target.name).open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(folder / target.name, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _conclude(place: Output, index: Index, key: dict[str, str | None]) -> int:
    """Tell and write what failed and what made the output; how many failed."""
    counts = {"inputs": 0, "reports": 0, "records": 0, "failed": 0}
    failures: list[Failure] = []
    for entry in index.entries():
        counts["inputs"] += entry.last
        counts["reports"] += entry.reports
        counts["records"] += entry.records
        failures += entry.failures
    counts["failed"] = len(failures)
    tell(failures)
    if place.run:
        about = key | counts | {"records_sha256": index.seal()[1]}
        _write_text(place, place.run, json.dumps(about, indent=1) + "\n")
    if place.run or failures:  # beside a single file an older one may be another output's: it stays
        _write_text(place, place.errors, error_lines(failures))
    return len(failures)


def _write_text(place: Output, target: Path, text: str) -> None:
    with writing(target), _aside(place, target) as aside:
        aside.write_bytes(text.encode("utf-8", "backslashreplace"))


def error_lines(failures: Iterable[Failure]) -> str:
    """`errors.jsonl`: a failure a line."""
    return "".join(json.dumps(asdict(f), ensure_ascii=False) + "\n" for f in failures)


def tell(failures: Iterable[Failure]) -> None:
    """Print failures on standard error."""
    for failure in failures:
        line = " ".join(f"gongkai: {failure}".split())
        print(line.encode("utf-8", "backslashreplace").decode(), file=sys.stderr)


def run_key(extractor: Extractor) -> dict[str, str | None]:
    """What the records depend on besides the inputs."""
    configs = hashlib.sha256()
    for file in sorted(resources.files("gongkai.configs").iterdir(), key=lambda f: f.name):
        if file.is_file():
            configs.update(file.name.encode() + b"\0" + file.read_bytes())
    return {
        "version": __version__,
        "settings": extractor.settings.digest(),
        "configs": configs.hexdigest()[:12],
        "model": extractor.model_digest,
    }


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error where a person watches."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} files"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("files", total=None)
        yield lambda count: bar.advance(task, count)
