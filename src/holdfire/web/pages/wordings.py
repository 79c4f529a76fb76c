"""The official wording from the person's own copies, as pages show it beside our sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from holdfire.language import mark
from holdfire.web.opened import Opened

if TYPE_CHECKING:
    from holdfire.journeys.keep_law import Wording
    from holdfire.law.provisions import Provision
    from holdfire.vault.vault import Vault

_HOW: Final = {
    "person": mark("You said that this is it."),
    "number": mark("Found by its number alone. Look whether it is the right one."),
    "several": mark("Several places of your copy have this number. Choose the right one."),
    "none": mark("Your copy has no place for it, as far as we see. Choose one if there is."),
}
#: Characters of a wording on a page; the whole of it stands on the page of the article.
MOST_SHOWN: Final = 6_000


@dataclass(frozen=True)
class Beside:
    """What one copy holds for a provision.

    Attributes:
        text: Its number.
        title: Its title.
        language: Its language, "" unknown.
        how: How the article was found.
        versions: Whether the versions can differ, translated.
        wording: The official wording; "" where it is not decided.
        cut: Whether more of it stands on the article's own page.
        article: The article's number from 1, 0 for none.
        choices: Articles to choose from: numbers from 1, and names.
    """

    text: int
    title: str
    language: str
    how: str
    versions: str
    wording: str
    cut: bool
    article: int
    choices: tuple[tuple[int, str], ...]


async def beside_of(opened: Opened, provision: Provision) -> tuple[Beside, ...]:
    """Return what the person's copies hold for a provision."""
    from holdfire.journeys.keep_law import wordings_of  # noqa: PLC0415 - the law loads when it is needed

    def look(vault: Vault) -> list[tuple[Wording, tuple[tuple[int, str], ...]]]:
        return [(one, _choices(vault, one)) for one in wordings_of(vault, provision)]

    return tuple(_beside(opened, one, choices) for one, choices in await opened.run(look))


def _choices(vault: Vault, one: Wording) -> tuple[tuple[int, str], ...]:
    from holdfire.journeys.keep_law import read_article  # noqa: PLC0415

    numbers = dict.fromkeys((*one.pairing.candidates, *one.pairing.articles))
    found = [(number, read_article(vault, one.text.number, number)[1]) for number in numbers]
    return tuple(
        (number + 1, ". ".join(part for part in (each.name, each.heading[:80]) if part))
        for number, each in found
    )


def _beside(opened: Opened, one: Wording, choices: tuple[tuple[int, str], ...]) -> Beside:
    return Beside(
        one.text.number,
        one.text.title,
        one.text.language,
        _HOW[one.pairing.how],
        opened.say(one.comparison.sentence, **one.comparison.values),
        one.wording[:MOST_SHOWN],
        len(one.wording) > MOST_SHOWN,
        one.pairing.articles[0] + 1 if one.pairing.articles else 0,
        choices,
    )
