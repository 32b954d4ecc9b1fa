"""How time and memory grow with the number of reports: `python benchmarks/growth.py 100 1000 10000`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from common import make_reports


def measure(source: Path, out: Path) -> tuple[float, float]:
    """Seconds, and the most memory (MB, proportional share of main process and workers) of a run."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "gongkai.cli", "extract", str(source), "-o", str(out)])
    most = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.5):
            try:
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                most = max(most, sum(p.memory_full_info().pss for p in family) / 1e6)
            except psutil.NoSuchProcess:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    done.set()
    watcher.join()
    return time.perf_counter() - start, most


def main() -> None:
    """Print a line for each size, and one for the same command again."""
    for count in map(int, sys.argv[1:] or ["100", "1000"]):
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "in", Path(folder) / "out"
            source.mkdir()
            make_reports(source, count)
            seconds, memory = measure(source, out)
            again, _ = measure(source, out)
            print(
                f"{count} reports: {seconds:.1f} s, {count / seconds:.1f} reports/s, {memory:.0f} MB; again {again:.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
