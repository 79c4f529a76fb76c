"""Keep a packet that a page made, sealed in the vault until it is saved as a file: nothing in clear waits anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from holdfire.journeys.keep_exhibit import detach, exhibits_of
from holdfire.journeys.record_order import delete_order, find_order
from holdfire.packets.make import Making
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

#: No page lists more.
_MOST: Final = 1_000


@dataclass(frozen=True)
class KeptPacket:
    """A packet that was made: of which order, where its bytes lie, how many pages and bytes."""

    order: str
    item: str
    pages: int
    size: int
    notes: tuple[str, ...] = ()


def _encode(kept: KeptPacket) -> JSON:
    return cast("JSON", {**vars(kept), "notes": list(kept.notes)})


def _decode(values: JSON) -> KeptPacket:
    kept = cast("dict[str, Any]", values)
    return KeptPacket(**{**kept, "notes": tuple(kept["notes"])})


PACKET: Final = Kind("packet", 1, _encode, _decode)


def keep_packet(vault: Vault, number: int, making: Making, now: datetime) -> Record[KeptPacket]:
    """Make a packet straight into the vault, in bounded memory; FullError when it has no room, and nothing stays."""
    order = find_order(vault, number)
    item = vault.blobs.add(making.pieces(), now)
    kept = KeptPacket(order.id, item.id, making.pages, item.size, tuple(making.notes))
    return vault.records.add(PACKET, kept, now)


def packets_of(vault: Vault, order: str) -> tuple[Record[KeptPacket], ...]:
    """Return the packets kept of an order by its record's id, the latest first."""
    return tuple(one for one in vault.records.all(PACKET, limit=_MOST) if one.value.order == order)


def destroy_packet(vault: Vault, packet: str) -> None:
    """Destroy a packet in the vault; what was saved as a file stays where it is. MissingError when there is none."""
    kept = vault.records.get(PACKET, packet).value
    vault.records.delete(PACKET, packet)
    vault.blobs.shred(kept.item)


def delete_order_whole(vault: Vault, number: int) -> None:
    """Delete an order in every version, with its files and packets: nothing unseen stays behind. UserError when there is none."""
    for one in packets_of(vault, find_order(vault, number).id):
        destroy_packet(vault, one.id)
    for place in range(len(exhibits_of(vault, number)), 0, -1):
        detach(vault, number, place)
    delete_order(vault, number)
