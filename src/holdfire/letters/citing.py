"""What a letter may cite: wording somebody read, in force, of a state that binds the reader; nothing else."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from holdfire.errors import UserError
from holdfire.language import mark

#: The one level whose wording was read as it stands.
READ: Final = "text"
#: The level that is never used, whatever the person holds.
NEVER: Final = "not-verified"
#: Paraphrases in the packs are written in this language.
PARAPHRASED_IN: Final = "en"


class Citable(Protocol):
    """What letters need of a provision; the law packs' own type has it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def instrument(self) -> str:
        """The treaty, code or law it stands in, in English."""

    @property
    def article(self) -> str:
        """Its place in the instrument, in English."""

    @property
    def paraphrase(self) -> str:
        """What it says, in our own words."""

    @property
    def level(self) -> str:
        """How well somebody checked it."""

    @property
    def comparator(self) -> bool:
        """Whether it only shows how another state words the rule."""


@dataclass(frozen=True)
class Cited:
    """A provision that a letter cites, with the official wording where the person has a copy, and what that copy is."""

    provision: Citable
    wording: str | None
    copy: str = ""


def judge_cited(
    ids: Sequence[str],
    wordings: Mapping[str, str],
    provisions: Iterable[Citable],
    ended: Container[str],
    copies: Mapping[str, str] | None = None,
) -> tuple[Cited, ...]:
    """Return the provisions a letter cites, in the person's order.

    Args:
        ids: What the person chose.
        wordings: Official wording from the person's own copy, by id; it unlocks what nobody has read here.
        provisions: All there are.
        ended: Ids of those that do not stand on the day that counts.
        copies: What the copies are that these wordings come from, by id.

    Raises:
        UserError: One of them is unknown, of another state, not read, never to be used, or not in force then.
    """
    known = {one.id: one for one in provisions}
    for name in (*ids, *wordings):
        if name not in known:
            raise UserError(mark("There is no provision {id} here."),
                            mark("`holdfire law list` shows those there are."), id=ascii(name)[:60])  # fmt: skip
    named = copies or {}
    return tuple(_judge(known[name], wordings.get(name), ended, named.get(name, "")) for name in ids)


def _judge(one: Citable, wording: str | None, ended: Container[str], copy: str) -> Cited:
    if one.comparator:
        raise UserError(
            mark("{id} is the law of another state. It shows how others word a rule and gives you no right."),
            mark("Leave it out of the letter."), id=one.id)  # fmt: skip
    if one.level == NEVER:
        raise UserError(mark("{id} was not checked at all. No letter cites it."),
                        mark("Leave it out, or ask a lawyer."), id=one.id)  # fmt: skip
    if one.level != READ and wording is None:
        raise UserError(
            mark("Nobody has read the present wording of {id} here, so no letter cites it."),
            mark("Put your own copy of its official wording under `wordings`, or leave it out."), id=one.id)  # fmt: skip
    if one.id in ended:
        raise UserError(mark("{id} does not stand on the day that counts for this letter."),
                        mark("Leave it out of the letter."), id=one.id)  # fmt: skip
    return Cited(one, wording, copy if wording is not None else "")
