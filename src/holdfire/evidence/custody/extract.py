"""What leaves of a custody log: chosen events, chosen fields, and the proofs that they stand in it (docs/formats/custody.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.evidence.canonical import Value, canonical, parse
from holdfire.evidence.custody import event, head
from holdfire.evidence.custody.refusals import (
    ExtractError,
    OtherLogError,
    ReorderedError,
    RewrittenError,
    RolledBackError,
)
from holdfire.wire.merkle import ProofError, leaf_hash, verify_consistency, verify_inclusion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from holdfire.evidence.custody.event import Event, FieldValue
    from holdfire.evidence.custody.head import Head, SignedHead
    from holdfire.evidence.custody.log import Log

FORMAT: Final = "holdfire custody extract 1"
#: Longest line; an event with all its openings at their longest has about half of that.
MOST_LINE: Final = 1 << 20
_DIGITS: Final = frozenset(b"0123456789abcdef")


@dataclass(frozen=True)
class Shown:
    """An event that was chosen, proved to stand in the log, with the values that were opened."""

    event: Event
    values: Mapping[str, FieldValue]


@dataclass(frozen=True)
class Extract:
    """What an extract proves: the last head, the chosen events in order, and the earlier heads that the log goes on from."""

    head: Head
    shown: tuple[Shown, ...]
    earlier: tuple[Head, ...]


def extract(
    log: Log, chosen: Mapping[int, Collection[str]], earlier: Sequence[SignedHead] = ()
) -> Iterator[bytes]:
    """Yield the lines of an extract that shows the events in `chosen` with the fields named for each.

    Args:
        log: The log, checked against `earlier` before.
        chosen: The numbers of the events to show, each with the fields to open.
        earlier: Heads that were exported before.

    Raises:
        ValueError: There is no such event or field, or more than one of day, hour and exact is to be opened.
    """
    for number, fields in chosen.items():
        if not 0 <= number < len(log.entries) or not set(fields) <= set(event.FIELDS):
            raise ValueError("there is no such event or field")
        if len(set(fields) & set(event.TIMES)) > 1:
            raise ValueError("one time is opened, not several")
    yield _line({"format": FORMAT, **_head(log.head)})
    for one in earlier:
        yield _line({**_head(one), "proof": _hex(log.tree.consistency(one.head.size))})
    entries = log.entries
    for number, fields in sorted(chosen.items()):
        openings = [
            entries[number].openings[field].decode("utf-8") for field in event.FIELDS if field in fields
        ]
        text = entries[number].event.decode("utf-8")
        yield _line({"event": text, "openings": [*openings], "proof": _hex(log.tree.inclusion(number))})


def read(untrusted_lines: Iterable[bytes], held: Sequence[SignedHead] = ()) -> Extract:
    """Return what an extract proves, everything in it checked.

    Args:
        untrusted_lines: The extract, line by line, with or without the LF.
        held: Heads that the reader has from elsewhere; each must be among those that the extract goes on from, or its last.

    Raises:
        CustodyError: It is no extract, or something in it is not what was signed.
        ProofError: A proof is wrong.
    """
    lines = (_members(line.removesuffix(b"\n")) for line in untrusted_lines)
    first = next(lines, {})
    if first.pop("format", None) != FORMAT:
        raise ExtractError
    last = _signed(first).head
    before: list[Head] = []
    shown: list[Shown] = []
    for line in lines:
        if "event" in line:
            shown.append(_shown(line, last, shown[-1].event.number if shown else -1))
        elif shown:
            raise ExtractError
        else:
            before.append(_goes_on(line, last))
    for one in held:
        _check_held(last, before, one)
    return Extract(last, tuple(shown), tuple(before))


def _shown(line: dict[str, Value], last: Head, after: int) -> Shown:
    text, openings, proof = _text(line.pop("event")), _texts(line.pop("openings", None)), _hashes(line)
    found = event.read(text, after + 1)
    if found.number <= after:
        raise ReorderedError(found.number)
    verify_inclusion(leaf_hash(text), found.number, last.size, proof, last.root)
    return Shown(found, event.opened(found, found.number, openings))


def _goes_on(line: dict[str, Value], last: Head) -> Head:
    proof = _hashes(line, keep=True)
    earlier = _signed(line).head
    if earlier.key != last.key:
        raise OtherLogError
    if earlier.size > last.size:
        raise RolledBackError(last.size, earlier.size)
    if earlier.size == last.size and earlier.root != last.root:
        raise RewrittenError(earlier.size)
    verify_consistency(earlier.size, last.size, earlier.root, last.root, proof)
    return earlier


def _check_held(last: Head, before: Sequence[Head], held: SignedHead) -> None:
    """Compare with a head that the reader holds: from the same log, not newer, and one that the extract proves."""
    if held.head.key != last.key:
        raise OtherLogError
    held.check()
    if held.head.size > last.size:
        raise RolledBackError(last.size, held.head.size)
    if held.head not in (*before, last):
        if any(one.size == held.head.size for one in (*before, last)):
            raise RewrittenError(held.head.size)
        raise ProofError


def _line(members: dict[str, Value]) -> bytes:
    return canonical(members) + b"\n"


def _head(signed: SignedHead) -> dict[str, Value]:
    return {"head": signed.head.text().decode("ascii"), "signature": signed.signature.hex()}


def _hex(proof: Sequence[bytes]) -> list[Value]:
    return [one.hex() for one in proof]


def _members(untrusted_line: bytes) -> dict[str, Value]:
    try:
        value = parse(untrusted_line, MOST_LINE)
    except ValueError:
        raise ExtractError from None
    if not isinstance(value, dict):
        raise ExtractError
    return value


def _signed(line: dict[str, Value]) -> SignedHead:
    text, signature = _text(line.pop("head", None)), _bytes(line.pop("signature", None))
    if line:
        raise ExtractError
    return head.read(text, signature)


def _hashes(line: dict[str, Value], *, keep: bool = False) -> list[bytes]:
    """Take the proof out of a line, of which nothing else may be left unless `keep` says so."""
    proof = line.pop("proof", None)
    if not isinstance(proof, list) or (line and not keep):
        raise ExtractError
    return [_bytes(one) for one in proof]


def _texts(value: Value) -> list[bytes]:
    if not isinstance(value, list):
        raise ExtractError
    return [_text(one) for one in value]


def _text(value: Value) -> bytes:
    if not isinstance(value, str):
        raise ExtractError
    return value.encode("utf-8")


def _bytes(value: Value) -> bytes:
    """Return the bytes that a text of lower-case hexadecimal digits holds."""
    text = _text(value)
    if len(text) % 2 or not set(text) <= _DIGITS:
        raise ExtractError
    return bytes.fromhex(text.decode("ascii"))
