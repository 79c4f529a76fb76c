"""A database of an older schema becomes the newest one whole or not at all; a newer one is left alone."""

from __future__ import annotations

import re
from pathlib import Path

import apsw
import pytest

from holdfire.vault.refusals import NewerError
from holdfire.vault.schema import STEPS, migrate, new_image

MORE = (
    *STEPS,
    "CREATE TABLE tags (record BLOB NOT NULL, tag TEXT NOT NULL) STRICT",
    "INSERT INTO tags SELECT id, kind FROM records",
)


def database() -> apsw.Connection:
    connection = apsw.Connection(":memory:")
    migrate(connection)
    connection.execute("INSERT INTO records VALUES (1, x'00', 1, 'note', 1, 0, 1, 'null')")
    return connection


def version(connection: apsw.Connection) -> object:
    return connection.execute("PRAGMA user_version").get


def test_steps_are_taken_once_and_in_order() -> None:
    connection = database()
    assert migrate(connection) == 0
    assert migrate(connection, MORE) == 2
    assert version(connection) == len(MORE)
    assert connection.execute("SELECT tag FROM tags").get == "note"
    assert migrate(connection, MORE) == 0


@pytest.mark.parametrize("schema", range(1, len(STEPS)))
def test_an_older_vault_becomes_the_newest_and_keeps_its_records(schema: int) -> None:
    connection = apsw.Connection(":memory:")
    migrate(connection, STEPS[:schema])
    connection.execute("INSERT INTO records VALUES (1, x'00', 1, 'note', 1, 0, 1, 'null')")
    assert migrate(connection) == len(STEPS) - schema
    fresh = apsw.Connection(":memory:")
    migrate(fresh)
    names = "SELECT name, sql FROM sqlite_schema ORDER BY name"
    assert connection.execute(names).fetchall() == fresh.execute(names).fetchall()
    assert connection.execute("SELECT count(*) FROM records").get == 1


def test_a_step_that_fails_takes_all_back() -> None:
    connection = database()
    with pytest.raises(apsw.SQLError):
        migrate(connection, (*MORE, "INSERT INTO nowhere VALUES (1)"))
    assert version(connection) == len(STEPS)
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'tags'").get == 0
    assert connection.execute("SELECT count(*) FROM records").get == 1


def test_a_newer_schema_is_refused() -> None:
    connection = database()
    migrate(connection, MORE)
    with pytest.raises(NewerError, match="newer version"):
        migrate(connection)
    assert version(connection) == len(MORE)


def test_a_new_image_has_the_page_size_and_the_reserve() -> None:
    image = new_image()
    assert image[16:18] == (16_384).to_bytes(2, "big")
    assert image[20] == 28
    assert len(image) == 16_384 * int.from_bytes(image[28:32], "big")
    for end in range(16_384, len(image) + 1, 16_384):
        assert image[end - 28 : end] == bytes(28)


def test_the_specification_shows_this_schema() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats" / "vault.md").read_text("utf-8")
    shown = re.search(r"```sql\n(.*?)```", text, re.DOTALL)
    assert shown

    def bare(sql: str) -> str:
        return " ".join(re.sub(r"--[^\n]*", "", sql).split())

    assert bare(shown[1]) == " ".join(bare(step) for step in STEPS)
