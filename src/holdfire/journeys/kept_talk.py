"""What the vault keeps of desks and of conversations with them (docs/formats/drop.md).

A record keeps its earlier versions until it is deleted, and here they would be keys that must be gone: so each change deletes the
record and adds it anew, in one transaction.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar, cast

from holdfire.conversation.attachment import Attachment
from holdfire.conversation.card import read_card
from holdfire.conversation.kinds import Kind as MessageKind
from holdfire.conversation.receipt import Receipt
from holdfire.conversation.turns import Stage
from holdfire.drop.end import End, Tickets
from holdfire.drop.known import Ban, Clash, Contact, KnownDesk, SeenThere
from holdfire.drop.outbox import Outgoing, Part
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault
from holdfire.wire.sheets import CARD_SIZE

T = TypeVar("T")
_AT_ONCE: Final = 100


@dataclass(frozen=True, repr=False)
class KeptEnd:
    """A conversation: an id of its own, and the number of its desk."""

    id: str
    desk: int
    end: End


@dataclass(frozen=True, repr=False)
class KeptMessage:
    """A message, and the id of its conversation."""

    talk: str
    one: Outgoing


@dataclass(frozen=True, repr=False)
class KeptReply:
    """An answer that was read: its conversation's id, its number, text, and the day."""

    talk: str
    number: int
    text: str
    day: date


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _encode_desk(one: KnownDesk) -> JSON:
    return {
        "number": one.number,
        # A document ends with zeros up to its sheet's size: they are put back.
        "card": _b64(one.document.rstrip(b"\0")),
        "added": one.added.isoformat(),
        "confirmed": one.confirmed.isoformat() if one.confirmed else None,
        "seen": {
            origin: [seen.number, seen.hash.hex(), seen.time.isoformat(), _b64(seen.document.rstrip(b"\0"))]
            for origin, seen in one.seen.items()
        },
        "contact": [
            one.contact.status.value,
            one.contact.day.isoformat() if one.contact.day else None,
            one.contact.source,
        ],
        "clashes": [
            [clash.what, clash.origin, _b64(clash.first), _b64(clash.second), clash.day.isoformat()]
            for clash in one.clashes
        ],
        "stopped": one.stopped,
    }


def _decode_desk(values: JSON) -> KnownDesk:
    kept = cast("dict[str, Any]", values)
    document = _bytes(kept["card"]).ljust(CARD_SIZE, b"\0")
    status, day, source = kept["contact"]
    return KnownDesk(
        kept["number"],
        document,
        read_card(document),
        _moment(kept["added"]),
        _day(kept["confirmed"]),
        {
            origin: SeenThere(number, bytes.fromhex(hashed), _moment(time), _bytes(content))
            for origin, (number, hashed, time, content) in kept["seen"].items()
        },
        Contact(Ban(status), _day(day), source),
        tuple(
            Clash(what, origin, _bytes(first), _bytes(second), date.fromisoformat(when))
            for what, origin, first, second, when in kept["clashes"]
        ),
        kept["stopped"],
    )


def _encode_end(one: KeptEnd) -> JSON:
    end = one.end
    return {
        "id": one.id,
        "desk": one.desk,
        "conversation": end.conversation.hex(),
        "last step": end.last_step.hex(),
        "stage": end.stage.name,
        "last word": end.last_word.isoformat(),
        "number": end.number,
        "content": end.content.hex(),
        "keys": [[number, seed.hex()] for number, seed in end.keys],
        "seen": end.seen,
        "receipt": [end.receipt.top, list(end.receipt.gaps), list(end.receipt.clashes)],
        "tickets": {origin: [one.seed.hex(), one.used] for origin, one in end.tickets.items()},
    }


def _decode_end(values: JSON) -> KeptEnd:
    kept = cast("dict[str, Any]", values)
    top, gaps, clashes = kept["receipt"]
    end = End(
        bytes.fromhex(kept["conversation"]),
        bytes.fromhex(kept["last step"]),
        Stage[kept["stage"]],
        _moment(kept["last word"]),
        kept["number"],
        bytes.fromhex(kept["content"]),
        tuple((number, bytes.fromhex(seed)) for number, seed in kept["keys"]),
        kept["seen"],
        Receipt(top, tuple(gaps), tuple(clashes)),
        {origin: Tickets(bytes.fromhex(seed), used) for origin, (seed, used) in kept["tickets"].items()},
    )
    return KeptEnd(kept["id"], kept["desk"], end)


