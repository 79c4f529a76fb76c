"""Whole age files: sealed and opened as streams, or read at any place (docs/formats/age.md)."""

from __future__ import annotations

import os
from itertools import chain, count, takewhile
from typing import TYPE_CHECKING, Final

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.age import header, scrypt
from holdfire.sealing.age.armour import unarmour
from holdfire.sealing.age.header import FILE_KEY_SIZE, MOST_STANZAS, Header
from holdfire.sealing.age.payload import CHUNK, NONCE_SIZE, SEALED_CHUNK, Payload, bad_end
from holdfire.sealing.age.refusals import HeaderError, NoKeyError
from holdfire.sealing.age.wrapping import TAG_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from holdfire.sealing.age.wrapping import Identity, Recipient
    from holdfire.sealing.page import Bytes

_STEP: Final = 65_536


def seal(pieces: Iterable[Bytes], recipients: Sequence[Recipient]) -> Iterator[bytes]:
    """Return an iterator over an age file that holds what `pieces` yields and that each recipient can open.

    The header is made at once, so what it costs or refuses comes before anything is written.

    Raises:
        UserError: No recipient, more than 1,024, a passphrase beside another, or post-quantum beside classic keys.
    """
    check_recipients(recipients)
    file_key, nonce = os.urandom(FILE_KEY_SIZE), os.urandom(NONCE_SIZE)
    written = header.write([recipient.wrap(file_key) for recipient in recipients], file_key)
    return chain((written, nonce), Payload(file_key, nonce).seal(pieces))


def unseal(untrusted_pieces: Iterable[Bytes], identities: Sequence[Identity]) -> Iterator[bytes]:
    """Return an iterator over the content of an age file, binary or armoured.

    The header is read at once; what it yields is authentic chunk by chunk. Only when it ends without an error was that all:
    until then, keep what came where it can be thrown away.

    Raises:
        NoKeyError: None of the identities opens it.
        TamperError: It was damaged, altered, cut or lengthened, or asks for more than docs/formats/age.md §3 gives.
    """
    found, rest = header.read(_binary(untrusted_pieces))
    file_key = _file_key(found, identities)
    nonce = bytearray()
    for piece in rest:
        missing = NONCE_SIZE - len(nonce)
        nonce += piece[:missing]
        if len(nonce) == NONCE_SIZE:
            return Payload(file_key, bytes(nonce)).open(chain((piece[missing:],), rest))
    raise _cut_short()


class AgeFile:
    """An age file that is read at any place; its end is checked first, so `size` is authentic.

    Args:
        read_at: Returns so many bytes from a place of the file, fewer only where the file ends.
        file_size: How long the file is.
        identities: Who may open it.

    Raises:
        UserError: It is armoured, or none of the identities opens it.
        TamperError: Its header or its end was damaged, altered, cut or lengthened.
    """

    def __init__(
        self, read_at: Callable[[int, int], bytes], file_size: int, identities: Sequence[Identity]
    ) -> None:
        if read_at(0, 1)[:1] in {b"-", b" ", b"\t", b"\r", b"\n"}:
            raise UserError(
                mark("This age file is armoured; it can be read from its beginning only."),
                mark("Open it whole."),
            )
        found, _ = header.read(takewhile(len, (read_at(place, _STEP) for place in count(0, _STEP))))
        nonce = read_at(found.size, NONCE_SIZE)
        file_key = _file_key(found, identities)
        if len(nonce) != NONCE_SIZE:
            raise _cut_short()
        self._read_at = read_at
        self._start = found.size + NONCE_SIZE
        self._payload = Payload(file_key, nonce)
        sealed = file_size - self._start
        self._chunks = max(1, -(-sealed // SEALED_CHUNK))
        #: How many bytes the content has.
        self.size = sealed - self._chunks * TAG_SIZE
        end = self._open(self._chunks - 1, self._chunks)
        if self._chunks > 1 and not end:
            raise bad_end()

    def read(self, place: int, size: int) -> bytes:
        """Return `size` bytes of the content from `place`, fewer where it ends.

        Raises:
            PayloadError: A chunk that holds them was changed since the file was opened or before.
            ValueError: `place` or `size` is negative.
        """
        if place < 0 or size < 0:
            raise ValueError("a place and a size cannot be negative")
        size = min(size, self.size - place)
        if size <= 0:
            return b""
        first, after = place // CHUNK, (place + size - 1) // CHUNK + 1
        start = place - first * CHUNK
        return self._open(first, after)[start : start + size]

    def _open(self, first: int, after: int) -> bytes:
        sealed = memoryview(self._read_at(self._start + first * SEALED_CHUNK, (after - first) * SEALED_CHUNK))
        return b"".join(
            self._payload.open_chunk(
                number, sealed[start : start + SEALED_CHUNK], last=number == self._chunks - 1
            )
            for number, start in zip(
                range(first, after), range(0, (after - first) * SEALED_CHUNK, SEALED_CHUNK), strict=True
            )
        )


def check_recipients(recipients: Sequence[Recipient]) -> None:
    """Return if one file can be sealed to all of these; UserError says why not."""
    kinds = {recipient.kind for recipient in recipients}
    if not recipients:
        raise UserError(mark("Nobody could open this."), mark("Name at least one recipient."))
    if len(recipients) > MOST_STANZAS:
        raise UserError(
            mark("A file can be sealed to {most} recipients at most."),
            mark("Make several files."),
            most=MOST_STANZAS,
        )
    if scrypt.KIND in kinds and len(recipients) > 1:
        raise UserError(
            mark("A passphrase cannot stand beside another recipient."),
            mark("Make one file for the passphrase and one for the keys."),
        )
    if len(kinds) > 1:
        raise UserError(
            mark("A file sealed to a post-quantum and a classic key is as weak as the classic one."),
            mark("Make one file for each kind of key."),
        )


def _binary(untrusted_pieces: Iterable[Bytes]) -> Iterator[Bytes]:
    pieces = iter(untrusted_pieces)
    for piece in pieces:
        if piece:
            whole = chain((piece,), pieces)
            return whole if piece[:1] == b"a" else unarmour(whole)
    return iter(())


def _file_key(found: Header, identities: Sequence[Identity]) -> bytes:
    scrypt.check_alone(found.stanzas)
    for identity in identities:
        file_key = identity.unwrap(found.stanzas)
        if file_key is not None:
            found.check(file_key)
            return file_key
    raise NoKeyError


def _cut_short() -> HeaderError:
    return HeaderError(mark("This age file ends right after its header."))
