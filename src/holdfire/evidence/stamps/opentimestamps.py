"""OpenTimestamps proofs: read, made, grown; what they prove, and what they leave to others (docs/formats/stamps.md §3).

A proof is a tree of steps from one digest to attestations. Holdfire walks the steps and says where they lead. Whether Bitcoin's
block of that number has that Merkle root is not in the proof: somebody with the chain must compare it, and nothing here
claims that it was.

Bounds: 64 KiB a proof, 4,096 bytes a message, 256 steps deep; the walk uses no recursion.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from holdfire.evidence.stamps.refusals import OtherHashError, ProofError

MAGIC: Final = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
MOST_PROOF: Final = 64 << 10
MOST_MESSAGE: Final = 4_096
MOST_DEPTH: Final = 256
_MOST_PAYLOAD: Final = 8_192
_MOST_ADDRESS: Final = 1_000
_VERSION: Final = 1
_MOST_NUMBER: Final = 1 << 63
_TAG_SIZE: Final = 8

_ATTESTATION: Final = 0x00
_FORK: Final = 0xFF
_APPEND: Final = 0xF0
_PREPEND: Final = 0xF1
_REVERSE: Final = 0xF2
_HEXLIFY: Final = 0xF3
_SHA256: Final = 0x08
#: Hashes by their tag, with the size of what they give. Keccak is not among those that Python has: its branch is walked no further.
_HASHES: Final = {0x02: ("sha1", 20), 0x03: ("ripemd160", 20), _SHA256: ("sha256", 32), 0x67: ("", 32)}

_PENDING: Final = bytes.fromhex("83dfe30d2ef90c8e")
_CHAINS: Final = {
    bytes.fromhex("0588960d73d71901"): "bitcoin",
    bytes.fromhex("06869a0d73d71b45"): "litecoin",
    bytes.fromhex("30fe8087b5c7ead7"): "ethereum",
}
_ADDRESS: Final = re.compile(rb"[A-Za-z0-9._/:-]*\Z")
_ROOT_SIZE: Final = 32


@dataclass(frozen=True)
class Attestation:
    """Where a branch of a proof ends.

    Attributes:
        kind: `pending` (a calendar promises), `bitcoin`, `litecoin`, `ethereum`, or `unknown`.
        message: What the steps led to; None where a step cannot be walked here.
        address: Of the calendar that promises.
        height: Number of the block.
        start: Place of the attestation in what was read.
        end: Place after it.
        forked: Whether another branch follows it at its place.
    """

    kind: str
    message: bytes | None
    address: str
    height: int
    start: int
    end: int
    forked: bool

    @property
    def merkle_root(self) -> str:
        """The Merkle root that the block must have, written as explorers of the chain write it; "" for none."""
        if self.kind != "bitcoin" or self.message is None or len(self.message) != _ROOT_SIZE:
            return ""
        return self.message[::-1].hex()


@dataclass(frozen=True)
class Proof:
    """A proof as it is kept: its bytes, what it is about, where it leads."""

    text: bytes
    hash_name: str
    digest: bytes
    attestations: tuple[Attestation, ...]

    @property
    def pending(self) -> tuple[Attestation, ...]:
        """The promises that can still be asked about."""
        return tuple(one for one in self.attestations if one.kind == "pending" and one.message is not None)

    @property
    def blocks(self) -> tuple[Attestation, ...]:
        """The blocks of Bitcoin that it leads to, lowest first."""
        found = [one for one in self.attestations if one.merkle_root]
        return tuple(sorted(found, key=lambda one: one.height))


def read(untrusted: bytes, digest: bytes | None = None) -> Proof:
    """Return the proof that a `.ots` file holds.

    Args:
        untrusted: The file.
        digest: The SHA-256 that it must be about; None for whatever it is about.

    Raises:
        ProofError: It is none.
        OtherHashError: It is about something else.
    """
    cursor = _Cursor(untrusted)
    if cursor.take(len(MAGIC)) != MAGIC or cursor.number() != _VERSION:
        raise ProofError
    name, size = _HASHES.get(cursor.byte(), ("", 0))
    if not size:
        raise ProofError
    about = cursor.take(size)
    if digest is not None and (name != "sha256" or about != digest):
        raise OtherHashError
    attestations, _ = _walk(cursor, about)
    return Proof(untrusted, name, about, attestations)


def make(digest: bytes, untrusted_answer: bytes) -> Proof:
    """Return the proof that a calendar's answer to `digest`, a SHA-256, makes.

    Raises:
        ProofError: It is no answer of a calendar, or it promises nothing.
    """
    proof = read(MAGIC + bytes([_VERSION, _SHA256]) + digest + untrusted_answer, digest)
    if not proof.pending and not proof.blocks:
        raise ProofError
    return proof


def grow(proof: Proof, place: Attestation, untrusted_answer: bytes) -> Proof:
    """Return `proof` with what a calendar answered when it was asked about one of its promises.

    Raises:
        ProofError: It is no answer of a calendar.
    """
    if place not in proof.pending or place.message is None:
        raise ValueError("no promise of this proof")
    _, last = _walk(_Cursor(untrusted_answer), place.message)
    text = proof.text
    if place.forked:
        # Branches after this one follow; the last of the answer must say so.
        more = untrusted_answer[:last] + bytes([_FORK]) + untrusted_answer[last:]
        return read(text[: place.end] + more + text[place.end :], None)
    grown = (
        text[: place.start]
        + bytes([_FORK])
        + text[place.start : place.end]
        + untrusted_answer
        + text[place.end :]
    )
    return read(grown, None)


class _Cursor:
    """A place in untrusted bytes; whatever would leave them is refused."""

    def __init__(self, untrusted: bytes) -> None:
        if len(untrusted) > MOST_PROOF:
            raise ProofError
        self._bytes = untrusted
        self.place = 0

    @property
    def ended(self) -> bool:
        return self.place == len(self._bytes)

    def take(self, size: int) -> bytes:
        if size > len(self._bytes) - self.place:
            raise ProofError
        self.place += size
        return self._bytes[self.place - size : self.place]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        """Return a number of seven bits a byte, the lowest first."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:  # noqa: PLR2004 — the bit that says more follows
                return value
            if value >= _MOST_NUMBER or shift > _MOST_NUMBER.bit_length():
                raise ProofError

    def some(self, least: int, most: int) -> bytes:
        """Return bytes that their length stands before."""
        size = self.number()
        if not least <= size <= most:
            raise ProofError
        return self.take(size)


