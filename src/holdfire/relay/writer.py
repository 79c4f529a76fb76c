"""The one thread that uses the store: it takes whatever waits, makes it durable together, and only then are answers given."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from holdfire.errors import StorageError
from holdfire.relay.answer import Relay, error
from holdfire.relay.gate import Solved
from holdfire.relay.store import Store
from holdfire.wire.http import Answer, Request

T = TypeVar("T")
#: Requests that can wait; who comes then is told that the relay is full.
MOST_WAITING: Final = 512
#: Requests and bytes that are made durable together.
_MOST_TOGETHER: Final = 64
_MOST_BYTES: Final = 16 << 20


@dataclass(frozen=True)
class _Waiting:
    request: Request
    solved: Solved | None
    answered: asyncio.Future[Answer]


class Writer:
    """Answers requests over a store, many in one commit.

    Args:
        relay: The core.
        store: Its store; used by this writer's thread alone.
        now: Seconds since 1970.
        report: Told of a fault that nobody expected; never of what was asked.
    """

    def __init__(
        self, relay: Relay, store: Store, now: Callable[[], int], report: Callable[[BaseException], None]
    ) -> None:
        self._relay, self._store, self._now, self._report = relay, store, now, report
        self._thread = ThreadPoolExecutor(1, "store")
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def answer(self, request: Request, solved: Solved | None = None) -> Answer:
        """Return the answer to a request, once what it wrote is on disk."""
        if len(self._waiting) >= MOST_WAITING:
            return error(503)
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(request, solved, answered))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await answered

    async def ask(self, question: Callable[[], T]) -> T:
        """Return what `question` finds in the store, asked between two groups."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, question)

    async def expire(self) -> None:
        """Remove what has been kept for as long as it is kept."""
        await self.ask(lambda: self._relay.expire(self._now()))

    async def close(self) -> None:
        """Finish what waits and stop the thread; the store stays open."""
        if self._task is not None:
            await self._task
        self._thread.shutdown()

    async def _drain(self) -> None:
        while self._waiting:
            batch, size = [self._waiting.popleft()], 0
            while self._waiting and len(batch) < _MOST_TOGETHER and size < _MOST_BYTES:
                batch.append(self._waiting.popleft())
                size += len(batch[-1].request.body)
            answers = await self.ask(lambda batch=batch: self._together(batch))  # type: ignore[misc]  # bound now, not later
            for one, answer in zip(batch, answers, strict=True):
                if not one.answered.cancelled():
                    one.answered.set_result(answer)

    def _together(self, batch: list[_Waiting]) -> list[Answer]:
        now = self._now()
        try:
            with self._store.group():
                return [self._relay.answer(one.request, now, one.solved) for one in batch]
        except Exception as fault:  # noqa: BLE001 — whatever it was, the others are still answered
            if len(batch) == 1:
                self._report(fault)
                # A full disk, or a database that does not answer, is the likeliest of faults, and passes.
                return [error(503 if isinstance(fault, OSError | StorageError) else 500)]
        # One of them failed and nothing was kept: each alone, so that it takes nobody with it.
        return [answer for one in batch for answer in self._together([one])]
