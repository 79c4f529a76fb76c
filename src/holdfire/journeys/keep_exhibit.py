"""Keep files with an order: each an item of the vault, streamed and sealed, with a record that says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from holdfire.errors import UserError
from holdfire.journeys.record_order import find_order
from holdfire.language import mark
from holdfire.packets.packet import Exhibit, Form
from holdfire.packets.reading import BEGINNING, FORM_WORDS, form_of
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

#: How many records are read from the vault at once.
_AT_ONCE: Final = 100
MOST_TITLE: Final = 200


@dataclass(frozen=True)
class KeptExhibit:
    """A file kept with an order.

    Attributes:
        order: The id of the order's record.
        item: The id of the vault's item.
        title: As the person calls it.
        sha256: Of the file, 64 hexadecimal digits.
        form: What it is, by its content.
        size: Its bytes.
    """

    order: str
    item: str
    title: str
    sha256: str
    form: Form
    size: int


def _encode(kept: KeptExhibit) -> JSON:
    return cast("JSON", dict(vars(kept)))


def _decode(values: JSON) -> KeptExhibit:
    kept = cast("dict[str, Any]", values)
    return KeptExhibit(**{**kept, "form": kept["form"] if kept["form"] in FORM_WORDS else "other"})


EXHIBIT: Final = Kind("exhibit", 1, _encode, _decode, words=lambda kept: kept.title)


def attach(
    vault: Vault,
    number: int,
    title: str,
    pieces: Iterable[bytes],
    now: datetime,
    *,
    size: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Record[KeptExhibit]:
    """Keep a file with an order; it is there whole once this returns, or not at all.

    Args:
        vault: The open vault.
        number: Of the order.
        title: As the person calls it; "" for none.
        pieces: The file's content in order.
        now: When it was added.
        size: What `progress` is told as the total.
        progress: Told bytes done and `size`.

    Raises:
        UserError: There is no such order, or the title is too long.
        FullError: The vault has no room.
    """
    order = find_order(vault, number)
    if len(title) > MOST_TITLE:
        raise UserError(mark("A title has at most {most} letters."), mark("Say it shorter."), most=MOST_TITLE)
    beginning = bytearray()

    def watched() -> Iterator[bytes]:
        for piece in pieces:
            if len(beginning) < BEGINNING:
                beginning.extend(piece[: BEGINNING - len(beginning)])
            yield piece

    item = vault.blobs.add(watched(), now, size=size, progress=progress)
    form = form_of(bytes(beginning))
    kept = KeptExhibit(
        order.id, item.id, " ".join(title.split()) or mark("A file"), item.sha256.hex(), form, item.size
    )
    return vault.records.add(EXHIBIT, kept, now)


def exhibits_of(vault: Vault, number: int) -> tuple[Record[KeptExhibit], ...]:
    """Return the files of an order in the order they were added; they are called by their place, from 1."""
    order = find_order(vault, number).id
    found = [
        record
        for start in range(0, vault.records.count(EXHIBIT), _AT_ONCE)
        for record in vault.records.all(EXHIBIT, limit=_AT_ONCE, offset=start)
        if record.value.order == order
    ]
    return tuple(reversed(found))


def detach(vault: Vault, number: int, place: int) -> None:
    """Destroy a file of an order and forget it; UserError when there is none at this place."""
    found = exhibits_of(vault, number)
    if not 1 <= place <= len(found):
        raise UserError(
            mark("Order {number} has no file {place}."), mark("The order shows its files with their numbers."),
            number=number, place=place,
        )  # fmt: skip
    record = found[place - 1]
    vault.records.delete(EXHIBIT, record.id)
    vault.blobs.shred(record.value.item)


def as_exhibit(vault: Vault, record: Record[KeptExhibit]) -> Exhibit:
    """Return a kept file as a packet takes it: its content is read from the vault when it is asked for."""
    kept = record.value
    return Exhibit(
        kept.title, kept.form, kept.size, kept.sha256, f"{record.saved:%Y-%m-%d}",
        lambda: vault.blobs.stream(kept.item),
    )  # fmt: skip
