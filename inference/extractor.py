"""The pipeline from a document to its records: sentences tagged, figures linked, forms read, fused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..data.build import build_document, require_report
from ..data.document import Document, Sentence, Source
from ..data.limits import Limits
from ..data.readers import read_path
from ..data.readers.scans import SCAN
from .agency import report_agency
from .bare_zeros import bare_zeros
from .checks import CheckResult, failed_records, run_checks
from .cumulative import year_only
from .figures import figures_of
from .forms import read_forms_and_intervals
from .fusion import fuse
from .link_model import LinkModel, load_link_model
from .merge import merge
from .metric_model import MetricModel, load_metric_model
from .model_folder import shipped_model
from .prefilter import can_hold, cut_long
from .records import make_records
from .rules import RuleTagger
from .settings import ExtractSettings, load_settings
from .tagger import ModelTagger, load_tagger
from .types import Figure, Record, Tag
from .years import is_planned, report_year


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one report gave.

    `checks` are the outcomes of the forms' arithmetic, their `records` indices into `records`;
    `flags` name what was decided by a rule of thumb (`year-conflict`).
    """

    document: Document
    records: tuple[Record, ...]
    agency: str | None
    year: int | None
    checks: tuple[CheckResult, ...] = ()
    flags: tuple[str, ...] = ()


class Extractor:
    """Extracts records from reports; build it once with `load` and use it for many."""

    def __init__(
        self,
        settings: ExtractSettings,
        tagger: ModelTagger | None,
        rules: RuleTagger | None,
        metrics: MetricModel | None,
        links: LinkModel | None,
    ) -> None:
        self.settings = settings
        self._tagger = tagger
        self._rules = rules
        self._metrics = metrics
        self._links = links

    @classmethod
    def load(cls, config: Path | None = None, **overrides: object) -> Extractor:
        """An extractor with the shipped settings, a config file's and keyword overrides (`tagger="rules"`).

        Raises:
            ConfigError: a setting is wrong.
            ModelError: the model cannot be used.
        """
        settings = load_settings(config, **overrides)
        rules = RuleTagger() if settings.tagger == "rules" or settings.fallback == "rules" else None
        if settings.tagger == "rules":
            return cls(settings, None, rules, None, None)
        tagger = load_tagger(settings)
        # A checkpoint from elsewhere brings no metric classifier or link scorer: the shipped ones serve it.
        metrics = load_metric_model(tagger.folder.path) or load_metric_model(shipped_model())
        links = load_link_model(tagger.folder.path) or load_link_model(shipped_model())
        return cls(settings, tagger, rules, metrics, links)

    @property
    def model_digest(self) -> str | None:
        """The hash of the model in use, None for rules alone."""
        return self._tagger.folder.digest if self._tagger else None

    def extract(self, report: str | Path, *, doc_id: str = "text") -> list[Record]:
        """Records of one report: a path, or its text.

        A `str` is a path where it names an existing file, else the text itself.

        Raises:
            ReadError: the file cannot be read or is no report.
        """
        if isinstance(report, Path) or ("\n" not in report and len(report) < 512 and Path(report).is_file()):
            return [
                r
                for source in read_path(Path(report), limits=Limits(), options=self.settings.reading())
                for r in self.extract_source(source).records
            ]
        return list(self.extract_source(Source(doc_id, report, "txt")).records)

    def extract_source(self, source: Source) -> Extraction:
        """One read source to its extraction.

        Raises:
            NotAReportError: the text is none.
        """
        document = build_document(source)
        require_report(document)
        return next(self.extract_documents([document]))

    def extract_documents(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """Extractions in the order given; the sentences of all documents are tagged together."""
        batch = list(documents)
        forms = [read_forms_and_intervals(d) for d in batch]
        wanted = [
            [s for whole in _outside(d, read.intervals) for s in cut_long(whole) if can_hold(s.view.text)]
            for d, read in zip(batch, forms, strict=True)
        ]
        tags = iter(self.tag([s for sentences in wanted for s in sentences]))
        for document, read, sentences in zip(batch, forms, wanted, strict=True):
            yield self._assemble(document, read.figures, sentences, [next(tags) for _ in sentences])

    def tag(self, sentences: Sequence[Sentence]) -> list[list[Tag]]:
        """Fused tags of sentences, each in text order, in document offsets."""
        if self._tagger is None:
            return self._rules.tag(sentences) if self._rules else [[] for _ in sentences]
        predictions = self._tagger.predict(sentences)
        if self._rules is None:
            return [list(p.tags) for p in predictions]
        calibration = self._tagger.folder.calibration
        threshold = calibration.threshold if self.settings.threshold is None else self.settings.threshold
        return [
            fuse(s, p, r, calibration, threshold)
            for s, p, r in zip(sentences, predictions, self._rules.tag(sentences), strict=True)
        ]

    def _assemble(
        self, document: Document, forms: Sequence[Figure], sentences: list[Sentence], tags: list[list[Tag]]
    ) -> Extraction:
        year = report_year(document)
        agency = report_agency(document)
        found = [
            figures_of(document, sentence, tagged, year.year, self._metrics, self._links)
            for sentence, tagged in zip(sentences, tags, strict=True)
        ]
        texts = [sentence.view.text for sentence in sentences]
        found = [
            [f for f in figures if not is_planned(text, f.year, year.year)]
            for text, figures in zip(texts, found, strict=True)
        ]
        narrative = year_only(texts, found)
        narrative += bare_zeros(document, sentences, year.year, self._metrics)
        narrative = [self._calibrated(figure) for figure in narrative]
        figures = merge(narrative, forms)
        flags = ("year-conflict",) if year.conflict else ()
        doubts = ("ocr",) if document.source.format == SCAN else ()
        records = make_records(document, figures, agency=agency, year=year.year)
        checks = run_checks(records, report_year=year.year)
        failed = failed_records(checks)
        # A wrong sum is the report's own as often as ours: printed as it stands, and flagged.
        flagged = tuple(
            replace(r, flags=(*r.flags, *doubts, *(f"check:{name}" for name in failed.get(i, ()))))
            for i, r in enumerate(records)
        )
        return Extraction(document, flagged, agency, year.year, tuple(checks), flags)

    def _calibrated(self, figure: Figure) -> Figure:
        """The confidence of spans, link and metric together, as the share that was right on dev."""
        maps = self._tagger.folder.records if self._tagger else {}
        known = maps.get(figure.finder.value)
        return replace(figure, confidence=known.apply(figure.confidence)) if known else figure


def _outside(document: Document, intervals: Sequence[tuple[int, int]]) -> list[Sentence]:
    """The sentences that no form consumed."""
    return [s for s in document.sentences if not any(a < s.end and s.start < b for a, b in intervals)]
