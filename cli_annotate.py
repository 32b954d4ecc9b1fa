"""`gongkai annotate`: check, count, exchange, compare and choose annotated reports."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="The annotated corpus: check, count, exchange, compare, choose what to tag next.",
)

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH]...", help="Files or folders of annotated reports. Default: the shipped corpus."
    ),
]
FormatName = Annotated[str, typer.Argument(metavar="FORMAT", help="label-studio, doccano, conll or jsonl.")]


@contextmanager
def _faults_end_with(code: int) -> Iterator[None]:
    from .data.errors import GongkaiError

    try:
        yield
    except GongkaiError as error:
        typer.echo(f"gongkai: {error}", err=True)
        raise typer.Exit(code) from error


@app.command()
def validate(
    paths: Paths = None,
    warnings: Annotated[bool, typer.Option(help="Show what deserves a look as well.")] = False,
) -> None:
    """Check reports against the guide, and the corpus against its frozen splits: `file:line: fault`.

    Example: gongkai annotate validate drafts/
    """
    from .annotations.validate import validate_paths

    with _faults_end_with(2):
        checked = validate_paths(paths or None)
    for fault in checked.faults:
        if fault.fatal or warnings:
            typer.echo(str(fault))
    fatal = sum(f.fatal for f in checked.faults)
    typer.echo(f"{checked.files} reports, {fatal} faults, {len(checked.faults) - fatal} warnings", err=True)
    if fatal:
        raise typer.Exit(1)


@app.command()
def stats(
    paths: Paths = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    coverage: Annotated[
        bool,
        typer.Option("--coverage", help="The planned table beside what there is; exit 1 if a row is missed."),
    ] = False,
) -> None:
    """Count reports, spans and figures by split, label, era, level, script, region and writer.

    Example: gongkai annotate stats --json
    """
    from .annotations.card import table_of
    from .annotations.coverage import cover, load_plan
    from .annotations.splits import CORPUS, load_paths
    from .annotations.stats import stats as count

    with _faults_end_with(1):
        corpus = load_paths(paths or [CORPUS])
        rows = cover(corpus, load_plan()) if coverage else []
    if coverage:
        if as_json:
            found = [
                {**r.row.model_dump(include={"axis", "what", "minimum"}), "found": r.found} for r in rows
            ]
            typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        for row in () if as_json else rows:
            typer.echo(
                f"{'missed' if row.missed else '      '} {row.row.axis}: {row.row.what}: {row.found} of {row.row.minimum}"
            )
        if any(row.missed for row in rows):
            raise typer.Exit(1)
        return
    counted = count(corpus)
    typer.echo(json.dumps(counted, ensure_ascii=False, indent=1) if as_json else table_of(counted))


@app.command()
def freeze(
    changed_test: Annotated[
        bool,
        typer.Option(
            "--changed-test", help="Let frozen test reports change; models must be evaluated again."
        ),
    ] = False,
) -> None:
    """Pin the shipped corpus: splits and hashes into splits.json, counts into the data card.

    Example: gongkai annotate freeze
    """
    from .annotations.card import write_card
    from .annotations.splits import freeze as pin

    with _faults_end_with(1):
        pin(changed_test=changed_test)
        write_card()


@app.command("import")
def import_(
    format_: FormatName,
    file: Annotated[Path, typer.Argument(help="The file of another tool.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder that gets one ID.txt a report.")],
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite reports of the same ids.")] = False,
) -> None:
    """Read another tool's file into reports; what is broken is named and kept in rejected.*.

    Example: gongkai annotate import label-studio export.json -o drafts/
    """
    from .annotations.exchange.formats import format_named, import_file

    with _faults_end_with(2):
        chosen = format_named(format_)
    with _faults_end_with(1):
        imported = import_file(file, chosen, output, replace=replace)
    for problem in imported.problems:
        typer.echo(str(problem), err=True)
    kept_out = sum(p.raw is not None for p in imported.problems)
    kept = f", {kept_out} kept in {output / ('rejected' + chosen.suffix)}" if kept_out else ""
    typer.echo(f"{len(imported.entries)} reports to {output}{kept}", err=True)
    if kept_out:
        raise typer.Exit(1)


@app.command()
def export(
    format_: FormatName,
    paths: Paths = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write. Default: standard output.")
    ] = None,
) -> None:
    """Write reports as another tool's file.

    Example: gongkai annotate export doccano -o corpus.jsonl
    """
    from .annotations.exchange.formats import export as dump
    from .annotations.exchange.formats import format_named, write_text
    from .annotations.splits import CORPUS

    with _faults_end_with(2):
        chosen = format_named(format_)
    with _faults_end_with(1):
        text = dump(paths or [CORPUS], chosen)
        if output is None:
            sys.stdout.write(text)
        else:
            write_text(output, text)


@app.command()
def agree(
    first: Annotated[Path, typer.Argument(metavar="A", help="A file or folder of annotated reports.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="The same reports, tagged by another person.")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Compare two taggings: span F1 and Cohen's kappa per label, and every disagreement.

    Example: gongkai annotate agree mine/ theirs/
    """
    from .annotations.agree import agree as compare
    from .annotations.agree import table_of
    from .annotations.exchange.formats import entries

    with _faults_end_with(1):
        agreement = compare(entries([first]), entries([second]))
    if as_json:
        typer.echo(json.dumps(agreement.as_dict(), ensure_ascii=False, indent=1))
    else:
        typer.echo(table_of(agreement))
        for disagreement in agreement.disagreements:
            typer.echo(str(disagreement))
    for report_id, what in agreement.differing.items():
        typer.echo(f"{report_id}: {what}", err=True)
    if agreement.differing:
        raise typer.Exit(1)


@app.command()
def select(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Raw reports: files or folders.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The Label Studio file to write.")],
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many reports.")] = 20,
    model: Annotated[str | None, typer.Option(metavar="FOLDER", help="Another model.")] = None,
) -> None:
    """Choose the raw reports whose tagging would teach the model most, pre-tagged for Label Studio.

    Example: gongkai annotate select crawl/ -n 30 -o to-tag.json
    """
    from .annotations.exchange.formats import write_text
    from .training.selection import select_paths

    with _faults_end_with(1):
        selection = select_paths(paths, count, model)
    for failure in selection.failures:
        typer.echo(failure, err=True)
    write_text(output, selection.tasks)
    typer.echo(f"{selection.chosen} of {selection.read} reports to {output}", err=True)
