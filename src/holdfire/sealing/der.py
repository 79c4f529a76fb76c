"""Reading and writing DER (X.690): elements with one-byte tags and definite lengths in their one spelling, nothing else.

What is not read here is refused: BER's indefinite lengths, long tags and lengths that could be shorter have no place in anything
Holdfire reads, and each is a second spelling of the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OID: Final = 0x06
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31
#: Context tags: [0] and [1] around other elements.
CONTEXT_0: Final = 0xA0
CONTEXT_1: Final = 0xA1
CONTEXT_2: Final = 0xA2
#: [0] around bytes.
PLAIN_0: Final = 0x80

_LONG_TAG: Final = 0x1F
_LONG: Final = 0x80
#: Bytes of a length: four gibibytes are more than anything read here may have.
_MOST_LENGTH: Final = 4
_MOST_OID: Final = 64


class DERError(ValueError):
    """These bytes are no DER, or not the element that must stand here."""


@dataclass(frozen=True)
class Element:
    """One element: its tag, its content, and all its bytes as they stood."""

    tag: int
    content: bytes
    raw: bytes


class Reader:
    """Takes the elements of a piece of DER, one after the other.

    Args:
        untrusted: The content of an element, or a whole document.
    """

    def __init__(self, untrusted: bytes) -> None:
        self._bytes = untrusted
        self._place = 0

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self._place == len(self._bytes)

    def end(self) -> None:
        """Return if nothing is left; DERError otherwise."""
        if not self.ended:
            raise DERError

    def take(self, *tags: int) -> Element:
        """Return the next element, which must have one of `tags`, or any where none is given."""
        found = self._next()
        if tags and found.tag not in tags:
            raise DERError
        self._place += len(found.raw)
        return found

    def maybe(self, tag: int) -> Element | None:
        """Return the next element if it has `tag`, otherwise None and leave it."""
        if self.ended or self._bytes[self._place] != tag:
            return None
        return self.take(tag)

    def within(self, tag: int = SEQUENCE) -> Reader:
        """Return a reader of what is inside the next element, which must have `tag`."""
        return Reader(self.take(tag).content)

    def integer(self) -> int:
        """Return a whole number."""
        return whole(self.take(INTEGER).content)

    def oid(self) -> str:
        """Return an object identifier, as `1.2.840.113549`."""
        return dotted(self.take(OID).content)

    def octets(self) -> bytes:
        """Return the bytes of an OCTET STRING."""
        return self.take(OCTET_STRING).content

    def _next(self) -> Element:
        data, start = self._bytes, self._place
        if len(data) < start + 2 or data[start] & _LONG_TAG == _LONG_TAG:
            raise DERError
        size, place = data[start + 1], start + 2
        if size >= _LONG:
            count = size - _LONG
            if not 1 <= count <= _MOST_LENGTH or len(data) < place + count:
                raise DERError
            size = int.from_bytes(data[place : place + count], "big")
            place += count
            if size < _LONG or size >> 8 * (count - 1) == 0:
                raise DERError
        if len(data) < place + size:
            raise DERError
        return Element(data[start], data[place : place + size], data[start : place + size])


def whole(content: bytes) -> int:
    """Return the number that the content of an INTEGER is; DERError for none or a longer spelling than needed."""
    if not content or (len(content) > 1 and content[0] in {0, 0xFF} and (content[0] ^ content[1]) < _LONG):
        raise DERError
    return int.from_bytes(content, "big", signed=True)


def dotted(content: bytes) -> str:
    """Return an object identifier as people write it."""
    if not content or len(content) > _MOST_OID or content[-1] >= _LONG:
        raise DERError
    arcs, value, fresh = [], 0, True
    for byte in content:
        if fresh and byte == _LONG:
            raise DERError
        value, fresh = value << 7 | byte & 0x7F, byte < _LONG
        if fresh:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def moment(content: bytes) -> datetime:
    """Return the time that the content of a GeneralizedTime is: UTC, with or without parts of a second (RFC 3161 §2.4.2)."""
    text = content.decode("ascii", "replace")
    seconds, point, part = text.removesuffix("Z").partition(".")
    digits = seconds + part
    shape = (
        text.endswith("Z") and len(seconds) == len("YYYYMMDDhhmmss") and digits.isascii() and digits.isdigit()
    )
    if not shape or bool(point) != bool(part) or part.endswith("0") or len(part) > 9:  # noqa: PLR2004 — nanoseconds
        raise DERError
    try:
        found = datetime.strptime(seconds, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise DERError from None
    return found.replace(microsecond=int((part + "000000")[:6]))


def write(tag: int, *contents: bytes) -> bytes:
    """Return an element."""
    content = b"".join(contents)
    size = len(content)
    if size < _LONG:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, _LONG + len(length)]) + length + content


def write_whole(value: int) -> bytes:
    """Return a whole number, not below zero, as an INTEGER."""
    return write(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))
