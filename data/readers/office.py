"""Reads old Word and WPS documents by letting LibreOffice turn them into .docx, cut off from all else."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..document import Source
from ..errors import LimitError, MissingDependencyError, ReadError
from ..limits import Limits
from .docx import read_docx
from .input import Input
from .packed import check_package

_PROGRAMS = ("soffice", "libreoffice")
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_NETWORK = "/org.openoffice.Inet/Settings"
# Pictures and sections that a document only links to would be fetched, from the network too: a proxy
# that nobody listens behind stops that.
_SETTINGS = (
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    (_NETWORK, "ooInetProxyType", "2"),
    (_NETWORK, "ooInetHTTPProxyName", "127.0.0.1"),
    (_NETWORK, "ooInetHTTPProxyPort", "9"),
    (_NETWORK, "ooInetHTTPSProxyName", "127.0.0.1"),
    (_NETWORK, "ooInetHTTPSProxyPort", "9"),
    (_NETWORK, "ooInetFTPProxyName", "127.0.0.1"),
    (_NETWORK, "ooInetFTPProxyPort", "9"),
    (_NETWORK, "ooInetNoProxy", ""),
)


def read_office(item: Input, limits: Limits) -> Source:
    """The text of a .doc, .wps, .rtf or .odt.

    Raises:
        MissingDependencyError: LibreOffice is not installed.
        ReadError: LibreOffice cannot read it.
        LimitError: it takes longer than `seconds` or unpacks to too much.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise MissingDependencyError(
            f"{item.suffix or 'old Word'} files need LibreOffice, which is not installed",
            advice="install it (`apt install libreoffice-writer`) or save the file as .docx",
        )
    _check(item, limits)
    with tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True) as folder:
        given = Path(folder, "in" + (item.suffix or ".doc"))
        given.write_bytes(item.data)
        # A profile of its own: a running LibreOffice would otherwise take the job and answer nothing.
        profile = Path(folder, "profile")
        _write_settings(profile)
        _run(
            [
                program,
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--norestore",
                "--convert-to",
                "docx",
                "--outdir",
                folder,
                str(given),
            ],
            limits.seconds,
        )
        made = given.with_suffix(".docx")
        if not made.is_file():
            raise _unreadable()
        source = read_docx(replace(item, data=made.read_bytes()), limits)
    return replace(source, format=item.suffix.lstrip(".") or "doc")


def _check(item: Input, limits: Limits) -> None:
    """Refuse what LibreOffice would take for plain text and turn into noise."""
    if item.data.startswith(b"PK"):
        check_package(item.data, limits)
    elif not item.data.startswith(b"{\\rtf") and "WordDocument".encode("utf-16-le") not in item.data:
        raise ReadError("is no Word document", advice="open it in Word or LibreOffice and save it as .docx")


def _write_settings(profile: Path) -> None:
    (profile / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _run(command: list[str], seconds: int) -> None:
    """Run LibreOffice and leave none of its processes behind, however this ends.

    Raises:
        LimitError: it takes longer than `seconds`.
        ReadError: it says that it failed.
    """
    # `soffice` is a script: in a session of their own, it and the programs that it starts can be ended together.
    process = subprocess.Popen(  # noqa: S603 - the program is found on the path, the names are ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if process.wait(seconds):
            raise _unreadable()
    except subprocess.TimeoutExpired as error:
        raise LimitError(f"takes LibreOffice more than {seconds} s", advice="raise seconds") from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # all have ended
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _unreadable() -> ReadError:
    return ReadError("cannot be read by LibreOffice", advice="save it as .docx")
