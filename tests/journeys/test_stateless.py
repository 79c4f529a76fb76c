"""Twelve words are enough to write and to read the answer; nothing is kept."""

from __future__ import annotations

import pytest

from conversation.desk_drawn import ORIGIN, TIME
from drop.exchange_played import PlayedDesk
from holdfire.conversation.kinds import Kind
from holdfire.drop.known import NotConfirmedError
from holdfire.errors import HoldfireError
from holdfire.journeys import stateless
from holdfire.sealing.words import new_twelve


def test_a_conversation_in_twelve_words() -> None:
    desk, words = PlayedDesk(), new_twelve()
    with pytest.raises(NotConfirmedError):
        stateless.open_words(words, desk.document)
    for number, text in ((1, "one"), (2, "two")):
        kept = stateless.open_words(words, desk.document, desk.card.words)
        found = stateless.look(kept, ORIGIN, desk.ask)
        assert stateless.send(kept, found, Kind.QUESTION, text, {}, desk.ask, TIME) == number
        desk.pull()
        desk.answer(f"to {text}")
        desk.publish()
    shown = stateless.shown(stateless.look(kept, ORIGIN, desk.ask))
    assert (shown.receipt.top, shown.replies) == (2, ((1, "to one"), (2, "to two")))
    assert desk.opened[-1].message.seen == 1
    other = stateless.open_words(new_twelve(), desk.document, unconfirmed=True)
    assert stateless.shown(stateless.look(other, ORIGIN, desk.ask)).replies == ()


def test_an_ended_conversation_is_not_written_in() -> None:
    desk, words = PlayedDesk(), new_twelve()
    kept = stateless.open_words(words, desk.document, unconfirmed=True)
    found = stateless.look(kept, ORIGIN, desk.ask)
    stateless.send(kept, found, Kind.QUESTION, "x", {}, desk.ask, TIME)
    desk.pull()
    desk.ended = True
    desk.publish()
    found = stateless.look(kept, ORIGIN, desk.ask)
    with pytest.raises(HoldfireError, match="has ended"):
        stateless.send(kept, found, Kind.QUESTION, "y", {}, desk.ask, TIME)
