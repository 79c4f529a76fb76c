"""The whole guide, put together from packs: every reference resolves, every action is there and reachable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from holdfire.errors import ContentError
from holdfire.guide.actions import ActionPage, parse_action
from holdfire.guide.gates import Country, CountryNote
from holdfire.guide.grid import parse_grid
from holdfire.guide.pages import PROGRAM_PAGES, GuidePage, Heading, parse_headings, parse_page
from holdfire.guide.questions import Choice, Note, Question, parse_questions
from holdfire.guide.reasoner import RuleBook
from holdfire.guide.rules import KINDS, parse_rules
from holdfire.guide.sources import REASONING, Source, parse_named_sources, parse_sources
from holdfire.pack.folder import Pack
from holdfire.pack.reader import Node

#: How a text names another action: `[[ask-in-writing]]`.
LINK: Final = re.compile(r"\[\[([^\[\]]*)\]\]")
#: The pages of the guide that are no action.
PAGES: Final = ("order-for-tomorrow", "care", "facts")
#: The gates a country's pack may speak at.
COUNTRY_GATES: Final = frozenset({"together", "secrecy", "war", "leaving", "orders"})

T = TypeVar("T")


@dataclass(frozen=True)
class CountryRisk:
    """A sentence of a country's pack on what its law may say, with its sources."""

    gate: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Guide:
    """Everything the guide shows and the reasoner uses."""

    headings: tuple[Heading, ...]
    actions: Mapping[str, ActionPage]
    pages: Mapping[str, GuidePage]
    sources: Mapping[str, Source]
    book: RuleBook
    country_risks: Mapping[str, tuple[CountryRisk, ...]]

    def under(self, heading: str) -> tuple[ActionPage, ...]:
        """Return the actions under a heading, in the essay's order."""
        return tuple(self.actions[rule.action] for rule in self.book.rules if rule.heading == heading)

    def named(self) -> Iterator[str]:
        """Return the ids of the sources that claims name; some more than once."""
        for action in self.actions.values():
            yield from (one.id for one in self.sources_of(action))
        for page in self.pages.values():
            yield from (source for section in page.sections for source in section.sources)
        for risks in self.country_risks.values():
            yield from (source for risk in risks for source in risk.sources)

    def sources_of(self, page: ActionPage) -> tuple[Source, ...]:
        """Return the sources an action's claims name, in the order they first appear."""
        risks = (risk.sources for _, group in page.risks.groups() for risk in group)
        named = (source for sources in (*(claim.sources for claim in page.why), *risks) for source in sources)
        return tuple(self.sources[source] for source in dict.fromkeys(named))


def build_guide(base: Pack, others: Iterable[Pack] = (), law: Iterable[Source] = ()) -> Guide:
    """Return the guide of the pack `base` with the countries of `others`.

    Args:
        base: The pack that holds the pages.
        others: The packs that add a country.
        law: What claims can name beside the packs' own sources; only what is named is kept.

    Raises:
        ContentError: With file and line, for the first thing that breaks a rule or leads nowhere.
    """
    packs = (base, *others)
    sources = _by_id(((node, one) for pack in packs for node in pack.nodes("guide/sources")
                      for one in parse_sources(node)), "source", lambda one: one.id)  # fmt: skip
    provisions = {one.id: one for one in law}
    _refuse_second_entries(packs, provisions)
    sources |= provisions
    countries, risks = _countries(packs, sources)
    names = tuple(Choice(country.id, country.name) for country in countries.values())
    questions = parse_questions(base.node("guide/questions.yaml"), names)
    by_question = {question.id: question for question in questions}
    rules_node = base.node("guide/rules.yaml")
    rules = parse_rules(rules_node, by_question)
    grid = parse_grid(base.node("guide/grid.yaml"), by_question)
    headings = parse_headings(base.node("guide/headings.yaml"))
    actions = _by_id(
        ((node, parse_action(node)) for node in base.nodes("guide/actions")), "action", lambda one: one.id
    )
    pages = _by_id(
        ((node, parse_page(node)) for node in base.nodes("guide/pages")), "page", lambda one: one.id
    )
    guide = Guide(headings, actions, pages, sources, RuleBook(rules, questions, grid, countries), risks)
    _check_rules(guide, rules_node)
    _check_notes(questions, guide, base.node("guide/questions.yaml"))
    _check_pages(guide, base)
    unnamed = provisions.keys() - set(guide.named())
    return replace(guide, sources={name: one for name, one in sources.items() if name not in unnamed})


def _by_id(found: Iterable[tuple[Node, T]], what: str, name: Callable[[T], str]) -> dict[str, T]:
    by_id: dict[str, T] = {}
    for node, one in found:
        if name(one) in by_id:
            raise node.refuse(f"the {what} {name(one)!r} stands in two files")
        by_id[name(one)] = one
    return by_id


