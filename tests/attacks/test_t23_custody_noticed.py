"""T23: the history of a piece of evidence is changed.

An adversary who has the open vault (or its owner, pressed or tempted) could take events out of a custody log, change, reorder or
forge them, or put an older state back. What the log's own key did not sign is named at once; what it did sign is
named against any head that left the vault earlier. Without such a head, a past written anew with the key is not noticed: that is pinned too.
"""

# ruff: noqa: S608 - the statements are an adversary's, made of our own words

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from holdfire.evidence.custody import check, event
from holdfire.evidence.custody.log import Log
from holdfire.evidence.custody.refusals import (
    CustodyError,
    EditedError,
    ForgedHeadError,
    OtherLogError,
    ReorderedError,
    RewrittenError,
    RolledBackError,
    TruncatedError,
    UnsignedError,
)
from holdfire.journeys.keep_evidence import (
    add_evidence,
    custody_log,
    exported_head,
    find_evidence,
    log_event,
)
from holdfire.vault.vault import Vault

NOW = datetime(2026, 3, 1, 14, 5, 9, tzinfo=UTC)
#: Numbers of events in the vault's table, from 0: those of the first log.
_HERE = "place % 4294967296"


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A vault in which evidence 1 has five events."""
    with Vault.in_memory() as made:
        add_evidence(made, [b"what was seen"], NOW)
        for why in ("first", "second", "third", "fourth"):
            log_event(made, 1, "transfer", {"why": why}, NOW)
        yield made


def strike(vault: Vault, *statements: str) -> None:
    with vault.transaction() as connection:
        for statement in statements:
            connection.execute(statement)


def swap(table: str, one: int, other: int) -> tuple[str, ...]:
    """Return what exchanges two rows."""
    return tuple(
        f"UPDATE {table} SET place = place + {by} WHERE {_HERE} = {number}"
        for number, by in ((one, 1_000), (other, one - other), (one + 1_000, other - one - 1_000))
    )


STRIKES: dict[str, tuple[tuple[str, ...], type[CustodyError], str]] = {
    "the last event is taken out": ((f"DELETE FROM entries WHERE {_HERE} = 4",), TruncatedError, "1 events are missing, from event 5"),
    "the last three are": ((f"DELETE FROM entries WHERE {_HERE} >= 2",), TruncatedError, "3 events are missing, from event 3"),
    "one between is": ((f"DELETE FROM entries WHERE {_HERE} = 2",), TruncatedError, "1 events are missing, from event 3"),
    "all are": (("DELETE FROM entries",), TruncatedError, "5 events are missing, from event 1"),
    "two change places": (swap("entries", 1, 3), ReorderedError, "from event 2 on"),
    "an action is changed": (
        (f"UPDATE entries SET event = CAST(replace(CAST(event AS TEXT), 'transfer', 'receive') AS BLOB) WHERE {_HERE} = 2",),
        EditedError, "Event 3",
    ),
    "one commitment is changed": (
        (f"UPDATE entries SET event = CAST(replace(CAST(event AS TEXT), '\"why\":\"', '\"why\":\"0') AS BLOB) WHERE {_HERE} = 0",),
        EditedError, "Event 1",
    ),
    "an event is added without a signature": (
        ("INSERT INTO entries SELECT place + 1, event, signature FROM entries ORDER BY place DESC LIMIT 1",),
        UnsignedError, "From event 6",
    ),
    "the head's signature is changed": (("UPDATE logs SET signature = zeroblob(64)",), ForgedHeadError, "signature"),
    "the head says less": (
        ("UPDATE logs SET head = CAST(replace(CAST(head AS TEXT), '\"size\":5', '\"size\":4') AS BLOB)",), ForgedHeadError, "signature",
    ),
    "the key is another": (("UPDATE logs SET seed = zeroblob(32)",), ForgedHeadError, "signature"),
}  # fmt: skip


@pytest.mark.parametrize("what", STRIKES)
def test_what_the_key_did_not_sign_is_named_at_once(vault: Vault, what: str) -> None:
    statements, kind, words = STRIKES[what]
    check.check(custody_log(vault, 1))
    strike(vault, *statements)
    with pytest.raises(kind, match=words):
        custody_log(vault, 1)
    # Nothing is written on a log that is not what it was.
    with pytest.raises(kind):
        log_event(vault, 1, "transfer", {}, NOW)


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        (f"UPDATE openings SET text = CAST(replace(CAST(text AS TEXT), 'second', 'nobody') AS BLOB) WHERE {_HERE} = 2", "why"),
        (f"UPDATE openings SET text = CAST('[]' AS BLOB) WHERE {_HERE} = 2", ""),
        (f"DELETE FROM openings WHERE {_HERE} = 2", ""),
        (f"UPDATE openings SET text = (SELECT text FROM openings WHERE {_HERE} = 1) WHERE {_HERE} = 2", "role"),
    ],
)  # fmt: skip
def test_a_changed_or_missing_opening_is_named_with_its_event(
    vault: Vault, statement: str, field: str
) -> None:
    strike(vault, statement)
    with pytest.raises(EditedError) as raised:
        check.check(custody_log(vault, 1))
    assert (raised.value.number, raised.value.field) == (2, field)


def keep_state(vault: Vault) -> Callable[[], None]:
    """Return what puts the whole log back as it is now, as an old copy of the file would."""
    tables = {
        name: vault.connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("logs", "entries")
    }

    def put_back() -> None:
        with vault.transaction() as connection:
            for name, rows in tables.items():
                connection.execute(f"DELETE FROM {name}")
                connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    return put_back


def test_an_older_state_is_named_against_a_head_that_left(vault: Vault) -> None:
    put_back = keep_state(vault)
    log_event(vault, 1, "transfer", {"custodian_to": "a court"}, NOW)
    exported_head(vault, 1, custody_log(vault, 1).head, NOW, "a court")
    put_back()
    with pytest.raises(RolledBackError, match="has 5 events, and had 6"):
        custody_log(vault, 1)


def rewrite(vault: Vault) -> None:
    """Write the second event anew and sign all with the log's own key."""
    true = custody_log(vault, 1)
    false = Log(true.key, true.entries[:1])
    for place, entry in enumerate(true.entries[1:], 1):
        values = event.opened(event.read(entry.event, place), place, [*entry.openings.values()])
        written = false.append("transfer", values | ({"why": "another reason"} if place == 1 else {}))
        with vault.transaction() as connection:
            connection.execute(
                f"UPDATE entries SET event = ?, signature = ? WHERE {_HERE} = ?",
                (written.event, written.signature, place),
            )
            connection.execute(
                f"UPDATE openings SET text = ? WHERE {_HERE} = ?",
                (b"\n".join(written.openings.values()), place),
            )
    head = false.head
    with vault.transaction() as connection:
        connection.execute("UPDATE logs SET head = ?, signature = ?", (head.head.text(), head.signature))


