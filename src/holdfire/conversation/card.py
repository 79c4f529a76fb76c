"""The card of a desk: who it is, signed by its root; the hash of its root keys is its name (docs/protocols/conversation.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.conversation import signed
from holdfire.conversation.faults import CrossDeskError, EquivocationError, RollbackError
from holdfire.errors import UserError
from holdfire.sealing.double_signature import PUBLIC_SIZE, DoubleKey
from holdfire.sealing.words import spoken_match, spoken_of
from holdfire.wire.encoding import Field, FormatError, Listed, Octets, Row, Shape, Text, Whole
from holdfire.wire.names import HASH_SIZE, named_hash
from holdfire.wire.origin import MOST_ORIGIN, origin_of
from holdfire.wire.sheets import CARD_SIZE

MOST_RELAYS: Final = 4
_SHAPE: Final = Shape(
    "card",
    (
        Field(1, "number", Whole(least=1)),
        Field(2, "name", Text(120, 1)),
        Field(3, "root", Octets(PUBLIC_SIZE)),
        Field(4, "promises", Text(4_000)),
        Field(
            5,
            "relays",
            Listed(
                Row(
                    (("origin", Text(MOST_ORIGIN, 1)), ("sheet", Octets(HASH_SIZE)), ("head key", Octets(32)))
                ),
                MOST_RELAYS,
                1,
            ),
        ),
    ),
)


@dataclass(frozen=True)
class DeskRelay:
    """A relay of a desk.

    Args:
        origin: Its origin.
        sheet: Where the desk's files stand on it.
        head_key: With which the relay signs the heads of boards, Ed25519.
    """

    origin: str
    sheet: bytes
    head_key: bytes


@dataclass(frozen=True)
class Card:
    """What a desk says of itself.

    Args:
        number: From 1; a later card has a higher one.
        name: What it is called.
        root: Its root keys, 1,984 bytes.
        promises: What it promises, in its own words.
        relays: Where it is found, one to four.
    """

    number: int
    name: str
    root: bytes
    promises: str
    relays: tuple[DeskRelay, ...]

    @property
    def desk(self) -> bytes:
        """The desk's id, 32 bytes."""
        return desk_of(self.root)

    @property
    def words(self) -> str:
        """The eight words that the member hears elsewhere and types."""
        return spoken_of(self.desk)

    def confirmed_by(self, typed: str) -> bool:
        """Say whether these are its eight words; WordsError if they are not eight words of the list."""
        return spoken_match(self.desk, typed)

    def relay(self, origin: str) -> DeskRelay:
        """Return the relay with this origin; ValueError if the card names none such."""
        for one in self.relays:
            if one.origin == origin:
                return one
        raise ValueError("the card names no such relay")


def desk_of(root: bytes) -> bytes:
    """Return the id of the desk with these root keys: `H("desk", root keys)`."""
    return named_hash("desk", root)


def write_card(card: Card, root: DoubleKey) -> bytes:
    """Return the signed card, 16 KiB.

    Raises:
        FormatError: It does not fit the format.
        ValueError: `root` is not the key that the card names.
    """
    if card.root != root.public:
        raise ValueError("a card is signed by the root it names")
    for relay in card.relays:
        origin_of(relay.origin)
    body = _SHAPE.write(
        {
            "number": card.number,
            "name": card.name,
            "root": card.root,
            "promises": card.promises,
            "relays": [[relay.origin, relay.sheet, relay.head_key] for relay in card.relays],
        }
    )
    return signed.padded(signed.sign("card", card.desk, "", body, root), CARD_SIZE, "card")


def read_card(untrusted: bytes, desk: bytes | None = None) -> Card:
    """Return the card in `untrusted`, signed by the root it names.

    Args:
        untrusted: 16 KiB.
        desk: The id it must have, from a QR code or an earlier card; None for a first card, which is not confirmed yet.

    Raises:
        FormatError: It is not written as it must be.
        CrossDeskError: It is the card of another desk.
        ForgedError: It is not signed by its root.
    """
    body, signature = signed.parts("card", signed.unpadded(untrusted, CARD_SIZE, "card"))
    found = _SHAPE.read(body, signed.MOST)
    if desk is not None and desk_of(found["root"]) != desk:
        raise CrossDeskError
    signed.check("card", desk_of(found["root"]), "", body, signature, found["root"])
    return Card(
        found["number"],
        found["name"],
        found["root"],
        found["promises"],
        tuple(DeskRelay(_origin(origin), sheet, key) for origin, sheet, key in found["relays"]),
    )


def succeed(old: Card, new: Card) -> Card:
    """Return `new` if it may take the place of `old`.

    Raises:
        CrossDeskError: It has another root.
        RollbackError: It has a lower number.
        EquivocationError: It has the same number and says something else.
    """
    if new.root != old.root:
        raise CrossDeskError
    if new.number < old.number:
        raise RollbackError
    if new.number == old.number and new != old:
        raise EquivocationError
    return new


def _origin(untrusted: str) -> str:
    try:
        return origin_of(untrusted)
    except UserError:
        raise FormatError("card.relays.origin", "no origin of a relay") from None
