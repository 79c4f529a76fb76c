"""The outbox never loses a message: whatever crashes, is dropped or comes late, it waits until the desk has that very message."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from conversation.desk_drawn import DAY, TIME, seed
from holdfire.conversation.attachment import Attachment
from holdfire.conversation.kinds import Kind
from holdfire.conversation.message import OpenedMessage, content_hash, read_message
from holdfire.conversation.receipt import Received
from holdfire.conversation.receipt import begin as received_first
from holdfire.drop.end import begin
from holdfire.drop.outbox import Outgoing, Part, Words, compose, due, posted, settle
from holdfire.errors import UserError
from holdfire.sealing.noise import random_bytes

RELAYS = ("https://a.example", "https://b.example", "https://c.example")


class Exchange(RuleBasedStateMachine):
    """A member, relays that keep or drop, a desk that pulls when it likes, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.end, self.now = begin(random_bytes, TIME), TIME
        self.outbox: dict[int, Outgoing] = {}
        self.written: dict[int, bytes] = {}
        self.relays: list[bytes] = []
        self.desk: Received | None = None

    @precondition(lambda self: len(self.outbox) < 6)
    @rule()
    def write(self) -> None:
        self.end, one = compose(self.end, Words(Kind.QUESTION, "x"), (), random_bytes, self.now)
        self.outbox[one.number], self.written[one.number] = one, one.written

    @rule(again=st.booleans(), dropped=st.booleans(), crashed=st.booleans())
    def send(self, again: bool, dropped: bool, crashed: bool) -> None:  # noqa: FBT001 - hypothesis draws them
        for one in list(self.outbox.values()):
            for origin in due(one, RELAYS, self.now, again=again):
                if not dropped:
                    self.relays.append(one.written)
                if not crashed:
                    self.outbox[one.number] = posted(one, origin, self.now)

    @precondition(lambda self: self.relays)
    @rule(data=st.data())
    def pull(self, data: st.DataObject) -> None:
        self.arrives(data.draw(st.sampled_from(self.relays)))

    @precondition(lambda self: self.desk)
    @rule()
    def receipt(self) -> None:
        assert self.desk
        said = self.desk.receipt()
        self.outbox = {number: settle(one, said, DAY) for number, one in self.outbox.items()}

    @rule(hours=st.integers(-72, 72))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def waits_until_the_desk_has_it(self) -> None:
        for number, one in self.outbox.items():
            has = self.desk is not None and self.desk.contents.get(number) == one.content
            assert one.waits or has
            assert not one.waits or one.written == self.written[number]

    def teardown(self) -> None:
        """Whatever happened, sending everything once more brings everything over, and clears it."""
        for entry in self.written.values():
            self.arrives(entry)
        for one in self.outbox.values():
            assert self.desk
            assert not settle(posted(one, RELAYS[0], self.now), self.desk.receipt(), DAY).waits
            assert not self.desk.clashes

    def arrives(self, entry: bytes) -> None:
        opened = OpenedMessage(read_message(entry), content_hash(entry), DAY)
        self.desk = self.desk.judge(opened)[1] if self.desk else received_first(opened)[1]


TestExchange = Exchange.TestCase
TestExchange.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def outgoing(kind: Kind = Kind.QUESTION, **form: str) -> Outgoing:
    return compose(begin(random_bytes, TIME), Words(kind, "x", form), (), random_bytes, TIME)[1]


WARNING = {"place": "square", "time": "noon", "means": "water", "known": "read it", "sure": "likely"}


def test_one_relay_is_tried_and_the_next_after_48_hours() -> None:
    one = outgoing()
    (first,) = due(one, RELAYS, TIME)
    one = posted(one, first, TIME)
    assert due(one, RELAYS, TIME + timedelta(hours=47)) == ()
    (second,) = due(one, RELAYS, TIME + timedelta(hours=48))
    assert RELAYS.index(second) == (RELAYS.index(first) + 1) % 3
    assert due(one, RELAYS, TIME - timedelta(hours=48)) == (second,)
    assert due(one, (first,), TIME + timedelta(hours=48)) == (first,)


def test_warnings_and_check_ins_go_through_all_relays() -> None:
    for one in (outgoing(Kind.FORCE, **WARNING), outgoing(Kind.CHECK_IN)):
        assert set(due(one, RELAYS, TIME)) == set(RELAYS)
        assert set(due(posted(one, RELAYS[0], TIME), RELAYS, TIME)) == set(RELAYS[1:])


def test_where_a_message_begins_is_drawn() -> None:
    assert {due(outgoing(), RELAYS, TIME) for _ in range(100)} == {(one,) for one in RELAYS}


def test_a_receipt_that_an_older_copy_of_the_vault_earned_clears_nothing() -> None:
    one = outgoing()
    opened = OpenedMessage(read_message(one.written), seed("other"), DAY)
    assert settle(one, received_first(opened)[1].receipt(), DAY).waits


def test_an_empty_message_is_refused() -> None:
    with pytest.raises(UserError, match="nothing in this message"):
        compose(begin(random_bytes, TIME), Words(Kind.QUESTION, " "), (), random_bytes, TIME)


@pytest.mark.parametrize(("gibibytes", "count"), [(2, 1), (1, 3), (5, 1), (3, 2)])
def test_files_that_no_relay_has_room_for_are_refused_before_anything_is_sent(
    gibibytes: int, count: int
) -> None:
    attachment = Attachment(seed("file"), gibibytes << 30, seed("whole"))
    parts = [Part(attachment, f"{place}", place, "a film") for place in range(count)]
    words = Words(Kind.EVIDENCE, "", {"shows": "a street"})
    if gibibytes * count < 4:
        assert len(compose(begin(random_bytes, TIME), words, parts, random_bytes, TIME)[1].parts) == count
        return
    with pytest.raises(UserError, match="4 GiB is all"):
        compose(begin(random_bytes, TIME), words, parts, random_bytes, TIME)