def test_a_past_written_anew_with_the_key_is_named_against_a_head_that_left(vault: Vault) -> None:
    exported_head(vault, 1, custody_log(vault, 1).head, NOW, "a court")
    rewrite(vault)
    with pytest.raises(RewrittenError, match="first 5 events"):
        custody_log(vault, 1)


def test_without_a_head_that_left_it_is_not_noticed(vault: Vault) -> None:
    """The limit of every log that one hand keeps: said in docs/formats/custody.md §4."""
    rewrite(vault)
    check.check(custody_log(vault, 1))


def test_a_log_put_in_place_of_another_is_named(vault: Vault) -> None:
    add_evidence(vault, [b"something else"], NOW)
    exported_head(vault, 1, custody_log(vault, 1).head, NOW, "a court")
    one, other = (find_evidence(vault, number).value.log for number in (1, 2))
    strike(
        vault,
        f"UPDATE logs SET id = zeroblob(16) WHERE id = x'{one}'",
        f"UPDATE logs SET id = x'{one}' WHERE id = x'{other}'",
        "UPDATE heads SET place = place % 4294967296 + (SELECT max(number) << 32 FROM logs)",
    )
    with pytest.raises(OtherLogError):
        custody_log(vault, 1)


def test_a_head_of_another_log_is_not_kept_as_this_ones(vault: Vault) -> None:
    add_evidence(vault, [b"something else"], NOW)
    with pytest.raises(OtherLogError):
        exported_head(vault, 1, custody_log(vault, 2).head, NOW, "a court")
