"""Random bytes: ids, keys, choices, and noise to fill a file with."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

from holdfire.sealing.passphrase import KEY_SIZE, Key

if TYPE_CHECKING:
    from collections.abc import Iterator

ID_SIZE = 16
STEP = 1 << 20


def new_key() -> Key:
    """Return a random 32-byte key."""
    return Key(os.urandom(KEY_SIZE))


def new_id() -> bytes:
    """Return 16 random bytes: an id that nobody can guess and no two things share."""
    return os.urandom(ID_SIZE)


def random_bytes(size: int) -> bytes:
    """Return `size` bytes from the system's generator, for a salt or a slot."""
    return os.urandom(size)


def draw(choices: int, count: int) -> list[int]:
    """Return `count` different numbers from 0 to `choices` − 1 in random order, each order as likely as any other."""
    return secrets.SystemRandom().sample(range(choices), count)


def noise(size: int, step: int = STEP) -> Iterator[memoryview]:
    """Yield `size` bytes that look random, in pieces of `step`; each is to be used before the next is asked.

    AES-256-CTR under a key that is thrown away: as good as the system's generator for hiding what is written where,
    and some ten times faster, which matters for gigabytes.
    """
    cipher = Cipher(AES256(os.urandom(KEY_SIZE)), CTR(bytes(16))).encryptor()
    zeros = memoryview(bytes(step))
    buffer = bytearray(step)
    view = memoryview(buffer)
    for start in range(0, size, step):
        piece = min(step, size - start)
        cipher.update_into(zeros[:piece], buffer)
        yield view[:piece]
