"""The output folder of a cluster run: Parquet parts written whole, found again by the next run."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ..data.errors import ConfigError
from .batch_folder import writing
from .batch_work import Failure
from .outputs.files import arrow_table
from .outputs.rows import COLUMNS, flatten

if TYPE_CHECKING:
    import pyarrow

_ABOUT = b"gongkai"  # the key of Parquet's own metadata under which a part says what it is
_OURS = re.compile(r"\.?part-\d{6,}-(?P<digest>[0-9a-f]{16})\.parquet(\.[0-9a-f]{32}\.tmp)?")
_READERS = 16  # footers read at once: a store far away answers slowly


@dataclass(frozen=True, slots=True)
class About:
    """What a part gave besides records. `sure`: every input could be opened, so nothing is to be tried again."""

    inputs: int
    reports: int
    records: int
    failures: tuple[Failure, ...]
    sure: bool

    def dump(self) -> bytes:
        """It as a part's metadata has it."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def parse(cls, data: bytes) -> About:
        """It as it was dumped."""
        values = json.loads(data)
        return cls(**values | {"failures": tuple(Failure(**f) for f in values["failures"])})


def table_of(lines: Iterable[bytes]) -> pyarrow.Table:
    """Records as they are written, as typed columns."""
    rows = (flatten(json.loads(line)) for report in lines for line in report.splitlines())
    return arrow_table(rows, COLUMNS)


def encode_part(table: pyarrow.Table, about: About) -> bytes:
    """A part as a Parquet file."""
    import pyarrow.parquet

    file = io.BytesIO()
    pyarrow.parquet.write_table(
        table.replace_schema_metadata({_ABOUT: about.dump()}), file, compression="zstd"
    )
    return file.getvalue()


class Store:
    """An output folder: `records/`, `errors.jsonl` and, once all of it is there, `run.json`.

    Args:
        url: the folder on any filesystem of fsspec.
    """

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = url
        self._filesystem, self._folder = fsspec.core.url_to_fs(url)
        self._records = f"{self._folder}/records"

    @property
    def outputs(self) -> tuple[str, ...]:
        """URLs of all that is written."""
        names = ("records", "errors.jsonl", "run.json")
        return tuple(self._filesystem.unstrip_protocol(f"{self._folder}/{name}") for name in names)

    @property
    def is_in_memory(self) -> bool:
        """Whether only this process can write there."""
        return self.url.startswith("memory://")

    def prepare(self) -> None:
        """Make the folders.

        Raises:
            ConfigError: there are records of another origin: who read the folder would take both.
            OutputError: the folders cannot be made.
        """
        with writing(self.url):
            self._filesystem.makedirs(self._records, exist_ok=True)
        strange = [name for name in self._names() if not _OURS.fullmatch(name)]
        if strange:
            raise ConfigError(
                f"holds {strange[0]}, which no cluster run wrote",
                file=f"{self.url}/records",
                advice="empty it or choose another folder",
            )

    def finished(self, files: Iterable[str]) -> dict[str, About]:
        """Those of the parts that are there for good, with what they gave.

        One that lies there under another number, because inputs before it came or went, is renamed.

        Raises:
            OutputError: it cannot be renamed.
        """
        there = {_digest(name): name for name in self._names() if not name.startswith(".")}
        wanted = [file for file in files if _digest(file) in there]
        with ThreadPoolExecutor(_READERS) as readers:
            found = list(readers.map(self._about, [there[_digest(file)] for file in wanted]))
        done = {file: about for file, about in zip(wanted, found, strict=True) if about and about.sure}
        for file in done:
            if there[_digest(file)] != file:
                self._move(there[_digest(file)], file)
        return done

    def write_part(self, file: str, data: bytes) -> None:
        """Write a part whole or not at all.

        Raises:
            OutputError: it cannot be written.
        """
        aside = f".{file}.{uuid.uuid4().hex}.tmp"
        with writing(f"{self.url}/records/{file}"):
            try:
                self._filesystem.pipe_file(f"{self._records}/{aside}", data)
                self._filesystem.mv(f"{self._records}/{aside}", f"{self._records}/{file}")
            except BaseException:
                with suppress(OSError):
                    self._filesystem.rm_file(f"{self._records}/{aside}")
                raise

    def open_run(self) -> None:
        """Take away `run.json`: from now on records come and go.

        Raises:
            OutputError: it cannot be removed.
        """
        with writing(self.url), suppress(FileNotFoundError):
            self._filesystem.rm_file(f"{self._folder}/run.json")

    def close_run(self, files: Iterable[str], errors: str, about: str) -> None:
        """Drop all but these parts and write what a finished run shows, `run.json` last.

        Raises:
            OutputError: something cannot be written.
        """
        with writing(self.url):
            for name in set(self._names()) - set(files):
                self._filesystem.rm_file(f"{self._records}/{name}")
            for name, text in (("errors.jsonl", errors), ("run.json", about)):
                data = text.encode("utf-8", "backslashreplace")
                self._filesystem.pipe_file(f"{self._folder}/{name}", data)

    def _move(self, old: str, new: str) -> None:
        with writing(f"{self.url}/records/{new}"):
            self._filesystem.mv(f"{self._records}/{old}", f"{self._records}/{new}")

    def _about(self, name: str) -> About | None:
        import pyarrow
        import pyarrow.parquet

        try:
            with self._filesystem.open(f"{self._records}/{name}", "rb") as file:
                return About.parse(pyarrow.parquet.read_schema(file).metadata[_ABOUT])
        except (OSError, ValueError, LookupError, TypeError, pyarrow.ArrowException):
            return None  # broken or another version's: it is done again

    def _names(self) -> list[str]:
        self._filesystem.invalidate_cache()
        try:
            paths = self._filesystem.ls(self._records, detail=False)
        except FileNotFoundError:
            return []  # a store without folders
        return sorted(path.rpartition("/")[2] for path in paths)


def _digest(name: str) -> str:
    match = _OURS.fullmatch(name)
    return match["digest"] if match else ""
