"""The server that a relay is measured against: uvicorn, h11 and SQLite as a relay has them, and nothing of ours.

It writes each body to a table and answers 201 once it is on disk; what waits is committed together, as a relay does.
"""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn

#: As a relay's writer: what is committed together at most.
TOGETHER = 64


class Posts:
    """An application that keeps bodies."""

    def __init__(self, file: str) -> None:
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for said in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE bodies (body BLOB)",
        ):
            self._db.execute(said)
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(
        self,
        _scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Keep one body."""
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event.get("body", b""), event.get("more_body", False)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((body, kept))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        await kept
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            bodies = [(body,) for body, _ in batch]
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, bodies)
            for _, kept in batch:
                kept.set_result(None)

    def _write(self, bodies: list[tuple[bytes]]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO bodies VALUES (?)", bodies)
        self._db.execute("COMMIT")


if __name__ == "__main__":
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(512)
    print("Relay:", f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvicorn.Server(
        uvicorn.Config(Posts(sys.argv[1]), http="h11", ws="none", loop="asyncio", lifespan="off", interface="asgi3",
                       log_config=None, access_log=False, server_header=False, date_header=False)
    ).run(sockets=[listening])  # fmt: skip
