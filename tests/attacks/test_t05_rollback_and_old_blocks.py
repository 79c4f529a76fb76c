"""Threat 5. An adversary who had the file before and can write to it now could put old blocks back: the whole file, one
page, a slot, a journal. Nothing inside a file can prove that it is the newest. What holds: nothing is shown that
the owner never wrote, an old page that contradicts the rest is refused, and nothing comes across between
vaults. What does not hold is pinned here too, so that the threat model cannot promise more than is true.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import HoldfireError, NothingOpenedError, TamperError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault
from simulators.disk import Disk, PowerCut
from simulators.workload import PASSPHRASE, Add, Delete, Passwd, Save, State, User, found, sentence, unlock
from vault import independent_reader as reader
from vault.independent_reader import Layout

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.workload import Step

SIZE = 64 << 20
LAYOUT = Layout(SIZE)
NEW = "the second passphrase"


def run(disk: Disk, *steps: Step) -> Disk:
    """Return a disk on which `steps` were done after what is on `disk`."""
    user = User.arrive((later := disk.copy()).open)
    for step in steps:
        step.run(user)
    user.leave()
    return later.open()


@pytest.fixture(scope="module")
def versions(image: bytes) -> list[Disk]:
    """The same vault at three times: twelve notes; three changed; three deleted and others added."""
    chance = random.Random(30)
    first = run(Disk(image), *(Add(f"n{n}", sentence(chance, 700)) for n in range(12)))
    second = run(first, *(Save(f"n{n}", sentence(chance, 1_500)) for n in range(3)))
    third = run(
        second,
        *(Delete(f"n{n}") for n in range(4, 7)),
        *(Add(f"m{n}", sentence(chance, 900)) for n in range(4)),
    )
    return [first, second, third]


def seen(disk: Disk, passphrase: str = PASSPHRASE) -> State | type[HoldfireError]:
    """Return the content, or the class of the refusal."""
    try:
        vault = unlock(disk.copy().open, passphrase)
    except HoldfireError as error:
        return type(error)
    try:
        return found(vault, passphrase)
    except (HoldfireError, AssertionError) as error:
        # `found` asserts that notes, versions and index agree: that is how a person would notice.
        return type(error) if isinstance(error, HoldfireError) else TamperError
    finally:
        vault.lock()


def slot_of(disk: Disk) -> int:
    return reader.read_vault(disk.contents(), PASSPHRASE, reader.TEST).slot


def texts(disk: Disk) -> set[str]:
    state = seen(disk)
    assert isinstance(state, State)
    return {text for note in state.notes.values() for text in note}


def test_a_whole_old_image_is_not_noticed(versions: list[Disk]) -> None:
    """A limit: the file cannot know; only something kept elsewhere can."""
    old = seen(versions[0])
    assert isinstance(old, State)
    assert len(old.notes) == 12


def test_single_old_pages_never_show_what_was_not_written(versions: list[Disk]) -> None:
    first, _, third = versions
    written = texts(versions[0]) | texts(versions[1]) | texts(third)
    slot, refused, shown = slot_of(third), 0, 0
    for index in range(40):
        place = LAYOUT.page_place(slot, index)
        if first.read(place, 16_384) == third.read(place, 16_384):
            continue
        mixed = third.copy()
        mixed.write(place, first.read(place, 16_384))
        state = seen(mixed)
        if isinstance(state, State):
            shown += 1
            assert {text for note in state.notes.values() for text in note} <= written
        else:
            assert state in (TamperError, MissingError)
            refused += 1
    assert refused + shown > 10
    assert refused > shown


def test_an_old_slot_brings_an_old_passphrase_back(versions: list[Disk]) -> None:
    """A limit, said where a passphrase is changed: after a leak, make a new vault."""
    changed = run(versions[0], Passwd(NEW))
    assert seen(changed) is NothingOpenedError
    slot = slot_of(versions[0])
    for copy in ("A", "B"):
        changed.write(LAYOUT.slot_place(slot, copy), versions[0].read(LAYOUT.slot_place(slot, copy), 4_096))
    assert seen(changed) == seen(versions[0])
    assert seen(changed, NEW) is NothingOpenedError


def test_an_old_hot_journal_never_shows_what_was_not_written(versions: list[Disk]) -> None:
    """The journal of an interrupted change, kept and put back after later changes, takes some pages back."""
    _, second, third = versions
    user = User.arrive((interrupted := second.copy()).open)
    Save("n8", sentence(random.Random(31), 9_000)).run(user)
    slot = slot_of(third)
    start, size = LAYOUT.block_place(slot, 0), LAYOUT.blocks * 20_480
    written = texts(second) | texts(third)
    tried = 0
    for point in range(1, len(interrupted.log), 2):
        hot = interrupted.after_power_cut(point, PowerCut.LOSES_NONE, random.Random(32))
        if not reader.read_vault(hot.contents(), PASSPHRASE, reader.TEST).rolled_back:
            continue
        mixed = third.copy()
        mixed.write(start, hot.read(start, size))
        state = seen(mixed)
        if isinstance(state, State):
            assert {text for note in state.notes.values() for text in note} <= written
        else:
            assert state is TamperError
        tried += 1
    assert tried > 3


def test_a_destroyed_header_of_a_hot_journal_is_not_noticed_at_once(versions: list[Disk]) -> None:
    """A limit: whoever destroys the header after a crash keeps the crash from being mended; old and new stay mixed."""
    user = User.arrive((interrupted := versions[0].copy()).open)
    Save("n8", sentence(random.Random(33), 9_000)).run(user)
    slot = slot_of(versions[0])
    outcomes = set()
    for point in range(1, len(interrupted.log), 2):
        hot = interrupted.after_power_cut(point, PowerCut.LOSES_NONE, random.Random(34))
        if not reader.read_vault(hot.contents(), PASSPHRASE, reader.TEST).rolled_back:
            continue
        hot.write(LAYOUT.block_place(slot, 0), random.Random(35).randbytes(512))
        state = seen(hot)
        outcomes.add(type(state) if isinstance(state, State) else state)
    assert outcomes <= {State, TamperError}
    assert outcomes


def test_no_page_comes_across_from_another_vault_with_the_same_passphrase(
    tmp_path: Path, versions: list[Disk]
) -> None:
    Vault.create(tmp_path / "vault", [PASSPHRASE], SIZE, profile=TEST)
    other = Disk((tmp_path / "vault").read_bytes())
    mine, theirs = slot_of(versions[0]), slot_of(other)
    for index in range(5):
        mixed = versions[0].copy()
        mixed.write(LAYOUT.page_place(mine, index), other.read(LAYOUT.page_place(theirs, index), 16_384))
        assert seen(mixed) is TamperError


def test_no_slot_comes_across_from_another_vault_with_the_same_passphrase(
    tmp_path: Path, versions: list[Disk]
) -> None:
    Vault.create(tmp_path / "vault", [PASSPHRASE], SIZE, profile=TEST)
    other = Disk((tmp_path / "vault").read_bytes())
    mixed = versions[0].copy()
    mixed.write(4_096, other.read(4_096, 32_768))
    assert seen(mixed) is NothingOpenedError
