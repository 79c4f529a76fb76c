"""Keep the desks a person knows: take a card in, compare its eight words, note whether contact is forbidden. Nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from holdfire.conversation.card import read_card, succeed
from holdfire.conversation.faults import EquivocationError
from holdfire.drop.known import MOST_SOURCE, Ban, Clash, Contact, KnownDesk
from holdfire.errors import UserError
from holdfire.journeys.kept_talk import DESK, ends_of, every, forget_talk, put
from holdfire.language import mark
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault


class OtherWordsError(UserError):
    """Eight words that are not those of the desk."""

    hint = mark("Look for a slip first. If they differ, this card is not that desk's: do not write to it.")

    def __init__(self) -> None:
        super().__init__(mark("These are not the eight words of this desk."))


def add_desk(vault: Vault, untrusted_card: bytes, now: datetime) -> Record[KnownDesk]:
    """Take a card in, and return the desk; a later card of one that is known takes the place of its card.

    Raises:
        FormatError: It is no card.
        ForgedError: It is not signed by the root it names.
        RollbackError: A newer card of this desk is here.
        EquivocationError: It contradicts the one that is here; both are kept.
    """
    card = read_card(untrusted_card)
    known = {one.value.card.desk: one.value.number for one in all_desks(vault)}
    if card.desk in known:
        return renew_desk(vault, known[card.desk], untrusted_card, now)
    with vault.transaction():
        number = max(known.values(), default=0) + 1
        return vault.records.add(DESK, KnownDesk(number, untrusted_card, card, now), now)


def all_desks(vault: Vault) -> tuple[Record[KnownDesk], ...]:
    """Return the desks that are known, by number."""
    return tuple(sorted(every(vault, DESK), key=lambda one: one.value.number))


def find_desk(vault: Vault, number: int) -> Record[KnownDesk]:
    """Return a desk by its number; UserError when there is none."""
    for one in all_desks(vault):
        if one.value.number == number:
            return one
    raise UserError(
        mark("There is no desk {number} here."), mark("Look at your list of desks."), number=number
    )


def confirm_desk(vault: Vault, number: int, typed: str, now: datetime) -> Record[KnownDesk]:
    """Compare eight words that came another way, and keep that they are right; what was stopped goes on then.

    Raises:
        WordsError: They are not eight words of the list; nothing was compared.
        OtherWordsError: They are those of another desk.
    """
    record = find_desk(vault, number)
    desk = record.value
    if not desk.card.confirmed_by(typed):
        raise OtherWordsError
    # Where two notices contradict each other, neither can be what the next one is held to.
    dropped = {clash.origin for clash in desk.clashes} if desk.stopped else set()
    seen = {origin: one for origin, one in desk.seen.items() if origin not in dropped}
    return put(
        vault, DESK, record, replace(desk, confirmed=now.date(), stopped=False, seen=seen), now
    )  # fmt: skip


def renew_desk(vault: Vault, number: int, untrusted_card: bytes, now: datetime) -> Record[KnownDesk]:
    """Put a later card in place of the one that is here; the words stay confirmed, because they are its root's.

    Raises:
        FormatError: It is no card.
        CrossDeskError: It is another desk's.
        ForgedError: It is not signed by its root.
        RollbackError: It is older than the one that is here.
        EquivocationError: It contradicts the one that is here; both are kept, and nothing goes to the desk.
    """
    record = find_desk(vault, number)
    desk = record.value
    card = read_card(untrusted_card, desk.card.desk)
    try:
        succeed(desk.card, card)
    except EquivocationError:
        put(
            vault,
            DESK,
            record,
            desk.clashed(Clash("card", "", desk.document, untrusted_card, now.date())),
            now,
        )
        raise
    if card == desk.card:
        return record
    return put(vault, DESK, record, replace(desk, document=untrusted_card, card=card), now)


def said_of_ban(
    vault: Vault, number: int, status: Ban, day: date, source: str, now: datetime
) -> Record[KnownDesk]:
    """Keep what the person found out on whether contact with a desk is forbidden; UserError when the source is too long."""
    said = " ".join(source.split())
    if len(said) > MOST_SOURCE:
        raise UserError(
            mark("The source is longer than {most} letters."), mark("Say it shorter."), most=MOST_SOURCE
        )
    record = find_desk(vault, number)
    return put(vault, DESK, record, replace(record.value, contact=Contact(status, day, said)), now)


def forget_desk(vault: Vault, number: int) -> None:
    """Delete a desk, and every conversation with it; what waits to be sent is never sent then."""
    with vault.transaction():
        record = find_desk(vault, number)
        for talk in ends_of(vault, number):
            forget_talk(vault, talk)
        vault.records.delete(DESK, record.id)
