"""Whatever is done to it in whatever order, a store answers as the simulator does; groups hold whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from holdfire.relay.open_store import open_store
from holdfire.relay.store import Kept, Store
from simulators.relay_schemas import schema
from simulators.relay_store import SimulatedStore

BOARDS = st.sampled_from([b"a" * 32, b"b" * 32])
HASHES = st.sampled_from([b"1" * 32, b"2" * 32, b"3" * 32])
DAYS = st.integers(0, 4)
#: Small bodies stand in the row, large ones outside it.
CONTENTS = st.sampled_from([b"small", b"other", b"L" * (256 << 10), b"M" * (300 << 10)])
NAMES = st.sampled_from([("card", 0), ("bucket/1/0", 1), ("bucket/1/1", 1), ("bucket/2/0", 2)])


class TakenBackError(Exception):
    """Leaves a group."""


def leave(*, fail: bool) -> None:
    if fail:
        raise TakenBackError


class Rules(RuleBasedStateMachine):
    """Does each thing to both stores and compares what they say; every step is a group."""

    opened: Callable[[Path], Store]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="holdfire-store-"))
        self.real = type(self).opened(self.folder)
        self.simulated = SimulatedStore()

    def both(self, *acts: Callable[[Store], object], fail: bool = False) -> None:
        """Do `acts` in one group of each store and compare; leave the group by an error if `fail`."""
        said: list[list[object]] = []
        for store in (self.real, self.simulated):
            answers: list[object] = []
            with suppress(TakenBackError), store.group():
                answers += [act(store) for act in acts]
                leave(fail=fail)
            said.append(answers)
        assert said[0] == said[1]

    def has(self, board: bytes) -> bool:
        return self.simulated.board(board) is not None

    @rule(hashed=HASHES, uses=st.integers(1, 2), again=st.booleans())
    def grant(self, hashed: bytes, uses: int, *, again: bool) -> None:
        if again:
            self.both(lambda store: store.add_grant(hashed, uses))
        self.both(lambda store: store.use_grant(hashed))

    @rule(board=BOARDS)
    def make_board(self, board: bytes) -> None:
        self.both(lambda store: store.add_board(board, 4_096))

    @rule(board=BOARDS, count=st.sampled_from([1, 3, 255, 256]), day=DAYS, fail=st.booleans())
    def append(self, board: bytes, count: int, day: int, *, fail: bool) -> None:
        if self.has(board):
            bodies = [bytes([day]) + number.to_bytes(4, "big") for number in range(count)]
            self.both(lambda store: [store.append(board, body, day) for body in bodies], fail=fail)

    @rule(board=BOARDS, first=st.integers(0, 600))
    def trim(self, board: bytes, first: int) -> None:
        self.both(lambda store: store.trim(board, first))

    @rule(board=BOARDS, fail=st.booleans())
    def close_board(self, board: bytes, *, fail: bool) -> None:
        self.both(lambda store: store.close_board(board), fail=fail)

    @rule(board=BOARDS, hashed=st.lists(HASHES, max_size=3), day=DAYS, used=HASHES)
    def tickets(self, board: bytes, hashed: list[bytes], day: int, used: bytes) -> None:
        self.both(
            lambda store: store.add_tickets(board, hashed, day), lambda store: store.use_ticket(board, used)
        )

    @rule(hashed=HASHES, window=DAYS, before=DAYS)
    def solutions(self, hashed: bytes, window: int, before: int) -> None:
        self.both(lambda store: store.use_once(hashed, window), lambda store: store.forget_used(before))

    @rule(sheet=BOARDS, name=NAMES, content=CONTENTS, number=st.integers(1, 3), fail=st.booleans())
    def write_file(
        self, sheet: bytes, name: tuple[str, int], content: bytes, number: int, *, fail: bool
    ) -> None:
        self.both(
            lambda store: store.add_sheet(sheet),
            lambda store: store.write_file(sheet, *name, Kept(number, content)),
            fail=fail,
        )

    @rule(sheet=BOARDS, edition=st.integers(1, 2), fail=st.booleans())
    def drop_edition(self, sheet: bytes, edition: int, *, fail: bool) -> None:
        self.both(lambda store: store.drop_edition(sheet, edition), fail=fail)

    @rule(board=BOARDS, piece=HASHES, content=CONTENTS, day=DAYS, drop=st.booleans(), fail=st.booleans())
    def put_piece(
        self, board: bytes, piece: bytes, content: bytes, day: int, *, drop: bool, fail: bool
    ) -> None:
        """Keep a piece where there is none, or in one group with dropping the one that stands there."""
        if self.has(board) and (drop or self.simulated.read_piece(board, piece) is None):
            self.both(
                lambda store: drop and store.drop_piece(board, piece),
                lambda store: store.add_piece(board, piece, content, day),
                fail=fail,
            )

    @rule(board=BOARDS, piece=HASHES, fail=st.booleans())
    def drop_piece(self, board: bytes, piece: bytes, *, fail: bool) -> None:
        self.both(lambda store: store.drop_piece(board, piece), fail=fail)

    @rule(before=DAYS, fail=st.booleans())
    def expire(self, before: int, *, fail: bool) -> None:
        self.both(lambda store: store.expire(before), fail=fail)

    @rule()
    def look(self) -> None:
        """Compare all that can be read, and what stands outside the rows with what is named."""
        for board in (b"a" * 32, b"b" * 32):
            self.both(
                lambda store, board=board: store.board(board),  # type: ignore[misc]
                lambda store, board=board: store.bodies(board, 0, 9_999),  # type: ignore[misc]
                lambda store, board=board: [store.hashes(board, level, 0, 300) for level in (0, 1)],  # type: ignore[misc]
                lambda store, board=board: store.count_pieces(board),  # type: ignore[misc]
                lambda store, board=board: [store.read_piece(board, bytes([n]) * 32) for n in b"123"],  # type: ignore[misc]
                lambda store, board=board: (store.has_sheet(board), store.editions(board)),  # type: ignore[misc]
                lambda store, board=board: [  # type: ignore[misc]
                    store.read_file(board, name)
                    for name in ("card", "bucket/1/0", "bucket/1/1", "bucket/2/0")
                ],
            )
        assert len([path for path in self.folder.rglob("*") if len(path.name) >= 64]) == self._large()

    def _large(self) -> int:
        """How many contents are large; each owner's stands by itself."""
        pieces = [
            piece for board in self.simulated._all.boards.values() for piece, _ in board.pieces.values()
        ]
        files = [kept.content for named in self.simulated._all.files.values() for _, kept in named.values()]
        return sum(len(content) >= 256 << 10 for content in pieces + files)

    def teardown(self) -> None:
        self.look()
        self.real.close()
        shutil.rmtree(self.folder)


@pytest.mark.parametrize("which", ["sqlite", "postgres"])
def test_a_store_answers_as_the_simulator_does(which: str, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue("database") if which == "postgres" else None

    class Chosen(Rules):
        opened = staticmethod(lambda folder: open_store(address and schema(address), None, folder))

    run_state_machine_as_test(Chosen, settings=settings(settings(), stateful_step_count=25))
