"""A member and a desk speak through a relay: nothing is lost, each lie is named, and the relay sees the same from all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest

from conversation.desk_drawn import ORIGIN, TIME, TestDesk
from drop.exchange_played import INBOX, PlayedDesk
from holdfire.conversation.attachment import Pieces
from holdfire.conversation.card import write_card
from holdfire.conversation.faults import (
    CrossDeskError,
    CrossRelayError,
    EquivocationError,
    ForgedError,
    ReplayedError,
    RollbackError,
    TruncatedError,
    WithheldError,
)
from holdfire.conversation.kinds import Kind
from holdfire.conversation.notice import ClockError, OldNoticeError, write_notice
from holdfire.conversation.turns import Stage
from holdfire.drop.known import Ban, NotConfirmedError
from holdfire.drop.parcel import deliver
from holdfire.errors import NetworkError, UserError
from holdfire.journeys import exchange, keep_desk, write_message
from holdfire.journeys.exchange import News
from holdfire.journeys.keep_evidence import add_evidence, custody_log
from holdfire.journeys.kept_log import told
from holdfire.journeys.kept_talk import END, MESSAGE, every
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.http import Answer, Request
from holdfire.wire.sheets import NOTICE, SheetName


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as made:
        yield made


@pytest.fixture
def desk() -> PlayedDesk:
    return PlayedDesk()


@pytest.fixture
def known(vault: Vault, desk: PlayedDesk) -> Vault:
    keep_desk.add_desk(vault, desk.document, TIME)
    keep_desk.confirm_desk(vault, 1, desk.card.words, TIME)
    return vault


def check(vault: Vault, desk: PlayedDesk) -> News:
    found = exchange.look(exchange.errand(vault, 1, ORIGIN), desk.ask)
    return exchange.take_in(vault, found, desk.time)


def send(vault: Vault, desk: PlayedDesk, *, again: bool = False, insist: bool = False) -> int:
    found = exchange.look(exchange.errand(vault, 1, ORIGIN), desk.ask)
    exchange.take_in(vault, found, desk.time)
    return exchange.send(vault, found, desk.ask, lambda: desk.time, again=again, insist=insist)


def ask_something(vault: Vault, text: str = "a question") -> None:
    write_message.write(vault, 1, Kind.QUESTION, text, {}, TIME)


def test_a_message_waits_until_its_receipt_and_an_answer_is_read(known: Vault, desk: PlayedDesk) -> None:
    ask_something(known)
    assert [one.state for one in write_message.outbox(known)] == [write_message.WRITTEN]
    assert send(known, desk) == 1
    assert [one.state for one in write_message.outbox(known)] == [write_message.SENT]
    assert check(known, desk).stage is Stage.WAITING
    desk.pull()
    desk.answer("Come on Monday.", "Bring nothing.")
    desk.publish()
    news = check(known, desk)
    assert [line.text for line in news.replies] == ["Come on Monday.", "Bring nothing."]
    assert news.stage is Stage.ANSWERED
    assert write_message.outbox(known) == ()
    assert [line.text for line in write_message.talk(known, 1).lines][1:] == [
        line.text for line in news.replies
    ]
    assert check(known, desk).replies == ()
    ask_something(known, "thanks")
    send(known, desk)
    desk.pull()
    assert desk.opened[-1].message.seen == 2
    assert desk.opened[-1].message.before == desk.opened[0].content


def test_old_keys_go_when_an_answer_opens_under_a_newer_one(known: Vault, desk: PlayedDesk) -> None:
    for text in ("one", "two", "three"):
        ask_something(known, text)
    assert len(next(every(known, END)).value.end.keys) == 3
    send(known, desk)
    desk.pull()
    desk.publish()
    check(known, desk)
    assert [number for number, _ in next(every(known, END)).value.end.keys] == [3]
    assert len(known.records.versions(END, next(every(known, END)).id)) == 1


def test_requests_are_the_same_with_and_without_a_conversation(known: Vault, desk: PlayedDesk) -> None:
    traces = []

    def trace() -> None:
        desk.asked.clear()
        check(known, desk)
        traces.append(list(desk.asked))

    trace()
    ask_something(known)
    trace()
    send(known, desk)
    desk.pull()
    desk.answer("yes")
    desk.publish()
    trace()
    trace()
    assert traces == [["GET read sheet", "GET read bucket"]] * 4


def lied(desk: PlayedDesk, name: str, body: bytes, status: int = 200) -> None:
    def lie(request: Request, answer: Answer) -> Answer:
        found = http.route(request.method, request.path)
        wanted = found is not None and found.file is not None and found.file.kind == name
        return Answer(status, {}, body) if wanted else answer

    desk.lie = lie


def body_of(desk: PlayedDesk, request: Request) -> bytes:
    return desk.do(request).body


def notice_now(desk: PlayedDesk) -> bytes:
    return body_of(desk, http.read_sheet(desk.card.relays[0].sheet, NOTICE))


def bucket_now(desk: PlayedDesk) -> bytes:
    name = SheetName("bucket", desk.number, 0)
    return body_of(desk, http.read_sheet(desk.card.relays[0].sheet, name))


def test_an_older_notice_is_named_and_the_requests_stay_the_same(known: Vault, desk: PlayedDesk) -> None:
    ask_something(known)
    old = notice_now(desk)
    desk.publish()
    check(known, desk)
    lied(desk, "notice", old)
    desk.asked.clear()
    news = check(known, desk)
    assert [type(one) for one in news.faults] == [RollbackError]
    assert desk.asked == ["GET read sheet", "GET read bucket"]
    assert len(write_message.outbox(known)) == 1


def test_two_notices_of_one_number_stop_all_and_both_are_kept(known: Vault, desk: PlayedDesk) -> None:
    ask_something(known)
    check(known, desk)
    first = notice_now(desk)
    other = replace(desk.desk.edition(1), time=desk.time + timedelta(seconds=1))
    second = write_notice(other, desk.desk.publish)[0]
    lied(desk, "notice", second)
    assert [type(one) for one in check(known, desk).faults] == [EquivocationError]
    clash = keep_desk.find_desk(known, 1).value.clashes[0]
    assert (clash.first.ljust(len(first), b"\0"), clash.second.ljust(len(first), b"\0")) == (first, second)
    with pytest.raises(EquivocationError):
        check(known, desk)
    with pytest.raises(EquivocationError):
        ask_something(known, "more")
    desk.lie = None
    keep_desk.confirm_desk(known, 1, desk.card.words, TIME)
    assert check(known, desk).faults == ()
    assert len(write_message.outbox(known)) == 1


def test_lies_about_the_bucket_are_named_and_nothing_is_lost(known: Vault, desk: PlayedDesk) -> None:
    ask_something(known)
    send(known, desk)
    desk.pull()
    desk.answer("yes")
    old = bucket_now(desk)
    desk.publish()
    whole = bucket_now(desk)
    other = PlayedDesk(TestDesk("other"))
    moved = PlayedDesk(TestDesk(origin="https://second.example.org"))
    for played in (other, moved):
        played.publish()
    lies = [
        (b"", 404, WithheldError),
        (old, 200, RollbackError),
        (whole[:-1], 200, TruncatedError),
        (bucket_now(other), 200, CrossDeskError),
        (bucket_now(moved), 200, CrossRelayError),
        (bytes([whole[0] ^ 1]) + whole[1:], 200, ForgedError),
    ]
    for body, status, lie in lies:
        lied(desk, "bucket", body, status)
        news = check(known, desk)
        assert [type(one) for one in news.faults] == [lie]
        assert (news.replies, len(write_message.outbox(known))) == ((), 1)
    desk.publish()
    later = bucket_now(desk)
    desk.lie = None
    assert [line.text for line in check(known, desk).replies] == ["yes"]
    lied(desk, "bucket", later.replace(desk.desk.edition(desk.number).nonce, bytes(16)))
    assert [type(one) for one in check(known, desk).faults] == [ReplayedError]


def test_a_notice_of_another_desk_or_relay_or_cut_short_is_named(known: Vault, desk: PlayedDesk) -> None:
    lies = [
        (notice_now(PlayedDesk(TestDesk("other"))), CrossDeskError),
        (notice_now(PlayedDesk(TestDesk(origin="https://second.example.org"))), CrossRelayError),
        (notice_now(desk)[:-9], TruncatedError),
    ]
    for body, lie in lies:
        lied(desk, "notice", body)
        with pytest.raises(lie):
            check(known, desk)


@pytest.mark.parametrize(("off", "fault"), [({"days": 3}, OldNoticeError), ({"hours": -25}, ClockError)])
def test_a_clock_or_notice_days_off_seals_nothing_unless_insisted(
    known: Vault, desk: PlayedDesk, off: dict[str, int], fault: type[UserError]
) -> None:
    ask_something(known)
    desk.later(**off)
    with pytest.raises(fault):
        send(known, desk)
    assert [one.state for one in write_message.outbox(known)] == [write_message.WRITTEN]
    assert send(known, desk, insist=True) == 1


def test_a_day_off_is_no_hindrance(known: Vault, desk: PlayedDesk) -> None:
    for hours in (-23, 46):
        ask_something(known)
        desk.later(hours=hours)
        assert send(known, desk) == 1


def test_a_crash_between_posting_and_recording_sends_again_and_the_receipt_clears(
    known: Vault, desk: PlayedDesk
) -> None:
    ask_something(known)
    found = exchange.look(exchange.errand(known, 1, ORIGIN), desk.ask)
    exchange.take_in(known, found, desk.time)
    task = exchange.next_task(known, found, desk.time)
    assert task is not None
    deliver(task.parcel, desk.ask)
    desk.pull()
    desk.publish()
    assert send(known, desk) == 1
    desk.pull()
    assert [one.content for one in desk.opened] == [desk.opened[0].content] * 2
    check(known, desk)
    assert write_message.outbox(known) == ()


def test_files_go_before_their_message_and_go_on_where_they_stopped(known: Vault, desk: PlayedDesk) -> None:
    content = bytes(range(256)) * 9_000
    add_evidence(known, [content], TIME, title="a film")
    write_message.write(
        known, 1, Kind.EVIDENCE, "", {"shows": "a street"}, TIME, attachments=[1]
    )  # fmt: skip
    count = 0

    def breaks(request: Request) -> Answer:
        nonlocal count
        count += request.method == "PUT"
        if count == 2:
            raise NetworkError("gone")
        return desk.ask(request)

    found = exchange.look(exchange.errand(known, 1, ORIGIN), desk.ask)
    with pytest.raises(NetworkError):
        exchange.send(known, found, breaks, lambda: desk.time)
    desk.asked.clear()
    assert send(known, desk) == 1
    assert desk.asked.count("PUT write piece") == 2
    assert [one.event.action for one in told(custody_log(known, 1))] == ["receive", "transfer"]
    found = exchange.look(exchange.errand(known, 1, ORIGIN), desk.ask)
    assert exchange.send(known, found, desk.ask, lambda: desk.time, again=True) == 1
    # Sending again hands nothing over again.
    assert [one.event.action for one in told(custody_log(known, 1))] == ["receive", "transfer"]
    desk.pull()
    said = desk.opened[0].message.attachments[0]
    pieces = Pieces(said, desk.desk.id, ORIGIN)
    got = b"".join(
        pieces.open(place, body_of(desk, http.read_piece(INBOX.writer, pieces.name(place), INBOX.reader)))
        for place in range(said.count)
    )
    assert (got, sha256(got).digest()) == (content, said.hash)


def test_when_the_desk_ends_it_every_secret_goes_and_the_text_stays(known: Vault, desk: PlayedDesk) -> None:
    ask_something(known)
    send(known, desk)
    desk.pull()
    desk.answer("goodbye")
    desk.ended = True
    desk.publish()
    news = check(known, desk)
    assert (news.stage, news.replies[0].text) == (Stage.ENDED, "goodbye")
    end = next(every(known, END)).value.end
    assert (end.conversation, end.last_step, end.keys, end.tickets) == (b"", b"", (), {})
    assert all(not one.value.one.written for one in every(known, MESSAGE))
    ask_something(known, "another")
    assert write_message.outbox(known)[0].number == 1
    assert [line.text for line in write_message.talk(known, 1).lines] == ["a question", "goodbye", "another"]
    write_message.end_talk(known, 1)
    assert not list(every(known, END))
    assert not list(every(known, MESSAGE))


def test_an_unconfirmed_card_is_used_only_when_the_person_says_so(vault: Vault, desk: PlayedDesk) -> None:
    keep_desk.add_desk(vault, desk.document, TIME)
    with pytest.raises(NotConfirmedError):
        ask_something(vault)
    with pytest.raises(NotConfirmedError):
        exchange.errand(vault, 1, ORIGIN)
    made = write_message.write(vault, 1, Kind.QUESTION, "x", {}, TIME, unconfirmed=True)
    assert "have not noted" in str(made.said[0])
    with pytest.raises(keep_desk.OtherWordsError):
        keep_desk.confirm_desk(vault, 1, TestDesk("other").card.words, TIME)


def test_what_was_noted_on_a_ban_stands_before_the_first_message(known: Vault) -> None:
    keep_desk.said_of_ban(known, 1, Ban.BANNED, date(2026, 2, 1), "the gazette", TIME)
    first = write_message.write(known, 1, Kind.QUESTION, "x", {}, TIME)
    assert "is forbidden (the gazette)" in str(first.said[0])
    assert write_message.write(known, 1, Kind.QUESTION, "y", {}, TIME).said == ()


def test_a_newer_card_is_fetched_when_the_notice_names_it(known: Vault, desk: PlayedDesk) -> None:
    newer = replace(desk.card, number=2, promises="more")
    lied(desk, "card", write_card(newer, desk.desk.root))
    said = replace(desk.edition(), card=2)
    lie = desk.lie
    document = write_notice(said, desk.desk.publish)[0]
    desk.publish()

    def both(request: Request, answer: Answer) -> Answer:
        found = http.route(request.method, request.path)
        if found is not None and found.file is not None and found.file.kind == "notice":
            return Answer(200, {}, document)
        assert lie is not None
        return lie(request, answer)

    desk.lie = both
    check(known, desk)
    assert keep_desk.find_desk(known, 1).value.card == newer


def test_a_message_never_sent_can_be_taken_back(known: Vault, desk: PlayedDesk) -> None:
    ask_something(known)
    write_message.discard(known, 1, 1)
    assert write_message.talk(known, 1).lines == ()
    ask_something(known)
    send(known, desk)
    with pytest.raises(UserError):
        write_message.discard(known, 1, 1)


def test_forgetting_a_desk_leaves_nothing(known: Vault) -> None:
    ask_something(known)
    keep_desk.forget_desk(known, 1)
    assert not keep_desk.all_desks(known)
    assert not list(every(known, MESSAGE))
    assert not list(every(known, END))
