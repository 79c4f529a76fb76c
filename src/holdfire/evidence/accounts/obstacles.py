"""What stands in the way of an account becoming evidence, and so of its leaving; drafts are never stopped.

A record of official conduct is stopped until it names an office, gives every statement a source and a grade, says what else
could explain the act, is for a court, an inquiry or a rights body, and was reviewed by a second person as it stands. A record of
harm is stopped until the person agreed. Nothing stops the others but being empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from holdfire.evidence.accounts.account import Account, texts
from holdfire.evidence.accounts.private import REASONS, find_private, fold, says_private_person
from holdfire.language import mark

_NEEDED: Final = {
    "service": mark("It does not say which service. Private people cannot be recorded here."),
    "act": mark("It does not say what is alleged."),
    "when": mark("It does not say when."),
    "place": mark("It does not say where."),
    "alternatives": mark("It says no other explanation. If you know of none, write “none known”."),
    "quarrel": mark("It does not say whether you have a quarrel with this person."),
    "recipient": mark(
        "It does not say for whom it is: a court, an inquiry or a rights body. There is no other."
    ),
    "recipient_name": mark("It does not name the court, the inquiry or the rights body."),
    "author": mark("It does not say who writes. A name only you know is enough."),
}
NO_REVIEW: Final = mark("No second person has reviewed it. It cannot leave yet.")
CHANGED: Final = mark("It was changed after the review. The second person must read it again.")


@dataclass(frozen=True)
class Obstacle:
    """One reason why an account cannot become evidence yet.

    Attributes:
        sentence: The reason, marked.
        field: The field it is about; "" for the whole.
        row: The row of a list, from 1; 0 where it is about no row.
    """

    sentence: str
    field: str = ""
    row: int = 0


def obstacles(account: Account, *, before_review: bool = False) -> tuple[Obstacle, ...]:
    """Return every reason why an account cannot become evidence, in the order of its fields; none where it can.

    Args:
        account: As it stands.
        before_review: Leave out that it was not reviewed: what must be mended before somebody reviews it.
    """
    if account.kind == "accountability":
        return (*_of_conduct(account), *(() if before_review else _of_review(account)))
    if not account.values:
        return (Obstacle(mark("Nothing is written yet.")),)
    if account.kind == "harm" and account.text("consent") not in {"myself", "agreed", "guardian"}:
        return (
            Obstacle(
                mark("It does not say that the person agreed. Without that it stays a draft."), "consent"
            ),
        )
    return ()


def _of_conduct(account: Account) -> Iterator[Obstacle]:
    for one in account.form.fields():
        if one.id == "statements":
            yield from _of_statements(account)
        elif one.id == "unit" and not (account.text("unit") or account.text("post")):
            yield Obstacle(
                mark("It names neither unit nor post. Private people cannot be recorded here."), "unit"
            )
        elif (
            one.id in {"unit", "post"} and account.text(one.id) and says_private_person(account.text(one.id))
        ):
            yield Obstacle(
                mark("This is no unit or post of a service. Private people cannot be recorded here."), one.id
            )
        elif one.id in _NEEDED and not account.text(one.id):
            yield Obstacle(_NEEDED[one.id], one.id)
    if account.text("quarrel") == "yes" and not account.text("quarrel_what"):
        yield Obstacle(
            mark("You have a quarrel with this person, and it does not say which."), "quarrel_what"
        )
    # An older program may have taken in what this one knows to be private.
    for one, row, text in texts(account):
        found = find_private(text, place=one.place)
        if found:
            yield Obstacle(REASONS[found.reason], one.id if not row else "statements", row)


def _of_statements(account: Account) -> Iterator[Obstacle]:
    rows = account.rows("statements")
    if not rows:
        yield Obstacle(mark("It has no statement with a source."), "statements")
    for number, row in enumerate(rows, 1):
        if not row.get("says"):
            yield Obstacle(mark("A source stands here without a statement."), "statements", number)
        if not _names_source(row.get("source", "")):
            yield Obstacle(mark("This statement has no source."), "statements", number)
        if not row.get("near") or not row.get("sure"):
            yield Obstacle(
                mark("This statement has no grade: how near its source stood, and how sure you are."),
                "statements",
                number,
            )


def _names_source(text: str) -> bool:
    return sum(sign.isalnum() for sign in text) > 1 and fold(text) not in {
        "none", "no", "no source", "n/a", "нет", "няма", "ninguna", "ninguno",
    }  # fmt: skip


def _of_review(account: Account) -> Iterator[Obstacle]:
    if account.review is None:
        yield Obstacle(NO_REVIEW)
    elif not account.reviewed():
        yield Obstacle(CHANGED)
    elif same_person(account.review.reviewer, account):
        yield Obstacle(
            mark("The reviewer is who wrote it, or whom it is about. A second person must review it.")
        )


def same_person(reviewer: str, account: Account) -> bool:
    """Return whether a reviewer has the name of who wrote the account or of whom it is about."""
    names = {" ".join(fold(account.text(one)).split()) for one in ("author", "name")} - {""}
    return " ".join(fold(reviewer).split()) in names
