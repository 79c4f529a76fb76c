"""Wrapping a file key: what every kind of recipient and identity does, and the sealing that two of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from holdfire.sealing.age import base64
from holdfire.sealing.age.header import FILE_KEY_SIZE, Stanza
from holdfire.sealing.age.refusals import bad_stanza

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TAG_SIZE: Final = 16
_BODY_SIZE: Final = FILE_KEY_SIZE + TAG_SIZE
_NONCE: Final = bytes(12)


class Recipient(Protocol):
    """Somebody a file can be sealed to."""

    #: The kind of its stanza; kinds are not mixed in what we write.
    kind: str

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza from which the matching identity gets `file_key`; a fresh one at each call."""


class Identity(Protocol):
    """Somebody who may open a file."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key from the first stanza that opens, or None; the header's MAC is not checked by this.

        Raises:
            HeaderError: A stanza of this identity's kind breaks the format.
        """


def stanzas_of(kind: str, stanzas: Sequence[Stanza], arguments: int) -> Iterator[Stanza]:
    """Yield the stanzas of `kind`, each with so many arguments after the kind and a body of the right size.

    The size is checked before anything is decrypted: without that, one body could be made to open under many keys,
    and an answer would tell which of them somebody has ("partitioning oracle").

    Raises:
        HeaderError: One has another number of arguments or another size.
    """
    for stanza in stanzas:
        if stanza.kind == kind:
            if len(stanza.arguments) != arguments + 1 or len(stanza.body) != _BODY_SIZE:
                raise bad_stanza(kind)
            yield stanza


def argument(stanza: Stanza, place: int, size: int) -> bytes:
    """Return the `size` bytes that the argument at `place` holds in base64.

    Raises:
        HeaderError: It holds another size, or is not canonical.
    """
    try:
        value = base64.decode(stanza.arguments[place].encode("ascii"))
    except ValueError:
        raise bad_stanza(stanza.kind) from None
    if len(value) != size:
        raise bad_stanza(stanza.kind)
    return value


def seal_file_key(wrap_key: bytes, file_key: bytes) -> bytes:
    """Return `file_key` sealed under `wrap_key`, which must never seal anything else: the nonce is always zero."""
    return ChaCha20Poly1305(wrap_key).encrypt(_NONCE, file_key, None)


def open_file_key(wrap_key: bytes, body: bytes) -> bytes | None:
    """Return the file key sealed in `body`, or None where it was sealed under another key."""
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_NONCE, body, None)
    except InvalidTag:
        return None
