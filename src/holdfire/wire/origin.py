"""The origin of a relay, in its one spelling: `http://` and an onion name, or `https://` and a host (docs/protocols/envelope.md §3)."""

from __future__ import annotations

import re
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark

#: The most bytes of an origin.
MOST_ORIGIN: Final = 128
_ONION: Final = re.compile(r"http://[a-z2-7]{56}\.onion\Z")
_HOST: Final = re.compile(
    r"https://(?=.{1,118}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[1-9][0-9]{1,4})?\Z"
)
#: A relay on this computer: for trying things out.
_LOOPBACK: Final = re.compile(r"http://(127\.0\.0\.1|localhost):[1-9][0-9]{1,4}\Z")


def origin_of(untrusted: str) -> str:
    """Return an origin if it is spelt in the one way it can be spelt.

    Raises:
        UserError: It is no origin of a relay; plain http is for onion names and this computer alone.
    """
    if not any(pattern.match(untrusted) for pattern in (_ONION, _HOST, _LOOPBACK)):
        raise UserError(
            mark("This is no address of a relay."),
            mark(
                "It begins with http:// and ends with .onion, or begins with https://; nothing follows the name."
            ),
        )
    return untrusted
