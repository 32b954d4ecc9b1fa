"""Loads the word lists of the rules and compiles them once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


def alternatives(words: list[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Regular-expression sources of the rules' word lists (see `configs/lexicon.yaml`)."""

    units: str
    chinese_numeral_units: str
    one_needs_verb: str
    frames_before: str
    lead_words: str
    frame_verbs: str
    negations: str


@cache
def load_lexicon() -> Lexicon:
    """The shipped lexicon."""
    text = resources.files("gongkai.configs").joinpath("lexicon.yaml").read_text(encoding="utf-8")
    words = yaml.safe_load(text)
    return Lexicon(**{name: alternatives(words[name]) for name in Lexicon.__dataclass_fields__})
