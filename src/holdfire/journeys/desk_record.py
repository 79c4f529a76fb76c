"""The record of a desk, the one truth on what was done: each act is posted first and counts once it was read back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from holdfire.conversation.desk_log import Act, DeskState, Entry, fold, read_entry, write_entry
from holdfire.desk.board import Pulled, pull
from holdfire.desk.own import OwnDesk
from holdfire.journeys.keep_own_desk import own_desk
from holdfire.journeys.kept_desk import ACT, OWN, THREAD
from holdfire.journeys.kept_talk import every, put
from holdfire.sealing.noise import random_bytes
from holdfire.sealing.stream import EntrySealer
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.admission import post_entry
from holdfire.wire.boards import KEPT_DAYS
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.http import Ask
from holdfire.wire.merkle import EMPTY
from holdfire.wire.refusals import done
from holdfire.wire.tickets import TICKET_SIZE, ticket_hash

_EMPTY: Final = Checkpoint(0, EMPTY)
_NO_CONTENT: Final = 204


@dataclass(frozen=True)
class Told:
    """An act as the desk's people read it.

    Args:
        time: When, as that device's clock says.
        who: What the desk calls the device's holder.
        act: What was done.
        thread: The number here of the thread it is about; 0 for none.
        detail: What the act says.
    """

    time: datetime
    who: str
    act: Act
    thread: int
    detail: str


def read_record(own: OwnDesk, ask: Ask, now: datetime) -> tuple[Pulled, tuple[Entry, ...]]:
    """Read what is new in the record of the desk, on its first relay; it touches no vault.

    Raises:
        NetworkError: The relay was not reached.
        LieError: It does not give what its signed head says, or an act is not its device's.
    """
    relay = own.relays[0]
    pulled = pull(ask, relay.origin, relay.head_key, own.log, own.log_place, may_be_gone=long_ago(own, now))
    sealer = EntrySealer(own.log_key)
    read = [read_entry(entry, own.id, relay.origin, sealer) for _, entry in pulled.entries]
    return pulled, tuple(one for one in read if one is not None)


def take_record_in(vault: Vault, pulled: Pulled, acts: tuple[Entry, ...], now: datetime) -> None:
    """Keep what was read of the record, once it fits what was there.

    Raises:
        LieError: It does not: an act is missing, twice there, out of order, or two devices were shown different boards.
    """
    record = own_desk(vault)
    fold(acts, record.value.roster, state_of(vault))
    with vault.transaction():
        for act_ in acts:
            vault.records.add(ACT, act_, now)
        put(vault, OWN, record, replace(record.value, log_place=pulled.place), now)


def state_of(vault: Vault) -> DeskState:
    """Return what follows from the acts that were read."""
    acts = reversed([one.value for one in every(vault, ACT)])
    return fold(acts, own_desk(vault).value.roster)


def act(
    own: OwnDesk, state: DeskState, what: Act, about: bytes, detail: str, ask: Ask, now: datetime
) -> None:
    """Post an act to the record; it counts once it was read back.

    Args:
        own: The desk, its record read just now, so that the act has the right number.
        state: What follows from the record.
        what: What is done.
        about: `c` of the thread.
        detail: A label, a note, a text, a name.
        ask: The first relay.
        now: When.

    Raises:
        NetworkError: The relay was not reached.
        RefusedError: It did not take it.
    """
    relay = own.relays[0]
    entry = Entry(
        own.device.public, state.numbers.get(own.device.public, 0) + 1, now.replace(microsecond=0),
        relay.place.head or _EMPTY, own.log_place.head or _EMPTY, what, about, detail,
    )  # fmt: skip
    written = write_entry(entry, own.id, relay.origin, own.device, EntrySealer(own.log_key))
    ticket = random_bytes(TICKET_SIZE)
    done(ask(http.register_tickets(own.log.writer, own.log.reader, [ticket_hash(ticket)])), _NO_CONTENT)
    post_entry(ask, own.log.writer, written, ticket=ticket)


def refresh(vault: Vault, ask: Ask, now: datetime) -> None:
    """Read the record to its end and keep it."""
    while True:
        pulled, acts = read_record(own_desk(vault).value, ask, now)
        take_record_in(vault, pulled, acts, now)
        if pulled.is_all:
            return


def long_ago(own: OwnDesk, now: datetime) -> bool:
    """Say whether entries can have gone from the relays since this device read them."""
    return own.pulled is None or now - own.pulled > timedelta(days=KEPT_DAYS - 1)


def told(vault: Vault) -> tuple[Told, ...]:
    """Return all acts that were read, in the record's order."""
    own = own_desk(vault).value
    names = {one.key: one.name for one in own.roster.devices}
    numbers = {one.value.conversation: one.value.number for one in every(vault, THREAD)}
    acts = reversed([one.value for one in every(vault, ACT)])
    return tuple(
        Told(one.time, names.get(one.device, ""), one.act, numbers.get(one.about, 0), one.detail)
        for one in acts
    )


def export(vault: Vault, ask: Ask, now: datetime) -> tuple[Told, ...]:
    """Return all acts, read to the end of the record, the last of which says that they were given out.

    To be called only when the person has just said so.

    Raises:
        NetworkError: The relay was not reached.
        LieError: The relay does not give the record as it was.
    """
    refresh(vault, ask, now)
    act(own_desk(vault).value, state_of(vault), Act.EXPORT, b"", "", ask, now)
    refresh(vault, ask, now)
    return told(vault)
