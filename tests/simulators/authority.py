"""Time-stamping authorities on this computer: one that is openssl, one of our own that can do wrong, and a calendar."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from holdfire.sealing import der
from holdfire.sealing.der import Reader

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
#: Small enough to be made quickly; the least that is believed.
RSA_BITS = 2_048

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
SHA256 = "2.16.840.1.101.3.4.2.1"


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    content = b""
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content += bytes(reversed(groups))
    return der.write(der.OID, content)


def name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def signed(
    subject: str, key: Key, issuer: str, by: Key, extensions: list[tuple[x509.ExtensionType, bool]], begins: datetime, ends: datetime,
    with_hash: hashes.SHA256 | hashes.SHA384 | None = None,
) -> x509.Certificate:  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
    )
    builder = (
        builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
    )
    for one, critical in extensions:
        builder = builder.add_extension(one, critical)
    return builder.sign(
        by, None if isinstance(by, ed25519.Ed25519PrivateKey) else with_hash or hashes.SHA256()
    )


CA: list[tuple[x509.ExtensionType, bool]] = [(x509.BasicConstraints(ca=True, path_length=None), True)]
TIME: list[tuple[x509.ExtensionType, bool]] = [
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
]


@dataclass
class Maker:
    """An authority of our own, whose every part can be made wrong.

    Attributes:
        extensions: Of the certificate that signs.
        wrong: What is changed of an answer: see `answer`.
    """

    key: Key = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    extensions: list[tuple[x509.ExtensionType, bool]] = field(default_factory=lambda: list(TIME))
    begins: datetime = NOW - 30 * DAY
    ends: datetime = NOW + 30 * DAY
    middle: list[tuple[x509.ExtensionType, bool]] | None = None
    root_extensions: list[tuple[x509.ExtensionType, bool]] = field(default_factory=lambda: list(CA))
    root_ends: datetime = NOW + 3_650 * DAY

    def __post_init__(self) -> None:
        root_key = ec.generate_private_key(ec.SECP256R1())
        long_ago = NOW - 365 * DAY
        self.root = signed("Root", root_key, "Root", root_key, self.root_extensions, long_ago, self.root_ends)
        above, above_key, self.others = "Root", root_key, list[x509.Certificate]()
        if self.middle is not None:
            above_key = ec.generate_private_key(ec.SECP256R1())
            self.others = [
                signed("Middle", above_key, "Root", root_key, self.middle, long_ago, NOW + 400 * DAY)
            ]
            above = "Middle"
        self.leaf = signed("Clock", self.key, above, above_key, self.extensions, self.begins, self.ends)

    @property
    def pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def answer(self, request: bytes, now: datetime = NOW, **wrong: Any) -> bytes:
        """Answer a request; `wrong` replaces status, imprint, nonce, digest, attributes, certificates, digest_oid, signature or pss."""
        asked = Reader(request).within()
        asked.integer()
        imprint = asked.take(der.SEQUENCE).raw
        nonce = wrong.get("nonce", asked.take(der.INTEGER).raw)
        info = der.write(
            der.SEQUENCE,
            der.write_whole(1), oid("1.2.3.4.1"), wrong.get("imprint", imprint), der.write_whole(77),
            der.write(der.GENERALIZED_TIME, f"{now:%Y%m%d%H%M%S}Z".encode()), nonce,
        )  # fmt: skip
        attributes = der.write(0xA0, *wrong.get("attributes", self.attributes(info)))
        chosen = wrong.get("digest_oid", SHA256)
        digest = der.write(der.SEQUENCE, oid(chosen), der.write(der.NULL))
        algorithm, signature = self._sign(bytes([der.SET]) + attributes[1:], pss=wrong.get("pss", False))
        leaf = self.leaf.public_bytes(Encoding.DER)
        tbs = Reader(leaf).within().within()
        tbs.take()
        serial, _, issuer = tbs.take(der.INTEGER).raw, tbs.take(), tbs.take().raw
        signer = der.write(
            der.SEQUENCE,
            der.write_whole(1), wrong.get("signer", der.write(der.SEQUENCE, issuer, serial)), digest, attributes,
            algorithm, der.write(der.OCTET_STRING, wrong.get("signature", signature)),
        )  # fmt: skip
        sent = wrong.get("certificates", [leaf, *(one.public_bytes(Encoding.DER) for one in self.others)])
        content = der.write(
            der.SEQUENCE,
            oid("1.2.840.113549.1.9.16.1.4"),
            der.write(0xA0, der.write(der.OCTET_STRING, wrong.get("info", info))),
        )
        data = der.write(
            der.SEQUENCE,
            der.write_whole(3), der.write(der.SET, digest), content, der.write(0xA0, *sent),
            der.write(der.SET, *[signer] * wrong.get("signers", 1)),
        )  # fmt: skip
        token = der.write(der.SEQUENCE, oid("1.2.840.113549.1.7.2"), der.write(0xA0, data))
        return der.write(
            der.SEQUENCE, der.write(der.SEQUENCE, der.write_whole(wrong.get("status", 0))), token
        )

    def attributes(
        self,
        info: bytes,
        *,
        kind: str = "1.2.840.113549.1.9.16.1.4",
        certificate: bytes | None = None,
        older: bool = False,
    ) -> list[bytes]:
        """Return the attributes that are signed, in the order that DER wants of a set."""
        hashed = certificate if certificate is not None else self.leaf.public_bytes(Encoding.DER)
        digest = hashlib.sha1(hashed).digest() if older else hashlib.sha256(hashed).digest()  # noqa: S324 — RFC 2634
        ess = der.write(
            der.SEQUENCE,
            der.write(der.SEQUENCE, der.write(der.SEQUENCE, der.write(der.OCTET_STRING, digest))),
        )
        return sorted(
            [
                attribute("1.2.840.113549.1.9.3", oid(kind)),
                attribute("1.2.840.113549.1.9.4", der.write(der.OCTET_STRING, hashlib.sha256(info).digest())),
                attribute("1.2.840.113549.1.9.16.2.12" if older else "1.2.840.113549.1.9.16.2.47", ess),
            ],
            key=lambda one: (len(one), one),
        )

    def _sign(self, message: bytes, *, pss: bool) -> tuple[bytes, bytes]:
        key = self.key
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return der.write(der.SEQUENCE, oid("1.3.101.112")), key.sign(message)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return der.write(der.SEQUENCE, oid("1.2.840.10045.4.3.2")), key.sign(
                message, ec.ECDSA(hashes.SHA256())
            )
        if pss:
            hashed = der.write(der.SEQUENCE, oid(SHA256), der.write(der.NULL))
            params = der.write(
                der.SEQUENCE,
                der.write(0xA0, hashed), der.write(0xA1, der.write(der.SEQUENCE, oid("1.2.840.113549.1.1.8"), hashed)),
                der.write(0xA2, der.write_whole(32)),
            )  # fmt: skip
            algorithm = der.write(der.SEQUENCE, oid("1.2.840.113549.1.1.10"), params)
            return algorithm, key.sign(
                message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()
            )
        algorithm = der.write(der.SEQUENCE, oid("1.2.840.113549.1.1.1"), der.write(der.NULL))
        return algorithm, key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def attribute(kind: str, *values: bytes) -> bytes:
    return der.write(der.SEQUENCE, oid(kind), der.write(der.SET, *values))


CONFIGURATION = """
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = {ess}
"""


class OpensslAuthority:
    """openssl as an authority: what it answers is what courts' tools made."""

    def __init__(self, folder: Path, *, ess: str = "sha256", ends: datetime | None = None) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        made = Maker(
            rsa.generate_private_key(65_537, RSA_BITS),
            begins=now - DAY,
            ends=ends or now + DAY,
            root_ends=now + 3_650 * DAY,
        )
        self.pem = made.pem
        (folder / "root.pem").write_bytes(made.pem)
        (folder / "clock.pem").write_bytes(made.leaf.public_bytes(Encoding.PEM))
        (folder / "clock.key").write_bytes(
            made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder, ess=ess))

    def answer(self, request: bytes) -> bytes:
        (self.folder / "asked.tsq").write_bytes(request)
        done = subprocess.run(
            [
                "openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "asked.tsq", "-signer", "clock.pem",
                "-inkey", "clock.key", "-out", "answer.tsr",
            ],
            cwd=self.folder, capture_output=True, check=False, timeout=30,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return (self.folder / "answer.tsr").read_bytes()


def openssl_verifies(
    folder: Path, answer: bytes, statement: bytes, roots: bytes, at: datetime | None = None
) -> bool:
    """Say what `openssl ts -verify` says, as a clerk would ask it."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in (("a.tsr", answer), ("statement.json", statement), ("roots.pem", roots)):
        (folder / file).write_bytes(content)
    time = ["-attime", str(int(at.timestamp()))] if at else []
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-in", "a.tsr", "-data", "statement.json", "-CAfile", "roots.pem", "-untrusted", "roots.pem", *time],
        cwd=folder, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    return done.returncode == 0 and "Verification: OK" in done.stdout + done.stderr


class Calendar:
    """An OpenTimestamps calendar that promises, and later leads to a block that never was."""

    HEIGHT = 900_000

    def __init__(self, address: str) -> None:
        self.address = address
        self.ready = False

    def promise(self, digest: bytes) -> bytes:
        """Answer `/digest`: append, hash, prepend, a promise."""
        assert len(digest) == 32
        uri = self.address.encode()
        payload = number(len(uri)) + uri
        return (
            b"\xf0\x04abcd\x08\xf1\x02xy\x00"
            + bytes.fromhex("83dfe30d2ef90c8e")
            + number(len(payload))
            + payload
        )

    def kept(self, commitment: bytes) -> bytes | None:
        """Answer `/timestamp/…`: None as long as nothing is in a block."""
        if not self.ready:
            return None
        assert len(commitment) == 34
        payload = number(self.HEIGHT)
        return b"\x08\x08\x00" + bytes.fromhex("0588960d73d71901") + number(len(payload)) + payload


def number(value: int) -> bytes:
    groups = []
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
