"""The texts of all letters there are, from every pack, by kind, language and country.

The path of a file says its kind and language, so that one letter costs the reading of one text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from holdfire.errors import ContentError, UserError
from holdfire.language import mark
from holdfire.letters.kinds import KINDS
from holdfire.letters.texts import LetterText, Words, parse_text, parse_words
from holdfire.pack.folder import Pack

FOLDER: Final = "letters"
_WORDS: Final = "words"


@dataclass(frozen=True)
class _Place:
    """Where a file of letters lies, and what its path says of it."""

    pack: Pack
    file: str
    name: str
    language: str

    @property
    def country(self) -> str | None:
        return self.pack.manifest.country


class Shelf:
    """The letters of some packs: `letters/KIND.yaml` in a pack's own language, `letters/LANGUAGE/KIND.yaml` in another."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._places = tuple(place for pack in packs for place in _places(pack))

    def languages(self, kind: str) -> tuple[str, ...]:
        """Return the languages a kind is written in, English first."""
        found = {place.language for place in self._places if place.name == kind}
        return tuple(sorted(found, key=lambda code: (code != "en", code)))

    def text(self, kind: str, language: str, country: str | None = None) -> LetterText:
        """Return the text of a kind in a language: the country's own form, else the international one, else any.

        Raises:
            UserError: There is none in this language.
            ContentError: It breaks a rule.
        """
        found = [place for place in self._places if (place.name, place.language) == (kind, language)]
        if not found:
            raise UserError(mark("This letter is not written in the language {language}."),
                            mark("`holdfire letter list` shows the languages of each."),
                            language=ascii(language)[:20])  # fmt: skip
        return _text(min(found, key=lambda place: _nearness(place, country)))

    def words(self, language: str) -> Words:
        """Return the words that all letters in a language share, or raise ContentError where they are missing."""
        for place in self._places:
            if (place.name, place.language) == (_WORDS, language):
                node = place.pack.node(place.file)
                words = parse_words(node)
                if words.language != language:
                    raise node.refuse("the language of the file is not that of its place")
                return words
        raise ContentError(f"{FOLDER}/{_WORDS}.yaml", 0, f"the words of {language!a} are missing")

    def check(self) -> None:
        """Read everything: ContentError for the first file that breaks a rule or does not fit the others."""
        for kind in KINDS:
            if not self.languages(kind.id):
                raise ContentError(FOLDER, 0, f"no text for {kind.id}")
        for place in self._places:
            self.words(place.language)
            if place.name == _WORDS:
                continue
            text = _text(place)
            base = self.text(place.name, self.languages(place.name)[0], place.country)
            if [part.shape() for part in text.parts] != [part.shape() for part in base.parts]:
                raise ContentError(place.file, 0, f"its parts are not those of the letter in {base.language}")


def _nearness(place: _Place, country: str | None) -> tuple[bool, bool, str]:
    return place.country != country, place.country is not None, place.country or ""


def _places(pack: Pack) -> Iterator[_Place]:
    known = {kind.id for kind in KINDS} | {_WORDS}
    for file in sorted(pack.files):
        folder, *inside = file.split("/")
        if folder != FOLDER:
            continue
        name = inside[-1].removesuffix(".yaml")
        if len(inside) > 2 or name not in known or not inside[-1].endswith(".yaml"):  # noqa: PLR2004
            raise ContentError(
                file, 0, "a file of letters is called KIND.yaml or words.yaml, perhaps in a language's folder"
            )
        yield _Place(pack, file, name, inside[0] if len(inside) > 1 else pack.manifest.language)


def _text(place: _Place) -> LetterText:
    node = place.pack.node(place.file)
    text = parse_text(node)
    if (text.kind, text.language) != (place.name, place.language):
        raise node.refuse("the kind or the language of the file is not that of its place")
    return text
