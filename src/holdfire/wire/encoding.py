"""Strict CBOR: each value has one spelling, each field is expected, each size is bounded (docs/protocols/envelope.md §1).

What is read is judged three times: by the library, which builds nothing but numbers, bytes, texts, lists and maps; by the shape,
which refuses every field it does not know; and by writing it again, which must give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import cbor2

from holdfire.errors import PeerError
from holdfire.language import mark

#: How deep lists and maps may stand in each other.
DEEPEST: Final = 8
#: The largest whole number that is written.
MOST_WHOLE: Final = (1 << 53) - 1
#: What ends the content of padded bytes.
_END: Final = b"\x80"


class FormatError(PeerError):
    """Bytes are not what must stand here; says where and why.

    Args:
        where: The place, as `message.attachments[0].length`.
        why: What is wrong there, a few words.
    """

    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why
        super().__init__(
            mark("This is not written as it must be: {where}: {why}."),
            mark("It was damaged on the way, or made by another program. Ask for it again."),
            where=where,
            why=why,
        )


@dataclass(frozen=True)
class Whole:
    """A whole number from `least` to `most`."""

    most: int = MOST_WHOLE
    least: int = 0

    def check(self, value: object, where: str) -> None:
        """Return if `value` is one; FormatError otherwise."""
        if type(value) is not int:
            raise FormatError(where, "not a whole number")
        if not self.least <= value <= self.most:
            raise FormatError(where, "out of range")


@dataclass(frozen=True)
class Octets:
    """Bytes: exactly `size`, or up to `most`."""

    size: int | None = None
    most: int = 0

    def check(self, value: object, where: str) -> None:
        """Return if `value` is one; FormatError otherwise."""
        if type(value) is not bytes:
            raise FormatError(where, "not bytes")
        if len(value) != self.size if self.size is not None else len(value) > self.most:
            raise FormatError(where, "wrong length")


@dataclass(frozen=True)
class Text:
    """Text of `least` to `most` bytes of UTF-8."""

    most: int
    least: int = 0

    def check(self, value: object, where: str) -> None:
        """Return if `value` is one; FormatError otherwise."""
        if type(value) is not str:
            raise FormatError(where, "not text")
        try:
            size = len(value.encode("utf-8"))
        except UnicodeEncodeError:
            raise FormatError(where, "not text") from None
        if not self.least <= size <= self.most:
            raise FormatError(where, "wrong length")
        if "\0" in value:
            raise FormatError(where, "a zero byte in text")


@dataclass(frozen=True)
class Listed:
    """A list of `least` to `most` of one kind."""

    kind: Kind
    most: int
    least: int = 0

    def check(self, value: object, where: str) -> None:
        """Return if `value` is one; FormatError otherwise."""
        if type(value) is not list:
            raise FormatError(where, "not a list")
        if not self.least <= len(value) <= self.most:
            raise FormatError(where, "wrong number of items")
        for place, one in enumerate(value):
            self.kind.check(one, f"{where}[{place}]")


@dataclass(frozen=True)
class Row:
    """A list whose places have names and kinds of their own."""

    fields: tuple[tuple[str, Kind], ...]

    def check(self, value: object, where: str) -> None:
        """Return if `value` is one; FormatError otherwise."""
        if type(value) is not list:
            raise FormatError(where, "not a list")
        if len(value) != len(self.fields):
            raise FormatError(where, "wrong number of items")
        for (name, kind), one in zip(self.fields, value, strict=True):
            kind.check(one, f"{where}.{name}")


Kind = Whole | Octets | Text | Listed | Row


@dataclass(frozen=True)
class Field:
    """A field of a shape: its number from 1 to 23, its name for people, its kind, whether it may be missing."""

    number: int
    name: str
    kind: Kind
    optional: bool = False


@dataclass(frozen=True)
class Shape:
    """What a document must look like: field 0 is the version, the others are listed.

    Args:
        name: What the document is called in errors.
        fields: Its fields besides the version.
        version: The one version that is understood.
    """

    name: str
    fields: tuple[Field, ...]
    version: int = 1

    def write(self, values: Mapping[str, Any]) -> bytes:
        """Return `values`, by name, in their one spelling; what is None is left out.

        Raises:
            FormatError: They do not fit the shape.
        """
        numbers = {field.name: field.number for field in self.fields}
        numbered = {0: self.version} | {
            numbers[name]: value for name, value in values.items() if value is not None
        }
        self._check(numbered)
        return cbor2.dumps(numbered, canonical=True)

    def read(self, untrusted: bytes, most: int) -> dict[str, Any]:
        """Return the values by name; a missing optional field is None.

        Args:
            untrusted: The bytes, nothing after them.
            most: How many bytes it may have.

        Raises:
            FormatError: It is longer, in another version, spelt otherwise, or does not fit the shape.
        """
        if len(untrusted) > most:
            raise FormatError(self.name, "too long")
        found = _load(untrusted, self.name)
        if type(found) is not dict or any(type(key) is not int for key in found):
            raise FormatError(self.name, "not a map of numbered fields")
        if 0 not in found:
            raise FormatError(f"{self.name}.version", "missing")
        if type(found[0]) is not int or found[0] != self.version:
            raise FormatError(f"{self.name}.version", "not a version this program knows")
        self._check(found)
        if cbor2.dumps(found, canonical=True) != untrusted:
            raise FormatError(self.name, "not in its one spelling")
        return {field.name: found.get(field.number) for field in self.fields}

    def _check(self, found: Mapping[int, object]) -> None:
        known = {field.number for field in self.fields} | {0}
        for field in self.fields:
            where = f"{self.name}.{field.name}"
            if field.number in found:
                field.kind.check(found[field.number], where)
            elif not field.optional:
                raise FormatError(where, "missing")
        for key in found:
            if key not in known:
                raise FormatError(self.name, "an unknown field")


def pad(content: bytes, size: int, where: str) -> bytes:
    """Return `content`, the byte 80, and zeros up to `size` bytes (ISO/IEC 7816-4).

    Raises:
        FormatError: It is too long for that.
    """
    if len(content) >= size:
        raise FormatError(where, "too long")
    return content + _END + bytes(size - len(content) - 1)


def unpad(padded: bytes, where: str) -> bytes:
    """Return what was padded.

    Raises:
        FormatError: There is no end to be found.
    """
    content = padded.rstrip(b"\0")
    if not content.endswith(_END):
        raise FormatError(where, "wrong padding")
    return content[:-1]


def _refuse_tag(*_: object) -> object:
    raise ValueError("tags have no place here")


#: Every tag for which the library would build something of its own, from regular expressions to cycles.
_TAGS: Final[dict[int, Any]] = dict.fromkeys((*range(320), 1004, 43000, 55799), _refuse_tag)


def _load(untrusted: bytes, where: str) -> object:
    try:
        return cbor2.loads(
            untrusted,
            semantic_decoders=_TAGS,
            max_depth=DEEPEST,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    except (cbor2.CBORError, ValueError, TypeError, RecursionError, MemoryError, OverflowError):
        raise FormatError(where, "not CBOR") from None
