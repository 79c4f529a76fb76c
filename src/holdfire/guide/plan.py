"""The plan a person keeps: which actions, when, done or not, and a note of their own.

It holds no answer and no reason, because a plan can convict. What cannot be taken back carries the
day from which it may be asked again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from holdfire.errors import UserError
from holdfire.guide.reasoner import Assessment, Option
from holdfire.guide.rules import PLACES, STEP_NO_RETURN, Place, Rule
from holdfire.language import mark

MOST_NOTE: Final = 2_000
#: How many actions a fresh plan has at most.
MOST_AT_FIRST: Final = 12


@dataclass(frozen=True)
class PlanItem:
    """One action in the plan. `ask_again` is the first day a step of no return may be decided."""

    action: str
    place: Place
    done: bool = False
    note: str = ""
    on: date | None = None
    ask_again: date | None = None


@dataclass(frozen=True)
class Plan:
    """The items in the order the person wants them."""

    items: tuple[PlanItem, ...] = ()

    def item(self, action: str) -> PlanItem:
        """Return the item of this action, or raise UserError."""
        for item in self.items:
            if item.action == action:
                return item
        raise UserError(mark("This action is not in the plan."), mark("Add it first."))

    def due(self, today: date) -> tuple[PlanItem, ...]:
        """Return what is dated today or before and not done."""
        return tuple(item for item in self.items if item.on and item.on <= today and not item.done)


def make_plan(assessment: Assessment, today: date) -> Plan:
    """Return a short plan: what every route shares and what the answers speak for, each after what it needs first.

    Short on purpose: a list of forty things helps nobody at night, and a plan can convict. The person adds
    whatever else they want. What waits or was ruled out is not in it.
    """
    open_ones = (*assessment.at("now"), *assessment.at("prepare"))
    by_id = {one.action: one for one in open_ones}
    chosen: set[str] = set()
    for one in open_ones:
        wanted = chosen | _with_needs(one.action, by_id)
        if (one.fitting or one.heading == "every") and len(wanted) <= MOST_AT_FIRST:
            chosen = wanted
    return Plan(
        tuple(
            PlanItem(one.action, one.place, ask_again=_night(one.step, today))
            for one in open_ones
            if one.action in chosen
        )
    )


def _with_needs(action: str, by_id: Mapping[str, Option]) -> set[str]:
    """Return an action and all it needs first; none of that is farther away than the action itself."""
    return {action}.union(*(_with_needs(need, by_id) for need in by_id[action].needs))


def _night(step: int, today: date) -> date | None:
    return today + timedelta(days=1) if step >= STEP_NO_RETURN else None


def add(plan: Plan, rule: Rule, today: date) -> Plan:
    """Return the plan with an action at its end; one that is there already stays where it is."""
    if any(item.action == rule.action for item in plan.items):
        return plan
    return Plan((*plan.items, PlanItem(rule.action, "prepare", ask_again=_night(rule.step, today))))


def put_back(plan: Plan, item: PlanItem, position: int) -> Plan:
    """Return the plan with an item that was taken out, where it was: undo for `remove`."""
    others = tuple(one for one in plan.items if one.action != item.action)
    return Plan((*others[:position], item, *others[position:]))


def remove(plan: Plan, action: str) -> Plan:
    """Return the plan without an action."""
    gone = plan.item(action)
    return Plan(tuple(item for item in plan.items if item is not gone))


def move(plan: Plan, action: str, by: int) -> Plan:
    """Return the plan with an action moved by so many places; the ends hold it."""
    item = plan.item(action)
    position = min(max(plan.items.index(item) + by, 0), len(plan.items) - 1)
    return put_back(plan, item, position)


def tick(plan: Plan, action: str, *, done: bool, today: date) -> Plan:
    """Return the plan with an action done or not done.

    Raises:
        UserError: A step that cannot be taken back, on the day it was put into the plan.
    """
    item = plan.item(action)
    if done and item.ask_again and today < item.ask_again:
        raise UserError(mark("This cannot be taken back. It is asked again after a night."),
                        mark("Come back to it tomorrow."))  # fmt: skip
    return _with(plan, replace(item, done=done))


def annotate(plan: Plan, action: str, note: str) -> Plan:
    """Return the plan with the person's own note on an action, at most `MOST_NOTE` characters."""
    note = note.replace("\r\n", "\n").strip()
    if len(note) > MOST_NOTE:
        raise UserError(mark("A note has at most {most} characters."), mark("Shorten it."), most=MOST_NOTE)
    return _with(plan, replace(plan.item(action), note=note))


def set_date(plan: Plan, action: str, on: date | None) -> Plan:
    """Return the plan with a day for an action, or none."""
    return _with(plan, replace(plan.item(action), on=on))


def _with(plan: Plan, changed: PlanItem) -> Plan:
    return Plan(tuple(changed if item.action == changed.action else item for item in plan.items))


def encode_plan(plan: Plan) -> dict[str, object]:
    """Return the plan as plain values for the vault."""
    return {
        "items": [
            {
                "action": item.action,
                "place": item.place,
                "done": item.done,
                "note": item.note,
                "on": item.on.isoformat() if item.on else None,
                "ask_again": item.ask_again.isoformat() if item.ask_again else None,
            }
            for item in plan.items
        ]
    }


def decode_plan(values: Mapping[str, object]) -> Plan:
    """Return the plan that `encode_plan` made plain."""
    found = values["items"]
    if not isinstance(found, list):
        raise TypeError("a plan holds a list of items")
    return Plan(tuple(_decode_item(item) for item in found))


def _decode_item(values: Mapping[str, object]) -> PlanItem:
    on, again, place = values["on"], values["ask_again"], values["place"]
    return PlanItem(
        action=str(values["action"]),
        place=next(one for one in PLACES if one == place),
        done=values["done"] is True,
        note=str(values["note"]),
        on=date.fromisoformat(str(on)) if on else None,
        ask_again=date.fromisoformat(str(again)) if again else None,
    )


def known_actions(plan: Plan, actions: Collection[str]) -> Plan:
    """Return the plan without actions that no pack here explains any more."""
    kept: Iterable[PlanItem] = (item for item in plan.items if item.action in actions)
    return Plan(tuple(kept))
