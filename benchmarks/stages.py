"""Where the time of an extraction goes, how fast the model stage is, and how long a cold start takes."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import make_reports
from gongkai.data import build
from gongkai.data.limits import Limits
from gongkai.inference import batch_work, extractor
from gongkai.inference.batch_work import Piece, Worker
from gongkai.inference.extractor import Extractor
from gongkai.inference.prefilter import can_hold
from gongkai.inference.rules import RuleTagger
from gongkai.inference.settings import load_settings
from gongkai.inference.tagger import ModelTagger, load_tagger

REPORTS = 60
CORES = 2


def model_stage(folder: str, barrier: Any, results: Any) -> None:
    """Tag the sentences of a folder's reports five times, from the moment that all processes are ready."""
    tagger = load_tagger(load_settings(None))
    texts = [f.read_text(encoding="utf-8") for f in sorted(Path(folder).rglob("*.txt"))]
    sentences = [
        s for t in texts for s in build.document_from_text("r", t).sentences if can_hold(s.view.text)
    ]
    tagger.predict(sentences)
    barrier.wait()
    start = time.monotonic()
    for _ in range(5):
        tagger.predict(sentences)
    results.put((start, time.monotonic(), 5 * sum(len(s.view.text) for s in sentences)))


def on_all_cores(folder: str) -> float:
    """Characters a second of the model stage in `CORES` processes at once, wall time."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(CORES), context.Queue()
    workers = [context.Process(target=model_stage, args=(folder, barrier, results)) for _ in range(CORES)]
    for worker in workers:
        worker.start()
    starts, ends, characters = zip(*(results.get() for _ in workers), strict=True)
    for worker in workers:
        worker.join()
    return sum(characters) / (max(ends) - min(starts))


def main() -> None:
    """Print shares of processor time on one core, characters a second, and cold starts."""
    spent: Counter[str] = Counter()
    characters = 0

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **options)
            finally:
                spent[name] += time.process_time() - start

        return run

    with tempfile.TemporaryDirectory() as folder:
        files = make_reports(Path(folder), REPORTS)
        worker = Worker(Extractor.load(), Limits())
        worker.run([Piece(str(files[0]))])
        plain = ModelTagger.predict

        def predict(tagger: ModelTagger, sentences: Any) -> Any:
            nonlocal characters
            characters += sum(len(s.view.text) for s in sentences)
            return plain(tagger, sentences)

        ModelTagger.predict = timed("model", predict)  # type: ignore[method-assign]
        batch_work.build_document = timed("document", build.build_document)
        for name in ("read_forms_and_intervals", "figures_of", "report_agency", "report_year", "run_checks"):
            setattr(extractor, name, timed(name, getattr(extractor, name)))
        RuleTagger.tag = timed("rules", RuleTagger.tag)  # type: ignore[method-assign]
        start = time.process_time()
        worker.run([Piece(str(f)) for f in files])
        whole = time.process_time() - start
        spent["rest (reading, fusing, encoding)"] = whole - sum(spent.values())
        print(f"{whole / REPORTS * 1000:.1f} ms of one core a report")
        for name, seconds in spent.most_common():
            print(f"  {name:34} {100 * seconds / whole:5.1f} %")
        print(f"model stage: {characters / spent['model']:.0f} characters a second of one core")
        print(f"model stage, {CORES} cores: {on_all_cores(folder):.0f} characters a second")
        command = [sys.executable, "-m", "gongkai.cli", "extract", str(files[0])]
        starts = []
        for _ in range(5):
            begin = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            starts.append(time.perf_counter() - begin)
        print(f"cold start of extract one.txt: {min(starts):.2f} to {max(starts):.2f} s")


if __name__ == "__main__":
    main()
