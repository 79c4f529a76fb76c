"""The record of a desk: acts of its devices, signed, sealed under the log key, in one order for all (docs/protocols/conversation.md §10).

State is what follows from the acts in their order, and nothing else; the audit is the acts themselves.
"""

from __future__ import annotations

from base64 import b85decode, b85encode
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

from holdfire.conversation.faults import (
    EquivocationError,
    ForgedError,
    ReorderedError,
    ReplayedError,
    WithheldError,
)
from holdfire.conversation.roster import Roster, read_roster
from holdfire.errors import TamperError
from holdfire.sealing.hpke import BadKeyError, PublicKey
from holdfire.sealing.signature import PUBLIC_SIZE, SIGNATURE_SIZE, SigningKey, verify
from holdfire.sealing.stream import NONCE_SIZE, TAG_SIZE, EntrySealer, PieceError
from holdfire.wire.boards import INBOX_ENTRY
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.encoding import Field, FormatError, Octets, Row, Shape, Text, Whole, pad, unpad
from holdfire.wire.names import HASH_SIZE, context

PLAIN_SIZE: Final = INBOX_ENTRY - NONCE_SIZE - TAG_SIZE
MOST_DETAIL: Final = 7_200
_HEAD: Final = Row((("size", Whole()), ("root", Octets(HASH_SIZE))))


class Act(IntEnum):
    """What a device can do; the numbers stand in entries and never change."""

    ACCEPT = 0
    ASSIGN = 1
    LABEL = 2
    UNLABEL = 3
    NOTE = 4
    STATUS = 5
    REPLY = 6
    EXPORT = 7
    END = 8
    PUBLISH = 9
    ROSTER = 10
    WRAPPING_KEY = 11


_SHAPE: Final = Shape(
    "act",
    (
        Field(1, "device", Octets(PUBLIC_SIZE)),
        Field(2, "number", Whole(least=1)),
        Field(3, "time", Whole(4_102_444_800)),
        Field(4, "inbox", _HEAD),
        Field(5, "log", _HEAD),
        Field(6, "act", Whole(max(Act))),
        Field(7, "about", Octets(most=HASH_SIZE)),
        Field(8, "detail", Text(MOST_DETAIL)),
    ),
)
_ENTRY: Final = Shape(
    "entry", (Field(1, "act", Octets(most=PLAIN_SIZE)), Field(2, "signature", Octets(SIGNATURE_SIZE)))
)


@dataclass(frozen=True)
class Entry:
    """One act.

    Args:
        device: Whose, by its signing key.
        number: Of the device's acts, from 1, without a gap.
        time: When, as that device's clock says; whole seconds, UTC.
        inbox: The head of the inbox that it saw last.
        log: The head of this record that it saw last.
        act: What was done.
        about: The thread: `c`, or nothing.
        detail: What the act says: a label, a note, a text, a name.
    """

    device: bytes
    number: int
    time: datetime
    inbox: Checkpoint
    log: Checkpoint
    act: Act
    about: bytes = b""
    detail: str = ""


def write_entry(entry: Entry, desk: bytes, origin: str, signer: SigningKey, sealer: EntrySealer) -> bytes:
    """Return an act as an entry of the record's board, 8,192 bytes.

    Raises:
        FormatError: It does not fit.
        ValueError: `signer` is not the entry's device.
    """
    if signer.public != entry.device:
        raise ValueError("an act is signed by its device")
    body = _SHAPE.write(
        {
            "device": entry.device,
            "number": entry.number,
            "time": int(entry.time.timestamp()),
            "inbox": [entry.inbox.size, entry.inbox.root],
            "log": [entry.log.size, entry.log.root],
            "act": int(entry.act),
            "about": entry.about,
            "detail": entry.detail,
        }
    )
    about = context("log", desk, origin)
    written = _ENTRY.write({"act": body, "signature": signer.sign(about + body)})
    return sealer.seal(pad(written, PLAIN_SIZE, "entry"), about)


def read_entry(untrusted: bytes, desk: bytes, origin: str, sealer: EntrySealer) -> Entry | None:
    """Return the act of an entry, or None if it is none under this log key: wrapped keys, another key, or junk.

    Raises:
        FormatError: It opens, and is not written as it must be.
        ForgedError: Its device did not sign it.
    """
    about = context("log", desk, origin)
    if len(untrusted) != INBOX_ENTRY:
        raise FormatError("entry", "wrong length")
    try:
        padded = sealer.open(untrusted, about)
    except PieceError:
        return None
    outer = _ENTRY.read(unpad(padded, "entry"), PLAIN_SIZE)
    found = _SHAPE.read(outer["act"], PLAIN_SIZE)
    try:
        verify(found["device"], about + outer["act"], outer["signature"])
    except TamperError:
        raise ForgedError from None
    return Entry(
        found["device"],
        found["number"],
        datetime.fromtimestamp(found["time"], UTC),
        Checkpoint(*found["inbox"]),
        Checkpoint(*found["log"]),
        Act(found["act"]),
        found["about"],
        found["detail"],
    )


