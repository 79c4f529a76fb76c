"""A conversation in twelve words and nowhere else: nothing is kept, and whoever finds the words reads every answer ever kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from holdfire.conversation.card import Card, read_card
from holdfire.conversation.kinds import Kind, check_form
from holdfire.conversation.message import Message, content_hash
from holdfire.conversation.receipt import Receipt
from holdfire.conversation.stateless import StatelessConversation, from_words
from holdfire.conversation.steps import step
from holdfire.drop.check_in import Found, Look, check_in
from holdfire.drop.known import NotConfirmedError
from holdfire.drop.outbox import Outgoing
from holdfire.drop.parcel import deliver, message_parcel
from holdfire.errors import HoldfireError, UserError
from holdfire.language import mark
from holdfire.sealing.noise import random_bytes
from holdfire.wire.http import Ask

WEAKER: Final = mark(
    "Twelve words are weaker than a vault: whoever finds them reads every answer that was ever kept, and can write as you."
)


@dataclass(frozen=True, repr=False)
class Wordless:
    """A desk and a conversation that follows from twelve words."""

    card: Card
    kept: StatelessConversation


@dataclass(frozen=True)
class Shown:
    """What a look with twelve words brought: the receipt, and the answers by number."""

    receipt: Receipt
    replies: tuple[tuple[int, str], ...]
    faults: tuple[HoldfireError, ...] = field(default=())
    ended: bool = False


def open_words(words: str, untrusted_card: bytes, heard: str = "", *, unconfirmed: bool = False) -> Wordless:
    """Return the conversation of twelve words with the desk of a card.

    Args:
        words: As typed.
        untrusted_card: The card's file.
        heard: The desk's eight words, that came another way.
        unconfirmed: Whether the person knows that nobody compared them.

    Raises:
        WordsError: They are not twelve words that fit together.
        FormatError: It is no card.
        NotConfirmedError: The eight words are missing, or others.
    """
    card = read_card(untrusted_card)
    if not (unconfirmed or (heard and card.confirmed_by(heard))):
        raise NotConfirmedError
    return Wordless(card, from_words(words, card.desk))


def look(wordless: Wordless, origin: str, ask: Ask) -> Found:
    """Check in, with the same requests as anybody; errors as `exchange.look`."""
    kept = wordless.kept
    return check_in(
        Look(0, wordless.card, origin, None, kept.conversation, (kept.reply_key.seed,)), ask, random_bytes
    )


def shown(found: Found) -> Shown:
    """Return what a look brought."""
    if found.heard is None:
        return Shown(Receipt(0), (), found.faults)
    replies = found.heard.replies
    return Shown(
        replies[0].receipt,
        tuple(sorted((one.number, one.text) for one in replies if one.number)),
        found.faults,
        any(one.ended for one in replies),
    )


def send(
    wordless: Wordless,
    found: Found,
    kind: Kind,
    text: str,
    form: Mapping[str, str],
    ask: Ask,
    now: datetime,
    number: int = 0,
) -> int:
    """Send a message through the relay of a check-in that was just made, and return its number.

    Args:
        wordless: The conversation.
        found: The check-in.
        kind: What it is about.
        text: What it says.
        form: Answers to the kind's form.
        ask: The relay.
        now: The time here.
        number: Which message it is; 0 for the one after the receipt's last.

    Raises:
        UserError: The form is not answered, the notice is too old, or the conversation has ended.
        PeerError: The relay did not take it.
        LieError: What the check-in brought is not right.
    """
    for fault in found.faults:
        raise fault
    check_form(kind, dict(form))
    said = shown(found)
    if said.ended:
        raise UserError(
            mark("The desk has ended this conversation."), mark("Make new words to begin another.")
        )
    number = number or said.receipt.top + 1
    kept = wordless.kept
    seen = max((one for one, _ in said.replies), default=0)
    written = Message(
        kept.conversation,
        number,
        step(kept.last_step, number),
        kept.reply_key.public,
        seen,
        kind,
        text,
        form=dict(form),
    ).write()
    one = Outgoing(number, kind, text, form, "", now, content_hash(written), written, 0)
    deliver(message_parcel(one, found.read.notice, b"", now), ask)
    return number
