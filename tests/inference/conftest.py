"""Documents and sentences that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gongkai.data.build import build_document
from gongkai.data.document import Document, Source

TITLE = "青禾县人民政府2016年政府信息公开工作年度报告\n\n"


@pytest.fixture
def document() -> Callable[[str], Document]:
    """A report of 青禾县人民政府 for 2016 with the given text under its title."""

    def build(text: str, title: str = TITLE) -> Document:
        return build_document(Source("report", title + text, "txt"))

    return build
