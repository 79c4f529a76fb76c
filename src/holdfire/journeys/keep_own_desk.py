"""Make a desk: its root, which never enters the vault, its card, its keys, and its places on its relays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from holdfire.conversation.card import Card, DeskRelay, write_card
from holdfire.conversation.notice import (
    MOST_BULLETIN,
    MOST_BULLETINS,
    MOST_CERTIFIED,
    MOST_TITLE,
    Bulletin,
    certify,
)
from holdfire.conversation.recovery import join_shares, write_shares
from holdfire.conversation.roster import Device, Roster
from holdfire.desk import edition
from holdfire.desk.own import OwnDesk, OwnRelay, with_days
from holdfire.errors import UserError
from holdfire.journeys.kept_desk import OWN
from holdfire.journeys.kept_talk import put
from holdfire.language import mark
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.noise import random_bytes
from holdfire.sealing.signature import SigningKey
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.http import Ask
from holdfire.wire.origin import origin_of
from holdfire.wire.refusals import done
from holdfire.wire.sheets import sheet_of

_SECRET = 32
_MADE = 201


class WrongRootError(UserError):
    """This is the root of another desk, or none."""

    hint = mark("Bring the right file, or the shares.")

    def __init__(self) -> None:
        super().__init__(mark("This is not the root of your desk."))


@dataclass(frozen=True)
class Room:
    """What a relay's host gave a desk: where it is, the key of its heads, and a grant."""

    origin: str
    head_key: bytes
    grant: bytes


def begun_desk(vault: Vault, name: str, rooms: Sequence[Room]) -> OwnDesk | None:
    """Return the desk that was made here before under this name for these relays and that has not published yet, or None.

    A relay that was not reached leaves such a desk: `settle` goes on with it, and takes grants other than the first.
    """
    for record in vault.records.all(OWN, limit=1):
        own = record.value
        places = [(one.origin, one.head_key) for one in own.relays]
        is_same = own.card.name == name and places == [(origin_of(one.origin), one.head_key) for one in rooms]
        if is_same and not any(one.number for one in own.relays):
            return own
    return None


def new_desk(
    vault: Vault,
    name: str,
    promises: str,
    rooms: Sequence[Room],
    who: str,
    now: datetime,
    write_root: Callable[[DoubleKey], object] | None = None,
) -> tuple[Record[OwnDesk], DoubleKey]:
    """Make a desk and keep it; return it, and its root, which is to be written to a file off this computer.

    Nothing is sent: `settle` makes its places on its relays.

    Args:
        vault: The open vault; it can hold one desk of its own.
        name: What the desk is called.
        promises: What it promises, in its own words.
        rooms: One to four relays.
        who: What the desk calls the holder of this device; never a real name.
        now: When it is made.
        write_root: Called before the desk is kept: one whose root is nowhere could never be renewed. What it raises, this raises.

    Raises:
        UserError: There is a desk here already, or no relay was named.
    """
    if vault.records.count(OWN):
        raise UserError(mark("This vault has a desk of its own already."), mark("Make another vault for another desk."))  # fmt: skip
    if not rooms:
        raise UserError(mark("A desk needs a relay."), mark("Name one, as its host gave it."))
    root, publish, device = DoubleKey.new(), DoubleKey.new(), SigningKey.new()
    relays = tuple(
        OwnRelay(origin_of(room.origin), room.head_key, random_bytes(_SECRET), BoardSecrets(random_bytes(_SECRET)))
        for room in rooms
    )  # fmt: skip
    named = tuple(DeskRelay(one.origin, sheet_of(one.sheet), one.head_key) for one in relays)
    card = Card(1, name, root.public, promises, named)
    moment = now.replace(microsecond=0)
    own = OwnDesk(
        card=card,
        document=write_card(card, root),
        publish=publish,
        certificate=certify(root, card.desk, publish.public, moment, moment + MOST_CERTIFIED),
        until=moment + MOST_CERTIFIED,
        device=device,
        log_key=random_bytes(_SECRET),
        log=BoardSecrets(random_bytes(_SECRET)),
        relays=relays,
        roster=Roster(1, (Device(who, device.public, publishes=True),)),
    )
    if write_root:
        write_root(root)
    return vault.records.add(OWN, with_days(own, now, random_bytes), now), root


