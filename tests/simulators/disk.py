"""A disk that remembers every write and every sync, and shows what a power cut would have left of it.

Rules of the simulation:
1. A write is certain only once a sync that came after it has returned.
2. A power cut decides separately for each write that is not yet certain: it landed, it was lost, or it was
   hurt. Hurt means torn (some of its sectors landed) or garbage (some of the sectors it touches, whole,
   hold bytes that nobody wrote). Nothing else on the disk changes.
3. Sectors are 512 or 4,096 bytes. A write that covers part of a sector puts the whole sector at risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence

#: The grain in which changes are kept: the smallest sector that a disk writes whole.
GRAIN = 512


@dataclass(frozen=True)
class Written:
    """`data` was written at `offset`; it is certain only after the next `Synced`."""

    offset: int
    data: bytes


@dataclass(frozen=True)
class Synced:
    """Everything written before this is certain."""


Event = Written | Synced


class PowerCut(Enum):
    """What happens to the writes that no sync has made certain."""

    LOSES_ALL = "all are lost"
    LOSES_NONE = "all landed"
    LOSES_SOME = "some landed, in the order written"
    REORDERS = "some landed, in any order"
    TEARS_512 = "some are torn between sectors of 512 bytes"
    TEARS_4096 = "some are torn between sectors of 4,096 bytes"
    GARBAGE_512 = "some sectors of 512 bytes hold garbage"
    GARBAGE_4096 = "some sectors of 4,096 bytes hold garbage"


class Disk:
    """A file of fixed size in memory, with the methods of the vault's `Device`.

    The image is never copied or changed: what is written lies over it, so that thousands of states of a
    large file cost little.

    Args:
        image: The contents at the start, shared between all states.
        changes: Sectors of `GRAIN` bytes that differ from it, by number.
    """

    def __init__(self, image: bytes, changes: dict[int, bytes] | None = None) -> None:
        self._image = image
        self._changes = {} if changes is None else changes
        self.start = dict(self._changes)
        self.log: list[Event] = []
        self.closed = False

    @property
    def size(self) -> int:
        """The number of bytes there are."""
        return len(self._image)

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end."""
        self._must_be_open()
        end = min(offset + size, len(self._image))
        return _read(self._image, self._changes, offset, end)

    def write(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Write `data` at `offset` and remember it."""
        self._must_be_open()
        if offset + len(data) > len(self._image):
            raise AssertionError("a vault never grows its file")
        written = Written(offset, bytes(data))
        self.log.append(written)
        _land(self._image, self._changes, written)

    def sync(self) -> None:
        """Make everything written so far certain."""
        self._must_be_open()
        self.log.append(Synced())

    def close(self) -> None:
        """Let go of the disk; a second time does nothing."""
        self.closed = True

    def open(self) -> Disk:
        """Take hold of the disk again; its log goes on."""
        self.closed = False
        return self

    def contents(self) -> bytes:
        """Return the whole file as it is now."""
        return _read(self._image, self._changes, 0, len(self._image))

    def copy(self) -> Disk:
        """Return another disk with what is on this one now, and an empty log."""
        return Disk(self._image, dict(self._changes))

    def after_power_cut(self, events: int, cut: PowerCut, chance: random.Random) -> Disk:
        """Return the disk as found after the power went when `events` of the log had happened."""
        return next(self.power_cuts([events], [cut], chance))[2]

    def power_cuts(
        self, points: Iterable[int], cuts: Sequence[PowerCut], chance: random.Random
    ) -> Iterator[tuple[int, PowerCut, Disk]]:
        """Yield the disk as found after each cut at each of `points`, which rise."""
        certain, done = dict(self.start), 0
        for point in points:
            last_sync = max((i for i in range(done, point) if isinstance(self.log[i], Synced)), default=done)
            for event in self.log[done:last_sync]:
                _happen(self._image, certain, event)
            done = last_sync
            uncertain = [event for event in self.log[done:point] if isinstance(event, Written)]
            for cut in cuts:
                found = dict(certain)
                _strike(self._image, found, uncertain, cut, chance)
                yield point, cut, Disk(self._image, found)

    def _must_be_open(self) -> None:
        if self.closed:
            raise AssertionError("the disk was used after it was closed")


def _read(image: bytes, changes: dict[int, bytes], offset: int, end: int) -> bytes:
    if offset >= end:
        return b""
    first, last = offset // GRAIN, (end - 1) // GRAIN
    sectors = [changes.get(n) or image[n * GRAIN : (n + 1) * GRAIN] for n in range(first, last + 1)]
    return b"".join(sectors)[offset - first * GRAIN : end - first * GRAIN]


def _land(image: bytes, changes: dict[int, bytes], written: Written) -> None:
    """Put `written` over what is there, sector by sector."""
    offset, data = written.offset, written.data
    start = offset // GRAIN * GRAIN
    end = -(-(offset + len(data)) // GRAIN) * GRAIN
    if start != offset or end != offset + len(data):
        before = _read(image, changes, start, offset)
        after = _read(image, changes, offset + len(data), min(end, len(image)))
        data = before + data + after
    for at in range(0, len(data), GRAIN):
        changes[(start + at) // GRAIN] = data[at : at + GRAIN]


def _happen(image: bytes, changes: dict[int, bytes], event: Event) -> None:
    if isinstance(event, Written):
        _land(image, changes, event)


def _strike(
    image: bytes, found: dict[int, bytes], uncertain: list[Written], cut: PowerCut, chance: random.Random
) -> None:
    """Let the power fail while `uncertain` was under way."""
    if cut is PowerCut.LOSES_ALL:
        return
    if cut is PowerCut.REORDERS:
        uncertain = chance.sample(uncertain, chance.randint(0, len(uncertain)))
    for written in uncertain:
        if cut in (PowerCut.LOSES_NONE, PowerCut.REORDERS):
            _land(image, found, written)
        elif cut is PowerCut.LOSES_SOME:
            if chance.random() < 0.5:
                _land(image, found, written)
        else:
            sector = 4096 if cut in (PowerCut.TEARS_4096, PowerCut.GARBAGE_4096) else 512
            fate = chance.choice(("landed", "lost", "hurt", "hurt"))
            if fate == "landed":
                _land(image, found, written)
            elif fate == "hurt" and cut in (PowerCut.TEARS_512, PowerCut.TEARS_4096):
                _tear(image, found, written, sector, chance)
            elif fate == "hurt":
                _spoil(image, found, written, sector, chance)


def _sectors(written: Written, sector: int) -> range:
    return range(written.offset // sector, -(-(written.offset + len(written.data)) // sector))


def _tear(
    image: bytes, found: dict[int, bytes], written: Written, sector: int, chance: random.Random
) -> None:
    """Let some sectors of `written` land: any of them, or those before or after one place."""
    sectors = _sectors(written, sector)
    place = chance.randint(sectors.start, sectors.stop)
    way = chance.choice(("any", "before", "after"))
    for n in sectors:
        lands = {"any": chance.random() < 0.5, "before": n < place, "after": n >= place}[way]
        if lands:
            start = max(n * sector, written.offset)
            end = min((n + 1) * sector, written.offset + len(written.data))
            _land(image, found, Written(start, written.data[start - written.offset : end - written.offset]))


def _spoil(
    image: bytes, found: dict[int, bytes], written: Written, sector: int, chance: random.Random
) -> None:
    """Fill some sectors that `written` touches with bytes nobody wrote; the others landed."""
    _land(image, found, written)
    sectors = _sectors(written, sector)
    for n in chance.sample(sectors, chance.randint(1, len(sectors))):
        length = min(sector, len(image) - n * sector)
        _land(image, found, Written(n * sector, chance.randbytes(length)))
