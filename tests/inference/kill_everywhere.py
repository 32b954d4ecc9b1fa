"""Runs an extraction, killed at steps that touch its output, goes on, and compares with an unbroken run.

`python kill_everywhere.py FOLDER FORMAT KILLS SEED`; exits with 1 and says where anything differs.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gongkai.inference import batch_journal, run

SETTINGS: dict[str, object] = {"tagger": "rules", "task_files": 2}
_STEPS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}
REPORT = """青禾县水务局{year}年政府信息公开工作年度报告

一、主动公开政府信息情况
{year}年，我局主动公开政府信息{count}条，其中政府网站公开{site}条。
二、依申请公开办理情况
全年收到政府信息公开申请{site}件，均按期办结。
"""


def write_inputs(folder: Path, changed: bool = False) -> None:
    """Nine reports, a crawl of some more with a broken line, a file that is none; later some others."""
    import json

    folder.mkdir(exist_ok=True)
    for n in range(9):
        text = REPORT.format(year=2009 + n, count=100 + n, site=n + 50 * (changed and n in (2, 6)))
        (folder / f"r{n}.txt").write_text(text, encoding="utf-8")
    rows = [json.dumps({"id": f"j{n}", "text": REPORT.format(year=2012, count=n, site=n)}) for n in range(75)]
    (folder / "c.jsonl").write_text("\n".join([*rows[:40], "{", *rows[40:]]), encoding="utf-8")
    (folder / "none.bin").write_bytes(b"\x7fELF" + bytes(range(256)))
    if changed:
        (folder / "r4.txt").unlink()
        (folder / "r3a.txt").write_text(REPORT.format(year=2010, count=7, site=8), encoding="utf-8")


class Killer:
    """Ends this process at a step of its work on the output."""

    def __init__(self, at: int, folder: Path) -> None:
        self.left = at
        self._folder = str(folder)
        sys.addaudithook(self._watch)
        self._wrap(os, "fsync", lambda whole, *given: whole(*given))
        self._wrap(batch_journal, "_write", self._torn)

    def _watch(self, event: str, given: tuple[Any, ...]) -> None:
        if event in _STEPS and any(str(path).startswith(self._folder) for path in given[:2]):
            self._step()

    def _step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def _wrap(self, module: Any, name: str, do: Callable[..., Any]) -> None:
        whole = getattr(module, name)

        def wrapped(*given: Any) -> Any:
            self._step()
            return do(whole, *given)

        setattr(module, name, wrapped)

    def _torn(self, whole: Callable[..., int], file: Any, data: bytes) -> int:
        if self.left == 1:  # the next step is the last: half of this write gets through
            whole(file, data[: len(data) // 2])
            self._step()
        return whole(file, data)


def fork(work: Callable[[], int]) -> int:
    """Do some work in a process of its own; its exit status, or -9."""
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            status = work()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def extract(inputs: Path, out: Path, form: str, kill_at: int = 0) -> int:
    """A run in a process of its own; 1 where it is through and told of the two inputs that fail."""

    def work() -> int:
        if kill_at:
            Killer(kill_at, out)
        return int(_run(inputs, out, form) == 2)

    return fork(work)


def _run(inputs: Path, out: Path, form: str) -> int:
    return run.extract_paths(
        [str(inputs)],
        output=out,
        format_name=form if out.suffix == "" else None,
        config=None,
        overrides=SETTINGS,
        workers=1,
    )


def shown(place: Path) -> dict[str, Any]:
    """What lies in an output folder for all to see, and what should not lie there."""
    found: dict[str, Any] = {}
    for path in sorted(place.iterdir()):
        if path.is_dir():
            found[path.name] = "a folder"
        elif path.suffix == ".xlsx":
            import openpyxl

            found[path.name] = list(openpyxl.load_workbook(path, read_only=True).active.values)
        elif path.suffix == ".duckdb":
            import duckdb

            with duckdb.connect(str(path), read_only=True) as connection:
                found[path.name] = connection.execute("select * from records").fetchall()
        else:
            found[path.name] = path.read_bytes()
    return found


def same(place: Path, other: Path) -> bool:
    """Whether both show the same."""
    return fork(lambda: int(shown(place) == shown(other))) == 1


def main(folder: Path, form: str, kills: int, seed: int) -> int:
    """Kill that many runs into a folder and a file, of new and of changed inputs; 1 where anything differs."""
    generator = random.Random(seed)
    inputs = folder / "in"
    inputs.mkdir(parents=True)
    wrong = done = 0
    for single in (False, True):
        name = f"records.{form}" if single else "out"
        for again in (False, True):
            first = folder / f"first-{single}-{again}"
            whole = folder / f"whole-{single}-{again}"
            for place in (first, whole):
                place.mkdir()
            if again:
                write_inputs(inputs)
                assert extract(inputs, first / name, form) == 1
            shutil.rmtree(inputs)
            write_inputs(inputs, changed=again)
            if again and single:  # errors of another run stay beside a single file
                shutil.copy(first / "errors.jsonl", whole)
            assert extract(inputs, whole / name, form) == 1
            steps = _count(inputs, first, name, form, folder / "count")
            moments = generator.sample(range(1, steps + 1), min(kills, steps))
            for number, moment in enumerate(sorted(moments)):
                place = folder / f"broken-{single}-{again}-{moment}"
                shutil.copytree(first, place)
                assert extract(inputs, place / name, form, moment) == -signal.SIGKILL
                if number % 3 == 2:  # and once more, while it goes on
                    extract(inputs, place / name, form, generator.randrange(1, steps))
                status = extract(inputs, place / name, form)
                out, expected = (place, whole) if single else (place / name, whole / name)
                done += 1
                if status != 1 or not same(out, expected):
                    print(
                        f"{form} single={single} again={again} step {moment} of {steps}: {status}",
                        *map(str, sorted(out.iterdir())),
                    )
                    wrong += 1
                else:
                    shutil.rmtree(place)
    print(f"{form}: {done} kills, {wrong} differences")
    return int(wrong > 0)


def _count(inputs: Path, first: Path, name: str, form: str, place: Path) -> int:
    """How many steps a run has."""
    shutil.copytree(first, place)
    ending = 1 << 30
    counted, told = os.pipe()

    def work() -> int:
        killer = Killer(ending, place / name)
        _run(inputs, place / name, form)
        os.write(told, str(ending - killer.left).encode())
        return 1

    assert fork(work) == 1
    shutil.rmtree(place)
    return int(os.read(counted, 20))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
