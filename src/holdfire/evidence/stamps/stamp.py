"""One stamp as it is kept: asked for, answered, judged, and the files that others verify (docs/formats/stamps.md §4)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from holdfire.evidence.stamps import opentimestamps, rfc3161, statement
from holdfire.evidence.stamps.refusals import OtherHashError, StampError
from holdfire.language import mark
from holdfire.sealing import certificate as certificates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from holdfire.evidence.custody.head import SignedHead
    from holdfire.evidence.stamps.opentimestamps import Attestation
    from holdfire.sealing.certificate import Certificate

AskedKind = Literal["authority", "calendar"]
KINDS: Final = ("authority", "calendar")
#: `waiting` for an answer; `right` and `expired` of an authority; `promised` and `block` of a calendar; `wrong`.
State = Literal["waiting", "right", "expired", "promised", "block", "wrong"]

#: Digits of a digest that name a file: enough to find the request again, and they say nothing.
_NAME_DIGITS: Final = 8


@dataclass(frozen=True)
class Stamp:
    """A stamp that was asked for.

    Attributes:
        kind: Of whom: an authority (RFC 3161) or a calendar (OpenTimestamps).
        name: What the person calls them.
        address: Where they are asked.
        roots: The authority's certificates, PEM; "" for a calendar.
        head: The text of the head that is stamped.
        signature: Under that head.
        statement: What is stamped.
        request: As it is sent.
        nonce: The number in the request; 0 for a calendar.
        answer: The response, or the proof; empty while it waits.
    """

    kind: AskedKind
    name: str
    address: str
    roots: str
    head: bytes
    signature: bytes
    statement: bytes
    request: bytes
    nonce: int
    answer: bytes = b""

    @property
    def digest(self) -> bytes:
        """What is stamped, 32 bytes."""
        return statement.Statement(self.statement).digest

    @property
    def file_name(self) -> str:
        """What its files are called outside: digits of what is sent anyway."""
        return self.digest.hex()[:_NAME_DIGITS]

    @property
    def request_name(self) -> str:
        """What its request is called as a file."""
        return f"{self.file_name}.{'tsq' if self.kind == 'authority' else 'digest'}"

    @property
    def command(self) -> str:
        """What asks for it on another computer, where the request lies as a file; the answer lies beside it then."""
        name = self.request_name
        if self.kind == "authority":
            kind = '-H "Content-Type: application/timestamp-query" '
            return f'curl -sS {kind}--data-binary @{name} "{self.address}" > {self.file_name}.tsr'
        return f'curl -sS --data-binary @{name} "{self.address.rstrip("/")}/digest" > {name}.answer'

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates that the person chose to believe for this stamp."""
        return certificates.read_file(self.roots.encode("ascii")) if self.roots else ()

    def prove(self) -> rfc3161.Proven:
        """Return what an authority's answer proves, judged anew; StampError when it proves nothing."""
        return rfc3161.judge(self.answer, self.digest, self.certificates, nonce=self.nonce)

    def proof(self) -> opentimestamps.Proof:
        """Return a calendar's proof, read anew; StampError when it is none."""
        return opentimestamps.read(self.answer, self.digest)


@dataclass(frozen=True)
class Verdict:
    """What a stamp says today.

    Attributes:
        state: In one word.
        sentence: In a marked sentence, with places for `values`.
        values: What fills them.
        time: When, as an authority says; None where nobody does.
    """

    state: State
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    time: datetime | None = None


def ask(kind: AskedKind, name: str, address: str, roots: str, signed: SignedHead) -> Stamp:
    """Return a fresh request for a stamp on a head, to be sent later or never."""
    said = statement.write(signed.head)
    request = rfc3161.request(said.digest) if kind == "authority" else rfc3161.Request(said.digest, 0)
    return Stamp(
        kind, name, address, roots, signed.head.text(), signed.signature, said.text, request.text, request.nonce
    )  # fmt: skip


