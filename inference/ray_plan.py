"""Cuts the inputs of a cluster run into parts that any node can do alone, each known by its content."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from ..data.errors import GongkaiError
from ..data.limits import Limits
from ..data.readers import Columns, row_ids
from .inputs import expand

_ROWS = 512  # of a crawl, in one part at least where its row groups are smaller


@dataclass(frozen=True, slots=True)
class Item:
    """A file, or some row groups of a Parquet crawl.

    `name` is what errors call it, `url` where any node finds it; `data` are its bytes where only the
    driver can read it. `last` tells a crawl's last rows, and any whole file.
    """

    name: str
    url: str
    groups: tuple[int, ...] | None = None
    last: bool = True
    data: bytes | None = None

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """The file, from its first byte."""
        if self.data is not None:
            return nullcontext(io.BytesIO(self.data))
        return _open(self.url)


@dataclass(frozen=True, slots=True)
class Part:
    """Items whose records make one Parquet file; its name says its place and what it is made of."""

    number: int
    items: tuple[Item, ...]
    digest: str

    @property
    def file(self) -> str:
        """The file's name: in this order the parts' records stand as the local engine writes them."""
        return f"part-{self.number:06}-{self.digest}.parquet"


@dataclass(frozen=True, slots=True)
class _Found:
    """An input file; `version` changes when it does, None where there is no such file."""

    name: str
    url: str
    version: str | None
    size: int = 0


@dataclass(slots=True)
class Planner:
    """Cuts inputs into parts.

    Args:
        key: what records depend on besides the inputs.
        columns: where crawls keep ids and texts.
        limits: of one input.
        files: how many files a part holds on average.
        size: bytes of files that a part holds at most.
        outputs: URLs that are no input, whatever folder they lie in.
    """

    key: str
    columns: Columns
    limits: Limits
    files: int
    size: int
    outputs: Collection[str] = ()
    _seen: set[str] = field(default_factory=set)

    def plan(self, names: Sequence[str]) -> list[Part]:
        """The parts in the order of the inputs; one without items where there are no inputs."""
        parts: list[Part] = []
        group: list[tuple[Item, str]] = []
        size = 0
        for found in self._find(names):
            items = self._items(found)
            cut = len(items) > 1
            for item in items:
                if cut and group:
                    parts.append(self._part(len(parts), group))
                    group, size = [], 0
                group.append((item, f"{found.version}"))
            size += found.size
            # Cut where a name says so, not after a count: a new file changes the part that it falls into.
            here = zlib.crc32(found.name.encode("utf-8", "surrogateescape")) % self.files == 0
            if cut or here or size >= self.size or len(group) >= 4 * self.files:
                parts.append(self._part(len(parts), group))
                group, size = [], 0
        if group or not parts:
            parts.append(self._part(len(parts), group))
        return parts

    def _part(self, number: int, group: Iterable[tuple[Item, str]]) -> Part:
        made_of = [(item.name, item.groups, version) for item, version in group]
        text = json.dumps([self.key, made_of])
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        return Part(number, tuple(item for item, _ in group), digest)

    def _find(self, names: Sequence[str]) -> Iterator[_Found]:
        for name in names:
            for found in _remote(name) if "://" in name else _local(name):
                if found.url not in self._seen and not self._is_output(found.url):
                    self._seen.add(found.url)
                    yield found

    def _is_output(self, url: str) -> bool:
        return any(url == output or url.startswith(output + "/") for output in self.outputs)

    def _items(self, found: _Found) -> list[Item]:
        """A file as it is, or a Parquet crawl's rows where several nodes can share them."""
        item = Item(found.name, found.url, data=_bytes_only_here(found))
        if not found.name.lower().endswith(".parquet") or found.size > self.limits.max_archive_bytes:
            return [item]
        try:
            with item.open() as stream:
                cuts = self._cuts(found.name, stream)
        except (OSError, GongkaiError):
            return [item]  # the worker that reads it tells what is wrong
        if len(cuts) < 2:
            return [item]
        return [Item(item.name, item.url, cut, cut == cuts[-1], item.data) for cut in cuts]

    def _cuts(self, name: str, stream: IO[bytes]) -> list[tuple[int, ...]]:
        """Neighbouring row groups of a crawl that can be read apart; none where they cannot."""
        import pyarrow
        import pyarrow.parquet

        try:
            table = pyarrow.parquet.ParquetFile(stream)
        except pyarrow.ArrowException:
            return []
        cuts: list[tuple[int, ...]] = []
        held: list[int] = []
        rows = 0
        for number in range(table.num_row_groups):
            held.append(number)
            rows += table.metadata.row_group(number).num_rows
            if rows >= _ROWS or number == table.num_row_groups - 1:
                cuts.append(tuple(held))
                held, rows = [], 0
        if len(cuts) > 1:
            # The second of two equal ids gets a number: who reads one must have read the other.
            seen: set[str] = set()
            for doc_id in row_ids(stream, name, self.columns):
                if doc_id in seen:
                    return []
                seen.add(doc_id)
        return cuts


def _local(name: str) -> Iterator[_Found]:
    for file in expand([name]):
        path = os.path.abspath(file)
        try:
            about = os.stat(path)
        except OSError:
            yield _Found(file, f"file://{path}", None)
        else:
            yield _Found(file, f"file://{path}", f"{about.st_size} {about.st_mtime_ns}", about.st_size)


def _remote(name: str) -> Iterator[_Found]:
    """Files of a URL, of a folder's or a glob's in path order, hidden ones left out."""
    import fsspec

    filesystem, path = fsspec.core.url_to_fs(name)
    if filesystem.isfile(path):
        listing: dict[str, dict[str, Any]] = {path: filesystem.info(path)}
    elif filesystem.isdir(path):
        found = filesystem.find(path, detail=True)
        listing = {file: about for file, about in found.items() if not _hidden(file, path)}
    else:
        listing = filesystem.glob(path, detail=True)
        listing = {file: about for file, about in listing.items() if about["type"] == "file"}
    if not listing:
        yield _Found(name, name, None)
    for file in sorted(listing, key=lambda file: file.split("/")):
        about = listing[file]
        url = filesystem.unstrip_protocol(file)
        yield _Found(url, url, json.dumps(about, sort_keys=True, default=str), about.get("size") or 0)


def _hidden(file: str, folder: str) -> bool:
    return any(step.startswith(".") for step in Path(file[len(folder) :]).parts)


def _bytes_only_here(found: _Found) -> bytes | None:
    """The bytes of a file in this process's memory, which no other process can open."""
    if not found.url.startswith("memory://") or found.version is None:
        return None
    with _open(found.url) as stream:
        return stream.read()


def _open(url: str) -> AbstractContextManager[IO[bytes]]:
    import fsspec

    filesystem, path = fsspec.core.url_to_fs(url)  # fsspec.open would take brackets in a name for a pattern
    opened: AbstractContextManager[IO[bytes]] = filesystem.open(path, "rb")
    return opened
