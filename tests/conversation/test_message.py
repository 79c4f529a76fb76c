from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.desk_drawn import DAY, TestDesk, TestMember, seed
from holdfire.conversation.attachment import Attachment
from holdfire.conversation.kinds import Kind
from holdfire.conversation.message import (
    MESSAGE_SIZE,
    Message,
    MessageTooLongError,
    OpenedMessage,
    open_message,
    read_message,
    seal_message,
)
from holdfire.sealing.hpke import SecretKey

DESK = TestDesk()
MEMBER = TestMember()
TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=1_400)
KEYS = st.binary(min_size=32, max_size=32)
ATTACHMENTS = st.builds(Attachment, KEYS, st.integers(0, 2 << 30), KEYS)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    return Message(
        draw(KEYS),
        draw(st.integers(1, 1_000)),
        draw(KEYS),
        MEMBER.reply_key.public,
        draw(st.integers(0, 65_535)),
        draw(st.sampled_from(Kind)),
        draw(TEXTS),
        tuple(draw(st.lists(ATTACHMENTS, max_size=1))),
        draw(st.one_of(st.just(b""), KEYS)),
        {},
        draw(st.sampled_from(["", "en", "ar"])),
    )


@given(messages())
@settings(max_examples=60, deadline=None)
def test_any_message_comes_back_and_all_have_one_length(said: Message) -> None:
    sealed = DESK.seal(said.write())
    opened = DESK.open(sealed)
    assert len(sealed) == MESSAGE_SIZE
    assert opened is not None
    assert vars(opened.message) == vars(said)
    assert opened.day == DAY


@given(st.integers(0, MESSAGE_SIZE - 1), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_a_flipped_byte_makes_it_junk(place: int, mask: int) -> None:
    sealed = bytearray(DESK.seal(MEMBER.write(1)))
    sealed[place] ^= mask
    assert DESK.open(bytes(sealed)) is None


def test_a_full_text_and_one_attachment_fit_and_a_byte_more_does_not() -> None:
    whole = Message(
        bytes(32), 1_000, bytes(32), MEMBER.reply_key.public, 65_535, Kind.EVIDENCE, "x" * 5_600,
        (Attachment(bytes(32), 60 << 30, bytes(32)),), bytes(32), {}, "en",
    )  # fmt: skip
    assert DESK.open(DESK.seal(whole.write())) is not None
    with pytest.raises(MessageTooLongError):
        Message(bytes(32), 1, bytes(32), MEMBER.reply_key.public, 0, Kind.QUESTION, "x" * 5_601).write()


def test_it_opens_under_the_second_key_and_never_at_another_desk_relay_or_day() -> None:
    written = MEMBER.write(1)
    sealed = DESK.seal(written)
    fresh = SecretKey(seed("another day"))
    keys = [(DAY, fresh), (DAY, DESK.day_key)]
    assert isinstance(open_message(sealed, DESK.id, DESK.origin, keys), OpenedMessage)
    assert open_message(sealed, seed("another desk"), DESK.origin, keys) is None
    assert open_message(sealed, DESK.id, "https://second.example.org", keys) is None
    assert open_message(sealed, DESK.id, DESK.origin, [(DAY.replace(day=2), DESK.day_key)]) is None
    other = seal_message(written, DESK.id, DESK.origin, DAY, DESK.day_key.public)
    assert other != sealed
    assert read_message(written).text == "a question"
