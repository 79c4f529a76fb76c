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
    from holdfire.vault.vault import Vault

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
    """A provision that can be cited.

    Attributes:
        id: Its id.
        title: Instrument and article.
        chosen: Whether it is chosen.
        copy: What the person's own copy of its wording is; "" without one.
        copied: Whether the letter shall have that wording.
        unlocked: Whether it can be cited only thanks to that copy.
    """

    id: str
    title: str
    chosen: bool
    copy: str = ""
    copied: bool = False
    unlocked: bool = False


#: The boxes by which a person wants the wording of their own copy in the letter.
COPIED: Final = "copied"
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


def asked(name: str, draft: Draft, hint: str = "") -> Asked:
    """Return one field of a letter, with what stands in it and a translated hint."""
    from holdfire.letters.answers import FIELDS  # noqa: PLC0415 - the letters load when they are needed

    value = "\n".join(draft.answers.lines(name, draft.languages[0]))
    return Asked(name, FIELDS[name], value, hint, max(_LONG.get(name, 1), value.count("\n") + 1))


def typed(form: Form) -> dict[str, object]:
    """Return what a form answers, as a letter takes it; not yet judged."""
    from holdfire.letters.answers import FIELDS, MANY, PROVISIONS  # noqa: PLC0415

    given: dict[str, object] = {
        name: form.one(name).splitlines() if name in MANY else form.one(name)
        for name in FIELDS
        if form.one(name)
    }
    return {**given, PROVISIONS: list(form.several(PROVISIONS))}


def offered(vault: Vault, order: Order | None, draft: Draft) -> list[Offered]:
    """Return what a letter about this order can cite: what its review named, where somebody or the person has the wording."""
    from holdfire.journeys.cite_copies import copies_of  # noqa: PLC0415
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415
    from holdfire.journeys.record_order import review_order  # noqa: PLC0415

    law = load_law().provisions
    findings = review_order(order, draft.country) if order else ()
    named = dict.fromkeys(
        one.provision_id for finding in findings for one in (*finding.speaks_against, *finding.speaks_for)
    )
    copies = copies_of(vault, (*draft.answers.provisions, *named))
    citable = [one for one in named if law[one].citable or one in copies]
    # What the person chose stays; then the law of their own country, which a superior knows, with their own copies first.
    citable.sort(key=lambda one: (law[one].jurisdiction != draft.country, one not in copies))
    ids = dict.fromkeys((*draft.answers.provisions, *citable))
    return [
        Offered(
            one,
            f"{law[one].instrument}, {law[one].article}",
            one in draft.answers.provisions,
            copies[one].named if one in copies else "",
            one in draft.answers.copies,
            not law[one].citable,
        )
        for one in list(ids)[:_MOST_OFFERED]
        if one in law
    ]


def with_copies(vault: Vault, form: Form, answers: Answers) -> Answers:
    """Return answers with the wordings the person wants from their own copies, and those that need one.

    Raises:
        UserError: It is in doubt which wording is meant, or one is too long for a letter.
    """
    from holdfire.journeys.cite_copies import take_wordings  # noqa: PLC0415
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415

    law = load_law().provisions
    wanted = {
        *form.several(COPIED),
        *(one for one in answers.provisions if one in law and not law[one].citable),
    }
    return take_wordings(vault, answers, wanted)[0] if wanted else answers


def taken_by(text: LetterText) -> set[str]:
    """Return the answers a letter takes."""
    taken = {"to", "from", "date", "enclosures"}
    for part in text.parts:
        taken |= {part.answer, *(name for name, _ in part.labels)}
        if part.kind == "provisions":
            taken.add("provisions")
    return taken
