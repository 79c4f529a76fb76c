"""Tickets: plain random numbers that let their holder post at once; the relay knows their hashes alone (docs/protocols/envelope.md §8)."""

from __future__ import annotations

from typing import Final

from holdfire.wire.names import named_hash

TICKET_SIZE: Final = 32
SEED_SIZE: Final = 16
#: Tickets that one seed gives.
TICKETS_OF_A_SEED: Final = 4
#: Days for which a relay keeps a ticket that nobody showed.
TICKET_DAYS: Final = 30


def ticket_hash(ticket: bytes) -> bytes:
    """Return what the relay knows of a ticket: 32 bytes, from which the ticket does not follow."""
    return named_hash("ticket", ticket)
