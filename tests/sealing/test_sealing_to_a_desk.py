"""Sealing to hybrid keys, signing twice, sharing, words and the puzzle's costly half."""

from __future__ import annotations

import hashlib
import hmac
import json
from hashlib import shake_256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.sealing.derive import derive
from holdfire.sealing.double_signature import (
    PUBLIC_SIZE,
    SIGNATURE_SIZE,
    DoubleKey,
    DoubleSignatureError,
    verify,
)
from holdfire.sealing.gate import hard_hash
from holdfire.sealing.hpke import OVERHEAD, BadKeyError, PublicKey, SealError, SecretKey
from holdfire.sealing.shares import SharesError, interpolate, join, split
from holdfire.sealing.words import WordsError, read_twelve, spoken_match, spoken_of, twelve_of

#: Beside the project, wherever it is checked out.
SHARED = next(
    (
        above / "shared" / "vectors"
        for above in Path(__file__).parents
        if (above / "shared" / "vectors").is_dir()
    ),
    Path("nowhere"),
)
KEY = DoubleKey(bytes(64))


def test_sizes_are_those_of_the_protocol() -> None:
    key = SecretKey(bytes(32))
    assert len(key.public) == 1_216
    assert len(PublicKey(key.public).seal(b"", b"")) == OVERHEAD == 1_136
    assert (len(KEY.public), len(KEY.sign(b""))) == (PUBLIC_SIZE, SIGNATURE_SIZE) == (1_984, 3_373)


@given(st.binary(max_size=200), st.binary(max_size=50))
@settings(max_examples=20, deadline=None)
def test_what_is_sealed_opens_in_its_place_alone(content: bytes, info: bytes) -> None:
    key = SecretKey(bytes(32))
    sealed = PublicKey(key.public).seal(content, info)
    assert key.open(sealed, info) == content
    for place in (info + b"x", b""):
        if place != info:
            with pytest.raises(SealError):
                key.open(sealed, place)
    with pytest.raises(SealError):
        SecretKey(b"x" * 32).open(sealed, info)


def test_no_key_and_a_key_of_low_order_are_refused() -> None:
    with pytest.raises(BadKeyError):
        PublicKey(bytes(31))
    public = SecretKey(bytes(32)).public
    with pytest.raises(BadKeyError):
        PublicKey(public[:-32] + bytes(32)).seal(b"", b"")


def labelled(secret: bytes, label: bytes, info: bytes, size: int, suite: bytes) -> bytes:
    """LabeledExpand of RFC 9180 §4."""
    text = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    out, block, count = b"", b"", 1
    while len(out) < size:
        block = hmac.digest(secret, block + text + bytes([count]), "sha256")
        out, count = out + block, count + 1
    return out[:size]


