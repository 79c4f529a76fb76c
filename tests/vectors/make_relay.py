"""Writes the vectors of envelope and conversation: `python tests/vectors/make_relay.py`.

What follows from fixed seeds is computed. Seals and ML-DSA signatures cannot be: the library draws for them; so they are kept in
`relay/drawn.json` under the hash of what they are of, and drawn only where none is kept. Each refused case has one fault and the error
that the protocol names for it, written here by the kind of fault, not taken from what the program says.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256, shake_256
from pathlib import Path
from typing import Any

import cbor2

from holdfire.conversation import bucket, card, desk_log, message, notice, reply, roster, wrap
from holdfire.conversation.attachment import Attachment, Pieces
from holdfire.conversation.kinds import Kind
from holdfire.conversation.receipt import Receipt
from holdfire.conversation.stateless import from_entropy
from holdfire.conversation.steps import step
from holdfire.sealing import gate
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.hpke import PublicKey, SecretKey
from holdfire.sealing.shares import split
from holdfire.sealing.signature import SigningKey
from holdfire.sealing.words import spoken_of, twelve_of
from holdfire.wire import boards, checkpoint, encoding, names, pieces, puzzle, tickets
from holdfire.wire.encoding import Listed, Octets, Row, Shape, Text, Whole
from holdfire.wire.merkle import Tree

FOLDER = Path(__file__).parent / "relay"
ORIGIN = "https://relay.example.org"
OTHER_ORIGIN = "https://second.example.org"
DAY = date(2026, 3, 1)
TIME = datetime(2026, 3, 1, 12, tzinfo=UTC)
Case = dict[str, Any]


def seed(label: str, size: int = 32) -> bytes:
    """Return bytes that follow from a label."""
    return shake_256(label.encode()).digest(size)


class Drawn:
    """Seals and signatures, kept by the hash of what they are of."""

    def __init__(self) -> None:
        path = FOLDER / "drawn.json"
        self._kept: dict[str, str] = json.loads(path.read_text("ascii")) if path.exists() else {}
        self._used: dict[str, str] = {}

    def get(self, *what: bytes, draw: Callable[[], bytes]) -> bytes:
        """Return what is kept for `what`, or draw it now."""
        key = sha256(names.items(*what)).hexdigest()[:32]
        if key not in self._kept:
            self._kept[key] = b64encode(draw()).decode("ascii")
        self._used[key] = self._kept[key]
        return b64decode(self._kept[key])

    @property
    def used(self) -> dict[str, str]:
        """What is still needed."""
        return dict(sorted(self._used.items()))


class KeptKey(DoubleKey):
    """A pair whose signatures are kept."""

    def __init__(self, label: str, drawn: Drawn) -> None:
        super().__init__(seed(label, 64))
        self._drawn = drawn

    def sign(self, message: bytes) -> bytes:
        """Return the kept signature of `message`."""
        return self._drawn.get(b"sign", self.public, message, draw=lambda: super(KeptKey, self).sign(message))


class Maker:
    """Everything a case can be made of."""

    def __init__(self) -> None:
        self.drawn = Drawn()
        self.root = KeptKey("root", self.drawn)
        self.other_root = KeptKey("other root", self.drawn)
        self.publish = KeptKey("publish", self.drawn)
        self.day_key = SecretKey(seed("day key"))
        self.reply_key = SecretKey(seed("reply key"))
        self.old_reply_key = SecretKey(seed("old reply key"))
        self.card = card.Card(
            1,
            "Legal help for those who hold fire",
            self.root.public,
            "We answer within two days. We never ask for your name.",
            (card.DeskRelay(ORIGIN, seed("sheet"), SigningKey(seed("relay")).public),),
        )
        self.desk = self.card.desk
        self.certificate = notice.certify(
            self.root, self.desk, self.publish.public, TIME - timedelta(days=1), TIME + timedelta(days=80)
        )
        self.notice = notice.Notice(
            self.desk, ORIGIN, 7, seed("previous"), TIME, self.certificate, ((DAY, self.day_key.public),),
            boards.BoardSecrets(seed("inbox")).writer, seed("nonce", 16), 1, 3, 1,
            (notice.Bulletin(DAY, "We are here", "Every day until nine."),),
        )  # fmt: skip
        self.conversation = seed("conversation")
        self.message = message.Message(
            self.conversation, 2, step(seed("steps"), 2), self.reply_key.public, 1, Kind.FORCE, "They leave at six.",
            (Attachment(seed("file key"), 1_500_000, seed("file")),), seed("before"),
            {"place": "the square", "time": "at six", "means": "water cannon", "known": "saw it myself", "sure": "sure"}, "en",
        )  # fmt: skip
        self.reply = reply.Reply(
            1, 2, Receipt(5, (2, 3), (4,)), seed("tickets", 16), 3, "We have it. Stay away at six."
        )

    def sealed(self, *what: bytes, draw: Callable[[], bytes]) -> bytes:
        """Return a kept seal."""
        return self.drawn.get(b"seal", *what, draw=draw)


def faults(shape: Shape, good: bytes) -> Iterator[tuple[str, bytes, str, str]]:
    """Yield each single fault of a document: its name, the bytes, where, why."""
    values = cbor2.loads(good)
    for field in shape.fields:
        where = f"{shape.name}.{field.name}"
        if not field.optional:
            yield (
                f"{field.name} missing",
                _spelt({k: v for k, v in values.items() if k != field.number}),
                where,
                "missing",
            )
        for name, value, inside, why in _wrong(field.kind):
            yield f"{field.name}: {name}", _spelt({**values, field.number: value}), where + inside, why
    top = shape.name
    yield "an unknown field", _spelt({**values, 23: 0}), top, "an unknown field"
    yield "no version", _spelt({k: v for k, v in values.items() if k}), f"{top}.version", "missing"
    yield "version 2", _spelt({**values, 0: 2}), f"{top}.version", "not a version this program knows"
    yield "version true", _spelt({**values, 0: True}), f"{top}.version", "not a version this program knows"
    yield "a byte after the end", good + b"\0", top, "not in its one spelling"
    yield "the last byte missing", good[:-1], top, "not CBOR"
    yield "nothing", b"", top, "not CBOR"
    yield "a list", b"\x80", top, "not a map of numbered fields"
    yield "a name as key", _spelt({**values, "a": 0}), top, "not a map of numbered fields"
    yield (
        "the version's head one byte longer",
        bytes([good[0]]) + b"\x00\x18\x01" + good[3:],
        top,
        "not in its one spelling",
    )
    yield "field 0 twice", bytes([good[0] + 1]) + b"\x00\x01" + good[1:], top, "not CBOR"
    yield "without a definite end", b"\xbf" + good[1:] + b"\xff", top, "not CBOR"
    yield "a tag before it", b"\xd9\xd9\xf7" + good, top, "not CBOR"
    yield "keys out of order", bytes([good[0]]) + good[3:] + good[1:3], top, "not in its one spelling"


def _wrong(kind: encoding.Kind) -> Iterator[tuple[str, object, str, str]]:
    match kind:
        case Whole():
            yield "text", "x", "", "not a whole number"
            yield "below zero", -1, "", "out of range"
            yield "a fraction", 1.5, "", "not a whole number"
            yield "too large", kind.most + 1, "", "out of range"
        case Octets():
            yield "a number", 0, "", "not bytes"
            yield "text", "x", "", "not bytes"
            yield "too long", bytes((kind.most if kind.size is None else kind.size) + 1), "", "wrong length"
        case Text():
            yield "bytes", b"x", "", "not text"
            yield "too long", "x" * (kind.most + 1), "", "wrong length"
            yield "a zero byte", "x" * (kind.least - 1 if kind.least else 0) + "\0", "", "a zero byte in text"
        case Listed():
            yield "a number", 0, "", "not a list"
            yield "too many", [0] * (kind.most + 1), "", "wrong number of items"
            for name, value, inside, why in _wrong(kind.kind):
                yield f"first: {name}", [value] * max(1, kind.least), f"[0]{inside}", why
        case Row():
            yield "a number", 0, "", "not a list"
            yield "nothing in it", [], "", "wrong number of items"


def _spelt(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)


def refusals(shape: Shape, good: bytes) -> list[Case]:
    """Return the cases of every single fault of a document."""
    return [
        {
            "name": f"{shape.name}: {name}",
            "bytes": bad.hex(),
            "error": "FormatError",
            "where": where,
            "why": why,
        }
        for name, bad, where, why in faults(shape, good)
        if len(bad) < message.PLAIN_SIZE
    ]


def document_vectors(make: Maker) -> dict[str, dict[str, Any]]:
    """Return what stands inside seals and signatures: one good document each, and all its single faults."""
    days = ((DAY, seed("day key")),)
    wrapped = wrap._SHAPE.write(
        {
            "days": [[day.isoformat(), one] for day, one in days],
            "log key": seed("log"),
            "inboxes": [seed("i")],
            "log": seed("l"),
        }
    )
    device = SigningKey(seed("device"))
    act = desk_log._SHAPE.write(
        {"device": device.public, "number": 3, "time": 1_772_366_400, "inbox": [5, seed("r")], "log": [9, seed("s")],
         "act": 2, "about": make.conversation, "detail": "urgent"}
    )  # fmt: skip
    devices = roster._SHAPE.write({"number": 2, "devices": [["Heron", device.public, 1]]})
    return {
        "message": {
            "good": make.message.write().hex(),
            "refused": refusals(message._SHAPE, make.message.write()),
        },
        "reply": {"good": make.reply.write().hex(), "refused": refusals(reply._SHAPE, make.reply.write())},
        "wrapped keys": {"good": wrapped.hex(), "refused": refusals(wrap._SHAPE, wrapped)},
        "act": {"good": act.hex(), "refused": refusals(desk_log._SHAPE, act)},
        "roster": {"good": devices.hex(), "refused": refusals(roster._SHAPE, devices)},
    }


def signed_vectors(make: Maker) -> dict[str, list[Case]]:
    """Return cards and notices, right and with one fault; documents stand unpadded."""
    good = encoding.unpad(card.write_card(make.card, make.root), "card")
    other = encoding.unpad(
        card.write_card(replace(make.card, root=make.other_root.public), make.other_root), "card"
    )
    outer = cbor2.loads(good)
    foreign = _spelt({**outer, 2: make.other_root.sign(names.context("card", make.desk, "") + outer[1])})
    cards: list[Case] = [
        {"name": "right", "document": good.hex(), "desk": make.desk.hex(), "number": 1},
        {"name": "of another desk", "document": other.hex(), "desk": make.desk.hex(), "error": "CrossDeskError"},
        {"name": "signed by another root", "document": foreign.hex(), "desk": make.desk.hex(), "error": "ForgedError"},
        *(
            {"name": f"byte {place} of the signature flipped", "document": _flipped(outer, 2, place).hex(), "desk": make.desk.hex(), "error": "ForgedError"}
            for place in (0, 63, 64, 3_372)
        ),
        {"name": "a letter of the name changed", "document": _flipped(outer, 1, 8).hex(), "desk": make.desk.hex(), "error": "ForgedError"},
    ]  # fmt: skip
    notices = [_notice_case(make, "right", make.notice)]
    soon = replace(make.notice, time=TIME + timedelta(days=200))
    notices += [
        _notice_case(make, "for another relay", replace(make.notice, origin=OTHER_ORIGIN), "CrossRelayError"),
        _notice_case(make, "of another desk", replace(make.notice, desk=card.desk_of(make.other_root.public)), "CrossDeskError"),
        _notice_case(make, "after its certificate's end", soon, "ForgedError"),
        _notice_case(make, "signed by the root itself", make.notice, "ForgedError", key=make.root),
        _notice_case(make, "one day twice", replace(make.notice, day_keys=make.notice.day_keys * 2), "FormatError"),
        _notice_case(make, "older than the one seen", make.notice, "RollbackError", seen=(8, seed("seen"))),
        _notice_case(make, "another one with its number was seen", make.notice, "EquivocationError", seen=(7, seed("seen"))),
        _notice_case(make, "does not follow the one seen", make.notice, "EquivocationError", seen=(6, seed("seen"))),
        _notice_case(make, "follows the one seen", make.notice, seen=(6, seed("previous"))),
    ]  # fmt: skip
    return {"cards": cards, "notices": notices}


def _notice_case(
    make: Maker,
    name: str,
    said: notice.Notice,
    error: str = "",
    key: DoubleKey | None = None,
    seen: tuple[int, bytes] | None = None,
) -> Case:
    written, _ = notice.write_notice(said, key or make.publish)
    case: Case = {"name": name, "document": encoding.unpad(written, "notice").hex(), "origin": ORIGIN}
    if seen is not None:
        case["seen"] = [seen[0], seen[1].hex()]
    return case | ({"error": error} if error else {"number": said.number})


def _flipped(outer: dict[int, Any], field: int, place: int) -> bytes:
    changed = bytearray(outer[field])
    changed[place] ^= 1
    return _spelt({**outer, field: bytes(changed)})


def sealed_vectors(make: Maker) -> dict[str, Any]:
    """Return messages and slots as they go over the wire."""
    written = make.message.write()

    def seal(desk: bytes, origin: str, day: date) -> bytes:
        place = names.context("message", desk, origin, day.isoformat().encode())
        return make.sealed(
            place, written, draw=lambda: message.seal_message(written, desk, origin, day, make.day_key.public)
        )

    right = seal(make.desk, ORIGIN, DAY)
    padded_wrong = make.sealed(
        b"no padding",
        draw=lambda: PublicKey(make.day_key.public).seal(
            bytes(message.PLAIN_SIZE), message._info(make.desk, ORIGIN, DAY)
        ),
    )
    messages: list[Case] = [
        {"name": "right", "sealed": _text(right), "opens": written.hex(), "content": message.content_hash(written).hex()},
        {"name": "for another desk", "sealed": _text(seal(seed("other desk"), ORIGIN, DAY)), "error": "junk"},
        {"name": "for another relay", "sealed": _text(seal(make.desk, OTHER_ORIGIN, DAY)), "error": "junk"},
        {"name": "under another day", "sealed": _text(seal(make.desk, ORIGIN, date(2026, 3, 2))), "error": "junk"},
        {"name": "without padding", "sealed": _text(padded_wrong), "error": "FormatError", "why": "wrong padding"},
        {"name": "a byte short", "of": "right", "cut": 1, "error": "FormatError", "why": "wrong length"},
        *({"name": f"byte {n} flipped", "of": "right", "flip": n, "error": "junk"} for n in (0, 1_087, 1_088, 1_119, 1_120, 5_000, 8_191)),
    ]  # fmt: skip
    edition, tag = (
        make.notice.edition,
        reply.slot_tag(make.conversation, make.desk, ORIGIN, make.notice.edition, 1),
    )
    words = make.reply.write()
    slot = make.sealed(
        b"slot", tag, words,
        draw=lambda: reply.seal_slot(words, tag, PublicKey(make.reply_key.public), make.desk, ORIGIN, edition),
    )  # fmt: skip
    slots: list[Case] = [
        {"name": "right", "sealed": _text(slot), "edition": edition.hex(), "opens": words.hex(), "tag": tag.hex()},
        {"name": "in another edition", "of": "right", "edition": (names.number(8) + seed("nonce", 16)).hex(), "error": "SealError"},
        {"name": "to an older key", "of": "right", "older": True, "error": "SealError"},
        {"name": "a byte short", "of": "right", "cut": 1, "error": "FormatError", "why": "wrong length"},
        *({"name": f"byte {n} flipped", "of": "right", "flip": n, "error": "SealError"} for n in (0, 15, 16, 1_200, 4_095)),
    ]  # fmt: skip
    return {
        "day_key": make.day_key.seed.hex(), "reply_key": make.reply_key.seed.hex(), "older": make.old_reply_key.seed.hex(),
        "desk": make.desk.hex(), "origin": ORIGIN, "day": DAY.isoformat(), "messages": messages, "slots": slots,
    }  # fmt: skip


def bucket_slots(edition: bytes) -> list[bytes]:
    """Return 256 slots that follow from an edition; what stands in them does not matter here."""
    return [seed(f"slot {edition.hex()} {place}", 4_096) for place in range(256)]


def bucket_vectors(make: Maker) -> dict[str, Any]:
    """Return trailers of buckets whose slots follow from the edition (`bucket_slots`)."""

    def trailer(said: notice.Notice, index: int, key: DoubleKey) -> str:
        whole = bucket.write_bucket(said, index, bucket_slots(make.notice.edition), key)
        return encoding.unpad(whole[bucket._SLOTS_SIZE :], "bucket").hex()

    at = make.notice
    cases: list[Case] = [
        {"name": "right", "trailer": trailer(at, 1, make.publish)},
        {"name": "another bucket", "trailer": trailer(at, 0, make.publish), "error": "ReplayedError"},
        {
            "name": "an older edition",
            "trailer": trailer(replace(at, number=6), 1, make.publish),
            "error": "RollbackError",
        },
        {
            "name": "a later edition",
            "trailer": trailer(replace(at, number=8), 1, make.publish),
            "error": "ReplayedError",
        },
        {
            "name": "another nonce",
            "trailer": trailer(replace(at, nonce=bytes(16)), 1, make.publish),
            "error": "ReplayedError",
        },
        {
            "name": "another number of buckets",
            "trailer": trailer(replace(at, bits=2), 1, make.publish),
            "error": "ReplayedError",
        },
        {
            "name": "another desk",
            "trailer": trailer(replace(at, desk=seed("x")), 1, make.publish),
            "error": "CrossDeskError",
        },
        {
            "name": "another relay",
            "trailer": trailer(replace(at, origin=OTHER_ORIGIN), 1, make.publish),
            "error": "CrossRelayError",
        },
        {"name": "signed by another", "trailer": trailer(at, 1, make.other_root), "error": "ForgedError"},
        {"name": "a slot changed", "of": "right", "flip": 5_000, "error": "ForgedError"},
        {"name": "a slot taken out for another", "of": "right", "swap": [0, 1], "error": "ForgedError"},
        {"name": "a slot short", "of": "right", "cut": 4_096, "error": "FormatError", "why": "wrong length"},
    ]
    return {"document": signed_vectors(make)["notices"][0]["document"], "index": 1, "cases": cases}


def derived_vectors(make: Maker) -> dict[str, Any]:
    """Return everything that follows from seeds alone."""
    at, desk = make.notice, make.desk
    owner = boards.BoardSecrets(seed("inbox"))
    chain = seed("steps")
    file = Pieces(make.message.attachments[0], desk, ORIGIN)
    tree, line, relay = Tree(), checkpoint.origin_line(ORIGIN, owner.writer), SigningKey(seed("relay"))
    for place in range(70):
        tree.append(seed(f"entry {place}"))
    head = checkpoint.write(checkpoint.Checkpoint(70, tree.root()), line, relay)
    bound = puzzle.binding(seed("challenge"), owner.writer, sha256(b"body").digest())
    solved = next(one for one in puzzle.solve(seed("challenge"), bound, 3, gate.hard_hash) if one is not None)
    entropy = seed("entropy", 16)
    alone = from_entropy(entropy, desk)
    lone = Attachment(bytes(32), 0, bytes(32))
    return {
        "items": [{"parts": [p.hex() for p in parts], "L": names.items(*parts).hex()} for parts in ((), (b"",), (b"a", b"bc"), (b"ab", b"c"))],
        "hashes": [{"purpose": p, "parts": [b"one".hex(), b"two".hex()], "hash": names.named_hash(p, b"one", b"two").hex()} for p in sorted(names.PURPOSES)],
        "contexts": [{"purpose": "message", "desk": desk.hex(), "origin": o, "parts": [b"2026-03-01".hex()], "ctx": names.context("message", desk, o, b"2026-03-01").hex()} for o in ("", ORIGIN)],
        "board": {"owner": owner.owner.hex(), "reader": owner.reader.hex(), "writer": owner.writer.hex()},
        "steps": [{"last": chain.hex(), "number": n, "step": step(chain, n).hex()} for n in (1, 2, 500, 999, 1_000)],
        "tags": [{"place": j, "tag": reply.slot_tag(make.conversation, desk, ORIGIN, at.edition, j).hex()} for j in range(4)],
        "buckets": [{"bits": k, "index": bucket.bucket_of(make.conversation, desk, ORIGIN, at.edition, k)} for k in (0, 1, 2, 6, 16)],
        "conversation": make.conversation.hex(), "desk": desk.hex(), "origin": ORIGIN, "edition": at.edition.hex(),
        "tickets": {"seed": make.reply.seed.hex(), "tickets": [t.hex() for t in reply.tickets_of(make.reply.seed, desk, ORIGIN)],
                    "hashes": [tickets.ticket_hash(t).hex() for t in reply.tickets_of(make.reply.seed, desk, ORIGIN)]},
        "pieces": {"key": file.attachment.key.hex(), "length": file.attachment.length, "hash": file.attachment.hash.hex(),
                   "names": [file.name(n).hex() for n in range(file.attachment.count)],
                   "last": sha256(file.seal(1, bytes(file.attachment.content_size(1)))).hexdigest()},
        "counts": [{"length": n, "count": replace(lone, length=n).count} for n in (0, 1, pieces.CONTENT_SIZE, pieces.CONTENT_SIZE + 1, 9 << 20, 2 << 30, 300_000_000)],
        "stateless": {"entropy": entropy.hex(), "words": twelve_of(entropy), "conversation": alone.conversation.hex(),
                      "last_step": alone.last_step.hex(), "reply_key": alone.reply_key.seed.hex()},
        "spoken": spoken_of(desk),
        "puzzle": {"challenge": seed("challenge").hex(), "board": owner.writer.hex(), "body": b"body".hex(), "price": 3, "solution": solved.write()},
        "head": {"line": line, "key": relay.public.hex(), "note": head.decode(), "size": 70, "root": tree.root().hex()},
        "heads refused": _head_cases(head.decode(), tree.root()),
    }  # fmt: skip


def _head_cases(head: str, root: bytes) -> list[Case]:
    shown = b64encode(root).decode()
    changes = {
        "another size": (head.replace("\n70\n", "\n71\n"), "TamperError"),
        "another root": (head.replace(shown, b64encode(bytes(32)).decode()), "TamperError"),
        "a zero before the size": (head.replace("\n70\n", "\n070\n"), "FormatError"),
        "another board": (head.replace("/boards/", "/boards/0"), "FormatError"),
        "no empty line": (head.replace("\n\n", "\n"), "FormatError"),
        "a second signature": (head + head.splitlines()[-1] + "\n", "FormatError"),
        "a hyphen for the dash": (head.replace("—", "-"), "FormatError"),
        "no end of the line": (head[:-1], "FormatError"),
        "a line more": (head.replace("\n\n", "\nextension\n\n"), "FormatError"),
    }
    return [{"name": name, "note": note, "error": error} for name, (note, error) in changes.items()]


def share_vectors(make: Maker) -> dict[str, Any]:
    """Return shares of a secret; drawn once, because their line is random."""
    secret = seed("shared", 64)
    kept = make.sealed(
        b"shares",
        secret,
        draw=lambda: b"".join(bytes([one.number]) + one.value for one in split(secret, 3, 5)),
    )
    shares = [[kept[at], kept[at + 1 : at + 67].hex()] for at in range(0, len(kept), 67)]
    return {"secret": secret.hex(), "needed": 3, "shares": shares}


def vectors() -> dict[str, Any]:
    """Return every file's content by its name."""
    make = Maker()
    found: dict[str, Any] = {
        "documents": document_vectors(make),
        "signed": signed_vectors(make),
        "sealed": sealed_vectors(make),
        "buckets": bucket_vectors(make),
        "derived": derived_vectors(make),
        "shares": share_vectors(make),
    }
    return {**found, "drawn": make.drawn.used}


def text(value: object) -> str:
    """Return a file's text."""
    return json.dumps(value, indent=1, ensure_ascii=True) + "\n"


def _text(value: bytes) -> str:
    return b64encode(value).decode("ascii")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, value in vectors().items():
        (FOLDER / f"{name}.json").write_text(text(value), "ascii")
