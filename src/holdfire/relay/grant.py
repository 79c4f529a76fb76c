"""Grants: what a host gives a desk by hand, so that strangers make no boards."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from holdfire.relay.open_store import open_store
from holdfire.sealing.noise import random_bytes
from holdfire.wire.tickets import TICKET_SIZE, ticket_hash


def new_grant(folder: Path, uses: int, db: str | None = None, objects: str | None = None) -> bytes:
    """Return a new grant, 32 bytes, of which the relay on `folder` (and `db`) keeps the hash; the relay may be running.

    Raises:
        UserError: The database or bucket cannot be reached.
    """
    grant = random_bytes(TICKET_SIZE)
    with closing(open_store(db, objects, folder)) as store, store.group():
        store.add_grant(ticket_hash(grant), uses)
    return grant
