"""Reads scanned PDFs by optical character recognition: each line with its page and box."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

from ..document import PageBox, Source
from ..errors import MissingDependencyError, ScanError
from ..limits import Limits
from .input import Input
from .pdf import Word, lines_of, read_pdf
from .writer import TextWriter

SCAN = "scan"
_DOTS = 200 / 72  # for a point: small print is legible, an A4 page takes 12 MB
_LONGEST_SIDE = 4000  # dots, whatever size a page claims to have
_SUREST = 0.5  # recognition below it is noise from stamps and stains


def read_pdf_or_scan(item: Input, limits: Limits) -> Source:
    """A PDF's text layer, or what is recognised on its pages where it has none.

    Raises:
        ReadError: as for a PDF; or nothing is recognised.
        MissingDependencyError: rapidocr is not installed.
    """
    try:
        return read_pdf(item, limits)
    except ScanError:
        return _read_scan(item, limits)


def _read_scan(item: Input, limits: Limits) -> Source:
    recognise = _engine()
    import pypdfium2

    writer = TextWriter(limits)
    boxes: list[PageBox] = []
    with pypdfium2.PdfDocument(io.BytesIO(item.data)) as pdf:
        for number, page in enumerate(pdf, start=1):
            scale = min(_DOTS, _LONGEST_SIDE / max(*page.get_size(), 1.0))
            # Lines are taken as upright: turning single ones round would make 6 of 9 now and then.
            found = recognise(page.render(scale=scale).to_numpy(), use_cls=False)
            page.close()
            for line in lines_of(list(_words(found, scale))):
                start = writer.length
                writer.write(line.words)
                boxes.append(PageBox(start, writer.length, number, line.box))
                writer.line_end()
    if not writer.text().strip():
        raise ScanError("is a scan on which nothing is recognised", advice="scan it again, upright and sharp")
    return item.source(writer.text(), SCAN, pages=tuple(boxes))


def _words(found: Any, scale: float) -> Iterator[Word]:
    """What was recognised, in points from the page's top left; a blank page gives none."""
    if found.boxes is None:
        return
    for corners, words, sure in zip(found.boxes, found.txts, found.scores, strict=True):
        if words.strip() and sure >= _SUREST:
            xs, ys = corners[:, 0] / scale, corners[:, 1] / scale
            yield {
                "text": words,
                "x0": float(xs.min()),
                "top": float(ys.min()),
                "x1": float(xs.max()),
                "bottom": float(ys.max()),
            }


@cache
def _engine() -> Any:
    """The recogniser; its models lie in its package, nothing is fetched."""
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise MissingDependencyError(
            f"--ocr needs {error.name}, which is not installed",
            advice="install it: pip install 'gongkai[ocr]'",
        ) from error
    one = {f"EngineConfig.onnxruntime.{pool}_op_num_threads": 1 for pool in ("intra", "inter")}
    return RapidOCR(params={"Global.log_level": "error", **one})
