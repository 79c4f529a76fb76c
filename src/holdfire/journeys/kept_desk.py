"""What the vault keeps of a desk of one's own: its keys, its threads, their messages, the acts of its record (docs/formats/desk.md).

As with `kept_talk`, a change deletes the record and adds it anew, so that no earlier version keeps a key that must be gone.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, cast

from holdfire.conversation.attachment import Attachment
from holdfire.conversation.card import read_card
from holdfire.conversation.desk_log import Act, Entry
from holdfire.conversation.kinds import Kind as MessageKind
from holdfire.conversation.notice import Bulletin
from holdfire.conversation.receipt import Received
from holdfire.conversation.roster import Device, Roster
from holdfire.desk.own import OwnDesk, OwnRelay, Place
from holdfire.desk.threads import Thread
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.signature import SigningKey
from holdfire.vault.records import JSON, Kind
from holdfire.wire.boards import BoardSecrets
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.sheets import CARD_SIZE


@dataclass(frozen=True)
class Enclosed:
    """A file that a message names; `evidence` is its number once it was fetched, `gone` that the relay has it no more."""

    attachment: Attachment
    evidence: int = 0
    gone: bool = False


@dataclass(frozen=True)
class Came:
    """A message that came: in which thread, what it says, how it was taken.

    Args:
        thread: The thread's number.
        number: The message's, in its conversation.
        kind: What it is about.
        text: What it says.
        form: Answers to the kind's form.
        verdict: As in `receipt.Verdict`.
        time: When it was read here.
        origin: On which relay it stood, and its files stand.
        files: What goes with it.
    """

    thread: int
    number: int
    kind: MessageKind
    text: str
    form: Mapping[str, str]
    verdict: str
    time: datetime
    origin: str
    files: tuple[Enclosed, ...] = field(default=())


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _head(one: Checkpoint | None) -> JSON:
    return [one.size, _b64(one.root)] if one else None


def _checkpoint(kept: Any) -> Checkpoint | None:
    return Checkpoint(kept[0], _bytes(kept[1])) if kept else None


def _place(kept: Any) -> Place:
    return Place(_checkpoint(kept[0]), kept[1])


def _encode_own(own: OwnDesk) -> JSON:
    return {
        "card": _b64(own.document.rstrip(b"\0")),
        "publish": _b64(own.publish.seed),
        "certificate": _b64(own.certificate),
        "until": own.until.isoformat(),
        "device": _b64(own.device.seed),
        "log key": _b64(own.log_key),
        "log": _b64(own.log.owner),
        "log place": [_head(own.log_place.head), own.log_place.next],
        "days": [[day.isoformat(), _b64(seed)] for day, seed in own.days],
        "roster": [own.roster.number, [[one.name, _b64(one.key), one.publishes] for one in own.roster.devices]],
        "bulletins": [[one.day.isoformat(), one.title, one.text] for one in own.bulletins],
        "pulled": own.pulled.isoformat() if own.pulled else None,
        "relays": [
            {
                "origin": one.origin, "head key": _b64(one.head_key), "sheet": _b64(one.sheet),
                "inbox": _b64(one.inbox.owner), "number": one.number, "hash": _b64(one.hash), "bits": one.bits,
                "fell": one.fell.isoformat() if one.fell else None,
                "place": [_head(one.place.head), one.place.next],
                "published": one.published.isoformat() if one.published else None,
            }
            for one in own.relays
        ],
    }  # fmt: skip


def _decode_own(values: JSON) -> OwnDesk:
    kept = cast("dict[str, Any]", values)
    document = _bytes(kept["card"]).ljust(CARD_SIZE, b"\0")
    return OwnDesk(
        card=read_card(document),
        document=document,
        publish=DoubleKey(_bytes(kept["publish"])),
        certificate=_bytes(kept["certificate"]),
        until=_moment(kept["until"]),
        device=SigningKey(_bytes(kept["device"])),
        log_key=_bytes(kept["log key"]),
        log=BoardSecrets(_bytes(kept["log"])),
        relays=tuple(
            OwnRelay(
                one["origin"], _bytes(one["head key"]), _bytes(one["sheet"]), BoardSecrets(_bytes(one["inbox"])),
                one["number"], _bytes(one["hash"]), one["bits"],
                date.fromisoformat(one["fell"]) if one["fell"] else None, _place(one["place"]),
                _moment(one["published"]) if one["published"] else None,
            )
            for one in kept["relays"]
        ),
        roster=Roster(
            kept["roster"][0], tuple(Device(name, _bytes(key), publishes) for name, key, publishes in kept["roster"][1])
        ),
        log_place=_place(kept["log place"]),
        days=tuple((date.fromisoformat(day), _bytes(seed)) for day, seed in kept["days"]),
        bulletins=tuple(Bulletin(date.fromisoformat(day), title, text) for day, title, text in kept["bulletins"]),
        pulled=_moment(kept["pulled"]) if kept["pulled"] else None,
    )  # fmt: skip


def _numbered(kept: Mapping[int, bytes]) -> JSON:
    return [[number, _b64(content)] for number, content in sorted(kept.items())]


def _by_number(kept: Any) -> dict[int, bytes]:
    return {number: _bytes(content) for number, content in kept}


def _encode_thread(one: Thread) -> JSON:
    received = one.received
    return {
        "number": one.number,
        "conversation": _b64(received.conversation),
        "contents": _numbered(received.contents),
        "names": _numbered(received.names),
        "step": _b64(received.step),
        "at": received.number,
        "clashes": [*sorted(received.clashes)],
        "reply key": _b64(one.reply_key),
        "seen": one.seen,
        "last": one.last.isoformat(),
        "kinds": [*sorted(int(kind) for kind in one.kinds)],
        "language": one.language,
        "forged": one.forged,
    }


def _decode_thread(values: JSON) -> Thread:
    kept = cast("dict[str, Any]", values)
    received = Received(
        _bytes(kept["conversation"]), _by_number(kept["contents"]), _by_number(kept["names"]),
        _bytes(kept["step"]), kept["at"], frozenset(kept["clashes"]),
    )  # fmt: skip
    return Thread(
        kept["number"], received, _bytes(kept["reply key"]), kept["seen"], _moment(kept["last"]),
        frozenset(MessageKind(kind) for kind in kept["kinds"]), kept["language"], kept["forged"],
    )  # fmt: skip


def _encode_came(one: Came) -> JSON:
    return {
        "thread": one.thread,
        "number": one.number,
        "kind": int(one.kind),
        "text": one.text,
        "form": dict(one.form),
        "verdict": one.verdict,
        "time": one.time.isoformat(),
        "origin": one.origin,
        "files": [
            [_b64(file.attachment.key), file.attachment.length, _b64(file.attachment.hash), file.evidence, file.gone]
            for file in one.files
        ],
    }  # fmt: skip


def _decode_came(values: JSON) -> Came:
    kept = cast("dict[str, Any]", values)
    return Came(
        kept["thread"], kept["number"], MessageKind(kept["kind"]), kept["text"], kept["form"], kept["verdict"],
        _moment(kept["time"]), kept["origin"],
        tuple(
            Enclosed(Attachment(_bytes(key), length, _bytes(hashed)), evidence, gone)
            for key, length, hashed, evidence, gone in kept["files"]
        ),
    )  # fmt: skip


def _encode_act(one: Entry) -> JSON:
    return {
        "device": _b64(one.device),
        "number": one.number,
        "time": one.time.isoformat(),
        "inbox": _head(one.inbox),
        "log": _head(one.log),
        "act": int(one.act),
        "about": _b64(one.about),
        "detail": one.detail,
    }


def _decode_act(values: JSON) -> Entry:
    kept = cast("dict[str, Any]", values)
    return Entry(
        _bytes(kept["device"]), kept["number"], _moment(kept["time"]), Checkpoint(kept["inbox"][0], _bytes(kept["inbox"][1])),
        Checkpoint(kept["log"][0], _bytes(kept["log"][1])), Act(kept["act"]), _bytes(kept["about"]), kept["detail"],
    )  # fmt: skip


OWN: Final = Kind("own desk", 1, _encode_own, _decode_own)
THREAD: Final = Kind("thread", 1, _encode_thread, _decode_thread, words=lambda one: f"thread{one.number}")
CAME: Final = Kind(
    "message that came", 1, _encode_came, _decode_came,
    words=lambda one: " ".join((f"thread{one.thread}", one.text, *one.form.values())),
)  # fmt: skip
ACT: Final = Kind("act of a desk", 1, _encode_act, _decode_act)
