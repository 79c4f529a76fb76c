from __future__ import annotations

import os
import random
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import HoldfireError
from holdfire.evidence.package.archive import Archive
from holdfire.evidence.package.bag import make
from holdfire.evidence.package.layout import MOST_RECORD, Piece, key_pem, piece
from holdfire.evidence.package.opened import Opened, in_archive, in_folder
from holdfire.evidence.package.refusals import (
    AddedFileError,
    ChangedFileError,
    CrowdedError,
    CustodyFaultError,
    MissingFileError,
    NoItemError,
    NotHereError,
    NotWholeError,
    OtherFingerprintError,
    OtherHashError,
    PackageSignatureError,
    StrangeFileError,
)
from holdfire.evidence.package.verify import head_of, heads, verify
from holdfire.sealing.age.file import AgeFile
from holdfire.sealing.age.file import seal as seal_age
from holdfire.sealing.age.x25519 import X25519Identity
from holdfire.sealing.signature import SigningKey
from packages_drawn import CONTENTS, contents, item_of, log_of, papers, pieces_of, small, unpack, whole

FIXED = small()
NAMES = [one.name for one in FIXED]


def received(pieces: Sequence[Piece]) -> Opened:
    return Opened({one.name: one for one in pieces})


def faults(found: Opened, **given: object) -> list[type[HoldfireError]]:
    with pytest.raises(NotWholeError) as caught:
        verify(found, **given)  # type: ignore[arg-type]  # each test gives what it says
    for one in caught.value.faults:
        assert str(one).rstrip().endswith((".", ")", "'"))
        assert "\n" not in str(one)
        assert len(str(one)) < 300
    return [type(one) for one in caught.value.faults]


def replaced(name: str, content: bytes) -> Opened:
    return received([piece(name, content) if one.name == name else one for one in FIXED])


def signed_anew(changes: dict[str, bytes], *more: Piece) -> Opened:
    """A package whose maker wrote every list anew and signed it with a key of his own."""
    key = SigningKey.new()
    first, second = item_of(CONTENTS[0], "jpeg"), item_of(CONTENTS[1])
    tags, data = make([first, second], papers(), key)
    held = {**contents(tags), **changes} | {"KEY.pem": key_pem(key.public)}
    from holdfire.evidence.package.bag import listed  # noqa: PLC0415

    pieces = [
        piece(name, held[name])
        for name in sorted(held)
        if name not in {"tagmanifest-sha256.txt", "package.sig"}
    ]
    listing = piece("tagmanifest-sha256.txt", listed(pieces))
    return received([*pieces, listing, piece("package.sig", key.sign(whole(listing))), *data, *more])


def test_what_was_made_is_whole(tmp_path: Path) -> None:
    found = verify(in_folder(unpack(FIXED, tmp_path)))
    assert [one.sha256 for one in found.items] == [
        one.sha256 for one in FIXED if one.name.startswith("data/")
    ]
    assert found.files == len(FIXED)


def test_bagit_finds_it_valid(tmp_path: Path) -> None:
    unpack(FIXED, tmp_path)
    assert bagit.Bag(str(tmp_path)).validate()


def test_sealed_it_is_read_without_touching_the_disk() -> None:
    person = X25519Identity.new()
    sealed = b"".join(seal_age(Archive(FIXED).pieces(), [person.recipient()]))
    opened = AgeFile(lambda place, size: sealed[place : place + size], len(sealed), [person])
    assert verify(in_archive(opened.read, opened.size)).files == len(FIXED)


@given(st.sampled_from(range(len(FIXED))), st.integers(0), st.integers(1, 255))
def test_any_changed_byte_is_found(number: int, place: int, bits: int) -> None:
    one = FIXED[number]
    changed = bytearray(whole(one))
    changed[place % len(changed)] ^= bits
    assert faults(replaced(one.name, bytes(changed)))


@given(st.sampled_from(range(len(FIXED))), st.integers(0), st.binary(max_size=3))
def test_any_cut_or_added_end_is_found(number: int, place: int, more: bytes) -> None:
    content = whole(FIXED[number])
    cut = content[: place % (len(content) + 1)] + more
    if cut != content:
        assert faults(replaced(NAMES[number], cut))


@pytest.mark.parametrize("name", NAMES)
def test_any_missing_file_is_named(name: str) -> None:
    assert MissingFileError in faults(received([one for one in FIXED if one.name != name]))


@pytest.mark.parametrize(
    "name", ["data/item-3.jpg", "data/item-1.png", "stamps/item-1-9.tsr", "custody/item-3.jsonl"]
)
def test_any_added_file_is_named(name: str) -> None:
    assert AddedFileError in faults(received([*FIXED, piece(name, b"more")]))


def test_another_fingerprint_is_told() -> None:
    right = verify(received(FIXED)).fingerprint
    spaced = right[:8] + " " + right[8:].upper()
    assert verify(received(FIXED), announced=spaced).fingerprint == right
    assert faults(received(FIXED), announced="0" * 64) == [OtherFingerprintError]


def test_a_signature_by_another_key_is_told() -> None:
    other = SigningKey.new()
    forged = [piece("KEY.pem", key_pem(other.public)) if one.name == "KEY.pem" else one for one in FIXED]
    assert set(faults(received(forged))) == {PackageSignatureError, ChangedFileError}


