"""A desk opening 10,000 messages, sealing a bucket, and what a check-in costs a relay, beside a fetch that grows with what is stored.

The peer of the check-in is the fetch of SecureDrop's protocol at 10,000 stored messages: two scalar multiplications for each on the
server and one on the client. X25519 of OpenSSL stands in for its ristretto255: the same field, and its fastest ladder, which favours
the peer. Ours is one file of constant size: copied as a relay does, judged as a client does. All in processor time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from bench.measure import Measure, small
from holdfire.conversation import bucket, card, notice
from holdfire.conversation.kinds import Kind
from holdfire.conversation.message import MESSAGE_SIZE, Message, open_message, seal_message
from holdfire.conversation.reply import slot_tag
from holdfire.sealing.double_signature import DoubleKey
from holdfire.sealing.hpke import SecretKey
from holdfire.sealing.noise import random_bytes
from holdfire.sealing.signature import SigningKey
from holdfire.wire.sheets import BUCKET_SLOTS

ORIGIN = "https://relay.example.org"
DAY = date(2026, 3, 1)
TIME = datetime(2026, 3, 1, 12, tzinfo=UTC)


def spent(work: Callable[[], object]) -> float:
    """Return how many seconds of the processor `work` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def multiply(point: X25519PublicKey, scalars: list[X25519PrivateKey], times: int) -> None:
    """Multiply one point by each scalar, `times` times."""
    for scalar in scalars:
        for _ in range(times):
            scalar.exchange(point)


def main() -> list[Measure]:
    count = 200 if small() else 10_000
    sample = min(count, 1_000)
    root, publish = DoubleKey.new(), DoubleKey.new()
    whole = card.Card(
        1, "Desk", root.public, "", (card.DeskRelay(ORIGIN, bytes(32), SigningKey.new().public),)
    )
    desk = whole.desk
    keys = [(DAY, SecretKey.new()), (DAY - timedelta(days=1), SecretKey.new())]
    reply_key = SecretKey.new()
    written = Message(
        bytes(32), 1, bytes(32), reply_key.public, 0, Kind.QUESTION, "a question " * 100
    ).write()
    inbox = [
        seal_message(written, desk, ORIGIN, keys[n % 2][0], keys[n % 2][1].public) for n in range(sample)
    ]
    junk = [random_bytes(MESSAGE_SIZE) for _ in range(sample)]

    def opened(entries: list[bytes]) -> list[object]:
        return [open_message(one, desk, ORIGIN, keys) for one in entries]

    messages = spent(lambda: [opened(inbox) for _ in range(count // sample)]) * 10_000 / count
    rubbish = spent(partial(opened, junk)) / sample
    certificate = notice.certify(root, desk, publish.public, TIME, TIME + timedelta(days=60))
    said = notice.Notice(desk, ORIGIN, 1, bytes(32), TIME, certificate, ((DAY, keys[0][1].public),),
                         bytes(32), bytes(16), 0, 0, 1)  # fmt: skip
    sheet, _ = notice.write_notice(said, publish)
    made: list[bytes] = []

    def seal() -> None:
        slots = bucket.dummies(BUCKET_SLOTS, desk, ORIGIN, said.edition, random_bytes)
        made.append(bucket.write_bucket(said, 0, slots, publish))

    sealing = spent(seal)

    def check_in() -> notice.ReadNotice:
        checked = notice.read_notice(sheet, whole, ORIGIN)
        found = bucket.read_bucket(made[0], checked, 0)
        for place in range(4):
            found.slot(slot_tag(bytes(32), desk, ORIGIN, checked.notice.edition, place))
        return checked

    checks = 10
    client = spent(lambda: [check_in() for _ in range(checks)]) / checks
    served = spent(lambda: [bytes(bytearray(made[0])) for _ in range(checks)]) / checks
    point = X25519PrivateKey.generate().public_key()
    scalars = [X25519PrivateKey.generate() for _ in range(sample)]
    server = spent(partial(multiply, point, scalars, 2)) * 10_000 / sample
    theirs = spent(partial(multiply, point, scalars, 1)) * 10_000 / sample
    peer = "multiplications of SecureDrop's fetch at 10,000"
    return [
        Measure("open 10,000 messages, half by a second key", messages, "s", bound=5),
        Measure("judge an entry that is junk, two keys", rubbish * 1_000, "ms"),
        Measure("seal a bucket of 256 slots", sealing * 1_000, "ms"),
        Measure("check-in: the relay's bytes of one bucket, copied", served * 1_000, "ms", server * 1_000, peer, bound=5),
        Measure("check-in: both files judged by the client", client * 1_000, "ms", theirs * 1_000, peer),
    ]  # fmt: skip
