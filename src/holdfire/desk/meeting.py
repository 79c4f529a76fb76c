"""What two members read whom a desk brings together: what a person wrote to each, and two numbers by which they know each other."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from holdfire.desk.answering import LANGUAGES
from holdfire.sealing.derive import derive
from holdfire.wire.names import context

#: Numbers of two digits: they fit into an ordinary sentence in every language.
_LEAST, _MANY = 10, 90
_DRAWN: Final = 8


def numbers_of(desk: bytes, one: bytes, other: bytes) -> tuple[int, int]:
    """Return the numbers that two members say, each to the other: other ones for every two, and two different ones.

    They follow from both conversations, so that an introduction which broke off halfway goes on with the same.

    Args:
        desk: The desk's id.
        one: `c` of whoever speaks the first number.
        other: `c` of whoever speaks the second.
    """
    first, second = sorted((one, other))
    drawn = derive(first + second, context("meeting", desk, ""), 2 * _DRAWN)
    low = int.from_bytes(drawn[:_DRAWN], "big") % _MANY
    high = (low + 1 + int.from_bytes(drawn[_DRAWN:], "big") % (_MANY - 1)) % _MANY
    numbers = (_LEAST + low, _LEAST + high)
    return numbers if one == first else (numbers[1], numbers[0])


def letter(language: str, text: str, says: int, hears: int) -> str:
    """Return what a member reads, in their language (`ru`, `ru-BY`), or in English where there is none in it.

    Args:
        language: The member's.
        text: What a person of the desk writes to this one.
        says: The number that they say.
        hears: The number that the other one answers with.
    """
    code = language.partition("-")[0].lower()
    around = _letters()[code if code in LANGUAGES else LANGUAGES[0]].strip()
    before, _, after = around.partition("{text}")
    # What a person wrote is never read as a pattern.
    return before + text.strip() + after.format(says=says, hears=hears)


@cache
def _letters() -> dict[str, str]:
    return tomllib.loads((files("holdfire.desk") / "meeting.toml").read_text("utf-8"))
