"""A relay that is killed at any moment loses no entry that it acknowledged, doubles none, and its tree stays consistent."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest

from holdfire.conversation.watch import advance, check_entries
from holdfire.errors import NetworkError
from holdfire.reach.relay import RelayWay
from holdfire.wire import checkpoint, http
from holdfire.wire.boards import INBOX_ENTRY, PAGE_ENTRIES, BoardSecrets
from holdfire.wire.merkle import leaf_hash
from holdfire.wire.tiles import Tile, TiledTree
from simulators.relay_server import RelayServer, relaying

BOARD = BoardSecrets(b"o" * 32)


def entry(number: int) -> bytes:
    return number.to_bytes(8, "big") * (INBOX_ENTRY // 8)


def post_until_it_dies(origin: str, numbers: range, acknowledged: set[int]) -> None:
    try:
        with RelayWay(origin, seconds=20) as way:
            for number in numbers:
                if way.ask(http.post_entry(BOARD.writer, entry(number))).status == 201:
                    acknowledged.add(number)
    except NetworkError:
        return


def read_all(
    server: RelayServer, seen: checkpoint.Checkpoint | None
) -> tuple[checkpoint.Checkpoint, list[bytes]]:
    with RelayWay(server.origin) as way:
        head = checkpoint.read(
            way.ask(http.get_head(BOARD.writer, BOARD.reader)).body,
            checkpoint.origin_line(server.origin, BOARD.writer),
            server.head_key,
        )

        def fetch(tile: Tile) -> bytes:
            return way.ask(http.get_tile(BOARD.writer, BOARD.reader, tile.level, tile.index, tile.width)).body

        found: list[bytes] = []
        for page in range(-(-head.size // PAGE_ENTRIES)):
            body = way.ask(http.get_page(BOARD.writer, BOARD.reader, page)).body
            found += [body[at : at + INBOX_ENTRY] for at in range(0, len(body), INBOX_ENTRY)]
        check_entries(0, found, [leaf_hash(one) for one in found], head.size)
        advance(seen, head, TiledTree(head.size, fetch))
    return head, found


def killed(tmp_path: Path, times: int, seed: int) -> None:
    dice = random.Random(seed)
    acknowledged: set[int] = set()
    seen = None
    with relaying(tmp_path, "--open") as server:
        with RelayWay(server.origin) as way:
            way.ask(http.make_board(server.grant(), BOARD.writer, INBOX_ENTRY))
        for round_ in range(times):
            writers = [
                threading.Thread(
                    target=post_until_it_dies,
                    args=(server.origin, range((4 * round_ + one) * 10_000, (4 * round_ + one + 1) * 10_000), acknowledged),
                )
                for one in range(4)
            ]  # fmt: skip
            for one in writers:
                one.start()
            time.sleep(dice.uniform(0.02, 0.25))
            server.kill()
            for one in writers:
                one.join()
            server.start()
        seen, found = read_all(server, seen)
    numbers = [int.from_bytes(one[:8], "big") for one in found]
    assert all(entry(number) == one for number, one in zip(numbers, found, strict=True))
    assert len(set(numbers)) == len(numbers)
    assert acknowledged <= set(numbers)
    assert acknowledged


def test_killed_25_times_under_load(tmp_path: Path) -> None:
    killed(tmp_path, 25, 1)


@pytest.mark.nightly
def test_killed_500_times_under_load(tmp_path: Path) -> None:
    killed(tmp_path, 500, 2)
