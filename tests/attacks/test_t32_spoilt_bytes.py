"""T32: whatever bytes a relay, a desk or a stranger hands over, a decoder reads them or refuses them in its own words, in bounded memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.desk_drawn import ORIGIN, TIME, TestDesk, TestMember, seed
from holdfire.conversation import (
    bucket,
    card,
    desk_log,
    joining,
    message,
    notice,
    recovery,
    reply,
    roster,
    signed,
    wrap,
)
from holdfire.conversation.attachment import Attachment, Pieces
from holdfire.conversation.receipt import Receipt
from holdfire.conversation.stateless import from_words
from holdfire.conversation.watch import check_entries
from holdfire.errors import HoldfireError
from holdfire.relay.answer import Relay
from holdfire.relay.sqlite import SqliteStore
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.hpke import PublicKey, SecretKey
from holdfire.sealing.signature import SigningKey
from holdfire.sealing.stream import EntrySealer
from holdfire.wire import checkpoint, http
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from holdfire.wire.encoding import Shape, pad, unpad
from holdfire.wire.http import Request
from holdfire.wire.merkle import leaf_hash
from holdfire.wire.names import context
from holdfire.wire.origin import origin_of
from holdfire.wire.sheets import CARD_SIZE, NOTICE_SIZE
from holdfire.wire.tiles import Tile, read_tile
from simulators.memory import peak_while
from simulators.spoiler import spoilt
from vectors.make_relay import FOLDER

DESK, MEMBER = TestDesk(), TestMember()
BOARD = BoardSecrets(b"o" * 32)
DEVICE, HEAD = SigningKey(seed("device")), SigningKey(seed("head"))
WRAPPING, LOG = SecretKey(seed("wrapping")), EntrySealer(seed("log key"))
NOW = 1_780_000_000
DOCUMENTS: dict[str, dict[str, Any]] = json.loads((FOLDER / "documents.json").read_text("ascii"))
SHAPES = {
    "message": message._SHAPE,
    "reply": reply._SHAPE,
    "act": desk_log._SHAPE,
    "roster": roster._SHAPE,
    "wrapped keys": wrap._SHAPE,
}
#: More than any decoder may need for what it is given, whatever lengths that announces; the largest is a bucket of 1 MiB.
MOST_MEMORY = 48 << 20

Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Decoder:
    """A decoder, something that it reads, and how many in a thousand cases are its."""

    read: Read
    valid: bytes
    share: int = 30


def through(shape: Shape) -> Read:
    return lambda untrusted: shape.read(untrusted, 1 << 16)


def signed_as(purpose: str, origin: str, key: DoubleKey, size: int, read: Read) -> Read:
    """Return a reader of bodies that the right key did sign: a desk or a root may be the attacker."""

    def readers(body: bytes) -> object:
        if len(body) > size - 4_000:
            body = body[: size - 4_000]
        document = signed.sign(purpose, DESK.id, origin, body, key)
        return read(pad(document, size, purpose) if purpose in {"card", "notice"} else document)

    return readers


def sealed_message(plain: bytes) -> object:
    return DESK.open(DESK.seal(plain[: message.PLAIN_SIZE - 1]))


def sealed_slot(plain: bytes) -> object:
    said = DESK.edition()
    tag = reply.slot_tag(MEMBER.conversation, DESK.id, ORIGIN, said.edition, 0)
    key = PublicKey(MEMBER.reply_key.public)
    slot = reply.seal_slot(plain[: reply.PLAIN_SIZE - 1], tag, key, DESK.id, ORIGIN, said.edition)
    return reply.open_slot(slot, [MEMBER.reply_key], DESK.id, ORIGIN, said.edition)


def as_wrapped(plain: bytes) -> object:
    about = context("wrap", DESK.id, ORIGIN, WRAPPING.public)
    sealed = PublicKey(WRAPPING.public).seal(pad(plain[: wrap.PLAIN_SIZE - 1], wrap.PLAIN_SIZE, ""), about)
    return wrap.unwrap_keys(sealed, WRAPPING, DESK.id, ORIGIN, {DEVICE.public})


def signed_keys(body: bytes) -> bytes:
    body = body[:6_000]
    about = context("wrap", DESK.id, ORIGIN, WRAPPING.public)
    signature = DEVICE.sign(about + body)
    return wrap._SIGNED.write({"keys": body, "device": DEVICE.public, "signature": signature})


def sealed_keys(body: bytes) -> object:
    return as_wrapped(signed_keys(body))


def sealed_invitation(plain: bytes) -> object:
    sealed = PublicKey(WRAPPING.public).seal(plain, joining._info(WRAPPING.public))
    return joining.open_invitation(sealed, WRAPPING, DEVICE.public)


def plain_invitation() -> bytes:
    asked = joining.Request("second", DEVICE.public, WRAPPING.public)
    document = card.write_card(DESK.card, DESK.root)
    invitation = joining.write_invitation(asked, document, b"{}", DESK.id, DESK.root)
    return WRAPPING.open(invitation, joining._info(WRAPPING.public))


def signed_act(body: bytes) -> object:
    about, body = context("log", DESK.id, ORIGIN), body[:7_000]
    written = desk_log._ENTRY.write({"act": body, "signature": DEVICE.sign(about + body)})
    return desk_log.read_entry(LOG.seal(pad(written, desk_log.PLAIN_SIZE, ""), about), DESK.id, ORIGIN, LOG)


def sealed_act(plain: bytes) -> object:
    about = context("log", DESK.id, ORIGIN)
    padded = pad(plain[: desk_log.PLAIN_SIZE - 1], desk_log.PLAIN_SIZE, "")
    return desk_log.read_entry(LOG.seal(padded, about), DESK.id, ORIGIN, LOG)


class AskedRelay:
    """A relay's core in this process; a request is one line of method and path, lines of headers, an empty line, a body."""

    def __init__(self) -> None:
        self.store = SqliteStore(None)
        self.core = Relay(self.store, ORIGIN, HEAD, 0)
        self.store.add_board(BOARD.writer, INBOX_ENTRY)

    def ask(self, untrusted: bytes) -> object:
        head, _, body = untrusted.partition(b"\n\n")
        first, *lines = head.decode("latin-1").split("\n")
        method, _, path = first.partition(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        request = Request(method, path, headers, body)
        http.route(method, path)
        http.most_answer(request)
        http.previous_of(headers)
        http.secret_of(headers)
        http.solution_of(headers)
        with self.store.group():
            answer = self.core.answer(request, NOW)
        assert 200 <= answer.status < 500
        return answer


def as_lines(request: Request) -> bytes:
    lines = [
        f"{request.method} {request.path}",
        *(f"{name}: {value}" for name, value in request.headers.items()),
    ]
    return "\n".join(lines).encode("ascii") + b"\n\n" + request.body


def requests() -> Iterator[bytes]:
    writer, reader, owner, name = BOARD.writer, BOARD.reader, BOARD.owner, b"n" * 32
    for one in (
        http.post_entry(writer, b"e" * INBOX_ENTRY, b"t" * 32),
        http.get_challenge(writer),
        http.get_head(writer, reader),
        http.get_page(writer, reader, 0),
        http.get_tile(writer, reader, 0, 0, 1),
        http.trim_board(writer, owner, 1),
        http.register_tickets(writer, reader, [b"h" * 32, b"i" * 32]),
        http.make_board(b"g" * 32, name, INBOX_ENTRY),
        http.make_sheet(b"g" * 32, name),
        http.read_piece(writer, name, reader),
        Request("POST", f"/boards/{writer.hex()}", {http.PUZZLE: "ab" * 48}, b"e" * INBOX_ENTRY),
        Request("PUT", f"/sheets/{'ab' * 32}/buckets/1/0", {http.SECRET: "ab" * 32, http.PREVIOUS: "7"}, b""),
    ):
        yield as_lines(one)


def body_of(document: bytes, purpose: str) -> bytes:
    return signed.parts(purpose, document.rstrip(b"\0")[:-1])[0]


def decoders() -> dict[str, Decoder]:
    said = DESK.edition()
    paper, seen = notice.write_notice(said, DESK.publish)[0], DESK.read(said)
    listed = roster.write_roster(roster.Roster(1, (roster.Device("a", DEVICE.public),)), DESK.id, DESK.root)
    line = checkpoint.origin_line(ORIGIN, BOARD.writer)
    acted = desk_log.Entry(
        DEVICE.public, 1, TIME, checkpoint.Checkpoint(1, b"r" * 32), checkpoint.Checkpoint(0, b"s" * 32),
        desk_log.Act.NOTE, b"c" * 32, "a note",
    )  # fmt: skip
    shares = recovery.write_shares(DESK.root, 2, 3)
    pieces = Pieces(Attachment(b"k" * 32, 40, sha256(b"x" * 40).digest()), DESK.id, ORIGIN)
    words = " ".join(["abandon"] * 11 + ["about"])
    carded = card.write_card(DESK.card, DESK.root)
    certificate = notice.certify(DESK.root, DESK.id, DESK.publish.public, TIME, TIME + timedelta(days=60))
    relay = AskedRelay()
    slots = [MEMBER.slot(DESK, said, "yes")]

    def renewed(body: bytes) -> object:
        document = signed.sign("publish", DESK.id, "", body[:60_000], DESK.root)
        return notice._certified(document, DESK.card, TIME)

    found = {
        f"shape of {name}": Decoder(through(shape), bytes.fromhex(DOCUMENTS[name]["good"]), 60)
        for name, shape in SHAPES.items()
    }
    found |= {f"request {place}": Decoder(relay.ask, one, 25) for place, one in enumerate(requests())}
    return found | {
        "message": Decoder(message.read_message, MEMBER.write(1), 60),
        "sealed message": Decoder(sealed_message, MEMBER.write(1), 3),
        "message as sent": Decoder(DESK.open, DESK.seal(MEMBER.write(1)), 3),
        "reply": Decoder(reply.read_reply, reply.Reply(0, 1, Receipt(1), bytes(16), 1, "yes").write(), 60),
        "sealed reply": Decoder(sealed_slot, reply.Reply(0, 1, Receipt(1), bytes(16), 1, "yes").write(), 3),
        "slot": Decoder(
            lambda one: reply.open_slot(one, [MEMBER.reply_key], DESK.id, ORIGIN, said.edition), slots[0], 3
        ),
        "bucket": Decoder(lambda one: bucket.read_bucket(one, seen, 0), DESK.bucket(said, 0, slots), 1),
        "card": Decoder(card.read_card, carded, 10),
        "signed card": Decoder(
            signed_as("card", "", DESK.root, CARD_SIZE, card.read_card), body_of(carded, "card"), 2
        ),
        "notice": Decoder(lambda one: notice.read_notice(one, DESK.card, ORIGIN), paper, 6),
        "signed notice": Decoder(
            signed_as("notice", ORIGIN, DESK.publish, NOTICE_SIZE, lambda one: notice.read_notice(one, DESK.card, ORIGIN)),
            body_of(paper, "notice"), 2,
        ),
        "certificate": Decoder(renewed, signed.parts("publish", certificate)[0], 2),
        "roster": Decoder(lambda one: roster.read_roster(one, DESK.id, DESK.root.public), listed, 10),
        "signed roster": Decoder(
            signed_as("roster", "", DESK.root, 1 << 16, lambda one: roster.read_roster(one, DESK.id, DESK.root.public)),
            signed.parts("roster", listed)[0], 2,
        ),
        "wrapped keys": Decoder(sealed_keys, bytes.fromhex(DOCUMENTS["wrapped keys"]["good"]), 3),
        "signed keys": Decoder(as_wrapped, signed_keys(bytes.fromhex(DOCUMENTS["wrapped keys"]["good"])), 3),
        "request to a desk": Decoder(
            joining.read_request, joining.Request("second", DEVICE.public, WRAPPING.public).write(), 20
        ),
        "invitation": Decoder(sealed_invitation, plain_invitation(), 3),
        "act": Decoder(signed_act, body_of_act(acted), 10),
        "entry of a record": Decoder(sealed_act, plain_of_act(acted), 10),
        "entry as it stands": Decoder(
            lambda one: desk_log.read_entry(one, DESK.id, ORIGIN, LOG),
            desk_log.write_entry(acted, DESK.id, ORIGIN, DEVICE, LOG), 10,
        ),
        "share": Decoder(lambda one: recovery.join_shares([one, shares[1]]), shares[0], 20),
        "head": Decoder(
            lambda one: checkpoint.read(one, line, HEAD.public),
            checkpoint.write(checkpoint.Checkpoint(7, b"r" * 32), line, HEAD), 30,
        ),
        "tile": Decoder(lambda one: read_tile(one, Tile(0, 0, 3)), b"h" * 96, 20),
        "page": Decoder(lambda one: check_entries(0, [one], [leaf_hash(b"e" * 99)], 1), b"e" * 99, 20),
        "piece": Decoder(lambda one: pieces.open(0, one), pieces.seal(0, b"x" * 40), 1),
        "origin": Decoder(lambda one: origin_of(one.decode("utf-8", "surrogateescape")), ORIGIN.encode(), 20),
        "twelve words": Decoder(
            lambda one: from_words(one.decode("utf-8", "surrogateescape"), DESK.id), words.encode(), 1
        ),
    }  # fmt: skip


def plain_of_act(acted: desk_log.Entry) -> bytes:
    sealed = desk_log.write_entry(acted, DESK.id, ORIGIN, DEVICE, LOG)
    return unpad(LOG.open(sealed, context("log", DESK.id, ORIGIN)), "")


def body_of_act(acted: desk_log.Entry) -> bytes:
    body: bytes = desk_log._ENTRY.read(plain_of_act(acted), 1 << 16)["act"]
    return body


DECODERS = decoders()


def feed(read: Read, untrusted: bytes) -> bool:
    """Return whether it was read; what it raises but a refusal goes through."""
    try:
        read(untrusted)
    except HoldfireError:
        return False
    return True


def test_each_decoder_reads_what_is_right() -> None:
    assert [name for name, one in DECODERS.items() if not feed(one.read, one.valid)] == []


def spoil(cases: int, seed_: int) -> int:
    """Feed every decoder with its share of `cases` spoilt copies, and return how many there were."""
    whole, fed = sum(one.share for one in DECODERS.values()), 0
    for name, one in DECODERS.items():
        for untrusted in spoilt(one.valid, 1 + cases * one.share // whole, seed_):
            fed += 1
            try:
                feed(one.read, untrusted)
            except Exception as error:
                error.add_note(f"{name} was given {untrusted[:400].hex()}")
                raise
    return fed


def test_a_hundred_thousand_spoilt_copies_are_read_or_refused() -> None:
    fed: list[int] = []
    if sys.platform == "linux":
        assert peak_while(lambda: fed.append(spoil(100_000, 1))) < MOST_MEMORY
    else:
        fed.append(spoil(100_000, 1))
    assert fed[0] >= 100_000


@given(name=st.sampled_from(sorted(DECODERS)), untrusted=st.binary(max_size=400))
@settings(max_examples=500, deadline=None)
def test_bytes_that_mean_nothing_are_refused(name: str, untrusted: bytes) -> None:
    feed(DECODERS[name].read, untrusted)


@given(data=st.data(), name=st.sampled_from(sorted(DECODERS)))
@settings(max_examples=300, deadline=None)
def test_a_change_of_one_byte_is_read_or_refused(data: st.DataObject, name: str) -> None:
    valid = DECODERS[name].valid
    at, byte = data.draw(st.integers(0, len(valid) - 1)), data.draw(st.integers(0, 255))
    feed(DECODERS[name].read, valid[:at] + bytes([byte]) + valid[at + 1 :])


@pytest.mark.nightly
def test_ten_million_spoilt_copies_are_read_or_refused() -> None:
    fed = 0
    for round_ in count(2):
        fed += spoil(100_000, round_)
        if fed >= 10_000_000:
            break
