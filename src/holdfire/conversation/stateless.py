"""A conversation that lives in twelve words and nowhere else: weaker, and said to be so (docs/protocols/conversation.md §8).

Whoever finds the words reads every reply that was ever kept, because its one reply key never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.sealing.derive import derive
from holdfire.sealing.hpke import SEED_SIZE, SecretKey
from holdfire.sealing.words import read_twelve
from holdfire.wire.names import context

_LASTING: Final = 32


@dataclass(frozen=True, repr=False)
class StatelessConversation:
    """What follows from twelve words for one desk.

    Args:
        conversation: `c`.
        last_step: The secret end of its chain of steps.
        reply_key: Its one reply key.
    """

    conversation: bytes
    last_step: bytes
    reply_key: SecretKey


def from_words(typed: str, desk: bytes) -> StatelessConversation:
    """Return the conversation of twelve words with a desk, on every relay the same.

    Raises:
        WordsError: They are not twelve words that fit together.
    """
    return from_entropy(read_twelve(typed), desk)


def from_entropy(entropy: bytes, desk: bytes) -> StatelessConversation:
    """Return the conversation of the 16 bytes behind twelve words."""
    return StatelessConversation(
        derive(entropy, context("stateless", desk, "", b"conversation"), _LASTING),
        derive(entropy, context("stateless", desk, "", b"step"), _LASTING),
        SecretKey(derive(entropy, context("stateless", desk, "", b"reply"), SEED_SIZE)),
    )
