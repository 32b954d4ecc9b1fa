"""Text to token ids: a plain dictionary for character tokenizers, the tokenizers library for the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from ..data.errors import ModelError

Offsets = Sequence[tuple[int, int]]
"""For each token the half-open interval of characters it stands for; empty for a special token."""


class Encoder(Protocol):
    """Turns texts into token ids."""

    def encode(self, text: str) -> tuple[list[int], Offsets | None]:
        """Ids, special tokens included, and offsets; None: `[CLS]`, a token a character, `[SEP]`."""
        ...


def load_encoder(path: Path) -> Encoder:
    """The encoder of a `tokenizer.json`.

    Raises:
        ModelError: the file cannot be read.
    """
    library = _LibraryEncoder(path)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path.name} cannot be read ({error})", file=str(path.parent)) from error
    frame = _frame(values)
    return library if frame is None else _CharacterEncoder(values, *frame, library)


def _frame(values: dict[str, Any]) -> tuple[int, int] | None:
    """Ids before and after the text, where a tokenizer.json makes one token of every character."""
    splits = values.get("pre_tokenizer") or {}
    plain = (
        values.get("normalizer") is None
        and values["model"].get("type") == "WordLevel"
        and splits.get("type") == "Split"
        and splits.get("pattern") == {"Regex": r"[\s\S]"}
        and splits.get("behavior") == "Isolated"
        and not splits.get("invert")
    )
    post = values.get("post_processor") or {}
    if not plain or post.get("type") != "TemplateProcessing":
        return None
    match post["single"]:
        case [{"SpecialToken": {"id": first}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": last}}]:
            special = post["special_tokens"]
            ids: tuple[list[int], list[int]] = (special[first]["ids"], special[last]["ids"])
            return (ids[0][0], ids[1][0]) if len(ids[0]) == len(ids[1]) == 1 else None
    return None


class _CharacterEncoder:
    """A dictionary over characters; equal to the library's tokenizer and several times as fast."""

    def __init__(self, values: dict[str, Any], first: int, last: int, library: Encoder) -> None:
        self._ids: dict[str, int] = values["model"]["vocab"]
        self._unknown = self._ids[values["model"]["unk_token"]]
        self._first, self._last = first, last
        self._added = tuple(token["content"] for token in values.get("added_tokens", ()))
        self._library = library

    def encode(self, text: str) -> tuple[list[int], Offsets | None]:
        if any(added in text for added in self._added):
            return self._library.encode(text)  # a report that says "[MASK]": the library makes it one token
        get, unknown = self._ids.get, self._unknown
        return [self._first, *(get(c, unknown) for c in text), self._last], None


class _LibraryEncoder:
    """Any fast tokenizer."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise ModelError(f"{path.name} cannot be read ({error})", file=str(path.parent)) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def encode(self, text: str) -> tuple[list[int], Offsets | None]:
        # Half a surrogate pair has no UTF-8, which the library wants.
        encoding = self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"))
        return encoding.ids, encoding.offsets
