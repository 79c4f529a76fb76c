from __future__ import annotations

import os
from pathlib import Path

import pytest

from holdfire.errors import ContentError, UserError
from holdfire.pack.folder import MOST_FILES, read_pack, shipped_packs

MANIFEST = """id: test
title: Test
country: null
language: en
version: "1"
reviewed: 2026-11-22
by: A test.
pays: Nobody.
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pack.yaml").write_text(MANIFEST)
    (tmp_path / "guide").mkdir()
    return tmp_path


def test_every_file_is_read_by_its_path_inside(pack: Path) -> None:
    (pack / "guide" / "grid.yaml").write_text("a: b\n")
    assert set(read_pack(pack).files) == {"pack.yaml", "guide/grid.yaml"}
    assert read_pack(pack).node("guide/grid.yaml").fields("a")["a"].text() == "b"


def test_the_shipped_packs_say_who_wrote_them_and_what_pays() -> None:
    for folder in sorted(shipped_packs().iterdir()):
        manifest = read_pack(folder).manifest
        assert manifest.by
        assert manifest.pays


@pytest.mark.parametrize("name", ["../out.yaml", "/etc/passwd", "guide/../../x", "guide/none.yaml"])
def test_no_name_leads_out_of_the_pack(pack: Path, name: str) -> None:
    with pytest.raises(ContentError, match="missing"):
        read_pack(pack).node(name)


def test_a_link_is_refused(pack: Path) -> None:
    (pack / "guide" / "link.yaml").symlink_to("/etc/passwd")
    with pytest.raises(ContentError, match="links") as caught:
        read_pack(pack)
    assert caught.value.file == "guide/link.yaml"


@pytest.mark.parametrize(
    "name", ["A.yaml", "a b.yaml", "a\nb.yaml", ".hidden", "a.yaml.exe", "\u202eabc.yaml"]
)
def test_strange_names_are_refused(pack: Path, name: str) -> None:
    (pack / "guide" / name).write_text("a: b\n")
    with pytest.raises(ContentError, match="file name"):
        read_pack(pack)


def test_what_is_no_ordinary_file_is_refused(pack: Path) -> None:
    os.mkfifo(pack / "guide" / "pipe.yaml")
    with pytest.raises(ContentError, match="ordinary"):
        read_pack(pack)


def test_too_many_files_and_too_deep_folders_are_refused(pack: Path) -> None:
    deep = pack / "a" / "b" / "c" / "d" / "e" / "f"
    deep.mkdir(parents=True)
    with pytest.raises(ContentError, match="deep"):
        read_pack(pack)
    for number in range(MOST_FILES + 1):
        (pack / "guide" / f"f{number}.yaml").touch()
    with pytest.raises(ContentError):
        read_pack(pack)


def test_a_giant_file_is_refused_before_it_is_read(pack: Path) -> None:
    with (pack / "guide" / "big.yaml").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(ContentError, match="larger"):
        read_pack(pack)


def test_a_folder_that_is_no_pack_says_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="missing"):
        read_pack(tmp_path)
    with pytest.raises(UserError):
        read_pack(tmp_path / "nothing")
