"""The command line: `gongkai extract`, `check`, `read`, `annotate`, `train`, `evaluate` and friends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from .cli_annotate import app as annotate
from .cli_options import Device, Engine, Fallback, Format, HtmlColumn, IdColumn, Ocr, Tagger, TextColumn
from .cli_train import pretrain, train

app = typer.Typer(
    name="gongkai",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Figures of Chinese information-disclosure annual reports (政府信息公开工作年度报告), "
    "each with the exact words that state it.",
)
app.add_typer(annotate, name="annotate")
app.command()(pretrain)
app.command()(train)


def _version(wanted: bool) -> None:
    if wanted:
        from . import __version__

        typer.echo(f"gongkai {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Options that hold for every command."""


@app.command()
def extract(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, or - for standard input.")
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", help="A file, or a folder (ending in / or existing). Default: standard output."
        ),
    ] = None,
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="Default: by the output's suffix; a table on a terminal."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A YAML file over the shipped configs/extract.yaml.")
    ] = None,
    tagger: Annotated[Tagger | None, typer.Option(help="Who tags first.")] = None,
    fallback: Annotated[Fallback | None, typer.Option(help="Who tags where the model is unsure.")] = None,
    model: Annotated[str | None, typer.Option(metavar="PATH_OR_HUB_NAME", help="Another model.")] = None,
    device: Annotated[Device | None, typer.Option(help="Where the model runs.")] = None,
    text_column: TextColumn = None,
    html_column: HtmlColumn = None,
    id_column: IdColumn = None,
    ocr: Ocr = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read and tag. Default: one a core.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="ray: Ray Data, Parquet into the output folder, any fsspec path.")
    ] = Engine.LOCAL,
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="A Ray cluster. Default: a local Ray.")
    ] = None,
) -> None:
    """Extract records from reports.

    Example: gongkai extract reports/ -o out/

    A run that was killed goes on where it stopped when the same command is given again, and
    inputs that did not change since a finished run into the same folder are not read again.
    Exits with 0 when all inputs gave records, 1 when some failed, 2 for a wrong command.
    """
    from .data.errors import ConfigError, GongkaiError, OutputError

    overrides: dict[str, object] = {
        "tagger": str(tagger) if tagger else None,
        "fallback": str(fallback) if fallback else None,
        "model": model,
        "device": str(device) if device else None,
        "text_column": text_column,
        "html_column": html_column,
        "id_column": id_column,
        "ocr": ocr or None,
    }
    try:
        if engine is Engine.RAY:
            from .inference.ray_engine import extract_with_ray

            if output is None or format_ not in (None, Format.PARQUET):
                raise ConfigError("--engine ray writes Parquet into a folder", advice="name it with -o")
            failed = extract_with_ray(
                paths, output=output, config=config, overrides=overrides, workers=workers, address=address
            )
        else:
            from .inference.run import extract_paths

            failed = extract_paths(
                paths,
                output=Path(output) if output else None,
                format_name=str(format_) if format_ else None,
                config=config,
                overrides=overrides,
                workers=workers,
            )
    except BrokenPipeError:
        # Whoever read the records has had enough; Python would complain once more when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    except GongkaiError as error:
        typer.echo(f"gongkai: {error}", err=True)
        raise typer.Exit(1 if isinstance(error, OutputError) else 2) from error
    if failed:
        raise typer.Exit(1)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="A file of any format that extract reads.")],
    text_column: TextColumn = None,
    html_column: HtmlColumn = None,
    id_column: IdColumn = None,
    ocr: Ocr = False,
) -> None:
    """Print the text that a file's evidence offsets refer to.

    Example: gongkai read report.pdf > report.txt
    """
    from .data.errors import GongkaiError
    from .data.limits import Limits
    from .data.readers import Columns, ReadOptions, read_path

    columns = Columns.load().naming(text=text_column, html=html_column, doc_id=id_column)
    try:
        for source in read_path(file, limits=Limits(), options=ReadOptions(columns, ocr)):
            # Half a surrogate pair has no UTF-8: a sign for it keeps the offsets.
            sys.stdout.write(source.text.encode("utf-8", "replace").decode("utf-8"))
    except GongkaiError as error:
        typer.echo(f"gongkai: {error}", err=True)
        raise typer.Exit(1) from error


