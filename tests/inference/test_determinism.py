"""The same records however the work is cut: batches, workers, runs; and the encoder's two ways are one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from gongkai.data.build import document_from_text
from gongkai.data.document import Source
from gongkai.data.limits import Limits
from gongkai.inference.batch_work import GROUP_CHARACTERS, Piece, Report, Worker, encode
from gongkai.inference.encoder import _CharacterEncoder, _LibraryEncoder, load_encoder
from gongkai.inference.extractor import Extractor
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import Run, published, report_text


@pytest.fixture(scope="module")
def extractor(tiny_model: Path) -> Extractor:
    return Extractor.load(model=str(tiny_model), threshold=0.0)


def test_batched_equals_single(extractor: Extractor) -> None:
    documents = [document_from_text(f"r{n}", report_text(n) * (1 + n % 3)) for n in range(12)]
    together = [encode(e) for e in extractor.extract_documents(documents)]
    alone = [encode(e) for d in reversed(documents) for e in extractor.extract_documents([d])]
    assert together == alone[::-1]
    assert any(b'"model"' in report.lines for report in together)


def test_pieces_equal_single(extractor: Extractor) -> None:
    sources = tuple(Source(f"r{n}", report_text(n) + "\n" * 30_000 * (n % 2), "txt") for n in range(15))
    assert sum(len(s.text) for s in sources) > GROUP_CHARACTERS
    worker = Worker(extractor, Limits())
    (together,) = worker.run([Piece("crawl", sources=sources)])
    alone = [worker.run([Piece("crawl", sources=(s,))])[0].results[0] for s in sources]
    assert list(together.results) == alone
    assert all(isinstance(r, Report) for r in alone)


def test_workers_and_runs(reports: Path, tiny_model: Path, tmp_path: Path, gongkai: Run) -> None:
    outs = []
    for number, workers in enumerate((1, 1, 2, 4)):
        outs.append(tmp_path / f"out{number}")
        gongkai("extract", reports, "-o", outs[-1], "--model", tiny_model, "--workers", workers)
    first = published(outs[0])
    assert json.loads(first["run.json"])["records"] > 200
    assert all(published(out) == first for out in outs[1:])


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_folder_list_and_archive(workers: int, tiny_model: Path, tmp_path: Path, gongkai: Run) -> None:
    folder, archive = tmp_path / "in", tmp_path / "in.zip"
    folder.mkdir()
    files = [folder / f"r{n:02}.txt" for n in range(71)]
    for n, file in enumerate(files):
        file.write_text(report_text(n) * (1 + n % 3), encoding="utf-8")
    shuffled = [files[n * 7 % len(files)] for n in range(len(files))]
    with zipfile.ZipFile(archive, "w") as packed:
        for file in shuffled:
            packed.write(file, file.name)
    small = tmp_path / "small.yaml"
    small.write_text("task_files: 3\n", encoding="utf-8")

    def lines(*inputs: Path) -> list[str]:
        out = tmp_path / f"out{len(inputs)}-{inputs[0].suffix}" / "records.jsonl"
        done = gongkai(
            "extract", *inputs, "-o", out, "--model", tiny_model, "--config", small, "--workers", workers
        )
        assert done.returncode == 0, done.stderr
        return out.read_text("utf-8").splitlines()

    whole = lines(folder)
    of = {file.stem: [line for line in whole if json.loads(line)["doc_id"] == file.stem] for file in files}
    assert sum(map(len, of.values())) == len(whole) > 100
    assert whole == [line for file in files for line in of[file.stem]]
    in_their_order = [line for file in shuffled for line in of[file.stem]]
    assert lines(*shuffled) == in_their_order != whole
    assert lines(archive) == in_their_order


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.text("青禾县主动公开政府信息0123，。\n\r\t 　", max_size=40),
            st.sampled_from(["[MASK]", "[UNK]", "[CLS]", "[PAD", "\r\n", "é", "e\u0301", "👨‍👩‍👧", "\u2028"]),
        ),
        max_size=6,
    ).map("".join)
)
def test_characters_encode_as_the_library_does(tiny_model: Path, text: str) -> None:
    fast, library = (
        load_encoder(tiny_model / "tokenizer.json"),
        _LibraryEncoder(tiny_model / "tokenizer.json"),
    )
    assert isinstance(fast, _CharacterEncoder)
    ids, offsets = fast.encode(text)
    expected, spans = library.encode(text)
    assert ids == expected
    assert spans is not None
    assert offsets in (None, spans)
    if offsets is None:
        assert list(spans[1:-1]) == [(i, i + 1) for i in range(len(text))]


def test_half_a_surrogate_pair_is_one_unknown_character(tiny_model: Path) -> None:
    encoder = load_encoder(tiny_model / "tokenizer.json")
    plain, odd = encoder.encode("公开[MASK]信息")[0], encoder.encode("公\ud800[MASK]信息")[0]
    assert len(plain) == len(odd)
    assert len(encoder.encode("公\ud800开")[0]) == 5


def test_no_other_tokenizer_is_taken_for_a_dictionary(tiny_model: Path, tmp_path: Path) -> None:
    values = json.loads((tiny_model / "tokenizer.json").read_text("utf-8"))
    path = tmp_path / "tokenizer.json"
    for change in (
        {"normalizer": {"type": "Lowercase"}},
        {"pre_tokenizer": {"type": "Whitespace"}},
        {"post_processor": None},
    ):
        path.write_text(json.dumps(values | change), encoding="utf-8")
        assert isinstance(load_encoder(path), _LibraryEncoder)
