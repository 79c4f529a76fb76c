"""T29: who was answered does not show in what is asked of the relay."""

from __future__ import annotations

from dataclasses import replace

from conversation.desk_drawn import ORIGIN, TIME, TestMember, seed
from drop.exchange_played import PlayedDesk
from holdfire.conversation.faults import RollbackError
from holdfire.conversation.message import content_hash
from holdfire.drop.check_in import Found, Look, check_in
from holdfire.drop.known import SeenThere
from holdfire.sealing.noise import random_bytes
from holdfire.wire.http import Answer, Request


def asked(desk: PlayedDesk, look: Look) -> tuple[list[Request], Found]:
    requests: list[Request] = []

    def ask(request: Request) -> Answer:
        requests.append(request)
        return desk.ask(request)

    return requests, check_in(look, ask, random_bytes)


def shapes(requests: list[Request]) -> list[tuple[object, ...]]:
    return [(one.method, one.path, dict(one.headers), one.body) for one in requests]


def test_requests_are_byte_for_byte_the_same_with_and_without_a_conversation_or_an_answer() -> None:
    desk, member = PlayedDesk(), TestMember()
    nobody = Look(1, desk.card, ORIGIN)
    writer = replace(nobody, conversation=member.conversation, keys=(member.reply_key.seed,))
    before = [asked(desk, one)[0] for one in (nobody, writer)]
    opened = desk.desk.open(desk.desk.seal(member.write(1)))
    assert opened is not None
    assert opened.content == content_hash(member.write(1))
    from holdfire.conversation.receipt import begin  # noqa: PLC0415

    desk.received[member.conversation] = begin(opened)[1]
    desk.keys[member.conversation] = (1, member.reply_key.public)
    desk.answer("an answer")
    desk.publish()
    quiet, _ = asked(desk, nobody)
    answered, found = asked(desk, writer)
    assert found.heard is not None
    assert found.heard.replies[0].text == "an answer"
    assert shapes(before[0]) == shapes(before[1])
    assert shapes(quiet) == shapes(answered)
    assert all(member.conversation.hex() not in one.path for one in answered)


def test_an_old_notice_does_not_find_out_who_saw_a_newer_one() -> None:
    desk = PlayedDesk()
    fresh = Look(1, desk.card, ORIGIN)
    returning = replace(fresh, seen=SeenThere(9, seed("later"), TIME, b""))
    first, _ = asked(desk, fresh)
    second, found = asked(desk, returning)
    assert [type(one) for one in found.faults] == [RollbackError]
    assert shapes(first) == shapes(second)
