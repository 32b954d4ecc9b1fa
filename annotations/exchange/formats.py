"""The formats by name, and reports to and from files and folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ...data.errors import AnnotationError
from ..markup import render
from ..splits import load_paths
from .conll import CONLL
from .doccano import DOCCANO
from .entries import Entry, Format, Imported
from .label_studio import LABEL_STUDIO
from .plain import PLAIN

FORMATS = {f.name: f for f in (LABEL_STUDIO, DOCCANO, CONLL, PLAIN)}
MAX_BYTES = 512 * 2**20
"""An import file over this is refused: it is read whole."""


def format_named(name: str) -> Format:
    """A format by its name.

    Raises:
        AnnotationError: there is none of that name.
    """
    if name not in FORMATS:
        raise AnnotationError(f"no format {name!r}", advice=f"choose {', '.join(FORMATS)}")
    return FORMATS[name]


def format_of_file(file: Path) -> Format:
    """The format of a file by its suffix; JSON Lines by what its first line holds.

    Raises:
        AnnotationError: the suffix is of no format, or the file cannot be read.
    """
    if file.suffix == ".jsonl":
        first = next((line for line in _read(file).split("\n") if line.strip()), "")
        return PLAIN if '"marks"' in first else DOCCANO
    for format_ in (LABEL_STUDIO, CONLL):
        if file.suffix == format_.suffix:
            return format_
    raise AnnotationError(
        "is of no known format", file=str(file), advice="gongkai annotate import FORMAT reads it by name"
    )


def entries(paths: Iterable[Path]) -> Iterator[Entry]:
    """The reports of files and folders.

    Raises:
        AnnotationError: as for `load_paths`.
    """
    return (Entry(a.report_id, a.report) for a in load_paths(paths))


def export(paths: Iterable[Path], format_: Format) -> str:
    """The file of a format with the reports of files and folders.

    Raises:
        AnnotationError: as for `entries`, or a report that other formats cannot hold.
    """
    return format_.dump(entries(paths))


def import_file(file: Path, format_: Format, folder: Path, *, replace: bool = False) -> Imported:
    """Write the sound reports of a file to `folder/ID.txt`, and what is kept out to `folder/rejected.*`.

    The file itself is never touched. Nothing is written if a report would overwrite another.

    Raises:
        AnnotationError: the file cannot be read, or `folder` holds other reports of the same ids
            (and `replace` is not set).
    """
    imported = format_.load(_read(file), str(file))
    new = {folder / f"{e.report_id}.txt": render(e.report) for e in imported.entries}
    for path, source in new.items():
        if path.exists() and not replace and path.read_bytes() != source.encode():
            raise AnnotationError(
                "exists and differs", file=str(path), advice="choose another folder, or --replace"
            )
    folder.mkdir(parents=True, exist_ok=True)
    for path, source in new.items():
        write_text(path, source)
    kept_out = [p.raw for p in imported.problems if p.raw is not None]
    if kept_out:
        write_text(folder / f"rejected{format_.suffix}", format_.wrap(kept_out))
    return imported


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise AnnotationError(f"is over {MAX_BYTES} bytes", file=str(file), advice="split it")
        data = file.read_bytes()
    except OSError as error:
        raise AnnotationError(f"cannot be read ({error})", file=str(file)) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnnotationError(
            f"line {line}: is no UTF-8 ({error.reason})", file=str(file), advice="save it as UTF-8"
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 through a temporary name, line ends as they are."""
    temporary = path.with_name(path.name + ".tmp")
    # Bytes, as line ends must stay: surrogates that JSON can smuggle in are kept for the eye.
    temporary.write_bytes(text.encode("utf-8", "backslashreplace"))
    os.replace(temporary, path)
