from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.desk_drawn import DAY, TestMember, seed
from holdfire.conversation.faults import ForgedStepError
from holdfire.conversation.message import OpenedMessage, content_hash, read_message
from holdfire.conversation.receipt import Received, Verdict, begin
from holdfire.conversation.steps import back, check_step, step


def opened(written: bytes) -> OpenedMessage:
    return OpenedMessage(read_message(written), content_hash(written), DAY)


def taken(writings: list[bytes]) -> tuple[list[Verdict], Received]:
    verdict, here = begin(opened(writings[0]))
    verdicts = [verdict]
    for one in writings[1:]:
        verdict, here = here.judge(opened(one))
        verdicts.append(verdict)
    return verdicts, here


@given(st.integers(1, 1_000), st.integers(1, 1_000))
def test_any_two_steps_of_a_chain_stand_on_it(first: int, second: int) -> None:
    last = seed("chain")
    check_step(step(last, first), first, step(last, second), second)
    with pytest.raises(ForgedStepError):
        check_step(step(last, first), first, step(seed("another"), second), second)


def test_a_later_step_does_not_follow_from_an_earlier_one() -> None:
    last = seed("chain")
    assert back(step(last, 3), 1) == step(last, 2)
    with pytest.raises(ForgedStepError):
        check_step(step(last, 2), 2, step(last, 2), 3)


@given(st.permutations(range(1, 7)))
def test_in_whatever_order_they_come_all_are_taken_and_the_receipt_says_so(order: list[int]) -> None:
    member = TestMember()
    writings = {number: member.write(number) for number in range(1, 7)}
    verdicts, here = taken([writings[number] for number in order])
    assert set(verdicts) <= {Verdict.FIRST, Verdict.NEXT, Verdict.LATE}
    assert here.receipt().top == 6
    assert all(here.receipt().covers(number) for number in range(1, 7))
    assert not here.receipt().covers(7)


def test_resending_changes_nothing() -> None:
    one = TestMember().write(1)
    verdicts, here = taken([one, one])
    assert verdicts == [Verdict.FIRST, Verdict.AGAIN]
    assert here.receipt().clashes == ()


def test_other_content_under_one_number_is_kept_apart_and_told() -> None:
    verdicts, here = taken([TestMember().write(1), TestMember().write(1, "something else")])
    assert verdicts[-1] is Verdict.CLASH
    assert here.receipt().clashes == (1,)
    assert here.contents[1] == content_hash(TestMember().write(1))


def test_who_read_a_later_message_cannot_fill_a_gap_that_its_writer_has_named() -> None:
    member = TestMember()
    first, second, third = member.write(1), member.write(2), member.write(3)
    forged = TestMember()
    forged.contents[1] = member.contents[1]
    fake = forged.write(2, "what a removed member would have liked")
    verdicts, here = taken([first, third, fake, second])
    assert verdicts == [Verdict.FIRST, Verdict.NEXT, Verdict.CLASH, Verdict.LATE]
    assert here.contents[2] == content_hash(second)


def test_gaps_are_named_as_far_as_eight_say_it() -> None:
    member = TestMember()
    _, here = taken([member.write(number) for number in (1, 3, 5, 20)])
    receipt = here.receipt()
    assert receipt.gaps == (2, 4)
    assert receipt.top == 5
    assert not receipt.covers(20)
