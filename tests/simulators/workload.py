"""A scripted use of a vault, and what must be there after each step of it.

`State` is what a person would find, in terms of content alone: every note by its label with all its versions,
every item by its SHA-256, and the passphrase that opens. A step changes a vault, and says what it makes of a
state; so after any fault a vault must show the state before the step under way, or the state after it.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from holdfire.sealing.passphrase import TEST
from holdfire.vault.passwd import change_passphrase
from holdfire.vault.records import Kind
from holdfire.vault.shred import compact
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from holdfire.vault.device import Disk

PASSPHRASE = "the first passphrase"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTE: Kind[dict[str, Any]] = Kind(
    "note",
    1,
    encode=lambda value: value,
    decode=lambda value: cast("dict[str, Any]", value),
    words=lambda value: f"{value['label']} {value['text']}",
)
#: No file is there: the disk is handed over.
NOWHERE = Path("nowhere")


@dataclass(frozen=True)
class State:
    """What is in a compartment, and what opens it."""

    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    passphrase: str = PASSPHRASE


class Step(Protocol):
    """One thing a person does."""

    def after(self, state: State) -> State:
        """Return what the step makes of `state`."""

    def run(self, user: User) -> None:
        """Do it."""


@dataclass
class User:
    """Somebody with an open vault, who remembers which id belongs to which label or item."""

    open_disk: Callable[[], Disk]
    vault: Vault
    passphrase: str = PASSPHRASE
    now: datetime = START

    @classmethod
    def arrive(cls, open_disk: Callable[[], Disk], passphrase: str = PASSPHRASE) -> User:
        return cls(open_disk, unlock(open_disk, passphrase), passphrase)

    def later(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def note_id(self, label: str) -> str:
        return next(
            one.id for one in self.vault.records.all(NOTE, limit=1_000) if one.value["label"] == label
        )

    def item_id(self, sha256: str) -> str:
        return next(one.id for one in self.vault.blobs.all(limit=1_000) if one.sha256.hex() == sha256)

    def leave(self) -> None:
        self.vault.lock()


@dataclass(frozen=True)
class Add:
    label: str
    text: str

    def after(self, state: State) -> State:
        return replace(state, notes={**state.notes, self.label: (self.text,)})

    def run(self, user: User) -> None:
        user.vault.records.add(NOTE, {"label": self.label, "text": self.text}, user.later())


@dataclass(frozen=True)
class Save:
    label: str
    text: str

    def after(self, state: State) -> State:
        return replace(state, notes={**state.notes, self.label: (*state.notes[self.label], self.text)})

    def run(self, user: User) -> None:
        value = {"label": self.label, "text": self.text}
        user.vault.records.save(NOTE, user.note_id(self.label), value, user.later())


@dataclass(frozen=True)
class Delete:
    label: str

    def after(self, state: State) -> State:
        return replace(state, notes={key: value for key, value in state.notes.items() if key != self.label})

    def run(self, user: User) -> None:
        user.vault.records.delete(NOTE, user.note_id(self.label))


@dataclass(frozen=True)
class Import:
    seed: int
    size: int

    @property
    def content(self) -> bytes:
        return random.Random(self.seed).randbytes(self.size)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def after(self, state: State) -> State:
        return replace(state, items=state.items | {self.sha256})

    def run(self, user: User) -> None:
        import_item(user.vault, self.content, user.later())


@dataclass(frozen=True)
class Shred:
    sha256: str

    def after(self, state: State) -> State:
        return replace(state, items=state.items - {self.sha256})

    def run(self, user: User) -> None:
        user.vault.blobs.shred(user.item_id(self.sha256))


@dataclass(frozen=True)
class Compact:
    def after(self, state: State) -> State:
        return state

    def run(self, user: User) -> None:
        compact(user.vault)


@dataclass(frozen=True)
class Passwd:
    passphrase: str

    def after(self, state: State) -> State:
        return replace(state, passphrase=self.passphrase)

    def run(self, user: User) -> None:
        user.vault.lock()
        change_passphrase(
            NOWHERE, user.passphrase, self.passphrase, profile=TEST, open_device=lambda _: user.open_disk()
        )
        user.passphrase = self.passphrase
        user.vault = unlock(user.open_disk, user.passphrase)


def script() -> list[Step]:
    """Return a workload that uses every way of changing a compartment."""
    chance = random.Random(11)
    steps: list[Step] = [Add(f"n{n}", sentence(chance, 60)) for n in range(6)]
    large = Import(1, 4 * 1024 * 1024 + 300_000)
    small = Import(2, 150_000)
    steps += [Save("n1", sentence(chance, 900)), Save("n1", sentence(chance, 3_000)), small, Delete("n2")]
    steps += [large, Add("after the large item", sentence(chance, 4_000)), Shred(small.sha256), Compact()]
    steps += [Passwd("the second passphrase"), Save("n3", sentence(chance, 20)), Shred(large.sha256)]
    steps += [
        Add("reusing the room", sentence(chance, 40_000)),
        Import(3, 70_000),
        Import(4, 0),
        Delete("n4"),
        Compact(),
    ]
    return steps


def sentence(chance: random.Random, words: int) -> str:
    """Return `words` made-up words."""
    return " ".join(
        chance.choice(("river", "stone", "dawn")) + str(chance.randrange(1_000)) for _ in range(words)
    )


def unlock(open_disk: Callable[[], Disk], passphrase: str) -> Vault:
    """Open the vault on a disk that stands in for a file."""
    return Vault.open(NOWHERE, passphrase, profile=TEST, open_device=lambda _: open_disk())


def import_item(vault: Vault, content: bytes, now: datetime) -> str:
    """Import `content` in pieces that fit nothing, and return the item's id."""
    pieces = (content[at : at + 100_001] for at in range(0, len(content), 100_001))
    return vault.blobs.add(pieces, now).id


