"""A desk's card and its eight words, without a relay."""

from __future__ import annotations

from datetime import datetime

from holdfire.journeys.keep_own_desk import Room, new_desk
from holdfire.vault.vault import Vault


def desk_card(now: datetime) -> tuple[bytes, str]:
    """Return the card of a new desk, and its words."""
    with Vault.in_memory() as vault:
        room = Room("https://relay.example", b"k" * 32, b"g" * 32)
        own = new_desk(vault, "Lawyers for soldiers", "We tell nobody who wrote.", [room], "first", now)[
            0
        ].value
    return own.document, own.card.words
