"""Where a desk's card lies, as one short text that a QR code holds (docs/protocols/conversation.md §1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from holdfire.conversation.card import Card, read_card
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.wire import http
from holdfire.wire.http import Ask
from holdfire.wire.origin import MOST_ORIGIN, origin_of
from holdfire.wire.refusals import done
from holdfire.wire.sheets import CARD

_TEXT: Final = re.compile(
    r"holdfire:desk\?id=(?P<desk>[0-9a-f]{64})&sheet=(?P<sheet>[0-9a-f]{64})&at=(?P<origin>[!-~]{1,128})\Z"
)
#: The most letters of a code.
MOST_CODE: Final = len("holdfire:desk?id=&sheet=&at=") + 64 + 64 + MOST_ORIGIN
_OK: Final = 200


@dataclass(frozen=True)
class CardCode:
    """Where the card of a desk lies, and which desk's it must be.

    Args:
        desk: The desk's id, 32 bytes.
        sheet: Of the desk on the relay, 32 bytes.
        origin: Of the relay.
    """

    desk: bytes
    sheet: bytes
    origin: str

    def __str__(self) -> str:
        return f"holdfire:desk?id={self.desk.hex()}&sheet={self.sheet.hex()}&at={self.origin}"


def code_of(card: Card) -> CardCode:
    """Return the code of a card; it names the first of its relays."""
    relay = card.relays[0]
    return CardCode(card.desk, relay.sheet, relay.origin)


def read_code(untrusted: str) -> CardCode:
    """Return the code that stands in a text, white space around it left away.

    Raises:
        UserError: It is no code of a desk, or names no origin of a relay.
    """
    found = _TEXT.match(untrusted.strip())
    if found is None:
        raise UserError(
            mark("This is no code of a desk."),
            mark("It begins with holdfire:desk? and is copied whole, as the QR code says it."),
        )
    return CardCode(bytes.fromhex(found["desk"]), bytes.fromhex(found["sheet"]), origin_of(found["origin"]))


def fetch_card(code: CardCode, ask: Ask) -> bytes:
    """Return the card that lies where a code says, signed by the root of the desk that it names.

    Raises:
        CrossDeskError: Another desk's card lies there.
        ForgedError: It is not signed by its root.
        FormatError: No card lies there.
        NetworkError: The relay was not reached.
        RefusedError: It has nothing there.
    """
    found = done(ask(http.read_sheet(code.sheet, CARD)), _OK).body
    read_card(found, code.desk)
    return found
