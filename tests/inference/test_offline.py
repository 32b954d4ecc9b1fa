"""No command of the extraction opens a socket."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOOK = """
import os, sys
def forbid(event, arguments):
    # A local socket pair is how processes of one machine talk; nothing leaves through it.
    if event.startswith("socket.") and event not in ("socket.__new__",) or (
        event == "socket.__new__" and arguments[1] in (2, 10)
    ):
        os.write(2, f"SOCKET {event} {arguments}\\n".encode())
        os._exit(99)
sys.addaudithook(forbid)
"""


def run(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": path},
        timeout=300,
        check=False,
    )


def test_the_hook_sees_sockets(tmp_path: Path) -> None:
    assert run(tmp_path, "-c", "import socket; socket.socket()").returncode == 99


@pytest.mark.parametrize("workers", ["1", "2"])
def test_extract_opens_no_socket(workers: str, reports: Path, tiny_model: Path, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for file in [*sorted((reports / "a").iterdir()), reports / "c.zip", reports / "e.html"]:
        (source / file.name).write_bytes(file.read_bytes())
    remote = (
        '<html><head><link rel="stylesheet" href="http://example.com/x.css"></head><body><p>政府信息公开</p>'
    )
    (source / "remote.html").write_text(
        remote + '<img src="http://example.com/y.png"></body></html>', encoding="utf-8"
    )
    words = (
        "extract",
        str(source),
        "-o",
        str(tmp_path / "out"),
        "--model",
        str(tiny_model),
        "--workers",
        workers,
    )
    done = run(tmp_path, "-m", "gongkai.cli", *words)
    assert b"SOCKET" not in done.stderr
    assert (tmp_path / "out" / "records.jsonl").stat().st_size
