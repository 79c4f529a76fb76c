"""Keys are handed on to the devices of a desk; when somebody is taken off, the desk moves to other boards under other keys.

What is posted in the record is sealed to keys that each device had ready, and used once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from holdfire.conversation.desk_log import Act, spelt
from holdfire.conversation.roster import Roster, read_roster, write_roster
from holdfire.conversation.wrap import WrappedKeys, wrap_keys
from holdfire.desk.edition import NoPublisherError
from holdfire.desk.own import DAYS_AHEAD, DAYS_KEPT, Board, Moving, OwnDesk, with_days
from holdfire.errors import UserError
from holdfire.journeys.desk_record import act, moved, refresh, roster_of, state_of
from holdfire.journeys.keep_own_desk import check_root, own_desk
from holdfire.journeys.kept_desk import OWN
from holdfire.journeys.kept_talk import put
from holdfire.language import mark
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.noise import random_bytes
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.admission import post_entry
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.http import Ask
from holdfire.wire.refusals import done
from holdfire.wire.tickets import TICKET_SIZE, ticket_hash

#: Keys are handed on when those of last time are so old; they last for two weeks.
_HANDED_FOR: Final = timedelta(days=6)
_SECRET, _MADE, _NO_CONTENT = 32, 201, 204


class NoMemberError(UserError):
    """Nobody of this name belongs to the desk."""

    hint = mark("Look at who belongs to it.")

    def __init__(self, name: str) -> None:
        super().__init__(mark("Nobody here is called {name}."), name=name)


def hand_out(vault: Vault, ask: Ask, now: datetime) -> int:
    """Wrap the keys of the next two weeks to every device that has a key ready, and return to how many; part of publishing."""
    record = own_desk(vault)
    own = record.value
    handed = {device: (day, key) for device, day, key in own.handed}
    wrapping = state_of(vault).wrapping
    wrapped = 0
    for one in roster_of(vault).devices:
        ready = wrapping.get(one.key)
        day, used = handed.get(one.key, (now.date() - _HANDED_FOR, b""))
        if one.publishes or not ready or ready == used or now.date() - day < _HANDED_FOR:
            continue
        _post_keys(own, _keys(own, own.log, own.log_key, {}, own.days), ready, ask)
        handed[one.key] = (now.date(), ready)
        wrapped += 1
    if wrapped:
        kept = tuple((device, day, key) for device, (day, key) in handed.items())
        put(vault, OWN, record, replace(own, handed=kept), now)
    return wrapped


def _keys(
    own: OwnDesk,
    log: Board,
    log_key: bytes,
    inboxes: Mapping[str, BoardSecrets],
    days: tuple[tuple[date, bytes], ...],
) -> WrappedKeys:
    readers = tuple(inboxes.get(one.origin, one.inbox).reader for one in own.relays)
    return WrappedKeys(days[-DAYS_AHEAD - DAYS_KEPT :], log_key, readers, log.reader)


def _post_keys(own: OwnDesk, keys: WrappedKeys, wrapping: bytes, ask: Ask) -> None:
    entry = wrap_keys(keys, wrapping, own.id, own.relays[0].origin, own.device)
    ticket = random_bytes(TICKET_SIZE)
    done(ask(http.register_tickets(own.log.writer, own.log.reader, [ticket_hash(ticket)])), _NO_CONTENT)
    post_entry(ask, own.log.writer, entry, ticket=ticket)


def begin_move(vault: Vault, name: str, root: DoubleKey, now: datetime) -> OwnDesk:
    """Make and keep what the desk moves to when somebody is taken off; nothing is sent. Called again it goes on.

    Once the desk has gone over, it is returned as it is, without `moving`: its edition may still have to come out, and until then
    members write under keys that who was taken off has.

    Raises:
        NoPublisherError: Another device publishes; it alone can move the desk.
        NoMemberError: Nobody is called so, and the desk has not moved of late.
        UserError: This is not the root, or it is this device, or somebody else is being taken off.
    """
    record = own_desk(vault)
    own = record.value
    check_root(own, root)
    if own.publish is None:
        raise NoPublisherError
    roster = roster_of(vault)
    gone = next((one for one in roster.devices if one.name == name), None)
    if own.moving:
        after = read_roster(own.moving.roster, own.id, own.card.root)
        if any(one.name == name for one in after.devices):
            raise UserError(
                mark("Somebody else is being taken off, and that has not ended."),
                mark("End that first: say the same name again."),
            )
        return own
    if gone is None:
        if own.before:
            return own
        raise NoMemberError(name)
    if gone.key == own.device.public:
        raise UserError(
            mark("This device publishes, and cannot take itself off."),
            mark("Make the desk anew elsewhere, and tell its members."),
        )
    left = tuple(one for one in roster.devices if one != gone)
    moving = Moving(
        roster=write_roster(Roster(roster.number + 1, left), own.id, root),
        log_key=random_bytes(_SECRET),
        log=BoardSecrets(random_bytes(_SECRET)),
        inboxes=tuple((one.origin, BoardSecrets(random_bytes(_SECRET))) for one in own.relays),
        days=with_days(replace(own, days=()), now, random_bytes).days,
    )
    return put(vault, OWN, record, replace(own, moving=moving), now).value


def make_room(own: OwnDesk, origin: str, grant: bytes, ask: Ask) -> None:
    """Make the boards of a move on a relay; what stands there already is left.

    Raises:
        RefusedError: The grant is used up.
        NetworkError: The relay was not reached.
    """
    moving = own.moving
    assert moving is not None  # noqa: S101 - begun before
    boards = [dict(moving.inboxes)[origin], *([moving.log] if origin == own.relays[0].origin else [])]
    for board in boards:
        done(ask(http.make_board(grant, board.writer, INBOX_ENTRY)), _MADE, 409)


def move(vault: Vault, ask: Ask, now: datetime) -> tuple[str, ...]:
    """Say in the record who is off, hand the new keys to who stays, and go over; return who has no key ready and must ask again.

    The inboxes are to be read to their ends before, and an edition published at once after it, on every relay.

    Raises:
        NetworkError: The first relay was not reached: call it again.
    """
    own = own_desk(vault).value
    moving = own.moving
    assert moving is not None  # noqa: S101 - begun before
    refresh(vault, ask, now)
    after = read_roster(moving.roster, own.id, own.card.root)
    if roster_of(vault).number < after.number:
        act(own_desk(vault).value, state_of(vault), Act.ROSTER, b"", spelt(moving.roster), ask, now)
        refresh(vault, ask, now)
    record = own_desk(vault)
    own = record.value
    wrapping, used = state_of(vault).wrapping, {key for _, _, key in own.handed}
    keys = _keys(own, moving.log, moving.log_key, dict(moving.inboxes), moving.days)
    without, handed = [], {device: (day, key) for device, day, key in own.handed}
    for one in after.devices:
        ready = wrapping.get(one.key, b"")
        if one.publishes:
            continue
        if not ready or ready in used:
            without.append(one.name)
            continue
        _post_keys(own, keys, ready, ask)
        handed[one.key] = (now.date(), ready)
    boards = [board for _, board in moving.inboxes]
    kept = tuple((device, day, key) for device, (day, key) in handed.items())
    over = moved(replace(own, log_key=moving.log_key, handed=kept), moving.log, boards, moving.days, now)
    put(vault, OWN, record, over, now)
    return tuple(without)
