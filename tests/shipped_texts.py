"""Every text of the shipped guide with the place it stands, for tests of what the guide says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache

from guide_answers import guide
from holdfire.guide.guide import LINK

#: Fields that hold ids, words of a closed list or dates, not sentences.
_NO_TEXT = {"id", "action", "heading", "sources", "word", "actions", "pages", "lawyer", "reviewed", "needs", "when", "route", "pace",
            "kinds", "serves", "at_best", "targets", "gate"}  # fmt: skip


def texts_in(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Yield every text inside a page, rule or question, with its place."""
    if isinstance(value, str):
        yield place, re.sub(r"\s+", " ", LINK.sub("", value)).strip()
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_in(item, place)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in _NO_TEXT:
                yield from texts_in(getattr(value, field.name), f"{place}.{field.name}")


@cache
def all_texts() -> tuple[tuple[str, str], ...]:
    """Return every text a person can read in the guide, but for the sources' own descriptions."""
    here = guide()
    found: list[tuple[str, str]] = []
    for action in here.actions.values():
        found += texts_in(action, f"actions/{action.id}")
    for page in here.pages.values():
        found += texts_in(page, f"pages/{page.id}")
    for heading in here.headings:
        found += texts_in(heading, f"headings/{heading.id}")
    for rule in here.book.rules:
        found += texts_in(rule, f"rules/{rule.action}")
    for question in here.book.questions:
        found += texts_in(question, f"questions/{question.id}")
    found += texts_in(here.book.grid, "grid")
    for country, risks in here.country_risks.items():
        found += texts_in(risks, f"countries/{country}")
    return tuple(found)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [one for one in re.split(r"(?<=[.?!])[”’\")]*\s+", text) if one]


def words(sentence: str) -> int:
    """Return how many words a sentence has."""
    return len(re.findall(r"[\w'’%]+(?:[-.,]\w+)*", sentence))
