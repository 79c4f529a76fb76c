"""What one open app holds: the vault, the draft answers, the clock of the idle lock, long work.

Rules:
1. All vault work runs on one thread, one piece after another; never two threads on the connection.
2. Locking takes the vault away from the pages at once and drops its keys on that thread, without
   waiting for the next request.
3. Draft answers and the choices of a vault being made live only here, and go when it locks.
4. Work under way counts as activity, unless it waits for the browser (`Work.fed`): then only what comes
   counts. Leaving and locking stop it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, ParamSpec, TypeVar

from holdfire.errors import UserError
from holdfire.language import ENGLISH, Language, mark

if TYPE_CHECKING:  # the vault's libraries load when a vault is first needed: the first page comes sooner
    from holdfire.vault.vault import Vault

P = ParamSpec("P")
T = TypeVar("T")
Progress = Callable[[int, int], None]

DEFAULT_MINUTES: Final = 5
#: Seconds after which a program that nobody has come into, or that was left, ends itself.
ABANDONED_SECONDS: Final = 600.0
#: Seconds after which a locked program nobody asks anything of ends itself: its window was closed.
FORGOTTEN_SECONDS: Final = 4 * 3600.0


STOPPED: Final = mark("This was stopped because you left.")


class StoppedError(UserError):
    """Long work was stopped because the person left; what it was making is not there."""


@dataclass
class Work:
    """Long work and how far it is.

    Attributes:
        title: What is being done, a marked sentence.
        then: Path of the page that comes after it.
        notice: Sentence shown there when it went well.
        back: Path of the page to go back to when it did not.
        fed: Whether it waits for what a browser sends: a browser that falls silent keeps nothing open.
        when_stopped: Called when the person has left, from any thread.
        hint: What leaving does to it, a marked sentence.
    """

    title: str
    then: str
    notice: str
    back: str
    done: int = 0
    total: int = 0
    ended: bool = False
    fault: BaseException | None = None
    stopping: bool = field(default=False, repr=False)
    fed: bool = False
    when_stopped: Callable[[], None] = field(default=lambda: None, repr=False)
    hint: str = mark("Leaving stops it; nothing half made stays.")

    def stop(self) -> None:
        """Have it end as soon as it can, without what it was making."""
        self.stopping = True
        self.when_stopped()

    def progress(self, done: int, total: int) -> None:
        """Take note of bytes done and bytes in all; raise StoppedError when the person has left."""
        self.done, self.total = done, total
        if self.stopping:
            raise StoppedError(STOPPED)

    @property
    def percent(self) -> int:
        """Whole percent done; 0 as long as nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else 0


@dataclass
class Draft:
    """What was chosen so far for a vault that is being made; never a passphrase."""

    path: str = ""
    mebibytes: int = 0
    compartments: int = 0
    practised: bool = False


class Session:
    """One person at one program.

    Args:
        clock: Seconds that only go forward.
        language: The language of the pages until the person chooses another.
    """

    def __init__(self, clock: Callable[[], float], language: Language = ENGLISH) -> None:
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault")
        self._seen = clock()
        self._asked = clock()
        self.language = language
        self.vault: Vault | None = None
        self.pretend = False
        self.path: Path | None = None
        self.minutes = DEFAULT_MINUTES
        self.locked: Literal["", "idle", "asked"] = ""
        self.locked_after = DEFAULT_MINUTES
        self.answers: dict[str, frozenset[str]] = {}
        self.draft = Draft()
        self.work: Work | None = None
        self.notice = ""
        self.undo = False
        #: What the last long work found, for the page that comes after it; goes when it locks.
        self.found: object = None
        #: Whether the window is narrow, as the picture says that its browser chose (web/pages/seen_parts.py).
        self.narrow = False

    @property
    def state(self) -> Literal["none", "open", "pretend"]:
        """Whether no vault is open, the person's own, or the throw-away one."""
        if self.vault is None:
            return "none"
        return "pretend" if self.pretend else "open"

    def touch(self) -> None:
        """Take note that the person asked for something."""
        self._seen = self._asked = self._clock()

    async def run(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `act` on the vault's thread and return what it returns."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: act(*args, **kwargs))

    def begin(self, work: Work, act: Callable[[Progress], Any]) -> Future[None]:
        """Start long work on the vault's thread; `act` is given the progress to report to.

        Returns:
            What ends with the work; its fault stands in `work`.
        """
        self.work = work

        def go() -> None:
            try:
                act(work.progress)
            except Exception as fault:  # noqa: BLE001 - shown on the progress page, by kind
                work.fault = fault
            finally:
                self._seen = self._clock()
                work.ended = True

        return self._thread.submit(go)

    @property
    def busy(self) -> bool:
        """Whether long work is under way."""
        return self.work is not None and not self.work.ended

    def opened(self, vault: Vault, *, pretend: bool) -> None:
        """Take an open vault in; what was open before must have been locked."""
        self.vault, self.pretend = vault, pretend
        if not pretend:
            self.path = vault.path
        self.locked = ""
        self.draft = Draft()

    def lock(self, why: Literal["idle", "asked"]) -> asyncio.Future[None] | None:
        """Take the vault away from every page now, drop its keys, discard every draft.

        Returns:
            What to wait for until the keys are dropped, or None when nothing was open.
        """
        vault, self.vault = self.vault, None
        if self.work is not None:
            self.work.stop()
            self.work = None
        if vault is not None or self.answers:
            self.locked, self.locked_after = why, self.minutes
        self.pretend = False
        self.minutes = DEFAULT_MINUTES
        self.answers = {}
        self.found = None
        self.draft = Draft(practised=self.draft.practised)
        self.notice = ""
        self.undo = False
        if vault is None:
            return None
        return asyncio.wrap_future(self._thread.submit(vault.lock))

    def lock_when_idle(self) -> bool:
        """Lock when nothing was asked for longer than the person allows; say whether it did."""
        working = self.work is not None and not self.work.ended and not self.work.fed
        if working or (self.vault is None and not self.answers):
            return False
        if self._clock() - self._seen < self.minutes * 60:
            return False
        self.lock("idle")
        return True

    def forget_place(self) -> None:
        """Forget where the vault lies, as leaving does: the blank page must lead nowhere."""
        self.path = None
        self.locked = ""
        self.draft = Draft()

    def abandoned(self, *, occupied: bool) -> bool:
        """Say whether the program should end itself: nobody is there and nothing is open."""
        if self.vault is not None or self.busy:
            return False
        return self._clock() - self._asked > (FORGOTTEN_SECONDS if occupied else ABANDONED_SECONDS)

    def end(self) -> None:
        """Drop the keys and end the vault's thread, waiting for both."""
        vault, self.vault = self.vault, None
        if self.work is not None:
            self.work.stop()
        if vault is not None:
            self._thread.submit(vault.lock)
        self._thread.shutdown(wait=True)
