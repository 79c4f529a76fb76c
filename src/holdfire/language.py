"""The language of pages and messages: gettext catalogues, whole sentences, stable ids.

`mark` marks a sentence for translation where it is written; `Language.say` translates it where it is
shown. The language never follows the system by itself: a language can mark a person
(writing rules §4), so only the person's own choice changes it.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass, field
from typing import Literal

#: Unicode's own code for a mirrored pseudo-language: English words, shown right to left.
PSEUDO = "qps-plocm"


def mark(sentence: str) -> str:
    """Return `sentence` unchanged; it is now in the catalogue."""
    return sentence


class _Mirrored(gettext.NullTranslations):
    """English between right-to-left marks and brackets, so that a missed sentence shows."""

    def gettext(self, message: str) -> str:
        return f"\u202e[{message}]\u202c" if message else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@dataclass(frozen=True)
class Language:
    """A language a person can choose: its code, its direction and its catalogue."""

    code: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations, compare=False)

    def say(self, sentence: str, **values: object) -> str:
        """Return `sentence` in this language with its `{name}` places filled."""
        said = self.catalogue.gettext(sentence)
        return said.format(**values) if values else said


ENGLISH = Language()
MIRRORED = Language(PSEUDO, "rtl", _Mirrored())
#: The languages that can be chosen; the mirrored one is for tests of the pages and never offered.
LANGUAGES = {language.code: language for language in (ENGLISH, MIRRORED)}
