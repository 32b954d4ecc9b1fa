"""Pretraining: exact tokens, whole-word masks, and a resumed run that equals an unbroken one."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from gongkai.data.errors import ConfigError
from gongkai.training.pretrain import (
    IGNORED,
    Sequences,
    learning_rate,
    make_tokenizer,
    pretrain,
)
from gongkai.training.pretrain_settings import PretrainSettings
from gongkai.training.settings import load_settings
from gongkai.training.text import encode, read_texts
from gongkai.training.tokenizer import build_tokenizer, vocabulary
from safetensors.torch import load_file

ROOT = Path(__file__).parent.parent.parent
TEXT = "本年度共受理政府信息公开申请12件，均已按期答复。各科室负责主动公开本领域的政府信息。\n"


@pytest.fixture
def settings(tmp_path: Path) -> PretrainSettings:
    with gzip.open(tmp_path / "texts.jsonl.gz", "wt", encoding="utf-8") as file:
        for n in range(60):
            file.write(json.dumps({"source": "law", "title": str(n), "text": TEXT * 8 + str(n)}) + "\n")
    return load_settings(
        PretrainSettings,
        ROOT / "configs" / "pretrain.yaml",
        {
            "output": tmp_path / "unbroken",
            "corpora": [{"path": tmp_path / "texts.jsonl.gz", "share": 1}],
            "encoder": {"layers": 2, "width": 32, "heads": 2, "feed_forward": 64, "positions": 128},
            "sequence_length": 32,
            "batch_size": 4,
            "token_budget": 32 * 4 * 12,
            "evaluate_tokens": 512,
            "snapshot_tokens": [512],
            "threads": 1,
        },
    )


def test_each_character_is_a_token_with_exact_offsets() -> None:
    tokenizer = build_tokenizer(vocabulary(["公开"], ["县"], 1, 4000))
    text = "县公开1925条 ab\n龘"
    encoding = tokenizer(text, return_offsets_mapping=True)
    offsets = encoding["offset_mapping"][1:-1]
    assert offsets == [(i, i + 1) for i in range(len(text))]
    unknown = [text[a:b] for (a, b), i in zip(offsets, encoding["input_ids"][1:-1], strict=True) if i == 1]
    assert unknown == ["条", "龘"]


def test_vocabulary_keeps_required_characters_and_its_limit() -> None:
    entries = vocabulary(["甲甲甲乙乙丙"], ["丁"], minimum=2, limit=4000)
    assert {"甲", "乙", "丁"} <= set(entries)
    assert "丙" not in entries
    assert len(vocabulary(["甲甲甲乙乙丙"], ["丁"], minimum=1, limit=300)) <= 300


def test_jieba_keeps_the_terms_whole() -> None:
    tokenizer = build_tokenizer(vocabulary([TEXT], [], 1, 4000))
    ids, starts = encode(["政府信息公开申请"], tokenizer.get_vocab(), tokenizer.unk_token_id)
    assert len(ids) == len(starts) == 9  # with the line end
    assert starts.tolist() != [True] * 9


def test_masks_cover_words_and_labels_only_masked_places(settings: PretrainSettings) -> None:
    whole = settings.model_copy(update={"whole_word_share": 1.0})
    tokenizer = make_tokenizer(whole)
    ids, labels = Sequences(whole, tokenizer).batch(3)
    again, _ = Sequences(whole, tokenizer).batch(3)
    assert ids.equal(again)
    masked = ids == tokenizer.mask_token_id
    assert bool((labels[masked] != IGNORED).all())
    assert 0 < int((labels != IGNORED).sum()) < labels.numel() / 2


def test_resumed_equals_unbroken(
    settings: PretrainSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = load_file(pretrain(settings) / "model.safetensors")
    assert (settings.output / "at-512" / "model.safetensors").is_file()
    curve = [json.loads(line) for line in (settings.output / "curve.jsonl").read_text().splitlines()]
    assert [point["tokens"] for point in curve] == [512, 1024, 1536]

    class Killed(Exception):
        pass

    killed = settings.model_copy(update={"output": tmp_path / "killed", "checkpoint_minutes": 1e-9})
    draw, calls = Sequences.batch, []

    def die(self: Sequences, step: int) -> object:
        calls.append(step)
        if len(calls) == 7:
            raise Killed
        return draw(self, step)

    monkeypatch.setattr(Sequences, "batch", die)
    with pytest.raises(Killed):
        pretrain(killed)
    found = load_file(pretrain(killed) / "model.safetensors")
    assert all(expected[name].equal(found[name]) for name in expected)
    assert calls[6:8] == [6, 6]


def test_rate_warms_up_and_falls_to_nothing(settings: PretrainSettings) -> None:
    rates = [learning_rate(p / 100, settings) for p in range(101)]
    assert max(rates) == pytest.approx(settings.learning_rate, rel=0.01)
    assert rates[0] < rates[2]
    assert rates[-1] == pytest.approx(0, abs=1e-9)


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing-here"):
        list(read_texts(tmp_path / "nothing-here.jsonl.gz"))
