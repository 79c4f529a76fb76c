"""A schema of its own in one database for each store that a test opens."""

from __future__ import annotations

from itertools import count

import psycopg

_NUMBERS = count()


def schema(address: str) -> str:
    """Make a schema and return the address that leads into it."""
    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{address}&options=-csearch_path%3D{name}"
