"""Opening the store that a host chose: SQLite or PostgreSQL, and a folder or a bucket for what is large."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.relay.objects import FolderObjects, Objects
from holdfire.relay.sqlite import SqliteStore
from holdfire.relay.store import Store


def open_store(db: str | None, objects: str | None, folder: Path) -> Store:
    """Open the store of a relay, and make it where there is none.

    Args:
        db: `postgresql://…`; None keeps `relay.db` in `folder`.
        objects: `s3://bucket` or `s3://bucket/folder`, or the path of a folder; None keeps them in `folder`:
            in `large` beside `relay.db`, else below `objects`.
        folder: The relay's own folder.

    Raises:
        UserError: An address is none, what it names cannot be reached or is missing, the database was made by a newer
            Holdfire, or what `holdfire[relay]` brings is not installed.
    """
    if db is None:
        return SqliteStore(folder, None if objects is None else _objects(objects))
    if not db.startswith(("postgresql://", "postgres://")):
        raise UserError(
            mark("This is not the address of a database."),
            mark("Write it as postgresql://host/name; without one, the relay keeps its own file."),
        )
    try:
        from holdfire.relay.postgres import PostgresStore  # noqa: PLC0415 — only who names a database has it
    except ImportError as error:
        raise _not_installed() from error
    return PostgresStore(db, _objects(str(folder / "objects") if objects is None else objects))


def _objects(where: str) -> Callable[[bytes], Objects]:
    if not where.startswith("s3://"):
        if "://" in where:
            raise UserError(
                mark("This is neither a bucket nor a folder."),
                mark("Write a bucket as s3://bucket, a folder as its path."),
            )
        return lambda relay: FolderObjects(Path(where) / relay.hex())
    try:
        from holdfire.relay.bucket import BucketObjects  # noqa: PLC0415 — only who names a bucket has it
    except ImportError as error:
        raise _not_installed() from error
    return lambda relay: BucketObjects(where, relay)


def _not_installed() -> UserError:
    return UserError(
        mark("What a relay needs for a database server or a bucket is not installed."),
        mark("Install it with: pip install 'holdfire[relay]'"),
    )
