"""T24: a stamp tells about the person.

An adversary who runs an authority, watches the connection, or later takes its logs could learn what was stamped, by whom, with which
program, and which stamps belong together. What goes over the wire is read here as they would read it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

import holdfire
from command_line import environment
from holdfire.journeys.keep_evidence import add_evidence, custody_log, find_evidence, log_event
from holdfire.journeys.kept_stamps import add_authority
from holdfire.journeys.stamp_evidence import judge, queue, send, stamps_of
from holdfire.vault.vault import Vault
from simulators.authority import Calendar, Maker
from simulators.network import Answer, Asked, serving

NOW = datetime.now(UTC)
FILM = b"what was seen at the gate" * 100
#: The whole of a request to an authority: what differs between any two is the port, the hash and the number.
QUERY = re.compile(
    rb"POST /tsr HTTP/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nContent-Type: application/timestamp-query\r\nContent-Length: 69\r\n"
    rb"Accept: application/timestamp-reply\r\nConnection: close\r\n\r\n"
    rb"\x30\x43\x02\x01\x01\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20(.{32})\x02\x08(.{8})\x01\x01\xff",
    re.DOTALL,
)
DIGEST = re.compile(
    rb"POST /digest HTTP/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 32\r\n"
    rb"Accept: application/vnd\.opentimestamps\.v1\r\nConnection: close\r\n\r\n(.{32})",
    re.DOTALL,
)


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as made:
        add_evidence(
            made, [FILM], NOW, title="Heron at the gate", name="IMG_0042.mp4", capture={"collector": "Heron"}
        )
        add_evidence(made, [FILM], NOW, title="Another")
        log_event(made, 2, "transfer", {"where": "the bridge"}, NOW)
        yield made


def seen(vault: Vault) -> tuple[list[Asked], list[Asked]]:
    """Have both items stamped by two authorities and a calendar, and return what the two kinds saw."""
    maker, calendar = (
        Maker(begins=NOW - timedelta(1), ends=NOW + timedelta(30)),
        Calendar("http://proof.example"),
    )

    def respond(path: str, body: bytes) -> Answer:
        return 200, maker.answer(body, NOW) if path == "/tsr" else calendar.promise(body)

    with serving(respond) as one, serving(respond) as other:
        add_authority(vault, "The office", "authority", f"{one.address}/tsr", maker.pem, NOW)
        add_authority(vault, "The other", "authority", f"{other.address}/tsr", maker.pem, NOW)
        add_authority(vault, "Proofs", "calendar", one.address, b"", NOW)
        for number in (1, 2):
            queue(vault, number, ["The office", "The other", "Proofs"], NOW)
            send(vault, number, None, NOW)
        asked = one.asked + other.asked
    return [each for each in asked if "/tsr" in each.line], [each for each in asked if "/digest" in each.line]


def test_requests_are_alike_but_for_a_hash_and_a_number(vault: Vault) -> None:
    queries, digests = seen(vault)
    assert (len(queries), len(digests)) == (4, 2)
    found = [QUERY.fullmatch(one.wire) for one in queries]
    assert all(found)
    more = [DIGEST.fullmatch(one.wire) for one in digests]
    assert all(more)
    hashes = [one.group(1) for one in (*found, *more) if one]
    assert len(set(hashes)) == 6, "no two requests about one head carry the same hash"
    assert len({one.group(2) for one in found if one}) == 4


def test_no_hash_of_anything_kept_is_among_them(vault: Vault) -> None:
    queries, digests = seen(vault)
    wire = b"".join(one.wire for one in (*queries, *digests))
    known: set[bytes] = {sha256(FILM).digest(), FILM[:20]}
    for number in (1, 2):
        log, kept = custody_log(vault, number), find_evidence(vault, number).value
        text = log.head.head.text()
        known |= {text, sha256(text).digest(), log.tree.root(), log.key.public, log.head.signature}
        known |= {bytes.fromhex(kept.item), bytes.fromhex(kept.log)}
        known |= {sha256(entry.event).digest() for entry in log.entries}
        for one in stamps_of(vault, number):
            known |= {one.value.stamp.statement, bytes.fromhex(one.value.stamp.statement[2:34].decode())}
    for secret in known:
        assert secret not in wire
        assert secret.hex().encode() not in wire


def test_nothing_says_who_or_with_what(vault: Vault) -> None:
    queries, digests = seen(vault)
    wire = b"".join(one.wire for one in (*queries, *digests)).lower()
    traces = [
        "holdfire",
        "python",
        "httpcore",
        "h11",
        "openssl",
        "user-agent",
        "cookie",
        "accept-language",
        "referer",
        "date:",
    ]
    for trace in [
        *traces,
        "heron",
        "img_0042",
        "another",
        "the office",
        "linux",
        str(Path.home()),
        holdfire.__name__,
    ]:
        assert trace.lower().encode() not in wire, trace


def test_asking_and_judging_touch_no_network(vault: Vault) -> None:
    """Nothing but `send` opens a socket: a program that tried would be ended here."""
    script = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from holdfire.journeys.keep_evidence import add_evidence\n"
        "from holdfire.journeys.kept_stamps import add_authority\n"
        "from holdfire.journeys.stamp_evidence import errands, judge, queue, send\n"
        "from holdfire.vault.vault import Vault\n"
        "now, asked = datetime.now(UTC), []\n"
        "sys.addaudithook(lambda event, args: asked.append(event) if event.startswith('socket.') else None)\n"
        "with Vault.in_memory() as vault:\n"
        "    add_evidence(vault, [b'x'], now)\n"
        "    add_authority(vault, 'A', 'authority', 'http://192.0.2.1/tsr', sys.stdin.buffer.read(), now)\n"
        "    queue(vault, 1, ['A'], now)\n"
        "    judge(vault, 1, now)\n"
        "    errands(vault, 1)\n"
        "    print(asked)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=Maker().pem,
        capture_output=True,
        check=True,
        timeout=60,
        env=environment(),
    )
    assert done.stdout.decode() == "[]\n"


def test_who_lies_about_the_time_is_not_noticed_and_two_are_better_than_one(vault: Vault) -> None:
    """What a stamp is worth is its authority's word: an authority that signs a false time is believed by every tool."""
    liar = Maker(begins=NOW - timedelta(900), ends=NOW + timedelta(30), root_ends=NOW + timedelta(900))
    then = NOW - timedelta(300)
    with serving(lambda _, body: (200, liar.answer(body, then))) as office:
        add_authority(vault, "Liar", "authority", f"{office.address}/tsr", liar.pem, NOW)
        queue(vault, 1, ["Liar"], NOW)
        send(vault, 1, None, NOW)
    [one] = judge(vault, 1, NOW)
    assert one.verdict.time == then.replace(microsecond=0)
    assert "as CN=Clock" in one.verdict.sentence.format(**one.verdict.values)