def _refuse_second_entries(packs: Iterable[Pack], law: Mapping[str, Source]) -> None:
    """Refuse a source that a pack tells again although it is a provision: two entries would drift apart."""
    for node in (node for pack in packs for node in pack.nodes("guide/sources")):
        for key, inner in node.walk():
            if key == "id" and inner.value in law:
                raise inner.refuse(
                    f"{inner.value!r} is a provision of the law packs; it needs no second entry"
                )


def _countries(
    packs: Iterable[Pack], sources: Mapping[str, Source]
) -> tuple[dict[str, Country], dict[str, tuple[CountryRisk, ...]]]:
    countries: dict[str, Country] = {}
    risks: dict[str, tuple[CountryRisk, ...]] = {}
    for pack in packs:
        if pack.manifest.country is None:
            continue
        node = pack.node("guide/country.yaml")
        known = node.fields("name risks")
        found = tuple(_parse_risk(item, sources) for item in known["risks"].items(least=1))
        notes: dict[str, tuple[CountryNote, ...]] = {}
        for risk in found:
            read = bool(risk.sources) and all(sources[one].level == "text" for one in risk.sources)
            notes[risk.gate] = (*notes.get(risk.gate, ()), CountryNote(risk.text, read))
        countries[pack.manifest.country] = Country(pack.manifest.country, known["name"].text(), notes)
        risks[pack.manifest.country] = found
    return countries, risks


def _parse_risk(node: Node, sources: Mapping[str, Source]) -> CountryRisk:
    known = node.fields("gate text source")
    risk = CountryRisk(
        known["gate"].choice({gate: gate for gate in sorted(COUNTRY_GATES)}),
        known["text"].text(),
        parse_named_sources(known["source"]),
    )
    for source in risk.sources:
        if source not in sources:
            raise known["source"].refuse(f"there is no source {source!r}")
    return risk


def _check_rules(guide: Guide, node: Node) -> None:
    headings = {heading.id for heading in guide.headings}
    for rule in guide.book.rules:
        if rule.heading not in headings:
            raise node.refuse(
                f"the action {rule.action!r} stands under {rule.heading!r}, which is no heading"
            )
        if rule.action not in guide.actions:
            raise node.refuse(f"the action {rule.action!r} has no page")
    ruled = {rule.action for rule in guide.book.rules}
    for action in guide.actions:
        if action not in ruled:
            raise node.refuse(f"the page {action!r} has no rule")
    for heading in headings:
        if not guide.under(heading):
            raise node.refuse(f"the heading {heading!r} has no action")


def _check_notes(questions: Iterable[Question], guide: Guide, node: Node) -> None:
    allowed = {
        *guide.actions,
        *(f"heading:{heading.id}" for heading in guide.headings),
        *(f"kind:{kind}" for kind in KINDS),
        *(f"step:{step}" for step in range(5)),
    }
    for question in questions:
        for choice in question.choices:
            for target in _targets(choice.notes):
                if target not in allowed:
                    raise node.refuse(f"a note of {choice.id!r} is on {target!r}, which does not exist")


def _targets(notes: Iterable[Note]) -> Iterator[str]:
    return (target for note in notes for target in note.targets)


def _check_pages(guide: Guide, base: Pack) -> None:
    for name in PAGES:
        if name not in guide.pages:
            raise ContentError(f"guide/pages/{name}.yaml", 0, "this page must be there")
    for folder in ("guide/actions", "guide/pages"):
        for page in base.nodes(folder):
            for key, node in page.walk():
                _check_reference(key, node, guide)
            expected = page.file.rpartition("/")[2].removesuffix(".yaml")
            for key, node in page.pairs():
                if key == "id" and node.value != expected:
                    raise node.refuse(f"the id is the file's name, {expected!r}")


#: Where a list of ids stands in a page, and what each id must be.
_REFERENCES: Final = {"source": "source", "actions": "action", "pages": "page of the program"}


def _check_reference(key: str, node: Node, guide: Guide) -> None:
    """Refuse a link, a source, an action or a page of the program that leads nowhere."""
    if not isinstance(node.value, str):
        return
    there = {
        "source": {*guide.sources, REASONING},
        "actions": guide.actions.keys(),
        "pages": PROGRAM_PAGES,
    }.get(key)
    if there is not None and node.value not in there:
        raise node.refuse(f"there is no {_REFERENCES[key]} {node.value!r}")
    for link in LINK.findall(node.value):
        if link not in guide.actions:
            raise node.refuse(f"[[{link}]] leads to no action")
