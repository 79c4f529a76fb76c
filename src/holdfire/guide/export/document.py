"""The whole guide as one document, the same for every kind of file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Final

from holdfire.guide.actions import ActionPage
from holdfire.guide.export.action import action_blocks, checked
from holdfire.guide.export.blocks import (
    Block,
    Chapter,
    Document,
    Heading,
    Items,
    Line,
    Link,
    Paragraph,
    Table,
    Text,
    plain,
)
from holdfire.guide.export.citing import KIND_WORDS, Citing
from holdfire.guide.export.front import STEP_WORDS, TITLE, first_page, reading_page
from holdfire.guide.export.self_check import grid_page, questions_page
from holdfire.guide.guide import PAGES, Guide
from holdfire.guide.pages import GuidePage, Route
from holdfire.guide.pages import Heading as GuideHeading
from holdfire.language import mark

ROUTE_WORDS: Final[dict[Route, str]] = {
    "every": mark("Always first"),
    "stay": mark("Stay and help from within"),
    "resign": mark("Resign and help from outside"),
    "join": mark("Join the movement"),
}
#: Openings for who reads a file and has answered no question.
_LEADS: Final = {
    "care": mark(
        "If you might hurt yourself or someone else, everything else can wait. Please do these three things now."
    ),
}
_GATE_WORDS: Final = {
    "orders": mark("Orders"),
    "together": mark("Acting together"),
    "secrecy": mark("Telling what the service knows"),
    "leaving": mark("Leaving the service"),
    "war": mark("Where there is fighting"),
}


def make_document(guide: Guide) -> Document:
    """Return the guide as a document; the same guide gives the same document."""
    citing = Citing(guide)
    pages: tuple[ActionPage | GuidePage, ...] = (*guide.actions.values(), *guide.pages.values())
    reviewed = sorted(page.reviewed for page in pages)
    newest, oldest = reviewed[-1].isoformat(), reviewed[0].isoformat()
    lawyer = any(page.lawyer for page in pages)
    headings = sorted(guide.headings, key=lambda one: list(ROUTE_WORDS).index(one.route))
    rest = (
        *(_page(guide.pages[name], citing) for name in PAGES),
        _contents(guide, headings),
        reading_page(),
        *(_heading(heading, guide, citing) for heading in headings),
        questions_page(guide),
        grid_page(guide.book.grid),
        *_law(guide, citing),
        _sources(citing),
    )

    def with_first_page(edition: str) -> Document:
        first = first_page(edition, newest, oldest, len(guide.actions), lawyer=lawyer)
        return Document(TITLE, "en", edition, newest, (first, *rest))

    content = json.dumps(plain(with_first_page("")), ensure_ascii=True, sort_keys=True)
    return with_first_page(hashlib.sha256(content.encode()).hexdigest())


def _page(page: GuidePage, citing: Citing) -> Chapter:
    anchor = f"page-{page.id}"
    blocks: list[Block] = [Paragraph(citing.line(_LEADS.get(page.id, page.in_short)), "lead")]
    named: list[str] = []
    for section in page.sections:
        named += section.sources
        blocks.append(Heading(2, section.title))
        blocks += [Paragraph(citing.line(text)) for text in section.text]
        if section.list:
            blocks.append(Items(tuple(citing.line(text) for text in section.list)))
        if section.table:
            blocks.append(Table(section.table.head, section.table.rows))
        if section.sources:
            behind = citing.marks(section.sources, anchor)
            blocks.append(Paragraph((Text(mark("For this part:"), "soft"), *behind), "soft"))
    if named:
        blocks += [Heading(2, mark("Sources")), citing.notes(named, anchor)]
        blocks.append(Paragraph((Text(mark("What names no source here is our own reasoning.")),), "soft"))
    blocks.append(Paragraph((Text(checked(page.lawyer, page.reviewed.isoformat())),), "soft"))
    return Chapter(anchor, page.title, tuple(blocks))


def _contents(guide: Guide, headings: list[GuideHeading]) -> Chapter:
    blocks: list[Block] = [
        Items(tuple((Link(title, anchor),) for title, anchor in (
            (guide.pages["order-for-tomorrow"].title, "page-order-for-tomorrow"),
            (guide.pages["care"].title, "page-care"),
            (guide.pages["facts"].title, "page-facts"),
            (mark("How to read a page"), "reading"),
        )), "contents")
    ]  # fmt: skip
    rules = {rule.action: rule for rule in guide.book.rules}
    for route, words in ROUTE_WORDS.items():
        blocks.append(Heading(2, words))
        for heading in headings:
            if heading.route == route:
                blocks += [
                    Heading(3, heading.title),
                    Items(
                        tuple(
                            (Link(page.title, page.id), Text(f" {STEP_WORDS[rules[page.id].step]}", "soft"))
                            for page in guide.under(heading.id)
                        ),
                        "contents",
                    ),
                ]
    blocks += [Heading(2, mark("At the end")), Items(tuple(_back_matter(guide)), "contents")]
    return Chapter("contents", mark("Contents"), tuple(blocks))


def _back_matter(guide: Guide) -> Iterator[Line]:
    yield (Link(mark("Questions to ask yourself"), "questions"),)
    yield (Link(mark("Four choices side by side"), "choices"),)
    if guide.country_risks:
        yield (Link(mark("What the law may say"), "law"),)
    yield (Link(mark("Sources"), "sources"),)


def _heading(heading: GuideHeading, guide: Guide, citing: Citing) -> Chapter:
    rules = {rule.action: rule for rule in guide.book.rules}
    blocks: list[Block] = [
        Paragraph((Text(ROUTE_WORDS[heading.route]),), "soft"),
        Paragraph(citing.line(heading.intro), "lead"),
    ]
    for page in guide.under(heading.id):
        blocks += action_blocks(page, rules[page.id], guide, citing)
    return Chapter(f"heading-{heading.id}", heading.title, tuple(blocks))


def _law(guide: Guide, citing: Citing) -> Iterator[Chapter]:
    if not guide.country_risks:
        return
    blocks: list[Block] = [
        Paragraph((Text(mark("The risk side of the law, for the countries we could look at. Elsewhere treat legal risk as unknown.")),), "lead"),
    ]  # fmt: skip
    named: list[str] = []
    for country, risks in sorted(guide.country_risks.items()):
        blocks.append(Heading(2, guide.book.countries[country].name, f"law-{country}"))
        for gate, words in _GATE_WORDS.items():
            found = [risk for risk in risks if risk.gate == gate]
            if found:
                named += [source for risk in found for source in risk.sources]
                claims = tuple(citing.claim(risk.text, risk.sources, "law") for risk in found)
                blocks += [Heading(3, words), Items(claims)]
    blocks += [Heading(2, mark("Sources")), citing.notes(named, "law")]
    blocks.append(Paragraph((Text(mark("No lawyer has checked this.")),), "soft"))
    yield Chapter("law", mark("What the law may say"), tuple(blocks))


def _sources(citing: Citing) -> Chapter:
    blocks: list[Block] = [
        Paragraph((Text(mark(
            "What each source says in our words, how well it was checked and when, and where to look again."
        )),), "lead"),
    ]  # fmt: skip
    for kind, words in KIND_WORDS.items():
        entries = citing.entries(kind)
        if entries.entries:
            blocks += [Heading(2, words), entries]
    return Chapter("sources", mark("Sources"), tuple(blocks))
