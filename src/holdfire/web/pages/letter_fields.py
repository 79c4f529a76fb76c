"""What a letter asks: its fields, what was chosen before them, the provisions it can cite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.countries import country_choices
from holdfire.web.forms import Form

if TYPE_CHECKING:
    from holdfire.journeys.write_letter import Draft
    from holdfire.letters.answers import Answers
    from holdfire.letters.texts import LetterText
    from holdfire.orders.order import Order

#: What people call the languages of the letters; another pack's language shows under its code.
LANGUAGES: Final = {"en": mark("English"), "ru": mark("Russian"), "be": mark("Belarusian")}
_LONG: Final = {
    "order_words": 4, "limitation": 3, "belief": 4, "own_words": 4, "refusal": 2, "motive": 2,
    "questions": 4, "facts": 5, "proposals": 3, "requests": 3, "earlier": 3, "enclosures": 3,
}  # fmt: skip
#: No letter names more provisions than a superior will read.
_MOST_OFFERED: Final = 16


@dataclass(frozen=True)
class Offered:
    """A provision that can be cited."""

    id: str
    title: str
    chosen: bool


_CHOSEN: Final = ("kind", "language", "second", "country", "order", "letter")


def chosen_in(form: Form) -> dict[str, str]:
    """Return what was chosen before the form: kind, languages, country, the order, the letter that is changed."""
    return {name: form.one(name) for name in _CHOSEN if form.one(name)}


def draft_of(chosen: dict[str, str], answers: Answers) -> Draft:
    """Return the draft of a new letter; UserError when there is no such kind."""
    from holdfire.journeys.write_letter import Draft  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415

    kind = kind_called(chosen.get("kind", "")).id
    languages = dict.fromkeys((chosen.get("language", "en"), chosen.get("second", "")))
    countries = {code for code, _ in country_choices()}
    country = chosen.get("country", "")
    return Draft(
        kind,
        tuple(one for one in languages if one),
        answers,
        country if country in countries and country else None,
    )


def asked(name: str, draft: Draft) -> Asked:
    """Return one field of a letter, with what stands in it."""
    from holdfire.letters.answers import FIELDS  # noqa: PLC0415 - the letters load when they are needed

    value = "\n".join(draft.answers.lines(name, draft.languages[0]))
    return Asked(name, FIELDS[name], value, "", max(_LONG.get(name, 1), value.count("\n") + 1))


def typed(form: Form) -> dict[str, object]:
    """Return what a form answers, as a letter takes it; not yet judged."""
    from holdfire.letters.answers import FIELDS, MANY, PROVISIONS  # noqa: PLC0415

    given: dict[str, object] = {
        name: form.one(name).splitlines() if name in MANY else form.one(name)
        for name in FIELDS
        if form.one(name)
    }
    return {**given, PROVISIONS: list(form.several(PROVISIONS))}


def offered(order: Order | None, draft: Draft) -> list[Offered]:
    """Return what a letter about this order can cite: what its review named, where the wording was read."""
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415
    from holdfire.journeys.record_order import review_order  # noqa: PLC0415

    law = load_law().provisions
    findings = review_order(order, draft.country) if order else ()
    named = [
        one.provision_id
        for finding in findings
        for one in (*finding.speaks_against, *finding.speaks_for)
        if one.level == "text" and not law[one.provision_id].comparator
    ]
    # What the person chose stays; then the law of their own country, which a superior knows.
    named.sort(key=lambda one: law[one].jurisdiction != draft.country)
    ids = dict.fromkeys((*draft.answers.provisions, *named))
    return [
        Offered(one, f"{law[one].instrument}, {law[one].article}", one in draft.answers.provisions)
        for one in list(ids)[:_MOST_OFFERED]
        if one in law
    ]


def taken_by(text: LetterText) -> set[str]:
    """Return the answers a letter takes."""
    taken = {"to", "from", "date", "enclosures"}
    for part in text.parts:
        taken |= {part.answer, *(name for name, _ in part.labels)}
        if part.kind == "provisions":
            taken.add("provisions")
    return taken