def settle(own: OwnDesk, room: Room, ask: Ask) -> None:
    """Make the desk's places on a relay and put its card there; what stands there already is left.

    Raises:
        RefusedError: The grant is used up, or the relay does not take it.
        NetworkError: It was not reached.
    """
    relay = own.relay(room.origin)
    boards = [relay.inbox, own.log] if relay == own.relays[0] else [relay.inbox]
    for board in boards:
        done(ask(http.make_board(room.grant, board.writer, INBOX_ENTRY)), _MADE, 409)
    done(ask(http.make_sheet(room.grant, sheet_of(relay.sheet))), _MADE, 409)
    edition.write_card(ask, relay, own.document)


def own_desk(vault: Vault) -> Record[OwnDesk]:
    """Return the desk of this vault; UserError when it has none."""
    for one in vault.records.all(OWN, limit=1):
        return one
    raise UserError(mark("This vault has no desk of its own."), mark("Make one: `holdfire desk init`."))


def renew(vault: Vault, root: DoubleKey, now: datetime) -> Record[OwnDesk]:
    """Certify this device's publish pair for another 90 days.

    Raises:
        UserError: This is not the root of the desk, or this device does not publish.
    """
    record = own_desk(vault)
    own = record.value
    check_root(own, root)
    moment = now.replace(microsecond=0)
    if own.publish is None:
        raise edition.NoPublisherError
    certificate = certify(root, own.id, own.publish.public, moment, moment + MOST_CERTIFIED)
    return put(vault, OWN, record, replace(own, certificate=certificate, until=moment + MOST_CERTIFIED), now)


def check_root(own: OwnDesk, root: DoubleKey) -> None:
    """Return if this is the root of the desk; WrongRootError if not."""
    if root.public != own.card.root:
        raise WrongRootError


def tell_everyone(vault: Vault, title: str, text: str, now: datetime) -> Record[OwnDesk]:
    """Keep a bulletin, which stands in every edition from the next on; of more than eight the oldest goes.

    Raises:
        UserError: It has no title, or is longer than a notice has room for: no edition could be made with it.
    """
    if not title.strip():
        raise UserError(mark("A bulletin needs a title."), mark("Say in a few words what it is about."))
    for one, most in ((title, MOST_TITLE), (text, MOST_BULLETIN)):
        if len(one.encode()) > most:
            raise UserError(
                mark("A bulletin has at most {title} bytes of title and {text} bytes of text."),
                mark("Say it shorter, or as two."),
                title=MOST_TITLE,
                text=MOST_BULLETIN,
            )
    record = own_desk(vault)
    said = (*record.value.bulletins, Bulletin(now.date(), title, text))[-MOST_BULLETINS:]
    return put(vault, OWN, record, replace(record.value, bulletins=said), now)


def shares_of(root: DoubleKey, needed: int, count: int) -> tuple[bytes, ...]:
    """Return share files of a root; UserError if the numbers make no sense."""
    try:
        return write_shares(root, needed, count)
    except ValueError:
        raise UserError(
            mark("So few or so many shares cannot be made."), mark("Say 2 of 3, or 3 of 5.")
        ) from None


def root_of(read: Callable[[], Sequence[bytes]]) -> DoubleKey:
    """Return the root of its own file, or of shares.

    Raises:
        UserError: It is neither.
    """
    files = read()
    if len(files) == 1 and len(files[0]) == 64:  # noqa: PLR2004 — the two seeds
        return DoubleKey(files[0])
    return join_shares(files)
