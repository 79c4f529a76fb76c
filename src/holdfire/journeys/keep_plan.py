"""Keep a plan, and, only if the person asks for it, the answers it came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final, cast

from holdfire.errors import UserError
from holdfire.guide.plan import Plan, decode_plan, encode_plan, make_plan
from holdfire.guide.questions import Answers
from holdfire.guide.reasoner import Assessment
from holdfire.language import mark
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault


def _words(plan: Plan) -> str:
    return "\n".join(item.note for item in plan.items if item.note)


def _encode_plan(plan: Plan) -> JSON:
    return cast(JSON, encode_plan(plan))


def _decode_plan(values: JSON) -> Plan:
    if not isinstance(values, dict):
        raise TypeError("a plan is kept as a map")
    return decode_plan(values)


def _encode_answers(answers: Answers) -> JSON:
    return {question: list[JSON](sorted(chosen)) for question, chosen in sorted(answers.items())}


def _decode_answers(values: JSON) -> Answers:
    if not isinstance(values, dict):
        raise TypeError("answers are kept as a map")
    return {
        question: frozenset(str(choice) for choice in chosen)
        for question, chosen in values.items()
        if isinstance(chosen, list)
    }


PLAN: Final = Kind("plan", 1, _encode_plan, _decode_plan, words=_words)
ANSWERS: Final = Kind("answers", 1, _encode_answers, _decode_answers)


def read_plan(vault: Vault) -> Record[Plan] | None:
    """Return the plan of the open compartment with its version, or None."""
    found = vault.records.all(PLAN, limit=1)
    return found[0] if found else None


def keep_plan(vault: Vault, assessment: Assessment, today: date, now: datetime) -> Record[Plan]:
    """Keep a fresh plan made from `assessment`; notes, dates and ticks of an earlier one stay with their action."""
    made = make_plan(assessment, today)
    kept = read_plan(vault)
    if kept is None:
        return vault.records.add(PLAN, made, now)
    earlier = {item.action: item for item in kept.value.items}
    joined = tuple(earlier.pop(item.action, item) for item in made.items)
    own = tuple(item for item in earlier.values() if item.done or item.note or item.on)
    return vault.records.save(PLAN, kept.id, Plan((*joined, *own)), now)


def change_plan(
    vault: Vault, change: Callable[[Plan], Plan], now: datetime, *, expected: int | None = None
) -> Record[Plan]:
    """Change the plan and keep the earlier version; with none there yet, change an empty one.

    Args:
        vault: The open vault.
        change: A pure function of `guide.plan`.
        now: When.
        expected: The version the person saw; a newer one is not overwritten.
    """
    kept = read_plan(vault)
    if kept is None:
        return vault.records.add(PLAN, change(Plan()), now)
    return vault.records.save(PLAN, kept.id, change(kept.value), now, expected=expected)


def undo_plan(vault: Vault, now: datetime) -> Record[Plan]:
    """Bring back the plan as it was before the last change."""
    kept = read_plan(vault)
    if kept is None or kept.version == 1:
        raise UserError(mark("There is nothing to undo."))
    before = vault.records.get(PLAN, kept.id, version=kept.version - 1)
    return vault.records.save(PLAN, kept.id, before.value, now)


def delete_plan(vault: Vault) -> None:
    """Delete the plan in every version."""
    for record in vault.records.all(PLAN):
        vault.records.delete(PLAN, record.id)


def keep_answers(vault: Vault, answers: Answers, now: datetime) -> None:
    """Keep the answers in place of earlier ones; earlier versions do not stay."""
    discard_answers(vault)
    vault.records.add(ANSWERS, answers, now)


def read_answers(vault: Vault) -> Answers:
    """Return the kept answers; none when none were kept."""
    found = vault.records.all(ANSWERS, limit=1)
    return found[0].value if found else {}


def discard_answers(vault: Vault) -> None:
    """Delete kept answers in every version."""
    for record in vault.records.all(ANSWERS):
        vault.records.delete(ANSWERS, record.id)
