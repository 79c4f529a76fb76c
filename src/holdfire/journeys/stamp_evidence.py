"""Have evidence stamped: ask without a network, send when the person says so, take answers in, say what they prove.

What is stamped is the head of an item's custody log, never a file. Asking (`queue`) only writes requests into the vault. What leaves
is an `Errand`, which holds nothing else of the vault; `deliver` alone reaches a network, and only an entrance that the person just
told to send calls it. A file carried by hand takes the same way in.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from holdfire.errors import HoldfireError, NetworkError, PeerError, UserError
from holdfire.evidence.custody import head
from holdfire.evidence.custody.check import check_earlier
from holdfire.evidence.stamps import opentimestamps, rfc3161
from holdfire.evidence.stamps.opentimestamps import Attestation
from holdfire.evidence.stamps.refusals import StampError
from holdfire.evidence.stamps.stamp import (
    Stamp,
    Verdict,
    answered,
    ask,
    belongs_to,
    kept_promise,
    promises,
)
from holdfire.evidence.stamps.stamp import judge as judge_stamp
from holdfire.journeys.keep_evidence import Evidence, all_evidence, custody_log, exported_head, find_evidence
from holdfire.journeys.kept_stamps import STAMP, KeptStamp, all_stamps, find_authority, stamps_on
from holdfire.language import mark
from holdfire.reach.post import RefusedError, fetch, post
from holdfire.reach.way import Proxy, host_of
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault

_QUERY: Final = "application/timestamp-query"
_REPLY: Final = "application/timestamp-reply"
_OTS: Final = "application/vnd.opentimestamps.v1"
_PLAIN: Final = "application/x-www-form-urlencoded"
_NOT_YET: Final = 404
#: A name with a dot and letters at its end: no number, no name of the house.
_PUBLIC: Final = re.compile(r"https://([a-z0-9-]+\.)+[a-z]{2,}(/[A-Za-z0-9._/-]*)?\Z")


@dataclass(frozen=True)
class Errand:
    """What is to be sent for one stamp: all that leaves, and all that is needed to take the answer in.

    Attributes:
        number: Of the item.
        record: The id of the stamp's record.
        name: Whom it goes to.
        address: Where.
        body: What is sent; empty where only something is asked for.
        promise: The promise that is asked about; None for a request.
    """

    number: int
    record: str
    name: str
    address: str
    body: bytes
    kind: str
    promise: Attestation | None = None

    @property
    def host(self) -> str:
        """The name of the computer it goes to."""
        return host_of(self.address)


@dataclass(frozen=True)
class Judged:
    """A stamp, what it says today, and of how many of the log's events it speaks."""

    record: Record[KeptStamp]
    verdict: Verdict
    covers: int
    events: int

    @property
    def place(self) -> int:
        """Its number among the item's stamps, from 1."""
        return self.record.value.place

    @property
    def stamp(self) -> Stamp:
        """The stamp itself."""
        return self.record.value.stamp


class NotAllAnsweredError(NetworkError):
    """Something was sent and not everybody answered rightly; what was not answered waits."""

    def __init__(self, answered_count: int, total: int, name: str, fault: HoldfireError) -> None:
        super().__init__(
            mark("{answered} of {total} answered. {name}: {fault}"),
            fault.hint or mark("Nothing is lost: what was not sent waits. Try again later."),
            answered=answered_count, total=total, name=name, fault=str(fault),
        )  # fmt: skip


def stamps_of(vault: Vault, number: int) -> tuple[Record[KeptStamp], ...]:
    """Return the stamps of an item, the first asked for first; UserError when there is no such item."""
    return stamps_on(vault, find_evidence(vault, number).value.log)


def find_stamp(vault: Vault, number: int, place: int) -> Record[KeptStamp]:
    """Return one stamp of an item by its number; UserError when there is none."""
    for one in stamps_of(vault, number):
        if one.value.place == place:
            return one
    raise UserError(
        mark("Item {number} has no stamp {place}."), mark("The item shows its stamps with their numbers."),
        number=number, place=place,
    )  # fmt: skip


