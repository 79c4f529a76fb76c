"""Who belongs to a desk: somebody asks, is added with the root, and joins.

One device publishes. The others read, act and answer: what they do stands in the record, and goes out with the next edition.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from holdfire.conversation.desk_log import Act, spelt
from holdfire.conversation.joining import Request, open_invitation, write_invitation
from holdfire.conversation.roster import Device, Roster, write_roster
from holdfire.desk.own import OwnDesk
from holdfire.errors import UserError
from holdfire.journeys.desk_record import act, refresh, roster_of, state_of
from holdfire.journeys.keep_own_desk import check_root, own_desk
from holdfire.journeys.kept_desk import ACT, ASKED, CAME, OWN, THREAD, Asked, Came, Enclosed
from holdfire.journeys.kept_talk import every
from holdfire.language import mark
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.hpke import SEED_SIZE, SecretKey
from holdfire.sealing.noise import random_bytes
from holdfire.sealing.signature import SigningKey
from holdfire.sealing.words import spoken_match
from holdfire.vault.records import Kind, Record
from holdfire.vault.vault import Vault
from holdfire.wire.boards import BoardReader
from holdfire.wire.encoding import FormatError
from holdfire.wire.http import Ask

#: So many devices fit into one act of the record.
MOST_MEMBERS: Final = 16
_STATE: Final = 1
T = TypeVar("T")


@dataclass(frozen=True)
class Member:
    """A device of the desk.

    Args:
        name: What the desk calls its holder.
        here: Whether it is this one.
        publishes: Whether it publishes.
        ready: Whether it has a key to which others can be wrapped; the publishing one needs none.
    """

    name: str
    here: bool
    publishes: bool
    ready: bool


def request(vault: Vault, name: str, now: datetime) -> Request:
    """Make a request to belong to a desk, and keep what it needs; made again it is the same.

    Raises:
        UserError: This vault has a desk already, or the name is none.
    """
    # A device that was away too long asks anew; one that publishes is the desk.
    if any(one.value.publish for one in every(vault, OWN)):
        raise UserError(mark("This vault has a desk already."), mark("Make another vault for another desk."))
    for kept in every(vault, ASKED):
        return _request_of(kept.value)
    called = " ".join(name.split())
    if not 1 <= len(called.encode()) <= 60:  # noqa: PLR2004 - the roster's own bound
        raise UserError(mark("This name is too long, or none."), mark("Take a short one; never a real one."))
    asked = Asked(called, SigningKey.new(), random_bytes(SEED_SIZE))
    vault.records.add(ASKED, asked, now)
    return _request_of(asked)


def _request_of(asked: Asked) -> Request:
    return Request(asked.name, asked.device.public, SecretKey(asked.wrapping).public)


def members(vault: Vault) -> tuple[Member, ...]:
    """Return who belongs to the desk now."""
    own = own_desk(vault).value
    wrapping, used = state_of(vault).wrapping, {key for _, _, key in own.handed}
    return tuple(
        Member(
            one.name, one.key == own.device.public, one.publishes,
            one.publishes or wrapping.get(one.key, b"") not in {b"", *used},
        )
        for one in roster_of(vault).devices
    )  # fmt: skip


def add(vault: Vault, asked: Request, root: DoubleKey, ask: Ask, now: datetime) -> bytes:
    """Write a device into the roster, which the root signs, and return an invitation for it: all that the desk knows.

    To be called only when the person has just said so, and compared the eight words of the request. Called again for the
    same device it makes another invitation.

    Args:
        vault: The vault of a device of the desk.
        asked: The request.
        root: The root; it is not kept.
        ask: The desk's first relay.
        now: When.

    Raises:
        UserError: This is not the root, the name is taken, or there are too many.
        NetworkError: The relay was not reached.
        LieError: It does not give the record as it was.
    """
    own = own_desk(vault).value
    check_root(own, root)
    refresh(vault, ask, now)
    roster = roster_of(vault)
    if roster.device(asked.device) is None:
        if any(one.name == asked.name for one in roster.devices):
            raise UserError(
                mark("Somebody here is called {name} already."),
                mark("Ask for a request under another name."),
                name=asked.name,
            )
        if len(roster.devices) >= MOST_MEMBERS:
            raise UserError(
                mark("A desk has at most {most} devices."), mark("Take one off first."), most=MOST_MEMBERS
            )
        devices = (*roster.devices, Device(asked.name, asked.device))
        _post_roster(vault, Roster(roster.number + 1, devices), root, ask, now)
    own = own_desk(vault).value
    return write_invitation(asked, own.document, _state(vault, own), own.id, root)


def _post_roster(vault: Vault, roster: Roster, root: DoubleKey, ask: Ask, now: datetime) -> None:
    own = own_desk(vault).value
    act(own, state_of(vault), Act.ROSTER, b"", spelt(write_roster(roster, own.id, root)), ask, now)
    refresh(vault, ask, now)


def _state(vault: Vault, own: OwnDesk) -> bytes:
    """Return what another device of the desk starts from: no publish keys, no device's keys, boards to read and not to own."""
    relays = tuple(replace(one, sheet=b"", inbox=BoardReader(one.inbox.reader)) for one in own.relays)
    theirs = replace(
        own, publish=None, certificate=b"", log=BoardReader(own.log.reader), relays=relays, wrapping=b"", handed=(),
        before=None, moving=None,
    )  # fmt: skip
    kept: dict[str, Any] = {
        "version": _STATE,
        "own": {**_encoded(OWN, theirs), "device": ""},
        "threads": [THREAD.encode(one.value) for one in every(vault, THREAD)][::-1],
        "messages": [CAME.encode(_without_files(one.value)) for one in every(vault, CAME)][::-1],
        "acts": [ACT.encode(one.value) for one in every(vault, ACT)][::-1],
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _encoded(kind: Kind[OwnDesk], own: OwnDesk) -> dict[str, Any]:
    encoded = kind.encode(own)
    assert isinstance(encoded, dict)  # noqa: S101 - it is made so
    return dict(encoded)


def _without_files(came: Came) -> Came:
    """Files that one device fetched are gone from the relay, and their numbers here mean nothing elsewhere."""
    return replace(
        came,
        files=tuple(Enclosed(one.attachment, gone=one.gone or one.evidence > 0) for one in came.files),
    )


def join(vault: Vault, untrusted_invitation: bytes, typed: str, now: datetime) -> Record[OwnDesk]:
    """Take an invitation in: from now on this vault holds the desk, too. Nothing is sent; its first reading makes a key ready.

    What a device held before that was away too long is replaced; files that it fetched stay with their messages.

    Args:
        vault: The vault in which the request was made.
        untrusted_invitation: The file.
        typed: The eight words of the desk, which came another way.
        now: When.

    Raises:
        UserError: No request was made here, or these are not the desk's words.
        NotInvitedError: It answers another request.
        FormatError: It is not written as it must be.
        ForgedError: The root of its card did not sign it.
    """
    asked = next(iter(every(vault, ASKED)), None)
    if asked is None:
        raise UserError(
            mark("No request was made in this vault."), mark("Make one first, and hand it to the desk.")
        )
    device = asked.value.device
    found = open_invitation(untrusted_invitation, SecretKey(asked.value.wrapping), device.public)
    if not spoken_match(found.card.desk, typed):
        raise UserError(
            mark("These are not the eight words of this desk."),
            mark("Ask the desk for its words again, by voice. Nothing was taken in."),
        )
    try:
        kept = json.loads(found.state)
        own = OWN.decode({**kept["own"], "device": b64encode(device.seed).decode("ascii")})
        threads = [THREAD.decode(one) for one in kept["threads"]]
        messages = [CAME.decode(one) for one in kept["messages"]]
        acts = [ACT.decode(one) for one in kept["acts"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError("invitation.state", "not what a desk knows") from error
    fetched = {
        file.attachment.hash: file for one in every(vault, CAME) for file in one.value.files if file.evidence
    }
    messages = [
        replace(one, files=tuple(fetched.get(file.attachment.hash, file) for file in one.files))
        for one in messages
    ]
    with vault.transaction():
        vault.records.delete(ASKED, asked.id)
        for gone in (OWN, THREAD, CAME, ACT):
            _forget(vault, gone)
        _add_all(vault, THREAD, threads, now)
        _add_all(vault, CAME, messages, now)
        _add_all(vault, ACT, acts, now)
        return vault.records.add(OWN, own, now)


def _forget(vault: Vault, kind: Kind[Any]) -> None:
    for one in tuple(every(vault, kind)):
        vault.records.delete(kind, one.id)


def _add_all(vault: Vault, kind: Kind[T], values: Sequence[T], now: datetime) -> None:
    for one in values:
        vault.records.add(kind, one, now)
