"""Packages for tests: small, with real logs and keys, made anew for each test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from holdfire.evidence.custody import event
from holdfire.evidence.custody.extract import extract
from holdfire.evidence.custody.log import Log
from holdfire.evidence.package.bag import Item, make
from holdfire.evidence.package.layout import Piece
from holdfire.evidence.package.words import verify_script, verify_text
from holdfire.sealing.signature import SigningKey

NOW = datetime(2026, 3, 1, 14, 5, 9, tzinfo=UTC)
SHOWN = ("day", "hash_after", "hash_before", "role", "custodian_to")
CONTENTS = (b"\xff\xd8\xff\xe0 a photograph", b"what was said that night\n")


def log_of(content: bytes, events: int = 3) -> Log:
    """Return the log of an item that was received, looked at and handed over."""
    digest = sha256(content).hexdigest()
    log = Log.new()
    values: dict[str, event.FieldValue] = {
        **event.when(NOW),
        "hash_after": digest,
        "role": "the person who keeps it",
    }
    log.append("receive", values)
    for _ in range(events - 2):
        log.append("open", {**event.when(NOW), "hash_before": digest, "hash_after": digest})
    log.append("transfer", {**values, "hash_before": digest, "custodian_to": "the court"})
    return log


def item_of(content: bytes, form: str = "text", log: Log | None = None) -> Item:
    """Return an item with its log, of which every event is shown."""
    log = log or log_of(content)
    digest = sha256(content).hexdigest()
    lines = extract(log, dict.fromkeys(range(len(log.entries)), SHOWN))
    record = json.dumps({"item": {"sha256": digest, "size": len(content)}}).encode()
    return Item(
        form,
        len(content),
        digest,
        lambda place, size: content[place : place + size],
        record,
        b"".join(lines),
        log.head,
    )


def papers() -> dict[str, bytes]:
    """Return the papers of a package; the reports are not under test here."""
    return {
        "report.txt": b"What is in it.\n",
        "report.pdf": b"%PDF-1.4\n",
        "GUIDE.pdf": b"%PDF-1.4\n",
        "VERIFY.txt": verify_text().encode(),
        "verify.sh": verify_script(),
    }


def pieces_of(items: Sequence[Item], *, key: SigningKey | None = None) -> tuple[Piece, ...]:
    """Return every file of a package with these items."""
    tags, data = make(items, papers(), key or SigningKey.new())
    return (*tags, *data)


def small() -> tuple[Piece, ...]:
    """Return a package with a picture and a text."""
    return pieces_of([item_of(CONTENTS[0], "jpeg"), item_of(CONTENTS[1])])


def whole(one: Piece) -> bytes:
    """Return the content of a file."""
    return one.read(0, one.size)


def unpack(pieces: Sequence[Piece], folder: Path) -> Path:
    """Write a package into a folder."""
    for one in pieces:
        (folder / one.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / one.name).write_bytes(whole(one))
    return folder


def contents(pieces: Sequence[Piece]) -> Mapping[str, bytes]:
    """Return the content of each file by name."""
    return {one.name: whole(one) for one in pieces}
