"""The notice of a desk: what it publishes with every edition, four times a day, changed or not (docs/protocols/conversation.md §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from holdfire.conversation import signed
from holdfire.conversation.card import Card
from holdfire.conversation.days import read_day
from holdfire.conversation.faults import (
    CrossDeskError,
    CrossRelayError,
    EquivocationError,
    ForgedError,
    RollbackError,
)
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.double_signature import PUBLIC_SIZE, DoubleKey
from holdfire.sealing.hpke import PUBLIC_SIZE as DAY_KEY_SIZE
from holdfire.wire.encoding import Field, FormatError, Listed, Octets, Row, Shape, Text, Whole
from holdfire.wire.names import HASH_SIZE, number
from holdfire.wire.origin import MOST_ORIGIN
from holdfire.wire.puzzle import MOST_PRICE
from holdfire.wire.sheets import MOST_BITS, NOTICE_SIZE

NONCE_SIZE: Final = 16
#: The longest a publish certificate stands, and how old a notice may be before nothing is sealed on its word.
MOST_CERTIFIED: Final = timedelta(days=90)
MOST_AGE: Final = timedelta(hours=48)
#: How far a notice may be ahead of the device's clock before one of them is called wrong.
MOST_AHEAD: Final = timedelta(hours=24)
MOST_DAY_KEYS: Final = 16
#: The hash before the first notice.
NONE_BEFORE: Final = bytes(HASH_SIZE)
_MOMENT: Final = Whole(4_102_444_800)

_CERTIFICATE: Final = Shape(
    "certificate",
    (
        Field(1, "public", Octets(PUBLIC_SIZE)),
        Field(2, "from", _MOMENT),
        Field(3, "until", _MOMENT),
    ),
)
#: Bytes of a bulletin's title and of its text, and how many stand in a notice.
MOST_TITLE: Final = 160
MOST_BULLETIN: Final = 2_400
MOST_BULLETINS: Final = 8

_SHAPE: Final = Shape(
    "notice",
    (
        Field(1, "desk", Octets(HASH_SIZE)),
        Field(2, "origin", Text(MOST_ORIGIN, 1)),
        Field(3, "number", Whole(least=1)),
        Field(4, "previous", Octets(HASH_SIZE)),
        Field(5, "time", _MOMENT),
        Field(6, "certificate", Octets(most=8_192)),
        Field(
            7,
            "day keys",
            Listed(Row((("day", Text(10, 10)), ("key", Octets(DAY_KEY_SIZE)))), MOST_DAY_KEYS, 1),
        ),
        Field(8, "inbox", Octets(HASH_SIZE)),
        Field(9, "nonce", Octets(NONCE_SIZE)),
        Field(10, "bits", Whole(MOST_BITS)),
        Field(11, "price", Whole(MOST_PRICE)),
        Field(12, "card", Whole(least=1)),
        Field(
            13,
            "bulletins",
            Listed(
                Row((("day", Text(10, 10)), ("title", Text(MOST_TITLE, 1)), ("text", Text(MOST_BULLETIN)))),
                MOST_BULLETINS,
            ),
        ),
    ),
)


class OldNoticeError(UserError):
    """The newest notice that can be had is over 48 hours old."""

    hint = mark(
        "Try another relay of this desk. If all are silent, ask whether the desk still works before you write."
    )

    def __init__(self) -> None:
        super().__init__(mark("The desk has published nothing for two days, or the relay holds it back."))


class ClockError(UserError):
    """The notice is from the future, or this computer's clock is behind."""

    hint = mark("Look at the date of this computer, then try again. Nothing was sent.")

    def __init__(self) -> None:
        super().__init__(mark("This computer's clock is more than a day behind the desk's."))


@dataclass(frozen=True)
class Bulletin:
    """What a desk tells everyone: a day, a title, a text."""

    day: date
    title: str
    text: str


@dataclass(frozen=True)
class Notice:
    """What a desk publishes with an edition, for one relay.

    Args:
        desk: The desk's id.
        origin: The relay it is for.
        number: Of notice and edition, from 1, one more each time.
        previous: Hash of the notice before, or 32 zeros.
        time: When it was made, whole seconds, UTC.
        certificate: The publish certificate, signed by the root.
        day_keys: Public keys that messages are sealed to, by day, rising.
        inbox: `w` of the inbox.
        nonce: Of the edition, 16 bytes.
        bits: `k`: the edition has 2ᵏ buckets.
        price: What newcomers pay, bits of the puzzle.
        card: The number of the newest card.
        bulletins: What the desk tells everyone.
    """

    desk: bytes
    origin: str
    number: int
    previous: bytes
    time: datetime
    certificate: bytes
    day_keys: tuple[tuple[date, bytes], ...]
    inbox: bytes
    nonce: bytes
    bits: int
    price: int
    card: int
    bulletins: tuple[Bulletin, ...] = ()

    @property
    def edition(self) -> bytes:
        """The edition as a part of contexts: number and nonce, 24 bytes."""
        return number(self.number) + self.nonce

    @property
    def today(self) -> date:
        """The day that counts for sealing: the notice's, never the device's."""
        return self.time.date()

    def day_key(self) -> tuple[date, bytes]:
        """Return the key for today, and its day; ValueError if the desk forgot to publish one."""
        for day, key in self.day_keys:
            if day == self.today:
                return day, key
        raise ValueError("the notice has no key for its own day")

    def check_age(self, now: datetime) -> None:
        """Return if a message may be sealed on the word of this notice.

        Raises:
            OldNoticeError: It is over 48 hours old.
            ClockError: It is over a day ahead of `now`.
        """
        if now - self.time > MOST_AGE:
            raise OldNoticeError
        if self.time - now > MOST_AHEAD:
            raise ClockError


