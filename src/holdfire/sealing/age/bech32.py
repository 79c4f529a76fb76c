"""Bech32, the letters in which age writes its keys (BIP 173, without its limit of length)."""

from __future__ import annotations

from typing import Final

_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES: Final = {letter: value for value, letter in enumerate(_LETTERS)}
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK: Final = 6
#: Longest text that is looked at; a post-quantum recipient has 1,959 characters.
LONGEST: Final = 4_096


def encode(prefix: str, data: bytes) -> str:
    """Return `data` in Bech32 under the lower-case `prefix`."""
    values = _regroup(data, 8, 5, pad=True)
    remainder = _checksum([*_expanded(prefix), *values, *[0] * _CHECK]) ^ 1
    check = [remainder >> 5 * (_CHECK - 1 - place) & 31 for place in range(_CHECK)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in (*values, *check))}"


def decode(untrusted_text: str) -> tuple[str, bytes]:
    """Return the prefix, written as in the text, and the data.

    Raises:
        ValueError: It is too long, no Bech32, mixes upper and lower case, or its checksum is wrong.
    """
    if len(untrusted_text) > LONGEST or not untrusted_text.isascii():
        raise ValueError("too long, or not ASCII")
    lower = untrusted_text.lower()
    if untrusted_text not in {lower, lower.upper()}:
        raise ValueError("upper and lower case are mixed")
    prefix, one, letters = lower.rpartition("1")
    if not (prefix and one and len(letters) >= _CHECK and all("!" <= letter <= "~" for letter in prefix)):
        raise ValueError("no prefix, or too short")
    if any(letter not in _VALUES for letter in letters):
        raise ValueError("a character that Bech32 does not have")
    values = [_VALUES[letter] for letter in letters]
    if _checksum([*_expanded(prefix), *values]) != 1:
        raise ValueError("the checksum is wrong")
    return untrusted_text[: len(prefix)], bytes(_regroup(values[:-_CHECK], 5, 8, pad=False))


def _expanded(prefix: str) -> list[int]:
    numbers = prefix.encode("ascii")
    return [number >> 5 for number in numbers] + [0] + [number & 31 for number in numbers]


def _checksum(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                check ^= generator
    return check


def _regroup(groups: bytes | list[int], old: int, new: int, *, pad: bool) -> list[int]:
    """Cut the bits of `groups` anew; without `pad`, what is left over must be fewer than `old` bits, all zero."""
    held = bits = 0
    result = []
    for group in groups:
        held = (held << old | group) & 0xFFF
        bits += old
        while bits >= new:
            bits -= new
            result.append(held >> bits & (1 << new) - 1)
    left = held & (1 << bits) - 1
    if pad and bits:
        result.append(left << new - bits)
    elif not pad and (bits >= old or left):
        raise ValueError("the last letter holds bits that belong to no byte")
    return result
