"""A member's vault, a relay in this process and a desk that answers: one whole exchange without a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from conversation.desk_drawn import TIME, TestDesk, seed
from holdfire.conversation import reply
from holdfire.conversation.card import write_card
from holdfire.conversation.message import OpenedMessage, open_message
from holdfire.conversation.notice import NONE_BEFORE, Notice, certify, write_notice
from holdfire.conversation.receipt import Received, begin
from holdfire.relay.answer import Relay
from holdfire.relay.sqlite import SqliteStore
from holdfire.sealing.hpke import PublicKey
from holdfire.sealing.signature import SigningKey
from holdfire.wire import http
from holdfire.wire.boards import BoardSecrets
from holdfire.wire.http import Answer, Ask, Request
from holdfire.wire.sheets import NOTICE, SheetName, sheet_of
from holdfire.wire.tickets import ticket_hash

SECRET = seed("sheet secret")
INBOX = BoardSecrets(seed("inbox"))


@dataclass
class PlayedDesk:
    """A desk on one relay, which publishes, pulls and answers."""

    desk: TestDesk = field(default_factory=TestDesk)
    time: datetime = TIME
    number: int = 0
    previous: bytes = NONE_BEFORE
    asked: list[str] = field(default_factory=list)
    received: dict[bytes, Received] = field(default_factory=dict)
    keys: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)
    opened: list[OpenedMessage] = field(default_factory=list)
    texts: dict[bytes, list[str]] = field(default_factory=dict)
    ended: bool = False
    pulled: int = 0
    lie: Callable[[Request, Answer], Answer] | None = None
    real: Ask | None = None
    grant: bytes = b"g" * 32

    def __post_init__(self) -> None:
        store = SqliteStore(None)
        store.add_grant(ticket_hash(b"g" * 32), 2)
        self.relay = Relay(store, self.desk.origin, SigningKey(seed("relay")), 0)
        self.do(http.make_board(self.grant, INBOX.writer, 8_192))
        self.do(http.make_sheet(self.grant, sheet_of(SECRET)))
        card = self.desk.card
        self.card = replace(card, relays=(replace(card.relays[0], sheet=sheet_of(SECRET)),))
        self.document = write_card(self.card, self.desk.root)
        self.publish()

    def do(self, request: Request) -> Answer:
        answer = self.real(request) if self.real else self.relay.answer(request, int(self.time.timestamp()))
        assert answer.status < 300, answer.status
        return answer

    def ask(self, request: Request) -> Answer:
        found = http.route(request.method, request.path)
        self.asked.append(f"{request.method} {found.name if found else '?'}")
        answer = self.relay.answer(request, int(self.time.timestamp()))
        return self.lie(request, answer) if self.lie else answer

    def edition(self) -> Notice:
        made = self.desk.edition(self.number + 1, previous=self.previous)
        days = ((self.time.date(), self.desk.day_key.public),)
        begins, ends = self.time - timedelta(days=1), self.time + timedelta(days=30)
        certificate = certify(self.desk.root, self.desk.id, self.desk.publish.public, begins, ends)
        return replace(made, time=self.time, day_keys=days, certificate=certificate)

    def publish(self) -> None:
        said = self.edition()
        document, self.previous = write_notice(said, self.desk.publish)
        slots = [slot for conversation in self.received for slot in self.slots(conversation, said)]
        bucket = self.desk.bucket(said, 0, slots)
        name = SheetName("bucket", said.number, 0)
        self.do(http.write_sheet(sheet_of(SECRET), name, SECRET, 0, bucket))
        self.do(http.write_sheet(sheet_of(SECRET), NOTICE, SECRET, self.number, document))
        self.number += 1

    def slots(self, conversation: bytes, said: Notice) -> list[bytes]:
        texts = self.texts.get(conversation, [])[:4]
        count = max(1, len(texts))
        made = []
        for place in range(count):
            text = texts[place] if texts else ""
            answer = reply.Reply(
                place, count, self.received[conversation].receipt(), seed("tickets", 16),
                place + 1 if text else 0, text, self.ended,
            )  # fmt: skip
            tag = reply.slot_tag(conversation, self.desk.id, self.desk.origin, said.edition, place)
            key = PublicKey(self.keys[conversation][1])
            made.append(
                reply.seal_slot(answer.write(), tag, key, self.desk.id, self.desk.origin, said.edition)
            )
        return made

    def pull(self) -> None:
        page = self.do(http.get_page(INBOX.writer, INBOX.reader, 0))
        entries = [page.body[at : at + 8_192] for at in range(0, len(page.body), 8_192)]
        for entry in entries[self.pulled :]:
            days = [self.time.date() - timedelta(days=ago) for ago in range(-1, 4)]
            keys = [(day, self.desk.day_key) for day in days]
            found = open_message(entry, self.desk.id, self.desk.origin, keys)
            if found is None:
                continue
            said = found.message
            self.opened.append(found)
            kept = self.received.get(said.conversation)
            _, self.received[said.conversation] = kept.judge(found) if kept else begin(found)
            if said.number > self.keys.get(said.conversation, (0, b""))[0]:
                self.keys[said.conversation] = said.number, said.reply_key
        self.pulled = len(entries)

    def answer(self, *texts: str) -> None:
        for conversation in self.received:
            self.texts.setdefault(conversation, []).extend(texts)

    def later(self, **times: int) -> None:
        self.time += timedelta(**times)
