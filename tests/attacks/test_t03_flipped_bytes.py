"""Threat 3. An adversary who can write to the file, or a dying disk, could flip bytes, swap pages, or cut the file, so
that a vault shows something its owner never wrote. One changed byte in anything that is used must be refused
in words, or mended where there is a second copy; no wrong content may ever be shown.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import HoldfireError, NothingOpenedError, TamperError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.check import check
from holdfire.vault.vault import Vault
from simulators.disk import Disk, PowerCut
from simulators.workload import PASSPHRASE, Add, Import, Save, State, User, found, sentence, unlock
from vault import independent_reader as reader
from vault.independent_reader import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from simulators.workload import Step

SIZE = 64 << 20
LAYOUT = Layout(SIZE)


@pytest.fixture(scope="module")
def kept(image: bytes) -> tuple[Disk, State]:
    """A disk with notes and an item, and what is in it."""
    disk, state, chance = Disk(image), State(), random.Random(20)
    user = User.arrive(disk.open)
    steps: list[Step] = [
        *(Add(f"n{n}", sentence(chance, 800)) for n in range(20)),
        Save("n3", sentence(chance, 8_000)),
        Import(21, 400_000),
    ]
    for step in steps:
        step.run(user)
        state = step.after(state)
    user.leave()
    return Disk(image, dict(disk.copy().start)), state


def slot_of(disk: Disk, passphrase: str = PASSPHRASE) -> int:
    return reader.read_vault(disk.contents(), passphrase, reader.TEST).slot


def used_pages(disk: Disk) -> Iterator[int]:
    """Yield the offset of every page that holds something."""
    opened = reader.read_vault(disk.contents(), PASSPHRASE, reader.TEST)
    count = opened.connection.execute("PRAGMA page_count").get
    assert isinstance(count, int)
    yield from (LAYOUT.page_place(opened.slot, n) for n in range(count) if n + 1 not in opened.unread_pages)


def flip(disk: Disk, offset: int, bit: int = 1) -> Disk:
    """Return a copy with one bit of one byte changed."""
    changed = disk.copy()
    changed.write(offset, bytes([changed.read(offset, 1)[0] ^ bit]))
    changed.log.clear()
    return changed


def outcome(disk: Disk) -> State | type[HoldfireError]:
    """Return what somebody sees who opens it and reads everything: the content, or the class of the refusal."""
    try:
        vault = unlock(disk.open, PASSPHRASE)
    except HoldfireError as error:
        return type(error)
    try:
        return found(vault, PASSPHRASE)
    except HoldfireError as error:
        return type(error)
    finally:
        vault.lock()


def test_every_used_page_with_one_byte_flipped_is_refused_when_read(kept: tuple[Disk, State]) -> None:
    disk, state = kept
    chance, refused, pages = random.Random(22), 0, list(used_pages(disk))
    for place in pages:
        seen = outcome(flip(disk, place + chance.randrange(16_384), 1 << chance.randrange(8)))
        assert seen in (state, TamperError)
        refused += seen is TamperError
    assert len(pages) > 40
    assert refused == len(pages)  # `found` ends with an integrity check, which reads every page in use


def test_check_finds_every_flipped_page(kept: tuple[Disk, State]) -> None:
    disk, _ = kept
    chance = random.Random(23)
    for place in used_pages(disk):
        changed = flip(
            disk, place + chance.choice((0, 11, 12, 16_367, 16_368, 16_383, chance.randrange(16_384)))
        )
        with pytest.raises(TamperError):
            check(unlock(changed.open, PASSPHRASE))


def test_check_is_content_with_the_untouched_vault(kept: tuple[Disk, State]) -> None:
    report = check(unlock(kept[0].copy().open, PASSPHRASE))
    assert report.slots_ok
    assert report.items == 1
    assert report.pages == len(list(used_pages(kept[0])))


@pytest.mark.parametrize("copy", ["A", "B"])
def test_one_slot_copy_with_one_byte_flipped_is_mended(kept: tuple[Disk, State], copy: str) -> None:
    disk, state = kept
    place = LAYOUT.slot_place(slot_of(disk), copy)
    for offset in (0, 11, 12, 13, 2_000, 4_079, 4_080, 4_095):
        changed = flip(disk, place + offset)
        vault = unlock(changed.open, PASSPHRASE)
        assert not check(vault).slots_ok
        vault.lock()
        assert reader.read_vault(changed.contents(), PASSPHRASE, reader.TEST).copies == 2
        assert outcome(changed) == state


def test_both_slot_copies_flipped_open_nothing_and_write_nothing(kept: tuple[Disk, State]) -> None:
    disk, _ = kept
    slot = slot_of(disk)
    changed = flip(flip(disk, LAYOUT.slot_place(slot, "A") + 5), LAYOUT.slot_place(slot, "B") + 4_090)
    assert outcome(changed) is NothingOpenedError
    assert changed.log == []


def test_bytes_of_other_slots_and_regions_change_nothing_here(kept: tuple[Disk, State]) -> None:
    disk, state = kept
    mine = slot_of(disk)
    others = [slot for slot in (1, 2, 3, 4) if slot != mine]
    places = [LAYOUT.slot_place(slot, copy) for slot in others for copy in ("A", "B")]
    places += [LAYOUT.page_place(slot, 0) for slot in others] + [
        LAYOUT.page_place(mine, LAYOUT.pages - 1),
        100,
    ]
    for place in places:
        assert outcome(flip(disk, place)) == state


def test_a_changed_salt_opens_nothing(kept: tuple[Disk, State]) -> None:
    for offset in (0, 31):
        assert outcome(flip(kept[0], offset)) is NothingOpenedError


def _moved(disk: Disk, source: int, target: int, size: int) -> Disk:
    changed = disk.copy()
    changed.write(target, changed.read(source, size))
    changed.log.clear()
    return changed


def test_a_page_moved_to_another_place_is_refused(kept: tuple[Disk, State]) -> None:
    disk, state = kept
    places = list(used_pages(disk))
    chance = random.Random(24)
    for target in places:
        source = chance.choice([place for place in places if place != target])
        assert outcome(_moved(disk, source, target, 16_384)) in (state, TamperError)
        with pytest.raises(TamperError):
            check(unlock(_moved(disk, source, target, 16_384).open, PASSPHRASE))


def test_a_page_of_another_compartment_is_refused(kept: tuple[Disk, State]) -> None:
    disk, _ = kept
    other = LAYOUT.page_place(slot_of(disk, "another compartment"), 0)
    assert outcome(_moved(disk, other, LAYOUT.page_place(slot_of(disk), 0), 16_384)) is TamperError


def test_a_page_of_zeros_is_refused(kept: tuple[Disk, State]) -> None:
    disk, state = kept
    for place in used_pages(disk):
        changed = disk.copy()
        changed.write(place, bytes(16_384))
        assert outcome(changed) in (state, TamperError)
        with pytest.raises(TamperError):
            check(unlock(changed.open, PASSPHRASE))


def test_slot_copies_exchanged_open_nothing(kept: tuple[Disk, State]) -> None:
    disk, _ = kept
    a, b = (LAYOUT.slot_place(slot_of(disk), copy) for copy in ("A", "B"))
    exchanged = disk.copy()
    exchanged.write(a, disk.copy().read(b, 4_096))
    exchanged.write(b, disk.copy().read(a, 4_096))
    assert outcome(exchanged) is NothingOpenedError


@pytest.fixture(scope="module")
def hot(image: bytes) -> tuple[Disk, tuple[State, State], int]:
    """A disk on which the power went while pages were being written; the states allowed; the blocks of its journal."""
    disk, chance = Disk(image), random.Random(25)
    user = User.arrive(disk.open)
    first, second = Add("one", sentence(chance, 20_000)), Save("one", sentence(chance, 30_000))
    first.run(user)
    start = len(disk.log)
    second.run(user)
    before = first.after(State())
    best: tuple[Disk, int] | None = None
    for point, _, found_disk in disk.power_cuts(
        range(start, len(disk.log), 4), [PowerCut.LOSES_NONE], chance
    ):
        del point
        records = reader.read_vault(found_disk.contents(), PASSPHRASE, reader.TEST).rolled_back
        if records and (best is None or records >= best[1]):
            best = (found_disk, records)
    assert best is not None
    return best[0], (before, second.after(before)), best[1] + 1


def test_any_block_of_a_hot_journal_flipped_is_refused_and_nothing_written(
    hot: tuple[Disk, tuple[State, State], int],
) -> None:
    disk, _, blocks = hot
    slot, chance = slot_of(disk), random.Random(26)
    assert blocks > 4
    for block in range(1, blocks):
        changed = flip(disk, LAYOUT.block_place(slot, block) + chance.randrange(16_420))
        assert outcome(changed) is TamperError
        assert changed.log == []


def test_the_hot_journal_itself_rolls_back(hot: tuple[Disk, tuple[State, State], int]) -> None:
    disk, allowed, _ = hot
    assert outcome(disk.copy()) in allowed


def test_random_vandalism_never_shows_wrong_content(kept: tuple[Disk, State]) -> None:
    disk, state = kept
    chance = random.Random(27)
    places = [*used_pages(disk), *(LAYOUT.slot_place(slot_of(disk), copy) for copy in ("A", "B"))]
    for _ in range(60):
        changed = disk.copy()
        for _ in range(chance.randint(1, 4)):
            length = chance.choice((1, 16, 512, 4_096))
            changed.write(
                chance.choice(places) + chance.randrange(4_096 - length + 1), chance.randbytes(length)
            )
        assert outcome(changed) in (state, TamperError, NothingOpenedError)


def _raw(path: Path, data: bytes) -> str:
    """Return the refusal of a file with `data`, which must not change."""
    path.write_bytes(data)
    with pytest.raises(HoldfireError) as refusal:
        Vault.open(path, PASSPHRASE, profile=TEST)
    assert path.read_bytes() == data
    assert refusal.value.hint
    return type(refusal.value).__name__


@pytest.mark.parametrize("change", [-1, -16_384, -(32 << 20), 1, 4_096])
def test_a_cut_or_lengthened_file_is_refused_and_not_written(
    tmp_path: Path, image: bytes, change: int
) -> None:
    data = image[:change] if change < 0 else image + random.Random(28).randbytes(change)
    assert _raw(tmp_path / "vault", data) in ("TamperError", "UserError")


JUNK: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "one byte": lambda: b"x",
    "zeros": lambda: bytes(SIZE),
    "text": lambda: b"To whom it may concern. " * (SIZE // 24 + 1),
    "a database": lambda: b"SQLite format 3\0" + bytes(SIZE),
    "noise": lambda: random.Random(29).randbytes(SIZE),
}


@pytest.mark.parametrize("what", JUNK)
def test_a_file_that_is_no_vault_is_refused_and_not_written(tmp_path: Path, what: str) -> None:
    expected = "NothingOpenedError" if what == "noise" else "UserError"
    assert _raw(tmp_path / "vault", JUNK[what]()) == expected
