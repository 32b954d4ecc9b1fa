"""gongkai against `transformers.pipeline("token-classification")`: the same model, the same reports.

`python benchmarks/pipeline.py` checks first that both see the same tags where they can be compared,
then times A and B in turns, and prints the ratio of reports per second as its last line. Both may
use two cores: gongkai as two processes, torch as two threads. On a machine that others use, too,
`--processor-time` compares what both cost on one core instead; that leaves out how well each uses
the second, where torch's threads wait for each other.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"

from common import make_reports
from gongkai.data.build import document_from_text
from gongkai.data.limits import Limits
from gongkai.inference.batch_pool import ProcessPool, Task
from gongkai.inference.batch_work import Piece, Worker
from gongkai.inference.extractor import Extractor
from gongkai.inference.model_folder import shipped_model

CORES = 2


def transformers_pipeline(model: Path, batch: int, threads: int) -> Callable[[list[str]], Any]:
    """The road a user would take: the library's pipeline over whole texts, long ones with a stride."""
    import torch
    from transformers import pipeline

    torch.set_num_threads(threads)
    tag = pipeline(
        "token-classification",
        model=str(model),
        aggregation_strategy="simple",
        stride=64,
        device="cpu",
        dtype=torch.float32,
    )
    tag.tokenizer.model_max_length = 254 + 2
    return lambda texts: tag(texts, batch_size=batch)


def agreement(model: Path, texts: list[str]) -> tuple[int, int, float]:
    """Sentences with the same decoded tags by both roads, how many there were, and the largest logit gap.

    fp32 weights on both sides: torch in the pipeline, torch in gongkai's own tagger and decoder.
    """
    import numpy as np
    import torch
    from gongkai.inference.encoder import load_encoder
    from gongkai.inference.torch_tagger import torch_logits
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    run, encoder = torch_logits(model, "cpu"), load_encoder(model / "tokenizer.json")
    reference = AutoModelForTokenClassification.from_pretrained(model, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(model)
    sentences = [s.view.text for t in texts for s in document_from_text("r", t).sentences][:200]
    same, gap = 0, 0.0
    for text in sentences:
        ids = np.array([encoder.encode(text)[0]])
        ours = run(ids, np.ones_like(ids))
        with torch.inference_mode():
            theirs = reference(**tokenizer(text, return_tensors="pt")).logits.numpy()
        same += ours.shape == theirs.shape and bool((ours.argmax(-1) == theirs.argmax(-1)).all())
        gap = max(gap, float(np.abs(ours - theirs).max()))
    return same, len(sentences), gap


def seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Time of a piece of work by a clock."""
    start = clock()
    work()
    return clock() - start


def main() -> int:
    """Compare and print; 1 where the two roads tag differently."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--reports", type=int, default=48)
    arguments.add_argument("--repeats", type=int, default=3)
    arguments.add_argument("--model", type=Path, default=shipped_model())
    arguments.add_argument("--processor-time", action="store_true")
    chosen = arguments.parse_args()
    clock = time.process_time if chosen.processor_time else time.perf_counter
    with tempfile.TemporaryDirectory() as folder:
        files = make_reports(Path(folder), chosen.reports)
        texts = [f.read_text(encoding="utf-8") for f in files]
        same, count, gap = agreement(chosen.model, texts)
        print(f"same tags in {same} of {count} sentences, largest logit difference {gap:.1e}")
        if same != count:
            return 1
        overrides: dict[str, object] = {"model": str(chosen.model)}
        worker = Worker(Extractor.load(None, **overrides), Limits())
        tasks: list[Task] = [tuple(Piece(str(f)) for f in files[i : i + 4]) for i in range(0, len(files), 4)]

        def ours() -> float:
            """Reports a second from the first result on: neither side's time to load counts."""
            if chosen.processor_time:
                return len(few) / seconds(
                    lambda: worker.run([Piece(str(f)) for f in files[: len(few)]]), clock
                )
            results = ProcessPool(CORES, (None, overrides, Limits()), worker).run(tasks)
            early = len(next(results))
            start, count = time.perf_counter(), sum(len(done) for done in results)
            print(f"  (first {early} of {early + count} reports came while workers started)")
            return count / (time.perf_counter() - start)

        pipes = {
            batch: transformers_pipeline(chosen.model, batch, 1 if chosen.processor_time else CORES)
            for batch in (1, 8)
        }
        few = texts[: max(4, len(texts) // 8)]
        speeds = {}
        for batch, pipe in pipes.items():
            speeds[batch] = len(few) / seconds(lambda p=pipe: p(few), clock)
            print(f"transformers.pipeline, batch_size={batch}: {speeds[batch]:.2f} reports/s")
        best = max(speeds, key=lambda batch: speeds[batch])
        a, b = [], []
        for _ in range(chosen.repeats):  # in turns, so that a busy machine is unfair to both
            a.append(ours())
            b.append(len(few) / seconds(lambda: pipes[best](few), clock))
        print(f"gongkai: {' '.join(f'{x:.2f}' for x in a)} reports/s")
        print(f"transformers.pipeline, batch_size={best}: {' '.join(f'{x:.2f}' for x in b)} reports/s")
        print(f"ratio {statistics.median(x / y for x, y in zip(a, b, strict=True)):.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
