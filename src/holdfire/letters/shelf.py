"""The texts of all letters there are, from every pack, by kind, language and country."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from holdfire.errors import ContentError, UserError
from holdfire.language import mark
from holdfire.letters.kinds import KINDS
from holdfire.letters.texts import LetterText, Words, parse_text, parse_words
from holdfire.pack.folder import Pack

FOLDER: Final = "letters"
_WORDS: Final = "words.yaml"


@dataclass(frozen=True)
class Shelf:
    """Every text, with the country of its pack (None is the international pack)."""

    texts: tuple[tuple[str | None, LetterText], ...]
    words: tuple[Words, ...]

    def languages(self, kind: str) -> tuple[str, ...]:
        """Return the languages a kind is written in, English first."""
        found = {text.language for _, text in self.texts if text.kind == kind}
        return tuple(sorted(found, key=lambda code: (code != "en", code)))

    def text(self, kind: str, language: str, country: str | None = None) -> LetterText:
        """Return the text of a kind in a language, a country's own form before the international one.

        Raises:
            UserError: There is none in this language.
        """
        found = [(of, text) for of, text in self.texts if (text.kind, text.language) == (kind, language)]
        found.sort(key=lambda one: (one[0] != country, one[0] is not None, one[0] or ""))
        if not found:
            raise UserError(mark("This letter is not written in the language {language}."),
                            mark("It is written in: {languages}."),
                            language=ascii(language)[:20], languages=", ".join(self.languages(kind)))  # fmt: skip
        return found[0][1]

    def words_in(self, language: str) -> Words:
        """Return the shared words of a language that some letter is written in."""
        return next(words for words in self.words if words.language == language)


def fill_shelf(packs: Sequence[Pack]) -> Shelf:
    """Return the letters of all packs, or raise ContentError naming what does not fit together."""
    texts: list[tuple[str | None, LetterText]] = []
    words: dict[str, Words] = {}
    for pack in packs:
        for file in _files(pack):
            node = pack.node(file)
            if file.endswith(f"/{_WORDS}"):
                found = parse_words(node)
                if found.language in words:
                    raise node.refuse("the words of this language stand in another pack already")
                words[found.language] = found
            else:
                text = parse_text(node)
                if file.rpartition("/")[2] != f"{text.kind}.yaml":
                    raise node.refuse("the file is called after its kind")
                texts.append((pack.manifest.country, text))
    for _, text in texts:
        if text.language not in words:
            raise ContentError(f"{FOLDER}/{_WORDS}", 0, f"the words of {text.language} are missing")
    missing = [kind.id for kind in KINDS if not any(text.kind == kind.id for _, text in texts)]
    if missing:
        raise ContentError(FOLDER, 0, f"no text for: {', '.join(missing)}")
    return Shelf(tuple(texts), tuple(words.values()))


def _files(pack: Pack) -> Iterable[str]:
    return (file for file in sorted(pack.files) if file.startswith(f"{FOLDER}/") and file.endswith(".yaml"))
