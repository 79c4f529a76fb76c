"""Before a vault is made, its place is looked at: file system, synchronised folders, swap."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfire.vault import surroundings
from holdfire.vault.surroundings import file_system, is_synchronised, swap_is_on, warnings_for

MOUNTS = """\
25 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
30 25 0:30 / /home rw,relatime shared:2 - btrfs /dev/sdb1 rw
31 25 0:31 / /media/my\\040stick rw shared:3 - exfat /dev/sdc1 rw
32 25 0:32 / /media/my\\040stick rw shared:3 - f2fs /dev/sdd1 rw
a broken line
"""
SWAPS = "Filename Type Size Used Priority\n"


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.fixture
def swaps(tmp_path: Path) -> Path:
    path = tmp_path / "swaps"
    path.write_text(SWAPS)
    return path


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/vault", "ext4"),
        ("/home/a/vault", "btrfs"),
        ("/homework/vault", "ext4"),
        ("/media/my stick/vault", "f2fs"),
        ("/media/vault", "ext4"),
    ],
)
def test_the_file_system_is_the_one_mounted_nearest(mounts: Path, place: str, kind: str) -> None:
    assert file_system(Path(place), mounts) == kind


def test_a_system_that_does_not_say_gives_no_file_system(tmp_path: Path) -> None:
    assert file_system(Path("/vault"), tmp_path / "none") is None


@pytest.mark.parametrize(
    "folder",
    ["/home/a/Dropbox", "/home/a/OneDrive - Work/x", "/home/a/Nextcloud/b", "/Users/a/Library/Mobile Documents/c",
     "/home/a/Yandex.Disk", "/home/a/Яндекс.Диск/d", "/home/a/Google Drive"],
)  # fmt: skip
def test_synchronised_folders_are_known_by_name(folder: str) -> None:
    assert is_synchronised(Path(folder) / "vault")
    assert not is_synchronised(Path("/srv/own") / Path(folder).name)


def test_a_folder_marked_by_a_program_is_synchronised(tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    assert not is_synchronised(inside / "vault")
    (tmp_path / "a" / ".stfolder").mkdir()
    assert is_synchronised(inside / "vault")


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("", False),
        ("/dev/zram0 partition 8 0 100\n", False),
        ("/swapfile file 8 0 -2\n", True),
        ("/dev/sda3 p 8 0 -2\n", True),
    ],
)
def test_swap_counts_when_it_is_on_a_disk(swaps: Path, line: str, on: bool) -> None:  # noqa: FBT001
    swaps.write_text(SWAPS + line)
    assert swap_is_on(swaps) is on


def test_an_ordinary_place_gives_no_warning(mounts: Path, swaps: Path) -> None:
    assert warnings_for(Path("/srv/vault"), mounts=mounts, swaps=swaps, platform="linux") == ()


def test_every_danger_is_said_once(mounts: Path, swaps: Path) -> None:
    swaps.write_text(SWAPS + "/swapfile file 8 0 -2\n")
    assert warnings_for(Path("/home/a/Dropbox/vault"), mounts=mounts, swaps=swaps, platform="linux") == (
        surroundings.KEEPS_OLD,
        surroundings.IS_SYNCHRONISED,
        surroundings.SWAP_IS_ON,
    )


@pytest.mark.parametrize(
    ("platform", "said"),
    [
        ("darwin", (surroundings.KEEPS_OLD, surroundings.SWAP_IS_ON)),
        ("win32", (surroundings.SWAP_IS_ON, surroundings.SHADOW_COPIES)),
    ],
)
def test_other_systems_do_not_tell_so_the_usual_is_said(
    tmp_path: Path, platform: str, said: tuple[str, ...]
) -> None:
    none = tmp_path / "none"
    assert warnings_for(Path("/srv/vault"), mounts=none, swaps=none, platform=platform) == said
