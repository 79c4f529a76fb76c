"""A desk leaves a relay that was destroyed, or is no longer trusted: a new card, signed by the root, and its record on the first relay left.

Other devices of the desk are added again afterwards: they were told of boards, and these are others.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from holdfire.conversation.card import write_card
from holdfire.conversation.desk_log import Act, spelt
from holdfire.conversation.roster import Roster, write_roster
from holdfire.desk import edition
from holdfire.desk.own import OwnDesk, Place
from holdfire.errors import UserError
from holdfire.journeys.desk_record import act, read_record, refresh, roster_of, state_of
from holdfire.journeys.keep_own_desk import check_root, own_desk
from holdfire.journeys.kept_desk import OWN
from holdfire.journeys.kept_talk import put
from holdfire.language import mark
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.noise import random_bytes
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.http import Ask
from holdfire.wire.refusals import done

_SECRET: Final = 32
_MADE, _THERE = 201, 409


def without_relay(own: OwnDesk, origin: str, root: DoubleKey) -> OwnDesk:
    """Return the desk without a relay, under a new card; nothing is kept or sent. Without one it has left, it is the same.

    Raises:
        WrongRootError: This is not the root.
        NoPublisherError: Another device publishes; it alone can do this.
        UserError: It is the only relay, it never was one, or somebody is being taken off.
    """
    check_root(own, root)
    if own.publish is None:
        raise edition.NoPublisherError
    if own.moving:
        raise UserError(
            mark("Somebody is being taken off, and that has not ended."),
            mark("End that first: say the same name again."),
        )
    left = tuple(one for one in own.relays if one.origin != origin)
    if left == own.relays:
        if own.card.number > 1:
            return own
        raise UserError(mark("This desk has no such relay."), mark("Look at its card for their addresses."))
    if not left:
        raise UserError(
            mark("This is the desk's only relay."),
            mark("Make a desk on another one, and hand its card to people yourself: nothing leads there from here."),
        )  # fmt: skip
    named = tuple(one for one in own.card.relays if one.origin != origin)
    card = replace(own.card, number=own.card.number + 1, relays=named)
    after = replace(own, card=card, document=write_card(card, root), relays=left)
    if own.before:
        after = replace(after, before=own.before.without(origin))
    if own.relays[0] != left[0]:
        after = replace(after, log=BoardSecrets(random_bytes(_SECRET)), log_place=Place(), handed=())
    return after


def keep_left(vault: Vault, left: OwnDesk, now: datetime) -> None:
    """Keep what `without_relay` made, before anything of it is sent."""
    put(vault, OWN, own_desk(vault), left, now)


def begins_anew(own: OwnDesk) -> bool:
    """Say whether the record is still to be begun on the first relay, which takes a grant."""
    return own.card.number > 1 and own.log_place.head is None


def begin_record(vault: Vault, root: DoubleKey, grant: bytes, ask: Ask, now: datetime) -> None:
    """Begin the record anew on the first relay; what was read of the old one stays here, and goes on.

    Raises:
        RefusedError: The grant is used up.
        NetworkError: The relay was not reached: call it again.
        LieError: It does not give the record as it was.
    """
    own = own_desk(vault).value
    done(ask(http.make_board(grant, own.log.writer, INBOX_ENTRY)), _MADE, _THERE)
    # A way that broke may have lost the relay's answer alone: an act that stood there twice would never be read past.
    _, standing = read_record(own, ask, now)
    if not standing:
        roster = roster_of(vault)
        said = write_roster(Roster(roster.number + 1, roster.devices), own.id, root)
        # Heads begin anew with a roster (`follow`): until it stands, none of another board is said to have been seen.
        unseen = own.with_relay(replace(own.relays[0], place=Place()))
        act(unseen, state_of(vault), Act.ROSTER, b"", spelt(said), ask, now)
    refresh(vault, ask, now)


def put_card(vault: Vault, origin: str, ask: Ask) -> None:
    """Put the card on a relay; RefusedError or NetworkError if that fails: call it again."""
    own = own_desk(vault).value
    edition.write_card(ask, own.relay(origin), own.document)
