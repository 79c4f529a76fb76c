"""What is sealed to somebody opens for them, whole and unchanged, at any place, or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import HoldfireError, TamperError, UserError
from holdfire.sealing.age.armour import armour
from holdfire.sealing.age.file import AgeFile, seal, unseal
from holdfire.sealing.age.hybrid import HybridIdentity
from holdfire.sealing.age.payload import CHUNK
from holdfire.sealing.age.refusals import HeaderError, NoKeyError, PayloadError
from holdfire.sealing.age.scrypt import Passphrase
from holdfire.sealing.age.wrapping import Identity, Recipient
from holdfire.sealing.age.x25519 import X25519Identity, X25519Recipient

CLASSIC, QUANTUM = X25519Identity.new(), HybridIdentity.new()
WORD = Passphrase("seven quiet herons", work_factor=2)
KINDS: dict[str, tuple[Recipient, Identity]] = {
    "classic": (CLASSIC.recipient(), CLASSIC),
    "post-quantum": (QUANTUM.recipient(), QUANTUM),
    "passphrase": (WORD, WORD),
}
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]


def content(size: int) -> bytes:
    return bytes(range(251)) * (size // 251) + bytes(range(size % 251))


def in_pieces(text: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    place = number = 0
    while place < len(text):
        size = sizes[number % len(sizes)]
        yield text[place : place + size]
        place, number = place + size, number + 1


def at_any_place(sealed: bytes, *identities: Identity) -> AgeFile:
    return AgeFile(lambda place, size: sealed[place : place + size], len(sealed), identities)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens(kind: str, size: int) -> None:
    recipient, identity = KINDS[kind]
    text = content(size)
    sealed = b"".join(seal([text], [recipient]))
    assert b"".join(unseal([sealed], [identity])) == text
    assert b"".join(unseal(armour([sealed]), [identity])) == text
    assert at_any_place(sealed, identity).size == size


@given(
    st.integers(0, 200_000),
    st.lists(st.integers(1, 150_000), min_size=1),
    st.lists(st.integers(1, 150_000), min_size=1),
)
def test_the_pieces_it_comes_in_do_not_matter(size: int, before: list[int], after: list[int]) -> None:
    text = content(size)
    sealed = b"".join(seal(in_pieces(text, before), [CLASSIC.recipient()]))
    assert b"".join(unseal(in_pieces(sealed, after), [CLASSIC])) == text


def test_a_buffer_that_is_used_again_does_no_harm() -> None:
    text, buffer = content(5 * CHUNK + 3), bytearray(40_000)

    def pieces(text: bytes) -> Iterator[memoryview]:
        source = io.BytesIO(text)
        while size := source.readinto(buffer):
            yield memoryview(buffer)[:size]

    sealed = b"".join(seal(pieces(text), [CLASSIC.recipient()]))
    assert b"".join(unseal(pieces(sealed), [CLASSIC])) == text


@given(st.data())
def test_any_place_reads_as_a_slice(data: st.DataObject) -> None:
    text = content(data.draw(st.sampled_from(SIZES)))
    opened = at_any_place(b"".join(seal([text], [CLASSIC.recipient()])), CLASSIC)
    place, size = data.draw(st.integers(0, len(text) + 5)), data.draw(st.integers(0, len(text) + 5))
    assert opened.read(place, size) == text[place : place + size]


def test_a_place_before_the_beginning_is_refused() -> None:
    opened = at_any_place(b"".join(seal([b"text"], [CLASSIC.recipient()])), CLASSIC)
    for place, size in ((-1, 1), (0, -1)):
        with pytest.raises(ValueError, match="negative"):
            opened.read(place, size)


@pytest.mark.parametrize("make", [X25519Identity.new, HybridIdentity.new])
def test_each_of_several_recipients_opens_it_and_nobody_else(
    make: Callable[[], X25519Identity | HybridIdentity],
) -> None:
    people = [make() for _ in range(20)]
    sealed = b"".join(seal([b"text"], [person.recipient() for person in people]))
    for person in people:
        assert b"".join(unseal([sealed], [make(), person])) == b"text"
        assert at_any_place(sealed, person).read(0, 4) == b"text"
    crowds: list[list[Identity]] = [[], [make()], [WORD], [CLASSIC, QUANTUM]]
    for strangers in crowds:
        with pytest.raises(NoKeyError):
            unseal([sealed], strangers)
        with pytest.raises(NoKeyError):
            at_any_place(sealed, *strangers)


@pytest.mark.parametrize("kind", KINDS)
def test_sealing_twice_has_nothing_in_common(kind: str) -> None:
    recipient, _ = KINDS[kind]
    first, second = (b"".join(seal([bytes(100)], [recipient])) for _ in range(2))
    assert len(first) == len(second)
    start = len("age-encryption.org/v1\n-> mlkem768x25519 ")
    windows = {first[place : place + 8] for place in range(start, len(first) - 7)}
    assert not any(second[place : place + 8] in windows for place in range(start, len(second) - 7))


@given(st.sampled_from(sorted(KINDS)), st.sampled_from([0, 1, 100, CHUNK, CHUNK + 1]), st.data())
def test_any_changed_bit_is_noticed(kind: str, size: int, data: st.DataObject) -> None:
    recipient, identity = KINDS[kind]
    sealed = bytearray(b"".join(seal([content(size)], [recipient])))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(HoldfireError):
        b"".join(unseal([bytes(sealed)], [identity]))


@given(st.sampled_from([0, 1, CHUNK, CHUNK + 1]), st.data())
def test_any_missing_or_added_end_is_noticed(size: int, data: st.DataObject) -> None:
    sealed = b"".join(seal([content(size)], [CLASSIC.recipient()]))
    cut = data.draw(st.integers(0, len(sealed) - 1))
    added = data.draw(st.binary(min_size=1, max_size=70_000))
    for changed in (sealed[:cut], sealed + added):
        with pytest.raises(TamperError):
            b"".join(unseal([changed], [CLASSIC]))
        with pytest.raises(TamperError):
            at_any_place(changed, CLASSIC)


def test_chunks_that_are_swapped_repeated_or_left_out_are_noticed() -> None:
    sealed = b"".join(seal([content(4 * CHUNK)], [CLASSIC.recipient()]))
    step = CHUNK + 16
    start = len(sealed) - 4 * step
    head, (a, b, c, d) = sealed[:start], (sealed[start + n * step :][:step] for n in range(4))
    for chunks, said in (
        ((b, a, c, d), "Part 1"),
        ((a, a, c, d), "Part 2"),
        ((a, c, d), "Part 2"),
        ((a, b, c), "end"),
        ((a, b, c, d, d), "added"),
    ):
        with pytest.raises(PayloadError, match=said):
            b"".join(unseal([head, *chunks], [CLASSIC]))


def test_kinds_are_not_mixed_in_what_is_sealed() -> None:
    classic, quantum, word = (recipient for recipient, _ in KINDS.values())
    for recipients in (
        [],
        [word, word],
        [word, classic],
        [quantum, word],
        [classic, quantum],
        [classic] * 1_025,
    ):
        with pytest.raises(UserError):
            seal([b"text"], recipients)


def test_as_many_recipients_as_are_sealed_to_are_read() -> None:
    sealed = b"".join(seal([b"text"], [QUANTUM.recipient()] * 1_024))
    assert b"".join(unseal([sealed], [QUANTUM])) == b"text"


def test_a_point_of_low_order_is_no_recipient() -> None:
    with pytest.raises(ValueError, match="shared"):
        seal([b"text"], [X25519Recipient(bytes(32))])


def test_both_ways_unicode_writes_a_passphrase_open() -> None:
    composed, apart = "caf\u00e9", "cafe\u0301"
    for written in (composed, apart):
        sealed = b"".join(seal([b"text"], [Passphrase(written, work_factor=2)]))
        for typed in (composed, apart):
            assert b"".join(unseal([sealed], [Passphrase(typed)])) == b"text"


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(UserError, match="empty"):
        Passphrase("")


def test_armour_is_not_read_by_place() -> None:
    with pytest.raises(UserError, match="armoured"):
        at_any_place(b"".join(armour(seal([b"text"], [CLASSIC.recipient()]))), CLASSIC)


@pytest.mark.parametrize(
    "junk", [b"", b"\0", b"PK\3\4", b"a", b"age", b"\n\n\n", b"-----BEGIN PGP MESSAGE-----\n"]
)
def test_something_else_is_refused(junk: bytes) -> None:
    for use in (lambda: unseal([junk], [CLASSIC]), lambda: at_any_place(junk, CLASSIC)):
        with pytest.raises((TamperError, UserError)):
            use()


def test_a_newer_age_is_named() -> None:
    with pytest.raises(HeaderError, match="newer"):
        unseal([b"age-encryption.org/v2\n"], [CLASSIC])


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_no_bytes_give_anything_but_a_refusal(junk: bytes) -> None:
    for start in (
        b"",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v1\n-> X25519 ",
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    ):
        with pytest.raises((TamperError, UserError)):
            b"".join(unseal([start + junk], [CLASSIC, QUANTUM, WORD]))
