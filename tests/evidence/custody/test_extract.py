"""An extract shows what was chosen and nothing else, and every change to it is noticed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import TamperError
from holdfire.evidence.canonical import canonical
from holdfire.evidence.custody import event, head
from holdfire.evidence.custody.extract import MOST_LINE, extract, read
from holdfire.evidence.custody.log import Log
from holdfire.evidence.custody.refusals import (
    ExtractError,
    OtherLogError,
    ReorderedError,
    RewrittenError,
    RolledBackError,
)
from holdfire.wire.merkle import ProofError

NOW = datetime(2026, 3, 1, 14, 5, 9, tzinfo=UTC)


def log_of(size: int) -> Log:
    log = Log.new()
    for number in range(size):
        log.append(
            "copy", {**event.when(NOW), "alias": "Kestrel", "name": "a real name", "where": f"place {number}"}
        )
    return log


LOG = log_of(11)
EARLIER = [head.sign(LOG.key, size, LOG.tree.root(size)) for size in (1, 4, 7, 11)]
CHOSEN = {9: {"where"}, 2: {"day", "alias"}, 5: set[str]()}
LINES = list(extract(LOG, CHOSEN, EARLIER))


def test_an_extract_shows_what_was_chosen() -> None:
    found = read(LINES, EARLIER)
    assert found.head == LOG.head.head
    assert found.earlier == tuple(one.head for one in EARLIER)
    shown = {one.event.number: dict(one.values) for one in found.shown}
    assert shown == {2: {"day": "2026-03-01", "alias": "Kestrel"}, 5: {}, 9: {"where": "place 9"}}


def test_nothing_else_stands_in_it() -> None:
    text = b"".join(LINES)
    for hidden in (
        b"real name",
        b"14:05",
        b"2026-03-01T14",
        b"place 2",
        b"place 3",
        LOG.key.seed.hex().encode(),
    ):
        assert hidden not in text
    chosen: dict[int, set[str]] = CHOSEN
    for number, entry in enumerate(LOG.entries):
        salt = json.loads(entry.event)["salt"].encode()
        assert (salt in text) == (number in chosen)
        for field, opening in entry.openings.items():
            secret = json.loads(opening)[0].encode()
            assert (secret in text) == (field in chosen.get(number, ()))


@pytest.mark.parametrize("size", range(1, 20))
def test_every_event_of_every_size_is_proved(size: int) -> None:
    log = log_of(size)
    heads = [head.sign(log.key, earlier, log.tree.root(earlier)) for earlier in range(1, size + 1)]
    found = read(extract(log, {number: ["where"] for number in range(size)}, heads), heads)
    assert [one.values["where"] for one in found.shown] == [f"place {number}" for number in range(size)]


def test_what_is_not_there_is_not_shown() -> None:
    none: set[str] = set()
    for chosen in ({11: none}, {-1: none}, {0: {"home"}}, {0: {"day", "exact"}}):
        with pytest.raises(ValueError, match=r"time|no such"):
            list(extract(LOG, chosen))


@given(st.data())
def test_any_changed_character_is_noticed(data: st.DataObject) -> None:
    lines = list(LINES)
    line = data.draw(st.integers(0, len(lines) - 1))
    place = data.draw(st.integers(0, len(lines[line]) - 2))
    changed = bytearray(lines[line])
    changed[place] ^= data.draw(st.integers(1, 255))
    lines[line] = bytes(changed)
    with pytest.raises(TamperError):
        read(lines)


def test_lines_that_are_swapped_repeated_or_in_the_wrong_place_are_noticed() -> None:
    first, *earlier = LINES[: len(EARLIER) + 1]
    events = LINES[len(EARLIER) + 1 :]
    for lines, error in (
        ([first, *earlier, *reversed(events)], ReorderedError),
        ([first, *earlier, *events, events[-1]], ReorderedError),
        ([first, *events, *earlier], ExtractError),
        ([*earlier, *events], ExtractError),
        ([first, first], ExtractError),
        ([], ExtractError),
        ([first, b""], ExtractError),
        ([first, b"[]"], ExtractError),
        ([first, b"{}"], ExtractError),
        ([first, b'{"event":1,"openings":[],"proof":[]}'], ExtractError),
        ([first, b'{"event":"","openings":{},"proof":[]}'], ExtractError),
        ([first, b'{"event":"","openings":[],"proof":["AB"]}'], ExtractError),
        ([first, b'{"event":"","openings":[],"proof":[],"x":1}'], ExtractError),
        ([first, b'"' + b"x" * MOST_LINE + b'"'], ExtractError),
    ):  # fmt: skip
        with pytest.raises(error):
            read(lines)


def test_an_event_of_another_log_is_not_proved() -> None:
    other = list(extract(log_of(11), {2: {"day"}}))
    with pytest.raises(ProofError):
        read([LINES[0], other[1]])


def test_a_head_that_the_reader_holds_is_compared() -> None:
    newer = Log(LOG.key, LOG.entries)
    newer.append("dispose", {})
    with pytest.raises(RolledBackError):
        read(LINES, [newer.head])
    other = Log(LOG.key, LOG.entries[:3])
    while other.tree.size < 7:
        other.append("dispose", {})
    with pytest.raises(RewrittenError):
        read(LINES, [other.head])
    with pytest.raises(OtherLogError):
        read(LINES, [log_of(2).head])
    with pytest.raises(ProofError):
        read(LINES, [head.sign(LOG.key, 3, LOG.tree.root(3))])
    read(LINES, [LOG.head])


def test_an_earlier_head_of_another_past_is_not_proved() -> None:
    other = Log(LOG.key, LOG.entries[:3])
    while other.tree.size < 11:
        other.append("dispose", {})
    seven = head.sign(LOG.key, 7, other.tree.root(7))
    for false, error in ((seven, ProofError), (other.head, RewrittenError), (log_of(7).head, OtherLogError)):
        line = canonical(
            {
                "head": false.head.text().decode(),
                "signature": false.signature.hex(),
                "proof": [one.hex() for one in LOG.tree.consistency(false.head.size)],
            }
        )
        with pytest.raises(error):
            read([LINES[0], line])


def test_the_longest_event_fits_a_line() -> None:
    log = Log.new()
    log.append("copy", dict.fromkeys(event.FIELDS, '"' * 8_150))
    found = read(extract(log, {0: set(event.FIELDS) - {"day", "hour"}}))
    assert found.shown[0].values["why"] == '"' * 8_150
