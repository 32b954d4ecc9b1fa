"""Batches through the command line: killed, on a full disk, repeated, changed, with bad workers."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gongkai.data.document import Source
from gongkai.data.limits import Limits
from gongkai.data.readers import ReadOptions
from gongkai.inference import batch_work, run
from gongkai.inference.batch_work import Done, Failure, Piece, Worker

from .conftest import Run, command, published, report_text

RULES = ("--tagger", "rules")


@pytest.fixture(scope="module")
def small_tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config whose tasks are small, so that kills find many states."""
    path = tmp_path_factory.mktemp("config") / "small.yaml"
    path.write_text("tagger: rules\ntask_files: 2\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def unbroken(
    reports: Path, small_tasks: Path, tmp_path_factory: pytest.TempPathFactory, gongkai: Run
) -> Path:
    out = tmp_path_factory.mktemp("unbroken") / "out"
    assert gongkai("extract", reports, "-o", out, "--config", small_tasks, "--workers", 1).returncode == 1
    return out


def test_output(unbroken: Path, reports: Path) -> None:
    lines = [json.loads(line) for line in (unbroken / "records.jsonl").read_text("utf-8").splitlines()]
    ids = list(dict.fromkeys(line["doc_id"] for line in lines))
    texts = [f"r{n:02}" for n in [*range(0, 60, 2), *range(1, 60, 2)]]
    assert ids == [*texts, *(f"z{n}" for n in range(60, 64)), *(f"j{n}" for n in range(70, 210)), "e"]
    errors = [json.loads(line) for line in (unbroken / "errors.jsonl").read_text("utf-8").splitlines()]
    assert [(Path(e["file"]).name, e["kind"]) for e in errors] == [
        ("empty.txt", "empty"), ("d.jsonl:91", "unreadable"), ("f.bin", "binary"), ("g.txt", "not-a-report"), ("h.txt", "empty"),
    ]  # fmt: skip
    about = json.loads((unbroken / "run.json").read_text("utf-8"))
    assert about["inputs"] == 66
    assert about["reports"] == len(ids)
    assert about["records"] == len(lines)
    assert about["failed"] == len(errors)


@pytest.mark.parametrize("seed", range(2))
def test_killed_and_resumed(
    seed: int, unbroken: Path, reports: Path, small_tasks: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    generator = random.Random(seed)
    words = command("extract", reports, "-o", out, "--config", small_tasks, "--workers", 1 + seed % 2)
    kills = 0
    for _ in range(4):
        process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        journal = out / ".gongkai" / "journal.jsonl"
        start, before = time.monotonic(), journal.stat().st_size if journal.exists() else 0
        while process.poll() is None and time.monotonic() - start < 60:
            if journal.exists() and journal.stat().st_size > before:
                break  # it is at work: from here any moment is as good as another
            time.sleep(0.002)
        time.sleep(generator.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        if (out / "run.json").exists():
            break
    assert kills
    assert subprocess.run(words, stderr=subprocess.DEVNULL, check=False).returncode == 1
    assert published(out) == published(unbroken)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_killed_at_any_step(form: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    program = Path(__file__).with_name("kill_everywhere.py")
    seed = str(random.randrange(1000))
    done = subprocess.run(
        [sys.executable, program, tmp_path / "kills", form, "2", seed],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}: {done.stdout}{done.stderr}"
    assert done.stdout == f"{form}: 8 kills, 0 differences\n"


def test_workers_end_with_their_run(reports: Path, small_tasks: Path, tmp_path: Path) -> None:
    psutil = pytest.importorskip("psutil")
    words = command("extract", reports, "-o", tmp_path / "out", "--config", small_tasks, "--workers", 2)
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    children: list[psutil.Process] = []
    while process.poll() is None and len(children) < 3:  # two workers and multiprocessing's tracker
        children = psutil.Process(process.pid).children()
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=30)
    assert children
    assert not alive


@pytest.mark.parametrize("size", [3_000, 60_000, 120_000])
def test_full_disk(
    size: int, unbroken: Path, reports: Path, small_tasks: Path, tmp_path: Path, gongkai: Run
) -> None:
    out = tmp_path / "out"
    words = ("extract", reports, "-o", out, "--config", small_tasks, "--workers", 1)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    full = gongkai(*words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, limit)))
    assert full.returncode == 1
    assert b"goes on where it stopped" in full.stderr
    assert b"Traceback" not in full.stderr
    assert not (out / "records.jsonl").exists()
    gongkai(*words)
    assert published(out) == published(unbroken)


