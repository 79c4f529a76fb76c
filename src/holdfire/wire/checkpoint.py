"""The head of a board's tree as C2SP tlog-checkpoint and signed-note say: three lines, an empty one, signatures.

The key is the relay's, Ed25519, as the desk's card names it. An origin line is `ORIGIN/boards/W` without the scheme.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from holdfire.sealing.signature import PUBLIC_SIZE, SIGNATURE_SIZE, SigningKey, verify
from holdfire.wire.encoding import FormatError
from holdfire.wire.names import HASH_SIZE

MOST_CHECKPOINT: Final = 1_024
#: The kind of signature in a signed note: Ed25519.
_ED25519: Final = b"\x01"
_KEY_ID: Final = 4
_NOTE: Final = re.compile(
    r"(?P<origin>[!-~]{1,255})\n(?P<size>0|[1-9][0-9]{0,14})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"\n— (?P<name>[!-*,-~]{1,255}) (?P<signature>[A-Za-z0-9+/]{91}=)\n\Z"
)


@dataclass(frozen=True)
class Checkpoint:
    """How many entries a board has, and the root over them."""

    size: int
    root: bytes


def origin_line(origin: str, board: bytes) -> str:
    """Return the name of the tree: the relay's origin without its scheme, and the board's `w`."""
    return f"{origin.partition('://')[2]}/boards/{board.hex()}"


def key_id(name: str, public: bytes) -> bytes:
    """Return the four bytes that name a key in a signed note."""
    return sha256(name.encode("ascii") + b"\n" + _ED25519 + public).digest()[:_KEY_ID]


def write(checkpoint: Checkpoint, line: str, key: SigningKey) -> bytes:
    """Return the signed head of the tree that `line` names."""
    root = b64encode(checkpoint.root).decode("ascii")
    text = f"{line}\n{checkpoint.size}\n{root}\n"
    signed = b64encode(key_id(line, key.public) + key.sign(text.encode("ascii"))).decode("ascii")
    return f"{text}\n— {line} {signed}\n".encode()


def read(untrusted: bytes, line: str, public: bytes) -> Checkpoint:
    """Return what a signed head says; it is one of the tree `line`, signed by `public`.

    Raises:
        FormatError: It is not written as it must be, or is of another tree or by another key.
        TamperError: The signature is wrong.
    """
    if len(public) != PUBLIC_SIZE:
        raise FormatError("head.key", "wrong length")
    try:
        text = untrusted[:MOST_CHECKPOINT].decode("utf-8")
    except UnicodeDecodeError:
        raise FormatError("head", "not text") from None
    match = _NOTE.match(text)
    if match is None or len(untrusted) > MOST_CHECKPOINT:
        raise FormatError("head", "not a signed note of one key")
    if match["origin"] != line or match["name"] != line:
        raise FormatError("head.origin", "the head of another board")
    root, signed = _decoded(match["root"]), _decoded(match["signature"])
    if signed[:_KEY_ID] != key_id(line, public):
        raise FormatError("head.key", "signed by another key")
    assert len(root) == HASH_SIZE  # noqa: S101 — what the pattern promises
    assert len(signed) == _KEY_ID + SIGNATURE_SIZE  # noqa: S101 — likewise
    body = text[: match.end("root") + 1].encode("ascii")
    verify(public, body, signed[_KEY_ID:])
    return Checkpoint(int(match["size"]), root)


def _decoded(text: str) -> bytes:
    found = b64decode(text)
    if b64encode(found).decode("ascii") != text:
        raise FormatError("head", "not in its one spelling")
    return found
