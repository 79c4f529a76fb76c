"""An edition: a notice and its buckets, the same for who was answered and who was not (docs/protocols/conversation.md §2, §6, §7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from holdfire.conversation.bucket import FALLS_AFTER_DAYS, bucket_of, choose, dummies, write_bucket
from holdfire.conversation.desk_log import Thread as Said
from holdfire.conversation.faults import LieError
from holdfire.conversation.notice import Notice, SeenNotice, read_notice, write_notice
from holdfire.conversation.reply import Reply, seal_slot, slot_tag, tickets_of
from holdfire.desk.own import DAYS_AHEAD, Draw, OwnDesk, OwnRelay
from holdfire.desk.threads import Thread, unseen
from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.sealing.hpke import PublicKey, SecretKey
from holdfire.wire import http
from holdfire.wire.encoding import FormatError
from holdfire.wire.http import Ask
from holdfire.wire.refusals import done
from holdfire.wire.sheets import BUCKET_SLOTS, CARD, NOTICE, SheetName, sheet_of
from holdfire.wire.tickets import SEED_SIZE, ticket_hash

_MOST_TICKETS: Final = 256
_OK, _NOTHING, _WRITTEN = 200, 404, 204


class CertificateError(UserError):
    """The root's word for the publish keys has run out."""

    hint = mark(
        "Bring the root and renew it: `holdfire desk renew`. Until then members see the last edition."
    )

    def __init__(self) -> None:
        super().__init__(mark("The certificate of this device has run out: it cannot publish."))


class NoPublisherError(UserError):
    """This device reads and answers, and another one of the desk publishes."""

    hint = mark("Your answers stand in the record: they go out when the desk's first device publishes.")

    def __init__(self) -> None:
        super().__init__(mark("This device does not publish."))


class OtherEditionError(UserError):
    """On the relay stands an edition of this desk that this vault does not know: it came from a backup, or somebody has the key."""

    hint = mark(
        "If this vault came from a backup, say so: `holdfire desk publish --restored`. If not, tell your members by voice, and make a new desk."
    )

    def __init__(self) -> None:
        super().__init__(mark("An edition of this desk stands there that this vault did not publish."))


@dataclass(frozen=True, repr=False)
class Edition:
    """What is published on one relay.

    Args:
        notice: What the notice says.
        document: The same, signed.
        slots: By bucket, the slots that mean something.
        tickets: Hashes of the tickets that its seeds give.
    """

    notice: Notice
    document: bytes
    slots: tuple[tuple[bytes, ...], ...]
    tickets: tuple[bytes, ...]


def standing(own: OwnDesk, relay: OwnRelay, ask: Ask) -> SeenNotice | None:
    """Return which notice of this desk stands on a relay; None where there is none that is signed for it.

    Raises:
        NetworkError: The relay was not reached.
    """
    answer = done(ask(http.read_sheet(sheet_of(relay.sheet), NOTICE)), _OK, _NOTHING)
    if answer.status == _NOTHING:
        return None
    try:
        return read_notice(answer.body, own.card, relay.origin).seen
    except (LieError, FormatError):
        # Whatever the relay put there: the next edition takes its place.
        return None


def following(relay: OwnRelay, there: SeenNotice | None, *, restored: bool) -> OwnRelay:
    """Return the relay as the next edition is to follow on it; a number that members saw is never given to another notice.

    Args:
        relay: As this vault knows it.
        there: What stands on it.
        restored: Whether the person says that this vault came from a backup, and is to go on from what stands there.

    Raises:
        OtherEditionError: This vault did not publish what stands there, and the person did not say so.
    """
    if (
        there is None
        or there.number < relay.number
        or (there.number, there.hash) == (relay.number, relay.hash)
    ):
        return relay
    if not restored:
        raise OtherEditionError
    return replace(relay, number=there.number, hash=there.hash)


