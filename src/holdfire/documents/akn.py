"""Akoma Ntoso: the form in which parliaments publish law for machines; its articles are marked as such."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from holdfire.documents.bounds import cleaned
from holdfire.documents.document import Document, Line, Note, Role
from holdfire.documents.markup import Words, parse, raised
from holdfire.documents.sayings import NO_TEXT, refuse

#: Elements whose number and heading begin a citable part; a section that holds articles is a heading.
_ARTICLES: Final = frozenset({"article", "section", "rule"})
_GROUPS: Final = frozenset({
    "book", "part", "title", "chapter", "division", "tome", "subpart", "subtitle", "subchapter", "subdivision", "subsectionGroup",
})  # fmt: skip
#: Elements whose number stands before their first words.
_BELOW: Final = frozenset({
    "paragraph", "subparagraph", "subsection", "point", "clause", "subclause", "alinea", "indent", "item", "list", "level",
    "hcontainer", "transitional", "proviso", "crossHeading", "subrule", "sublist",
})  # fmt: skip
_BLOCKS: Final = frozenset(
    {"p", "block", "longTitle", "listIntroduction", "listWrapUp", "tr", "li", "crossHeading"}
)
_QUOTED: Final = frozenset({"quotedStructure", "embeddedStructure"})
_SKIPPED: Final = frozenset({"toc", "componentRef", "img"})
#: Akoma Ntoso names languages by three letters, everything else here by two.
_LANGUAGES: Final = {
    "eng": "en", "rus": "ru", "bel": "be", "spa": "es", "ukr": "uk", "fra": "fr", "deu": "de", "pol": "pl", "ita": "it", "por": "pt",
    "ara": "ar", "fas": "fa", "zho": "zh", "kat": "ka", "hye": "hy", "tur": "tr",
}  # fmt: skip


_MOST_TITLE: Final = 1_000


def read_akn(stream: BinaryIO, step: Callable[[int], None]) -> Document:
    """Return an Akoma Ntoso text as a document; UserError when it has a DOCTYPE, is broken or empty.

    Its date is that of the version (FRBRExpression), or else of the work.
    """
    handler = _Akn()
    notes: list[Note] = []
    lines = parse(stream, "XML", handler, notes, step)
    # The metadata stands before the text: once there is a line, it is known.
    first = next(lines, None)
    if first is None:
        refuse(NO_TEXT)
    return Document(
        "akn",
        itertools.chain([first], lines),
        notes,
        title=handler.title,
        language=handler.language,
        dated=handler.dates.get("FRBRExpression") or handler.dates.get("FRBRWork"),
    )


@dataclass
class _Part:
    """A numbered part that began and whose number and heading are not yet given out."""

    kind: str
    number: str = ""
    heading: str = ""

    @property
    def words(self) -> str:
        return f"{self.number} {self.heading}".strip()


class _Akn:
    """Puts the elements of Akoma Ntoso together to lines."""

    def __init__(self) -> None:
        self.title = ""
        self.language: str | None = None
        self.dates: dict[str, date] = {}
        self._words = Words()
        self._lines: list[Line] = []
        self._open: list[str] = []
        self._part: _Part | None = None
        #: The number of a part below an article, waiting for its first words.
        self._number = ""
        self._inside = dict.fromkeys(
            ("meta", "tr", "authorialNote", "quoted", "skipped", "num", "heading", "sup"), 0
        )
        self._level = ""
        self._cells = 0
        #: The title as far as it came, while it comes.
        self._titled: str | None = None
        self._role: Role = "text"

    def start(self, name: str, attributes: dict[str, str], space: str) -> None:
        """Begin an element."""
        del space
        self._open.append(name)
        if self._inside["meta"]:
            self._about(name, attributes)
        self._count(name, 1)
        if self._inside["authorialNote"]:
            if name == "authorialNote":
                self._words.add(" [")
        elif name in _ARTICLES or name in _GROUPS or name in _BELOW:
            self._line()
            self._give_part("heading" if name == "article" else None)
            self._part = _Part(name)
        elif name in {"num", "heading"}:
            self._line()
        elif name in _BLOCKS and not (self._inside["tr"] and name != "tr"):
            self._line()
            self._give_part()
        elif name in {"td", "th"}:
            self._words.add(" | " if self._cells else "")
            self._cells += 1
        elif name == "docTitle":
            self._titled = ""
        elif name in {"br", "eol"}:
            self._words.add(" ")

    def end(self, name: str, space: str) -> None:
        """End an element."""
        del space
        self._open.pop()
        if self._inside["authorialNote"]:
            if name == "authorialNote":
                self._words.add("]")
            elif name in _BLOCKS:
                self._words.add(" ")
        elif name in {"num", "heading"} and self._part is not None and not self._inside["tr"]:
            words = cleaned(self._words.take())
            if name == "num":
                self._part.number = f"{self._part.number} {words}".strip()
            else:
                self._part.heading = f"{self._part.heading} {words}".strip()
        elif name == "docTitle":
            self.title = cleaned(self._titled or "")[:300] or self.title
            self._titled = None
            self._role = "heading"
        elif name in _ARTICLES or name in _GROUPS or name in _BELOW:
            self._line()
            self._give_part()
        elif name in _BLOCKS:
            if self._inside["tr"] and name != "tr":
                self._words.add(" ")
            else:
                self._line()
                self._cells = 0
        self._count(name, -1)

    def text(self, text: str) -> None:
        """Take the characters of a line."""
        if self._inside["meta"] or self._inside["skipped"]:
            return
        if self._part is not None and text.strip() and not (self._inside["num"] or self._inside["heading"]):
            self._give_part()
        if self._titled is not None and len(self._titled) < _MOST_TITLE:
            self._titled += text
        self._words.add(raised(text, self._words.last()) if self._inside["sup"] else text)

    def take(self) -> list[Line]:
        """Return the lines that are complete."""
        lines, self._lines = self._lines, []
        return lines

    def _count(self, name: str, by: int) -> None:
        if name in self._inside:
            self._inside[name] += by
        elif name in _QUOTED:
            self._inside["quoted"] += by
        elif name in _SKIPPED:
            self._inside["skipped"] += by

    def _about(self, name: str, attributes: dict[str, str]) -> None:
        """Take what the metadata says."""
        if name in {"FRBRWork", "FRBRExpression", "FRBRManifestation"}:
            self._level = name
        elif name == "FRBRdate" and self._level:
            try:
                self.dates.setdefault(self._level, date.fromisoformat(attributes.get("date", "")[:10]))
            except ValueError:
                return
        elif name == "FRBRlanguage":
            said = cleaned(attributes.get("language", ""))[:35]
            self.language = _LANGUAGES.get(said, said) or None
        elif name in {"FRBRalias", "FRBRname"} and not self.title:
            self.title = cleaned(attributes.get("value", ""))[:300]

    def _line(self) -> None:
        """Give out the words so far as a line."""
        words = cleaned(self._words.take())
        if words:
            words = words.replace("[ ", "[").replace(" ]", "]")
            self._give(f"{self._number} {words}".strip(), self._role)
            self._number, self._role = "", "text"

    def _give_part(self, role: Role | None = None) -> None:
        """Give out the number and heading of the part that began; those of a small part wait for its words."""
        part, self._part = self._part, None
        if part is None or not part.words:
            return
        if part.kind in _BELOW:
            self._number = f"{self._number} {part.number}".strip()
            if part.heading:
                self._give(f"{self._number} {part.heading}".strip(), "text")
                self._number = ""
            return
        if self._inside["quoted"]:
            role = "text"
        elif part.kind in _GROUPS:
            role = "heading"
        elif role is None or part.kind == "article":
            role = "article"
        self._give(part.words, role)

    def _give(self, words: str, role: Role) -> None:
        if words:
            self._lines.append(Line(words, None, role))
