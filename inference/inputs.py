"""Expands what a user names (files, folders, globs, -) into files, in a stable order."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ..data.errors import ConfigError

STANDARD_INPUT = "-"


def expand(names: Sequence[str], *, exclude: Collection[Path] = ()) -> Iterator[str]:
    """The files that names stand for: a folder's in path order, hidden ones left out; each once.

    A name that matches nothing is given back as it is: reading it then says what is wrong.
    `exclude` are paths that no folder yields: the output must not become input.

    Raises:
        ConfigError: standard input is named twice.
    """
    hidden = {os.path.realpath(path) for path in exclude}
    seen: set[str] = set()
    for name in names:
        if name == STANDARD_INPUT:
            if name in seen:
                raise ConfigError("standard input is named twice", advice="give - once")
            seen.add(name)
            yield name
            continue
        for key in _files(name, hidden):
            if key not in seen:
                seen.add(key)
                yield key


def _files(name: str, hidden: Collection[str]) -> Iterator[str]:
    path = Path(name)
    if path.is_dir():
        yield from _walk(str(path), hidden)
    elif path.exists() or not glob.has_magic(name):
        yield str(path)
    else:
        found = sorted(glob.glob(name, recursive=True))
        if not found:
            yield str(path)
        for file in found:
            if Path(file).is_dir():
                yield from _walk(file, hidden)
            else:
                yield str(Path(file))


def _walk(folder: str, hidden: Collection[str]) -> Iterator[str]:
    """Files under a folder, one directory's names in memory at a time; linked folders are left out."""
    with os.scandir(folder) as listing:
        entries = sorted((e for e in listing if not e.name.startswith(".")), key=lambda e: e.name)
    for entry in entries:
        if hidden and os.path.realpath(entry.path) in hidden:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, hidden)
        elif entry.is_file():
            yield str(Path(entry.path))
