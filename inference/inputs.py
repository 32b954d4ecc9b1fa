"""Expands what a user names (files, folders, globs, -) into files, in a stable order."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..data.errors import ConfigError

STANDARD_INPUT = "-"


def expand(names: Sequence[str]) -> Iterator[str]:
    """The files that names stand for: a folder's in path order, hidden ones left out; each once.

    A name that matches nothing is given back as it is: reading it then says what is wrong.

    Raises:
        ConfigError: standard input is named twice.
    """
    seen: set[str] = set()
    for name in names:
        if name == STANDARD_INPUT:
            if name in seen:
                raise ConfigError("standard input is named twice", advice="give - once")
            seen.add(name)
            yield name
            continue
        for file in _files(name):
            key = str(file)
            if key not in seen:
                seen.add(key)
                yield key


def _files(name: str) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            inside = file.relative_to(path).parts
            if file.is_file() and not any(part.startswith(".") for part in inside):
                yield file
    elif path.exists() or not glob.has_magic(name):
        yield path
    else:
        found = sorted(Path(p) for p in glob.glob(name, recursive=True))
        if not found:
            yield path
        for file in found:
            if file.is_dir():
                yield from _files(str(file))
            else:
                yield file