class _Watch:
    """Which files the workers of this process are given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: list[str] = []
        whole = Worker.run

        def watched(worker: Worker, task: tuple[Piece, ...]) -> list[Done]:
            self.files += [Path(piece.file).name for piece in task]
            return whole(worker, task)

        monkeypatch.setattr(Worker, "run", watched)


def extract(folder: Path, out: Path, **overrides: object) -> int:
    return run.extract_paths(
        [str(folder)],
        output=out,
        format_name=None,
        config=None,
        overrides={"tagger": "rules"} | overrides,
        workers=1,
    )


def test_what_did_not_change_is_not_read_again(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(reports, source)
    extract(source, out)
    first = published(out)
    watch = _Watch(monkeypatch)
    extract(source, out)
    assert watch.files == []
    assert published(out) == first
    (source / "a" / "r10.txt").write_text(report_text(500), encoding="utf-8")
    (source / "a" / "r08.txt").unlink()
    (source / "a" / "r09x.txt").write_text(report_text(501), encoding="utf-8")
    extract(source, out)
    assert watch.files == ["r09x.txt", "r10.txt"]
    extract(source, tmp_path / "fresh")
    assert published(out) == published(tmp_path / "fresh")


def test_settings_and_tampering_make_everything_new(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    watch = _Watch(monkeypatch)
    extract(reports / "a", out)
    extract(reports / "a", out, window=300)
    assert len(watch.files) == 60
    (out / "records.jsonl").write_bytes((out / "records.jsonl").read_bytes()[:-5])
    extract(reports / "a", out, window=300)
    assert len(watch.files) == 90


def test_killed_between_the_last_two_steps(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    extract(reports / "a", tmp_path / "whole")
    with monkeypatch.context() as patched:
        patched.setattr(run, "_publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        (out / ".gongkai").mkdir(parents=True)
        (out / ".gongkai" / "journal.jsonl").touch()
        with pytest.raises(KeyboardInterrupt):
            extract(reports / "a", out)
    assert not (out / "records.jsonl").exists()
    watch = _Watch(monkeypatch)
    extract(reports / "a", out)
    assert watch.files == []
    assert published(out) == published(tmp_path / "whole")


def test_output_within_the_input(reports: Path, tmp_path: Path) -> None:
    source = tmp_path / "in"
    shutil.copytree(reports / "a", source)
    extract(source, source / "out")
    first = published(source / "out")
    extract(source, source / "out")
    assert published(source / "out") == first


def test_single_file_leaves_nothing_else(reports: Path, tmp_path: Path, unbroken: Path) -> None:
    out = tmp_path / "records.jsonl"
    extract(reports, out)
    assert out.read_bytes() == (unbroken / "records.jsonl").read_bytes()
    assert (tmp_path / "errors.jsonl").read_bytes() == (unbroken / "errors.jsonl").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["errors.jsonl", "records.jsonl"]


def test_a_dead_worker_costs_one_input(
    reports: Path, small_tasks: Path, tmp_path: Path, gongkai: Run
) -> None:
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import os, signal\n"
        "from gongkai.inference.batch_work import Worker\n"
        "whole = Worker.run\n"
        "def run(worker, task):\n"
        "    if any(p.file.endswith('r06.txt') for p in task):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return whole(worker, task)\n"
        "Worker.run = run\n",
        encoding="utf-8",
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(hook), os.environ.get("PYTHONPATH", "")])}
    words = command("extract", reports / "a", "-o", tmp_path / "out", "--config", small_tasks, "--workers", 2)
    done = subprocess.run(words, capture_output=True, env=environment, check=False, timeout=300)
    assert done.returncode == 1, done.stderr
    (error,) = map(json.loads, (tmp_path / "out" / "errors.jsonl").read_text("utf-8").splitlines())
    assert (Path(error["file"]).name, error["kind"]) == ("r06.txt", "crash")
    ids = [json.loads(line)["doc_id"] for line in (tmp_path / "out" / "records.jsonl").open(encoding="utf-8")]
    assert list(dict.fromkeys(ids)) == [f"r{n:02}" for n in range(0, 60, 2) if n != 6]


def test_a_bug_of_a_reader_ends_one_file_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object, **__: object) -> Iterator[Source]:
        raise KeyError("a bug")
        yield

    monkeypatch.setattr(batch_work, "read_path", broken)
    (failure,) = batch_work.read_sources(str(tmp_path / "a.txt"), Limits(), ReadOptions())
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.file) == ("internal", str(tmp_path / "a.txt"))