def found(vault: Vault, passphrase: str) -> State:
    """Return what a person finds in an open vault, read through every door it has."""
    notes: dict[str, tuple[str, ...]] = {}
    for record in vault.records.all(NOTE, limit=10_000):
        versions = vault.records.versions(NOTE, record.id)
        assert versions[0] == record
        assert [one.version for one in versions] == list(range(len(versions), 0, -1))
        assert {one.value["label"] for one in versions} == {record.value["label"]}
        assert record.id in {
            one.id for one in vault.records.search(words_of(record.value["text"]), NOTE, limit=1_000)
        }
        notes[record.value["label"]] = tuple(one.value["text"] for one in reversed(versions))
    items = set()
    for item in vault.blobs.all(limit=1_000):
        content = vault.blobs.read(item.id, 0, item.size)
        assert hashlib.sha256(content).digest() == item.sha256
        items.add(item.sha256.hex())
    with vault.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO words(words) VALUES ('integrity-check')")
    return State(notes, frozenset(items), passphrase)


def words_of(text: str) -> str:
    return " ".join(text.split()[:3])


def random_step(chance: random.Random, state: State) -> Step:
    """Return something a person might do next; the same for the same `chance` and `state`."""
    labels, items = sorted(state.notes), sorted(state.items)
    ways = ["add", "save", "save", "import", "compact", "passwd"]
    ways += ["add"] * 6 if len(labels) < 20 else ["delete"] * 6
    ways += ["shred"] * (1 + len(items)) if items else []
    way = chance.choice(ways)
    if way in ("save", "delete") and not labels:
        way = "add"
    steps: dict[str, Callable[[], Step]] = {
        "add": lambda: Add(f"n{chance.getrandbits(48)}", sentence(chance, chance.randint(1, 1_000))),
        "save": lambda: Save(chance.choice(labels), sentence(chance, chance.randint(1, 3_000))),
        "delete": lambda: Delete(chance.choice(labels)),
        "import": lambda: Import(chance.getrandbits(32), chance.choice((10, 65_536, 200_000, 4_500_000))),
        "shred": lambda: Shred(chance.choice(items)),
        "compact": Compact,
        "passwd": lambda: Passwd(f"passphrase {chance.getrandbits(32)}"),
    }
    return steps[way]()
