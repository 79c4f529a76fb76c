"""A log is what it was, or what was done to it is noticed and called by its name."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.evidence.canonical import canonical
from holdfire.evidence.custody import event, head
from holdfire.evidence.custody.check import check, check_earlier, open_log
from holdfire.evidence.custody.head import Head, SignedHead
from holdfire.evidence.custody.log import Entry, Log
from holdfire.evidence.custody.refusals import (
    CustodyError,
    EditedError,
    ForgedHeadError,
    OtherLogError,
    ReorderedError,
    RewrittenError,
    RolledBackError,
    TruncatedError,
    UnsignedError,
)
from holdfire.sealing.signature import SigningKey

NOW = datetime(2026, 3, 1, 17, 5, 9, tzinfo=timezone(timedelta(hours=3)))
VALUES = {
    **event.when(NOW, "phone, set by network"),
    "role": "witness",
    "alias": "K.",
    "steps": ["one", "two"],
}


def log_of(size: int) -> Log:
    log = Log.new()
    for number in range(size):
        log.append("receive" if not number else "copy", {**VALUES, "where": f"place {number}"})
    return log


def opened(log: Log, entries: list[Entry], last: SignedHead | None = None) -> Log:
    return open_log(log.key, entries, last or log.head)


def test_an_event_is_what_was_said() -> None:
    text, openings = event.write(3, "transfer", VALUES)
    found = event.read(text, 3)
    assert (found.number, found.action, set(found.fields)) == (3, "transfer", set(event.FIELDS))
    values = event.opened(found, 3, list(openings.values()))
    assert values == {**dict.fromkeys(event.FIELDS, "unknown"), **VALUES}
    assert (values["day"], values["hour"], values["exact"]) == (
        "2026-03-01",
        "2026-03-01T14",
        "2026-03-01T14:05:09Z",
    )
    assert (values["offset"], values["clock"]) == ("+03:00", "phone, set by network")


def test_an_event_shows_neither_its_values_nor_which_are_known() -> None:
    first, second = (event.write(0, "receive", values)[0] for values in (VALUES, {}))
    assert len(first) == len(second)
    for value in ("witness", "2026-", "K.", "unknown", "network"):
        assert value.encode() not in first
    fields = [event.read(event.write(0, "receive", {})[0], 0).fields for _ in range(2)]
    assert not set(fields[0].values()) & set(fields[1].values())
    assert len(set(fields[0].values())) == len(event.FIELDS)


def test_times_need_a_time_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        event.when(NOW.replace(tzinfo=None))
    assert event.when(NOW.astimezone(UTC))["offset"] == "+00:00"


@pytest.mark.parametrize(
    "values", [{"home": "x"}, {"why": "x" * 20_000}, {"why": "\ud800"}, {"steps": ["\1"] * 9_000}]
)
def test_what_the_log_does_not_take_is_refused_and_leaves_no_trace(
    values: dict[str, event.FieldValue],
) -> None:
    log = log_of(2)
    before = log.head
    with pytest.raises(UserError):
        log.append("copy", values)
    with pytest.raises(UserError):
        log.append("unlock", {})
    assert (log.head, len(log.entries)) == (before, 2)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 8, 13])
def test_a_log_that_was_left_alone_is_accepted(size: int) -> None:
    log = log_of(size)
    heads = [head.sign(log.key, earlier, log.tree.root(earlier)) for earlier in range(size + 1)]
    again = opened(log, list(log.entries))
    check(again, heads)
    again.append("dispose", {})
    check(again, heads)
    assert again.entries[-1].signature == again.head.signature


# What somebody with the disk could do: each returns other entries and says how that is called, and where it began.
def edited(entries: list[Entry], place: int) -> tuple[list[Entry], type[CustodyError], int]:
    other, openings = event.write(place, "dispose", {"why": "another"})
    entries[place] = replace(entries[place], event=other, openings=openings)
    return entries, EditedError, place


def one_bit(entries: list[Entry], place: int) -> tuple[list[Entry], type[CustodyError], int]:
    text = entries[place].event
    entries[place] = replace(entries[place], event=text[:-5] + bytes([text[-5] ^ 1]) + text[-4:])
    return entries, EditedError, place


def swapped(entries: list[Entry], place: int) -> tuple[list[Entry], type[CustodyError], int]:
    other = (place + 1) % len(entries)
    entries[place], entries[other] = entries[other], entries[place]
    return entries, ReorderedError, min(place, other)


def swapped_under_their_signatures(
    entries: list[Entry], place: int
) -> tuple[list[Entry], type[CustodyError], int]:
    other = (place + 1) % len(entries)
    one, two = entries[place], entries[other]
    entries[place], entries[other] = (
        replace(two, signature=one.signature),
        replace(one, signature=two.signature),
    )
    return entries, ReorderedError, min(place, other)


def removed(entries: list[Entry], place: int) -> tuple[list[Entry], type[CustodyError], int]:
    del entries[place]
    return entries, TruncatedError, place


def cut(entries: list[Entry], place: int) -> tuple[list[Entry], type[CustodyError], int]:
    return entries[:place], TruncatedError, place


def repeated(entries: list[Entry], place: int) -> tuple[list[Entry], type[CustodyError], int]:
    other = (place + 1) % len(entries)
    entries[other] = entries[place]
    return entries, EditedError, other


def added(entries: list[Entry], place: int) -> tuple[list[Entry], type[CustodyError], int]:
    size = len(entries)
    text, openings = event.write(size, "copy", {})
    return [*entries, Entry(text, openings, bytes(64))], UnsignedError, size


TAMPERINGS: list[Callable[[list[Entry], int], tuple[list[Entry], type[CustodyError], int]]] = [
    edited, one_bit, swapped, swapped_under_their_signatures, removed, cut, repeated, added,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
@given(st.integers(2, 20), st.data())
def test_what_was_done_is_named_with_its_place(
    tamper: Callable[[list[Entry], int], tuple[list[Entry], type[CustodyError], int]],
    size: int,
    data: st.DataObject,
) -> None:
    log = log_of(size)
    entries, error, place = tamper(list(log.entries), data.draw(st.integers(0, size - 1)))
    with pytest.raises(error) as caught:
        opened(log, entries)
    assert type(caught.value) is error
    assert getattr(caught.value, "number") == place  # noqa: B009 — each of these has one
    assert f"vent {place + 1}" in str(caught.value)


@given(st.integers(1, 20), st.data())
def test_an_older_state_is_noticed_against_any_later_head(size: int, data: st.DataObject) -> None:
    log = log_of(size)
    exported = log.head
    older = data.draw(st.integers(0, size - 1))
    back = open_log(log.key, log.entries[:older], head.sign(log.key, older, log.tree.root(older)))
    with pytest.raises(RolledBackError) as caught:
        check(back, [exported])
    assert (caught.value.size, caught.value.exported) == (older, size)


@given(st.integers(1, 20), st.integers(0, 10), st.data())
def test_a_past_signed_anew_is_noticed_against_any_earlier_head(
    size: int, more: int, data: st.DataObject
) -> None:
    log = log_of(size)
    exported = log.head
    other = Log(log.key, log.entries[: data.draw(st.integers(0, size - 1))])
    while other.tree.size < size + more:
        other.append("copy", {"why": "another"})
    check(opened(other, list(other.entries)))
    with pytest.raises(RewrittenError) as caught:
        check(other, [exported])
    assert caught.value.exported == size
    with pytest.raises(CustodyError):
        open_log(log.key, other.entries, exported)


def test_a_head_of_another_past_of_the_same_length_is_named() -> None:
    log = log_of(3)
    other = Log(log.key, log.entries[:2])
    other.append("dispose", {})
    with pytest.raises(RewrittenError):
        opened(log, list(log.entries), other.head)


def test_the_head_of_another_item_and_a_forged_one_are_told_apart() -> None:
    log, other = log_of(2), log_of(2)
    with pytest.raises(OtherLogError):
        check(log, [other.head])
    forged = SignedHead(replace(log.head.head, size=1), log.head.signature)
    with pytest.raises(ForgedHeadError):
        check_earlier(log, forged)
    for wrong in (forged, other.head, SignedHead(log.head.head, bytes(64))):
        with pytest.raises(ForgedHeadError):
            opened(log, list(log.entries), wrong)


def test_a_changed_opening_is_named_with_its_field() -> None:
    log = log_of(3)
    first, second, third = log.entries
    salt = "00" * 16
    for openings, field in (
        ({**second.openings, "why": canonical([salt, "why", "another"])}, "why"),
        ({**second.openings, "why": second.openings["where"]}, "where"),
        ({field: text for field, text in second.openings.items() if field != "why"}, "why"),
        ({**second.openings, "why": b"[]"}, ""),
        ({**second.openings, "why": canonical([salt, "home", "x"])}, ""),
        ({**second.openings, "why": canonical(["", "why", "x"])}, ""),
        ({**second.openings, "why": canonical([salt, "why", [1]])}, ""),
    ):  # fmt: skip
        again = opened(log, [first, replace(second, openings=openings), third])
        with pytest.raises(EditedError) as caught:
            check(again)
        assert (caught.value.number, caught.value.field) == (1, field)


def test_times_that_contradict_each_other_are_refused() -> None:
    text, openings = event.write(0, "receive", {**VALUES, "day": "2026-03-02"})
    found = event.read(text, 0)
    with pytest.raises(EditedError, match="exact"):
        event.opened(found, 0, [openings["day"], openings["exact"]])
    event.opened(found, 0, [openings["day"]])


def test_an_event_signed_in_another_place_or_shape_is_noticed() -> None:
    """Even the key's owner cannot sign an event that is none."""
    log = log_of(1)
    for text, error in (
        (event.write(5, "copy", {})[0], ReorderedError),
        (b"{}", EditedError),
        (b"\xff", EditedError),
        (log.entries[0].event.replace(b'"receive"', b'"unlock"'), EditedError),
        (log.entries[0].event.replace(b'"number":0', b'"number":true'), EditedError),
        (log.entries[0].event.replace(b'"number":0', b'"number":-1'), EditedError),
        (log.entries[0].event.replace(b'"number":0', b'"number":1.5'), EditedError),
        (log.entries[0].event.replace(b'"why"', b'"home"'), EditedError),
        (log.entries[0].event + b" ", EditedError),
    ):  # fmt: skip
        strange = Log(log.key, [*log.entries, Entry(text, {}, b"")])
        with pytest.raises(error):
            check(opened(strange, list(strange.entries)))