def answered(stamp: Stamp, untrusted_answer: bytes) -> Stamp:
    """Return `stamp` with its answer, all checks made.

    Raises:
        StampError: Of the kind that says what is wrong; nothing is to be kept of it.
    """
    if stamp.kind == "authority":
        found = replace(stamp, answer=untrusted_answer)
        found.prove()
        return found
    if untrusted_answer.startswith(opentimestamps.MAGIC):
        proof = opentimestamps.read(untrusted_answer, stamp.digest)
    else:
        proof = opentimestamps.make(stamp.digest, untrusted_answer)
    return replace(stamp, answer=proof.text)


def promises(stamp: Stamp) -> tuple[Attestation, ...]:
    """Return the promises of a calendar's proof that are worth asking about: none once a block is there."""
    if stamp.kind != "calendar" or not stamp.answer:
        return ()
    proof = stamp.proof()
    return () if proof.blocks else proof.pending


def kept_promise(stamp: Stamp, place: Attestation, untrusted_answer: bytes) -> Stamp:
    """Return `stamp` with what a calendar answered about one of its promises; StampError when it is no answer."""
    return replace(stamp, answer=opentimestamps.grow(stamp.proof(), place, untrusted_answer).text)


def belongs_to(untrusted_answer: bytes, name: str, waiting: Mapping[str, Stamp]) -> str:
    """Return the key of the waiting stamp that an answer from a file belongs to.

    Args:
        untrusted_answer: The file: a response, a proof, or what a calendar answered.
        name: How it is called; a calendar's bare answer says nothing of what it answers, so its name must.
        waiting: The stamps that wait.

    Raises:
        OtherHashError: It belongs to none of them.
    """
    digest = b""
    try:
        if untrusted_answer.startswith(opentimestamps.MAGIC):
            digest = opentimestamps.read(untrusted_answer).digest
        else:
            digest = rfc3161.imprint_of(untrusted_answer)
    except StampError:
        pass
    for key, stamp in waiting.items():
        if stamp.digest == digest or (
            stamp.kind == "calendar" and not digest and name.startswith(stamp.file_name)
        ):
            return key
    raise OtherHashError


def judge(stamp: Stamp, now: datetime) -> Verdict:
    """Return what a stamp says today; every check is made anew."""
    if not stamp.answer:
        return Verdict("waiting", mark("Asked for, and not answered yet. It proves nothing so far."))
    try:
        if not statement.speaks_of(stamp.statement, stamp.head):
            raise OtherHashError
        return _judge_authority(stamp, now) if stamp.kind == "authority" else _judge_calendar(stamp)
    except StampError as fault:
        return Verdict("wrong", fault.sentence, fault.values)


def _judge_authority(stamp: Stamp, now: datetime) -> Verdict:
    proven = stamp.prove()
    values = {
        "time": f"{proven.time:%Y-%m-%d %H:%M:%S}",
        "authority": proven.authority,
        "policy": proven.policy,
    }
    if proven.ends < now:
        values["ended"] = f"{proven.ends:%Y-%m-%d}"
        sentence = mark(
            "This stood at the latest on {time} UTC, as {authority} says. Its certificate was valid then; it has expired since, on {ended}."
        )
        return Verdict("expired", sentence, values, proven.time)
    return Verdict(
        "right", mark("This stood at the latest on {time} UTC, as {authority} says."), values, proven.time
    )


def _judge_calendar(stamp: Stamp) -> Verdict:
    proof = stamp.proof()
    if not proof.blocks:
        return Verdict(
            "promised",
            mark(
                "The calendar promises to put it into Bitcoin's chain. This proves nothing yet; ask again in some hours."
            ),
        )
    first = proof.blocks[0]
    sentence = mark(
        "The steps lead to Bitcoin's block {height}. Somebody who has the chain must compare: that block's Merkle root must be {root}. "
        "Nobody has compared it here."
    )
    return Verdict("block", sentence, {"height": first.height, "root": first.merkle_root})


def files(stamp: Stamp) -> dict[str, bytes]:
    """Return the files that public tools verify an answered stamp with, by their names in one folder (docs/formats/stamps.md §2, §3)."""
    kept = {"head.json": stamp.head, "statement.json": stamp.statement}
    if stamp.kind == "authority":
        return {
            **kept,
            "request.tsq": stamp.request,
            "stamp.tsr": stamp.answer,
            "roots.pem": stamp.roots.encode("ascii"),
        }
    return {**kept, "statement.json.ots": stamp.answer}
