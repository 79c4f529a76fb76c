"""The roster of a desk, signed by its root: who is a member, with which device (docs/protocols/conversation.md §10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.conversation import signed
from holdfire.conversation.faults import RollbackError
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.signature import PUBLIC_SIZE
from holdfire.wire.encoding import Field, FormatError, Listed, Octets, Row, Shape, Text, Whole

MOST_DEVICES: Final = 32
_SHAPE: Final = Shape(
    "roster",
    (
        Field(1, "number", Whole(least=1)),
        Field(
            2,
            "devices",
            Listed(
                Row((("name", Text(60, 1)), ("key", Octets(PUBLIC_SIZE)), ("publishes", Whole(1)))),
                MOST_DEVICES,
                1,
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Device:
    """A device of a member.

    Args:
        name: What the desk calls its holder; never a real name.
        key: Its signing key, Ed25519.
        publishes: Whether it holds a publish pair.
    """

    name: str
    key: bytes
    publishes: bool = False


@dataclass(frozen=True)
class Roster:
    """Who is a member: a number that rises, and the devices."""

    number: int
    devices: tuple[Device, ...]

    def device(self, key: bytes) -> Device | None:
        """Return the device with this signing key, or None."""
        return next((one for one in self.devices if one.key == key), None)


def write_roster(roster: Roster, desk: bytes, root: DoubleKey) -> bytes:
    """Return the signed roster; FormatError if it does not fit the format."""
    devices = [[one.name, one.key, int(one.publishes)] for one in roster.devices]
    body = _SHAPE.write({"number": roster.number, "devices": devices})
    return signed.sign("roster", desk, "", body, root)


def read_roster(untrusted: bytes, desk: bytes, root: bytes, before: Roster | None = None) -> Roster:
    """Return a roster.

    Raises:
        FormatError: It is not written as it must be, or a device stands there twice.
        ForgedError: The root did not sign it.
        RollbackError: Its number is not higher than that of the one `before`.
    """
    body, signature = signed.parts("roster", untrusted)
    signed.check("roster", desk, "", body, signature, root)
    found = _SHAPE.read(body, signed.MOST)
    devices = tuple(Device(name, key, bool(publishes)) for name, key, publishes in found["devices"])
    if len({one.key for one in devices}) != len(devices):
        raise FormatError("roster.devices", "a device stands there twice")
    if before is not None and found["number"] <= before.number:
        raise RollbackError
    return Roster(found["number"], devices)
