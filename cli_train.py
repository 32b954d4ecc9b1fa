"""The `gongkai pretrain` and `gongkai train` commands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

_DEFAULTS = Path(__file__).parent / "configs"


@contextmanager
def _faults() -> Iterator[None]:
    """Errors as one line; 2 for wrong settings, 1 for data or a model that would not do."""
    from .data.errors import ConfigError, GongkaiError

    try:
        yield
    except ModuleNotFoundError as error:
        typer.echo(f"gongkai: training needs {error.name}; pip install 'gongkai[train]'", err=True)
        raise typer.Exit(2) from error
    except GongkaiError as error:
        typer.echo(f"gongkai: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, ConfigError) else 1) from error


def pretrain(
    config: Annotated[Path, typer.Argument(help="Settings of the run.")] = _DEFAULTS / "pretrain.yaml",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Another output folder.")] = None,
) -> None:
    """Pretrain the small encoder from nothing; goes on where a run was cut off.

    Example: gongkai pretrain configs/pretrain.yaml
    """
    _log()
    with _faults():
        from .training.pretrain import pretrain as run
        from .training.pretrain_settings import PretrainSettings
        from .training.settings import load_settings

        settings = load_settings(PretrainSettings, config, {"output": output} if output else None)
        typer.echo(run(settings))


def train(
    config: Annotated[
        Path | None,
        typer.Argument(
            help="Settings of the run; else the shipped default.yaml, or retrain.yaml to train on."
        ),
    ] = None,
    base: Annotated[
        str | None, typer.Option(metavar="PATH_OR_HUB_NAME", help="Any Hugging Face encoder to start from.")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Another output folder.")] = None,
    resume_from: Annotated[
        Path | None, typer.Option("--resume-from", metavar="MODEL", help="A model folder to train on.")
    ] = None,
    add: Annotated[
        list[Path] | None,
        typer.Option("--add", help="New annotations: a folder of reports, or a file of another tool."),
    ] = None,
    epochs: Annotated[float | None, typer.Option(min=0.01, help="Passes over the data.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Put the new model in place even if the old one does better.")
    ] = False,
) -> None:
    """Fine-tune, calibrate and export a model; with --resume-from and --add, train one on.

    Example: gongkai train --resume-from inference/model --add my_reports/
    """
    _log()
    with _faults(), tempfile.TemporaryDirectory() as folder:
        from .training.settings import load_settings
        from .training.train import train as run
        from .training.train_settings import TrainSettings

        given = {"base": base, "output": output, "epochs": epochs}
        shipped = _DEFAULTS / "train" / ("retrain.yaml" if resume_from else "default.yaml")
        settings = load_settings(
            TrainSettings, config or shipped, {k: v for k, v in given.items() if v is not None}
        )
        added = list(_folders(add or [], Path(folder)))
        typer.echo(run(settings, resume_from=resume_from, add=added, replace_worse=force))


def _folders(added: Sequence[Path], scratch: Path) -> Iterator[Path]:
    """Folders of reports as they are; files of other tools imported into folders of their own.

    Raises:
        AnnotationError: a file holds what cannot be read: training on the rest would lose it silently.
    """
    from .annotations.exchange.formats import format_of_file, import_file
    from .data.errors import AnnotationError

    for number, path in enumerate(added):
        if path.is_dir():
            yield path
            continue
        target = scratch / str(number)
        imported = import_file(path, format_of_file(path), target)
        for problem in imported.problems:
            typer.echo(str(problem), err=True)
        if any(p.raw is not None for p in imported.problems):
            raise AnnotationError(
                "holds reports that cannot be read", file=str(path), advice="mend the lines named above"
            )
        yield target


def _log() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
