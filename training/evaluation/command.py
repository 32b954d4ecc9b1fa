"""`gongkai evaluate`: reads the reports, evaluates, compares, writes `evaluation.json` and the page."""

from __future__ import annotations

from pathlib import Path

from ...annotations.convert import Annotated, load_corpus
from ...annotations.splits import CORPUS, SPLITS, load_split
from ...data.errors import ConfigError
from ..files import write_json, write_text
from .compare import Comparison, compare, load_evaluation
from .page import page
from .result import evaluate_folder
from .settings import shipped_settings
from .summary import lines

JSON, HTML = "evaluation.json", "evaluation.html"
_OUTPUT = Path("runs") / "evaluate"


def evaluate_command(model: Path, split: str, output: Path | None, old: Path | None) -> list[str]:
    """Evaluate a model folder on a split of the shipped corpus or a folder of annotated reports.

    Writes into `output` (default: `runs/evaluate/NAME`) and returns lines for the terminal.

    Raises:
        ConfigError: `split` is neither, or `old` is no evaluation.
        AnnotationError: a report breaks the markup.
        ModelError: the model cannot be used.
    """
    before = load_evaluation(old) if old else None
    corpus, name = _reports(split)
    result = evaluate_folder(model, corpus, shipped_settings(), name=name)
    comparison = compare(before, result) if before else None
    settings = shipped_settings()
    folder = output or _OUTPUT / name
    write_json(folder / JSON, result)
    write_text(folder / HTML, page(result, comparison, examples=settings.examples))
    said = lines(result)
    if comparison:
        said.append(_compared(comparison))
    return [*said, f"written  {folder / JSON}, {folder / HTML}"]


def _reports(split: str) -> tuple[list[Annotated], str]:
    if split in SPLITS:
        return load_split(CORPUS, split), split
    folder = Path(split)
    if not folder.is_dir():
        raise ConfigError(
            "is neither a split nor a folder", file=split, advice=f"name {', '.join(SPLITS)} or a folder"
        )
    return load_corpus(folder), folder.resolve().name


def _compared(comparison: Comparison) -> str:
    better = sum(c.better for c in comparison.changes)
    broke, mended = (sum(map(len, part.values())) for part in (comparison.broke, comparison.mended))
    return (
        f"compared {better} figures better, {len(comparison.changes) - better} worse; "
        f"{broke} examples broke, {mended} mended"
    )
