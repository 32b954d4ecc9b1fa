"""`gongkai convert`: a records file to a typed table, long or as a panel."""

from __future__ import annotations

from pathlib import Path

from ...data.errors import OutputError
from .files import write_rows
from .panel import make_panel
from .rows import COLUMNS, read_records


def convert_records(records: Path, output: Path, *, panel: bool) -> int:
    """Write the records as the output's suffix says; returns how many rows.

    A panel comes with a second file, `NAME.alternates.SUFFIX`: the other values that reports
    state for a cell, with their evidence.

    Raises:
        ReadError: the records cannot be read.
        ConfigError: the output's suffix is unknown.
        MissingDependencyError: the format's library is not installed.
        OutputError: the disk is full, or the file cannot be written.
    """
    try:
        if not panel:
            return write_rows(read_records(records), COLUMNS, output)
        wide = make_panel(read_records(records))
        write_rows(wide.alternates, COLUMNS, output.with_name(f"{output.stem}.alternates{output.suffix}"))
        return write_rows(wide.rows, wide.columns, output)
    except OSError as error:
        raise OutputError(
            f"cannot be written ({error.strerror or error})", file=str(output), advice="make room"
        ) from error