def _encode_message(kept: KeptMessage) -> JSON:
    one = kept.one
    return {
        "talk": kept.talk,
        "number": one.number,
        "kind": int(one.kind),
        "text": one.text,
        "form": dict(one.form),
        "language": one.language,
        "time": one.time.isoformat(),
        "content": one.content.hex(),
        "written": _b64(one.written),
        "start": one.start,
        "parts": [
            [part.attachment.key.hex(), part.attachment.length, part.attachment.hash.hex(), part.item,
             part.evidence, part.title, dict(part.done)]
            for part in one.parts
        ],
        "posted": {origin: time.isoformat() for origin, time in one.posted.items()},
        "received": one.received.isoformat() if one.received else None,
        "clash": one.clash,
    }  # fmt: skip


def _decode_message(values: JSON) -> KeptMessage:
    kept = cast("dict[str, Any]", values)
    parts = tuple(
        Part(Attachment(bytes.fromhex(key), length, bytes.fromhex(hashed)), item, evidence, title, done)
        for key, length, hashed, item, evidence, title, done in kept["parts"]
    )
    one = Outgoing(
        kept["number"],
        MessageKind(kept["kind"]),
        kept["text"],
        kept["form"],
        kept["language"],
        _moment(kept["time"]),
        bytes.fromhex(kept["content"]),
        _bytes(kept["written"]),
        kept["start"],
        parts,
        {origin: _moment(time) for origin, time in kept["posted"].items()},
        _day(kept["received"]),
        kept["clash"],
    )
    return KeptMessage(kept["talk"], one)


def _encode_reply(one: KeptReply) -> JSON:
    return {"talk": one.talk, "number": one.number, "text": one.text, "day": one.day.isoformat()}


def _decode_reply(values: JSON) -> KeptReply:
    kept = cast("dict[str, Any]", values)
    return KeptReply(kept["talk"], kept["number"], kept["text"], date.fromisoformat(kept["day"]))


DESK: Final = Kind("desk", 1, _encode_desk, _decode_desk, words=lambda one: one.name)
END: Final = Kind("conversation", 1, _encode_end, _decode_end)
MESSAGE: Final = Kind(
    "message to a desk", 1, _encode_message, _decode_message, words=lambda one: one.one.text
)
REPLY: Final = Kind("reply of a desk", 1, _encode_reply, _decode_reply, words=lambda one: one.text)


def every(vault: Vault, kind: Kind[T]) -> Iterator[Record[T]]:
    """Yield every record of a kind."""
    for start in range(0, vault.records.count(kind), _AT_ONCE):
        yield from vault.records.all(kind, limit=_AT_ONCE, offset=start)


def put(vault: Vault, kind: Kind[T], record: Record[T], value: T, now: datetime) -> Record[T]:
    """Keep `value` in place of a record, of which nothing stays."""
    with vault.transaction():
        vault.records.delete(kind, record.id)
        return vault.records.add(kind, value, now)


def ends_of(vault: Vault, desk: int) -> tuple[Record[KeptEnd], ...]:
    """Return the conversations with a desk, the one that began first first."""
    return tuple(sorted(
        (one for one in every(vault, END) if one.value.desk == desk),
        key=lambda one: (not one.value.end.ended, one.value.end.last_word),
    ))  # fmt: skip


def open_end(vault: Vault, desk: int) -> Record[KeptEnd] | None:
    """Return the conversation with a desk that has not ended, if there is one."""
    return next((one for one in ends_of(vault, desk) if not one.value.end.ended), None)


def messages_of(vault: Vault, talk: str) -> tuple[Record[KeptMessage], ...]:
    """Return the messages of a conversation by number."""
    found = (one for one in every(vault, MESSAGE) if one.value.talk == talk)
    return tuple(sorted(found, key=lambda one: one.value.one.number))


def replies_of(vault: Vault, talk: str) -> tuple[Record[KeptReply], ...]:
    """Return the answers of a conversation by number."""
    found = (one for one in every(vault, REPLY) if one.value.talk == talk)
    return tuple(sorted(found, key=lambda one: one.value.number))


def save_end(vault: Vault, record: Record[KeptEnd], end: End, now: datetime) -> None:
    """Keep where a conversation stands now."""
    put(vault, END, record, replace(record.value, end=end), now)


def save_message(vault: Vault, record: Record[KeptMessage], one: Outgoing, now: datetime) -> None:
    """Keep what became of a message."""
    if one != record.value.one:
        put(vault, MESSAGE, record, replace(record.value, one=one), now)


def forget_talk(vault: Vault, talk: Record[KeptEnd]) -> None:
    """Delete a conversation with all its messages and answers."""
    with vault.transaction():
        for message in messages_of(vault, talk.value.id):
            vault.records.delete(MESSAGE, message.id)
        for reply in replies_of(vault, talk.value.id):
            vault.records.delete(REPLY, reply.id)
        vault.records.delete(END, talk.id)
