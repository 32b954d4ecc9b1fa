"""Fuzzes the readers, guided by coverage: `python fuzz.py html 300`; what breaks one lies in runs/fuzz."""

from __future__ import annotations

import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["gongkai.data", "docx", "openpyxl", "pdfminer", "pdfplumber", "warcio", "defusedxml"]
):
    from fuzz_seeds import FORMATS, Format, words_of
    from gongkai.data.build import build_document
    from gongkai.data.document import Source
    from gongkai.data.errors import GongkaiError, ReadError
    from gongkai.data.limits import Limits
    from gongkai.data.readers import read_bytes
    from gongkai.data.readers.input import Input
    from gongkai.data.readers.registry import load
    from gongkai.data.readers.sandbox import SANDBOX

_SLOW = 5.0  # seconds for inputs of at most 64 KB
_LARGEST = 65_536
_SPICE = "\x00 \ud800 ９９９９９９亿 1e999 -1 99999999999 % %s &#x110000; <td> </table> <![CDATA[ || ，，， 一、 2016年 \u202e \r \n\n \" ' { [ ] } null".split(" ")  # fmt: skip


class _Finds:
    """What went wrong, each kind once: its traceback and its input beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def note(self, kind: str, data: bytes, trace: str = "") -> None:
        """Keep an input under a kind that is new."""
        if kind in self._seen:
            return
        self._seen.add(kind)
        stem = f"{kind[:60]}-{hashlib.sha256(kind.encode()).hexdigest()[:6]}".replace("/", "_")
        (self._folder / stem).write_bytes(data)
        (self._folder / f"{stem}.trace").write_text(trace, encoding="utf-8", errors="replace")
        print(f"FOUND {kind}", flush=True)


def _contained(finds: _Finds, data: bytes, reader: str, item: Input, limits: Limits) -> Source:
    """A guarded reader in this process, so that its coverage counts; the sandbox makes an error of any exception."""
    try:
        return load(reader)(item, limits)
    except GongkaiError:
        raise
    except Exception as error:
        finds.note(f"contained-{_place(error)}", data, traceback.format_exc())
        raise ReadError("breaks its parser") from error


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}-{Path(frames[-1].filename).stem}-{frames[-1].name}"


def _mutate(form: Format, data: bytes, most: int, seed: int) -> bytes:
    """Parts lost, doubled, swapped, taken from a seed, or changed within, where the format still holds together."""
    generator = random.Random(seed)
    if generator.random() < 0.1:
        return atheris.Mutate(data, most)
    parts = form.split(data) or [b""]
    for _ in range(generator.randint(1, 4)):
        at = generator.randrange(len(parts))
        match generator.randrange(6):
            case 0 if len(parts) > 1:
                del parts[at]
            case 1:
                parts[at:at] = [parts[at]] * generator.choice((1, 1, 2, 40))
            case 2:
                other = generator.randrange(len(parts))
                parts[at], parts[other] = parts[other], parts[at]
            case 3:
                parts.insert(at, generator.choice(form.split(generator.choice(SEEDS[form.name]))))
            case _:
                parts[at] = _within(parts[at], generator)
    return form.join(parts)[:most]


def _within(part: bytes, generator: random.Random) -> bytes:
    words = words_of(part) or [b""]
    at = generator.randrange(len(words))
    match generator.randrange(5):
        case 0 if len(words) > 1:
            del words[at : at + generator.choice((1, 1, 5))]
        case 1:
            words[at:at] = [words[at]] * generator.choice((1, 3, 200))
        case 2:
            words.insert(at, generator.choice(_SPICE).encode("utf-8", "surrogatepass"))
        case 3:
            other = generator.randrange(len(words))
            words[at], words[other] = words[other], words[at]
        case _:
            words[at] = atheris.Mutate(words[at], len(words[at]) + 16)
    return b"".join(words)


def _fuzz(kind: str, seconds: int) -> None:
    form = FORMATS[kind]
    SEEDS[form.name] = form.seeds()
    folder = Path("../runs/fuzz", kind)
    finds = _Finds(folder / "found")
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(SEEDS[form.name]):
        (corpus / f"seed{number}").write_bytes(seed)
    limits = Limits(max_bytes=2_000_000, max_archive_bytes=8_000_000)

    def run(data: bytes) -> None:
        start = time.perf_counter()
        SANDBOX.read = lambda reader, item, bounds: _contained(finds, data, reader, item, bounds)  # type: ignore[method-assign]
        try:
            for source in read_bytes(data, doc_id="a", name=form.name, limits=limits, on_error=_typed):
                build_document(source)
        except GongkaiError:
            pass
        except Exception as error:
            finds.note(_place(error), data, traceback.format_exc())
        if time.perf_counter() - start > _SLOW:
            finds.note(f"slow-{int(time.perf_counter() - start)}s", data)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return _mutate(form, data, most, seed)

    options = [
        f"-max_total_time={seconds}", "-timeout=60", "-rss_limit_mb=3000", f"-max_len={_LARGEST}",
        f"-artifact_prefix={folder}/", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], str(corpus), *options], run, custom_mutator=mutate)
    atheris.Fuzz()


def _typed(error: GongkaiError) -> None:
    """One member's error: what a reader owes for bad bytes."""


SEEDS: dict[str, list[bytes]] = {}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in FORMATS or not sys.argv[2].isdecimal():
        sys.exit(f"usage: fuzz.py {'|'.join(FORMATS)} SECONDS")
    _fuzz(sys.argv[1], int(sys.argv[2]))
