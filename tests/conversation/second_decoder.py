"""A second decoder of envelope and conversation, written from docs/protocols alone: its own CBOR, HKDF and trees, no module of Holdfire."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import re
import struct
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

#: Fields of §§1–3, 6, 7, 10 and 12: number, kind, least, most; a kind in lower case may be missing.
WHOLE, BYTES, TEXT, LIST, ROW = "whole", "bytes", "text", "list", "row"
N53 = (1 << 53) - 1
TIME = (WHOLE, 0, 4_102_444_800)
H32 = (BYTES, 32, 32)
HEAD = (ROW, (WHOLE, 0, N53), H32)
FORMS: dict[str, list[tuple[int, Any, bool]]] = {
    "signed": [(1, (BYTES, 0, 65_536), True), (2, (BYTES, 3_373, 3_373), True)],
    "card": [
        (1, (WHOLE, 1, N53), True),
        (2, (TEXT, 1, 120), True),
        (3, (BYTES, 1_984, 1_984), True),
        (4, (TEXT, 0, 4_000), True),
        (5, (LIST, 1, 4, (ROW, (TEXT, 1, 128), H32, H32)), True),
    ],
    "certificate": [(1, (BYTES, 1_984, 1_984), True), (2, TIME, True), (3, TIME, True)],
    "notice": [
        (1, H32, True),
        (2, (TEXT, 1, 128), True),
        (3, (WHOLE, 1, N53), True),
        (4, H32, True),
        (5, TIME, True),
        (6, (BYTES, 0, 8_192), True),
        (7, (LIST, 1, 16, (ROW, (TEXT, 10, 10), (BYTES, 1_216, 1_216))), True),
        (8, H32, True),
        (9, (BYTES, 16, 16), True),
        (10, (WHOLE, 0, 16), True),
        (11, (WHOLE, 0, 15), True),
        (12, (WHOLE, 1, N53), True),
        (13, (LIST, 0, 8, (ROW, (TEXT, 10, 10), (TEXT, 1, 160), (TEXT, 0, 2_400))), True),
    ],
    "message": [
        (1, H32, True),
        (2, (WHOLE, 1, 1_000), True),
        (3, H32, True),
        (4, (BYTES, 1_216, 1_216), True),
        (5, (WHOLE, 0, 65_535), True),
        (6, (WHOLE, 0, 10), True),
        (7, (TEXT, 0, 5_600), True),
        (8, (LIST, 0, 16, (ROW, H32, (WHOLE, 0, 65_536 * 1_048_560), H32)), True),
        (9, H32, False),
        (10, (LIST, 0, 12, (ROW, (TEXT, 1, 24), (TEXT, 0, 1_200))), False),
        (11, (TEXT, 2, 35), False),
    ],
    "reply": [
        (1, (WHOLE, 0, 3), True),
        (2, (WHOLE, 1, 4), True),
        (3, (WHOLE, 0, 1_000), True),
        (4, (LIST, 0, 8, (WHOLE, 1, 1_000)), True),
        (5, (LIST, 0, 4, (WHOLE, 1, 1_000)), True),
        (6, (BYTES, 16, 16), True),
        (7, (WHOLE, 0, 65_535), True),
        (8, (TEXT, 0, 2_850), True),
        (9, (WHOLE, 0, 1), True),
    ],
    "bucket": [
        (1, H32, True),
        (2, (TEXT, 1, 128), True),
        (3, (WHOLE, 1, N53), True),
        (4, (BYTES, 16, 16), True),
        (5, (WHOLE, 0, 16), True),
        (6, (WHOLE, 0, 65_535), True),
        (7, (BYTES, 3_373, 3_373), True),
    ],
    "act": [
        (1, H32, True),
        (2, (WHOLE, 1, N53), True),
        (3, TIME, True),
        (4, HEAD, True),
        (5, HEAD, True),
        (6, (WHOLE, 0, 11), True),
        (7, (BYTES, 0, 32), True),
        (8, (TEXT, 0, 7_200), True),
    ],
    "roster": [
        (1, (WHOLE, 1, N53), True),
        (2, (LIST, 1, 32, (ROW, (TEXT, 1, 60), H32, (WHOLE, 0, 1))), True),
    ],
    "wrapped keys": [
        (1, (LIST, 0, 32, (ROW, (TEXT, 10, 10), H32)), True),
        (2, H32, True),
        (3, (LIST, 1, 4, H32), True),
        (4, H32, True),
    ],
}


class RefusedError(Exception):
    """What the protocol calls the fault, and for a form why."""

    def __init__(self, error: str, why: str = "") -> None:
        self.error, self.why = error, why
        super().__init__(error, why)


def form_error(why: str) -> RefusedError:
    return RefusedError("FormatError", why)


def read_item(data: bytes, at: int, deep: int = 0) -> tuple[Any, int, bool]:  # noqa: C901, PLR0911, PLR0912 — one page beside the standard
    """Return an item, where it ends, and whether it is in its one spelling."""
    if at >= len(data) or deep > 8:
        raise form_error("not CBOR")
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    shortest = True
    if short < 24:
        value = short
    elif short < 28:
        size = 1 << (short - 24)
        if at + size > len(data):
            raise form_error("not CBOR")
        value = int.from_bytes(data[at : at + size], "big")
        shortest = value >= (24 if size == 1 else 1 << 4 * size)
        at += size
    else:
        raise form_error("not CBOR")
    if major == 0:
        return value, at, shortest
    if major == 1:
        return -1 - value, at, shortest
    if major in {2, 3}:
        if at + value > len(data):
            raise form_error("not CBOR")
        raw = data[at : at + value]
        if major == 2:
            return raw, at + value, shortest
        try:
            return raw.decode(), at + value, shortest
        except UnicodeDecodeError:
            raise form_error("not CBOR") from None
    if major == 4:
        items = []
        for _ in range(value):
            item, at, fine = read_item(data, at, deep + 1)
            items.append(item)
            shortest &= fine
        return items, at, shortest
    if major == 5:
        found: dict[Any, Any] = {}
        keys: list[bytes] = []
        for _ in range(value):
            start = at
            key, at, fine = read_item(data, at, deep + 1)
            if isinstance(key, list | dict) or key in found:
                raise form_error("not CBOR")
            shortest &= fine and (not keys or keys[-1] < data[start:at])
            keys.append(data[start:at])
            found[key], at, fine = read_item(data, at, deep + 1)
            shortest &= fine
        return found, at, shortest
    if major == 7:
        return (value == 21 if short in {20, 21} else float("nan")), at, shortest
    raise form_error("not CBOR")


def check_kind(value: Any, kind: Any) -> None:  # noqa: C901, PLR0912 — likewise
    if kind[0] == WHOLE:
        if type(value) is not int:
            raise form_error("not a whole number")
        if not kind[1] <= value <= kind[2]:
            raise form_error("out of range")
    elif kind[0] == BYTES:
        if type(value) is not bytes:
            raise form_error("not bytes")
        if not kind[1] <= len(value) <= kind[2]:
            raise form_error("wrong length")
    elif kind[0] == TEXT:
        if type(value) is not str:
            raise form_error("not text")
        if not kind[1] <= len(value.encode()) <= kind[2]:
            raise form_error("wrong length")
        if "\0" in value:
            raise form_error("a zero byte in text")
    else:
        if type(value) is not list:
            raise form_error("not a list")
        least, most = (len(kind) - 1,) * 2 if kind[0] == ROW else kind[1:3]
        if not least <= len(value) <= most:
            raise form_error("wrong number of items")
        for place, one in enumerate(value):
            check_kind(one, kind[1 + place] if kind[0] == ROW else kind[3])


def document(name: str, data: bytes) -> dict[int, Any]:
    found, end, shortest = read_item(data, 0)
    if type(found) is not dict or any(type(key) is not int for key in found):
        raise form_error("not a map of numbered fields")
    if 0 not in found:
        raise form_error("missing")
    if type(found[0]) is not int or found[0] != 1:
        raise form_error("not a version this program knows")
    for number, kind, needed in FORMS[name]:
        if number in found:
            check_kind(found[number], kind)
        elif needed:
            raise form_error("missing")
    if set(found) - {number for number, _, _ in FORMS[name]} - {0}:
        raise form_error("an unknown field")
    if not shortest or end != len(data):
        raise form_error("not in its one spelling")
    return found


def unpad(data: bytes) -> bytes:
    at = len(data) - 1
    while at >= 0 and data[at] == 0:
        at -= 1
    if at < 0 or data[at] != 0x80:
        raise form_error("wrong padding")
    return data[:at]


def items(*parts: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def named(purpose: str, *parts: bytes) -> bytes:
    return hashlib.sha256(items(b"holdfire/1", purpose.encode(), *parts)).digest()


def ctx(purpose: str, desk: bytes, origin: str, *parts: bytes) -> bytes:
    return items(b"holdfire/1", purpose.encode(), desk, origin.encode(), *parts)


def eight(value: int) -> bytes:
    return struct.pack(">Q", value)


def hkdf(secret: bytes, info: bytes, size: int = 32) -> bytes:
    inner = hmac.new(bytes(32), secret, "sha256").digest()
    block, out, count = b"", b"", 1
    while len(out) < size:
        block = hmac.new(inner, block + info + bytes([count]), "sha256").digest()
        out, count = out + block, count + 1
    return out[:size]


def verify(public: bytes, signed: bytes, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public[:32]).verify(signature[:64], signed)
        MLDSA65PublicKey.from_public_bytes(public[32:]).verify(signature[64:], signed)
    except (InvalidSignature, ValueError):
        raise RefusedError("ForgedError") from None


def open_seal(seed: bytes, sealed: bytes, info: bytes) -> bytes | None:
    grown = hashlib.shake_256(seed).digest(96)
    key = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(grown[:64]), X25519PrivateKey.from_private_bytes(grown[64:])
    )
    try:
        return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305).decrypt(
            sealed, key, info=info
        )
    except (InvalidTag, ValueError):
        return None


def read_card(data: bytes, desk: bytes) -> dict[int, Any]:
    outer = document("signed", data)
    body = document("card", outer[1])
    if named("desk", body[3]) != desk:
        raise RefusedError("CrossDeskError")
    verify(body[3], ctx("card", desk, "") + outer[1], outer[2])
    return body


def read_notice(
    data: bytes, card: dict[int, Any], origin: str, seen: tuple[int, bytes] | None
) -> tuple[dict[int, Any], bytes]:
    """Return the notice and the publish keys."""
    desk = named("desk", card[3])
    outer = document("signed", data)
    body = document("notice", outer[1])
    if body[1] != desk:
        raise RefusedError("CrossDeskError")
    if body[2] != origin:
        raise RefusedError("CrossRelayError")
    signed = document("signed", body[6])
    verify(card[3], ctx("publish", desk, "") + signed[1], signed[2])
    certificate = document("certificate", signed[1])
    if not certificate[2] <= body[5] <= certificate[3] or certificate[3] - certificate[2] > 90 * 86_400:
        raise RefusedError("ForgedError")
    verify(certificate[1], ctx("notice", desk, origin) + outer[1], outer[2])
    days = [day for day, _ in body[7]]
    if any(first >= second for first, second in itertools.pairwise(days)):
        raise form_error("days out of order")
    if seen is not None:
        if body[3] < seen[0]:
            raise RefusedError("RollbackError")
        same = body[3] == seen[0] and hashlib.sha256(outer[1]).digest() != seen[1]
        if same or (body[3] == seen[0] + 1 and body[4] != seen[1]):
            raise RefusedError("EquivocationError")
    return body, certificate[1]


def open_message(data: bytes, seed: bytes, desk: bytes, origin: str, day: str) -> bytes:
    if len(data) != 8_192:
        raise form_error("wrong length")
    padded = open_seal(seed, data, ctx("message", desk, origin, day.encode()))
    if padded is None:
        raise RefusedError("junk")
    return unpad(padded)


def open_slot(data: bytes, seed: bytes, desk: bytes, origin: str, edition: bytes) -> bytes:
    if len(data) != 4_096:
        raise form_error("wrong length")
    padded = open_seal(seed, data[16:], ctx("reply", desk, origin, edition, data[:16]))
    if padded is None:
        raise RefusedError("SealError")
    return unpad(padded)


def read_bucket(data: bytes, notice: dict[int, Any], publish: bytes, index: int) -> list[bytes]:
    if len(data) != 1_052_672:
        raise form_error("wrong length")
    slots = data[: 256 * 4_096]
    said = document("bucket", unpad(data[256 * 4_096 :]))
    if said[1] != notice[1]:
        raise RefusedError("CrossDeskError")
    if said[2] != notice[2]:
        raise RefusedError("CrossRelayError")
    if said[3] < notice[3]:
        raise RefusedError("RollbackError")
    if (said[3], said[4], said[5], said[6]) != (notice[3], notice[9], notice[10], index):
        raise RefusedError("ReplayedError")
    about = ctx("bucket", said[1], said[2], eight(said[3]) + said[4], eight(said[5]), eight(said[6]))
    verify(publish, about + hashlib.sha256(slots).digest(), said[7])
    tags = [slots[at : at + 16] for at in range(0, len(slots), 4_096)]
    if any(first >= second for first, second in itertools.pairwise(tags)):
        raise form_error("tags out of order")
    return tags


def read_head(note: str, line: str, public: bytes) -> tuple[int, bytes]:
    lines = note.split("\n")
    if len(lines) != 6 or lines[3] or lines[5] or lines[0] != line:
        raise form_error("not a signed note")
    if not re.fullmatch("0|[1-9][0-9]*", lines[1]) or not lines[4].startswith(f"— {line} "):
        raise form_error("not a signed note")
    signature = base64.b64decode(lines[4].rsplit(" ", 1)[1], validate=True)
    key_id = hashlib.sha256(line.encode() + b"\n\x01" + public).digest()[:4]
    if signature[:4] != key_id or len(signature) != 68:
        raise form_error("another key")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], "\n".join((*lines[:3], "")).encode())
    except InvalidSignature:
        raise RefusedError("TamperError") from None
    return int(lines[1]), base64.b64decode(lines[2], validate=True)
