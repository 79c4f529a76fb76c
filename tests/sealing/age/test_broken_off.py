from __future__ import annotations

import random
from collections.abc import Iterator

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.sealing.age.broken_off import Sealing
from holdfire.sealing.age.file import unseal
from holdfire.sealing.age.hybrid import HybridIdentity
from holdfire.sealing.age.payload import CHUNK
from holdfire.sealing.age.x25519 import X25519Identity

PERSON = X25519Identity.new()
CONTENT = random.Random(1).randbytes(3 * CHUNK + 1000)
SEALING = Sealing.new([PERSON.recipient()])


def content(start: int) -> Iterator[bytes]:
    for place in range(start, len(CONTENT), 10_000):
        yield CONTENT[place : place + 10_000]


WHOLE = SEALING.beginning + b"".join(SEALING.chunks(content))


def gone_on(part: bytes) -> bytes:
    def read(place: int, size: int) -> bytes:
        return part[place : place + size]

    found = SEALING.whole(read)
    if found < 0:
        return SEALING.beginning + b"".join(SEALING.chunks(content))
    return part[: SEALING.place(found)] + b"".join(SEALING.chunks(content, found))


def test_it_is_an_age_file_of_the_size_that_was_said() -> None:
    assert b"".join(unseal([WHOLE], [PERSON])) == CONTENT
    assert pyrage.decrypt(WHOLE, [pyrage.x25519.Identity.from_str(PERSON.secret_text())]) == CONTENT
    assert SEALING.size(len(CONTENT)) == len(WHOLE)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_sizes_around_a_chunk(size: int) -> None:
    made = SEALING.beginning + b"".join(SEALING.chunks(lambda start: [bytes(size)[start:]]))
    assert len(made) == SEALING.size(size)


@given(st.integers(0, len(WHOLE)))
def test_broken_off_anywhere_it_goes_on_to_the_same_file(end: int) -> None:
    assert gone_on(WHOLE[:end]) == WHOLE


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, len(WHOLE)), st.integers(1, 255))
def test_what_the_disk_lost_or_changed_is_written_again(place: int, end: int, bits: int) -> None:
    part = bytearray(WHOLE)
    part[place] ^= bits
    assert gone_on(bytes(part[:end])) == WHOLE


def test_another_sealing_shares_nothing() -> None:
    other = Sealing.new([PERSON.recipient()])
    assert other.file_key != SEALING.file_key
    assert other.nonce != SEALING.nonce
    assert SEALING.whole(lambda place, size: other.beginning[place : place + size]) == -1


def test_post_quantum_goes_on_too() -> None:
    person = HybridIdentity.new()
    sealing = Sealing.new([person.recipient()])
    made = sealing.beginning + b"".join(sealing.chunks(content))
    assert b"".join(unseal([made], [person])) == CONTENT
