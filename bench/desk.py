"""A desk with 10,000 threads: taking them in, opening the list, showing what came, looking into one; on a vault in a file.

The peer of the list is SQLite alone: as many rows of the same JSON, read and parsed by the standard library in one query.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.measure import Measure, bench_folder, medians, seconds, small
from holdfire.conversation.kinds import Kind
from holdfire.conversation.message import Message, seal_message
from holdfire.desk.board import MOST_AT_ONCE, Pulled
from holdfire.desk.due import due
from holdfire.desk.own import OwnDesk, Place
from holdfire.journeys.keep_own_desk import Room, new_desk, own_desk
from holdfire.journeys.kept_desk import THREAD
from holdfire.journeys.kept_talk import every
from holdfire.journeys.run_desk import show, take_in, threads
from holdfire.sealing.hpke import SecretKey
from holdfire.sealing.noise import random_bytes
from holdfire.vault.vault import Vault

ORIGIN = "https://relay.example.org"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PHRASE = "seven grey owls sing low"


def sealed(own: OwnDesk, number: int) -> bytes:
    """Return the first message of a new conversation."""
    key = SecretKey.new().public
    text = f"Question {number}: may I resign before my contract ends, and what do I lose by it?"
    message = Message(random_bytes(32), 1, random_bytes(32), key, 0, Kind.QUESTION, text)
    day, seed = own.days[0]
    return seal_message(message.write(), own.id, ORIGIN, day, SecretKey(seed).public)


def pulled(entries: list[bytes]) -> Pulled:
    """Return entries as if they had just been read from a relay."""
    return Pulled(Place(), tuple(enumerate(entries)))


def inbox(vault: Vault) -> None:
    """Do what the page of the inbox asks of the vault."""
    own = own_desk(vault).value
    assert threads(vault)
    due(own, NOW)


def alone(file: Path, kept: list[str]) -> sqlite3.Connection:
    """Return a database of the standard library with the same JSON in rows."""
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE threads (value TEXT)")
    db.executemany("INSERT INTO threads VALUES (?)", [(one,) for one in kept])
    db.commit()
    return db


def parsed(db: sqlite3.Connection) -> None:
    """Read and parse every row."""
    assert [json.loads(row[0]) for row in db.execute("SELECT value FROM threads")]


def main() -> list[Measure]:
    """Measure a desk."""
    count = 200 if small() else 10_000
    with bench_folder() as folder:
        Vault.create(folder / "notes", [PHRASE], 256 << 20)
        with Vault.open(folder / "notes", PHRASE) as vault:
            own = new_desk(vault, "Desk", "", [Room(ORIGIN, b"k" * 32, b"g" * 32)], "first", NOW)[0].value
            entries = [sealed(own, number) for number in range(count)]

            def take_all() -> None:
                for start in range(0, count, MOST_AT_ONCE):
                    take_in(vault, ORIGIN, pulled(entries[start : start + MOST_AT_ONCE]), NOW)

            taken = seconds(take_all)
            kept = [json.dumps(THREAD.encode(one.value)) for one in every(vault, THREAD)]
            db = alone(folder / "alone.db", kept)
            read = medians(5, {"ours": partial(seconds, partial(inbox, vault)), "peer": partial(seconds, partial(parsed, db))})  # fmt: skip
            db.close()

            def one_more() -> None:
                take_in(vault, ORIGIN, pulled([sealed(own, 0)]), NOW)
                inbox(vault)

            shown = medians(5, {"new": partial(seconds, one_more), "thread": partial(seconds, lambda: show(vault, count // 2))})  # fmt: skip
    return [
        Measure(f"take {count:,} messages in, opened and kept", taken, "s"),
        Measure(f"a desk with {count:,} threads opens", read["ours"] * 1_000, "ms", read["peer"] * 1_000, "SQLite and json alone", bound=1_000),
        Measure("a new message shows after the pull, in a program that is open", shown["new"] * 1_000, "ms", bound=200),
        Measure("look into one thread", shown["thread"] * 1_000, "ms"),
    ]  # fmt: skip
