"""The content of an age file: sealed chunks of 64 KiB, numbered, the last one marked (specification, *Payload*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdfire.language import mark
from holdfire.sealing.age.refusals import PayloadError
from holdfire.sealing.age.wrapping import TAG_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from holdfire.sealing.page import Bytes

NONCE_SIZE: Final = 16
CHUNK: Final = 65_536
SEALED_CHUNK: Final = CHUNK + TAG_SIZE

_COUNTER_SIZE: Final = 11
_LAST: Final = b"\1"
_NOT_LAST: Final = b"\0"


class Payload:
    """Seals and opens the chunks of one file.

    A chunk's nonce is its number and whether it is the last: sound because the key is derived from a file key drawn for
    this file and a nonce drawn for this content, and each number is sealed once.
    """

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=nonce, info=b"payload").derive(file_key)
        # One cipher for all chunks: setting it up costs a tenth of sealing a chunk.
        self._cipher = ChaCha20Poly1305(key)

    def seal(self, pieces: Iterable[Bytes], first: int = 0) -> Iterator[bytes]:
        """Yield everything that `pieces` yields, sealed, a chunk at a time, from chunk `first`; never another content."""
        encrypt = self._cipher.encrypt
        for number, (chunk, last) in enumerate(cut(pieces, CHUNK), first):
            nonce = number.to_bytes(_COUNTER_SIZE, "big") + (_LAST if last else _NOT_LAST)
            yield encrypt(nonce, chunk, None)

    def open(self, untrusted_pieces: Iterable[Bytes]) -> Iterator[bytes]:
        """Yield the plaintext, a chunk at a time, each authentic and in its place; that it was all, only the end says.

        Raises:
            PayloadError: A chunk was changed, the end is missing, or something was added after it.
        """
        decrypt = self._cipher.decrypt
        for number, (chunk, last) in enumerate(cut(untrusted_pieces, SEALED_CHUNK)):
            nonce = number.to_bytes(_COUNTER_SIZE, "big") + (_LAST if last else _NOT_LAST)
            try:
                plaintext = decrypt(nonce, chunk, None)
            except InvalidTag:
                yield from self._explain(number, chunk, last=last)
                return
            if not plaintext and number:
                raise bad_end()
            yield plaintext

    def open_chunk(self, number: int, sealed: Bytes, *, last: bool) -> bytes:
        """Return the plaintext of chunk `number`.

        Raises:
            PayloadError: It was changed, or is not the last where the last was asked, or the other way round.
        """
        nonce = number.to_bytes(_COUNTER_SIZE, "big") + (_LAST if last else _NOT_LAST)
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag:
            raise _changed(number) from None

    def _explain(self, number: int, chunk: Bytes, *, last: bool) -> Iterator[bytes]:
        """Say what is wrong with a chunk that did not open; yield it where it is whole and only what follows is wrong."""
        try:
            plaintext = self.open_chunk(number, chunk, last=not last)
        except PayloadError:
            raise _changed(number) from None
        if last:
            if len(plaintext) == CHUNK:
                yield plaintext
            raise PayloadError(mark("The end of this age file is missing."))
        yield plaintext
        raise PayloadError(mark("Something was added after the end of this age file."))


def cut(pieces: Iterable[Bytes], size: int) -> Iterator[tuple[Bytes, bool]]:
    """Yield everything in chunks of `size` and whether each is the last, which may be shorter; nothing gives one empty one.

    A chunk is to be used before the next is asked: it may be a view of the piece it came in.
    """
    held = bytearray()
    for piece in pieces:
        view = memoryview(piece)
        if held:
            missing = size - len(held)
            held += view[:missing]
            view = view[missing:]
            if not view:
                continue
            yield held, False
            held = bytearray()
        while len(view) > size:
            yield view[:size], False
            view = view[size:]
        held += view
    yield held, True


def bad_end() -> PayloadError:
    """Return the error for an empty chunk at the end of something, which no age writes."""
    return PayloadError(mark("This age file does not end as it must."))


def _changed(number: int) -> PayloadError:
    return PayloadError(mark("Part {number} of this age file was changed or cut."), number=number + 1)
