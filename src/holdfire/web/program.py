"""What the pages are given at the start: the session, the door, the guide, the clocks, the vault's profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from holdfire.web.guard import Door
from holdfire.web.session import Session

if TYPE_CHECKING:  # loaded when first needed, so that the first page comes sooner
    from holdfire.guide.guide import Guide
    from holdfire.sealing.passphrase import Profile


@dataclass
class Program:
    """One running program; made once by the assembly, never reached for from elsewhere.

    Attributes:
        session: What the open app holds.
        door: Who may come in.
        now: The clock on the wall, aware, in UTC.
        load_guide: Reads the packs; called when a page first needs them.
        profile: How costly a passphrase is; None for the format's own. Tests make it cheap.
        least_bytes: Smallest vault that can be made.
        end: Ends the server; set by it.
    """

    session: Session
    door: Door
    now: Callable[[], datetime]
    load_guide: Callable[[], Guide]
    profile: Profile | None = None
    end: Callable[[], None] = lambda: None
    _guide: Guide | None = field(default=None, repr=False)

    @property
    def guide(self) -> Guide:
        """The guide, read on first use."""
        if self._guide is None:
            self._guide = self.load_guide()
        return self._guide

    @property
    def titles(self) -> Mapping[str, str]:
        """Titles of the actions by id; none as long as no page has needed the guide."""
        if self._guide is None:
            return {}
        return {action.id: action.title for action in self._guide.actions.values()}

    @property
    def today(self) -> date:
        """The day on the person's calendar."""
        return self.now().astimezone().date()
