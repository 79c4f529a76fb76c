"""Official wording for a letter from the texts a person imported: what may be cited thanks to their own copy."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from holdfire.errors import UserError
from holdfire.journeys.keep_law import Wording, wordings_of
from holdfire.journeys.law_here import load_law
from holdfire.language import mark
from holdfire.law.corpus.versions import Comparison
from holdfire.law.provisions import Provision
from holdfire.letters.answers import Answers
from holdfire.letters.citing import NEVER
from holdfire.pack.reader import MOST_TEXT
from holdfire.vault.vault import Vault


@dataclass(frozen=True)
class Copy:
    """A wording that a letter can cite.

    Attributes:
        provision: The id of the provision.
        wording: The official wording, as the copy has it.
        named: What the copy is, as the letter says it: its title, the article's name there, the day of its wording.
        comparison: Whether the versions can differ.
    """

    provision: str
    wording: str
    named: str
    comparison: Comparison


def copy_of(vault: Vault, provision: Provision) -> Copy | None:
    """Return the wording of a provision in the person's newest copy; None where no copy has it, or no letter may cite it.

    Raises:
        UserError: Two copies of the same day say it in different words, or it is too long for a letter.
    """
    if provision.comparator or provision.level == NEVER:
        return None
    held = [one for one in wordings_of(vault, provision) if one.wording]
    if not held:
        return None
    first = held[0]
    if any(one.text.version == first.text.version and one.wording != first.wording for one in held[1:]):
        raise UserError(
            mark("Two of your texts give different wordings of {id}, and it is not known which is newer."),
            mark("Say of which day each is, or delete one."),
            id=provision.id,
        )
    if len(first.wording) > MOST_TEXT:
        raise UserError(
            mark("The wording of {id} in your copy is longer than a letter can hold."),
            mark("Put the part that matters under `wordings` yourself."),
            id=provision.id,
        )
    return Copy(provision.id, first.wording, _named(first), first.comparison)


def copies_of(vault: Vault, ids: Iterable[str]) -> dict[str, Copy]:
    """Return the copies there are of these provisions, by id; what is in doubt is left out."""
    law, found = load_law().provisions, {}
    for name in ids:
        try:
            copy = copy_of(vault, law[name]) if name in law else None
        except UserError:
            continue
        if copy is not None:
            found[name] = copy
    return found


def take_wordings(
    vault: Vault, answers: Answers, only: Container[str] | None = None
) -> tuple[Answers, tuple[str, ...]]:
    """Return answers with official wording from the person's copies, and the ids that no copy has.

    What the person typed stays.

    Args:
        vault: The open vault.
        answers: With the provisions that are cited.
        only: Ids whose wording is wanted; None: all of them.

    Raises:
        UserError: It is in doubt which wording is meant, or one is too long.
    """
    law = load_law().provisions
    wordings, copies = dict(answers.wordings), dict(answers.copies)
    missing = []
    for name in answers.provisions:
        if name in wordings or name not in law or (only is not None and name not in only):
            continue
        copy = copy_of(vault, law[name])
        if copy is None:
            missing.append(name)
            continue
        wordings[name], copies[name] = copy.wording, copy.named
    return replace(answers, wordings=wordings, copies=copies), tuple(missing)


def _named(one: Wording) -> str:
    parts = [one.text.title, *dict.fromkeys(name for name in one.names if name)]
    if one.text.version is not None:
        parts.append(one.text.version.isoformat())
    return ", ".join(parts)