@dataclass(frozen=True)
class SeenNotice:
    """What is kept of the last notice of a desk on a relay: its number and the hash of its body."""

    number: int
    hash: bytes


@dataclass(frozen=True)
class ReadNotice:
    """A notice that was checked: what it says, its hash for the next one, and the publish keys that sign its buckets."""

    notice: Notice
    hash: bytes
    publish: bytes

    @property
    def seen(self) -> SeenNotice:
        """What to keep."""
        return SeenNotice(self.notice.number, self.hash)


def certify(root: DoubleKey, desk: bytes, publish: bytes, begins: datetime, ends: datetime) -> bytes:
    """Return the root's certificate for a publish pair, for 90 days at most.

    Raises:
        ValueError: It would stand longer.
    """
    if not timedelta(0) < ends - begins <= MOST_CERTIFIED:
        raise ValueError("a publish certificate stands for 90 days at most")
    body = _CERTIFICATE.write({"public": publish, "from": _seconds(begins), "until": _seconds(ends)})
    return signed.sign("publish", desk, "", body, root)


def write_notice(notice: Notice, publish: DoubleKey) -> tuple[bytes, bytes]:
    """Return the signed notice, 64 KiB, and its hash, which the next one names.

    Raises:
        FormatError: It does not fit the format.
    """
    body = _SHAPE.write(
        {
            "desk": notice.desk,
            "origin": notice.origin,
            "number": notice.number,
            "previous": notice.previous,
            "time": _seconds(notice.time),
            "certificate": notice.certificate,
            "day keys": [[day.isoformat(), key] for day, key in notice.day_keys],
            "inbox": notice.inbox,
            "nonce": notice.nonce,
            "bits": notice.bits,
            "price": notice.price,
            "card": notice.card,
            "bulletins": [[one.day.isoformat(), one.title, one.text] for one in notice.bulletins],
        }
    )
    document = signed.sign("notice", notice.desk, notice.origin, body, publish)
    return signed.padded(document, NOTICE_SIZE, "notice"), sha256(body).digest()


def read_notice(untrusted: bytes, card: Card, origin: str, seen: SeenNotice | None = None) -> ReadNotice:
    """Return the notice in `untrusted`, checked against the desk's card and what was seen before.

    Args:
        untrusted: 64 KiB.
        card: Of the desk it must be from.
        origin: Of the relay it was fetched from.
        seen: The last notice of this desk that was seen here on this relay.

    Raises:
        FormatError: It is not written as it must be.
        CrossDeskError: It is another desk's.
        CrossRelayError: It was made for another relay.
        ForgedError: The root did not certify who signed it, or did not sign it, or not for that time.
        RollbackError: It is older than the one seen.
        EquivocationError: There is another with its number, or it does not follow the one seen.
    """
    body, signature = signed.parts("notice", signed.unpadded(untrusted, NOTICE_SIZE, "notice"))
    found = _SHAPE.read(body, signed.MOST)
    if found["desk"] != card.desk:
        raise CrossDeskError
    if found["origin"] != origin:
        raise CrossRelayError
    time = _moment(found["time"])
    publish = _certified(found["certificate"], card, time)
    signed.check("notice", card.desk, origin, body, signature, publish)
    days = [read_day(day, "notice.day keys") for day, _ in found["day keys"]]
    if days != sorted(set(days)):
        raise FormatError("notice.day keys", "days out of order")
    _follows(seen, found["number"], found["previous"], sha256(body).digest())
    notice = Notice(
        desk=found["desk"],
        origin=origin,
        number=found["number"],
        previous=found["previous"],
        time=time,
        certificate=found["certificate"],
        day_keys=tuple(zip(days, (key for _, key in found["day keys"]), strict=True)),
        inbox=found["inbox"],
        nonce=found["nonce"],
        bits=found["bits"],
        price=found["price"],
        card=found["card"],
        bulletins=tuple(
            Bulletin(read_day(day, "notice.bulletins"), title, text)
            for day, title, text in found["bulletins"]
        ),
    )
    return ReadNotice(notice, sha256(body).digest(), publish)


def _certified(untrusted: bytes, card: Card, time: datetime) -> bytes:
    body, signature = signed.parts("publish", untrusted)
    signed.check("publish", card.desk, "", body, signature, card.root)
    found = _CERTIFICATE.read(body, signed.MOST)
    begins, ends = _moment(found["from"]), _moment(found["until"])
    if not begins <= time <= ends or ends - begins > MOST_CERTIFIED:
        raise ForgedError(mark("The key that signed this notice was not the desk's at that time."))
    public: bytes = found["public"]
    return public


def _follows(seen: SeenNotice | None, found: int, previous: bytes, hashed: bytes) -> None:
    if seen is None:
        return
    if found < seen.number:
        raise RollbackError
    if found == seen.number and hashed != seen.hash:
        raise EquivocationError
    if found == seen.number + 1 and previous != seen.hash:
        raise EquivocationError


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
