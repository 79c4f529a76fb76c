"""Forums: who can be asked, by whom, for what, by when; and which have closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from holdfire.language import mark
from holdfire.law.provisions import date_or_none
from holdfire.law.reading import MAY, MUST, parse_reading
from holdfire.pack.levels import Level
from holdfire.pack.reader import Fields, Node

Kind = Literal[
    "superior", "appeal", "prosecutor", "court", "constitutional-court", "ombudsman", "inspector-general",
    "legislature", "employment-board", "records", "un", "regional", "investigation",
]  # fmt: skip
#: What each kind of forum is, in words for a page.
KIND_WORDS: Final[dict[Kind, str]] = {
    "superior": mark("A superior"),
    "appeal": mark("A state body that must answer appeals"),
    "prosecutor": mark("A prosecutor"),
    "court": mark("A court"),
    "constitutional-court": mark("A constitutional court"),
    "ombudsman": mark("An ombudsman"),
    "inspector-general": mark("An inspector general"),
    "legislature": mark("A member of the legislature"),
    "employment-board": mark("A board for staff of the state"),
    "records": mark("A body that keeps or corrects records"),
    "un": mark("A procedure of the United Nations"),
    "regional": mark("A court or commission of a region"),
    "investigation": mark("A body that gathers evidence"),
}
_KINDS: Final[dict[str, Kind]] = {kind: kind for kind in KIND_WORDS}

Standing = Literal["open", "to-confirm", "closed"]
#: What each standing is called on a page.
STANDING_WORDS: Final[dict[Standing, str]] = {
    "open": mark("Open"),
    "to-confirm": mark("To be confirmed before use"),
    "closed": mark("Closed"),
}
_STANDINGS: Final[dict[str, Standing]] = {standing: standing for standing in STANDING_WORDS}


@dataclass(frozen=True)
class Forum:
    """Somebody who can be asked to act.

    Shapes: `open_from` and `open_until` are the first and last day on which it takes something new;
    `closed` says what its end means for what happened before, and is there whenever `open_until` is.
    """

    id: str
    jurisdiction: str
    kind: Kind
    who_may_file: str
    what: str
    deadline: str
    standing: Standing
    status: str
    status_as_of: date | None
    open_from: date | None
    open_until: date | None
    closed: str | None
    source_url: str
    level: Level
    how: str
    checked: date
    caveat: str | None = None
    note: str | None = None


def is_open(forum: Forum, on: date) -> bool:
    """Return whether a forum takes something new on a day; one that is to be confirmed counts as open."""
    if forum.level == "not-verified" or (forum.standing == "closed" and forum.open_until is None):
        return False
    begun = forum.open_from is None or forum.open_from <= on
    return begun and (forum.open_until is None or on <= forum.open_until)


def open_forums(forums: Iterable[Forum], jurisdictions: Iterable[str], on: date) -> tuple[Forum, ...]:
    """Return the forums of these jurisdictions that can be offered on a day, in their order."""
    where = frozenset(jurisdictions)
    return tuple(one for one in forums if one.jurisdiction in where and is_open(one, on))


def closed_since(
    forums: Iterable[Forum], jurisdictions: Iterable[str], *, facts: date, on: date
) -> tuple[Forum, ...]:
    """Return the forums that were open on the day of the facts and have closed by `on`, to be explained.

    They are never offered: each carries in `closed` what its end means for what happened before.
    """
    where = frozenset(jurisdictions)
    return tuple(
        one
        for one in forums
        if one.jurisdiction in where
        and one.open_until is not None
        and is_open(one, facts)
        and not is_open(one, on)
    )


def parse_forums(node: Node) -> tuple[Forum, ...]:
    """Return the forums of one file, or raise ContentError."""
    return tuple(_parse_forum(item) for item in node.fields("forums")["forums"].items(least=1))


def _parse_forum(node: Node) -> Forum:
    fields = node.fields(
        f"id jurisdiction kind who_may_file what deadline standing status status_as_of {MUST}",
        f"open_from open_until closed {MAY}",
    )
    forum = Forum(
        id=fields["id"].identifier(),
        jurisdiction=fields["jurisdiction"].identifier(),
        kind=fields["kind"].choice(_KINDS),
        who_may_file=fields["who_may_file"].text(),
        what=fields["what"].text(),
        deadline=fields["deadline"].text(),
        standing=fields["standing"].choice(_STANDINGS),
        status=fields["status"].text(),
        status_as_of=date_or_none(fields["status_as_of"]),
        open_from=fields.get("open_from", date_or_none, None),
        open_until=fields.get("open_until", date_or_none, None),
        closed=fields.get("closed", Node.text_or_none, None),
        **parse_reading(fields),
    )
    _check_dates(forum, fields)
    return forum


def _check_dates(forum: Forum, fields: Fields) -> None:
    if forum.open_from and forum.open_until and forum.open_until < forum.open_from:
        raise fields["open_until"].refuse("open_until lies before open_from")
    if forum.status_as_of and forum.status_as_of > forum.checked:
        raise fields["status_as_of"].refuse("status_as_of lies after checked")
    if forum.open_until and forum.open_until < forum.checked and forum.standing != "closed":
        raise fields["standing"].refuse("its last day has passed: it is closed")
    if forum.standing == "open" and forum.status_as_of is None:
        raise fields["status_as_of"].refuse("a forum that is open says as of when")
    if (forum.open_until or forum.standing == "closed") and not forum.closed:
        raise fields.node.refuse(
            "a forum that has closed says in `closed` what that means for what happened before"
        )
