"""A tagger's spans beside the annotated ones: what evaluation and calibration both count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..annotations.convert import Annotated, Lost, Span, convert
from ..data.build import build_document
from ..data.document import Document, Sentence, Source
from ..inference.decoding import Prediction
from ..inference.settings import load_settings
from ..inference.tagger import ModelTagger, load_tagger


class Predictor(Protocol):
    """Anything that tags sentences: a `ModelTagger`, or a stand-in."""

    def predict(self, sentences: Sequence[Sentence]) -> list[Prediction]:
        """One prediction a sentence, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence: annotated spans, and found spans with the confidence that the tagger gave each."""

    sentence: Sentence
    gold: tuple[Span, ...]
    found: tuple[tuple[Span, float], ...]

    @property
    def text(self) -> str:
        """The view's characters, which the spans count in."""
        return self.sentence.view.text


@dataclass(frozen=True, slots=True)
class JudgedReport:
    """A report's sentences, and the marks that no sentence holds."""

    annotated: Annotated
    document: Document
    sentences: tuple[Judged, ...]
    lost: tuple[Lost, ...]


def judge(tagger: Predictor, corpus: Iterable[Annotated]) -> list[JudgedReport]:
    """Tag every sentence of the reports."""
    judged = []
    for annotated in corpus:
        text = annotated.report.text
        document = build_document(Source(doc_id=annotated.report_id, text=text, format="txt"))
        converted = convert(annotated.report, annotated.report_id)
        sentences = []
        for sentence, example, prediction in zip(
            document.sentences, converted.examples, tagger.predict(document.sentences), strict=True
        ):
            found = tuple(
                (Span(*sentence.view.local(t.start, t.end), t.label.value), t.confidence)
                for t in prediction.tags
            )
            sentences.append(Judged(sentence, example.spans, found))
        judged.append(JudgedReport(annotated, document, tuple(sentences), converted.lost))
    return judged


def tagger_of(folder: Path, threads: int) -> ModelTagger:
    """The ONNX tagger of a model folder."""
    return load_tagger(load_settings(tagger="onnx", model=str(folder), fallback="none", threads=threads))
