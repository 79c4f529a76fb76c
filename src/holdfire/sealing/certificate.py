"""Certificates (X.509, RFC 5280), one by one: what each says, and whether another signed it. Chains stand in `chain.py`.

Only what time-stamping needs is known here (RFC 3161 §2.3).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, SignatureAlgorithmOID

from holdfire.errors import TamperError, UserError
from holdfire.language import mark
from holdfire.sealing import der

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: The most a file of certificates may be, and the most certificates in it.
MOST_FILE: Final = 256 << 10
MOST_CERTIFICATES: Final = 32
_LEAST_RSA: Final = 2_048
_MOST_RSA: Final = 16_384

_HASHES: Final[dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]]] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}
#: How something can be signed, with the hash that the name carries; None where that stands elsewhere.
_RSA: Final[dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512] | None]] = {
    "1.2.840.113549.1.1.1": None,
    "1.2.840.113549.1.1.11": hashes.SHA256,
    "1.2.840.113549.1.1.12": hashes.SHA384,
    "1.2.840.113549.1.1.13": hashes.SHA512,
}
_ECDSA: Final[dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]]] = {
    "1.2.840.10045.4.3.2": hashes.SHA256,
    "1.2.840.10045.4.3.3": hashes.SHA384,
    "1.2.840.10045.4.3.4": hashes.SHA512,
}
_PSS: Final = "1.2.840.113549.1.1.10"
_MGF1: Final = "1.2.840.113549.1.1.8"
_ED25519: Final = "1.3.101.112"
_STRONG: Final = frozenset({"sha256", "sha384", "sha512"})
#: Critical extensions that are looked at here.
_UNDERSTOOD: Final = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        # Which policies a path is good for: the stamp's own policy is shown, and none is asked for.
        ExtensionOID.CERTIFICATE_POLICIES,
    }
)


class PurposeError(ValueError):
    """A certificate is not one for signing times."""


@dataclass(frozen=True)
class Certificate:
    """One certificate, by its bytes; use `load`."""

    der: bytes

    @cached_property
    def _parsed(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)

    def parse(self) -> None:
        """Ask now for all that is parsed only when it is asked for: a fault is found here or nowhere."""
        _ = self.name, self.subject, self.begins, self.ends, self.key_name, list(self._parsed.extensions)
        self._parsed.public_key()

    @cached_property
    def name(self) -> tuple[bytes, int]:
        """Issuer, in DER, and serial number: what a signature calls its signer."""
        inner = der.Reader(self.der).within().within()
        inner.maybe(der.CONTEXT_0)
        serial = inner.integer()
        inner.take(der.SEQUENCE)
        return inner.take(der.SEQUENCE).raw, serial

    @cached_property
    def key_name(self) -> bytes:
        """The subject key identifier, empty where there is none: what else a signature may call its signer."""
        try:
            return self._parsed.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        except x509.ExtensionNotFound:
            return b""

    @property
    def subject(self) -> str:
        """Whose it is, as the certificate says: `CN=…,O=…`."""
        return self._parsed.subject.rfc4514_string()

    @property
    def begins(self) -> datetime:
        """When it begins to be valid."""
        return self._parsed.not_valid_before_utc

    @property
    def ends(self) -> datetime:
        """Until when it is valid."""
        return self._parsed.not_valid_after_utc

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its bytes, 64 hexadecimal digits."""
        return sha256(self.der).hexdigest()

    @cached_property
    def is_root(self) -> bool:
        """Whether it is signed with its own key."""
        return self._parsed.issuer == self._parsed.subject and self.signed_by(self)

    def verify(self, message: bytes, signature: bytes, algorithm: bytes, digest: str) -> None:
        """Return if `signature` was made over `message` with the secret half of the key in this certificate.

        Args:
            message: What was signed.
            signature: As the algorithm writes it.
            algorithm: The AlgorithmIdentifier, in DER.
            digest: Which hash was named beside it, as an object identifier.

        Raises:
            TamperError: It was not, or in a way that is not known or too weak.
        """
        try:
            self._verify(message, signature, algorithm, digest)
        except (InvalidSignature, ValueError, UnsupportedAlgorithm):
            raise TamperError(
                mark("A signature is wrong."), mark("Do not rely on what it stands under.")
            ) from None

    def _verify(self, message: bytes, signature: bytes, algorithm: bytes, digest: str) -> None:
        inside = der.Reader(algorithm).within()
        oid = inside.oid()
        key = self._parsed.public_key()
        if oid in _RSA and isinstance(key, rsa.RSAPublicKey):
            chosen = _RSA[oid] or _HASHES.get(digest)
            if chosen is not None and chosen is _HASHES.get(digest):
                _bounded(key).verify(signature, message, padding.PKCS1v15(), chosen())
                return
        elif oid == _PSS and isinstance(key, rsa.RSAPublicKey):
            pss, hashed = _pss(inside.within())
            _bounded(key).verify(signature, message, pss, hashed)
            return
        elif oid in _ECDSA and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(_ECDSA[oid]()))
            return
        elif oid == _ED25519 and isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
            return
        raise InvalidSignature

    def check_signs_times(self) -> None:
        """Return if this is a certificate for signing times and nothing else (check 5).

        Raises:
            PurposeError: It is not.
        """
        try:
            extensions = self._parsed.extensions
            purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        except x509.ExtensionNotFound:
            raise PurposeError from None
        if not purposes.critical or list(purposes.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
            raise PurposeError
        usage = _usage(extensions)
        others = usage is not None and (
            usage.key_cert_sign
            or usage.crl_sign
            or usage.key_encipherment
            or usage.data_encipherment
            or usage.key_agreement
        )
        if usage is not None and (others or not (usage.digital_signature or usage.content_commitment)):
            raise PurposeError

    def valid_at(self, at: datetime) -> bool:
        """Say whether this was valid then (check 1)."""
        return self.begins <= at <= self.ends

    def names_issuer(self, other: Certificate) -> bool:
        """Say whether this says of `other` that it was signed by it."""
        return self._parsed.issuer == other._parsed.subject

    def signed_by(self, issuer: Certificate) -> bool:
        """Return whether the key of `issuer` signed this one (check 2)."""
        parsed = self._parsed
        try:
            hashed = parsed.signature_hash_algorithm
            strong = (
                parsed.signature_algorithm_oid == SignatureAlgorithmOID.ED25519
                if hashed is None
                else hashed.name in _STRONG
            )
            key = issuer._parsed.public_key()
            if isinstance(key, rsa.RSAPublicKey):
                _bounded(key)
            # A root's own signature proves nothing, and old ones made it with SHA-1.
            if not strong and issuer.der != self.der:
                return False
            parsed.verify_directly_issued_by(issuer._parsed)
        except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
            return False
        return True

    def may_sign(self, below: int) -> bool:
        """Return whether this may sign another with `below` between itself and the first (checks 3 and 6)."""
        extensions = self._parsed.extensions
        try:
            limits = extensions.get_extension_for_class(x509.BasicConstraints).value
        except x509.ExtensionNotFound:
            # Roots from before 1996 have no extensions at all; this one the person chose themselves.
            return self.is_root and not list(extensions)
        usage = _usage(extensions)
        if not limits.ca or (limits.path_length is not None and limits.path_length < below):
            return False
        if usage is not None and not usage.key_cert_sign:
            return False
        try:
            purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            return True
        return bool(
            {ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & set(purposes)
        )

    def understood(self) -> bool:
        """Return whether nothing critical is said that is not looked at here (check 4)."""
        return all(one.oid in _UNDERSTOOD for one in self._parsed.extensions if one.critical)


def load(untrusted: bytes) -> Certificate:
    """Return the certificate that these bytes are, in DER.

    Raises:
        ValueError: They are none.
    """
    found = Certificate(untrusted)
    try:
        with warnings.catch_warnings():
            # What the library only warns of, such as a serial number below zero, RFC 5280 forbids.
            warnings.simplefilter("error")
            found.parse()
    except Exception:  # noqa: BLE001 — the library has kinds of its own for what it cannot read, and no common one
        raise ValueError from None
    return found


def read_file(untrusted: bytes) -> tuple[Certificate, ...]:
    """Return the certificates of a file, PEM or DER, in its order.

    Raises:
        UserError: It holds none, too many, or something that is none.
    """
    try:
        return _read_file(untrusted)
    except ValueError:
        raise UserError(
            mark("This file holds no certificates that can be read."),
            mark(
                "An authority offers its certificates as .pem, .crt or .cer. Take that file again from its own pages."
            ),
        ) from None


def _read_file(untrusted: bytes) -> tuple[Certificate, ...]:
    if len(untrusted) > MOST_FILE:
        raise ValueError
    if b"-----BEGIN" not in untrusted:
        return (load(untrusted),)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # each is judged by `load`
            parsed = x509.load_pem_x509_certificates(untrusted)
    except Exception:  # noqa: BLE001 — as above
        raise ValueError from None
    if len(parsed) > MOST_CERTIFICATES:
        raise ValueError
    return tuple(load(one.public_bytes(Encoding.DER)) for one in parsed)


def write_pem(certificates: Sequence[Certificate]) -> str:
    """Return certificates as PEM, as public tools read them."""
    return "".join(
        x509.load_der_x509_certificate(one.der).public_bytes(Encoding.PEM).decode("ascii")
        for one in certificates
    )


def _bounded(key: rsa.RSAPublicKey) -> rsa.RSAPublicKey:
    if not _LEAST_RSA <= key.key_size <= _MOST_RSA:
        raise InvalidSignature
    return key


def _pss(inside: der.Reader) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """Return what RSASSA-PSS-params say (RFC 8017 A.2.3): one known hash for both, and a salt; the defaults are SHA-1."""
    oid = inside.within(der.CONTEXT_0).within().oid()
    mask = inside.within(der.CONTEXT_1).within()
    if mask.oid() != _MGF1 or mask.within().oid() != oid or oid not in _HASHES:
        raise InvalidSignature
    salt = inside.within(der.CONTEXT_2).integer()
    inside.end()
    if not 0 <= salt <= _HASHES[oid].digest_size:
        raise InvalidSignature
    return padding.PSS(padding.MGF1(_HASHES[oid]()), salt), _HASHES[oid]()


def _usage(extensions: x509.Extensions) -> x509.KeyUsage | None:
    try:
        return extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
