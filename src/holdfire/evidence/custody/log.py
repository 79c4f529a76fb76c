"""The custody log of one item: grows by events, each followed by a signed head."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfire.evidence.custody import event
from holdfire.evidence.custody.head import SignedHead, sign
from holdfire.sealing.signature import SigningKey
from holdfire.wire.merkle import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from holdfire.evidence.custody.event import FieldValue


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it was hashed, the openings of its fields, and the signature of the head after it; all is kept."""

    event: bytes
    openings: Mapping[str, bytes]
    signature: bytes


class KeptEntries(Sequence[Entry]):
    """Entries that are kept elsewhere: their events are at hand, an entry is made when it is asked for."""

    @abstractmethod
    def events(self) -> Iterable[bytes]:
        """Return the event of each entry, in order."""


class Log:
    """A log that is open for writing; to read one from somewhere, use `check.open_log`.

    Args:
        key: The item's own signing key.
        entries: What was appended before.
    """

    def __init__(self, key: SigningKey, entries: Iterable[Entry] = ()) -> None:
        self._key = key
        self._before = entries if isinstance(entries, KeptEntries) else tuple(entries)
        self._after: list[Entry] = []
        if isinstance(self._before, KeptEntries):
            self._tree = Tree(self._before.events())
        else:
            self._tree = Tree(entry.event for entry in self._before)

    @classmethod
    def new(cls) -> Log:
        """Return an empty log with a fresh key, for a new item."""
        return cls(SigningKey.new())

    @property
    def key(self) -> SigningKey:
        """The key that signs, to be kept in the vault."""
        return self._key

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All events in order."""
        return (*self._before, *self._after)

    @property
    def tree(self) -> Tree:
        """The tree over the events, for proofs."""
        return self._tree

    @property
    def head(self) -> SignedHead:
        """The signed head over all events."""
        return sign(self._key, self._tree.size, self._tree.root())

    def append(self, action: str, values: Mapping[str, FieldValue]) -> Entry:
        """Append an event and return what is to be kept of it, with `head`; call `event.when` for the fields of time.

        Raises:
            UserError: An action or a field that the log does not have, or a value that is too long.
        """
        text, openings = event.write(self._tree.size, action, values)
        self._tree.append(text)
        entry = Entry(text, openings, self.head.signature)
        self._after.append(entry)
        return entry
