"""Old Word files go through LibreOffice: its failures with a stand-in, the rest where it is installed."""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest
from gongkai.data.document import Source
from gongkai.data.errors import LimitError, MissingDependencyError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers import read_bytes
from gongkai.data.readers.input import Input
from gongkai.data.readers.office import read_office
from gongkai.data.readers.sandbox import Sandbox

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ITEM = Input(_OLE + "WordDocument".encode("utf-16-le"), "a.wps", "a")
_PROGRAM = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(_PROGRAM is None, reason="needs LibreOffice")


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


def test_a_hang_leaves_no_process_and_no_folder(
    soffice: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, noted = tmp_path / "temporary", tmp_path / "pid"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    soffice(
        f"import subprocess; child = subprocess.Popen([{sys.executable!r}, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(noted)!r}).write_text(str(child.pid)); child.wait()"
    )
    sandbox = Sandbox()
    try:
        with pytest.raises(LimitError, match="2 s"):
            sandbox.read("office:read_office", _ITEM, Limits(seconds=2))
    finally:
        sandbox.close()
    child = int(noted.read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE
    assert list(temporary.iterdir()) == []


def test_an_interrupted_reading_leaves_nothing(
    soffice: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, noted = tmp_path / "temporary", tmp_path / "pid"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    soffice(f"import os, time; pathlib.Path({str(noted)!r}).write_text(str(os.getpid())); time.sleep(60)")
    (tmp_path / "a.doc").write_bytes(_ITEM.data)
    # A test run in the background ignores interrupts, and what it starts would, too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    reading = subprocess.Popen(
        [sys.executable, "-m", "gongkai.cli", "read", str(tmp_path / "a.doc")], stderr=subprocess.DEVNULL
    )
    signal.signal(signal.SIGINT, before)
    while not (noted.exists() and noted.read_text()):
        assert reading.poll() is None
        time.sleep(0.05)
    reading.send_signal(signal.SIGINT)
    reading.wait(timeout=20)
    assert not psutil.pid_exists(int(noted.read_text()))
    assert list(temporary.iterdir()) == []


def test_noise_is_no_word_document() -> None:
    noise = _OLE + random.Random(1).randbytes(20_000)
    with pytest.raises((ReadError, MissingDependencyError), match=r"is no Word document|not installed"):
        read_office(Input(noise, "a.doc", "a"), Limits())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, make_docx: Callable[..., bytes]) -> Callable[[str], bytes]:
    """A function that gives a report in an old format, as LibreOffice saves it."""
    folder = tmp_path_factory.mktemp("office")

    def fill(document: object) -> None:
        document.add_paragraph("柳湾镇2014年年报")  # type: ignore[attr-defined]
        document.add_paragraph("全年公开信息318条。")  # type: ignore[attr-defined]
        table = document.add_table(2, 3)  # type: ignore[attr-defined]
        for row, words in enumerate([("指标", "单位", "2014年"), ("收到申请数", "件", "12")]):
            for column, word in enumerate(words):
                table.cell(row, column).text = word
        document.add_paragraph("完。")  # type: ignore[attr-defined]

    (folder / "word.docx").write_bytes(make_docx(fill))

    def make(suffix: str) -> bytes:
        source = folder / ("word.docx" if suffix != "xls" else "sheet.xlsx")
        if suffix == "xls":
            openpyxl = pytest.importorskip("openpyxl")
            book = openpyxl.Workbook()
            for row in (["指标", "单位", "2014年"], ["收到申请数", "件", 12], ["占比", None, 0.084]):
                book.active.append(row)
            book.active["C3"].number_format = "0.0%"
            book.active.merge_cells("A2:A3")
            book.save(source)
        target = source.with_suffix(f".{suffix}")
        if not target.exists():
            assert _PROGRAM
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            command = [_PROGRAM, profile, "--headless", "--convert-to", suffix, "--outdir", str(folder)]
            subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
        return target.read_bytes()

    return make


def _read(data: bytes, name: str) -> Source:
    (source,) = read_bytes(data, doc_id="a", name=name, limits=Limits())
    return source


@needs_libreoffice
@pytest.mark.parametrize(
    ("suffix", "name"), [("doc", "a.doc"), ("doc", "a.wps"), ("rtf", "a.doc"), ("odt", "a.odt")]
)
def test_old_word_files(made: Callable[[str], bytes], suffix: str, name: str) -> None:
    source = _read(made(suffix), name)
    assert source.text.startswith(
        "柳湾镇2014年年报\n全年公开信息318条。\n指标\t单位\t2014年\n收到申请数\t件\t12\n"
    )
    assert source.format == name[2:]
    (table,) = source.tables
    assert [cell.text for cell in table.rows[1]] == ["收到申请数", "件", "12"]


@needs_libreoffice
@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.doc"])
def test_old_workbooks(made: Callable[[str], bytes], name: str) -> None:
    pytest.importorskip("xlrd")
    source = _read(made("xls"), name)
    assert source.format == "xls"
    assert source.text.rstrip("\n") == "指标\t单位\t2014年\n收到申请数\t件\t12\n\t8.4%"


@needs_libreoffice
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_damaged_word_files_fail_or_give_text(made: Callable[[str], bytes], share: float) -> None:
    data = made("doc")
    cut = data[: int(len(data) * share)]
    noise = bytearray(data)
    noise[2048 : 2048 + int(4000 * share)] = random.Random(2).randbytes(int(4000 * share))
    for broken in (cut, bytes(noise), data.replace("WordDocument".encode("utf-16-le"), b"\x00" * 24)):
        try:
            text = _read(broken, "a.doc").text
        except ReadError as error:
            assert error.file == "a.doc"  # noqa: PT017 - either end is right
        else:
            assert "年" in text or len(text) < 2000


@needs_libreoffice
def test_linked_pictures_and_files_are_not_fetched(tmp_path: Path) -> None:
    asked: list[str] = []

    class Note(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            asked.append(self.rfile.readline().decode())
            self.close_connection = True

    (tmp_path / "secret.txt").write_text("机密")
    server = HTTPServer(("127.0.0.1", 0), Note)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        text = _read(_linking(f"http://127.0.0.1:{server.server_port}", tmp_path), "a.odt").text
    finally:
        server.shutdown()
        server.server_close()
    assert "公开12条。" in text
    assert "机密" not in text
    assert asked == []


def _linking(server: str, folder: Path) -> bytes:
    """An OpenDocument text with a picture and a section of a server's, and a section of a local file's."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(
        f'xmlns:{name}="{office}{path}:1.0"'
        for name, path in [
            ("office", "office"),
            ("text", "text"),
            ("draw", "drawing"),
            ("svg", "svg-compatible"),
        ]
    )
    sections = "".join(
        f'<text:section text:name="{n}"><text:section-source xlink:href="{link}" xlink:type="simple"/>'
        f"<text:p>x</text:p></text:section>"
        for n, link in enumerate((f"{server}/section.txt", (folder / "secret.txt").as_uri()))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text><text:p>公开12条。</text:p>'
        '<text:p><draw:frame text:anchor-type="as-char" svg:width="3cm" svg:height="3cm"><draw:image'
        f' xlink:href="{server}/picture.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
        f"</draw:frame></text:p>{sections}</office:text></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        manifest = f'<m:manifest xmlns:m="{office}manifest:1.0">' + "".join(
            f'<m:file-entry m:full-path="{path}" m:media-type="{kind}"/>'
            for path, kind in [("/", "application/vnd.oasis.opendocument.text"), ("content.xml", "text/xml")]
        )
        package.writestr("META-INF/manifest.xml", manifest + "</m:manifest>")
    return out.getvalue()


@needs_libreoffice
def test_libreoffice_leaves_nothing_behind(
    made: Callable[[str], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = made("doc")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = {p.pid for p in psutil.process_iter()}
    sandbox = Sandbox()
    try:
        assert sandbox.read("office:read_office", Input(data, "a.doc", "a"), Limits()).text
    finally:
        sandbox.close()
    started = [p for p in psutil.process_iter(["name"]) if p.pid not in before]
    assert [
        p.info["name"] for p in started if "office" in p.info["name"] or "oosplash" in p.info["name"]
    ] == []
    assert os.listdir(tmp_path) == []
