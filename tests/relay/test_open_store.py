"""A host that mistypes an address or gives a wrong key hears which, and never sees a password again."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from holdfire.errors import StorageError, UserError
from holdfire.relay.objects import FolderObjects
from holdfire.relay.open_store import open_store
from holdfire.relay.sqlite import SqliteStore
from simulators.relay_schemas import schema
from simulators.servers import postgres, postgres_programs

BOARD, PIECE = b"b" * 32, b"p" * 32
LARGE = b"L" * (1 << 20)


@pytest.mark.parametrize(
    ("db", "objects", "word"),
    [
        ("mysql://host/name", None, "not the address"),
        ("postgresql://me:Secret-Word@127.0.0.1:1/name", None, "cannot be reached"),
        (None, "ftp://host/name", "neither a bucket nor a folder"),
    ],
)
def test_an_address_that_leads_nowhere_is_named(
    db: str | None, objects: str | None, word: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=word) as told:
        open_store(db, objects, tmp_path)
    assert told.value.hint
    assert "Secret-Word" not in f"{told.value} {told.value.hint}"


@pytest.mark.parametrize(
    ("name", "value", "objects", "word"),
    [
        ("AWS_SECRET_ACCESS_KEY", "wrong-key", "s3://large", "does not open with these keys"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "s3://large", "cannot be reached"),
        ("AWS_REGION", "us-east-1", "s3://missing", "no such bucket"),
    ],
)
def test_a_bucket_that_does_not_open_says_why(
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    value: str,
    objects: str,
    word: str,
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=word):
        open_store(None, objects, tmp_path)


def test_without_keys_nothing_is_asked_of_the_network(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(UserError, match="no keys"):
        open_store(None, bucket, tmp_path)


@pytest.mark.parametrize("which", ["sqlite", "postgres"])
def test_tables_of_a_newer_holdfire_are_left_alone(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    db = schema(request.getfixturevalue("database")) if which == "postgres" else None
    open_store(db, None, tmp_path).close()
    if db is None:
        newer = SqliteStore(tmp_path)
        newer._run("UPDATE relay SET version = 2")
        newer.close()
    else:
        with psycopg.connect(db, autocommit=True) as connection:
            connection.execute("UPDATE relay SET version = 2")
    with pytest.raises(UserError, match="newer"):
        open_store(db, None, tmp_path)


def test_a_server_that_does_not_wait_for_its_disk_is_refused(database: str, tmp_path: Path) -> None:
    programs = postgres_programs()
    assert programs is not None
    with postgres(programs, "fsync=off") as address, pytest.raises(UserError, match="does not wait"):
        open_store(address, None, tmp_path)


def test_two_relays_in_one_bucket_do_not_see_each_other(bucket: str, tmp_path: Path) -> None:
    first = open_store(None, bucket, tmp_path / "first")
    with first.group():
        first.add_board(BOARD, 4_096)
        first.add_piece(BOARD, PIECE, LARGE, 1)
    second = open_store(None, bucket, tmp_path / "second")  # it sweeps
    assert first.read_piece(BOARD, PIECE) == LARGE
    for store in (first, second):
        store.close()


def test_what_a_crash_left_in_a_bucket_goes_when_the_relay_opens(bucket: str, tmp_path: Path) -> None:
    store = open_store(None, bucket, tmp_path)
    assert isinstance(store, SqliteStore)
    assert store._objects is not None
    store._objects.put("ab" * 32, LARGE)
    store.close()
    again = open_store(None, bucket, tmp_path)
    assert isinstance(again, SqliteStore)
    assert again._objects is not None
    assert list(again._objects.names()) == []
    again.close()


def test_bytes_that_are_missing_are_no_answer(tmp_path: Path) -> None:
    store = open_store(None, None, tmp_path)
    with store.group():
        store.add_board(BOARD, 4_096)
        store.add_piece(BOARD, PIECE, LARGE, 1)
    for name in FolderObjects(tmp_path / "large").names():
        (tmp_path / "large" / name).unlink()
    with pytest.raises(StorageError, match="missing"):
        store.read_piece(BOARD, PIECE)
    store.close()


def test_what_a_host_put_beside_the_objects_stays(tmp_path: Path) -> None:
    open_store(None, None, tmp_path).close()
    (tmp_path / "large" / "notes").mkdir()
    (tmp_path / "large" / "notes.txt").write_text("mine")
    (tmp_path / "large" / ("ab" * 32)).write_text("a crash")
    open_store(None, None, tmp_path).close()
    assert sorted(path.name for path in (tmp_path / "large").iterdir()) == ["notes", "notes.txt"]
