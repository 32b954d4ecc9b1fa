"""Names the columns of a crawl that a report is read from: the shipped ones, or those that the user gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import yaml

from ..errors import ColumnError


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns to read, the first that a row has counts; text before HTML.

    `named` are those that the user gave: a crawl without one of them is refused.
    """

    id: tuple[str, ...]
    text: tuple[str, ...]
    html: tuple[str, ...]
    title: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @classmethod
    @cache
    def load(cls) -> Columns:
        """The shipped columns, of `configs/crawls.yaml`."""
        file = resources.files(__package__.split(".data.")[0] + ".configs").joinpath("crawls.yaml")
        return cls(**{key: tuple(names) for key, names in yaml.safe_load(file.read_text("utf-8")).items()})

    def naming(self, *, text: str | None, html: str | None, doc_id: str | None) -> Columns:
        """These with the user's in their place; who names the text or the HTML wants no other of either."""
        columns = self
        if text is not None or html is not None:
            columns = replace(columns, text=(text,) if text else (), html=(html,) if html else ())
        if doc_id is not None:
            columns = replace(columns, id=(doc_id,))
        return replace(columns, named=tuple(name for name in (text, html, doc_id) if name is not None))

    def wanted(self, have: Iterable[str]) -> list[str]:
        """Those of a crawl's columns that are read, in its order."""
        names = {*self.id, *self.text, *self.html, *self.title}
        return [name for name in have if name in names]

    def fit(self, have: Iterable[str]) -> bool:
        """Whether a crawl with these columns has one of text or HTML."""
        return not {*self.text, *self.html}.isdisjoint(have)

    def check(self, have: Iterable[str], file: str) -> None:
        """Refuse a crawl that lacks what was named, or any text.

        Raises:
            ColumnError: it does.
        """
        have = list(dict.fromkeys(have))
        shown = ", ".join(have[:40]) + (f" and {len(have) - 40} more" if len(have) > 40 else "")
        missing = [name for name in self.named if name not in have]
        if missing:
            raise ColumnError(
                f"has no column {', '.join(map(repr, missing))}",
                file=file,
                advice=f"its columns are {shown}; name one of these",
            )
        if not self.fit(have):
            raise ColumnError(
                "has no column of text or HTML that is known",
                file=file,
                advice=f"its columns are {shown}; name yours with --text-column or --html-column",
            )
