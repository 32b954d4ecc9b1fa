"""What a user chooses about reading: the columns of crawls, and whether scans are recognised."""

from __future__ import annotations

from dataclasses import dataclass, field

from .columns import Columns


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Choices that hold for all inputs; `ocr` needs the extra of that name."""

    columns: Columns = field(default_factory=Columns.load)
    ocr: bool = False
