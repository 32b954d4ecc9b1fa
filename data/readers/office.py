"""Reads old Word and WPS documents by letting LibreOffice turn them into .docx."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from ..document import Source
from ..errors import LimitError, MissingDependencyError, ReadError
from ..limits import Limits
from .docx import read_docx
from .input import Input

_PROGRAMS = ("soffice", "libreoffice")


def read_office(item: Input, limits: Limits) -> Source:
    """The text of a .doc, .wps, .rtf or .odt.

    Raises:
        MissingDependencyError: LibreOffice is not installed.
        ReadError: LibreOffice cannot read it.
        LimitError: it takes longer than `seconds`.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise MissingDependencyError(
            f"{item.suffix or 'old Word'} files need LibreOffice, which is not installed",
            advice="install it (`apt install libreoffice-writer`) or save the file as .docx",
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        # A profile of its own: a running LibreOffice would otherwise take the job and answer nothing.
        given = Path(folder, "in" + (item.suffix or ".doc"))
        given.write_bytes(item.data)
        try:
            subprocess.run(  # noqa: S603 - the program is found on the path, the names are ours
                [
                    program,
                    f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
                    "--headless",
                    "--norestore",
                    "--convert-to",
                    "docx",
                    "--outdir",
                    folder,
                    str(given),
                ],
                check=True,
                capture_output=True,
                timeout=limits.seconds,
            )
        except subprocess.TimeoutExpired as error:
            raise LimitError(
                f"takes LibreOffice more than {limits.seconds} s", advice="raise seconds"
            ) from error
        except subprocess.CalledProcessError as error:
            raise ReadError("cannot be read by LibreOffice", advice="save it as .docx") from error
        made = given.with_suffix(".docx")
        if not made.is_file():
            raise ReadError("cannot be read by LibreOffice", advice="save it as .docx")
        source = read_docx(replace(item, data=made.read_bytes()), limits)
    return replace(source, format=item.suffix.lstrip(".") or "doc")
