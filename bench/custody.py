"""Appending to a custody log, opening one of 10,000 events, and proving one, beside bare hashlib doing the same hashes.

"Append" is what the tree does with an event that is written: its leaf and, on average, one node. A whole event besides draws its
salts, commits to each field, is written as canonical JSON, and is signed; that figure stands beside it. All is counted in processor
time: nothing here waits for a disk, and others may share the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

from bench.measure import Measure, medians, small
from holdfire.evidence.custody import event
from holdfire.evidence.custody.check import check, open_log
from holdfire.evidence.custody.extract import extract, read
from holdfire.evidence.custody.log import Log
from holdfire.wire.merkle import Tree

NOW = datetime(2026, 3, 1, 14, tzinfo=UTC)
VALUES = {
    **event.when(NOW),
    "role": "witness",
    "alias": "Kestrel",
    "where": "the square",
    "why": "kept for the court",
}


def spent(work: Callable[[], object]) -> float:
    """Return how many seconds of the processor `work` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def bare(events: list[bytes]) -> None:
    """Hash every event, and as many pairs as a tree over them has nodes, keeping what a tree keeps."""
    leaves = [sha256(b"\0" + one).digest() for one in events]
    nodes = []
    while len(leaves) > 1:
        leaves = [
            sha256(b"\1" + left + right).digest()
            for left, right in zip(leaves[::2], leaves[1::2], strict=False)
        ]
        nodes.append(leaves)


def grown(events: list[bytes]) -> Tree:
    """Return a tree to which every event was appended, one by one."""
    tree = Tree()
    for one in events:
        tree.append(one)
    return tree


def main() -> list[Measure]:
    """Measure appends, whole events, and what is done with a log of 10,000 events."""
    many, events = (20_000, 1_000) if small() else (200_000, 10_000)
    text, _ = event.write(0, "receive", VALUES)
    texts = [text[:-9] + f'{number:08}"'.encode() for number in range(many)]
    rates = medians(
        7,
        {
            "tree": lambda: many / spent(partial(grown, texts)),
            "bare": lambda: many / spent(partial(bare, texts)),
        },
    )
    log = Log.new()
    whole = events / spent(lambda: [log.append("copy", VALUES) for _ in range(events)])
    entries, head = log.entries, log.head
    shown = list(extract(log, {events // 2: {"day", "alias"}}))
    taken = medians(
        7,
        {
            "open": lambda: spent(partial(open_log, log.key, entries, head)) * 1_000,
            "bare": lambda: spent(partial(bare, [entry.event for entry in entries])) * 1_000,
            "read": lambda: spent(partial(read, shown)) * 1_000,
        },
    )
    checked = spent(partial(check, log, [head])) * 1_000
    what = f"of {events:,} events of {len(text):,} bytes"
    return [
        Measure(f"append to a tree, events of {len(text):,} bytes", rates["tree"], "/s", rates["bare"], "hashlib alone", more_is_better=True, bound=200_000),
        Measure("append a whole event: committed, written, signed", whole, "/s", more_is_better=True),
        Measure(f"open a log {what}", taken["open"], "ms", taken["bare"], "hashlib alone", bound=50),
        Measure(f"check every event and opening {what}", checked, "ms"),
        Measure(f"read an extract of one event {what}", taken["read"], "ms"),
        Measure("size of that extract", sum(map(len, shown)), "bytes"),
    ]  # fmt: skip
