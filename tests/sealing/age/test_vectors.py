"""The 143 public age files give their stated result: whole, in pieces, by place; and what is read is written again alike."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from holdfire.errors import HoldfireError
from holdfire.sealing.age import header
from holdfire.sealing.age.armour import armour, unarmour
from holdfire.sealing.age.file import AgeFile, unseal
from holdfire.sealing.age.keys import identity
from holdfire.sealing.age.payload import NONCE_SIZE, Payload
from holdfire.sealing.age.refusals import (
    ArmourError,
    ForgedHeaderError,
    HeaderError,
    NoKeyError,
    PayloadError,
)
from holdfire.sealing.age.scrypt import Passphrase
from holdfire.sealing.age.wrapping import Identity

FOLDER = Path(__file__).parents[2] / "vectors" / "age"
RESULTS: dict[type[Exception], str] = {
    ArmourError: "armor failure",
    HeaderError: "header failure",
    ForgedHeaderError: "HMAC failure",
    NoKeyError: "no match",
    PayloadError: "payload failure",
}


@dataclass(frozen=True)
class Vector:
    expect: str
    payload: str | None
    armoured: bool
    file_key: bytes | None
    identities: tuple[Identity, ...]
    sealed: bytes


def vector(path: Path) -> Vector:
    told, _, sealed = path.read_bytes().partition(b"\n\n")
    fields = [line.split(": ", 1) for line in told.decode("ascii").splitlines()]
    one = {line[0]: line[1] for line in fields}
    identities = tuple(
        identity(value) if name == "identity" else Passphrase(value)
        for name, value in fields
        if name in {"identity", "passphrase"}
    )
    return Vector(
        one["expect"],
        one.get("payload"),
        one.get("armored") == "yes",
        bytes.fromhex(one["file key"]) if "file key" in one else None,
        identities,
        zlib.decompress(sealed) if one.get("compressed") == "zlib" else sealed,
    )


VECTORS = {path.name: vector(path) for path in sorted(FOLDER.iterdir())}
SUCCESSES = {name: one for name, one in VECTORS.items() if one.expect == "success"}
BY_PLACE = {
    name: one
    for name, one in VECTORS.items()
    if not one.armoured and one.expect in {"success", "payload failure"}
}


def pieces(text: bytes, size: int) -> Iterator[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def result(opened: Iterable[bytes]) -> tuple[str, bytes]:
    """Return how opening ends and what was given out before."""
    given = bytearray()
    try:
        for piece in opened:
            given += piece
    except HoldfireError as error:
        return RESULTS[type(error)], bytes(given)
    return "success", bytes(given)


def opened(one: Vector, size: int) -> Iterator[bytes]:
    text: Iterable[bytes] = pieces(one.sealed, size)
    yield from unseal(unarmour(text) if one.armoured else text, one.identities)


def test_all_vectors_are_here() -> None:
    assert len(VECTORS) == 143
    assert len(SUCCESSES) == 26


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize("size", [64, 65_536, 1 << 24])
def test_each_file_gives_its_stated_result(name: str, size: int) -> None:
    one = VECTORS[name]
    said, given = result(opened(one, size))
    assert said == one.expect
    if one.payload is not None:
        assert hashlib.sha256(given).hexdigest() == one.payload


@pytest.mark.parametrize("name", [name for name, one in VECTORS.items() if len(one.sealed) < 3_000])
def test_each_short_file_gives_it_byte_for_byte(name: str) -> None:
    assert result(opened(VECTORS[name], 1))[0] == VECTORS[name].expect


@pytest.mark.parametrize("name", SUCCESSES)
def test_armour_is_found_by_itself(name: str) -> None:
    one = SUCCESSES[name]
    _, given = result(unseal([one.sealed], one.identities))
    assert hashlib.sha256(given).hexdigest() == one.payload


@pytest.mark.parametrize("name", BY_PLACE)
def test_reading_by_place_gives_what_streaming_gives(name: str) -> None:
    one = BY_PLACE[name]
    said, given = result(unseal([one.sealed], one.identities))

    def by_place() -> Iterator[bytes]:
        opened = AgeFile(
            lambda place, size: one.sealed[place : place + size], len(one.sealed), one.identities
        )
        yield from (opened.read(place, 50_000) for place in range(0, opened.size, 50_000))

    said_by_place, given_by_place = result(by_place())
    assert said_by_place == said
    assert given.startswith(given_by_place)
    if said == "success":
        assert given_by_place == given


@pytest.mark.parametrize("name", SUCCESSES)
def test_what_opens_is_written_again_byte_for_byte(name: str) -> None:
    one = SUCCESSES[name]
    assert one.file_key is not None
    sealed = b"".join(unarmour([one.sealed])) if one.armoured else one.sealed
    found, rest = header.read([sealed])
    assert header.write(found.stanzas, one.file_key) == sealed[: found.size]
    content = b"".join(rest)
    again = Payload(one.file_key, content[:NONCE_SIZE]).seal(unseal([sealed], one.identities))
    assert b"".join(again) == content[NONCE_SIZE:]


@pytest.mark.parametrize(
    "name", [name for name, one in VECTORS.items() if one.armoured and one.expect == "success"]
)
def test_armour_is_written_again_line_for_line(name: str) -> None:
    text = VECTORS[name].sealed
    assert b"".join(armour(unarmour([text]))).split() == text.split()
    assert b64encode(b"".join(unarmour([text]))) == b"".join(text.split(b"-----")[2].split())
