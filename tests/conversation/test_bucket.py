from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.desk_drawn import ORIGIN, TestDesk, TestMember, seed
from holdfire.conversation.bucket import TRIES, bucket_of, choose, dummies, read_bucket
from holdfire.conversation.faults import ForgedError, LieError
from holdfire.conversation.receipt import Receipt
from holdfire.conversation.reply import MOST_TEXT, PLAIN_SIZE, Reply, open_slot, slot_tag
from holdfire.sealing.hpke import SealError
from holdfire.sealing.noise import random_bytes
from holdfire.wire.encoding import FormatError
from holdfire.wire.names import number
from holdfire.wire.sheets import BUCKET_SIZE, BUCKET_SLOTS, SLOT_SIZE

DESK = TestDesk()


def test_a_reply_is_found_in_a_whole_bucket_by_who_it_is_for_and_by_nobody_else() -> None:
    member, other, said = TestMember(), TestMember("crane"), DESK.edition()
    whole = DESK.bucket(said, 0, [member.slot(DESK, said, "stay at home at six")])
    assert len(whole) == BUCKET_SIZE
    found = read_bucket(whole, DESK.read(said), 0)
    slot = found.slot(slot_tag(member.conversation, DESK.id, ORIGIN, said.edition, 0))
    assert slot is not None
    opened, _ = open_slot(slot, [other.reply_key, member.reply_key], DESK.id, ORIGIN, said.edition)
    assert opened.text == "stay at home at six"
    with pytest.raises(SealError):
        open_slot(slot, [other.reply_key], DESK.id, ORIGIN, said.edition)
    assert found.slot(slot_tag(other.conversation, DESK.id, ORIGIN, said.edition, 0)) is None


def test_any_flipped_byte_of_a_bucket_is_refused() -> None:
    said = DESK.edition()
    whole, read = DESK.bucket(said, 0, []), DESK.read(said)
    for place in (*range(0, BUCKET_SIZE, 65_537), BUCKET_SIZE - 1):
        changed = bytearray(whole)
        changed[place] ^= 1
        with pytest.raises((LieError, FormatError)):
            read_bucket(bytes(changed), read, 0)


def test_a_dummy_in_the_place_of_a_reply_is_refused() -> None:
    said, member = DESK.edition(), TestMember()
    slot = member.slot(DESK, said, "come on Friday")
    whole = DESK.bucket(said, 0, [slot])
    thinned = whole.replace(slot, slot[:16] + dummies(1, DESK.id, ORIGIN, said.edition, random_bytes)[0][16:])
    with pytest.raises(ForgedError):
        read_bucket(thinned, DESK.read(said), 0)


@given(st.integers(0, 700), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_the_fewest_buckets_are_chosen_for_which_all_fit(conversations: int, least: int) -> None:
    needs = [(seed(f"{conversations} {place}"), 1 + place % 4) for place in range(conversations)]
    counter = itertools.count()
    nonce, bits = choose(needs, DESK.id, ORIGIN, 5, lambda size: seed(f"draw {next(counter)}", size), least)
    loads: Counter[int] = Counter()
    for conversation, count in needs:
        loads[bucket_of(conversation, DESK.id, ORIGIN, number(5) + nonce, bits)] += count
    assert max(loads.values(), default=0) <= BUCKET_SLOTS
    assert bits >= least
    total = sum(count for _, count in needs)
    assert bits == least or total > BUCKET_SLOTS << (bits - 1) or next(counter) > TRIES


def test_a_nonce_that_overflows_is_drawn_anew() -> None:
    needs = [(seed(f"many {place}"), 4) for place in range(120)]
    draws: list[bytes] = []

    def draw(size: int) -> bytes:
        draws.append(seed(f"try {len(draws)}", size))
        return draws[-1]

    nonce, bits = choose(needs, DESK.id, ORIGIN, 1, draw)
    assert nonce == draws[-1]
    assert len(draws) > 1
    assert bits in {1, 2}


def test_a_full_reply_fits_into_its_slot() -> None:
    receipt = Receipt(1_000, tuple(range(900, 908)), tuple(range(996, 1_000)))
    full = Reply(3, 4, receipt, bytes(16), 65_535, "x" * MOST_TEXT, ended=True).write()
    assert len(full) < PLAIN_SIZE
    with pytest.raises(FormatError):
        Reply(3, 4, receipt, bytes(16), 65_535, "x" * (MOST_TEXT + 1)).write()


def told_apart(trials: int) -> float:
    """Return how often a simple distinguisher, trained on half, tells a reply from a dummy in the other half: 0.5 is chance."""
    member, said = TestMember(), DESK.edition()
    real = [member.slot(DESK, said, "x" * (place % 2_800 + 1)) for place in range(trials // 2)]
    none = dummies(trials // 2, DESK.id, ORIGIN, said.edition, random_bytes)
    assert {len(one) for one in (*real, *none)} == {SLOT_SIZE}
    half = trials // 4

    def means(slots: list[bytes]) -> list[float]:
        return [sum(column) / len(slots) for column in zip(*(one[16:] for one in slots), strict=True)]

    first, second = means(real[:half]), means(none[:half])
    weights = [one - other for one, other in zip(first, second, strict=True)]
    middle = sum(w * (a + b) / 2 for w, a, b in zip(weights, first, second, strict=True))

    def guess(slot: bytes) -> bool:
        return sum(map(float.__mul__, weights, map(float, slot[16:]))) > middle

    right = sum(map(guess, real[half:])) + sum(not guess(one) for one in none[half:])
    return right / (2 * (trials // 2 - half))


def test_replies_and_dummies_are_told_apart_no_better_than_by_chance() -> None:
    assert abs(told_apart(1_000) - 0.5) < 0.1  # 4.5 standard deviations over 500


@pytest.mark.nightly
def test_replies_and_dummies_are_told_apart_no_better_than_by_chance_in_ten_thousand() -> None:
    assert abs(told_apart(10_000) - 0.5) < 0.033  # 4.7 standard deviations over 5,000
