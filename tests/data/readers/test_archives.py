"""Archives: every member read or named, none written, limits kept."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from gongkai.data.document import Source
from gongkai.data.errors import GongkaiError, LimitError, ReadError
from gongkai.data.limits import Limits
from gongkai.data.readers import read_bytes, read_path

Members = dict[str, bytes]


def make_zip(members: Members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def make_tar(members: Members, mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def read(data: bytes, name: str, **limits: int) -> tuple[list[Source], list[GongkaiError]]:
    errors: list[GongkaiError] = []
    return list(
        read_bytes(data, doc_id="x", name=name, limits=Limits(**limits), on_error=errors.append)
    ), errors


_TWO = {"甲镇/2014.txt": "甲镇公开1条。".encode("gbk"), "乙镇/2014.txt": "乙镇公开2条。".encode()}


@pytest.mark.parametrize(
    ("pack", "name"),
    [
        (make_zip, "a.zip"),
        (make_tar, "a.tar"),
        (lambda m: make_tar(m, "w:gz"), "a.tar.gz"),
        (lambda m: make_tar(m, "w:xz"), "a.tar.xz"),
        (lambda m: make_tar(m, "w:bz2"), "a.tbz2"),
    ],
)
def test_members_in_order_with_ids_of_their_own(pack: Callable[[Members], bytes], name: str) -> None:
    sources, errors = read(pack(_TWO), name)
    assert [(s.doc_id, s.text, s.path) for s in sources] == [
        ("2014", "甲镇公开1条。", f"{name}/甲镇/2014.txt"),
        ("2014-2", "乙镇公开2条。", f"{name}/乙镇/2014.txt"),
    ]
    assert errors == []


def test_a_bad_member_does_not_stop_the_rest() -> None:
    members = {
        "a.txt": b"",
        "b.exe": b"\x7fELF",
        "c.txt": "公开3条。".encode(),
        "p.png": b"\x89PNG",
        ".x.txt": b"x",
    }
    sources, errors = read(make_zip(members), "a.zip")
    assert [s.doc_id for s in sources] == ["c"]
    assert [(e.kind, e.file) for e in errors] == [("empty", "a.zip/a.txt"), ("binary", "a.zip/b.exe")]


def test_without_a_handler_the_first_error_is_raised() -> None:
    with pytest.raises(ReadError, match=r"a\.zip/a\.txt: is empty"):
        list(read_bytes(make_zip({"a.txt": b""}), doc_id="x", name="a.zip", limits=Limits()))


def test_archives_within_archives() -> None:
    inner = make_tar(_TWO, "w:gz")
    sources, errors = read(make_zip({"in.tgz": inner}), "a.zip")
    assert len(sources) == 2
    for _ in range(3):
        inner = make_zip({"in.zip": inner})
    sources, errors = read(inner, "a.zip")
    assert sources == []
    assert [e.kind for e in errors] == ["limit"]


@pytest.mark.parametrize("name", ["../../etc/a.txt", "/etc/a.txt", "C:\\x\\a.txt", "x/\x1b[2Ja.txt"])
def test_names_stay_within_the_archive(name: str) -> None:
    sources, _ = read(make_tar({name: "公开".encode()}), "a.tar")
    (path,) = [s.path for s in sources]
    assert path is not None
    assert path.startswith("a.tar/")
    assert ".." not in path
    assert path.isprintable()


def test_names_in_gbk() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("AAAA.txt", "公开")
    data = out.getvalue().replace(b"AAAA", "年报".encode("gbk"))
    assert [s.doc_id for s in read(data, "a.zip")[0]] == ["年报"]


def test_links_are_left_out() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("a.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert read(out.getvalue(), "a.tar") == ([], [])


def test_bombs_are_refused() -> None:
    sources, errors = read(make_zip({"a.txt": b"0" * 5_000_000, "b.txt": "公开".encode()}), "a.zip")
    assert [s.doc_id for s in sources] == ["b"]
    assert [e.kind for e in errors] == ["limit"]
    assert [e.kind for e in read(make_zip({"a.txt": b"0" * 999}), "a.zip", max_bytes=500)[1]] == ["limit"]
    assert [e.kind for e in read(make_tar({"a.txt": b"0" * 999}, "w:gz"), "a.tgz", max_bytes=500)[1]] == [
        "limit"
    ]
    with pytest.raises(LimitError):
        read(make_zip(_TWO), "a.zip", max_members=1)
    with pytest.raises(LimitError):
        read(make_zip(_TWO), "a.zip", max_archive_bytes=20)
    with pytest.raises(LimitError):
        read(gzip.compress(b"0" * 1000), "a.txt.gz", max_bytes=500)


@pytest.mark.parametrize(
    ("name", "data"), [("a.zip", b"PK\x03\x04 no"), ("a.tar.gz", b"\x1f\x8b no"), ("a.gz", b"\x1f\x8b no")]
)
def test_broken_archives_say_so(name: str, data: bytes) -> None:
    with pytest.raises(ReadError, match="broken"):
        read(data, name)


def test_a_cut_tar_gives_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(make_tar(_TWO)[:2100])
    found = read_path(path, limits=Limits())
    assert next(found).text == "甲镇公开1条。"


def test_gzip_of_one_file() -> None:
    sources, _ = read(gzip.compress("公开".encode()), "年报.txt.gz")
    assert [(s.doc_id, s.text) for s in sources] == [("年报", "公开")]


def test_a_locked_member_is_named() -> None:
    data = bytearray(make_zip({"a.txt": "公开".encode()}))
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert [e.what for e in read(bytes(data), "a.zip")[1]] == ["is locked with a password"]