def _walk(cursor: _Cursor, message: bytes) -> tuple[tuple[Attestation, ...], int]:
    """Return where every branch of a tree leads, and the place of its last branch; the tree must end where the bytes end."""
    found: list[Attestation] = []
    # What is still to be read: the message so far (None beyond a step that cannot be walked) and the depth.
    waiting: list[tuple[bytes | None, int]] = [(message, 0)]
    last = 0
    while waiting:
        now, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise ProofError
        place = cursor.place
        tag = cursor.byte()
        forked = tag == _FORK
        if forked:
            waiting.append((now, depth))
            place, tag = cursor.place, cursor.byte()
        elif depth == 0:
            last = place
        if tag == _ATTESTATION:
            found.append(_attestation(cursor, now, place, forked=forked))
        else:
            waiting.append((_step(cursor, tag, now), depth + 1))
    if not cursor.ended:
        raise ProofError
    return tuple(found), last


def _step(cursor: _Cursor, tag: int, message: bytes | None) -> bytes | None:
    """Return the message after one step."""
    if tag in {_APPEND, _PREPEND}:
        more = cursor.some(1, MOST_MESSAGE)
        result = message and (message + more if tag == _APPEND else more + message)
    elif tag == _REVERSE:
        result = message and message[::-1]
    elif tag == _HEXLIFY:
        result = message and message.hex().encode("ascii")
    elif tag in _HASHES:
        result = _hash(_HASHES[tag][0], message)
    else:
        raise ProofError
    if result is not None and len(result) > MOST_MESSAGE:
        raise ProofError
    return result


def _hash(name: str, message: bytes | None) -> bytes | None:
    try:
        return (
            None
            if message is None or not name
            else hashlib.new(name, message, usedforsecurity=False).digest()
        )
    except ValueError:  # RIPEMD-160 is not in every OpenSSL
        return None


def _attestation(cursor: _Cursor, message: bytes | None, start: int, *, forked: bool) -> Attestation:
    tag = cursor.take(_TAG_SIZE)
    payload = _Cursor(cursor.some(0, _MOST_PAYLOAD))
    kind, address, height = _CHAINS.get(tag, "unknown"), "", 0
    if tag == _PENDING:
        kind = "pending"
        untrusted_address = payload.some(0, _MOST_ADDRESS)
        if not _ADDRESS.match(untrusted_address) or not payload.ended:
            raise ProofError
        address = untrusted_address.decode("ascii")
    elif kind != "unknown":
        height = payload.number()
        if not payload.ended:
            raise ProofError
    return Attestation(kind, message, address, height, start, cursor.place, forked)
