"""A tiny corpus, encoder and settings, so that every training step runs in seconds."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongkai.annotations.splits import split_of
from gongkai.training.pretrain import new_encoder
from gongkai.training.pretrain_settings import EncoderSettings
from gongkai.training.settings import load_settings
from gongkai.training.tokenizer import build_tokenizer, vocabulary
from gongkai.training.train_settings import TrainSettings

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = """---
agency: {place}教育局
year: {year}
level: department
region: 甘肃
script: simplified
dirt: []
hard: []
origin: free
writer: w1
---
⟦A|{place}教育局⟧⟦Y|{year}年⟧政府信息公开工作年度报告
一、概述
⟦Y|{year}年⟧，⟦A|我局⟧⟦M1|主动公开政府信息⟧⟦C1=proactive.total|{a}⟧⟦U|条⟧，占⟦R1|{b}%⟧。
二、申请
⟦A|我局⟧收到⟦C2=request.received|{b}⟧⟦U|件⟧⟦M2|信息公开申请⟧。⟦Z3=review.total|未发生⟧⟦M3|行政复议⟧。
"""
PLACES = ("青禾县", "白石县", "南坡县", "长河市", "东岭区", "柳沟镇")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 short reports, some of them dev."""
    folder = tmp_path_factory.mktemp("reports")
    for n in range(24):
        text = TEMPLATE.format(place=PLACES[n % 6], year=2008 + n % 15, a=100 + 37 * n, b=2 + n)
        (folder / f"w1-{n:03}.txt").write_text(text, encoding="utf-8")
    assert {split_of(p.stem, {"writer": "w1"}) for p in folder.iterdir()} == {"train", "dev"}
    return folder


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained encoder, 2 layers of 32."""
    folder = tmp_path_factory.mktemp("base")
    tokenizer = build_tokenizer(vocabulary([], [TEMPLATE, "".join(PLACES)], 1, 2000))
    size = EncoderSettings(layers=2, width=32, heads=2, feed_forward=64, positions=512)
    new_encoder(size, tokenizer, seed=1).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def settings(corpus: Path, base: Path, tmp_path: Path) -> TrainSettings:
    """The shipped settings on the tiny corpus."""
    return load_settings(
        TrainSettings,
        ROOT / "configs" / "train" / "default.yaml",
        {
            "base": str(base),
            "corpus": corpus,
            "output": tmp_path / "run",
            "variation": ROOT / "configs" / "train" / "variation.yaml",
            "copies": 1,
            "epochs": 3,
            "batch_size": 8,
            "learning_rate": 0.01,
            "threads": 1,
        },
    )
