"""Keys are read as people pass them on, whole and unmistyped, and a secret is never repeated in an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.sealing.age import bech32
from holdfire.sealing.age.hybrid import HybridIdentity, HybridRecipient
from holdfire.sealing.age.keys import identities, identity, recipient
from holdfire.sealing.age.x25519 import X25519Identity, X25519Recipient

#: The specification's own example.
SECRET = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
PUBLIC = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
TYPAGE = Path(__file__).parents[2] / "vectors" / "age-typage"


def test_the_example_of_the_specification() -> None:
    made = identity(SECRET)
    assert isinstance(made, X25519Identity)
    assert str(made.recipient()) == PUBLIC
    assert made.secret_text() == SECRET
    assert str(recipient(PUBLIC)) == PUBLIC


def test_a_post_quantum_key_of_another_maker() -> None:
    secret = (TYPAGE / "key.txt").read_text("ascii").strip()
    public = (TYPAGE / "recipient.txt").read_text("ascii").strip()
    made = identity(secret)
    assert isinstance(made, HybridIdentity)
    assert str(made.recipient()) == public
    assert made.secret_text() == secret
    assert isinstance(recipient(public), HybridRecipient)


@pytest.mark.parametrize("make", [X25519Identity.new, HybridIdentity.new])
def test_keys_survive_being_written(make: Callable[[], X25519Identity | HybridIdentity]) -> None:
    made = make()
    assert str(recipient(f" {made.recipient()}\n")) == str(made.recipient())
    again = identity(made.secret_text())
    assert again.unwrap([made.recipient().wrap(bytes(16))]) == bytes(16)
    assert make().secret_text() != made.secret_text()
    for shown in (str(made), repr(made)):
        assert "SECRET" not in shown


@given(st.sampled_from([PUBLIC, SECRET]), st.data())
def test_a_mistyped_letter_is_noticed_and_not_repeated(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != text[place]))
    mistyped = text[:place] + letter + text[place + 1 :]
    if mistyped.strip() == text:
        return
    for read in (recipient, identity):
        with pytest.raises(UserError) as caught:
            read(mistyped)
        assert mistyped[5:] not in f"{caught.value} {caught.value.hint}"


def test_other_cases_kinds_and_lengths_are_refused() -> None:
    for text in (
        "",
        "age1",
        PUBLIC.upper(),
        PUBLIC.capitalize(),
        SECRET,
        PUBLIC * 100,
        bech32.encode("age", bytes(31)),
        bech32.encode("age1tag", bytes(33)),
        bech32.encode("age1pq", bytes(1_215)),
        bech32.encode("age1pq", b"\xff" * 1_216),
    ):
        with pytest.raises(UserError):
            recipient(text)
    for text in (
        "",
        SECRET.lower(),
        PUBLIC,
        bech32.encode("age-secret-key-", bytes(33)).upper(),
        "AGE-PLUGIN-YUBIKEY-1Q",
        SECRET + "A",
    ):
        with pytest.raises(UserError):
            identity(text)


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31)])
def test_an_address_that_protects_nothing_is_refused(point: bytes) -> None:
    with pytest.raises(UserError, match="protects nothing"):
        recipient(str(X25519Recipient(point)))


def test_a_key_file_is_read_with_its_remarks() -> None:
    text = f"# created: 2026-03-01T00:00:00Z\n# public key: {PUBLIC}\n\n{SECRET}\r\n{HybridIdentity.new().secret_text()}\n"
    first, second = identities(text)
    assert isinstance(first, X25519Identity)
    assert isinstance(second, HybridIdentity)
    for bad in ("", "# nothing\n", PUBLIC, f"{SECRET}\nx\n", "\n" * 2_000 + SECRET):
        with pytest.raises(UserError):
            identities(bad)


@given(
    st.binary(max_size=200),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
)
def test_bech32_returns_what_it_was_given(data: bytes, prefix: str) -> None:
    text = bech32.encode(prefix.lower(), data)
    assert bech32.decode(text) == (prefix.lower(), data)
    assert bech32.decode(text.upper()) == (prefix.upper(), data)


#: Valid and invalid texts of BIP 173; the two that are only too long are valid here.
@pytest.mark.parametrize(
    "text",
    [
        "A12UEL5L",
        "a12uel5l",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    ],
)
def test_texts_that_bip_173_calls_valid_are_no_bad_bech32(text: str) -> None:
    prefix, _, letters = text.lower().rpartition("1")
    assert bech32._checksum([*bech32._expanded(prefix), *(bech32._VALUES[letter] for letter in letters)]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "\x201nwldj5",
        "\x7f1axkwrx",
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v",
        "li1dgmt3",
        "de1lg7wt\xff",
        "A1G7SGD8",
        "10a06t8",
        "1qzzfhee",
        "a12UEL5L",
    ],
)
def test_texts_that_bip_173_calls_invalid_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"case|long|prefix|character|checksum"):
        bech32.decode(text)
