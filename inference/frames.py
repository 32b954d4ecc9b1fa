"""Extracts from pandas frames, a report a row: for Spark's `mapInPandas` and any engine that deals in frames."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ..data.document import Source
from ..data.errors import ConfigError, ReadError
from ..data.limits import Limits
from ..data.readers import ReadOptions, read_bytes, read_row
from .batch_work import Failure, OnError, Report, Worker, collect, pack_sources
from .extractor import Extractor
from .outputs.files import arrow_table
from .outputs.rows import COLUMNS, flatten

if TYPE_CHECKING:
    import pandas

FRAME_COLUMNS: dict[str, type] = COLUMNS | {"error": str, "error_what": str}
"""Columns of the frames that come out. A row has a record, or an `error`: its kind, and what to do about it."""

_KINDS = {str: "string", int: "bigint", float: "double"}
SPARK_SCHEMA = ", ".join(f"`{name}` {_KINDS[kind]}" for name, kind in FRAME_COLUMNS.items())
"""The same for Spark."""


def extract_frames(
    frames: Iterable[pandas.DataFrame], *, config: Path | None = None, **overrides: object
) -> Iterator[pandas.DataFrame]:
    """Frames of records, in the order of the rows given; an extractor is loaded once a process.

    Args:
        frames: of files (columns `path` and `content`, as Spark's `binaryFile` reads them), or of
            reports with an id and a text or HTML in columns that settings or `configs/crawls.yaml` name.
        config: a settings file, on every node.
        overrides: settings over it (`tagger="rules"`).

    Raises:
        ConfigError: a setting is wrong, or the frames have none of the columns. A row that cannot be
            read is no error but a row of its own.
        ModelError: the model cannot be used.
    """
    worker, options = _worker(config, tuple(sorted(overrides.items())))
    for frame in frames:
        reader = _reader(list(map(str, frame.columns)), options)
        sources = (source for row in frame.to_dict("records") for source in reader(row))
        for piece in pack_sources("frame", None, sources):
            (done,) = worker.run([piece])
            yield _frame(done.results)


@lru_cache(maxsize=1)
def _worker(config: Path | None, overrides: tuple[tuple[str, object], ...]) -> tuple[Worker, ReadOptions]:
    extractor = Extractor.load(config, **dict(overrides))
    return Worker(extractor, Limits()), extractor.settings.reading()


class _Files:
    """Reads rows of `path` and `content`."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options

    def __call__(self, row: Mapping[str, Any]) -> Iterator[Source | Failure]:
        path = str(row["path"])
        content = row["content"]
        if not isinstance(content, bytes | bytearray):
            return iter([Failure(path, ReadError.kind, "has no content", "read it as binaryFile")])
        stem = PurePosixPath(path).stem

        def read(on_error: OnError) -> Iterator[Source]:
            yield from read_bytes(
                bytes(content),
                doc_id=stem,
                name=path,
                limits=Limits(),
                options=self._options,
                on_error=on_error,
            )

        return collect(read, path)


class _Rows:
    """Reads rows of an id and a text or HTML."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options

    def __call__(self, row: Mapping[str, Any]) -> Iterator[Source | Failure]:
        # Beside a missing id pandas makes floats of whole numbers.
        whole = {name: int(v) if isinstance(v, float) and v.is_integer() else v for name, v in row.items()}

        def read(_: OnError) -> Iterator[Source]:
            yield read_row(whole, limits=Limits(), options=self._options)

        return collect(read, "row")


def _reader(have: list[str], options: ReadOptions) -> _Files | _Rows:
    columns = options.columns
    if {"path", "content"} <= set(have):
        return _Files(options)
    if set(columns.id) & set(have) and set(columns.named) <= set(have) and columns.fit(have):
        return _Rows(options)
    raise ConfigError(
        f"frames have the columns {', '.join(have)}",
        advice="give path and content, or an id and a text or HTML; the names are in configs/crawls.yaml, "
        "or name yours: id_column, text_column, html_column",
    )


def _frame(results: Iterable[Report | Failure]) -> pandas.DataFrame:
    rows: list[dict[str, Any]] = []
    for result in results:
        if isinstance(result, Failure):
            told = f"{result.what}; {result.advice}" if result.advice else result.what
            rows.append({"doc_id": result.file, "error": result.kind, "error_what": told})
        else:
            rows += (flatten(json.loads(line)) for line in result.lines.splitlines())
    # Whole numbers stay whole beside missing ones.
    frame: pandas.DataFrame = arrow_table(rows, FRAME_COLUMNS).to_pandas(integer_object_nulls=True)
    return frame
