"""What a reader is given: the bytes of one document, its name, and the id that its records get."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ..document import PageBox, Source, Table


@dataclass(frozen=True, slots=True)
class Input:
    """One document's bytes; `name` is where it lies, within its archive if it has one."""

    data: bytes
    name: str
    doc_id: str

    @property
    def suffix(self) -> str:
        """The name's last suffix, in lower case, with its dot."""
        return PurePosixPath(self.name.replace("\\", "/")).suffix.lower()

    def source(
        self,
        text: str,
        format_name: str,
        *,
        title: str | None = None,
        tables: tuple[Table, ...] = (),
        pages: tuple[PageBox, ...] = (),
    ) -> Source:
        """What the reader hands over."""
        return Source(self.doc_id, text, format_name, self.name, title, tables, pages)

    def renamed(self, name: str) -> Input:
        """The same bytes under another name."""
        return replace(self, name=name)
