"""Custody logs as the vault keeps them: made, opened with every check, and written on (docs/formats/custody.md §4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import overload

from holdfire.evidence.custody import event, head
from holdfire.evidence.custody.check import check, check_earlier, open_log
from holdfire.evidence.custody.event import FieldValue
from holdfire.evidence.custody.extract import Shown
from holdfire.evidence.custody.extract import read as read_extract
from holdfire.evidence.custody.head import Head, SignedHead
from holdfire.evidence.custody.log import Entry, KeptEntries, Log
from holdfire.evidence.custody.refusals import EditedError
from holdfire.sealing.signature import SigningKey
from holdfire.vault.logs import GivenHead, StoredLog
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault


class KeptOpenings(Mapping[str, bytes]):
    """The openings of one event, read from the vault when one is asked for: a log with many events opens without them."""

    __slots__ = ("_log", "_number", "_read", "_vault")

    def __init__(self, vault: Vault, log: str, number: int) -> None:
        self._vault = vault
        self._log = log
        self._number = number
        self._read: dict[str, bytes] | None = None

    def __getitem__(self, field: str) -> bytes:
        return self._openings()[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._openings())

    def __len__(self) -> int:
        return len(self._openings())

    def _openings(self) -> dict[str, bytes]:
        if self._read is not None:
            return self._read
        try:
            lines = self._vault.logs.openings(self._log, self._number).split(b"\n")
        except MissingError:
            raise EditedError(self._number) from None
        try:
            self._read = {str(json.loads(line)[1]): line for line in lines}
        except (ValueError, LookupError, TypeError, RecursionError):
            raise EditedError(self._number) from None
        return self._read


class _Entries(KeptEntries):
    """The entries of one log, as they were read from the vault."""

    def __init__(self, vault: Vault, log: str) -> None:
        self._vault, self._log = vault, log
        self._rows = vault.logs.entries(log)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> list[Entry]: ...
    def __getitem__(self, place: int | slice) -> Entry | list[Entry]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self._rows)))]
        number = range(len(self._rows))[place]
        text, signature = self._rows[number]
        return Entry(text, KeptOpenings(self._vault, self._log, number), signature)

    def events(self) -> list[bytes]:
        """Return the event of each entry, in order."""
        return [text for text, _ in self._rows]


def new_log(vault: Vault, action: str, values: Mapping[str, FieldValue]) -> str:
    """Save a new log with its own key and a first event, and return its id."""
    log = Log.new()
    empty = log.head
    with vault.transaction():
        id_ = vault.logs.add(StoredLog(log.key.seed, empty.head.text(), empty.signature))
        _append(vault, id_, log, action, values)
    return id_


def open_kept(vault: Vault, id_: str) -> Log:
    """Return a log, checked against its last head and against every head that was exported.

    Raises:
        MissingError: There is no such log.
        CustodyError: Of the kind that says what was done to it.
    """
    kept = vault.logs.get(id_)
    log = open_log(SigningKey(kept.seed), _Entries(vault, id_), head.read(kept.head, kept.signature))
    for given in given_heads(vault, id_):
        check_earlier(log, given)
    return log


def given_heads(vault: Vault, id_: str) -> tuple[SignedHead, ...]:
    """Return the heads of a log that left the vault, in order.

    Raises:
        ForgedHeadError: One is not what was signed.
    """
    return tuple(head.read(given.head, given.signature) for given in vault.logs.given(id_))


def told(log: Log) -> tuple[Shown, ...]:
    """Return every event of an open log with all its values, after the checks that opening does not make (4 and 5).

    Raises:
        CustodyError: Of the kind that says what was done to it.
    """
    check(log)
    found = []
    for place, entry in enumerate(log.entries):
        read = event.read(entry.event, place)
        found.append(Shown(read, event.opened(read, place, [*entry.openings.values()])))
    return tuple(found)


def check_against(log: Log, untrusted_lines: Iterable[bytes]) -> Head:
    """Return the head that an extract of this log ends with, after making sure that the log goes on from it.

    Raises:
        CustodyError: It is no extract, something in it is not what was signed, or the log is not the one it was taken from.
        ProofError: A proof in it is wrong.
    """
    first: list[bytes] = []

    def kept() -> Iterator[bytes]:
        for line in untrusted_lines:
            if not first:
                first.append(line)
            yield line

    ends = read_extract(kept())
    members = json.loads(first[0])
    signed = head.read(members["head"].encode(), bytes.fromhex(members["signature"]))
    check_earlier(log, signed)
    return ends.head


def append_to(vault: Vault, id_: str, action: str, values: Mapping[str, FieldValue]) -> Entry:
    """Append an event to a log after checking it, durably.

    Raises:
        UserError: An action or a field that the log does not have, or a value that is too long.
        CustodyError: The log is not what it was; nothing is appended.
    """
    with vault.transaction():
        return _append(vault, id_, open_kept(vault, id_), action, values)


def give_head(vault: Vault, id_: str, exported: SignedHead, now: datetime, whom: str) -> None:
    """Keep a head that leaves the vault, if it is one of this log.

    Raises:
        CustodyError: It is not.
    """
    with vault.transaction():
        check_earlier(open_kept(vault, id_), exported)
        vault.logs.give(id_, GivenHead(now, whom, exported.head.text(), exported.signature))


def _append(vault: Vault, id_: str, log: Log, action: str, values: Mapping[str, FieldValue]) -> Entry:
    entry = log.append(action, values)
    after = log.head
    openings = b"\n".join(entry.openings.values())
    vault.logs.append(id_, entry.event, openings, after.head.text(), after.signature)
    return entry
