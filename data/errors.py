"""The one exception tree: every error names the file, what is wrong and what to do."""

from __future__ import annotations


class GongkaiError(Exception):
    """Base of all errors that a user can cause or mend.

    Args:
        what: what is wrong, in one clause.
        file: the file (or document id) it is about, if any.
        advice: what the user can do about it.
    """

    kind = "error"

    def __init__(self, what: str, *, file: str | None = None, advice: str = "") -> None:
        self.what = what
        self.file = file
        self.advice = advice
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.file}: {self.what}" if self.file else self.what
        return f"{head}; {self.advice}" if self.advice else head

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling between worker processes.
        return (_rebuild, (type(self), self.what, self.file, self.advice))


def _rebuild(cls: type[GongkaiError], what: str, file: str | None, advice: str) -> GongkaiError:
    return cls(what, file=file, advice=advice)


class ConfigError(GongkaiError):
    """A configuration file or option is wrong."""

    kind = "config"


class ReadError(GongkaiError):
    """An input cannot be read; the batch goes on without it."""

    kind = "unreadable"


class EmptyInputError(ReadError):
    """The input holds no text."""

    kind = "empty"


class BinaryInputError(ReadError):
    """The input is no text and of no known format."""

    kind = "binary"


class LimitError(ReadError):
    """The input is over a limit on size, depth, pages, inflation or time."""

    kind = "limit"


class ScanError(ReadError):
    """A PDF has pages but no text; recognition may read it."""

    kind = "scan"


class ColumnError(ReadError):
    """A crawl has not the columns that reports are to be read from."""

    kind = "column"


class NotAReportError(ReadError):
    """The text was read but is no information-disclosure annual report."""

    kind = "not-a-report"


class OutputError(GongkaiError):
    """The output cannot be written: a full disk, missing rights, another run at work."""

    kind = "output"


class MissingDependencyError(GongkaiError):
    """A feature needs an optional extra or a program that is not installed."""

    kind = "missing-dependency"


class AnnotationError(GongkaiError):
    """An annotated report breaks the markup or the guide."""

    kind = "annotation"


class ModelError(GongkaiError):
    """A model folder is missing, half-written, tampered with or of the wrong kind."""

    kind = "model"
