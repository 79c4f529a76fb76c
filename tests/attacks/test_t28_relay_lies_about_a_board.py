"""T28: a relay shows a desk's members another board than was written: forked, set back, with entries missing or moved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conversation.desk_drawn import ORIGIN, seed
from holdfire.conversation.desk_log import Act, DeskState, Entry, fold, read_entry, write_entry
from holdfire.conversation.faults import (
    AlteredError,
    EquivocationError,
    ForgedError,
    ReorderedError,
    ReplayedError,
    RollbackError,
    TruncatedError,
    WithheldError,
)
from holdfire.conversation.roster import Device, Roster
from holdfire.conversation.watch import advance, check_entries
from holdfire.sealing.signature import SigningKey
from holdfire.sealing.stream import EntrySealer
from holdfire.wire.boards import INBOX_ENTRY
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.merkle import Tree, leaf_hash
from holdfire.wire.tiles import TiledTree

ENTRIES = [seed(f"entry {place}", 64) for place in range(12)]


def tiled(entries: list[bytes]) -> TiledTree:
    return TiledTree(len(entries), lambda _: b"".join(map(leaf_hash, entries)))


def head(entries: list[bytes]) -> Checkpoint:
    return Checkpoint(len(entries), Tree(entries).root())


def test_a_board_that_grew_is_believed() -> None:
    seen = None
    for size in range(1, 13):
        seen = advance(seen, head(ENTRIES[:size]), tiled(ENTRIES[:size]))
    assert seen == head(ENTRIES)


def test_one_that_shrank_forked_or_does_not_fit_its_head_is_named() -> None:
    seen = head(ENTRIES[:9])
    with pytest.raises(RollbackError):
        advance(seen, head(ENTRIES[:8]), tiled(ENTRIES[:8]))
    other = [*ENTRIES[:4], b"put in", *ENTRIES[5:]]
    with pytest.raises(EquivocationError):
        advance(seen, head(other[:9]), tiled(other[:9]))
    with pytest.raises(EquivocationError):
        advance(seen, head(other), tiled(other))
    with pytest.raises(AlteredError):
        advance(seen, head(ENTRIES), tiled(other))


@pytest.mark.parametrize(
    ("given", "lie"),
    [
        (ENTRIES[2:7], TruncatedError),
        ([*ENTRIES[2:4], *ENTRIES[5:8]], WithheldError),
        ([ENTRIES[3], ENTRIES[2], *ENTRIES[4:8]], ReorderedError),
        ([*ENTRIES[2:7], ENTRIES[0]], ReplayedError),
        ([*ENTRIES[2:7], b"put in"], AlteredError),
    ],
)
def test_each_lie_about_entries_is_named(given: list[bytes], lie: type[Exception]) -> None:
    leaves = [leaf_hash(one) for one in ENTRIES]
    check_entries(2, ENTRIES[2:8], leaves, 6)
    with pytest.raises(lie):
        check_entries(2, given, leaves, 6)


DESK = seed("desk")
FIRST, SECOND = SigningKey(seed("first")), SigningKey(seed("second"))
ROSTER = Roster(1, (Device("Heron", FIRST.public), Device("Crane", SECOND.public)))
SEALER = EntrySealer(seed("log key"))
THREAD = seed("thread")


def act(
    signer: SigningKey,
    number: int,
    does: Act = Act.LABEL,
    said: str = "urgent",
    log: Checkpoint | None = None,
) -> Entry:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Entry(
        signer.public,
        number,
        at,
        Checkpoint(0, bytes(32)),
        log or Checkpoint(0, bytes(32)),
        does,
        THREAD,
        said,
    )


def test_the_record_is_the_fold_of_its_acts() -> None:
    acts = [
        act(FIRST, 1),
        act(SECOND, 1, Act.ASSIGN, "Crane"),
        act(FIRST, 2, Act.NOTE, "call first"),
        act(SECOND, 2, Act.UNLABEL),
    ]
    sealed = [
        write_entry(one, DESK, ORIGIN, FIRST if one.device == FIRST.public else SECOND, SEALER)
        for one in acts
    ]
    assert {len(one) for one in sealed} == {INBOX_ENTRY}
    read = [read_entry(one, DESK, ORIGIN, SEALER) for one in sealed]
    assert read == acts
    thread = fold(acts, ROSTER).threads[THREAD]
    assert (thread.assigned, thread.labels, thread.notes) == ("Crane", frozenset(), ("call first",))
    assert fold(acts[2:], ROSTER, fold(acts[:2], ROSTER)) == fold(acts, ROSTER)


def test_acts_replayed_withheld_reordered_or_by_a_stranger_are_named() -> None:
    first, second, third = act(FIRST, 1), act(FIRST, 2), act(FIRST, 3)
    with pytest.raises(ReplayedError):
        fold([first, second, first], ROSTER)
    with pytest.raises(WithheldError):
        fold([first, third], ROSTER)
    with pytest.raises(ReorderedError):
        fold([first, third, second], ROSTER)
    with pytest.raises(ForgedError):
        fold([act(SigningKey(seed("removed")), 1)], ROSTER)


def test_two_devices_that_were_shown_different_records_notice_it() -> None:
    with pytest.raises(EquivocationError):
        fold(
            [act(FIRST, 1, log=Checkpoint(5, seed("a"))), act(SECOND, 1, log=Checkpoint(5, seed("b")))],
            ROSTER,
        )
    assert fold([act(FIRST, 1, log=Checkpoint(5, seed("a")))], ROSTER) != DeskState()


def test_an_entry_opens_for_its_desk_and_relay_alone_and_not_when_a_byte_differs() -> None:
    sealed = write_entry(act(FIRST, 1), DESK, ORIGIN, FIRST, SEALER)
    assert read_entry(sealed, seed("other"), ORIGIN, SEALER) is None
    assert read_entry(sealed, DESK, "https://second.example.org", SEALER) is None
    for place in range(0, INBOX_ENTRY, 511):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert read_entry(bytes(changed), DESK, ORIGIN, SEALER) is None