def queue(vault: Vault, number: int, names: Sequence[str], now: datetime) -> tuple[Record[KeptStamp], ...]:
    """Write requests for stamps on the log as it stands, and return them; nothing is sent.

    Who was asked about this very state before, and has not answered or has answered rightly, is not asked again.

    Args:
        vault: The open vault.
        number: Of the item.
        names: Whom to ask, as the person's list calls them.
        now: When this was asked.

    Raises:
        UserError: There is no such item, nobody is called so, or nobody was named.
        CustodyError: The log is not what it was; a stamp on it would prove the wrong thing.
    """
    chosen = [find_authority(vault, name).value for name in dict.fromkeys(names)]
    if not chosen:
        raise UserError(
            mark("Nobody is chosen to be asked."),
            mark("Put somebody on your list of authorities first, then choose them."),
        )
    with vault.transaction():
        kept = find_evidence(vault, number).value
        signed = custody_log(vault, number).head
        before = stamps_on(vault, kept.log)
        place = max((one.value.place for one in before), default=0)
        made = []
        for one in chosen:
            if any(_same(old.value.stamp, one.address, signed.head.text()) for old in before):
                continue
            place += 1
            stamp = ask(one.kind, one.name, one.address, one.roots, signed)
            made.append(vault.records.add(STAMP, KeptStamp(kept.log, place, stamp), now))
    return tuple(made)


def errands(vault: Vault, number: int) -> tuple[Errand, ...]:
    """Return what would be sent now: what waits, and what calendars can be asked about."""
    found = []
    for one in stamps_of(vault, number):
        stamp = one.value.stamp
        base = stamp.address.rstrip("/")
        if not stamp.answer and stamp.kind == "authority":
            found.append(Errand(number, one.id, stamp.name, stamp.address, stamp.request, _QUERY))
        elif not stamp.answer:
            found.append(Errand(number, one.id, stamp.name, f"{base}/digest", stamp.request, _PLAIN))
        for promise in promises(stamp)[:1]:
            asked = (promise.message or b"").hex()
            where = _where(promise.address, base)
            found.append(Errand(number, one.id, stamp.name, f"{where}/timestamp/{asked}", b"", _OTS, promise))
    return tuple(found)


def deliver(errand: Errand, proxy: Proxy | None, *, trusted: ssl.SSLContext | None = None) -> bytes | None:
    """Send one errand and return the answer, of which nothing is judged; None where a calendar has nothing new.

    To be called only when the person has just said so.

    Raises:
        NetworkError: The way failed.
        PeerError: The other side refused, or answered too much.
    """
    most = rfc3161.MOST_ANSWER if errand.kind == _QUERY else opentimestamps.MOST_PROOF
    if errand.promise is None:
        accept = _REPLY if errand.kind == _QUERY else _OTS
        return post(
            errand.address,
            errand.body,
            kind=errand.kind,
            accept=accept,
            most=most,
            proxy=proxy,
            trusted=trusted,
        )
    try:
        return fetch(errand.address, accept=_OTS, most=most, proxy=proxy, trusted=trusted)
    except RefusedError as fault:
        if fault.status == _NOT_YET:
            return None
        raise


def take_in(vault: Vault, errand: Errand, untrusted_answer: bytes, now: datetime) -> Record[KeptStamp]:
    """Judge an answer and keep it, if it is right.

    Raises:
        StampError: It is not, and why; nothing was kept of it.
    """
    record = vault.records.get(STAMP, errand.record)
    stamp = record.value.stamp
    if errand.promise is None:
        return _keep_answer(vault, errand.number, record, answered(stamp, untrusted_answer), now)
    return _keep_answer(
        vault, errand.number, record, kept_promise(stamp, errand.promise, untrusted_answer), now
    )


def take_in_file(
    vault: Vault, numbers: Sequence[int], untrusted_answer: bytes, name: str, now: datetime
) -> Record[KeptStamp]:
    """Judge an answer that came as a file, find the request it belongs to, and keep it.

    Args:
        vault: The open vault.
        numbers: Of the items one of whose requests it answers.
        untrusted_answer: The file's content: `.tsr`, `.ots`, or what a calendar answered.
        name: The file's name; a calendar's bare answer must be called as its request is.
        now: When it was taken in.

    Raises:
        StampError: It belongs to no request of these items, or it is not right.
    """
    waiting = {one.id: (number, one) for number in numbers for one in stamps_of(vault, number)}
    if len(untrusted_answer) > max(rfc3161.MOST_ANSWER, opentimestamps.MOST_PROOF):
        raise UserError(
            mark("This file is too large for a stamp."), mark("Choose the answer that the authority gave.")
        )
    asked = {key: record.value.stamp for key, (_, record) in waiting.items()}
    number, record = waiting[belongs_to(untrusted_answer, name, asked)]
    return _keep_answer(vault, number, record, answered(record.value.stamp, untrusted_answer), now)


