"""Time-stamps of authorities (RFC 3161): the request, and whether an answer proves when (docs/formats/stamps.md §2).

The checks of an answer, whose numbers stand beside each:

1. it is a response in DER, and granted;
2. it stamps what was asked, in the same hash, and carries the number drawn for this request;
3. it is signed, once, and what is signed is what it says: content type, digest, and which certificate;
4. the certificate is one for signing times, valid at the stamped time, and a root that the person chose stands behind it.

The stamped time is what counts for 4, not today: a stamp stays right when its certificate has expired, and that is said.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.errors import TamperError
from holdfire.evidence.stamps.refusals import (
    ForgedStampError,
    NotGrantedError,
    OtherHashError,
    OtherNonceError,
    PeriodError,
    PurposeError,
    UnreadableError,
    UntrustedError,
)
from holdfire.sealing import certificate as certificates
from holdfire.sealing import chain as chains
from holdfire.sealing import der
from holdfire.sealing.noise import random_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from holdfire.sealing.certificate import Certificate

#: The most an answer may be; real ones have 1 to 10 KiB.
MOST_ANSWER: Final = 64 << 10
NONCE_SIZE: Final = 8

_GRANTED: Final = frozenset({0, 1})
_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SIGNER: Final = "1.2.840.113549.1.9.16.2.12"
_SIGNER_2: Final = "1.2.840.113549.1.9.16.2.47"
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_HASHES: Final = {_SHA256: "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}


@dataclass(frozen=True)
class Request:
    """A request as it is sent, and the number in it that its answer must carry."""

    text: bytes
    nonce: int


@dataclass(frozen=True)
class Proven:
    """What an answer proves, all checks made.

    Attributes:
        time: When at the latest what was stamped was there, as the authority says, UTC.
        policy: The authority's rules for this, as an object identifier.
        serial: The stamp's number.
        authority: Whose certificate signed it, as it says.
        chain: The certificates, from who signed up to the root.
    """

    time: datetime
    policy: str
    serial: int
    authority: str
    chain: tuple[Certificate, ...]

    @property
    def ends(self) -> datetime:
        """When the first certificate of the chain expires, or expired."""
        return min(one.ends for one in self.chain)


@dataclass(frozen=True)
class _Info:
    """What is signed (RFC 3161 §2.4.2)."""

    policy: str
    hash_name: str
    imprint: bytes
    serial: int
    time: datetime
    nonce: int | None


@dataclass(frozen=True)
class _Signature:
    """The one SignerInfo of a token (RFC 5652 §5.3)."""

    signer: der.Element
    digest: str
    attributes: der.Element
    algorithm: bytes
    signature: bytes


@dataclass(frozen=True)
class _Token:
    content: bytes
    certificates: tuple[Certificate, ...]
    signature: _Signature


def request(digest: bytes) -> Request:
    """Return a request to stamp a SHA-256, with a fresh number, that asks for the certificates too."""
    # The two highest bits are always 01, so that every request has the same length.
    nonce = int.from_bytes(random_bytes(NONCE_SIZE), "big") >> 2 | 1 << (8 * NONCE_SIZE - 2)
    return Request(request_with(digest, nonce), nonce)


def request_with(digest: bytes, nonce: int) -> bytes:
    """Return a request with a given number; for vectors."""
    algorithm = der.write(der.SEQUENCE, _SHA256_OID, der.write(der.NULL))
    imprint = der.write(der.SEQUENCE, algorithm, der.write(der.OCTET_STRING, digest))
    certificates_too = der.write(der.BOOLEAN, b"\xff")
    return der.write(der.SEQUENCE, der.write_whole(1), imprint, der.write_whole(nonce), certificates_too)


_SHA256_OID: Final = der.write(der.OID, bytes.fromhex("608648016503040201"))


def imprint_of(untrusted_answer: bytes) -> bytes:
    """Return what an answer stamps, nothing else of it being checked: to find the request it belongs to.

    Raises:
        StampError: It is no answer, or no stamp is in it.
    """
    return _info(_token(untrusted_answer).content).imprint


def judge(
    untrusted_answer: bytes,
    digest: bytes,
    roots: Sequence[Certificate],
    *,
    nonce: int | None = None,
    hash_name: str = "sha256",
) -> Proven:
    """Return what an answer proves about `digest`, all checks made.

    Args:
        untrusted_answer: As it came from the authority.
        digest: What was to be stamped.
        roots: The certificates that the person chose to believe; those of them that signed themselves are the roots, the others
            may stand in between.
        nonce: The number of the request; None if no request is known.
        hash_name: Of `digest`, as hashlib calls it.

    Raises:
        StampError: Of the kind that says what is wrong.
    """
    token = _token(untrusted_answer)  # 1
    info = _info(token.content)
    if info.hash_name != hash_name or info.imprint != digest:  # 2
        raise OtherHashError
    if nonce is not None and info.nonce != nonce:
        raise OtherNonceError
    known = (*roots, *token.certificates)
    signer = _signer(token.signature, known)
    _check_signature(token, signer)  # 3
    try:
        chain = chains.find_chain(signer, known, [one for one in roots if one.is_root], info.time)  # 4
    except certificates.PurposeError:
        raise PurposeError from None
    except chains.PeriodError:
        raise PeriodError from None
    except ValueError:
        raise UntrustedError from None
    return Proven(info.time, info.policy, info.serial, signer.subject, chain)


def _token(untrusted: bytes) -> _Token:
    """Return the token of a granted response (RFC 3161 §2.4.2)."""
    if len(untrusted) > MOST_ANSWER:
        raise UnreadableError
    try:
        outer = der.Reader(untrusted)
        response = outer.within()
        outer.end()
        status = response.within().integer()
        if status not in _GRANTED:
            raise NotGrantedError(status)
        token = response.within()
        response.end()
        if token.oid() != _SIGNED_DATA:
            raise UnreadableError
        inside = token.within(der.CONTEXT_0)
        token.end()
        signed = inside.within()
        inside.end()
        return _signed_data(signed)
    except ValueError:
        raise UnreadableError from None


def _signed_data(signed: der.Reader) -> _Token:
    """Read SignedData (RFC 5652 §5.1)."""
    signed.integer()
    signed.take(der.SET)
    wrapped = signed.within()
    if wrapped.oid() != _TST_INFO:
        raise UnreadableError
    content = wrapped.within(der.CONTEXT_0).octets()
    wrapped.end()
    sent = signed.maybe(der.CONTEXT_0)
    signed.maybe(der.CONTEXT_1)
    signers = signed.within(der.SET)
    signed.end()
    info = signers.within()
    signers.end()
    info.integer()
    signer = info.take(der.SEQUENCE, der.PLAIN_0)
    digest = info.within().oid()
    attributes = info.take(der.CONTEXT_0)
    algorithm = info.take(der.SEQUENCE).raw
    signature = info.octets()
    info.maybe(der.CONTEXT_1)
    info.end()
    return _Token(
        content,
        _certificates(sent.content if sent else b""),
        _Signature(signer, digest, attributes, algorithm, signature),
    )


def _certificates(content: bytes) -> tuple[Certificate, ...]:
    """Return the certificates that came along; one that cannot be read is left out, as nobody has to believe any."""
    found: list[Certificate] = []
    inside = der.Reader(content)
    while not inside.ended:
        one = inside.take()
        if len(found) == certificates.MOST_CERTIFICATES:
            raise UnreadableError
        try:
            found.append(certificates.load(one.raw))
        except ValueError:
            continue
    return tuple(found)


def _info(content: bytes) -> _Info:
    """Read TSTInfo (RFC 3161 §2.4.2)."""
    try:
        outer = der.Reader(content)
        inside = outer.within()
        outer.end()
        if inside.integer() != 1:
            raise UnreadableError
        policy = inside.oid()
        imprint = inside.within()
        hash_name = _HASHES.get(imprint.within().oid(), "")
        digest = imprint.octets()
        imprint.end()
        serial = inside.integer()
        time = der.moment(inside.take(der.GENERALIZED_TIME).content)
        inside.maybe(der.SEQUENCE)
        inside.maybe(der.BOOLEAN)
        nonce = inside.maybe(der.INTEGER)
        inside.maybe(der.CONTEXT_0)
        inside.maybe(der.CONTEXT_1)
        inside.end()
        return _Info(
            policy, hash_name, digest, serial, time, None if nonce is None else der.whole(nonce.content)
        )
    except ValueError:
        raise UnreadableError from None


def _signer(signature: _Signature, known: Sequence[Certificate]) -> Certificate:
    """Return the certificate that the signature names as its signer's; where it stands in the list does not matter."""
    try:
        if signature.signer.tag == der.PLAIN_0:
            matching = [one for one in known if one.key_name and one.key_name == signature.signer.content]
        else:
            inside = der.Reader(signature.signer.content)
            named = (inside.take(der.SEQUENCE).raw, inside.integer())
            matching = [one for one in known if one.name == named]
    except ValueError:
        raise UnreadableError from None
    # Two certificates can carry one name, and whoever sent the answer could add one: the signed digest of it says which is meant.
    for one in matching:
        if _is_meant(signature, one):
            return one
    raise UntrustedError if not matching else ForgedStampError


