"""Which files a package has, under which names, within which bounds (docs/formats/package.md §1)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from holdfire.sealing.signature import PUBLIC_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
SIGNATURE: Final = "package.sig"
KEY: Final = "KEY.pem"
CRATE: Final = "ro-crate-metadata.json"
BAGIT: Final = "bagit.txt"
BAG_INFO: Final = "bag-info.txt"
REPORT: Final = ("report.txt", "report.pdf")
HOW: Final = ("VERIFY.txt", "verify.sh", "GUIDE.pdf")
FOLDERS: Final = ("custody", "data", "records", "stamps")
#: Not in any list: the one is signed, the other is the signature.
UNLISTED: Final = (TAG_MANIFEST, SIGNATURE)

BAGIT_TEXT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MOST_FILES: Final = 20_000
MOST_ITEMS: Final = 2_000
MOST_LIST: Final = 4 << 20
MOST_EXTRACT: Final = 64 << 20
MOST_RECORD: Final = 1 << 20
#: Bytes read at once.
STEP: Final = 1 << 20

ITEM: Final = re.compile(r"data/(item-([1-9][0-9]{0,3}))\.([a-z0-9]{1,8})")
_STAMP: Final = re.compile(r"stamps/item-[1-9][0-9]{0,3}-[a-z0-9]{1,16}(\.[a-z0-9]{1,16}){0,3}")
_AT_TOP: Final = frozenset({MANIFEST, SIGNATURE, TAG_MANIFEST, KEY, CRATE, BAGIT, BAG_INFO, *REPORT, *HOW})
_BESIDE: Final = re.compile(
    r"custody/item-[1-9][0-9]{0,3}\.(jsonl|head\.json|head\.sig|KEY\.pem)|records/item-[1-9][0-9]{0,3}\.json"
)
#: In front of the 32 bytes of an Ed25519 key (RFC 8410).
_DER: Final = bytes.fromhex("302a300506032b6570032100")
_PEM: Final = re.compile(rb"-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/]{59}=)\n-----END PUBLIC KEY-----\n")


@dataclass(frozen=True)
class Piece:
    """A file of a package.

    Attributes:
        name: Its path in the folder.
        size: Its bytes.
        sha256: Of its content, 64 hexadecimal digits.
        read: Returns so many bytes from a place.
    """

    name: str
    size: int
    sha256: str
    read: Callable[[int, int], bytes]


def piece(name: str, content: bytes) -> Piece:
    """Return the file called `name` that holds `content`."""
    return Piece(
        name, len(content), sha256(content).hexdigest(), lambda place, size: content[place : place + size]
    )


def known(name: str) -> bool:
    """Return whether a package has a file of this name."""
    return name in _AT_TOP or any(form.fullmatch(name) for form in (ITEM, _BESIDE, _STAMP))


def key_pem(public: bytes) -> bytes:
    """Return an Ed25519 key as public tools read it."""
    return b"-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % b64encode(_DER + public)


def public_key(untrusted_pem: bytes) -> bytes | None:
    """Return the 32 bytes of the key, or None when it is not spelt as `key_pem` does."""
    found = _PEM.fullmatch(untrusted_pem)
    if found is None:
        return None
    key = b64decode(found[1])[-PUBLIC_SIZE:]
    return key if key_pem(key) == untrusted_pem else None


def fingerprint(public: bytes) -> str:
    """Return what a recipient must get by another way: the SHA-256 of `KEY.pem`, 64 hexadecimal digits."""
    return sha256(key_pem(public)).hexdigest()


def grouped(digits: str) -> str:
    """Return a fingerprint in groups of eight, to be read out and compared."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))
