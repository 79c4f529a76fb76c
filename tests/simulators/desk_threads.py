"""A desk to which members wrote, in a vault, without a relay."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from holdfire.conversation.attachment import Attachment
from holdfire.conversation.desk_log import Act, Entry
from holdfire.conversation.kinds import Kind
from holdfire.conversation.message import Message, seal_message
from holdfire.desk.board import Pulled
from holdfire.desk.own import OwnDesk, Place
from holdfire.journeys.keep_own_desk import Room, new_desk, own_desk
from holdfire.journeys.kept_desk import ACT
from holdfire.journeys.refer_thread import Referral
from holdfire.journeys.run_desk import find_thread, take_in
from holdfire.sealing.hpke import SecretKey
from holdfire.sealing.noise import random_bytes
from holdfire.vault.vault import Vault
from holdfire.wire.checkpoint import Checkpoint
from holdfire.wire.merkle import EMPTY

ORIGIN: Final = "https://relay.example"
FORCE: Final = {
    "place": "Square",
    "time": "noon",
    "means": "gas",
    "known": "saw it myself",
    "sure": "sure",
}


def make_desk(vault: Vault, now: datetime) -> OwnDesk:
    """Make a desk in a vault; nothing is sent."""
    room = Room(ORIGIN, b"k" * 32, b"g" * 32)
    return new_desk(vault, "Lawyers for soldiers", "", [room], "first", now)[0].value


def sealed(
    own: OwnDesk, kind: Kind, text: str, form: dict[str, str], *files: Attachment, origin: str = ORIGIN
) -> bytes:
    """Return the first message of a conversation as an entry of the inbox."""
    key = SecretKey.new().public
    message = Message(
        random_bytes(32), 1, random_bytes(32), key, 0, kind, text, files, form=form, language="ru"
    )
    day, seed = own.days[0]
    return seal_message(message.write(), own.id, origin, day, SecretKey(seed).public)


def record_referral(vault: Vault, now: datetime) -> None:
    """Put into the vault that message 1 of thread 2 is given out, as if the relay had the act."""
    own = own_desk(vault).value
    conversation = find_thread(vault, 2).conversation
    head = Checkpoint(0, EMPTY)
    said = Referral(2, (1,)).said
    act = Entry(own.device.public, 1, now, head, head, Act.EXPORT, conversation, said)
    vault.records.add(ACT, act, now)


def ask_to_meet(vault: Vault, now: datetime) -> None:
    """Have two members write to the desk of a vault, each of whom asks to meet somebody."""
    own = own_desk(vault).value
    entries = tuple(
        sealed(own, Kind.INTRODUCTION, "", {"meet": one})
        for one in ("Another officer", "Somebody who has resigned")
    )
    take_in(vault, ORIGIN, Pulled(Place(), tuple(enumerate(entries))), now)


def fill_desk(vault: Vault, now: datetime) -> None:
    """Make a desk to which three members wrote: a question, a warning, an order with a film."""
    own = make_desk(vault, now)
    film = Attachment(b"k" * 32, 300 << 20, b"h" * 32)
    entries = (
        sealed(own, Kind.QUESTION, "May I resign now?", {}),
        sealed(own, Kind.FORCE, "They told us to load.", FORCE),
        sealed(own, Kind.ORDER, "", {"ordered": "Clear the square by six."}, film),
    )
    take_in(vault, ORIGIN, Pulled(Place(), tuple(enumerate(entries))), now)
