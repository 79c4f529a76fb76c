"""Files of any size on their way from the browser into the vault: never on the disk, never whole in memory.

Rules:
1. The fields of the form stand before its files, so that they are known when the first byte of a file comes.
2. At most `MOST_WAITING` bytes wait between the browser and the vault's thread; the browser waits with the rest.
3. Whatever ends one side early (the browser goes away, the person leaves, the vault locks or is full) ends the
   other, and the vault clears away what was half. Files of the same form that came whole before are kept.
4. Each piece that comes counts as activity, and nothing else of an upload does: one that stands still locks.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum
from typing import Final

from starlette.requests import ClientDisconnect, Request

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.forms import MOST_TEXT, Form, PartBegins, part_events, plain_name, text_of
from holdfire.web.session import STOPPED, Progress, Session, StoppedError, Work

#: Bytes that wait between browser and vault; the vault takes 4 MiB at once.
MOST_WAITING: Final = 4 << 20
#: Characters of a file's name: what file systems allow.
_MOST_NAME: Final = 255

#: Given the fields of the form, the name of a file as it was found, and its content in order.
Keep = Callable[[Form, str, Iterator[bytes]], None]


class BrokenOffError(UserError):
    """The form ended before all of it had come."""


async def receive_files(request: Request, session: Session, work: Work, field: str, keep: Keep) -> None:
    """Hand each file of a form to `keep` on the vault's thread while it still comes; return when the last is kept.

    Args:
        request: A post of `multipart/form-data` to a page that its module names in `STREAMS`.
        session: Whose vault the files go into.
        work: What is shown meanwhile on other pages.
        field: The name of the field that takes the files.
        keep: Called on the vault's thread; it reads the content whole or raises.

    Raises:
        UserError: No file was chosen.
        BrokenOffError: The form ended too early or is none of ours; what `keep` had returned for is kept.
        HoldfireError: Whatever `keep` raised, after the rest of the form was read and thrown away: a browser
            shows no answer before it has sent everything.
    """
    sent = request.headers.get("content-length", "")
    work.fed, work.total = True, int(sent) if sent.isascii() and sent.isdigit() else 0
    receiving = _Receiving(session, work, field, keep)
    try:
        async for event in part_events(request):
            await receiving.take(event)
    except (ValueError, LookupError, ClientDisconnect) as fault:
        broken = BrokenOffError(
            mark("The file did not come whole, so nothing of it is kept."),
            mark("Choose it again and send it."),
        )
        await receiving.break_off(broken)
        raise broken from fault
    except BaseException:
        receiving.flow.break_off(StoppedError(STOPPED))
        raise
    await receiving.finish()


class _Receiving:
    """The loop's side: reads the fields, then passes the files on."""

    def __init__(self, session: Session, work: Work, field: str, keep: Keep) -> None:
        self.flow = Flow()
        self._session = session
        self._work = work
        self._field = field
        self._keep = keep
        self._pairs: list[tuple[str, str]] = []
        self._text: bytearray | None = None
        self._text_left = MOST_TEXT
        #: The name of a file of which nothing came yet.
        self._coming: str | None = None
        self._begun: Future[None] | None = None
        self._over = False

    async def take(self, event: PartBegins | bytes | bytearray | None) -> None:
        """Take what comes next of the form; ValueError where the form is none of ours."""
        if isinstance(event, PartBegins):
            self._begin(event)
        elif self._text is not None:
            self._add_text(self._text, event)
        elif event is not None:
            await self._announce()
            self._work.done += len(event)
            self._session.touch()
            await self._pass_on(event)
        elif self._coming != "":
            await self._announce()
            await self._pass_on(_FILE_ENDS)
        else:
            # A browser sends an empty name and no bytes where nothing was chosen.
            self._coming = None

    async def finish(self) -> None:
        """Wait until the last file is kept; raise what went wrong."""
        if self._begun is None:
            raise UserError(mark("No file was chosen."), mark("Go back, choose a file, and send it."))
        await self._pass_on(_FORM_ENDS)
        await self._ended()
        if self._work.fault is not None:
            raise self._work.fault

    async def break_off(self, fault: BaseException) -> None:
        """End the vault's side, and wait until what was half is cleared away."""
        self.flow.break_off(fault)
        await self._ended()

    def _begin(self, part: PartBegins) -> None:
        if part.filename is None:
            if self._begun is not None:
                # Its words would come too late for the files before it.
                raise ValueError
            self._pairs.append((part.name, ""))
            self._text = bytearray()
        elif part.name == self._field:
            self._coming = part.filename
        else:
            raise ValueError

    def _add_text(self, text: bytearray, event: bytes | bytearray | None) -> None:
        if event is None:
            self._pairs[-1] = (self._pairs[-1][0], text_of(text))
            self._text = None
            return
        self._text_left -= len(event)
        if self._text_left < 0:
            raise ValueError
        text += event

    async def _announce(self) -> None:
        """Begin the work with the first file, and the file that is coming."""
        if self._coming is None:
            return
        name, self._coming = plain_name(self._coming, _MOST_NAME), None
        if self._begun is None:
            if self._session.busy:
                raise UserError(
                    mark("Something else is under way."),
                    mark("Wait until it is done, then send the file again."),
                )
            form, flow, keep = Form(self._pairs), self.flow, self._keep

            def act(_: Progress) -> None:
                for called, pieces in flow.files():
                    keep(form, called, pieces)

            self._work.when_stopped = lambda: flow.break_off(StoppedError(STOPPED))
            self._begun = self._session.begin(self._work, act)
            # However it ends, whoever still sends must not wait for it.
            self._begun.add_done_callback(lambda _: flow.end())
        await self._pass_on(_FileBegins(name))

    async def _pass_on(self, event: _Event) -> None:
        if not self._over:
            self._over = not await self.flow.put(event)

    async def _ended(self) -> None:
        if self._begun is not None:
            await asyncio.wrap_future(self._begun)
            if self._session.work is self._work:
                self._session.work = None


