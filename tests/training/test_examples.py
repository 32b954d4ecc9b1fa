"""Examples as token windows, for our tokenizer and for a WordPiece one of the Hugging Face kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from gongkai.annotations.convert import TAGS, Example, Span, convert, load_corpus
from gongkai.data.errors import ConfigError
from gongkai.training.examples import IGNORED, to_dataset, windows
from gongkai.training.finetune import finetune
from gongkai.training.train_settings import TrainSettings
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast

CHARACTERS = sorted(
    set(
        "青禾白石南坡长河东岭柳沟县市区镇教育局年政府信息公开工作度报告一概述我主动条占二申请收到件未发生行复议、，。%"
    )
)


def word_piece() -> PreTrainedTokenizerFast:
    """Splits Chinese into characters and digits into pieces, as the BERT family does."""
    entries = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *CHARACTERS,
        *"0123456789",
        *(f"##{d}" for d in range(10)),
    ]
    backend = Tokenizer(WordPiece({e: i for i, e in enumerate([*entries, "20", "##12"])}, unk_token="[UNK]"))
    backend.normalizer = BertNormalizer(lowercase=False)
    backend.pre_tokenizer = BertPreTokenizer()
    backend.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


@given(st.integers(1, 1000), st.integers(10, 100), st.integers(0, 9))
def test_windows_cover_everything(length: int, size: int, overlap: int) -> None:
    found = list(windows(length, size, overlap))
    assert {i for a, b in found for i in range(a, b)} == set(range(length))
    assert all(b - a <= size for a, b in found)


def test_a_piece_carries_its_first_characters_tag() -> None:
    example = Example(
        "x", 0, "2012年收到35件", (Span(0, 5, "YEAR"), Span(7, 9, "COUNT"), Span(9, 10, "UNIT"))
    )
    row = to_dataset([example], word_piece(), window=64, overlap=8, longest=64)[0]
    tags = [TAGS[t] if t != IGNORED else "-" for t in row["labels"]]
    assert tags == ["-", "B-YEAR", "I-YEAR", "I-YEAR", "O", "O", "B-COUNT", "I-COUNT", "B-UNIT", "-"]


def test_a_window_over_the_encoders_length_is_an_error() -> None:
    with pytest.raises(ConfigError, match="smaller window"):
        to_dataset([Example("x", 0, "公开" * 50, ())], word_piece(), window=100, overlap=8, longest=64)


def test_any_encoder_can_be_the_base(settings: TrainSettings, corpus: Path, tmp_path: Path) -> None:
    tokenizer = word_piece()
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertForMaskedLM(config).save_pretrained(tmp_path / "bert")
    tokenizer.save_pretrained(tmp_path / "bert")
    examples = [e for a in load_corpus(corpus) for e in convert(a.report, a.report_id).examples]
    tuned = finetune(
        settings.model_copy(update={"epochs": 6}),
        str(tmp_path / "bert"),
        examples,
        examples,
        tmp_path / "out",
    )
    assert tuned.dev_f1 > 0.5