def send(
    vault: Vault,
    number: int,
    proxy: Proxy | None,
    now: datetime,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    trusted: ssl.SSLContext | None = None,
) -> int:
    """Send everything that waits for an item, take the answers in, and return how many came; each is kept as it comes.

    To be called only when the person has just said so.

    Raises:
        NotAllAnsweredError: At the end, when somebody did not answer rightly.
    """
    waiting = errands(vault, number)
    settled: list[tuple[Errand, bytes | HoldfireError | None]] = []
    for done, errand in enumerate(waiting):
        progress(done, len(waiting))
        answer = attempt(errand, proxy, trusted=trusted)
        settled.append((errand, _settle(vault, errand, answer, now)))
    progress(len(waiting), len(waiting))
    return _count(settled)


def attempt(
    errand: Errand, proxy: Proxy | None, *, trusted: ssl.SSLContext | None = None
) -> bytes | HoldfireError | None:
    """Send one errand as `deliver` does, and return what went wrong instead of raising it; it touches no vault."""
    try:
        return deliver(errand, proxy, trusted=trusted)
    except (NetworkError, PeerError, UserError) as fault:
        return fault


def settle(
    vault: Vault, answers: Sequence[tuple[Errand, bytes | HoldfireError | None]], now: datetime
) -> int:
    """Take in what `attempt` brought for each errand, and return how many answers were kept.

    Raises:
        NotAllAnsweredError: At the end, when somebody did not answer rightly.
    """
    return _count([(errand, _settle(vault, errand, answer, now)) for errand, answer in answers])


def _settle(
    vault: Vault, errand: Errand, answer: bytes | HoldfireError | None, now: datetime
) -> bytes | HoldfireError | None:
    if isinstance(answer, bytes):
        try:
            take_in(vault, errand, answer, now)
        except StampError as fault:
            return fault
    return answer


def _count(settled: Sequence[tuple[Errand, bytes | HoldfireError | None]]) -> int:
    count = sum(isinstance(answer, bytes) for _, answer in settled)
    for errand, answer in settled:
        if isinstance(answer, HoldfireError):
            raise NotAllAnsweredError(count, len(settled), errand.name, answer)
    return count


def judge(vault: Vault, number: int, now: datetime) -> tuple[Judged, ...]:
    """Return what each stamp of an item says today, all checks made anew, also that its head stands in the log.

    Raises:
        CustodyError: The log is not one that goes on from a stamped head, or not what it was.
    """
    found = stamps_of(vault, number)
    log = custody_log(vault, number)
    judged = []
    for one in found:
        stamp = one.value.stamp
        signed = head.read(stamp.head, stamp.signature)
        check_earlier(log, signed)
        judged.append(Judged(one, judge_stamp(stamp, now), signed.head.size, log.tree.size))
    return tuple(judged)


def overview(vault: Vault) -> tuple[tuple[Evidence, int, int], ...]:
    """Return every item by number, with how many of its stamps wait and how many were answered; nothing is judged."""
    by_log: dict[str, list[bool]] = {}
    for one in all_stamps(vault):
        by_log.setdefault(one.value.log, []).append(bool(one.value.stamp.answer))
    found = ((one.value, by_log.get(one.value.log, [])) for one in all_evidence(vault))
    return tuple((kept, states.count(False), states.count(True)) for kept, states in found)


def remove(vault: Vault, number: int, place: int) -> None:
    """Delete one stamp of an item; UserError when there is none."""
    vault.records.delete(STAMP, find_stamp(vault, number, place).id)


def _where(untrusted_address: str, chosen: str) -> str:
    """Return where a promise is asked about: what the person sees before it is sent.

    Public calendars take requests at one place and keep them at another, which stands in the promise. It is followed to a public
    name over TLS only: an answer must not make this computer ask something on itself or on the network around it.
    """
    address = untrusted_address.rstrip("/")
    if host_of(address) == host_of(chosen) or not _PUBLIC.match(address):
        return chosen
    return address


def _same(old: Stamp, address: str, text: bytes) -> bool:
    return old.address == address and old.head == text


def _keep_answer(
    vault: Vault, number: int, record: Record[KeptStamp], found: Stamp, now: datetime
) -> Record[KeptStamp]:
    """Keep an answered stamp; from now on the log is held to the head that was stamped."""
    with vault.transaction():
        if all(one.head != found.head for one in vault.logs.given(record.value.log)):
            exported_head(vault, number, head.read(found.head, found.signature), now, found.name)
        return vault.records.save(
            STAMP, record.id, replace(record.value, stamp=found), now, expected=record.version
        )
