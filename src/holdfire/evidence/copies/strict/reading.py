"""A cursor over bytes that refuses instead of reading past the end."""

from __future__ import annotations

from holdfire.evidence.copies.refusals import UncleanError


class Cursor:
    """Reads `data` from front to back; every fault is an `UncleanError` that names the container.

    Args:
        data: The bytes; `end` bounds them where only a part is meant.
        container: The kind of file, for the sentence.
        at: Where to begin.
        end: Where the part ends; None for the end of the data.
    """

    def __init__(self, data: bytes, container: str, at: int = 0, end: int | None = None) -> None:
        self.data = data
        self.container = container
        self.at = at
        self.end = len(data) if end is None else end
        self.demand(0 <= at <= self.end <= len(data), "a part that reaches past the end")

    def demand(self, kept: object, fault: str) -> None:
        """Refuse with `fault` unless `kept` holds."""
        if not kept:
            raise UncleanError(self.container, fault)

    @property
    def done(self) -> bool:
        """Whether everything was read."""
        return self.at == self.end

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        self.demand(0 <= count <= self.end - self.at, "a part that is cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, width: int) -> int:
        """Return the next `width` bytes as a number, most significant first."""
        return int.from_bytes(self.take(width), "big")

    def little(self, width: int) -> int:
        """Return the next `width` bytes as a number, least significant first."""
        return int.from_bytes(self.take(width), "little")

    def exactly(self, expected: bytes, fault: str) -> None:
        """Refuse with `fault` unless `expected` comes next."""
        self.demand(self.take(len(expected)) == expected, fault)

    def part(self, count: int) -> Cursor:
        """Return a cursor over the next `count` bytes, and go past them."""
        self.take(count)
        return Cursor(self.data, self.container, self.at - count, self.at)

    def finish(self) -> None:
        """Refuse unless everything was read: bytes after the end are where things are hidden."""
        self.demand(self.done, "bytes after the end")