@given(st.binary(max_size=300))
def test_no_bytes_are_an_event_or_a_head(junk: bytes) -> None:
    with pytest.raises(EditedError):
        event.read(junk, 0)
    with pytest.raises(ForgedHeadError):
        head.read(junk, bytes(64))


def test_a_head_is_read_as_it_was_written_and_no_other_way() -> None:
    signed = log_of(3).head
    text = signed.head.text()
    assert head.read(text, signed.signature) == signed
    for other in (
        text + b"\n",
        text.replace(b"3}", b"4}"),
        text.replace(b"3}", b"true}"),
        text[:-1] + b',"x":1}',
        text.upper(),
    ):
        with pytest.raises(ForgedHeadError):
            head.read(other, signed.signature)
    key = SigningKey.new()
    for made in (
        Head(key.public, 1, bytes(31)),
        Head(key.public, -1, bytes(32)),
        Head(key.public, 1 << 40, bytes(32)),
    ):
        with pytest.raises(ForgedHeadError):
            head.read(made.text(), key.sign(made.text()))


def test_public_tools_check_a_head_an_event_and_an_opening(tmp_path: Path) -> None:
    """As docs/formats/custody.md tells a clerk to."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    log = log_of(1)
    signed, entry = log.head, log.entries[0]
    der = bytes.fromhex("302a300506032b6570032100") + signed.head.key
    pem = b"-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % b64encode(der)
    for name, content in (
        ("key.pem", pem),
        ("head.json", signed.head.text()),
        ("head.sig", signed.signature),
    ):
        (tmp_path / name).write_bytes(content)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pem",
        "-rawin",
        "-in",
        "head.json",
        "-sigfile",
        "head.sig",
    ]
    assert b"Verified" in subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    (tmp_path / "head.json").write_bytes(signed.head.text() + b" ")
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode != 0

    def sha256sum(content: bytes) -> str:
        done = subprocess.run(["sha256sum"], input=content, check=True, capture_output=True)
        return done.stdout.split()[0].decode("ascii")

    assert sha256sum(entry.openings["where"]) == event.read(entry.event, 0).fields["where"]
    assert sha256sum(b"\0" + entry.event) == signed.head.root.hex()  # of one leaf, which is its own root
