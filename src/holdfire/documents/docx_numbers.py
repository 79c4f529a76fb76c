"""The styles of a Word document and the numbers it counts by itself: a clause without its number cannot be cited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from holdfire.documents.bounds import cleaned
from holdfire.documents.document import Line

WORD: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_LEVELS: Final = 9
#: Numbers above these say that something was counted up on purpose; they are not written out.
_MOST_LETTERED: Final = 26 * 20
_MOST_ROMAN: Final = 3999
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
    (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LETTERS: Final = {"Letter": "abcdefghijklmnopqrstuvwxyz", "russian": "абвгдежзиклмнопрстуфхцчшщэюя"}


def number(text: str, otherwise: int = 0) -> int:
    """Return a whole number of at most nine digits, or `otherwise`."""
    bare = text.removeprefix("-")
    return int(text) if bare.isascii() and bare.isdigit() and len(bare) <= 9 else otherwise  # noqa: PLR2004


def counted(value: int, form: str) -> str:
    """Return a number as Word writes it: `decimal`, `lowerLetter`, `upperRoman`, `russianLower` and the like."""
    if form in {"none", "bullet"}:
        return ""
    if form in {"lowerRoman", "upperRoman"} and 0 < value <= _MOST_ROMAN:
        text = ""
        for worth, sign in _ROMAN:
            text += sign * (value // worth)
            value %= worth
        return text.upper() if form == "upperRoman" else text
    alphabet = _LETTERS["russian"] if form.startswith("russian") else _LETTERS["Letter"]
    if form in {"lowerLetter", "upperLetter", "russianLower", "russianUpper"} and 0 < value <= _MOST_LETTERED:
        text = alphabet[(value - 1) % len(alphabet)] * ((value - 1) // len(alphabet) + 1)
        return text.upper() if "pper" in form else text
    return f"{value:02}" if form == "decimalZero" else str(value)


@dataclass
class Style:
    """What a paragraph style says, and the style it is based on."""

    name: str = ""
    based_on: str = ""
    outline: int | None = None
    list_id: str = ""
    level: int = 0


class Styles:
    """Takes `word/styles.xml`: which styles are headings, and which count."""

    def __init__(self) -> None:
        self.language: str | None = None
        self.title = ""
        self._styles: dict[str, Style] = {}
        self._here: Style | None = None
        self._defaults = False

    def start(self, name: str, attributes: dict[str, str], space: str) -> None:  # noqa: C901 -- one branch an element
        """Begin an element."""
        value = attributes.get("val", "")
        if space not in WORD:
            return
        if name == "style":
            self._here = Style()
            self._styles[attributes.get("styleId", "")] = self._here
        elif name == "rPrDefault":
            self._defaults = True
        elif name == "lang" and self._defaults and self._here is None:
            self.language = cleaned(value)[:35] or None
        elif self._here is not None:
            if name == "name":
                self._here.name = value.lower()
            elif name == "basedOn":
                self._here.based_on = value
            elif name == "outlineLvl":
                self._here.outline = number(value, _LEVELS)
            elif name == "numId":
                self._here.list_id = value
            elif name == "ilvl":
                self._here.level = number(value)

    def end(self, name: str, space: str) -> None:
        """End an element."""
        if space in WORD:
            if name == "style":
                self._here = None
            elif name == "rPrDefault":
                self._defaults = False

    def text(self, text: str) -> None:
        """Styles have no text."""

    def take(self) -> list[Line]:
        """Styles have no lines."""
        return []

    def _chain(self, style_id: str) -> list[Style]:
        """Return a style and those it is based on, the nearest first."""
        chain: list[Style] = []
        while style_id in self._styles and self._styles[style_id] not in chain and len(chain) < 20:  # noqa: PLR2004
            chain.append(self._styles[style_id])
            style_id = chain[-1].based_on
        return chain

    def is_heading(self, style_id: str) -> bool:
        """Say whether paragraphs of a style are headings or titles."""
        chain = self._chain(style_id)
        outline = next((style.outline for style in chain if style.outline is not None), _LEVELS)
        return outline < _LEVELS or any(
            style.name.startswith(("heading", "title", "subtitle")) for style in chain
        )

    def is_contents(self, style_id: str) -> bool:
        """Say whether paragraphs of a style are lines of a table of contents."""
        return any(style.name.startswith(("toc ", "table of figures")) for style in self._chain(style_id))

    def list_of(self, style_id: str) -> tuple[str, int]:
        """Return the list and level a style counts in; the list is "" for none."""
        style = next((style for style in self._chain(style_id) if style.list_id), None)
        return (style.list_id, style.level) if style is not None else ("", 0)


@dataclass
class _Level:
    form: str = "decimal"
    text: str = ""
    first: int = 1


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """Takes `word/numbering.xml`, and counts as Word does while paragraphs come."""

    def __init__(self) -> None:
        self._lists: dict[str, _List] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._started: set[tuple[str, int]] = set()
        self._list: _List | None = None
        self._level: _Level | None = None
        self._number = ""
        self._override = 0

    def start(self, name: str, attributes: dict[str, str], space: str) -> None:  # noqa: C901 -- one branch an element
        """Begin an element."""
        if space not in WORD:
            return
        value = attributes.get("val", "")
        if name == "abstractNum":
            self._list = self._lists.setdefault(attributes.get("abstractNumId", ""), _List())
        elif name == "lvl" and self._list is not None:
            self._level = self._list.levels.setdefault(_level(attributes.get("ilvl", "")), _Level())
        elif name == "num":
            self._number = attributes.get("numId", "")
        elif name == "abstractNumId" and self._number:
            self._abstract[self._number] = value
        elif name == "lvlOverride":
            self._override = _level(attributes.get("ilvl", ""))
        elif name == "startOverride" and self._number:
            self._starts[self._number, self._override] = number(value, 1)
        elif self._level is not None:
            if name == "numFmt":
                self._level.form = value
            elif name == "lvlText":
                self._level.text = value[:60]
            elif name == "start":
                self._level.first = number(value, 1)

    def end(self, name: str, space: str) -> None:
        """End an element."""
        if space in WORD:
            if name == "abstractNum":
                self._list = None
            elif name == "lvl":
                self._level = None
            elif name == "num":
                self._number = ""

    def text(self, text: str) -> None:
        """Numbering has no text."""

    def take(self) -> list[Line]:
        """Numbering has no lines."""
        return []

    def next(self, list_id: str, at: int) -> str:
        """Return the number Word shows before the next paragraph of a list; "" for a bullet or none."""
        counting = self._lists.get(self._abstract.get(list_id, ""))
        at = max(0, min(at, _LEVELS - 1))
        if counting is None or at not in counting.levels:
            return ""
        if (list_id, at) in self._starts and (list_id, at) not in self._started:
            self._started.add((list_id, at))
            counting.counts[at] = self._starts[list_id, at] - 1
        before = counting.counts[at]
        counting.counts[at] = (counting.levels[at].first - 1 if before is None else before) + 1
        counting.counts[at + 1 :] = [None] * (_LEVELS - 1 - at)
        text = counting.levels[at].text
        for place in range(_LEVELS):
            if f"%{place + 1}" in text:
                level = counting.levels.get(place, _Level())
                count = counting.counts[place]
                text = text.replace(
                    f"%{place + 1}", counted(level.first if count is None else count, level.form)
                )
        return "" if counting.levels[at].form == "bullet" else text


def _level(text: str) -> int:
    return max(0, min(number(text), _LEVELS - 1))
