"""Bytes as words of BIP39's English list: eight that are spoken and typed, twelve that are written down and kept."""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark

#: Bytes of the secret behind twelve words.
ENTROPY_SIZE: Final = 16
#: Words that are spoken, and the bytes they stand for.
SPOKEN_WORDS: Final = 8
SPOKEN_SIZE: Final = 11
TWELVE: Final = 12
_WORD_BITS: Final = 11
_CHECK_BITS: Final = 4
#: BIP39's words differ in their first four letters.
_LETTERS: Final = 4


class WordsError(UserError):
    """These are not words from the list, not as many as asked for, or do not fit together."""


def new_twelve() -> str:
    """Return twelve random words: 128 bits and 4 that catch a slip."""
    return twelve_of(os.urandom(ENTROPY_SIZE))


def twelve_of(entropy: bytes) -> str:
    """Return the twelve words of 16 bytes, as BIP39 says.

    Raises:
        ValueError: It has another size.
    """
    if len(entropy) != ENTROPY_SIZE:
        raise ValueError("twelve words stand for 16 bytes")
    check = sha256(entropy).digest()[0] >> (8 - _CHECK_BITS)
    return _spelt(int.from_bytes(entropy, "big") << _CHECK_BITS | check, TWELVE)


def read_twelve(typed: str) -> bytes:
    """Return the 16 bytes of twelve typed words; four letters of each are enough.

    Raises:
        WordsError: A word is not in the list, there are not twelve, or they do not fit together: words that a person chose
            themselves are refused by this fifteen times in sixteen, and can be guessed in any case.
    """
    value = _value(typed, TWELVE)
    entropy = (value >> _CHECK_BITS).to_bytes(ENTROPY_SIZE, "big")
    if twelve_of(entropy) != _spelt(value, TWELVE):
        raise WordsError(
            mark("These twelve words do not fit together."),
            mark("One of them is another, or two changed places. Words of your own choice do not work here."),
        )
    return entropy


def spoken_of(name: bytes) -> str:
    """Return the eight words of the first 88 bits of a desk's id."""
    return _spelt(int.from_bytes(name[:SPOKEN_SIZE], "big"), SPOKEN_WORDS)


def spoken_match(name: bytes, typed: str) -> bool:
    """Say whether eight typed words are those of `name`.

    Raises:
        WordsError: They are not eight words from the list, so nothing was compared.
    """
    return _value(typed, SPOKEN_WORDS) == int.from_bytes(name[:SPOKEN_SIZE], "big")


def _spelt(value: int, count: int) -> str:
    words, _ = _list()
    shifts = range(_WORD_BITS * (count - 1), -1, -_WORD_BITS)
    return " ".join(words[value >> shift & (1 << _WORD_BITS) - 1] for shift in shifts)


def _value(typed: str, count: int) -> int:
    _, places = _list()
    words = typed.casefold().split()
    if len(words) != count:
        raise WordsError(
            mark("There are {found} words here, and {count} are needed."),
            mark("Type them one after the other, with blanks between them."),
            found=len(words),
            count=count,
        )
    value = 0
    for place, word in enumerate(words, 1):
        if word not in places:
            raise WordsError(
                mark("Word number {place} is not one of the list."),
                mark("Look at how it is spelt. Nothing else was compared."),
                place=place,
            )
        value = value << _WORD_BITS | places[word]
    return value


@cache
def _list() -> tuple[tuple[str, ...], dict[str, int]]:
    from mnemonic import Mnemonic  # noqa: PLC0415 — start-up is measured, and words are seldom needed

    words = tuple(Mnemonic("english").wordlist)
    places = {word: place for place, word in enumerate(words)}
    return words, {word[:_LETTERS]: place for word, place in places.items()} | places
