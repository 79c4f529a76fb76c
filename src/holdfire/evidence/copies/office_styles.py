"""Which named styles of an office file hide their words: only the names are taken, and what each stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from holdfire.evidence.copies.refusals import CopyRefusedError, damaged
from holdfire.evidence.copies.sayings import ENTITIES

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_STYLE: Final = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_FO: Final = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0 "
_DEPTH: Final = 300
#: Points; nobody reads smaller ones, so they are for hiding.
_TINY: Final = 2.0
_POINTS: Final = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0, "px": 0.75}
_SIZE: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(pt|in|cm|mm|pc|px)")
_DEFAULTS: Final = ("paragraph", "\0")  # of DOCX, below every style; no style can have this name
_OFF: Final = frozenset(("0", "false", "off"))


@dataclass
class _Style:
    """One style, or the defaults: what it says itself (nothing: as what it stands on), and its parents."""

    hides: bool | None = None
    tiny: bool | None = None
    parents: list[tuple[str, str]] = field(default_factory=list)


#: A style's family (paragraph, character, text, table …) and its name; an empty name is what holds by itself.
Key = tuple[str, str]


@dataclass(frozen=True)
class HiddenStyles:
    """Styles that hide their words, styles that make them too small to be read, and all that there are."""

    hides: frozenset[Key] = frozenset()
    tiny: frozenset[Key] = frozenset()
    known: frozenset[Key] = frozenset()


def hidden_styles(parts: Iterable[bytes]) -> HiddenStyles:
    """Return every style whose words are not shown, by itself or by one that it stands on.

    A condition counts as met, and a table style of DOCX as hiding when any of its rules does.

    Raises:
        CopyRefusedError: A part is no XML, declares entities, or nests without end.
    """
    reader = _Styles()
    for untrusted in parts:
        reader.depth, reader.open = 0, None
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = _refuse_declarations
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        try:
            parser.Parse(untrusted, True)  # noqa: FBT003 - expat takes "the last piece" by place
        except expat.ExpatError:
            raise damaged() from None
    return HiddenStyles(
        _settled({key: (style.hides, style.parents) for key, style in reader.styles.items()}),
        _settled({key: (style.tiny, style.parents) for key, style in reader.styles.items()}),
        frozenset(reader.styles),
    )


def says_hidden(name: str, attributes: dict[str, str]) -> bool | None:
    """Return whether a property hides words, or nothing where it does not speak of that."""
    if name in {W + "vanish", W + "webHidden", W + "specVanish"}:
        return attributes.get(W + "val", "true") not in _OFF
    if name == _STYLE + "text-properties" and TEXT + "display" in attributes:
        return attributes[TEXT + "display"] != "true"
    if name == _STYLE + "table-properties" and TABLE + "display" in attributes:
        return attributes[TABLE + "display"] != "true"
    return None


def says_tiny(name: str, attributes: dict[str, str]) -> bool | None:
    """Return whether a property makes words too small to be read, or nothing where it names no size."""
    if name == W + "sz":
        size = attributes.get(W + "val", "")
        return int(size[:6]) / 2 <= _TINY if size.isascii() and size.isdigit() else None
    found = _SIZE.fullmatch(attributes.get(_FO + "font-size", "")) if name.startswith(_STYLE) else None
    return float(found[1]) * _POINTS[found[2]] <= _TINY if found else None


def _refuse_declarations(*_: object) -> None:
    raise CopyRefusedError(ENTITIES)


class _Styles:
    """What was read of the parts so far."""

    def __init__(self) -> None:
        self.styles: dict[Key, _Style] = {}
        self.open: _Style | None = None
        self.family = ""
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise damaged()
        if name == W + "style":
            self._open(attributes.get(W + "type", "paragraph"), attributes.get(W + "styleId", ""))
            if attributes.get(W + "default", "false") not in _OFF:
                self._style(self.family, "").parents.append((self.family, attributes.get(W + "styleId", "")))
        elif name == W + "docDefaults":
            self._open(*_DEFAULTS)
        elif name == _STYLE + "style":
            self._open(attributes.get(_STYLE + "family", ""), attributes.get(_STYLE + "name", ""))
            if self.open is not None:
                parent = attributes.get(_STYLE + "parent-style-name", "")
                self.open.parents.append((self.family, parent))
        elif name == _STYLE + "default-style":
            self._open(attributes.get(_STYLE + "family", ""), "")
        elif self.open is not None:
            self._property(name, attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        if name in {W + "style", W + "docDefaults", _STYLE + "style", _STYLE + "default-style"}:
            self.open = None

    def _open(self, family: str, name: str) -> None:
        self.family = family
        self.open = self._style(family, name)

    def _style(self, family: str, name: str) -> _Style:
        return self.styles.setdefault((family, name), _Style())

    def _stand_on(self, name: str) -> None:
        if self.open is not None and name:
            self.open.parents.append((self.family, name))

    def _property(self, name: str, attributes: dict[str, str]) -> None:
        style = self.open
        if style is None:
            return
        if name == W + "basedOn":
            self._stand_on(attributes.get(W + "val", ""))
        elif name == _STYLE + "map":  # holds under a condition, which we do not judge
            self._stand_on(attributes.get(_STYLE + "apply-style-name", ""))
        if (hides := says_hidden(name, attributes)) is not None:
            style.hides = hides or (style.hides is True)
        if (tiny := says_tiny(name, attributes)) is not None:
            style.tiny = tiny or (style.tiny is True)


def _settled(styles: dict[Key, tuple[bool | None, list[Key]]]) -> frozenset[Key]:
    """Return which styles say so, once what they stand on is asked; a ring of styles ends where it began."""
    heirs: dict[Key, list[Key]] = {}
    waiting = [key for key, (says, _) in styles.items() if says]
    everywhere = bool(styles.get(_DEFAULTS, (None, []))[0])
    if everywhere:
        waiting += [("paragraph", ""), *(key for key, (says, _) in styles.items() if says is None)]
    for key, (_, parents) in styles.items():
        for parent in parents:
            heirs.setdefault(parent, []).append(key)
    reached = set[Key]()
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += [heir for heir in heirs.get(key, ()) if styles[heir][0] is None]
    return frozenset(reached)
