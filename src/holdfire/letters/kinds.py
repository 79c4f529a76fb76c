"""The kinds of letters there are: what each is for, what to read before, and what can follow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter.

    Attributes:
        id: Its id, which is stable.
        title: What it is called in lists.
        about: What it does, one sentence.
        before: What to read before it is handed in, shown in the preview and never printed in the letter.
        to_giver: Whether it goes to whoever gave the order, as far as nobody says otherwise.
        states_motive: Whether its own title already says why; only where that is what the kind is.
        on_silence: The kinds that can follow when no answer comes.
        on_refusal: The kinds that can follow a refusal.
    """

    id: str
    title: str
    about: str
    before: tuple[str, ...]
    to_giver: bool = False
    states_motive: bool = False
    on_silence: tuple[str, ...] = ()
    on_refusal: tuple[str, ...] = ()


_BINDS: Final = mark("Asking suspends nothing. The order may still bind while you wait.")
_NAMES_YOU: Final = mark("It names you. Whoever reads it will remember.")
_LAWYER_FIRST: Final = mark("See a lawyer before you hand it in.")
_OWN_ACTS: Final = mark("Do not write what you yourself did without a lawyer: it can be used against you.")

KINDS: Final = (
    LetterKind(
        "written-order",
        mark("Request for a written, signed order"),
        mark("Asks whoever gave an order to write, date and sign it."),
        (_BINDS, mark("Ask once, as a duty, without politics.")),
        to_giver=True,
        on_silence=("written-order", "explanation", "complaint"),
        on_refusal=("duty-note", "complaint"),
    ),
    LetterKind(
        "explanation",
        mark("Request for an explanation under the constitution and the law"),
        mark("Asks, for each provision you name, how the order relates to it."),
        (_BINDS, mark("Name few provisions, those that matter most.")),
        to_giver=True,
        on_silence=("explanation", "complaint"),
        on_refusal=("duty-note", "complaint"),
    ),
    LetterKind(
        "clarification",
        mark("Questions about an order"),
        mark("Asks what is unclear in an order, so that it is carried out as meant or not at all."),
        (_BINDS, mark("Ask only what is truly unclear to you.")),
        to_giver=True,
        on_silence=("clarification", "written-order"),
        on_refusal=("written-order", "duty-note"),
    ),
    LetterKind(
        "true-limitation",
        mark("Statement of a true limitation"),
        mark("Says what you are not trained, certified, equipped or fit for, and asks for another task."),
        (mark("It must be true. A false statement can be an offence, and records expose it."), _BINDS),
        to_giver=True,
        on_silence=("true-limitation", "written-order"),
        on_refusal=("written-order", "complaint"),
    ),
    LetterKind(
        "conscience",
        mark("Objection of conscience"),
        mark("Says in your own words what your conscience does not allow, and asks for another task."),
        (
            mark(
                "Its title states a motive: conscience. If you do not want to state one, take another letter."
            ),
            mark("In many services conscience does not excuse from an order."),
            _LAWYER_FIRST,
        ),
        states_motive=True,
        on_silence=("conscience", "complaint"),
        on_refusal=("complaint",),
    ),
    LetterKind(
        "leave",
        mark("Request for leave"),
        mark("Asks for leave that you have earned or are entitled to."),
        (mark("Asked right after an order, it can look like a way round it."),),
        on_silence=("leave",),
        on_refusal=("leave", "complaint"),
    ),
    LetterKind(
        "duty-note",
        mark("Duty note to superiors"),
        mark("Reports upward what you saw or fear, as your duty asks, and what you propose."),
        (_OWN_ACTS, _NAMES_YOU, mark("Write what you saw or heard yourself; mark what others told you.")),
        on_silence=("duty-note", "complaint"),
        on_refusal=("complaint",),
    ),
    LetterKind(
        "complaint",
        mark("Complaint or referral: prosecutor, court, ombudsman, inspector general"),
        mark("Puts an order or an act before a body outside your chain of command and asks it to look."),
        (_LAWYER_FIRST, _NAMES_YOU, _OWN_ACTS,
         mark("Some bodies are closed to you or pass complaints back to those complained of.")),
        on_silence=("complaint",),
        on_refusal=("complaint",),
    ),
    LetterKind(
        "ally",
        mark("Letter by an ally"),
        mark("Lets someone outside the service put an order before a body without naming you."),
        (
            mark("The ally signs and answers for it. Tell them the risks first."),
            mark("Words or details that only you could know can still point to you."),
            _LAWYER_FIRST,
        ),
        on_silence=("ally",),
        on_refusal=("ally",),
    ),
)  # fmt: skip

_BY_ID: Final = {kind.id: kind for kind in KINDS}


def kind_called(untrusted_id: str) -> LetterKind:
    """Return the kind with this id, or raise UserError that says where the kinds are listed."""
    found = _BY_ID.get(untrusted_id)
    if found is None:
        raise UserError(mark("There is no letter called {kind}."), mark("`holdfire letter list` shows them."),
                        kind=ascii(untrusted_id)[:60])  # fmt: skip
    return found