class _Mark(Enum):
    """An end among the pieces."""

    FILE = "of a file"
    FORM = "of the form"


_FILE_ENDS, _FORM_ENDS = _Mark.FILE, _Mark.FORM


@dataclass(frozen=True)
class _FileBegins:
    name: str


_Event = _FileBegins | bytes | bytearray | _Mark


class Flow:
    """Pieces between the loop, which puts them, and the vault's thread, which takes them; made on the loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Event()
        self._changed = threading.Condition()
        self._waiting: deque[_Event] = deque()
        self._bytes = 0
        self._fault: BaseException | None = None
        self._ended = False

    async def put(self, event: _Event) -> bool:
        """Put what comes next once there is room for it; say False when nobody takes it any more."""
        while True:
            with self._changed:
                if self._ended or self._fault is not None:
                    return False
                if self._bytes < MOST_WAITING:
                    self._waiting.append(event)
                    self._bytes += _length(event)
                    self._changed.notify()
                    return True
                self._room.clear()
            await self._room.wait()

    def break_off(self, fault: BaseException) -> None:
        """Have `fault` raised where the pieces are taken, instead of what still waits; from any thread."""
        with self._changed:
            if self._fault is None:
                self._fault = fault
            self._waiting.clear()
            self._changed.notify()
        self._make_room()

    def end(self) -> None:
        """Take nothing more; from any thread."""
        with self._changed:
            self._ended = True
            self._waiting.clear()
        self._make_room()

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the name and the pieces of each file; waits for them, on the vault's thread."""
        while isinstance(event := self._take(), _FileBegins):
            yield event.name, self._pieces()

    def _pieces(self) -> Iterator[bytes]:
        while isinstance(event := self._take(), (bytes, bytearray)):
            yield bytes(event)

    def _take(self) -> _Event:
        with self._changed:
            while not self._waiting and self._fault is None:
                self._changed.wait()
            if self._fault is not None:
                raise self._fault
            event = self._waiting.popleft()
            self._bytes -= _length(event)
            roomy = self._bytes <= MOST_WAITING // 2
        if roomy:
            self._make_room()
        return event

    def _make_room(self) -> None:
        # The loop may be gone when the program ends.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._room.set)


def _length(event: _Event) -> int:
    return len(event) if isinstance(event, (bytes, bytearray)) else 0
