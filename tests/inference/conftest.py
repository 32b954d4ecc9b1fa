"""Documents, reports and a tiny model that the tests of this folder share."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from gongkai.data.build import build_document
from gongkai.data.document import Document, Source

TITLE = "青禾县人民政府2016年政府信息公开工作年度报告\n\n"
BODY = """{place}{office}{year}年政府信息公开工作年度报告

一、主动公开政府信息情况
{year}年，我局主动公开政府信息{a}条，其中政府网站公开{b}条，占{c}.5%；通过微信公开{d}条。
二、依申请公开办理情况
全年收到政府信息公开申请{d}件，均按期办结。未收取任何费用。
三、复议和诉讼
{year}年未发生行政复议、行政诉讼。
"""


@pytest.fixture
def document() -> Callable[[str], Document]:
    """A report of 青禾县人民政府 for 2016 with the given text under its title."""

    def build(text: str, title: str = TITLE) -> Document:
        return build_document(Source("report", title + text, "txt"))

    return build


def report_text(number: int) -> str:
    """A short report, another for every number."""
    place = ("青禾县", "白石县", "南坡县", "长河市", "东岭区")[number % 5]
    office = ("教育局", "水务局", "财政局")[number % 3]
    return BODY.format(
        place=place,
        office=office,
        year=2008 + number % 15,
        a=100 + number,
        b=50 + number,
        c=30 + number % 60,
        d=number,
    )


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 60 text reports, a zip and a crawl of reports, a page, and inputs that must fail."""
    folder = tmp_path_factory.mktemp("input")
    for n in range(60):
        (folder / f"{'ab'[n % 2]}").mkdir(exist_ok=True)
        (folder / f"{'ab'[n % 2]}" / f"r{n:02}.txt").write_text(report_text(n), encoding="utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n in range(60, 64):
            archive.writestr(f"z{n}.txt", report_text(n))
        archive.writestr("empty.txt", "")
    (folder / "c.zip").write_bytes(packed.getvalue())
    lines = [json.dumps({"id": f"j{n}", "text": report_text(n)}) for n in range(70, 210)]
    (folder / "d.jsonl").write_text("\n".join([*lines[:90], "{broken", *lines[90:]]) + "\n", encoding="utf-8")
    (folder / "e.html").write_text(f"<html><body><p>{report_text(64)}</p></body></html>", encoding="utf-8")
    (folder / "f.bin").write_bytes(b"\x7fELF" + bytes(range(256)) * 8)
    (folder / "g.txt").write_text("今天天气很好，我们去公园散步。\n" * 40, encoding="utf-8")
    (folder / "h.txt").write_bytes(b"")
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained int8 model folder: what it tags is noise, but always the same noise."""
    pytest.importorskip("torch")
    from gongkai.annotations.convert import TAGS
    from gongkai.training.export import export_onnx, quantise
    from gongkai.training.pretrain import new_encoder
    from gongkai.training.pretrain_settings import EncoderSettings
    from gongkai.training.tokenizer import build_tokenizer, vocabulary
    from transformers import AutoConfig, AutoModelForTokenClassification

    folder = tmp_path_factory.mktemp("model")
    tokenizer = build_tokenizer(
        vocabulary([], [BODY, TITLE, "青禾白石南坡长河东岭县市区教育水务财政局"], 1, 2000)
    )
    size = EncoderSettings(layers=2, width=32, heads=2, feed_forward=64, positions=512)
    new_encoder(size, tokenizer, seed=1).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    names = dict(enumerate(TAGS))
    config = AutoConfig.from_pretrained(folder, id2label=names, label2id={n: i for i, n in names.items()})
    AutoModelForTokenClassification.from_pretrained(folder, config=config).save_pretrained(folder)
    export_onnx(folder, folder / "model.onnx")
    quantise(folder / "model.onnx", folder / "model.int8.onnx")
    return folder


Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def gongkai() -> Run:
    """Runs the command line in a process of its own."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            command(*arguments), check=False, capture_output=True, timeout=300, env=os.environ, **options
        )

    return run


def command(*arguments: object) -> list[str]:
    """The command line as a process takes it."""
    return [sys.executable, "-m", "gongkai.cli", *map(str, arguments)]


def published(folder: Path) -> dict[str, bytes]:
    """What an output folder shows: every file that is not hidden."""
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if not p.name.startswith(".")}