@dataclass(frozen=True)
class Thread:
    """What the record says of one conversation."""

    assigned: str = ""
    labels: frozenset[str] = frozenset()
    status: str = ""
    notes: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    ended: bool = False


@dataclass(frozen=True)
class DeskState:
    """What follows from the record.

    Args:
        threads: By `c`.
        numbers: The last act of each device, by its key.
        heads: The root of each size of the record and of the inbox that a device says it saw: `("log" or "inbox", size)`.
        wrapping: The last wrapping key of each device, by its signing key.
    """

    threads: dict[bytes, Thread] = field(default_factory=dict)
    numbers: dict[bytes, int] = field(default_factory=dict)
    heads: dict[tuple[str, int], bytes] = field(default_factory=dict)
    wrapping: dict[bytes, bytes] = field(default_factory=dict)


def fold(
    entries: Iterable[Entry], roster: Roster, state: DeskState | None = None, *, gaps: bool = False
) -> DeskState:
    """Return what follows from acts in their order, on top of `state`; where the roster changes, a new call begins (`follow`).

    Raises:
        FormatError: A wrapping key is none.
        ForgedError: A device is not in the roster.
        ReplayedError: An act stands there twice.
        ReorderedError: A device's acts stand in another order.
        WithheldError: One of a device's acts is missing, and there can be no `gaps`.
        EquivocationError: Two devices were shown different records or inboxes of one size.
    """
    start = state or DeskState()
    threads, numbers, heads = dict(start.threads), dict(start.numbers), dict(start.heads)
    wrapping = dict(start.wrapping)
    batch = list(entries)
    for place, entry in enumerate(batch):
        if roster.device(entry.device) is None:
            raise ForgedError
        last = numbers.get(entry.device, 0)
        if entry.number <= last:
            raise ReplayedError
        if entry.number > last + 1 and not gaps:
            later = any(
                one.device == entry.device and last < one.number < entry.number for one in batch[place + 1 :]
            )
            raise ReorderedError if later else WithheldError
        numbers[entry.device] = entry.number
        for board, head in (("inbox", entry.inbox), ("log", entry.log)):
            if heads.setdefault((board, head.size), head.root) != head.root:
                raise EquivocationError
        if entry.act is Act.WRAPPING_KEY:
            wrapping[entry.device] = _key(entry.detail)
        if entry.about:
            threads[entry.about] = _applied(threads.get(entry.about, Thread()), entry)
    return DeskState(threads, numbers, heads, wrapping)


def follow(
    entries: Iterable[Entry],
    roster: Roster,
    desk: bytes,
    root: bytes,
    state: DeskState | None = None,
    *,
    gaps: bool = False,
) -> tuple[DeskState, Roster]:
    """Return what follows from acts in their order, and the roster after them; acts of the kind `ROSTER` change it.

    Args:
        entries: The acts.
        roster: Who belonged to the desk before the first of them.
        desk: The desk's id.
        root: Its root's public keys.
        state: What followed from the acts before.
        gaps: Whether acts can have gone before they were read, as after 30 days.

    Raises:
        As `fold` and `read_roster`.
    """
    found, batch = state or DeskState(), list[Entry]()
    for entry in entries:
        batch.append(entry)
        if entry.act is Act.ROSTER:
            found, batch = fold(batch, roster, found, gaps=gaps), []
            roster = roster_of_act(entry, desk, root, roster)
            # With the roster the boards can change, and their sizes begin anew.
            found = replace(found, heads={})
    return fold(batch, roster, found, gaps=gaps), roster


def roster_of_act(entry: Entry, desk: bytes, root: bytes, before: Roster | None = None) -> Roster:
    """Return the roster that an act of that kind brings, as `read_roster` does."""
    return read_roster(_bytes(entry.detail), desk, root, before)


def spelt(content: bytes) -> str:
    """Return bytes as the detail of an act: a roster, a wrapping key."""
    return b85encode(content).decode("ascii")


def _bytes(detail: str) -> bytes:
    try:
        return b85decode(detail)
    except ValueError:
        raise FormatError("act.detail", "not base85") from None


def _key(detail: str) -> bytes:
    key = _bytes(detail)
    try:
        PublicKey(key)
    except BadKeyError:
        raise FormatError("act.detail", "no key") from None
    return key


def _applied(thread: Thread, entry: Entry) -> Thread:
    said = entry.detail
    changes: dict[Act, dict[str, object]] = {
        Act.ASSIGN: {"assigned": said},
        Act.LABEL: {"labels": thread.labels | {said}},
        Act.UNLABEL: {"labels": thread.labels - {said}},
        Act.NOTE: {"notes": (*thread.notes, said)},
        Act.STATUS: {"status": said},
        Act.REPLY: {"replies": (*thread.replies, said)},
        Act.END: {"ended": True},
    }
    return replace(thread, **changes.get(entry.act, {}))  # type: ignore[arg-type]  # each field is given its own kind above
