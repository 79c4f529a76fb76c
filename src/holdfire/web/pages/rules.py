"""Regulations: read clause by clause with what each binds to, deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, go, render

if TYPE_CHECKING:
    from holdfire.journeys.keep_regulation import Regulation
    from holdfire.rules.regulation import Clause, Label

#: Bytes of text on one page, markup left out; a page has at most 30 KB.
MOST_SHOWN: Final = 12_000
_AT_ONCE: Final = 40
#: A clause with more labelled sentences shows its labels once.
_MOST_SIGNED: Final = 60
_LISTED: Final = 20


@dataclass(frozen=True)
class RegulationLine:
    """A regulation in the list."""

    number: int
    title: str
    clauses: int


@dataclass(frozen=True)
class ChecklistLine:
    """A checklist in the list."""

    number: int
    title: str
    topics: str
    noted: int
    steps: int


@dataclass(frozen=True)
class Run:
    """Words of a clause that are shown together, and what they bind to, in marked words."""

    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class ClauseShown:
    """A clause as it is shown."""

    cited: str
    heading: str
    page: int | None
    stem: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class RulesShown(Page):
    """The regulations and checklists in the vault.

    Attributes:
        regulations: By number.
        checklists: The last ones first.
    """

    template = "rules.html"
    regulations: tuple[RegulationLine, ...]
    checklists: tuple[ChecklistLine, ...]


@dataclass(frozen=True, kw_only=True)
class RegulationShown(Page):
    """Some clauses of a regulation.

    Attributes:
        number: Of the regulation.
        title: What it is called.
        labelled: Whether its language is one whose words are known.
        choices: What can be shown alone: id, marked words, and how many clauses.
        shown: Which of these is shown; "" for all.
        clauses: Them.
        first: The place of the first in what is shown, from 1.
        last: The place of the last.
        total: How many there are of what is shown.
        before: Where the part before begins; 0 for none.
        after: Where the next part begins; 0 for none.
        notes: What could not be read of the file.
    """

    template = "regulation.html"
    number: int
    title: str
    labelled: bool
    choices: tuple[tuple[str, str, int], ...]
    shown: str
    clauses: tuple[ClauseShown, ...]
    first: int
    last: int
    total: int
    before: int
    after: int
    notes: tuple[str, ...]


@needs_vault
async def show_all(opened: Opened) -> Response:
    """Show every regulation and the last checklists."""
    from holdfire.journeys.keep_regulation import list_regulations  # noqa: PLC0415 - loads when it is needed
    from holdfire.journeys.work_to_rule import list_checklists, log_of  # noqa: PLC0415
    from holdfire.rules.log import standing  # noqa: PLC0415

    regulations = tuple(
        RegulationLine(one.value.number, one.value.title, one.value.clauses)
        for one in await opened.run(list_regulations)
    )
    lines = []
    for record in reversed((await opened.run(list_checklists))[-_LISTED:]):
        noted = standing(await opened.run(log_of, record))
        one = record.value
        lines.append(ChecklistLine(one.number, one.title, ", ".join(one.topics), len(noted), len(one.steps)))
    page = RulesShown(regulations=regulations, checklists=tuple(lines), back="/")
    return render(opened.request, page)


@needs_vault
async def show(opened: Opened) -> Response:
    """Show some clauses of a regulation, all or those with one label."""
    from holdfire.journeys.keep_regulation import clauses_of, find_regulation  # noqa: PLC0415
    from holdfire.journeys.rules_here import load_grammars  # noqa: PLC0415
    from holdfire.rules.regulation import LABEL_WORDS, LABELS  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    regulation = (await opened.run(find_regulation, number)).value
    asked = opened.request.query_params.get("label", "")
    label = LABELS.get(asked)
    if asked and label is None:
        raise HTTPException(404)
    total = regulation.labelled[label] if label else regulation.clauses
    first = _first(opened.request.query_params.get("first", ""), total)
    found = await opened.run(clauses_of, regulation, label=label, first=first - 1, most=_AT_ONCE)
    shown = tuple(_fitting(found))
    last = first + len(shown) - 1
    page = RegulationShown(
        number=number,
        title=regulation.title,
        labelled=regulation.language in load_grammars(),
        choices=_choices(regulation, LABEL_WORDS),
        shown=label or "",
        clauses=shown,
        first=min(first, total),
        last=last,
        total=total,
        before=max(1, first - max(len(shown), 1)) if first > 1 else 0,
        after=last + 1 if last < total else 0,
        notes=regulation.notes,
        back="/rules",
    )
    return render(opened.request, page)


@needs_vault
async def delete(opened: Opened) -> Response:
    """Delete a regulation, when the form says so twice."""
    from holdfire.journeys.keep_regulation import delete_regulation  # noqa: PLC0415

    number = int(opened.request.path_params["number"])
    if not await opened.sure():
        return go(f"/rules/{number}")
    await opened.run(delete_regulation, number)
    opened.notice(mark("The regulation is deleted. Checklists made from it keep their steps."))
    return go("/rules")


def _choices(regulation: Regulation, words: dict[Label, str]) -> tuple[tuple[str, str, int], ...]:
    counted = regulation.labelled
    labels = tuple((str(label), words[label], counted[label]) for label in words)
    return (("", mark("everything"), regulation.clauses), *labels)


def _first(typed: str, total: int) -> int:
    """Return the place a page begins at; what is no number, or lies outside, begins at the nearest end."""
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 1  # noqa: PLR2004
    return max(1, min(wanted, total))


def _fitting(clauses: Sequence[Clause]) -> Iterator[ClauseShown]:
    """Yield clauses as they are shown, as many as one page holds and at least one."""
    from markupsafe import escape  # noqa: PLC0415

    size = 0
    for number, clause in enumerate(clauses):
        size += len(escape(clause.text).encode()) + len(escape(clause.stem).encode()) + 300
        if number and size > MOST_SHOWN:
            return
        yield _shown(clause)


def _shown(clause: Clause) -> ClauseShown:
    from holdfire.rules.regulation import LABEL_WORDS, cite  # noqa: PLC0415

    runs: list[Run] = []
    first = clause.sentences[0] if clause.sentences else None
    heading = clause.heading if first and not first.labels and clause.said(first) == clause.heading else ""
    if sum(bool(one.labels) for one in clause.sentences) > _MOST_SIGNED:
        text = " ".join(clause.text.split())
        runs = [Run(text, tuple(LABEL_WORDS[label] for label in clause.labels))]
    else:
        for sentence in clause.sentences[bool(heading) :]:
            labels = tuple(LABEL_WORDS[label] for label in sentence.labels)
            said = clause.said(sentence)
            if runs and not labels and not runs[-1].labels:
                runs[-1] = Run(f"{runs[-1].text} {said}", ())
            else:
                runs.append(Run(said, labels))
    # A heading without a number is shown as one, and needs no place.
    cited = cite(clause) if clause.number or not heading else ""
    return ClauseShown(cited, heading, clause.page, clause.stem, tuple(runs))


ROUTES = (
    Route("/rules", show_all),
    Route("/rules/{number:int}", show),
    Route("/rules/{number:int}/delete", delete, methods=["POST"]),
)
