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
from holdfire.desk.own import Before, Board, Moving, OwnDesk, OwnRelay, Place
from holdfire.desk.threads import Glance, Thread
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.signature import SigningKey
from holdfire.vault.records import JSON, Kind
from holdfire.wire.boards import BoardReader, BoardSecrets
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


def thread_word(number: int) -> str:
    """Return the word by which a thread and its messages are found; it has an end, because a search finds beginnings."""
    return f"thread{number}x"


def conversation_word(conversation: bytes) -> str:
    """Return the word by which the thread of a conversation is found."""
    return f"c{conversation.hex()}"


@dataclass(frozen=True, repr=False)
class Asked:
    """A request to belong to a desk that was made here: the name, the device's key, the seed of the key for the invitation."""

    name: str
    device: SigningKey
    wrapping: bytes


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


def _read(place: Place) -> JSON:
    return [_head(place.head), place.next]


def _board(one: Board) -> JSON:
    """What a device owns is kept as text, what it reads alone in a list."""
    return [_b64(one.reader)] if isinstance(one, BoardReader) else _b64(one.owner)


def _held(kept: Any) -> Board:
    return BoardReader(_bytes(kept[0])) if isinstance(kept, list) else BoardSecrets(_bytes(kept))


def _days(days: tuple[tuple[date, bytes], ...]) -> JSON:
    return [[day.isoformat(), _b64(seed)] for day, seed in days]


def _seeds(kept: Any) -> tuple[tuple[date, bytes], ...]:
    return tuple((date.fromisoformat(day), _bytes(seed)) for day, seed in kept)


def _encode_own(own: OwnDesk) -> JSON:
    return {
        "card": _b64(own.document.rstrip(b"\0")),
        "publish": _b64(own.publish.seed) if own.publish else "",
        "certificate": _b64(own.certificate),
        "until": own.until.isoformat(),
        "device": _b64(own.device.seed),
        "log key": _b64(own.log_key),
        "log": _board(own.log),
        "log place": _read(own.log_place),
        "days": _days(own.days),
        "roster": [own.roster.number, [[one.name, _b64(one.key), one.publishes] for one in own.roster.devices]],
        "bulletins": [[one.day.isoformat(), one.title, one.text] for one in own.bulletins],
        "pulled": own.pulled.isoformat() if own.pulled else None,
        "threads": own.threads,
        "wrapping": _b64(own.wrapping),
        "handed": [[_b64(device), day.isoformat(), _b64(key)] for device, day, key in own.handed],
        "waits": own.waits.isoformat() if own.waits else None,
        "before": {
            "since": own.before.since.isoformat(),
            "days": _days(own.before.days),
            "inboxes": [[origin, _board(board), _read(place)] for origin, board, place in own.before.inboxes],
        } if own.before else None,
        "moving": {
            "roster": _b64(own.moving.roster), "log key": _b64(own.moving.log_key), "log": _b64(own.moving.log.owner),
            "inboxes": [[origin, _b64(board.owner)] for origin, board in own.moving.inboxes],
            "days": _days(own.moving.days),
        } if own.moving else None,
        "relays": [
            {
                "origin": one.origin, "head key": _b64(one.head_key), "sheet": _b64(one.sheet),
                "inbox": _board(one.inbox), "number": one.number, "hash": _b64(one.hash), "bits": one.bits,
                "fell": one.fell.isoformat() if one.fell else None,
                "place": _read(one.place),
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
        publish=DoubleKey(_bytes(kept["publish"])) if kept["publish"] else None,
        certificate=_bytes(kept["certificate"]),
        until=_moment(kept["until"]),
        device=SigningKey(_bytes(kept["device"])),
        log_key=_bytes(kept["log key"]),
        log=_held(kept["log"]),
        relays=tuple(
            OwnRelay(
                one["origin"], _bytes(one["head key"]), _bytes(one["sheet"]), _held(one["inbox"]),
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
        days=_seeds(kept["days"]),
        bulletins=tuple(Bulletin(date.fromisoformat(day), title, text) for day, title, text in kept["bulletins"]),
        pulled=_moment(kept["pulled"]) if kept["pulled"] else None,
        threads=kept["threads"],
        wrapping=_bytes(kept["wrapping"]),
        handed=tuple(
            (_bytes(device), date.fromisoformat(day), _bytes(key)) for device, day, key in kept["handed"]
        ),
        waits=_moment(kept["waits"]) if kept["waits"] else None,
        before=_before(kept["before"]) if kept["before"] else None,
        moving=_moving(kept["moving"]) if kept["moving"] else None,
    )  # fmt: skip


def _before(kept: Any) -> Before:
    inboxes = tuple((origin, _held(board), _place(place)) for origin, board, place in kept["inboxes"])
    return Before(_moment(kept["since"]), _seeds(kept["days"]), inboxes)


def _moving(kept: Any) -> Moving:
    return Moving(
        _bytes(kept["roster"]),
        _bytes(kept["log key"]),
        BoardSecrets(_bytes(kept["log"])),
        tuple((origin, BoardSecrets(_bytes(owner))) for origin, owner in kept["inboxes"]),
        _seeds(kept["days"]),
    )


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


def _no_glance(_: Glance) -> JSON:
    raise NotImplementedError


def _decode_glance(values: JSON) -> Glance:
    kept = cast("dict[str, Any]", values)
    return Glance(
        kept["number"], _bytes(kept["conversation"]), len(kept["contents"]), kept["seen"], _moment(kept["last"]),
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


def _with_members(values: JSON) -> JSON:
    """A desk of the first shape had one device."""
    return {
        **cast("dict[str, JSON]", values),
        "threads": 0,
        "wrapping": "",
        "handed": [],
        "waits": None,
        "before": None,
        "moving": None,
    }


def _encode_asked(one: Asked) -> JSON:
    return {"name": one.name, "device": _b64(one.device.seed), "wrapping": _b64(one.wrapping)}


def _decode_asked(values: JSON) -> Asked:
    kept = cast("dict[str, Any]", values)
    return Asked(kept["name"], SigningKey(_bytes(kept["device"])), _bytes(kept["wrapping"]))


OWN: Final = Kind("own desk", 2, _encode_own, _decode_own, {1: _with_members})
ASKED: Final = Kind("request to a desk", 1, _encode_asked, _decode_asked)
#: The same records as `THREAD`, of which no more is read than a list shows; nothing is saved under it.
GLANCE: Final = Kind("thread", 1, _no_glance, _decode_glance)
THREAD: Final = Kind(
    "thread",
    1,
    _encode_thread,
    _decode_thread,
    words=lambda one: f"{thread_word(one.number)} {conversation_word(one.conversation)}",
)
CAME: Final = Kind(
    "message that came", 1, _encode_came, _decode_came,
    words=lambda one: " ".join((thread_word(one.thread), one.text, *one.form.values())),
)  # fmt: skip
ACT: Final = Kind("act of a desk", 1, _encode_act, _decode_act)
