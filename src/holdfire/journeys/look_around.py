"""Look around: a throw-away vault in memory with made-up data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from holdfire.guide.guide import Guide
from holdfire.guide.plan import Plan, add, annotate, set_date, tick
from holdfire.journeys.keep_plan import PLAN
from holdfire.language import mark
from holdfire.vault.vault import Vault

#: What the made-up person planned: action, note, days from now, done.
_MADE_UP: Final = (
    ("own-judgment", "", None, True),
    ("people-to-protect", mark("Made-up note: read twice on Sunday. Talk at home before anything else."), None, True),
    ("document-orders", mark("Made-up note: words first, then who was there, then the time."), 0, False),
    ("ask-in-writing", mark("Made-up note: practise the one sentence aloud."), 2, False),
    ("take-leave", mark("Made-up note: eleven days are left this year."), 5, False),
    ("resign-together", "", None, False),
)  # fmt: skip


def look_around(guide: Guide, say: Callable[[str], str], today: date, now: datetime) -> Vault:
    """Return an open vault in memory that holds a made-up plan in the words of `say`; nothing touches a disk."""
    vault = Vault.in_memory()
    rules = {rule.action: rule for rule in guide.book.rules}
    plan = Plan()
    for action, note, days, done in _MADE_UP:
        plan = add(plan, rules[action], today)
        plan = annotate(plan, action, say(note) if note else "")
        plan = set_date(plan, action, None if days is None else today + timedelta(days=days))
        plan = tick(plan, action, done=done, today=today)
    vault.records.add(PLAN, plan, now)
    return vault
