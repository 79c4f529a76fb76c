"""The list of evidence: what is kept, found by words and by what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, render
from holdfire.web.pages.evidence_content import drawable
from holdfire.web.pages.evidence_words import SORTS, size_words, sort_of, words_of
from holdfire.web.places import answered

if TYPE_CHECKING:
    from holdfire.journeys.keep_evidence import Evidence
    from holdfire.vault.records import Record
    from holdfire.vault.vault import Vault

#: How many items a page of the list has.
_AT_ONCE: Final = 40


@dataclass(frozen=True)
class EvidenceLine:
    """One item of the list: number, title, what it is (marked), size, day, number of the original, whether it has a picture."""

    number: int
    title: str
    form: str
    size: str
    day: str
    copy_of: int
    small: bool


@dataclass(frozen=True)
class Next:
    """What can be done with an item: what, marked, a line beside it, marked, and where."""

    words: str
    about: str
    path: str


@dataclass(frozen=True, kw_only=True)
class ListShown(Page):
    """The list of evidence.

    Attributes:
        lines: What is shown of it.
        count: How many there are in all.
        found: How many the words and the sort leave.
        words: What is looked for.
        sort: What the list is narrowed to.
        sorts: What it can be narrowed to.
        number: Which page of the list this is, from 1.
        more: Whether another page follows.
        others: Other pages of evidence that this version has.
    """

    template = "evidence.html"
    lines: tuple[EvidenceLine, ...]
    count: int
    found: int
    words: str
    sort: str
    sorts: tuple[tuple[str, str], ...]
    number: int
    more: bool
    others: tuple[Next, ...]


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show the list, or what of it was asked for."""
    from holdfire.journeys.keep_evidence import all_evidence  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.vault.records import fold  # noqa: PLC0415

    asked = opened.request.query_params
    words = " ".join(asked.get("words", "").split())[:200]
    sort = asked.get("sort", "")
    sort = sort if sort in dict(SORTS) else ""
    number = int(asked["page"]) if asked.get("page", "").isdigit() and len(asked["page"]) < 6 else 1  # noqa: PLR2004 - five digits
    everything = sorted(await opened.run(all_evidence), key=lambda record: -record.value.number)
    wanted = fold(words).casefold().split()
    found = [
        record
        for record in everything
        if (not sort or sort_of(record.value) == sort)
        and all(word in fold(_searched(record.value)).casefold() for word in wanted)
    ]
    start = (max(number, 1) - 1) * _AT_ONCE

    def lines() -> tuple[EvidenceLine, ...]:
        return tuple(_line(opened.vault, record) for record in found[start : start + _AT_ONCE])

    page = ListShown(
        lines=await opened.program.session.run(lines),
        count=len(everything),
        found=len(found),
        words=words,
        sort=sort,
        sorts=SORTS,
        number=max(number, 1),
        more=len(found) > start + _AT_ONCE,
        others=offered(opened, _OTHERS),
        back="/",
    )
    return render(opened.request, page)


def _line(vault: Vault, record: Record[Evidence]) -> EvidenceLine:
    from holdfire.journeys.keep_evidence import EVIDENCE  # noqa: PLC0415

    one, first = record.value, vault.records.versions(EVIDENCE, record.id)[-1]
    return EvidenceLine(
        one.number,
        one.title,
        words_of(one),
        size_words(one.size),
        f"{first.saved.astimezone():%Y-%m-%d}",
        one.copy_of,
        drawable(one),
    )


def _searched(one: Evidence) -> str:
    return " ".join((one.title, one.name, str(one.number), one.sha256, *one.capture.values()))


_OTHERS: Final = (
    Next(mark("Write down what happened"), mark("Harm, an incident, a claim, what an official did."), "/accounts"),
    Next(mark("Have the day confirmed"), mark("What was stamped, what waits."), "/evidence/stamps"),
    Next(mark("Hand something over"), mark("As one sealed package that a court can check."), "/evidence/export"),
)  # fmt: skip


def offered(opened: Opened, what: tuple[Next, ...], number: int = 0) -> tuple[Next, ...]:
    """Return what of this there is in this version."""
    made = (Next(one.words, one.about, one.path.format(number=number)) for one in what)
    return tuple(one for one in made if answered(opened.request, one.path.partition("?")[0]))


ROUTES = (Route("/evidence", show_all, methods=["GET"]),)
