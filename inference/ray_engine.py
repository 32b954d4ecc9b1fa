"""Runs an extraction on Ray Data: a local Ray or a cluster, files and Parquet on any fsspec path."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..data.document import Source
from ..data.errors import ConfigError, GongkaiError, MissingDependencyError, OutputError, ReadError
from ..data.limits import Limits
from ..data.readers import ReadOptions, read_row_groups, read_stream, unopened
from .batch_pool import ProcessPool, Task
from .batch_work import GROUP_CHARACTERS, Done, Failure, OnError, Piece, Report, collect, pack_sources
from .extractor import Extractor
from .inputs import STANDARD_INPUT
from .ray_plan import Item, Part, Planner
from .ray_store import About, Store, encode_part, table_of
from .run import error_lines, run_key, tell
from .settings import load_settings

if TYPE_CHECKING:
    import pyarrow

# Of a core, as Ray counts for an actor: when nodes die, their actors must find room on the others.
_SHARE = 0.25


def extract_with_ray(
    names: Sequence[str],
    *,
    output: str,
    config: Path | None,
    overrides: dict[str, object],
    workers: int | None = None,
    address: str | None = None,
) -> int:
    """Extract all inputs into Parquet files under `output`/records; returns how many inputs failed.

    Parts that an earlier run into the same folder finished are kept where neither their inputs nor
    what records depend on has changed.

    Args:
        names: files, folders and globs, or fsspec URLs of these. A path without a protocol must mean
            the same on every node.
        output: a folder, local or an fsspec URL; `errors.jsonl` and `run.json` lie beside the records.
        config: a settings file.
        overrides: settings over it.
        workers: how many at once; by default one for each of the cluster's cores.
        address: of a Ray cluster; a local Ray by default, or what RAY_ADDRESS says.

    Raises:
        MissingDependencyError: Ray, pyarrow or fsspec is not installed.
        ConfigError, ModelError: as for the local engine; or the output holds records of another origin.
        OutputError: the output cannot be written, or Ray gave up; the same call goes on from there.
    """
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        import fsspec
        import pyarrow  # noqa: F401 - told here rather than by a worker
        import ray
    except ImportError as error:
        raise MissingDependencyError(
            f"--engine ray needs {error.name}, which is not installed", advice="pip install 'gongkai[ray]'"
        ) from error
    if STANDARD_INPUT in names:
        raise ConfigError("--engine ray reads no standard input", advice="name files")
    extractor = Extractor.load(config, **overrides)  # what is wrong with settings and model is told here
    settings, key = extractor.settings, run_key(extractor)
    filesystem, folder = fsspec.core.url_to_fs(output)
    store = Store(filesystem.unstrip_protocol(folder))
    store.prepare()
    parts = Planner(
        json.dumps(key, sort_keys=True),
        settings.reading().columns,
        Limits(),
        settings.task_files,
        settings.task_bytes,
        store.outputs,
    ).plan(names)
    done = store.finished(part.file for part in parts)
    left = [part for part in parts if part.file not in done]
    if left:
        store.open_run()
        with _ray(ray, address):
            done |= _run(left, store, (settings.model_dump(), key), workers)
    failures = [failure for part in parts for failure in done[part.file].failures]
    counts = {
        "inputs": sum(about.inputs for about in done.values()),
        "reports": sum(about.reports for about in done.values()),
        "records": sum(about.records for about in done.values()),
        "failed": len(failures),
        "parts": len(parts),
    }
    tell(failures)
    about = json.dumps(key | counts, indent=1) + "\n"
    store.close_run([part.file for part in parts], error_lines(failures), about)
    return len(failures)


@contextmanager
def _ray(ray: Any, address: str | None) -> Iterator[None]:
    """A connection to Ray, ended where it was begun here.

    Raises:
        OutputError: Ray gave up.
    """
    begun = not ray.is_initialized()
    if begun:
        ray.init(address=address, log_to_driver=False, logging_level="error")
    try:
        yield
    except ray.exceptions.RayError as error:
        raise OutputError(
            f"Ray gave up ({type(error).__name__}: {str(error).strip().splitlines()[-1]})",
            advice="the same command goes on where it stopped",
        ) from error
    finally:
        if begun:
            ray.shutdown()


def _run(parts: Sequence[Part], store: Store, setup: _Setup, workers: int | None) -> dict[str, About]:
    """Do the parts; what each gave.

    Raises:
        OutputError: a worker cannot write.
        ConfigError: a worker's node has another version or model.
    """
    import ray

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)  # after the first use, which sets it too
    workers = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    results = ray.data.from_items(
        [{"file": part.file, "items": [asdict(item) for item in part.items]} for part in parts],
        override_num_blocks=len(parts),
    ).map_batches(
        _RayWorker,
        fn_constructor_args=(setup, store.url),
        batch_size=1,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=min(workers, len(parts))),
        num_cpus=_SHARE,
    )
    done: dict[str, About] = {}
    for row in results.iter_rows():
        if row["wrong"] is not None:
            what, file, advice = row["wrong"]
            raise (ConfigError if row["about"] is None else OutputError)(what, file=file, advice=advice)
        if row["data"] is not None:
            store.write_part(row["file"], row["data"])
        done[row["file"]] = About.parse(row["about"])
    return done


_Setup = tuple[dict[str, object], dict[str, str | None]]
"""All settings, and what the driver makes of them, as `run.json` has it."""


def _difference(settings: dict[str, object], key: dict[str, str | None]) -> GongkaiError | None:
    """What is wrong with this node."""
    import socket

    try:
        here = run_key(Extractor.load(None, **settings))
    except GongkaiError as error:
        return error
    differing = [name for name in key if here[name] != key[name]]
    if not differing:
        return None
    return ConfigError(
        f"the node {socket.gethostname()} differs in {', '.join(differing)}",
        advice="install the same gongkai and the same model on every node",
    )


def _result_schema() -> pyarrow.Schema:
    import pyarrow

    text = pyarrow.string()
    return pyarrow.schema(
        [
            ("file", text),
            ("about", pyarrow.binary()),
            ("data", pyarrow.large_binary()),
            ("wrong", pyarrow.list_(text)),
        ]
    )


class _RayWorker:
    """An actor that reads parts and writes their records; a process of its own tags them.

    An input that kills that process fails alone. Were it to kill the actor, Ray would start it again
    and again.
    """

    def __init__(self, setup: _Setup, output: str) -> None:
        settings, key = setup
        self._limits = Limits()
        self._pool = ProcessPool(1, (None, settings, self._limits), None)
        self._store = Store(output)
        self._wrong = _difference(settings, key)
        self._options = ReadOptions() if self._wrong else load_settings(None, **settings).reading()

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        import pyarrow

        out = [self._row(row["file"], [Item(**i) for i in row["items"] or []]) for row in batch.to_pylist()]
        return pyarrow.Table.from_pylist(out, schema=_result_schema())

    def _row(self, file: str, items: Sequence[Item]) -> dict[str, Any]:
        """What the driver is told of a part: what is wrong, too, for Ray loses the causes of errors."""
        about = data = None
        wrong = self._wrong
        if wrong is None:
            part, about = self._do(items)
            try:
                if self._store.is_in_memory:
                    data = part
                else:
                    self._store.write_part(file, part)
            except OutputError as error:
                wrong = error
        told = None if wrong is None else [wrong.what, wrong.file, wrong.advice]
        return {"file": file, "about": about and about.dump(), "data": data, "wrong": told}

    def _do(self, items: Sequence[Item]) -> tuple[bytes, About]:
        """A part's Parquet file and what is in it."""
        import pyarrow

        tables = [table_of(())]
        failures: list[Failure] = []
        unsure: list[str] = []
        reports = records = 0
        for done in cast("Iterator[list[Done]]", self._pool.run(self._tasks(items, unsure))):
            found = [result for piece in done for result in piece.results]
            given = [result for result in found if isinstance(result, Report)]
            failures += (result for result in found if isinstance(result, Failure))
            reports += len(given)
            records += sum(report.count for report in given)
            tables.append(table_of(report.lines for report in given))
        inputs = sum(item.last for item in items)
        about = About(inputs, reports, records, tuple(failures), not unsure)
        return encode_part(pyarrow.concat_tables(tables), about), about

    def _tasks(self, items: Iterable[Item], unsure: list[str]) -> Iterator[Task]:
        """What the tagging process takes at once; `unsure` gets the names of files that did not open."""
        held: list[Piece] = []
        size = 0
        for item in items:
            sources = collect(partial(self._read, item, unsure), item.name)
            for piece in pack_sources(item.name, None, sources):
                held.append(piece)
                size += sum(len(s.text) for s in piece.sources or () if isinstance(s, Source))
                if size > GROUP_CHARACTERS:
                    yield tuple(held)
                    held, size = [], 0
        if held:
            yield tuple(held)

    def _read(self, item: Item, unsure: list[str], on_error: OnError) -> Iterator[Source]:
        try:
            with item.open() as stream:
                if item.groups is None:
                    yield from read_stream(
                        stream, name=item.name, limits=self._limits, options=self._options, on_error=on_error
                    )
                else:
                    yield from read_row_groups(
                        stream,
                        item.groups,
                        name=item.name,
                        limits=self._limits,
                        options=self._options,
                        on_error=on_error,
                    )
        except GongkaiError:
            raise
        except OSError as error:
            unsure.append(item.name)
            raise unopened(error, item.name) from error
        except Exception as error:  # each store's client has exceptions of its own
            unsure.append(item.name)
            raise ReadError(
                f"cannot be fetched ({type(error).__name__}: {error})",
                file=item.name,
                advice="check the path and its rights",
            ) from error