@app.command()
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Reports, as for extract.")],
    verbose: Annotated[bool, typer.Option("--all", help="Show the checks that passed, too.")] = False,
    tagger: Annotated[Tagger | None, typer.Option(help="Who tags first.")] = None,
) -> None:
    """Check each report's sums: the forms' arithmetic, parts and totals, narrative against table.

    Example: gongkai check reports/

    Exits with 1 where a check fails or a report cannot be read.
    """
    from .data.errors import GongkaiError
    from .inference.check_reports import check_paths

    try:
        sound = check_paths(paths, show_passed=verbose, tagger=str(tagger) if tagger else None)
    except GongkaiError as error:
        typer.echo(f"gongkai: {error}", err=True)
        raise typer.Exit(2) from error
    if not sound:
        raise typer.Exit(1)


@app.command()
def view(
    report: Annotated[Path, typer.Argument(help="One report of any format that extract reads.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The HTML page to write.")],
    tagger: Annotated[Tagger | None, typer.Option(help="Who tags first.")] = None,
) -> None:
    """Show one report as a page: its text with coloured spans, its records beside it.

    Example: gongkai view report.pdf -o report.html
    """
    from .data.errors import GongkaiError, ReadError
    from .inference.check_reports import view_report

    try:
        view_report(report, output, tagger=str(tagger) if tagger else None)
    except GongkaiError as error:
        typer.echo(f"gongkai: {error}", err=True)
        raise typer.Exit(1 if isinstance(error, ReadError) else 2) from error


@app.command()
def convert(
    records: Annotated[Path, typer.Argument(help="Records that extract wrote (JSON Lines).")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A .csv, .parquet, .xlsx or .duckdb file.")],
    panel: Annotated[
        bool,
        typer.Option("--panel", help="Wide: agency and year down, metric_id across; alternates beside it."),
    ] = False,
) -> None:
    """Write records as a table for analysis, long or as a panel.

    Example: gongkai convert records.jsonl -o panel.xlsx --panel
    """
    from .data.errors import GongkaiError, OutputError, ReadError
    from .inference.outputs.convert import convert_records

    try:
        convert_records(records, output, panel=panel)
    except GongkaiError as error:
        typer.echo(f"gongkai: {error}", err=True)
        raise typer.Exit(1 if isinstance(error, ReadError | OutputError) else 2) from error


@app.command()
def evaluate(
    model: Annotated[Path, typer.Argument(help="A model folder.")],
    split: Annotated[
        str,
        typer.Argument(
            help="train, dev, test or test2 of the shipped corpus, or a folder of annotated reports."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Where to write. Default: runs/evaluate/SPLIT."),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(metavar="OLD.json", help="An evaluation.json: show what changed, broke and was mended."),
    ] = None,
) -> None:
    """Measure a model on annotated reports: evaluation.json and a page that shows every kind of miss.

    Example: gongkai evaluate runs/train/model dev --compare runs/evaluate/dev/evaluation.json
    """
    from .data.errors import AnnotationError, GongkaiError

    try:
        from .training.evaluation.command import evaluate_command
    except ModuleNotFoundError as error:
        typer.echo(f"gongkai: {error.name} is not installed; pip install 'gongkai[train]'", err=True)
        raise typer.Exit(2) from error
    try:
        for line in evaluate_command(model, split, output, compare):
            typer.echo(line)
    except GongkaiError as error:
        typer.echo(f"gongkai: {error}", err=True)
        raise typer.Exit(1 if isinstance(error, AnnotationError) else 2) from error


if __name__ == "__main__":
    app()