def extracted(salt: bytes, label: bytes, value: bytes, suite: bytes) -> bytes:
    """LabeledExtract of RFC 9180 §4."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + value, "sha256")


def test_the_public_vectors_open_with_a_key_grown_as_ours_is() -> None:
    path = SHARED / "hpke-pq" / "test-vectors.json"
    if not path.exists():
        pytest.skip("the public vectors are not here")
    case = next(
        one
        for one in json.loads(path.read_text())
        if (one["kem_id"], one["kdf_id"], one["aead_id"]) == (0x647A, 1, 3)
    )
    key = SecretKey(bytes.fromhex(case["skRm"]))
    assert key.public.hex() == case["pkRm"]
    grown, enc = shake_256(key.seed).digest(96), bytes.fromhex(case["enc"])
    first = MLKEM768PrivateKey.from_seed_bytes(grown[:64]).decapsulate(enc[:1_088])
    second = X25519PrivateKey.from_private_bytes(grown[64:]).exchange(
        X25519PublicKey.from_public_bytes(enc[1_088:])
    )
    shared = hashlib.sha3_256(first + second + enc[1_088:] + key.public[1_184:] + b"\\.//^\\").digest()
    assert shared.hex() == case["shared_secret"]
    suite, info = bytes.fromhex(case["suite_id"]), bytes.fromhex(case["info"])
    about = b"\0" + extracted(b"", b"psk_id_hash", b"", suite) + extracted(b"", b"info_hash", info, suite)
    secret = extracted(shared, b"secret", b"", suite)
    cipher = ChaCha20Poly1305(labelled(secret, b"key", about, 32, suite))
    start = int.from_bytes(labelled(secret, b"base_nonce", about, 12, suite), "big")
    for place, one in enumerate(case["encryptions"]):
        # The vectors bind associated data, which the library has no place for; its key schedule is the same.
        sealed, aad = bytes.fromhex(one["ct"]), bytes.fromhex(one["aad"])
        opened = cipher.decrypt((start ^ place).to_bytes(12, "big"), sealed, aad)
        assert opened.hex() == one["pt"]
    ours = cipher.encrypt(start.to_bytes(12, "big"), b"of our own", b"")
    assert key.open(enc + ours, info) == b"of our own"


def test_both_signatures_must_hold() -> None:
    signed = KEY.sign(b"this")
    verify(KEY.public, b"this", signed)
    other = DoubleKey(b"x" * 64)
    wrong = other.sign(b"this")
    for bad in (wrong[:64] + signed[64:], signed[:64] + wrong[64:], signed[:-1], signed + b"\0", b""):
        with pytest.raises(DoubleSignatureError):
            verify(KEY.public, b"this", bad)
    with pytest.raises(DoubleSignatureError):
        verify(KEY.public, b"that", signed)
    first = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    second = MLDSA65PrivateKey.from_seed_bytes(bytes(32)).public_key().public_bytes_raw()
    assert KEY.public == first + second


@given(
    st.binary(min_size=1, max_size=64),
    st.integers(2, 5),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_any_k_shares_bring_the_secret_back(secret: bytes, needed: int, more: int, random: object) -> None:
    shares = list(split(secret, needed, needed + more))
    random.shuffle(shares)  # type: ignore[attr-defined]
    assert join(shares[:needed], len(secret)) == secret
    with pytest.raises(SharesError):
        join(shares[: needed - 1], len(secret))
    with pytest.raises(SharesError):
        join([shares[0], *shares], len(secret))


def test_the_line_of_the_public_vectors_goes_through_their_secret() -> None:
    path = SHARED / "rfc9591" / "frost-ristretto255-sha512.json"
    if not path.exists():
        pytest.skip("the public vectors are not here")
    case = json.loads(path.read_text())["inputs"]
    field = 2**252 + 27742317777372353535851937790883648493
    points = [
        (one["identifier"], int.from_bytes(bytes.fromhex(one["participant_share"]), "little"))
        for one in case["participant_shares"]
    ]
    secret = int.from_bytes(bytes.fromhex(case["group_secret_key"]), "little")
    for left_out in range(3):
        assert interpolate([one for place, one in enumerate(points) if place != left_out], field) == secret


def test_twelve_words_are_those_of_bip39_and_a_slip_is_noticed() -> None:
    assert twelve_of(bytes(16)) == "abandon " * 11 + "about"
    assert read_twelve("aban " * 11 + "ABOU") == bytes(16)
    for wrong in ("abandon " * 12, "abandon " * 11, "abandon " * 11 + "holdfire"):
        with pytest.raises(WordsError):
            read_twelve(wrong)


@given(st.binary(min_size=16, max_size=16))
def test_words_come_back(entropy: bytes) -> None:
    assert read_twelve(twelve_of(entropy)) == entropy


@given(st.binary(min_size=32, max_size=32), st.integers(0, 87))
def test_one_bit_among_88_shows_in_the_eight_words(name: bytes, bit: int) -> None:
    other = bytearray(name)
    other[bit // 8] ^= 0x80 >> bit % 8
    assert spoken_match(name, spoken_of(name).upper())
    assert not spoken_match(bytes(other), spoken_of(name))


def test_no_key_follows_from_what_somebody_could_guess() -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        derive(b"a short word", b"")


def test_the_costly_half_depends_on_both_its_parts() -> None:
    assert len({hard_hash(x, s) for x in (bytes(8), b"x" * 8) for s in (bytes(32), b"s" * 32)}) == 4
