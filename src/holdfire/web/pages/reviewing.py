"""The review of an order: what can be checked, what speaks for and against, what to ask. Never a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.language import mark
from holdfire.pack.levels import LEVEL_WORDS
from holdfire.web.countries import choose_country, country_choices, country_of
from holdfire.web.forms import Form, read_form
from holdfire.web.opened import Opened, needs_order
from holdfire.web.page import Page, go, render
from holdfire.web.pages.guide import day
from holdfire.web.pages.order_fields import heading_of

if TYPE_CHECKING:
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.law.finding import Cited, Finding
    from holdfire.law.provisions import Provision
    from holdfire.vault.records import Record

_STOOD: Final = mark("stood on that day")
#: Bytes of one part without its frame, and of a provision's line; a whole page must stay under 30 KB.
_PART_BYTES: Final = 20_000
_CITED_BYTES: Final = 300
_NOT_KNOWN: Final = mark("whether it stood on that day is not known")


@dataclass(frozen=True)
class CitedLine:
    """A provision beside a finding: its name, how well it was read and when, whether it stood on the day, since when."""

    id: str
    title: str
    level: str
    checked: str
    stood: str
    since: str


@dataclass(frozen=True)
class FindingLine:
    """A finding, with its provisions as lines."""

    id: str
    title: str
    found: str
    words: str
    speaks_for: tuple[CitedLine, ...]
    speaks_against: tuple[CitedLine, ...]
    unknown: tuple[str, ...]
    ask: tuple[str, ...]
    risks: tuple[str, ...]
    risk_laws: tuple[CitedLine, ...]
    see_lawyer: str


@dataclass(frozen=True, kw_only=True)
class ReviewShown(Page):
    """What was found of an order.

    Attributes:
        number: Of the order.
        heading: A few of its words; may be empty.
        heard: The day that chose the law; "" where it is unknown.
        country: Whose law was looked at; "" for international standards alone.
        countries: Codes and names to choose from.
        findings: What was found, of the part that is shown.
        places: Of every finding: id, name and its part, from 1.
        part: The part that is shown, from 1.
        parts: How many there are; a page stays small enough for a slow screen reader.
    """

    template = "review.html"
    number: int
    heading: str
    heard: str
    country: str
    countries: tuple[tuple[str, str], ...]
    findings: tuple[FindingLine, ...]
    places: tuple[tuple[str, str, int], ...]
    part: int
    parts: int


@needs_order
async def show(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show the review of an order under the law of the country that was chosen."""
    from holdfire.journeys.law_here import load_law  # noqa: PLC0415 - the law loads when it is needed
    from holdfire.journeys.record_order import review_order  # noqa: PLC0415

    request, order = opened.request, kept.value.order
    choices = country_choices()
    asked = request.query_params.get("country")
    country = asked if asked is not None and asked in dict(choices) else await country_of(opened)
    findings = await opened.program.session.run(review_order, order, country or None)
    law = load_law().provisions
    parts = parts_of(findings, law)
    number = Form([("part", request.query_params.get("part", ""))]).number("part", 1, len(parts)) or 1
    page = ReviewShown(
        number=kept.value.number,
        heading=heading_of(order),
        heard=order.heard.written() if order.heard else "",
        country=country,
        countries=choices,
        findings=tuple(parts[number - 1]),
        places=tuple((one.id, one.title, at) for at, part in enumerate(parts, 1) for one in part),
        part=number,
        parts=len(parts),
        back=f"/orders/{kept.value.number}",
    )
    return render(request, page)


@needs_order
async def choose(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Keep whose law binds the person, and look again."""
    await choose_country(opened, (await read_form(opened.request)).one("country", "-"))
    return go(f"/orders/{kept.value.number}/review")


def parts_of(findings: Iterable[Finding], law: Mapping[str, Provision]) -> list[list[FindingLine]]:
    """Return the findings in their order as lines, in parts of about one page each; at least one part."""
    lines = [_line(one, law) for one in findings]
    parts: list[list[FindingLine]] = [[]]
    size = 0
    for line in lines:
        size += _size(line)
        if parts[-1] and size > _PART_BYTES:
            parts.append([])
            size = _size(line)
        parts[-1].append(line)
    return parts


def _size(line: FindingLine) -> int:
    cited = len(line.speaks_for) + len(line.speaks_against) + len(line.risk_laws)
    said = (line.found, line.words, line.see_lawyer, *line.unknown, *line.ask, *line.risks)
    return cited * _CITED_BYTES + sum(len(text.encode()) + 10 for text in said) + 500


def _line(finding: Finding, law: Mapping[str, Provision]) -> FindingLine:
    risks = tuple(one for one in finding.risk if isinstance(one, str))
    return FindingLine(
        finding.check,
        finding.title,
        finding.found,
        finding.words,
        cited_lines(finding.speaks_for, law),
        cited_lines(finding.speaks_against, law),
        finding.unknown,
        finding.ask,
        risks,
        cited_lines((one for one in finding.risk if not isinstance(one, str)), law),
        finding.see_lawyer,
    )


def cited_lines(those: Iterable[Cited], law: Mapping[str, Provision]) -> tuple[CitedLine, ...]:
    """Return provisions beside a finding as lines."""
    return tuple(
        CitedLine(
            one.provision_id,
            f"{provision.instrument}, {provision.article}",
            LEVEL_WORDS[one.level],
            day(provision.checked),
            _STOOD if one.in_force else _NOT_KNOWN,
            day(provision.in_force_from) if provision.in_force_from else "",
        )
        for one in those
        for provision in (law[one.provision_id],)
    )


ROUTES = (
    Route("/orders/{number:int}/review", show, methods=["GET"]),
    Route("/orders/{number:int}/review", choose, methods=["POST"]),
)
