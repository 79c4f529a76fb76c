"""How the commands of `holdfire law` tell of imported texts: in lines for people, and as JSON for scripts."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from holdfire.language import mark

if TYPE_CHECKING:
    from holdfire.journeys.keep_law import Hit, Wording
    from holdfire.law.corpus.imported import ImportedText
    from holdfire.law.provisions import Provision
    from holdfire.vault.passages import Passage

_HOW: Final = {
    "person": mark("as you said"),
    "number": mark("found by its number; look whether it is the right one"),
    "several": mark("several articles there have this number; say which with `holdfire law pair`"),
    "none": mark("no article there; say which with `holdfire law pair`, if one is"),
}
UNKNOWN: Final = mark("unknown")


def wording_lines(provision: Provision, held: Sequence[Wording]) -> list[str]:
    """Return the official wording from each copy, with how it was found and whether versions can differ."""
    if not held:
        return [
            "YOUR OWN COPY",
            *wrap(
                f"None of your imported texts is said to be what this stands in: {provision.instrument}.",
                "  ",
            ),
        ]
    lines = []
    for one in held:
        lines += [
            f"YOUR OWN COPY: {one.text.title} (text {one.text.number})",
            *wrap(f"{'; '.join(one.names) or provision.article}: {_HOW[one.pairing.how]}.", "  "),
            *wrap(said(one), "  "),
        ]
        if one.pairing.how == "several":
            lines += wrap("Pieces: " + ", ".join(str(each + 1) for each in one.pairing.candidates), "  ")
        lines += ["", *(line for text in one.wording.splitlines() for line in wrap(text, "    ")), ""]
    return lines


def plain_wording(one: Wording) -> dict[str, object]:
    """Return a wording as JSON holds it."""
    return {
        "text": one.text.number,
        "title": one.text.title,
        "version": one.text.version.isoformat() if one.text.version else None,
        "pieces": [each + 1 for each in one.pairing.articles],
        "names": list(one.names),
        "how": one.pairing.how,
        "candidates": [each + 1 for each in one.pairing.candidates],
        "wording": one.wording,
        "versions": one.comparison.standing,
        "said": said(one),
    }


def plain_text(text: ImportedText) -> dict[str, object]:
    """Return what is known of an imported text as JSON holds it; pieces are counted from 1."""
    from holdfire.law.corpus.imported import NONE  # noqa: PLC0415

    return {
        "number": text.number,
        "title": text.title,
        "language": text.language or None,
        "instrument": text.instrument or None,
        "version": text.version.isoformat() if text.version else None,
        "version_from": text.version_from or None,
        "form": text.form,
        "sha256": text.sha256,
        "imported": text.imported.isoformat(),
        "pieces": text.articles,
        "characters": text.characters,
        "not_read": [_filled(one.sentence, one.values) for one in text.remarks],
        "pairs": {name: None if at == NONE else at + 1 for name, at in text.pairs.items()},
    }


def plain_hit(one: Hit) -> dict[str, object]:
    """Return a hit as JSON holds it; pieces are counted from 1."""
    return {
        "text": one.text.number,
        "title": one.text.title,
        "piece": one.article + 1,
        "name": one.name,
        "heading": one.heading,
        "page": one.page,
        "snippet": [{"text": piece.text, "match": piece.match} for piece in one.snippet],
    }


def plain_passage(at: int, one: Passage, *, whole: bool) -> dict[str, object]:
    """Return a piece as JSON holds it, with its text when that was asked for."""
    plain: dict[str, object] = {"piece": at, "name": one.name, "heading": one.heading, "page": one.page}
    return plain | ({"text": one.text} if whole else {})


def description(text: ImportedText) -> list[str]:
    """Return lines that say what an imported text is, and what could not be read of it."""
    version = text.version.isoformat() if text.version else UNKNOWN
    by = {"person": "as you said", "file": "as the file says", "": ""}[text.version_from]
    what = text.instrument or "not said what it is"
    lines = [
        "     "
        + "; ".join(
            (what, f"language {text.language or UNKNOWN}", f"wording of {version}{f', {by}' if by else ''}")
        ),
        f"     {text.articles:,} pieces, {text.characters:,} characters; {text.form}; imported {text.imported.isoformat()}",
    ]
    return lines + [line for one in text.remarks for line in wrap(_filled(one.sentence, one.values), "     ")]


def called(name: str, heading: str, article: int) -> str:
    """Return what a piece of a text is called in a list; its place where it has no name."""
    return (
        ". ".join(part for part in (name, textwrap.shorten(heading, 80, placeholder=" …")) if part)
        or f"piece {article + 1}"
    )


def said(one: Wording) -> str:
    """Return whether the versions can differ, as a sentence."""
    return _filled(one.comparison.sentence, one.comparison.values)


def _filled(sentence: str, values: Mapping[str, object]) -> str:
    return sentence.format(**values) if values else sentence


def wrap(text: str, before: str) -> list[str]:
    """Return a text as lines that fit a terminal."""
    return textwrap.wrap(text, 96, initial_indent=before, subsequent_indent=before,
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip
