from __future__ import annotations

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.evidence.package import archive
from holdfire.evidence.package.archive import Archive, index, padded
from holdfire.evidence.package.layout import Piece, piece
from holdfire.evidence.package.refusals import ArchiveError
from packages_drawn import small, unpack, whole

FIXED = small()
PACKED = b"".join(Archive(FIXED).pieces())


def at(content: bytes, place: int, size: int) -> bytes:
    return content[place : place + size]


def test_tar_unpacks_what_went_in(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "package.tar").write_bytes(PACKED)
    subprocess.run(["tar", "-xf", "../package.tar"], cwd=tmp_path / "there", check=True)
    unpack(FIXED, tmp_path / "package")
    subprocess.run(["diff", "-r", "package", "there/package"], cwd=tmp_path, check=True)


def test_modes_owners_and_times_are_fixed() -> None:
    with tarfile.open(fileobj=BytesIO(PACKED)) as tar:
        told = {(one.mode, one.uid, one.gid, one.uname, one.gname, one.mtime) for one in tar}
    assert told == {(0o644, 0, 0, "", "", 0)}


def test_it_reads_the_same_from_any_place() -> None:
    made = Archive(FIXED)
    assert len(PACKED) == made.size
    for start in {
        *range(0, 3000, 37),
        made.filled - 1,
        made.filled,
        made.filled + 1,
        made.size - 1,
        made.size,
    }:
        assert b"".join(made.pieces(start)) == PACKED[start:]


@given(st.integers(1, 1 << 40))
def test_padding_is_at_most_a_sixteenth_or_64_kib(size: int) -> None:
    assert size <= padded(size) < size + max(size / 16, 1 << 16) + 1
    assert padded(padded(size)) == padded(size)


def test_sizes_near_each_other_look_alike() -> None:
    assert len({padded(size) for size in range(10 << 20, 11 << 20, 4_096)}) <= 3


@pytest.mark.parametrize("size", [(1 << 33) - 1, 1 << 33, 10 << 30])
def test_ten_gibibytes_have_a_header_that_tar_reads(size: int) -> None:
    head = archive.header("data/item-1.mp4", size)
    with tarfile.open(fileobj=BytesIO(head + bytes(1024))) as tar:
        found = tar.next()
    assert found is not None
    assert (found.name, found.size) == ("package/data/item-1.mp4", size)


def test_a_file_of_ten_gibibytes_is_found_again_without_reading_it() -> None:
    size = 10 << 30
    made = Archive([Piece("data/item-1.mp4", size, "", lambda _, wanted: bytes(wanted))])
    # Not the whole padding: what `read_at` gives is made from its place.
    head = archive.header("data/item-1.mp4", size)

    def read_at(place: int, wanted: int) -> bytes:
        return head[place : place + wanted].ljust(min(wanted, made.size - place), b"\0")

    assert [(one.name, one.size) for one in index(read_at, made.size)] == [("data/item-1.mp4", size)]


def test_its_files_are_found_and_read() -> None:
    found = index(lambda place, size: at(PACKED, place, size), len(PACKED))
    assert [(one.name, whole(one)) for one in found] == [(one.name, whole(one)) for one in FIXED]


@given(st.data())
def test_no_header_or_filling_has_a_second_spelling(data: st.DataObject) -> None:
    """Every byte that is not a file's own content is judged: 512 of a header, the filling after a file, the padding."""
    made = b"".join(Archive([piece("data/item-1.txt", b"text")]).pieces())
    place = data.draw(st.integers(0, len(made) - 1).filter(lambda place: not 512 <= place < 516))
    changed = bytearray(made)
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        found = index(lambda start, size: at(bytes(changed), start, size), len(changed))
    except ArchiveError:
        return
    # Only a whole other name or size, with the right sum of its header, could stand; one byte cannot make that.
    raise AssertionError([(one.name, one.size) for one in found])


@pytest.mark.parametrize("size", [0, 1, 511, 512, 1023, len(PACKED) - 1, len(PACKED) - 65_536])
def test_a_cut_archive_is_refused(size: int) -> None:
    with pytest.raises(ArchiveError):
        index(lambda place, wanted: at(PACKED[:size], place, wanted), size)
