"""The forms' rows and columns as `configs/forms.yaml` and `configs/metrics.csv` declare them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

LETTERS = re.compile(r"[0-9A-Za-z㐀-鿿]+")
"""What labels are compared by: digits, Latin letters, Chinese characters."""
_SPELLINGS = (("其它", "其他"), ("答覆", "答复"), ("做出", "作出"), ("帐", "账"))
_BRACKETS = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]?")
_OF_WHICH = re.compile(r"(?:其中|包括)[:：,，]?")
_COUNTING = re.compile(r"(?:总?数量?|总?次数|总?件数)$")
_MOST_KEPT = 8192  # labels whose bare words are remembered: forms print the same ones, and readers ask often
_NUMBERING = re.compile(
    r"^(?:[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．,，:：]+|[㈠-㈩①-⑳⑴-⒇⒈-⒛]|[(（](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）])+"
)


def letters(text: str) -> str:
    """The text's letters, digits and Chinese characters, nothing else."""
    return one_spelling("".join(LETTERS.findall(text)))


def one_spelling(text: str) -> str:
    """The text with words that forms spell in two ways spelt in one, of the same length."""
    for other, usual in _SPELLINGS:
        text = text.replace(other, usual)
    return text


@lru_cache(maxsize=_MOST_KEPT)
def bare(text: str) -> str:
    """A label without numbering, `其中:`, brackets' content, punctuation and blanks."""
    text = _without(_NUMBERING, text.strip())
    text = _without(_NUMBERING, _without(_OF_WHICH, text))
    return letters(_BRACKETS.sub("", text))


def _without(lead: re.Pattern[str], text: str) -> str:
    match = lead.match(text)
    return text[match.end() :] if match else text


def stem(label: str) -> str:
    """A bare label without the `数`, `总数`, `数量` that forms add or drop at will."""
    match = _COUNTING.search(label) if label.endswith(("数", "量")) else None
    return (label[: match.start()] if match else label) or label


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a form. `labels` are bare; `within` names the group that it must stand under."""

    id: str
    name: str
    labels: tuple[str, ...]
    whole: bool = False
    collapsed: bool = False
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A line of `metrics.csv`."""

    id: str
    unit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """Confidence of a cell by how surely it stands where it was put."""

    checked: float
    plain: float
    sum_fails: float
    likened: float
    solved: float
    guessed: float
    doubtful: float
    least: float
    unmatched: float
    other_table: float


# One by identity, so that readers can keep what they derive from it.
@dataclass(frozen=True, slots=True, eq=False)
class FormSpec:
    """Everything that the readers know of the forms."""

    application: tuple[Row, ...]
    application_columns: tuple[str, ...]
    application_heads: tuple[str, ...]
    application_column_heads: tuple[str, ...]
    divided_by: tuple[str, ...]
    court_groups: dict[str, str]
    court_columns: dict[str, str]
    proactive: tuple[Row, ...]
    proactive_anchors: tuple[str, ...]
    proactive_columns: dict[str, tuple[str, ...]]
    proactive_metrics: dict[str, dict[str, str]]
    proactive_shapes: dict[str, tuple[tuple[str, ...], ...]]
    statistical: tuple[Row, ...]
    statistical_heads: tuple[str, ...]
    statistical_columns: dict[str, tuple[str, ...]]
    statistical_groups: dict[str, tuple[str, ...]]
    telling: tuple[str, ...]
    metrics: dict[str, Metric]
    confidence: Confidence
    column_weights: tuple[float, ...]
    likeness: float


def _rows(entries: list[dict[str, Any]]) -> tuple[Row, ...]:
    rows = []
    for entry in entries:
        labels = [*([entry["name"]] if "name" in entry else []), *entry.get("labels", [])]
        rows.append(
            Row(
                id=entry["id"],
                name=entry.get("name", labels[0]),
                labels=tuple(dict.fromkeys(letters(label) for label in labels)),
                whole=entry.get("whole", False),
                collapsed=entry.get("collapsed", False),
                within=entry.get("in"),
            )
        )
    return tuple(rows)


def _words(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(letters(word) for word in words) for key, words in lists.items()}


@cache
def load_spec() -> FormSpec:
    """The shipped forms."""
    folder = resources.files("gongkai.configs")
    config = yaml.safe_load(folder.joinpath("forms.yaml").read_text(encoding="utf-8"))
    table = csv.DictReader(io.StringIO(folder.joinpath("metrics.csv").read_text(encoding="utf-8")))
    metrics = {line["metric_id"]: Metric(line["metric_id"], line["unit"], line["kind"]) for line in table}
    application, proactive, statistical = config["application"], config["proactive"], config["statistical"]
    return FormSpec(
        application=_rows(application["rows"]),
        application_columns=tuple(application["columns"]),
        application_heads=tuple(letters(head) for head in application["heads"]),
        application_column_heads=tuple(application["column_heads"]),
        divided_by=tuple(application["divided_by"]),
        court_groups=config["courts"]["groups"],
        court_columns=config["courts"]["columns"],
        proactive=_rows(proactive["rows"]),
        proactive_anchors=tuple(proactive["anchors"]),
        proactive_columns=_words(proactive["columns"]),
        proactive_metrics=proactive["metrics"],
        proactive_shapes={
            row: tuple(tuple(shape) for shape in shapes) for row, shapes in proactive["shapes"].items()
        },
        statistical=_rows(statistical["rows"]),
        statistical_heads=tuple(statistical["heads"]),
        statistical_columns=_words(statistical["columns"]),
        statistical_groups={group["id"]: tuple(group["labels"]) for group in statistical["groups"]},
        telling=tuple(statistical["telling"]),
        metrics=metrics,
        confidence=Confidence(**config["confidence"]),
        column_weights=tuple(config["column_weights"].values()),
        likeness=config["likeness"],
    )
