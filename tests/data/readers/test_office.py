"""Old Word files go through LibreOffice, where it is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gongkai.data.errors import LimitError, MissingDependencyError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers.input import Input
from gongkai.data.readers.office import read_office

_ITEM = Input(b"\xd0\xcf\x11\xe0 old", "a.wps", "a")


@pytest.fixture
def soffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a stand-in for LibreOffice on the path that runs the given Python."""

    def install(body: str) -> None:
        program = tmp_path / "soffice"
        program.write_text(f"#!{sys.executable}\nimport sys, pathlib\nargs = sys.argv\n{body}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return install


def test_without_libreoffice(soffice: Callable[[str], None]) -> None:
    with pytest.raises(MissingDependencyError, match=r"\.wps files need LibreOffice"):
        read_office(_ITEM, Limits())


def test_with_libreoffice(
    soffice: Callable[[str], None], tmp_path: Path, make_docx: Callable[..., bytes]
) -> None:
    (tmp_path / "ready.docx").write_bytes(make_docx(lambda document: document.add_paragraph("公开12条。")))
    soffice(
        f"out = pathlib.Path(args[args.index('--outdir') + 1]) / 'in.docx'\n"
        f"out.write_bytes(pathlib.Path({str(tmp_path / 'ready.docx')!r}).read_bytes())"
    )
    source = read_office(_ITEM, Limits())
    assert (source.text, source.format, source.doc_id) == ("公开12条。\n", "wps", "a")


@pytest.mark.parametrize("body", ["sys.exit(1)", "pass"])
def test_a_file_it_cannot_read(soffice: Callable[[str], None], body: str) -> None:
    soffice(body)
    with pytest.raises(ReadError, match="cannot be read by LibreOffice"):
        read_office(_ITEM, Limits())


def test_a_hang_ends(soffice: Callable[[str], None]) -> None:
    soffice("import time; time.sleep(60)")
    with pytest.raises(LimitError, match="more than 1 s"):
        read_office(_ITEM, Limits(seconds=1))
