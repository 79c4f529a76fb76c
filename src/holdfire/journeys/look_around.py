"""Look around: a throw-away vault in memory with made-up data."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from holdfire.guide.guide import Guide
from holdfire.guide.plan import Plan, add, annotate, set_date, tick
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.journeys.keep_letter import answers_from, change_request, hand_in, keep_letter
from holdfire.journeys.keep_plan import PLAN
from holdfire.journeys.record_order import add_order
from holdfire.journeys.write_letter import Draft
from holdfire.language import mark
from holdfire.letters.answers import join_answers, judge_answers
from holdfire.letters.clock import Service, set_due
from holdfire.orders.moment import Moment
from holdfire.orders.order import Order, Person
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
    """Return an open vault in memory with a made-up plan, order, letter, clock and picture in the words of `say`; nothing touches a disk."""
    vault = Vault.in_memory()
    rules = {rule.action: rule for rule in guide.book.rules}
    plan = Plan()
    for action, note, days, done in _MADE_UP:
        plan = add(plan, rules[action], today)
        plan = annotate(plan, action, say(note) if note else "")
        plan = set_date(plan, action, None if days is None else today + timedelta(days=days))
        plan = tick(plan, action, done=done, today=today)
    vault.records.add(PLAN, plan, now)
    _order(vault, say, today, now)
    _picture(vault, say, today, now)
    return vault


def _order(vault: Vault, say: Callable[[str], str], today: date, now: datetime) -> None:
    """Record an order as somebody heard it, with the letter that was handed in about it and still waits."""
    heard = today - timedelta(days=3)
    order = Order(
        words=_WORDS,
        gist=say(mark("Made-up: clear the square by tomorrow evening.")),
        language="en",
        channel="spoken",
        giver=Person(name="Major K. (made up)", rank="major"),
        place="the yard",
        heard=Moment(heard, heard, time(18, 40)),
        from_memory=True,
        first_hand=True,
        measure="weapons-less-lethal",
        against=say(mark("the people on the square")),
        deadline=Moment.on(today + timedelta(days=1)),
    )
    kept = add_order(vault, order, now)
    answers = join_answers(answers_from(order), judge_answers({"to": order.giver.name}))
    letter = keep_letter(vault, Draft("written-order", ("en", "ru"), answers, order=kept.id), now)
    service = Service(heard + timedelta(days=1), order.giver.name, "by-hand", "17", "")
    request = hand_in(vault, letter.id, service, now)
    change_request(vault, request, set_due(request.value.clock, today + timedelta(days=2)), now)


def _picture(vault: Vault, say: Callable[[str], str], today: date, now: datetime) -> None:
    """Keep a picture as somebody may have taken it: a drawing, so that nobody can take it for a real one."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only who looks around needs it

    picture = Image.new("RGB", (480, 320), "#c9d3dc")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 210, 480, 320), fill="#8d8a84")
    draw.rectangle((300, 130, 440, 230), fill="#5d6b58")
    for place in range(20, 290, 46):
        draw.ellipse((place, 160, place + 22, 182), fill="#3c3a38")
        draw.rectangle((place - 4, 182, place + 26, 250), fill="#3c3a38")
    made = io.BytesIO()
    picture.save(made, "PNG")
    noted = {
        "when": f"{today - timedelta(days=1)}, 18:40",
        "clock": say(mark("phone, set by the network")),
        "place": say(mark("the square, from the steps")),
        "source": say(mark("myself")),
    }
    title = say(mark("Made-up picture: the square, a van, six people"))
    add_evidence(vault, [made.getvalue()], now, title=title, name="IMG_0001.png", capture=noted)


#: An order is quoted in the language it was given in, so these words are not translated.
_WORDS: Final = (
    "(Made up.) Tomorrow by six the square is empty. Batons, and gas if they stay. No badges. "
    "And nobody films, take the phones."
)
