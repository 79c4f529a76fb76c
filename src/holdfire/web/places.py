"""Where an action is carried out: the pages of the program that actions name, and how each action is begun there.

A place is shown as a link only when this version answers at it, so that a page which comes later needs no change here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request
from starlette.routing import Match

from holdfire.language import mark


@dataclass(frozen=True)
class Place:
    """A page of the program.

    Attributes:
        name: What it is called, marked.
        path: Where it is; "" where this version has none.
        at: An address that must answer for the place to be there, where that is not `path` itself.
    """

    name: str
    path: str = ""
    at: str = ""


@dataclass(frozen=True)
class Start:
    """How an action is begun: what one does, marked, and on which page."""

    words: str
    path: str


#: The pages that actions name under `here` (docs/formats/pack.md), by the name they have there.
PLACES: Final = {
    "order-for-tomorrow": Place(mark("An order is for tomorrow"), "/order-for-tomorrow"),
    "questions": Place(mark("The private questions"), "/questions"),
    "plan": Place(mark("Your plan"), "/plan"),
    "guide": Place(mark("The guide"), "/guide"),
    "facts": Place(mark("What research says"), "/facts"),
    "export": Place(mark("The guide as one file"), "/pass-on"),
    "orders": Place(mark("Record an order"), "/orders"),
    "review": Place(mark("Review an order"), "/orders", "/orders/1/review"),
    "letters": Place(mark("Letters"), "/letters"),
    "clock": Place(mark("The clock of a request"), "/clock"),
    "packet": Place(mark("A packet for a court"), "/orders", "/orders/1/packet"),
    "rules": Place(mark("Rules and checklists"), "/rules"),
    "law": Place(mark("The law"), "/law"),
    "oath": Place(mark("What was sworn, beside an order"), "/oath"),
    "leave": Place(mark("Leaving these pages at once"), "/practice"),
    "leave-days": Place(mark("Leave days"), "/leave-days"),
    "evidence": Place(mark("Evidence"), "/evidence"),
    "accountability": Place(mark("Records of official conduct"), "/accounts/new/accountability"),
    "claims": Place(mark("Checking a claim"), "/accounts/new/claim"),
    "accounts": Place(mark("Write down what happened"), "/accounts"),
    "desk": Place(mark("A desk")),
    "drop": Place(mark("Messages to a desk")),
    "circle": Place(mark("Polls and pledges")),
    "statements": Place(mark("Statements")),
    "directory": Place(mark("A directory of contacts")),
    "switch": Place(mark("What opens if you are taken")),
}

#: How each action is begun here, the first step first. An action without a line is begun away from the program.
STARTS: Final[dict[str, tuple[Start, ...]]] = {
    "own-judgment": (Start(mark("Answer the private questions"), "/questions"),),
    "prepare-ahead": (Start(mark("Answer the private questions"), "/questions"),),
    "like-minded-network": (Start(mark("Answer the private questions"), "/questions"),),
    "pass-guide-on": (Start(mark("Take the guide as one file"), "/pass-on"),),
    "advise-colleagues": (Start(mark("Take the guide as one file"), "/pass-on"),),
    "document-orders": (
        Start(mark("Write an order down"), "/orders/new"),
        Start(mark("Write down harm that was done"), "/accounts/new/harm"),
        Start(mark("Write down what happened"), "/accounts/new/incident"),
        Start(mark("Keep a recording or a paper"), "/evidence"),
    ),
    "check-propaganda": (Start(mark("Check a claim"), "/accounts/new/claim"),),
    "record-repressors": (
        Start(mark("Write down the event first"), "/accounts/new/incident"),
        Start(mark("Record official conduct"), "/accounts/new/accountability"),
    ),
    "name-violence": (
        Start(mark("Write down the event first"), "/accounts/new/incident"),
        Start(mark("Record official conduct"), "/accounts/new/accountability"),
    ),
    "gather-before-leaving": (Start(mark("Write what you remember"), "/accounts/new/incident"),),
    "ask-in-writing": (
        Start(mark("Ask for it in writing"), "/letters/new?kind=written-order"),
        Start(mark("Write an order down"), "/orders/new"),
    ),
    "ask-explanation": (
        Start(mark("Ask for an explanation under the law"), "/letters/new?kind=explanation"),
        Start(mark("See what can be checked and asked"), "/orders"),
    ),
    "misunderstand-orders": (
        Start(mark("Ask what is truly unclear"), "/letters/new?kind=clarification"),
        Start(mark("See what can be checked and asked"), "/orders"),
    ),
    "plead-inability": (Start(mark("State a true limitation"), "/letters/new?kind=true-limitation"),),
    "aim-high": (Start(mark("Write an order down"), "/orders/new"),),
    "test-against-constitution": (
        Start(mark("See what can be checked and asked"), "/orders"),
        Start(mark("Read what was sworn, beside an order"), "/oath"),
    ),
    "loyalty-to-constitution": (Start(mark("Read what was sworn, beside an order"), "/oath"),),
    "protect-subordinates": (
        Start(mark("Report upward what you saw or fear"), "/letters/new?kind=duty-note"),
        Start(mark("Write an order down"), "/orders/new"),
    ),
    "take-leave": (
        Start(mark("See what leave you are owed"), "/leave-days"),
        Start(mark("Ask for leave"), "/letters/new?kind=leave"),
    ),
    "report-sick": (Start(mark("Look up the rule on sick leave"), "/leave-days"),),
    "work-to-rule": (Start(mark("Make a checklist from a regulation"), "/rules"),),
    "refer-to-court": (
        Start(mark("Write a complaint or a referral"), "/letters/new?kind=complaint"),
        Start(mark("Let an ally write it"), "/letters/new?kind=ally"),
    ),
    "contact-rights-groups": (Start(mark("Let an ally write"), "/letters/new?kind=ally"),),
}

#: How a heading is begun here, for whoever came to read it before they act and would find no way back.
_OF_HEADINGS: Final[dict[str, tuple[Start, ...]]] = {
    "document": (
        Start(mark("Write down what happened"), "/accounts"),
        Start(mark("Keep a recording or a paper"), "/evidence"),
    ),
}


def place_here(request: Request, name: str) -> Place:
    """Return a place by its name, without its path where this version answers at none."""
    place = PLACES[name]
    return place if answered(request, place.at or place.path) else replace(place, path="")


def starts_of(request: Request, action: str) -> tuple[Start, ...]:
    """Return how an action is begun on the pages that this version has."""
    return tuple(one for one in STARTS.get(action, ()) if answered(request, one.path.partition("?")[0]))


def starts_under(request: Request, heading: str) -> tuple[Start, ...]:
    """Return how a heading of the guide is begun on the pages that this version has."""
    return tuple(one for one in _OF_HEADINGS.get(heading, ()) if answered(request, one.path))


def answered(request: Request, path: str) -> bool:
    """Say whether this version answers at a path."""
    asked = {"type": "http", "method": "GET", "path": path, "headers": []}
    return bool(path) and any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)
