"""Records as flat, typed rows: the columns that every tabular output shares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...data.errors import ReadError

COLUMNS: dict[str, type] = {
    "doc_id": str,
    "agency": str,
    "year": int,
    "metric": str,
    "metric_id": str,
    "value": float,
    "unit": str,
    "qualifier": str,
    "kind": str,
    "section": str,
    "start": int,
    "end": int,
    "text": str,
    "source": str,
    "confidence": float,
    "flags": str,
}
"""Column names and their Python types; every column but `doc_id` and `metric` may be None."""

Row = dict[str, Any]


def flatten(line: dict[str, Any]) -> Row:
    """A record as the contract writes it, its evidence and flags flattened."""
    flat = line | line["evidence"] | {"flags": ";".join(line.get("flags", []))}
    return {name: flat.get(name) for name in COLUMNS}


def read_records(path: Path) -> Iterator[Row]:
    """Rows of a records file (JSON Lines).

    Raises:
        ReadError: the file cannot be read, or a line is no record; the message gives the line.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    yield flatten(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise ReadError(
                        f"line {number} is no record ({error})",
                        file=str(path),
                        advice="give a file that gongkai extract wrote",
                    ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"cannot be read ({error})", file=str(path)) from error
