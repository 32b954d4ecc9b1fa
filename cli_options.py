"""What the command line's options may say, and the options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Tagger(StrEnum):
    """Who tags first."""

    ONNX = "onnx"
    TORCH = "torch"
    RULES = "rules"


class Fallback(StrEnum):
    """Who tags where the model is unsure."""

    RULES = "rules"
    NONE = "none"


class Format(StrEnum):
    """How records are written."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    DUCKDB = "duckdb"
    TABLE = "table"


class Engine(StrEnum):
    """What spreads the work."""

    LOCAL = "local"
    RAY = "ray"


class Device(StrEnum):
    """Where the model runs."""

    CPU = "cpu"
    CUDA = "cuda"
    AUTO = "auto"


TextColumn = Annotated[
    str | None, typer.Option(metavar="NAME", help="The column of texts in crawls (JSON Lines, CSV, Parquet).")
]
HtmlColumn = Annotated[str | None, typer.Option(metavar="NAME", help="The column of pages in crawls.")]
Ocr = Annotated[bool, typer.Option("--ocr", help="Recognise the text of scanned PDFs (extra `ocr`).")]
IdColumn = Annotated[
    str | None, typer.Option(metavar="NAME", help="The column that gives doc_id, such as a web address.")
]
