"""Write the vectors of the vault's format: `python tests/vectors/generate.py` (`make vectors`).

Every value is fixed: passphrases, salts, keys, and nonces, which only the private `_seal_with` accepts. Each refused
case differs from an accepted one in a single fault and names the error expected. The tests write the
file again and allow no difference, and two readers consume it: the program's and an independent one.
"""

from __future__ import annotations

import hashlib
import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

from holdfire.sealing.page import ChunkSealer, Sealer
from holdfire.sealing.passphrase import STANDARD, TEST, Key, Profile, derive_key, derive_master

VAULT = Path(__file__).parent / "vault.json"

SALT = bytes(range(32))
MASTER = Key(hashlib.sha256(b"vector master").digest())
REGION_KEY = Key(hashlib.sha256(b"vector region key").digest())
ITEM_KEY = Key(hashlib.sha256(b"vector item key").digest())
ITEM = hashlib.sha256(b"vector item").digest()[:16]
SIZE = 64 << 20
LABELS = [f"slot {n}" for n in (1, 2, 3, 4)]


def filling(size: int, step: int) -> bytes:
    """Return `size` bytes, of which number i is i·step mod 251."""
    return bytes(i * step % 251 for i in range(size))


def nonce(name: str) -> bytes:
    """Return the nonce of the vector called `name`."""
    return hashlib.sha256(f"vector nonce {name}".encode()).digest()[:12]


def kdf(name: str, passphrase: str, profile: Profile) -> dict[str, Any]:
    return {
        "name": name,
        "passphrase": passphrase,
        "salt": SALT.hex(),
        "memory_kib": profile.memory_kib,
        "passes": profile.passes,
        "lanes": profile.lanes,
        "master": derive_master(passphrase, SALT, profile).hex(),
    }


def key(parent: Key, label: str) -> dict[str, str]:
    return {
        "parent": parent.hex(),
        "label": label,
        "key": derive_key(parent, f"holdfire vault 1 {label}").hex(),
    }


def slot(name: str, number: int, copy: str, plaintext: bytes | None = None, **more: str) -> dict[str, Any]:
    if plaintext is None:
        plaintext = (b"\0\1" + REGION_KEY + SIZE.to_bytes(8, "big")).ljust(4_068, b"\0")
    slot_key = derive_key(MASTER, f"holdfire vault 1 slot {number}")
    sealed = Sealer(slot_key)._seal_with(nonce(name), plaintext, b"slot" + bytes([number]) + copy.encode())
    case = {"name": name, "slot": number, "copy": copy, "slot_key": slot_key.hex(), "file_size": SIZE}
    return {**case, "region_key": REGION_KEY.hex(), "sealed": b64encode(sealed).decode(), **more}


def area(name: str, label: str, index: int, size: int) -> dict[str, Any]:
    """Return a database page (`label` "db") or a journal block ("journal")."""
    plaintext = filling(size, index + 3)
    bound_to = label.encode() + index.to_bytes(8, "big")
    sealed = Sealer(derive_key(REGION_KEY, f"holdfire vault 1 {label}"))._seal_with(
        nonce(name), plaintext, bound_to
    )
    return {
        "name": name,
        "region_key": REGION_KEY.hex(),
        "index": index,
        "filling_step": index + 3,
        "sealed": b64encode(sealed).decode(),
    }


def chunk(name: str, number: int, size: int, *, last: bool) -> dict[str, Any]:
    plaintext = filling(size, 7)
    sealed = ChunkSealer(ITEM_KEY, ITEM).seal(number, plaintext, last=last)
    case = {"name": name, "item_key": ITEM_KEY.hex(), "item": ITEM.hex(), "number": number, "last": last}
    return {**case, "plaintext": plaintext.hex(), "sealed": sealed.hex()}


def faults(of: str, size: int, **other: object) -> list[dict[str, Any]]:
    """Return the ways in which `of`, sealed in `size` bytes, must be refused: flips, cuts, and each of `other`."""
    places = {"nonce": 0, "first byte": 12, "last byte": size - 17, "tag": size - 1}
    if of.startswith("chunk"):
        places = {"first byte": 0, "last byte": size - 17, "tag": size - 1}
    changed: list[dict[str, Any]] = [
        {"of": of, "fault": f"a bit of the {what} is flipped", "flip": at} for what, at in places.items()
    ]
    if of.startswith("chunk"):  # everything else has a fixed size
        changed.append({"of": of, "fault": "the last byte is missing", "cut": 1})
    changed += [
        {"of": of, "fault": f"read as {name} {value}", "read_as": {name: value}}
        for name, value in other.items()
    ]
    return [{**case, "expect": "damaged"} for case in changed]


def vault_vectors() -> dict[str, Any]:
    """Return every vector of `docs/formats/vault.md`."""
    head = b"\0\1" + REGION_KEY + SIZE.to_bytes(8, "big")
    return {
        "about": [
            "Vectors of docs/formats/vault.md, format 1. Written by tests/vectors/generate.py; do not edit.",
            "`sealed` is base64, or hexadecimal for chunks; everything else in bytes is hexadecimal.",
            "The plaintext of pages and blocks: byte i is i * filling_step mod 251.",
            "A refused case is the accepted one named by `of` with one fault: bit 0 of the byte at `flip` flipped,",
            "the last `cut` bytes missing, or read in another place (`read_as`). `expect` is the error: 'damaged' or 'newer'.",
        ],
        "kdf": [
            kdf("plain words", "seven quiet herons", TEST),
            kdf("composed", "caf\u00e9 \u0439\u043e\u0434", TEST),
            kdf("decomposed, the same key", "cafe\u0301 \u0438\u0306\u043e\u0434", TEST),
            kdf("beyond the basic plane", "\U0001f54a river", TEST),
            kdf("every person's vault", "seven quiet herons", STANDARD),
        ],
        "keys": [key(MASTER, label) for label in LABELS]
        + [key(REGION_KEY, "db"), key(REGION_KEY, "journal")],
        "slots": [slot("slot 3 A", 3, "A"), slot("slot 3 B", 3, "B")],
        "slots_refused": [
            *faults("slot 3 A", 4_096, slot=2, copy="B", file_size=SIZE + 4_096),
            slot("a newer format", 1, "A", (b"\0\2" + head[2:]).ljust(4_068, b"\0"), expect="newer"),
            slot("rest not zero", 1, "A", head.ljust(4_067, b"\0") + b"\1", expect="damaged"),
        ],
        "pages": [area("page 0", "db", 0, 16_356), area("page 700", "db", 700, 16_356)],
        "pages_refused": faults("page 700", 16_384, index=699),
        "blocks": [area("head", "journal", 0, 4_068), area("block 9", "journal", 9, 16_392)],
        "blocks_refused": [*faults("head", 4_096, index=1), *faults("block 9", 16_420, index=8)],
        "chunks": [
            chunk("chunk 0 of more", 0, 48, last=False),
            chunk("chunk 1, the last", 1, 31, last=True),
            chunk("chunk of nothing", 0, 0, last=True),
        ],
        "chunks_refused": [
            *faults("chunk 0 of more", 64, number=1, last=True, item="00" * 16),
            *faults("chunk 1, the last", 47, number=0, last=False),
        ],
    }


def text(vectors: dict[str, Any]) -> str:
    """Return the file's text."""
    return json.dumps(vectors, indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    VAULT.write_text(text(vault_vectors()), encoding="ascii")
    print(f"written: {VAULT}", file=sys.stderr)
