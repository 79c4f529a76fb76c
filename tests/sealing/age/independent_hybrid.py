"""HPKE base mode over MLKEM768-X25519, written from RFC 9180 §4–5 and draft-ietf-hpke-pq-03 alone, for tests."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

#: KEM 0x647a, KDF HKDF-SHA256, AEAD ChaCha20-Poly1305.
SUITE = b"HPKE" + bytes.fromhex("647a00010003")
COMBINER_LABEL = b"\\.//^\\"


def shared_secret(seed: bytes, enc: bytes) -> bytes:
    """Return SHA3-256(ML-KEM secret ‖ X25519 secret ‖ X25519 share ‖ X25519 public key ‖ label)."""
    grown = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(grown[:64])
    x25519 = X25519PrivateKey.from_private_bytes(grown[64:])
    parts = (
        mlkem.decapsulate(enc[:1_088]),
        x25519.exchange(X25519PublicKey.from_public_bytes(enc[1_088:])),
        enc[1_088:],
        x25519.public_key().public_bytes_raw(),
        COMBINER_LABEL,
    )
    return hashlib.sha3_256(b"".join(parts)).digest()


def labelled_extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    """RFC 9180 §4, LabeledExtract."""
    return hmac.digest(salt, b"HPKE-v1" + SUITE + label + material, "sha256")


def labelled_expand(key: bytes, label: bytes, info: bytes, size: int) -> bytes:
    """RFC 9180 §4, LabeledExpand, for one block of output."""
    return hmac.digest(key, size.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info + b"\1", "sha256")[
        :size
    ]


def open_base(seed: bytes, enc: bytes, info: bytes, sealed: bytes) -> bytes:
    """Return the plaintext that was sealed to the key of `seed` in base mode, without associated data."""
    context = b"\0" + labelled_extract(b"", b"psk_id_hash", b"") + labelled_extract(b"", b"info_hash", info)
    secret = labelled_extract(shared_secret(seed, enc), b"secret", b"")
    key = labelled_expand(secret, b"key", context, 32)
    nonce = labelled_expand(secret, b"base_nonce", context, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, sealed, None)