def prepare(
    own: OwnDesk, relay: OwnRelay, threads: Sequence[tuple[Thread, Said]], now: datetime, draw: Draw
) -> tuple[OwnRelay, Edition]:
    """Return the relay as it stands once the edition was begun, which is to be kept before anything is sent, and the edition.

    Args:
        own: With day keys for two weeks.
        relay: One of its relays.
        threads: The conversations that have a place, with what the record says of them.
        now: The time here, whole seconds.
        draw: Random bytes.

    Raises:
        NoPublisherError: This device does not publish.
        CertificateError: The publish pair is not certified for now.
    """
    if own.publish is None:
        raise NoPublisherError
    if now >= own.until:
        raise CertificateError
    moment = now.replace(microsecond=0)
    edition = relay.number + 1
    needs = [(thread.conversation, max(1, len(unseen(thread, said)))) for thread, said in threads]
    least = relay.bits if relay.fell and (now.date() - relay.fell).days < FALLS_AFTER_DAYS else 0
    nonce, bits = choose(needs, own.id, relay.origin, edition, draw, least)
    ahead = [
        (day, SecretKey(seed).public) for day, seed in own.days if 0 <= (day - now.date()).days < DAYS_AHEAD
    ]
    notice = Notice(
        desk=own.id, origin=relay.origin, number=edition, previous=relay.hash, time=moment,
        certificate=own.certificate, day_keys=tuple(ahead), inbox=relay.inbox.writer, nonce=nonce, bits=bits,
        price=0, card=own.card.number, bulletins=own.bulletins,
    )  # fmt: skip
    document, hashed = write_notice(notice, own.publish)
    slots: list[list[bytes]] = [[] for _ in range(1 << bits)]
    tickets: list[bytes] = []
    for thread, said in threads:
        seed = draw(SEED_SIZE)
        tickets += [ticket_hash(one) for one in tickets_of(seed, own.id, relay.origin)]
        place = bucket_of(thread.conversation, own.id, relay.origin, notice.edition, bits)
        slots[place] += _slots(own, relay, thread, said, seed, notice)
    fell = relay.fell if bits == relay.bits and relay.fell else now.date()
    begun = replace(relay, number=edition, hash=hashed, bits=bits, fell=fell, published=moment)
    return begun, Edition(notice, document, tuple(tuple(one) for one in slots), tuple(sorted(tickets)))


def _slots(
    own: OwnDesk, relay: OwnRelay, thread: Thread, said: Said, seed: bytes, notice: Notice
) -> Iterator[bytes]:
    answers = unseen(thread, said) or ((0, ""),)
    # An ending counts once all was shown that was said before it.
    ended = said.ended and len(said.replies) - thread.seen <= len(answers)
    key = PublicKey(thread.reply_key)
    for place, (numbered, text) in enumerate(answers):
        reply = Reply(place, len(answers), thread.received.receipt(), seed, numbered, text, ended)
        tag = slot_tag(thread.conversation, own.id, relay.origin, notice.edition, place)
        yield seal_slot(reply.write(), tag, key, own.id, relay.origin, notice.edition)


def publish(
    own: OwnDesk, relay: OwnRelay, edition: Edition, ask: Ask, draw: Draw
) -> Iterator[tuple[int, int]]:
    """Put an edition on its relay: tickets, buckets, the notice last; yield how much is done, and of how much.

    Broken off, it leaves the edition before it standing; the next one has a higher number.

    Raises:
        NetworkError: The relay was not reached.
        RefusedError: It did not take something.
    """
    if own.publish is None:
        raise NoPublisherError
    notice, sheet = edition.notice, sheet_of(relay.sheet)
    total = len(edition.slots) + 2
    for start in range(0, len(edition.tickets), _MOST_TICKETS):
        some = list(edition.tickets[start : start + _MOST_TICKETS])
        done(ask(http.register_tickets(relay.inbox.writer, relay.inbox.reader, some)), _WRITTEN)
    yield 1, total
    for index, slots in enumerate(edition.slots):
        filled = dummies(BUCKET_SLOTS - len(slots), own.id, relay.origin, notice.edition, draw)
        bucket = write_bucket(notice, index, [*slots, *filled], own.publish)
        name = SheetName("bucket", notice.number, index)
        done(ask(http.write_sheet(sheet, name, relay.sheet, 0, bucket)), _WRITTEN)
        yield index + 2, total
    write_file(ask, relay, NOTICE, edition.document)
    yield total, total


def write_card(ask: Ask, relay: OwnRelay, document: bytes) -> None:
    """Put the desk's card on a relay; RefusedError if it does not take it."""
    write_file(ask, relay, CARD, document)


def write_file(ask: Ask, relay: OwnRelay, name: SheetName, document: bytes) -> None:
    """Put a card or a notice in place of the one that stands there."""
    sheet = sheet_of(relay.sheet)
    standing = done(ask(http.read_sheet(sheet, name)), _OK, _NOTHING)
    previous = int(standing.headers.get(http.PREVIOUS, "0")) if standing.status == _OK else 0
    done(ask(http.write_sheet(sheet, name, relay.sheet, previous, document)), _WRITTEN)
