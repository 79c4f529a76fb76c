"""How somebody comes to a desk: a request, eight words said by another way, an invitation only that device opens, once (docs/protocols/conversation.md §10)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from holdfire.conversation import signed
from holdfire.conversation.card import Card, read_card
from holdfire.conversation.faults import CrossDeskError
from holdfire.errors import TamperError
from holdfire.language import mark
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.hpke import OVERHEAD, BadKeyError, PublicKey, SealError, SecretKey
from holdfire.sealing.hpke import PUBLIC_SIZE as WRAPPING_SIZE
from holdfire.sealing.signature import PUBLIC_SIZE
from holdfire.sealing.words import spoken_of
from holdfire.wire.encoding import Field, FormatError, Octets, Shape, Text
from holdfire.wire.names import HASH_SIZE, context, named_hash
from holdfire.wire.sheets import CARD_SIZE

MOST_REQUEST: Final = 2_048
#: What a desk knows, in bytes: 10,000 threads take some 30 MB.
MOST_STATE: Final = 128 << 20
MOST_INVITATION: Final = MOST_STATE + signed.MOST + CARD_SIZE + OVERHEAD + 64
#: Before somebody belongs to a desk, what they sign or open belongs to none.
_NOBODYS: Final = bytes(HASH_SIZE)
_REQUEST: Final = Shape(
    "request",
    (
        Field(1, "name", Text(60, 1)),
        Field(2, "device", Octets(PUBLIC_SIZE)),
        Field(3, "wrapping", Octets(WRAPPING_SIZE)),
    ),
)
_INVITATION: Final = Shape(
    "invitation",
    (
        Field(1, "card", Octets(most=CARD_SIZE)),
        Field(2, "word", Octets(most=signed.MOST)),
        Field(3, "state", Octets(most=MOST_STATE)),
    ),
)
_WORD: Final = Shape("word", (Field(1, "device", Octets(PUBLIC_SIZE)), Field(2, "state", Octets(HASH_SIZE))))


class NotInvitedError(TamperError):
    """This invitation does not open with the key of the request that was made here."""

    hint = mark("Ask the desk for one that answers your last request. Each opens once.")

    def __init__(self) -> None:
        super().__init__(mark("This invitation is not for this vault."))


@dataclass(frozen=True)
class Request:
    """What somebody hands to a desk to belong to it.

    Args:
        name: What the desk shall call them; never a real name.
        device: The signing key of their device.
        wrapping: To which the invitation is sealed; used once.
    """

    name: str
    device: bytes
    wrapping: bytes

    def write(self) -> bytes:
        """Return it in its one spelling; FormatError if it does not fit."""
        return _REQUEST.write({"name": self.name, "device": self.device, "wrapping": self.wrapping})

    @property
    def words(self) -> str:
        """The eight words that are said by voice: they show that nobody put another key in its place."""
        return spoken_of(named_hash("request", self.write()))


def read_request(untrusted: bytes) -> Request:
    """Return a request; FormatError if it is not written as it must be."""
    found = _REQUEST.read(untrusted, MOST_REQUEST)
    try:
        PublicKey(found["wrapping"])
    except BadKeyError:
        raise FormatError("request.wrapping", "no key") from None
    return Request(found["name"], found["device"], found["wrapping"])


@dataclass(frozen=True, repr=False)
class Invitation:
    """What a desk hands to a new member.

    Args:
        card: The desk's.
        document: The same, signed.
        state: What the desk knows (docs/formats/desk.md).
    """

    card: Card
    document: bytes
    state: bytes


def write_invitation(request: Request, document: bytes, state: bytes, desk: bytes, root: DoubleKey) -> bytes:
    """Return an invitation that only the device of `request` opens, signed by the root; FormatError if it is too large."""
    body = _WORD.write({"device": request.device, "state": sha256(state).digest()})
    word = signed.sign("invitation", desk, "", body, root)
    plain = _INVITATION.write({"card": document.rstrip(b"\0"), "word": word, "state": state})
    return PublicKey(request.wrapping).seal(plain, _info(request.wrapping))


def open_invitation(untrusted: bytes, wrapping: SecretKey, device: bytes) -> Invitation:
    """Return an invitation; whoever wrote it has the root of its card, and whose card that is the eight words tell.

    Raises:
        NotInvitedError: It is for somebody else.
        FormatError: It opens, and is not written as it must be.
        ForgedError: The root of its card did not sign it.
        CrossDeskError: It was made for another device.
    """
    if len(untrusted) > MOST_INVITATION:
        raise FormatError("invitation", "too long")
    try:
        plain = wrapping.open(untrusted, _info(wrapping.public))
    except SealError:
        raise NotInvitedError from None
    found = _INVITATION.read(plain, MOST_INVITATION)
    document = found["card"].ljust(CARD_SIZE, b"\0")
    card = read_card(document)
    body, signature = signed.parts("invitation", found["word"])
    signed.check("invitation", card.desk, "", body, signature, card.root)
    word = _WORD.read(body, signed.MOST)
    if word["device"] != device:
        raise CrossDeskError
    if word["state"] != sha256(found["state"]).digest():
        raise FormatError("invitation.state", "another hash")
    return Invitation(card, document, found["state"])


def _info(wrapping: bytes) -> bytes:
    return context("invitation", _NOBODYS, "", wrapping)
