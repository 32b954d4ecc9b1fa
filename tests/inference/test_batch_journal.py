"""The journal of a batch, cut at any byte: what comes out is what an unbroken run writes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from gongkai.data.errors import OutputError
from gongkai.inference.batch_folder import locked
from gongkai.inference.batch_journal import INDEX, JOURNAL, RECORDS, Index, Journal
from gongkai.inference.batch_work import Done, Failure, Piece, Report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KEY = '{"version": "1"}'


def results(pieces: int = 12) -> list[Done]:
    """Two pieces an input, some with failures, none alike."""
    out = []
    for n in range(pieces):
        lines = f'{{"n": {n}, "pad": "{"字" * (7 * n % 11)}"}}\n'.encode() * (n % 4)
        failed = (Failure(f"f{n}\ud800", "limit", "is too big", "split it"),) if n % 3 == 0 else ()
        piece = Piece(f"file{n // 2}", n % 2, n % 2 == 1, f"sha{n // 2}")
        out.append(Done(piece, (Report(f"r{n}", None, None, n % 4, lines), *failed)))
    return out


def write(folder: Path, done: list[Done]) -> dict[str, bytes]:
    """Resume what is there, do the rest, one piece at a time; the finished files."""
    with Journal(folder, KEY) as journal:
        skip: dict[str, int] = {}
        for file, sha in dict.fromkeys((d.piece.file, d.piece.sha256) for d in done):
            skip[file] = journal.resume(file, sha)[0] if journal.resuming else 0
        for d in done:
            if d.piece.number >= skip[d.piece.file]:
                journal.add([d])
        journal.finish()
    return {name: (folder / name).read_bytes() for name in (INDEX, RECORDS)}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), stop=st.integers(0, 12))
def test_cut_anywhere(tmp_path: Path, seed: int, stop: int) -> None:
    done = results()
    at = tmp_path / str(random.Random(seed).random())
    whole = write(at / "whole", done)
    broken = at / "broken"
    with Journal(broken, KEY) as journal:
        for d in done[:stop]:
            journal.add([d])
    generator = random.Random(seed)
    # A power cut keeps any first part of either file; the records are synced before the journal is
    # written, so the journal never speaks of records that are missing, but it may be cut further.
    for name in (RECORDS, JOURNAL):
        if generator.random() < 0.7:
            file = broken / name
            file.write_bytes(file.read_bytes()[: generator.randrange(file.stat().st_size + 1)])
    assert write(broken, done) == whole


def test_resumes_rather_than_repeats(tmp_path: Path) -> None:
    done = results()
    with Journal(tmp_path, KEY) as journal:
        journal.add(done[:5])
    with Journal(tmp_path, KEY) as journal:
        assert journal.resume("file0", "sha0") == (2, True)
        assert journal.resume("file1", "sha1") == (2, True)
        assert journal.resume("file2", "sha2") == (1, False)


@pytest.mark.parametrize("key", [KEY, '{"version": "2"}'])
def test_what_changed_is_done_again(tmp_path: Path, key: str) -> None:
    with Journal(tmp_path, KEY) as journal:
        journal.add(results())
    with Journal(tmp_path, key) as journal:
        assert not journal.resuming or journal.resume("file0", "other") == (0, False)
        # Nothing behind a changed input counts: its place in the output may have moved.
        assert not journal.resuming


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(OutputError, match="another run"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_index_knows_its_records(tmp_path: Path) -> None:
    write(tmp_path, results())
    index = Index(tmp_path / INDEX)
    other = tmp_path / "other.jsonl"
    other.write_bytes((tmp_path / RECORDS).read_bytes()[:-1] + b"!")
    assert index.find(other, tmp_path / RECORDS) == tmp_path / RECORDS
    assert index.find(other) is None
    kept = index.kept(KEY)
    assert list(kept) == [f"file{n}" for n in range(6)]
    assert kept["file3"].offset == sum(
        len(r.lines) for d in results()[:6] for r in d.results if isinstance(r, Report)
    )
    assert index.kept("another key") == {}
