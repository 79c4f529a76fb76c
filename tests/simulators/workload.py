"""A scripted use of a vault, and what must be there after each step of it.

`State` is what a person would find: every note by its label with all its versions, every item by its
SHA-256, and the passphrases that open. A step changes a vault, and says what it makes of a state;
so that after any fault a vault must show the state before the step under way, or the state after it.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from holdfire.vault.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from holdfire.vault.vault import Vault

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTE: Kind[dict[str, Any]] = Kind(
    "note", 1, encode=lambda value: value, decode=dict, words=lambda value: f"{value['label']} {value['text']}"
)


@dataclass(frozen=True)
class State:
    """What is in a compartment, in terms of content alone."""

    notes: Mapping[str, tuple[str, ...]]
    items: frozenset[str]

    def with_note(self, label: str, text: str) -> State:
        return replace(self, notes={**self.notes, label: (*self.notes.get(label, ()), text)})

    def without_note(self, label: str) -> State:
        return replace(self, notes={key: value for key, value in self.notes.items() if key != label})


EMPTY = State({}, frozenset())
