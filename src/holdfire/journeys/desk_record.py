"""The record of a desk, the one truth on what was done: each act is posted first and counts once it was read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from holdfire.conversation.desk_log import (
    Act,
    DeskState,
    Entry,
    follow,
    read_entry,
    roster_of_act,
    spelt,
    write_entry,
)
from holdfire.conversation.roster import Roster
from holdfire.conversation.wrap import WrappedKeys, unwrap_keys
from holdfire.desk.board import Pulled, pull
from holdfire.desk.own import Before, Board, OwnDesk, Place
from holdfire.errors import UserError
from holdfire.journeys.keep_own_desk import own_desk
from holdfire.journeys.kept_desk import ACT, GLANCE, OWN
from holdfire.journeys.kept_talk import put
from holdfire.language import mark
from holdfire.sealing.hpke import SEED_SIZE, SecretKey
from holdfire.sealing.noise import random_bytes
from holdfire.sealing.stream import EntrySealer
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.admission import post_entry
from holdfire.wire.boards import KEPT_DAYS, BoardReader
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.http import Ask
from holdfire.wire.merkle import EMPTY
from holdfire.wire.refusals import done
from holdfire.wire.tickets import TICKET_SIZE, ticket_hash

#: Keys of a move stand in the record minutes after it.
_PATIENCE: Final = timedelta(hours=1)
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
    """Keep what was read of the record, once it fits what was there, and the keys that were handed to this device.

    Raises:
        LieError: It does not: an act is missing, twice there, out of order, or two devices were shown different boards;
            or keys were handed out by a device that does not publish.
    """
    record = own_desk(vault)
    own = record.value
    state, before = _standing(vault)
    _, roster = follow(acts, before, own.id, own.card.root, state, gaps=pulled.gone > 0)
    own = replace(own, log_place=pulled.place)
    rosters = [before, *(roster_of_act(one, own.id, own.card.root) for one in acts if one.act is Act.ROSTER)]
    if not own.publish and any(
        roster.device(device.key) is None for one in rosters for device in one.devices
    ):
        own = replace(own, waits=now)
    if own.wrapping and not own.publish:
        publishers = {one.key for one in roster.devices if one.publishes}
        for _, entry in pulled.entries:
            keys = unwrap_keys(entry, SecretKey(own.wrapping), own.id, own.relays[0].origin, publishers)
            if keys is not None:
                own = with_keys(own, keys, now)
                break
    with vault.transaction():
        for act_ in acts:
            vault.records.add(ACT, act_, now)
        put(vault, OWN, record, own, now)


def with_keys(own: OwnDesk, keys: WrappedKeys, now: datetime) -> OwnDesk:
    """Return the desk with keys that were handed to this device; the key they were wrapped to goes."""
    handed = replace(own, wrapping=b"", log_key=keys.log_key)
    if keys.log == own.log.reader:
        return replace(handed, days=tuple(sorted({**dict(own.days), **dict(keys.days)}.items())))
    if len(keys.inboxes) != len(own.relays):
        raise UserError(
            mark("The desk is on other relays than this device knows."),
            mark("Make a new request, and ask the desk to be added again. What you have read stays here."),
        )
    boards = tuple(BoardReader(one) for one in keys.inboxes)
    return moved(handed, BoardReader(keys.log), boards, keys.days, now)


def moved(
    own: OwnDesk, log: Board, inboxes: Sequence[Board], days: tuple[tuple[date, bytes], ...], now: datetime
) -> OwnDesk:
    """Return the desk on other boards; those before are read on for some days, with the keys they had."""
    relays = tuple(
        replace(one, inbox=board, place=Place()) for one, board in zip(own.relays, inboxes, strict=True)
    )
    before = Before(now, own.days, tuple((one.origin, one.inbox, one.place) for one in own.relays))
    return replace(
        own, log=log, log_place=Place(), relays=relays, days=days, waits=None, before=before, moving=None
    )


def _standing(vault: Vault) -> tuple[DeskState, Roster]:
    own = own_desk(vault).value
    acts = reversed([one.value for one in vault.records.known(ACT)])
    # Each was judged when it was taken in.
    return follow(acts, own.roster, own.id, own.card.root, gaps=True)


def state_of(vault: Vault) -> DeskState:
    """Return what follows from the acts that were read."""
    return _standing(vault)[0]


def roster_of(vault: Vault) -> Roster:
    """Return whose devices belong to the desk now."""
    return _standing(vault)[1]


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
    """Read the record to its end and keep it; where this device is handed keys by others, have one ready for the next.

    Raises:
        UserError: This device was taken off the desk.
    """
    _read_on(vault, ask, now)
    state, roster = _standing(vault)
    record = own_desk(vault)
    own = record.value
    if roster.device(own.device.public) is None:
        raise UserError(
            mark("This device was taken off the desk."),
            mark("What you have read stays here. Ask the desk to be added again if that was wrong."),
        )
    if own.publish:
        return
    if own.waits and now - own.waits > _PATIENCE:
        raise UserError(
            mark("The desk has moved, and this device had no key ready to be handed the new ones."),
            mark("Make a new request, and ask the desk to be added again. What you have read stays here."),
        )
    if not own.wrapping:
        own = replace(own, wrapping=random_bytes(SEED_SIZE))
        put(vault, OWN, record, own, now)
    ready = SecretKey(own.wrapping).public
    if state.wrapping.get(own.device.public) != ready:
        act(own, state, Act.WRAPPING_KEY, b"", spelt(ready), ask, now)
        _read_on(vault, ask, now)


def _read_on(vault: Vault, ask: Ask, now: datetime) -> None:
    while True:
        own = own_desk(vault).value
        pulled, acts = read_record(own, ask, now)
        take_record_in(vault, pulled, acts, now)
        # Keys that came can lead to another board.
        if pulled.is_all and own_desk(vault).value.log == own.log:
            return


def long_ago(own: OwnDesk, now: datetime) -> bool:
    """Say whether entries can have gone from the relays since this device read them."""
    return own.pulled is None or now - own.pulled > timedelta(days=KEPT_DAYS - 1)


def told(vault: Vault) -> tuple[Told, ...]:
    """Return all acts that were read, in the record's order."""
    own = own_desk(vault).value
    names = _names(vault, own)
    numbers = {one.value.conversation: one.value.number for one in vault.records.known(GLANCE)}
    acts = reversed([one.value for one in vault.records.known(ACT)])
    return tuple(
        Told(one.time, names.get(one.device, ""), one.act, numbers.get(one.about, 0), one.detail)
        for one in acts
    )


def _names(vault: Vault, own: OwnDesk) -> dict[bytes, str]:
    """Return what everyone is called who ever belonged to the desk, by their device's key."""
    names = {one.key: one.name for one in own.roster.devices}
    for kept in vault.records.known(ACT):
        if kept.value.act is Act.ROSTER:
            named = roster_of_act(kept.value, own.id, own.card.root)
            names |= {one.key: one.name for one in named.devices}
    return names


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
