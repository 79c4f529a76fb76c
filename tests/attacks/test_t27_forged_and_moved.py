"""T27: who holds bytes, an old key or another desk's inbox tries to forge, move or continue a conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conversation.desk_drawn import DAY, ORIGIN, TIME, TestDesk, TestMember, seed
from holdfire.conversation import card, notice
from holdfire.conversation.bucket import read_bucket
from holdfire.conversation.faults import (
    CrossDeskError,
    CrossRelayError,
    EquivocationError,
    ForgedError,
    ForgedStepError,
    LieError,
    ReplayedError,
    RollbackError,
)
from holdfire.conversation.message import MESSAGE_SIZE, Message, content_hash, open_message, read_message
from holdfire.conversation.receipt import Verdict, begin
from holdfire.conversation.steps import back
from holdfire.sealing.noise import random_bytes
from holdfire.wire.encoding import FormatError
from holdfire.wire.origin import origin_of

DESK, OTHER = TestDesk(), TestDesk("second")
SECOND_ORIGIN = origin_of("https://second.example.org")


def test_a_desk_cannot_hand_a_message_on_to_another_as_if_it_were_for_it() -> None:
    member = TestMember()
    sealed = OTHER.seal(member.write(1))
    opened = OTHER.open(sealed)
    assert opened is not None
    # The other desk knows every byte, and can seal them anew; the first desk sees a step that is another chain's.
    own = begin_at(DESK, TestMember().write(1))
    stolen = Message(
        **{
            **vars(opened.message),
            "conversation": seed("conversation heron"),
            "step": seed("made up"),
            "number": 2,
        }
    )
    moved = DESK.open(DESK.seal(stolen.write()))
    assert moved is not None
    with pytest.raises(ForgedStepError):
        own.judge(moved)
    assert DESK.open(sealed) is None


def begin_at(desk: TestDesk, written: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN201 — what `begin` gives
    opened = desk.open(desk.seal(written))
    assert opened is not None
    return begin(opened)[1]


def test_who_holds_an_old_day_key_and_read_all_cannot_write_the_next_message() -> None:
    member = TestMember()
    here = begin_at(DESK, member.write(1))
    _, here = here.judge(DESK.open(DESK.seal(member.write(2))))
    for guess in (member.step(2), back(member.step(2), 1), random_bytes(32)):
        forged = replace_step(member.write(3, "meet me alone"), guess)
        with pytest.raises(ForgedStepError):
            here.judge(DESK.open(DESK.seal(forged)))
    verdict, _ = here.judge(DESK.open(DESK.seal(member.write(3, "the real one"))))
    assert verdict is Verdict.NEXT


def replace_step(written: bytes, step: bytes) -> bytes:
    said = read_message(written)
    assert content_hash(said.write()) == content_hash(written)
    return Message(**{**vars(said), "step": step}).write()


def test_a_message_for_one_relay_does_not_open_on_another() -> None:
    sealed = DESK.seal(TestMember().write(1))
    assert open_message(sealed, DESK.id, SECOND_ORIGIN, [(DAY, DESK.day_key)]) is None


def test_junk_of_the_right_size_is_junk() -> None:
    assert DESK.open(random_bytes(MESSAGE_SIZE)) is None
    assert DESK.open(bytes(MESSAGE_SIZE)) is None


def test_notices_of_others_old_ones_and_two_of_one_number_are_named() -> None:
    said = DESK.edition(5)
    whole, hashed = notice.write_notice(said, DESK.publish)
    seen = notice.SeenNotice(5, hashed)
    assert notice.read_notice(whole, DESK.card, ORIGIN, seen).notice == said
    with pytest.raises(CrossDeskError):
        notice.read_notice(whole, OTHER.card, ORIGIN)
    with pytest.raises(CrossRelayError):
        notice.read_notice(whole, DESK.card, SECOND_ORIGIN)
    with pytest.raises(RollbackError):
        notice.read_notice(whole, DESK.card, ORIGIN, notice.SeenNotice(6, hashed))
    twin, _ = notice.write_notice(replace(said, price=15), DESK.publish)
    with pytest.raises(EquivocationError):
        notice.read_notice(twin, DESK.card, ORIGIN, seen)
    fork, _ = notice.write_notice(DESK.edition(6, previous=seed("another past")), DESK.publish)
    with pytest.raises(EquivocationError):
        notice.read_notice(fork, DESK.card, ORIGIN, seen)
    stranger, _ = notice.write_notice(said, OTHER.publish)
    with pytest.raises(ForgedError):
        notice.read_notice(stranger, DESK.card, ORIGIN)


def test_a_publish_key_is_good_for_its_days_alone_and_certifies_nobody() -> None:
    late = replace(DESK.edition(), time=TIME + timedelta(days=61))
    with pytest.raises(ForgedError):
        notice.read_notice(notice.write_notice(late, DESK.publish)[0], DESK.card, ORIGIN)
    own = notice.certify(DESK.publish, DESK.id, OTHER.publish.public, TIME, TIME + timedelta(days=1))
    by_itself, _ = notice.write_notice(replace(DESK.edition(), certificate=own), OTHER.publish)
    with pytest.raises(ForgedError):
        notice.read_notice(by_itself, DESK.card, ORIGIN)
    with pytest.raises(ValueError, match="90 days"):
        notice.certify(DESK.root, DESK.id, DESK.publish.public, TIME, TIME + timedelta(days=91))


def test_an_old_notice_seals_nothing() -> None:
    said = DESK.edition()
    said.check_age(TIME + timedelta(hours=48))
    with pytest.raises(notice.OldNoticeError):
        said.check_age(TIME + timedelta(hours=49))
    with pytest.raises(notice.ClockError):
        said.check_age(TIME - timedelta(hours=25))


def test_a_bucket_of_another_edition_place_or_desk_is_named() -> None:
    said = DESK.edition(5, bits=1)
    old = DESK.bucket(replace(said, number=4), 0, [])
    with pytest.raises(RollbackError):
        read_bucket(old, DESK.read(said), 0)
    now = DESK.bucket(said, 0, [])
    with pytest.raises(ReplayedError):
        read_bucket(now, DESK.read(said), 1)
    with pytest.raises(CrossDeskError):
        read_bucket(now, OTHER.read(OTHER.edition(5, bits=1)), 0)


def test_a_card_of_another_root_never_takes_a_desks_place() -> None:
    mine, theirs = DESK.card, replace(OTHER.card, number=9)
    with pytest.raises(CrossDeskError):
        card.succeed(mine, theirs)
    with pytest.raises(CrossDeskError):
        card.read_card(card.write_card(theirs, OTHER.root), mine.desk)
    with pytest.raises(RollbackError):
        card.succeed(replace(mine, number=2), mine)
    with pytest.raises(EquivocationError):
        card.succeed(mine, replace(mine, promises="send us your names"))
    assert not mine.confirmed_by(theirs.words)


def test_no_flipped_byte_of_a_card_or_notice_is_believed() -> None:
    whole = card.write_card(DESK.card, DESK.root)
    published, _ = notice.write_notice(DESK.edition(), DESK.publish)
    for place in range(0, 9_000, 97):
        for untrusted, read in (
            (whole, lambda one: card.read_card(one, DESK.id)),
            (published, lambda one: notice.read_notice(one, DESK.card, ORIGIN)),
        ):
            changed = bytearray(untrusted)
            changed[place] ^= 1
            with pytest.raises((LieError, FormatError)):
                read(bytes(changed))
