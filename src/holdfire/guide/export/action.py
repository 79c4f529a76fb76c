"""One action as blocks: its risks in a frame before how to begin, and what can be done with paper alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from holdfire.guide.actions import RISK_GROUPS, RISK_WORDS, ActionPage
from holdfire.guide.export.blocks import Block, Heading, Items, Line, Link, Panel, Paragraph, Text
from holdfire.guide.export.citing import Citing, sources_of_action
from holdfire.guide.export.front import STEP_WORDS
from holdfire.guide.guide import Guide
from holdfire.guide.rules import Rule
from holdfire.language import mark

_PACES: Final = {
    "minutes": mark("takes minutes"),
    "days": mark("takes days"),
    "weeks": mark("takes weeks"),
}

#: Pages of the program that stand in the file too, and where.
_IN_FILE: Final = {
    "order-for-tomorrow": (mark("An order is for tomorrow"), "page-order-for-tomorrow"),
    "questions": (mark("Questions to ask yourself"), "questions"),
    "facts": (mark("What the research shows"), "page-facts"),
}
#: What paper can do of what a page of the program does; a page that is not here has no form on paper.
_ON_PAPER: Final = {
    "orders": mark(
        "Write down the same day, on paper of your own: the order's exact words, who gave it, when, where, and by "
        "which rule. Use no phone or computer of the service."
    ),
    "review": mark(
        "Put the order's words beside the rule, line by line, and mark what is missing. That shows what to ask. "
        "It does not say whether you must obey."
    ),
    "letters": mark(
        "Write the letter in your own words. State no refusal and no motive. Keep your copy away from work."
    ),
    "clock": mark("Note the day you handed it in, who took it, and the day an answer is due."),
    "rules": mark(
        "Copy the paragraphs you may read, with their numbers. Note “steps followed”, and no motive."
    ),
    "claims": mark("For each claim note time, place, where it comes from and what the wider scene shows."),
    "plan": mark(
        "Keep steps, no motives and no names. Written steps can be used against you; memory leaves no paper."
    ),
}

#: Which part of a country's law an action of this kind is read with.
LAW_OF_KIND: Final = {
    "together": "together",
    "informs": "secrecy",
    "leaving": "leaving",
}


def action_blocks(page: ActionPage, rule: Rule, guide: Guide, citing: Citing) -> tuple[Block, ...]:
    """Return the whole page of one action, from its title to its sources."""

    def part(title: str, texts: tuple[str, ...], *, steps: bool = False) -> Iterator[Block]:
        if texts:
            yield Heading(3, title)
            yield Items(tuple(citing.line(text) for text in texts), "steps" if steps else "bullets")

    why = tuple(citing.claim(claim.text, claim.sources, page.id) for claim in page.why)
    sources = tuple(sources_of_action(page))
    step = f"{STEP_WORDS[rule.step]} · {_PACES[rule.pace]}"
    blocks: list[Block] = [
        Heading(2, page.title, page.id),
        Paragraph((Text(step),), "soft"),
        Paragraph(citing.line(page.in_short), "lead"),
        *_truthful(page, rule, guide, citing),
        _risks(page, rule, guide, citing),
        Heading(3, mark("Why")),
        Items(why),
        *part(mark("It fits when"), page.fits),
        *part(mark("Not now when"), page.not_now),
        *part(mark("First"), page.first),
        *part(mark("How to begin"), page.begin, steps=True),
        *part(mark("Words you can use"), page.say),
    ]
    on_paper = tuple(_on_paper(page))
    if on_paper:
        blocks += [Heading(3, mark("With paper, or in this file")), Items(on_paper)]
    if sources:
        blocks += [Heading(3, mark("Sources")), citing.notes(sources, page.id)]
    blocks.append(Paragraph((Text(checked(page.lawyer, page.reviewed.isoformat())),), "soft"))
    return tuple(blocks)


def checked(lawyer: str | None, reviewed: str) -> str:
    """Return who checked a page and when it was last read through."""
    who = (
        mark("A lawyer checked this: {name}.").format(name=lawyer)
        if lawyer
        else mark("No lawyer has checked this.")
    )
    return f"{who} {mark('Last read through: {day}.').format(day=reviewed)}"


def _truthful(page: ActionPage, rule: Rule, guide: Guide, citing: Citing) -> Iterator[Panel]:
    if page.truthful is None:
        return
    title = (
        mark("Explained, not recommended: a truthful way instead")
        if "feigns" in rule.kinds
        else mark("What you can say or do truthfully")
    )
    links = tuple((Link(guide.actions[one].title, one),) for one in page.truthful.actions)
    text = Paragraph(citing.line(page.truthful.text))
    yield Panel("card", (Heading(3, title), text, *([Items(links)] if links else [])))


def _risks(page: ActionPage, rule: Rule, guide: Guide, citing: Citing) -> Panel:
    inside: list[Heading | Paragraph | Items] = [Heading(3, mark("What it risks"))]
    for title, risks in page.risks.groups():
        claims = [
            citing.claim(risk.text, risk.sources, page.id, word=RISK_WORDS[risk.word]) for risk in risks
        ]
        if title == RISK_GROUPS["law"]:
            claims += _law_links(rule, guide)
        inside += [Heading(4, title), Items(tuple(claims))]
    inside += [
        Heading(4, mark("Can it be undone?")),
        Paragraph(citing.line(page.undone)),
        Heading(4, mark("What makes it less risky")),
        Items(tuple(citing.line(text) for text in page.lower)),
        Heading(4, mark("Stop at once when")),
        Items(tuple(citing.line(text) for text in page.stop_signs)),
    ]
    return Panel("risk", tuple(inside))


def _law_links(rule: Rule, guide: Guide) -> Iterator[Line]:
    gates = {LAW_OF_KIND[kind] for kind in rule.kinds if kind in LAW_OF_KIND}
    found = [
        guide.book.countries[country].name
        for country, risks in sorted(guide.country_risks.items())
        if any(risk.gate in gates for risk in risks)
    ]
    if found:
        yield (
            Text(mark("Read first, for {names}: ").format(names=", ".join(found))),
            Link(mark("What the law may say"), "law"),
        )


def _on_paper(page: ActionPage) -> Iterator[Line]:
    for name in page.here.pages:
        if name in _IN_FILE:
            yield (Link(*_IN_FILE[name]),)
        elif name in _ON_PAPER:
            yield (Text(_ON_PAPER[name]),)