def test_a_maker_who_signs_anew_cannot_change_what_a_log_says() -> None:
    """Lists and signature are right then; the custody log still is not."""
    held = contents(FIXED)
    forged = held["custody/item-1.jsonl"].replace(b"2026-03-01", b"2026-03-02", 1)
    assert CustodyFaultError in faults(signed_anew({"custody/item-1.jsonl": forged}))


def test_a_head_beside_another_log_is_told() -> None:
    other = contents(small())
    assert CustodyFaultError in faults(
        signed_anew({"custody/item-1.head.json": other["custody/item-1.head.json"]})
    )


def test_a_second_file_under_one_number_is_told_though_it_is_signed() -> None:
    own = contents(FIXED)
    held = {name: own[name] for name in own if name.startswith("data/")}
    again = piece("data/item-1.png", CONTENTS[0])
    line = f"{again.sha256}  data/item-1.png\n".encode()
    size = sum(map(len, held.values())) + len(CONTENTS[0])
    changes = {
        "manifest-sha256.txt": own["manifest-sha256.txt"] + line,
        "bag-info.txt": f"Payload-Oxum: {size}.{len(held) + 1}\n".encode(),
    }
    assert faults(signed_anew(changes, again)) == [AddedFileError]


@pytest.mark.parametrize("name", ["custody/item-9.jsonl", "records/item-9.json"])
def test_a_history_or_a_record_of_no_item_is_told_though_it_is_signed(name: str) -> None:
    held = contents(FIXED)
    assert faults(signed_anew({name: held[name.replace("9", "1")]})) == [AddedFileError]


def test_a_log_of_another_file_is_told() -> None:
    mixed = [item_of(CONTENTS[0], log=log_of(b"another file"))]
    assert faults(received(pieces_of(mixed))) == [OtherHashError]


def test_earlier_heads_are_held_against_it() -> None:
    log = log_of(CONTENTS[0])
    before = received(pieces_of([item_of(CONTENTS[0], log=log)]))
    log.append("open", {})
    after = received(pieces_of([item_of(CONTENTS[0], log=log)]))
    held = heads(before)
    assert held == (head_of(contents(list(before.files.values()))["custody/item-1.jsonl"]),)
    assert verify(before, held=held).items
    # Set back: the reader holds a head that is newer.
    assert faults(before, held=heads(after)) == [CustodyFaultError]
    # Newer, without a proof that it goes on from the one that is held.
    assert faults(after, held=held) == [CustodyFaultError]
    assert NotHereError in faults(received(FIXED), held=held)


def test_stamps_that_show_nothing_are_told() -> None:
    one = item_of(CONTENTS[0])
    for stamps in (
        {"1.tsr": b"token"},
        {
            "1.head.json": one.head.head.text(),
            "1.statement.json": b"[]",
            "1.stamp.tsr": b"token",
            "1.roots.pem": b"",
        },
    ):
        stamped = pieces_of([type(one)(**{**vars(one), "stamps": stamps})])
        assert faults(received(stamped)) == [CustodyFaultError]


def test_links_devices_and_strange_names_are_told_and_never_opened(tmp_path: Path) -> None:
    folder = unpack(FIXED, tmp_path / "package")
    (folder / "data" / "item-3.jpg").symlink_to("/dev/zero")
    os.mkfifo(folder / "data" / "item-4.jpg")
    (folder / "data" / "item-5\n\u202egpj.exe").write_bytes(b"")
    (folder / "stamps").symlink_to("/etc")
    (folder / "records" / "deep").mkdir()
    assert faults(in_folder(folder)) == [StrangeFileError] * 5


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = unpack(FIXED, tmp_path)
    found = in_folder(folder)
    (folder / "report.txt").rename(folder / "elsewhere")
    (folder / "report.txt").symlink_to("elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        verify(found)


def test_a_crowd_of_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for number in range(20_001):
        (tmp_path / "data" / str(number)).touch()
    with pytest.raises(CrowdedError):
        in_folder(tmp_path)


def test_changes_drawn_by_chance_are_all_found() -> None:
    chance = random.Random(4)
    held = contents(FIXED)
    for _ in range(300):
        name = chance.choice(NAMES)
        changed = bytearray(held[name])
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
        assert faults(replaced(name, bytes(changed)))


def test_thousands_of_the_largest_stamps_are_never_in_memory_together() -> None:
    names = [f"stamps/item-1-{number}.head.json" for number in range(64)]
    hostile = [Piece(name, MOST_RECORD, "", lambda _, size: bytes(size)) for name in names]
    tracemalloc.start()
    try:
        found = faults(received([*FIXED, *hostile]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert CustodyFaultError in found
    assert peak < 16 * MOST_RECORD


def test_a_stamp_of_a_crowd_of_files_is_told() -> None:
    crowd = [piece(f"stamps/item-1-1.a{number}", b"") for number in range(40)]
    with pytest.raises(NotWholeError) as caught:
        verify(received([*FIXED, *crowd]))
    told = [one.fault for one in caught.value.faults if isinstance(one, CustodyFaultError)]
    assert [type(one) for one in told] == [CrowdedError]


def test_without_an_item_it_is_no_package() -> None:
    assert NoItemError in faults(received([one for one in FIXED if not one.name.startswith("data/")]))
