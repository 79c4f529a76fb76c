"""A desk for tests: root, card, publish pair, notices and conversations, all from fixed seeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import shake_256

from holdfire.conversation import bucket, card, notice, reply
from holdfire.conversation.kinds import Kind
from holdfire.conversation.message import Message, OpenedMessage, content_hash, open_message, seal_message
from holdfire.conversation.receipt import Receipt
from holdfire.conversation.steps import step
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.hpke import PublicKey, SecretKey
from holdfire.sealing.noise import random_bytes
from holdfire.sealing.signature import SigningKey
from holdfire.wire.boards import BoardSecrets
from holdfire.wire.sheets import BUCKET_SLOTS

ORIGIN = "https://relay.example.org"
TIME = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)


def seed(label: str, size: int = 32) -> bytes:
    return shake_256(label.encode()).digest(size)


@dataclass(frozen=True)
class TestDesk:
    """A desk by its name."""

    __test__ = False
    name: str = "first"
    origin: str = ORIGIN

    @cached_property
    def root(self) -> DoubleKey:
        return DoubleKey(seed(f"root {self.name}", 64))

    @cached_property
    def publish(self) -> DoubleKey:
        return DoubleKey(seed(f"publish {self.name}", 64))

    @cached_property
    def day_key(self) -> SecretKey:
        return SecretKey(seed(f"day {self.name}"))

    @cached_property
    def card(self) -> card.Card:
        relay = card.DeskRelay(self.origin, seed("sheet"), SigningKey(seed("relay")).public)
        return card.Card(1, self.name, self.root.public, "", (relay,))

    @property
    def id(self) -> bytes:
        return self.card.desk

    def edition(self, number: int = 1, bits: int = 0, previous: bytes = notice.NONE_BEFORE) -> notice.Notice:
        certificate = notice.certify(self.root, self.id, self.publish.public, TIME, TIME + timedelta(days=60))
        return notice.Notice(
            self.id, self.origin, number, previous, TIME, certificate, ((DAY, self.day_key.public),),
            BoardSecrets(seed("inbox")).writer, seed(f"nonce {number}", 16), bits, 0, 1,
        )  # fmt: skip

    def read(self, said: notice.Notice) -> notice.ReadNotice:
        return notice.read_notice(notice.write_notice(said, self.publish)[0], self.card, self.origin)

    def bucket(self, said: notice.Notice, index: int, slots: list[bytes]) -> bytes:
        filled = bucket.dummies(BUCKET_SLOTS - len(slots), self.id, self.origin, said.edition, random_bytes)
        return bucket.write_bucket(said, index, [*slots, *filled], self.publish)

    def open(self, sealed: bytes) -> OpenedMessage | None:
        return open_message(sealed, self.id, self.origin, [(DAY, self.day_key)])

    def seal(self, written: bytes) -> bytes:
        return seal_message(written, self.id, self.origin, DAY, self.day_key.public)


@dataclass
class TestMember:
    """A member in one conversation."""

    __test__ = False
    name: str = "heron"
    contents: dict[int, bytes] = field(default_factory=dict)

    @property
    def conversation(self) -> bytes:
        return seed(f"conversation {self.name}")

    @property
    def reply_key(self) -> SecretKey:
        return SecretKey(seed(f"reply {self.name}"))

    def step(self, number: int) -> bytes:
        return step(seed(f"steps {self.name}"), number)

    def write(self, number: int, text: str = "a question") -> bytes:
        said = Message(
            self.conversation, number, self.step(number), self.reply_key.public, 0, Kind.QUESTION, text,
            before=self.contents.get(number - 1, b""),
        )  # fmt: skip
        written = said.write()
        self.contents[number] = content_hash(written)
        return written

    def slot(self, desk: TestDesk, said: notice.Notice, text: str = "", place: int = 0) -> bytes:
        answer = reply.Reply(place, place + 1, Receipt(1), bytes(16), 1 if text else 0, text)
        tag = reply.slot_tag(self.conversation, desk.id, desk.origin, said.edition, place)
        return reply.seal_slot(
            answer.write(), tag, PublicKey(self.reply_key.public), desk.id, desk.origin, said.edition
        )