def _check_signature(token: _Token, signer: Certificate) -> None:
    """Return if the signed attributes are signed by `signer` and speak of this very content (RFC 5652 §5.4, §11)."""
    kept = token.signature
    hash_name = _HASHES.get(kept.digest)
    if hash_name is None:
        raise ForgedStampError
    if _attribute(kept, _CONTENT_TYPE, der.OID) != _TST_INFO_CONTENT:
        raise ForgedStampError
    if _attribute(kept, _MESSAGE_DIGEST, der.OCTET_STRING) != hashlib.new(hash_name, token.content).digest():
        raise ForgedStampError
    # Signed as the SET OF that they are; the tag [0] is only how they stand in the token.
    signed = bytes([der.SET]) + kept.attributes.raw[1:]
    try:
        signer.verify(signed, kept.signature, kept.algorithm, kept.digest)
    except TamperError:
        raise ForgedStampError from None


_TST_INFO_CONTENT: Final = bytes.fromhex("2a864886f70d0109100104")


def _is_meant(signature: _Signature, signer: Certificate) -> bool:
    """Say whether the signed attributes name this certificate by its hash (RFC 5035; RFC 3161 §2.4.1 demands it)."""
    try:
        second = _attribute(signature, _SIGNER_2, der.SEQUENCE)
        if second:
            first = der.Reader(second).within().within()
            algorithm = first.maybe(der.SEQUENCE)
            hash_name = _HASHES.get(der.Reader(algorithm.content).oid() if algorithm else _SHA256, "")
            return bool(hash_name) and hashlib.new(hash_name, signer.der).digest() == first.octets()
        older = _attribute(signature, _SIGNER, der.SEQUENCE)
        # SHA-1 by the format (RFC 2634). It only picks among certificates of one key; the chain is what is believed.
        digest = hashlib.sha1(signer.der, usedforsecurity=False).digest()
        return bool(older) and digest == der.Reader(older).within().within().octets()
    except ValueError:
        return False


def _attribute(signature: _Signature, oid: str, tag: int) -> bytes:
    """Return the content of the one value of a signed attribute; nothing where it is missing.

    Raises:
        UnreadableError: It stands there twice, or has several values.
    """
    found = b""
    inside = der.Reader(signature.attributes.content)
    try:
        while not inside.ended:
            attribute = inside.within()
            name = attribute.oid()
            values = attribute.within(der.SET)
            attribute.end()
            if name == oid:
                value = values.take(tag)
                values.end()
                if found:
                    raise UnreadableError
                found = value.content
    except ValueError:
        raise UnreadableError from None
    return found
