"""Runs an extraction on Ray Data: a local Ray or a cluster, files and Parquet on any fsspec path."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ..data.errors import ConfigError, MissingDependencyError, ReadError
from ..data.limits import Limits
from ..data.readers import Columns, read_bytes
from .batch_work import Failure, Piece, Report, Worker, collect
from .extractor import Extractor
from .inputs import expand
from .outputs.rows import COLUMNS, flatten

if TYPE_CHECKING:
    import pyarrow

_FILES = 16  # files or rows that a worker takes at once
_SHARE = 0.5  # of a core, as Ray counts for an actor: were it a whole one, nothing would be left to read with


def extract_with_ray(
    names: Sequence[str],
    *,
    output: str,
    config: Path | None,
    overrides: dict[str, object],
    workers: int | None = None,
    address: str | None = None,
) -> int:
    """Extract all inputs into Parquet files under `output`/records; returns how many failed.

    Args:
        names: files, folders and globs, or fsspec URLs of files, folders and Parquet crawls. A path
            without a protocol must mean the same on every node.
        output: a folder, local or an fsspec URL; `errors.jsonl` lies beside the records.
        config: a settings file.
        overrides: settings over it.
        workers: how many at once; by default one for each of the cluster's cores.
        address: of a Ray cluster; a local Ray by default, or what RAY_ADDRESS says.

    Raises:
        MissingDependencyError: Ray, pyarrow or fsspec is not installed.
        ConfigError, ModelError: as for the local engine; or a crawl has no column of ids.
        ColumnError: a crawl lacks a column that was named, or has none of text.
    """
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        import fsspec
        import ray
    except ImportError as error:
        raise MissingDependencyError(
            f"--engine ray needs {error.name}, which is not installed", advice="pip install 'gongkai[ray]'"
        ) from error
    # What is wrong with settings and model is told here, once.
    columns = Extractor.load(config, **overrides).settings.reading().columns
    if not ray.is_initialized():
        ray.init(address=address, log_to_driver=False, logging_level="error")
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.data.DataContext.get_current().execution_options.preserve_order = True
    ray.data.DataContext.get_current().enable_progress_bars = False
    workers = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    done = (
        _inputs(list(names), columns)
        .map_batches(
            _RayWorker,
            fn_constructor_args=(config, overrides),
            batch_size=_FILES,
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=workers),
            num_cpus=_SHARE,
        )
        .materialize()
    )
    filesystem, folder = fsspec.core.url_to_fs(output)
    filesystem.makedirs(folder, exist_ok=True)
    records = folder + "/records"
    if filesystem.exists(records):
        filesystem.rm(records, recursive=True)
    done.map_batches(_records, batch_format="pyarrow", batch_size=None).write_parquet(
        records, filesystem=filesystem
    )
    failures = [line for row in done.select_columns(["failures"]).iter_rows() for line in row["failures"]]
    with filesystem.open(folder + "/errors.jsonl", "wb") as file:
        file.write("".join(line + "\n" for line in failures).encode("utf-8", "backslashreplace"))
    return len(failures)


def _inputs(names: list[str], columns: Columns) -> Any:
    """A dataset of `file` names, or of crawls' rows as `row` (JSON) with the crawl's name as `file`."""
    import ray

    files: list[str] = []
    crawls: list[str] = []
    for name in names:
        for file in _find(name):
            (crawls if file.endswith(".parquet") else files).append(file)
    parts = []
    if files or not crawls:
        parts.append(ray.data.from_items([{"file": file, "row": None} for file in files]))
    for file in crawls:
        parts.append(_crawl(file, columns))
    return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]


def _crawl(file: str, columns: Columns) -> Any:
    import fsspec
    import ray

    filesystem, path = fsspec.core.url_to_fs(file)
    data = ray.data.read_parquet(path, filesystem=filesystem)
    have = data.schema().names
    columns.check(have, file)
    if not set(columns.id) & set(have):
        raise ConfigError(
            "has no column of ids",
            file=file,
            advice="name one with --id-column: Ray keeps no row numbers",
        )
    return data.select_columns(columns.wanted(have)).map(
        lambda row: {"file": file, "row": json.dumps(row, default=_text)}
    )


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _find(name: str) -> Iterator[str]:
    """Files of a local name, or of an fsspec URL's folder, in path order."""
    import fsspec

    if "://" not in name:
        yield from (os.path.abspath(file) for file in expand([name]))
        return
    filesystem, path = fsspec.core.url_to_fs(name)
    found = sorted(filesystem.find(path)) if filesystem.isdir(path) else [path]
    yield from (filesystem.unstrip_protocol(file) for file in found)


class _RayWorker:
    """An actor with one extractor."""

    def __init__(self, config: Path | None, overrides: dict[str, object]) -> None:
        self._limits = Limits()
        extractor = Extractor.load(config, **overrides)
        self._options = extractor.settings.reading()
        self._worker = Worker(extractor, self._limits)

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        import pyarrow

        pieces = [self._piece(row["file"], row["row"]) for row in batch.to_pylist()]
        out: list[dict[str, Any]] = []
        for done in self._worker.run(pieces):
            failures = [r for r in done.results if isinstance(r, Failure)]
            out.append(
                {
                    "lines": b"".join(r.lines for r in done.results if isinstance(r, Report)),
                    "failures": [json.dumps(asdict(f), ensure_ascii=False) for f in failures],
                }
            )
        schema = pyarrow.schema(
            [("lines", pyarrow.large_binary()), ("failures", pyarrow.list_(pyarrow.string()))]
        )
        return pyarrow.Table.from_pylist(out, schema=schema)

    def _piece(self, file: str, row: str | None) -> Piece:
        def read(on_error: Any) -> Iterator[Any]:
            data, name = (
                (row.encode(), "row.jsonl") if row is not None else (_fetch(file, self._limits), file)
            )
            stem = PurePosixPath(file).stem
            return read_bytes(
                data, doc_id=stem, name=name, limits=self._limits, options=self._options, on_error=on_error
            )

        return Piece(file, sources=tuple(collect(lambda on_error: _lazy(read, on_error), file)))


def _lazy(read: Any, on_error: Any) -> Iterator[Any]:
    yield from read(on_error)


def _fetch(file: str, limits: Limits) -> bytes:
    """A file's bytes, one more than the limit at most.

    Raises:
        ReadError: it cannot be opened.
    """
    import fsspec

    try:
        with fsspec.open(file, "rb") as stream:
            data: bytes = stream.read(limits.max_bytes + 1)
    except OSError as error:
        raise ReadError(
            f"cannot be opened ({error.strerror or error})", file=file, advice="check the path and its rights"
        ) from error
    return data


def _records(batch: pyarrow.Table) -> pyarrow.Table:
    """Typed rows of the records in `lines`."""
    import pyarrow

    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    rows = [row for lines in batch["lines"].to_pylist() for row in _rows(lines.splitlines())]
    return pyarrow.Table.from_pylist(rows, schema=schema)


def _rows(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        row = flatten(json.loads(line))
        yield {name: _clean(value, COLUMNS[name]) for name, value in row.items()}


def _clean(value: Any, kind: type) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair has no UTF-8
    return value if value is None else kind(value)
